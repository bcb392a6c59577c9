"""A backup as one file: a tar that holds nothing but its manifest, the members it names, and their sums.

Every byte of it follows from the manifest: headers and padding are compared with what we would write. So nothing of a
foreign archive is interpreted: no links, no paths, no second copy of a member, nothing behind the end.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from store import files, snapshots
from store.canon import canonical, digest, load
from store.errors import DamagedError, MalformedError, MissingError, NewerError, StoreError
from store.heads import typed_head
from store.log import FOLDER, Head
from store.replay import Replay, replay, same
from store.snapshots import FORMAT
from store.spoken import spoken
from store.vault import CAP as MOST_VAULT
from store.vault import NAME as VAULT

KIND, VERSION = "workbench-backup", 1
MANIFEST, SUMS = "MANIFEST", "SHA256SUMS"
BLOCK = 512
END = bytes(2 * BLOCK)
MOST_MANIFEST, MOST_MEMBERS = 8 << 20, 20_000
MOST_SEGMENT, MOST_TOTAL = 1 << 30, 64 << 30
LOG_MEMBER = re.compile(FOLDER + r"/(\d{4}-\d\d-\d\dT\d{4}\.jsonl)")
SNAPSHOT_MEMBER = re.compile(r"([a-z][a-z0-9_-]{0,60})\.json")
NAMED = re.compile(r"-(\d{1,16})-([0-9a-f]{12})\.backup")
_SHA = re.compile(r"[0-9a-f]{64}")
_TODO = "Do not restore from this file; use another backup."


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the folder inside a backup."""

    name: str
    sha256: str
    size: int


class HeadRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The newest entry that a backup holds."""

    hash: str
    seq: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself."""

    folder_format: int
    head: HeadRecord
    kind: str
    made: str
    members: tuple[Member, ...]
    version: int

    def raw(self) -> bytes:
        """Its canonical bytes, as they stand in the file."""
        return canonical(msgspec.to_builtins(self)) + b"\n"

    def sums(self) -> bytes:
        """The lines of `SHA256SUMS`, as `sha256sum --check` reads them."""
        rows = [(digest(self.raw()), MANIFEST), *((m.sha256, m.name) for m in self.members)]
        return "".join(f"{sha}  {name}\n" for sha, name in rows).encode()


class Backup(NamedTuple):
    """A backup that was read to its last byte and proven: its file, its manifest, the state that its log adds up to."""

    path: Path
    manifest: Manifest
    places: dict[str, int]
    state: Replay

    @property
    def head(self) -> Head:
        """The newest entry in it."""
        return self.state.head

    def content(self, member: Member) -> bytes:
        """The bytes of a member, compared with its digest once more."""
        return _content(self.path, member, self.places[member.name])


# writing ----------------------------------------------------------------------------------------------------


def header(name: str, size: int) -> bytes:
    """The tar header of a plain private file; the same for the same name and size."""
    head = b"%-b%b%b%b%b%b" % (
        name.encode().ljust(100, b"\0"),
        b"0000600\0" + b"0000000\0" * 2,
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        b"0".ljust(101, b"\0") + b"ustar\x0000",
    )
    head = head.ljust(BLOCK, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def padding(size: int) -> bytes:
    """The zeros that fill a member's last block."""
    return bytes(-size % BLOCK)


def entry(name: str, raw: bytes) -> bytes:
    """A whole small member."""
    return header(name, len(raw)) + raw + padding(len(raw))


def places(manifest: Manifest) -> tuple[dict[str, int], int]:
    """Where the content of each member begins, and the size of the whole file."""
    found: dict[str, int] = {}
    at = 0
    sizes = [(MANIFEST, len(manifest.raw())), *((m.name, m.size) for m in manifest.members)]
    for name, size in [*sizes, (SUMS, len(manifest.sums()))]:
        found[name] = at + BLOCK
        at += BLOCK + size + -size % BLOCK
    return found, at + len(END)


# reading ----------------------------------------------------------------------------------------------------


@spoken()
def read(path: Path, head: str | None = None) -> Backup:
    """A backup, proven: every byte of the file, every digest, the log's chain, the snapshots against the log.

    Args:
        path: the file.
        head: a hash (or its beginning, at least 12 digits) noted elsewhere, which must be the backup's own.

    Raises:
        DamagedError: it is not as it was written, or no backup of ours; the member is named.
        NewerError: a newer program made it.
        MissingError: there is no such file.
        UnsafeError: a link, FIFO or folder stands there.
        WriteError: the system does not let it be read.
    """
    if files.kind(path) == "nothing":
        raise MissingError("there is no such file", str(path), todo="Look at its name and folder.")
    try:
        manifest = _manifest(path)
        found, size = places(manifest)
        _check_outside(path, manifest, found, size)
        for member in manifest.members:
            _frame(path, member.name, member.size, found[member.name])
        state = replay(_segments(path, manifest, found), manifest.folder_format)
        _check_inside(path, manifest, found, state)
        _check_head(path, state.head, head)
    except DamagedError as error:
        raise _bad(path, error.file, error.reason, error.line) from None
    except MalformedError as error:
        raise _bad(path, MANIFEST, error.what) from None
    return Backup(path, manifest, found, state)


def _bad(path: Path, member: str, reason: str, line: int = 0) -> DamagedError:
    return DamagedError(f"{path.name}, {member}", line, reason, _TODO)


def _manifest(path: Path) -> Manifest:
    top = files.read_range(path, 0, BLOCK)
    digits = top[124:135]
    size = int(digits, 8) if re.fullmatch(rb"[0-7]{11}", digits) else -1
    if not 0 < size <= MOST_MANIFEST or top != header(MANIFEST, size):
        raise DamagedError(MANIFEST, 0, "this is no backup of the workbench, or its beginning was altered")
    raw = files.read_range(path, BLOCK, BLOCK + size)
    if len(raw) < size:
        raise DamagedError(MANIFEST, 0, "the file ends inside it")
    value = load(raw, MOST_MANIFEST)
    number = value.get("version") if isinstance(value, dict) and value.get("kind") == KIND else None
    if type(number) is int and number > VERSION:
        raise NewerError(str(path), number, VERSION, "this backup")
    try:
        manifest = msgspec.convert(value, Manifest)
    except msgspec.ValidationError as error:
        raise DamagedError(MANIFEST, 0, str(error)) from None
    if manifest.raw() != raw:
        raise DamagedError(MANIFEST, 0, "it is not canonical JSON")
    _check_manifest(path, manifest)
    return manifest


def _check_manifest(path: Path, manifest: Manifest) -> None:
    if manifest.kind != KIND or manifest.version != VERSION:
        raise DamagedError(MANIFEST, 0, "it is not the manifest of a backup")
    if manifest.folder_format > FORMAT:
        raise NewerError(str(path), manifest.folder_format, FORMAT, "the folder in this backup")
    if len(manifest.members) > MOST_MEMBERS:
        raise DamagedError(MANIFEST, 0, f"it names more than {MOST_MEMBERS} members")
    names = [member.name for member in manifest.members]
    if names != ordered(names) or len(set(names)) != len(names):
        raise DamagedError(MANIFEST, 0, "its members are not in order, or one stands twice")
    for member in manifest.members:
        if not 0 <= member.size <= _most(member.name) or not _SHA.fullmatch(member.sha256):
            raise DamagedError(MANIFEST, 0, f"the member {member.name[:80]!r} cannot be one of a data folder")
    if sum(member.size for member in manifest.members) > MOST_TOTAL:
        raise DamagedError(MANIFEST, 0, f"its members add up to more than {MOST_TOTAL} bytes")


def _most(name: str) -> int:
    """Most bytes of a member; -1 for a name that none has."""
    if name == VAULT:
        return MOST_VAULT
    if LOG_MEMBER.fullmatch(name):
        return MOST_SEGMENT
    return snapshots.CAP if SNAPSHOT_MEMBER.fullmatch(name) else -1


def ordered(names: list[str]) -> list[str]:
    """Members in the order of a backup: the log, the vault, the snapshots, that of the index last."""
    last = f"{snapshots.INDEX}.json"
    return sorted(names, key=lambda one: (not one.startswith(FOLDER + "/"), one != VAULT, one == last, one))


def _check_outside(path: Path, manifest: Manifest, found: dict[str, int], size: int) -> None:
    """The length, the sums and the end: what the manifest says of the file as a whole."""
    seen = files.stamp(path)
    if seen is None or seen.size != size:
        reason = (
            f"the file has {seen.size if seen else 0} bytes, it should have {size}: cut short, or altered"
        )
        raise DamagedError(MANIFEST, 0, reason)
    wanted = manifest.sums()
    _frame(path, MANIFEST, len(manifest.raw()), found[MANIFEST])
    _frame(path, SUMS, len(wanted), found[SUMS])
    sums = files.read_range(path, found[SUMS], found[SUMS] + len(wanted))
    if sums.split(b"\n")[0] != wanted.split(b"\n")[0]:
        raise DamagedError(f"{MANIFEST} or {SUMS}", 0, "the manifest does not have its digest")
    if sums != wanted:
        raise DamagedError(SUMS, 0, "it does not say what the manifest says")
    if files.read_range(path, size - len(END), size) != END:
        raise DamagedError("end of the file", 0, "there is something behind the last member")


def _frame(path: Path, name: str, size: int, at: int) -> None:
    """A member's header and padding, which follow from its name and size."""
    end = at + size
    if files.read_range(path, at - BLOCK, at) != header(name, size):
        raise DamagedError(name, 0, "its header was altered")
    if files.read_range(path, end, end + len(padding(size))) != padding(size):
        raise DamagedError(name, 0, "the zeros behind it were altered")


def _content(path: Path, member: Member, at: int) -> bytes:
    raw = files.read_range(path, at, at + member.size)
    if digest(raw) != member.sha256:
        raise DamagedError(member.name, 0, "it does not have its digest")
    return raw


def _segments(path: Path, manifest: Manifest, found: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    for member in manifest.members:
        named = LOG_MEMBER.fullmatch(member.name)
        if named:
            yield named[1], _content(path, member, found[member.name])


def _check_inside(path: Path, manifest: Manifest, found: dict[str, int], state: Replay) -> None:
    """What is no log: each has its digest, and the snapshots hold what the log adds up to."""
    if state.head != (manifest.head.seq, manifest.head.hash) or state.format != manifest.folder_format:
        raise DamagedError(MANIFEST, 0, "it names another head or format than the log has")
    kept = {}
    for member in manifest.members:
        if LOG_MEMBER.fullmatch(member.name):
            continue
        raw = _content(path, member, found[member.name])
        if member.name != VAULT:
            file = member.name.removesuffix(".json")
            one = snapshots.parse(raw, member.name)
            if (one.meta.seq, one.meta.hash) != state.head:
                raise DamagedError(member.name, 1, "it stands at another entry than the log ends with")
            kept[file] = one.tables
    differs = same(kept, state.files)
    if differs:
        file, _, table = differs.partition("/")
        raise DamagedError(f"{file}.json", 0, f"the table {table} is not what the log adds up to")


def _check_head(path: Path, found: Head, wanted: str | None) -> None:
    """The head that was noted elsewhere, and the one in the file's name."""
    if wanted is not None:
        text = typed_head(wanted, path.name)
        if not found.hash.startswith(text):
            raise StoreError(
                f"its head is {found.hash}, not {text}",
                path.name,
                todo="Compare the head with what was noted; if it was noted right, this is another backup.",
            )
    named = NAMED.search(path.name)
    if named and (int(named[1]) != found.seq or not found.hash.startswith(named[2])):
        reason = f"the name says entry {named[1]} {named[2]}, the log ends with {found.seq} {found.hash[:12]}"
        raise DamagedError("name of the file", 0, reason)
