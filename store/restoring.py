"""Putting a folder back from a backup: beside its place, then into it by a rename. Nothing is ever merged."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from store import files, snapshots
from store.archive import Backup
from store.errors import DamagedError, ForeignError, LockedError, StoreError, UnsafeError, WriteError
from store.folder import Store
from store.lock import NAME, Lock
from store.log import FOLDER, Head
from store.opening import refuse_network, unfinished
from store.spoken import spoken
from store.texts import FOLDER as TEXTS

RESTORED = "backup.restored"
NOTHING, UNREADABLE = "none", "unreadable"
"""What stands in the entry in place of the head of a folder that was not there, or could not be read."""
ASIDE = ".replaced-"
"""What follows a folder's name in that under which it is kept when it was replaced."""


class Restored(Struct, frozen=True):
    """What a restore did: the folder, its head now, and what became of the one that stood there."""

    path: Path
    head: Head
    aside: Path | None
    """Where the folder that was replaced is kept."""
    replaced: str
    """The head of the folder that was replaced, `none` or `unreadable`."""


class Work:
    """A restore at work: `temp` holds the whole folder. `replacing` names what it will stand in the place of."""

    def __init__(self, backup: Backup, target: Path) -> None:
        self.backup, self.target, self.temp = backup, target, unfinished(target)
        self.resumed = None if _is_full(target) else _noted(self.temp, backup)
        """What the entry of a restore that was cut off after it was written names as replaced; else None."""
        self.finished = False

    @property
    def replaces(self) -> bool:
        """Whether something stands in the place of the folder."""
        return _is_full(self.target)

    @contextmanager
    def replacing(self) -> Iterator[str]:
        """Hold the folder that is to be replaced; gives its head, `none` or `unreadable`.

        Raises:
            LockedError: somebody holds it.
        """
        if not _is_full(self.target):
            yield NOTHING
            return
        with ExitStack() as stack:
            # a folder that is damaged that far cannot be written to by others either
            with suppress(UnsafeError, WriteError):
                stack.enter_context(Lock(self.target / NAME).held("restore"))
            yield _head_of(self.target)

    def put_in_place(self, stamp: str, replaced: str) -> Restored:
        """Move the old folder aside, the new one to its name. Called while `replacing` is open.

        Args:
            stamp: the time, for the name under which the old folder is kept.
            replaced: what `replacing` gave.
        """
        aside = None
        if _is_full(self.target):
            aside = self.target.with_name(f"{self.target.name}{ASIDE}{stamp}-{replaced[:12]}")
            if files.kind(aside) != "nothing":
                raise ForeignError("something is there already", str(aside), todo="Move it, then try again.")
        try:
            if aside is not None:
                files.rename_folder(self.target, aside)
            return self._placed(aside, replaced)
        except OSError:
            if aside is not None and not self.finished:
                with suppress(OSError):
                    files.rename_folder(aside, self.target)
            raise

    def go_on(self) -> Restored:
        """Give its name to a folder that was whole, and noted, when the restore was cut off."""
        replaced = self.resumed or NOTHING
        beside = files.names(self.target.parent)
        begin, end = f"{self.target.name}{ASIDE}", f"-{replaced[:12]}"
        aside = next((name for name in beside if name.startswith(begin) and name.endswith(end)), None)
        return self._placed(self.target.with_name(aside) if aside else None, replaced)

    def _placed(self, aside: Path | None, replaced: str) -> Restored:
        files.rename_folder(self.temp, self.target)
        self.finished = True
        store = Store.open(self.target, readonly=True)
        try:
            return Restored(self.target, store.head, aside, replaced)
        finally:
            store.close()


@contextmanager
def restoring(backup: Backup, target: Path, replace: bool) -> Iterator[Work]:
    """Unpack a proven backup beside its place; what was unpacked is gone at the end if it was not put in place.

    Args:
        backup: as `archive.read` gave it.
        target: absent or an empty folder; with `replace`, a data folder, which is moved aside whole.
        replace: whether there may be one.

    Raises:
        ForeignError: something is there, or is no data folder.
        LockedError: another restore is at work there.
        WriteError: it cannot be written.
    """
    with spoken():
        target = files.absolute(target)
        refuse_target(target, replace)
        files.make_parents(target)
        refuse_network(target.parent)
        with files.folder_held(target.parent) as alone:
            if not alone:
                raise LockedError(str(target.parent), "another restore", 0)
            work = Work(backup, target)
            try:
                if work.resumed is None:
                    clear(work.temp)
                    _unpack(backup, work.temp)
                yield work
            finally:
                if not work.finished and work.resumed is None:
                    with suppress(StoreError, OSError):
                        clear(work.temp)


def refuse_target(target: Path, replace: bool) -> None:
    """Raise ForeignError or UnsafeError if a backup may not be restored there."""
    kind = files.kind(target)
    if kind not in ("nothing", "folder"):
        raise UnsafeError(f"a {kind} stands where the folder should be", str(target), todo="Name a folder.")
    if not _is_full(target):
        return
    if not replace:
        raise ForeignError(
            "there is something in this folder, and a restore never merges",
            str(target),
            todo="Name a new folder with --data; or say --replace: the folder there is then kept under another name.",
        )
    if FOLDER not in files.names(target) and f"{snapshots.INDEX}.json" not in files.names(target):
        raise ForeignError(
            "this is no workbench folder, so it is not replaced",
            str(target),
            todo="Look at the path given; move the folder away by hand if it is the right one.",
        )


def _noted(temp: Path, backup: Backup) -> str | None:
    """The `why` of the entry that ends a complete restore of this backup in `temp`; None if it is not one."""
    try:
        store = Store.open(temp, readonly=True)
    except (StoreError, OSError):
        return None
    try:
        newest = next(store.entries(newest_first=True), None)
        if newest is None or newest["act"] != RESTORED or newest["subject"] != backup.head.hash:
            return None
        whole = store.head.seq == backup.head.seq + 1 and store.state.base.seq == store.head.seq
        if not whole or any(one.level == "fault" for one in store.check()):
            return None
        return str(newest["why"])
    finally:
        store.close()


def _is_full(target: Path) -> bool:
    return files.kind(target) == "folder" and bool(files.names(target))


def _head_of(folder: Path) -> str:
    """The newest hash that the log of a folder can be followed to."""
    try:
        store = Store.open(folder, readonly=True)
    except (StoreError, OSError):
        return UNREADABLE
    try:
        return store.head.hash
    finally:
        store.close()


def clear(temp: Path) -> None:
    """Remove a folder that never got its name, and the rules' texts that a sign-in wrote into it."""
    layers = [
        f"{TEXTS}/{name}" for name in files.names(temp / TEXTS) if files.kind(temp / TEXTS / name) == "folder"
    ]
    files.remove_folder(temp, within=[FOLDER, *layers, TEXTS])


def _unpack(backup: Backup, temp: Path) -> None:
    """Write every member, its digest compared once more, durably."""
    files.make_folder(temp)
    files.make_folder(temp / FOLDER)
    for member in backup.manifest.members:
        try:
            raw = backup.content(member)
        except DamagedError as error:
            raise DamagedError(f"{backup.path.name}, {member.name}", 0, error.reason, error.todo) from None
        files.atomic_write(temp / member.name, _pieces(raw), overwrite=False)
    files.sync_folder(temp)


def _pieces(raw: bytes, most: int = 8 << 20) -> Iterator[bytes]:
    yield from (raw[begin : begin + most] for begin in range(0, len(raw), most))
