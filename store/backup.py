"""Making a backup of a folder that others may be writing to: one file, proven before it gets its name."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from store import archive, files
from store.archive import MANIFEST, SUMS, HeadRecord, Manifest, Member
from store.canon import digest
from store.drafts import FOLDER as DRAFTS
from store.errors import DamagedError, MissingError, StoreError, UnsafeError
from store.folder import Store
from store.lock import NAME
from store.log import FOLDER, NAMED, Head
from store.replay import Replay
from store.snapshots import file_names
from store.spoken import spoken
from store.texts import FOLDER as TEXTS
from store.texts import UNLOGGED
from store.vault import CAP as MOST_VAULT
from store.vault import NAME as VAULT

END = ".backup"
TRIES = 3
_CHUNK = 8 << 20
_AGAIN = "the log was written anew while it was copied"


class Made(Struct, frozen=True):
    """A backup that was made: where, up to which entry, how much of it, and what of the folder is no part of it."""

    path: Path
    head: Head
    members: int
    bytes: int
    left_out: tuple[str, ...]
    private: bool
    """Whether only its owner may read it; some sticks know no modes."""


class _Still(NamedTuple):
    """A folder at one entry: the bytes of each segment up to it, the files behind them, the vault."""

    head: Head
    sizes: dict[str, int]
    inodes: dict[str, int]
    vault: bytes | None


@spoken()
def backup(store: Store, target: Path, stem: str, at: str) -> Made:
    """Write everything in a folder that matters into one file, and read it back.

    The lock is held only while the newest entry and the lengths are noted: what stands in the log up to there never
    changes. The snapshots are made from the log itself.

    Args:
        store: the open folder.
        target: the file; or a folder in which one is made whose name carries `stem`, the time and the head.
        stem: what the name begins with; letters, digits and dashes.
        at: when it is made, ISO 8601 with offset.

    Raises:
        StoreError: the file exists, lies in the data folder, or is in no folder.
        DamagedError: the log is not whole, or what was read back is not what was written.
        WriteError: the disk refused; nothing of the file is left then.
    """
    _refuse_damaged(store)
    if store.state.erasing and not store.readonly:
        store.finish_erasing()  # or the records that were erased would live on in the backup
    still, state, members = _collected(store)
    path = _path(store.path, files.absolute(target), stem, at, still.head)
    made = {f"{file}.json": raw for file, raw in state.snapshots().items()}
    if still.vault is not None:
        made[VAULT] = still.vault
    members |= {name: Member(name, digest(raw), len(raw)) for name, raw in made.items()}
    manifest = Manifest(
        folder_format=store.format,
        head=HeadRecord(still.head.hash, still.head.seq),
        kind=archive.KIND,
        made=at,
        members=tuple(members[name] for name in archive.ordered([*members])),
        version=archive.VERSION,
    )
    _write(path, manifest, _chunks(store.path, manifest, made))
    return Made(
        path=path,
        head=still.head,
        members=len(manifest.members),
        bytes=archive.places(manifest)[1],
        left_out=tuple(_left_out(store.path)),
        private=not files.is_loose(path),
    )


def _refuse_damaged(store: Store) -> None:
    store.refresh()
    if store.damage is not None:
        todo = "Copy the folder as it is (`cp -a`), then run `workbench check` and do what it says."
        raise DamagedError(store.damage.file, store.damage.line, store.damage.reason, todo)


def _collected(store: Store) -> tuple[_Still, Replay, dict[str, Member]]:
    """The folder at its newest entry, read and proven; once more if what lies before it was erased meanwhile."""
    for left in reversed(range(TRIES)):
        still = _still(store)
        try:
            return still, *_proven(store, still)
        except (StoreError, OSError):
            if not left or _inodes(store.path, still.sizes) == still.inodes:
                raise
    raise StoreError(_AGAIN, str(store.path), todo="Try again.")


def _still(store: Store) -> _Still:
    with store.still("backup"):
        place = store.state.place
        sizes = {
            name: size
            for name, size in store.state.log.sizes().items()
            if NAMED.fullmatch(name) and name <= place.segment
        }
        if place.segment:
            sizes[place.segment] = place.end  # what stands behind it was never acknowledged
        vault = store.path / VAULT
        raw = files.read_capped(vault, MOST_VAULT) if files.kind(vault) != "nothing" else None
        return _Still(store.head, sizes, _inodes(store.path, sizes), raw)


def _inodes(root: Path, sizes: dict[str, int]) -> dict[str, int]:
    found = {name: files.stamp(root / FOLDER / name) for name in sizes}
    return {name: seen.inode for name, seen in found.items() if seen is not None}


def _proven(store: Store, still: _Still) -> tuple[Replay, dict[str, Member]]:
    root, state, members = store.path, Replay(store.format), {}
    for name, size in sorted(still.sizes.items()):
        raw = files.read_range(root / FOLDER / name, 0, size)
        state.segment(name, raw)
        members[f"{FOLDER}/{name}"] = Member(f"{FOLDER}/{name}", digest(raw), len(raw))
    if state.head != still.head:
        raise StoreError(_AGAIN, str(root), todo="Try again.")
    return state, members


def _path(root: Path, target: Path, stem: str, at: str, head: Head) -> Path:
    """The file to write; a folder gets a file whose name carries the head."""
    kind = files.kind(target)
    if kind == "folder":
        when = at[:16].replace("-", "").replace(":", "")
        target = target / f"{stem}-{when}-{head.seq}-{head.hash[:12]}{END}"
        kind = files.kind(target)
    if kind == "file":
        raise StoreError("it exists already", str(target), todo="Choose another name.")
    if kind != "nothing":
        raise UnsafeError("a link or pipe stands where the backup should be", str(target))
    if files.kind(target.parent) == "nothing":
        raise MissingError("there is no such folder", str(target.parent), todo="Make it, or name another.")
    if files.is_within(target.parent, root):
        raise StoreError(
            "a backup inside the data folder is lost with it",
            str(target),
            todo="Name a folder on another disk.",
        )
    return target


def _write(path: Path, manifest: Manifest, chunks: Iterator[bytes]) -> None:
    def prove(temp: Path) -> None:
        if archive.read(temp).manifest != manifest:
            raise DamagedError(
                path.name, 0, "what was read back is not what was written", "Use another disk."
            )

    try:
        files.atomic_write(path, chunks, overwrite=False, prove=prove)
    except FileExistsError:
        raise StoreError("it exists already", str(path), todo="Choose another name.") from None


def _chunks(root: Path, manifest: Manifest, made: dict[str, bytes]) -> Iterator[bytes]:
    """The bytes of the file, at most some MiB at a time."""
    yield archive.entry(MANIFEST, manifest.raw())
    for member in manifest.members:
        yield archive.header(member.name, member.size)
        raw = made.get(member.name)
        if raw is None:
            raw = files.read_range(root / member.name, 0, member.size)
            if digest(raw) != member.sha256:
                raise StoreError(_AGAIN, member.name, "No backup was made.", "Try again.")
        for begin in range(0, len(raw), _CHUNK):
            yield raw[begin : begin + _CHUNK]
        yield archive.padding(member.size)
    yield archive.entry(SUMS, manifest.sums()) + archive.END


def _left_out(root: Path) -> Iterator[str]:
    """Files in the folder that are none of ours, and so are in no backup."""
    ours = {NAME, FOLDER, VAULT, TEXTS, DRAFTS, *(f"{file}.json" for file in file_names(root))}
    yield from (name for name in files.names(root) if name not in ours and not name.endswith(files.TEMP_END))
    yield from (f"{TEXTS}/{name}" for name in files.names(root / TEXTS) if name in UNLOGGED)
    yield from (f"{FOLDER}/{name}" for name in files.names(root / FOLDER) if not NAMED.fullmatch(name))
