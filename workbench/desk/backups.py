"""Backups of the data folder, and putting one back. What is written into a backup holds every record there is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from store import archive, erasing
from store.archive import Backup
from store.backup import Made, backup
from store.errors import StoreError
from store.folder import Store
from store.restoring import NOTHING, RESTORED, UNREADABLE, Restored, Work, refuse_target, restoring
from workbench.desk.clock import Clock, SystemClock, read_stamp
from workbench.desk.context import Desk
from workbench.desk.folders import open_folder
from workbench.desk.permissions import verb
from workbench.desk.proofs import note_proof
from workbench.desk.signin import sign_in
from workbench.desk.translate import translated
from workbench.desk.undone import After, Undone, in_folder, note_undone, noted, undone_words
from workbench.domain.errors import FolderError

__all__ = ["NOTHING", "UNREADABLE", "After", "Backup", "Made", "Restored", "Undone", "undone_words"]

MADE = "backup.made"
OLD = timedelta(days=1)
"""After this long a backup no longer holds what the school would miss."""


class Last(Struct, frozen=True):
    """The newest backup that the log knows of: when, by whom, and the hash of the newest entry in it."""

    at: str
    by: str
    head: str
    old: bool
    """Whether it is older than `OLD`."""


@verb("backup.make")
def make(desk: Desk, file: str) -> Made:
    """Make a backup, read it back and prove it, then say so in the log: the entry's `why` is the head it carries.

    Args:
        desk: the desk.
        file: the file to write; or a folder, in which one is made that is named after school, time and head.

    Raises:
        FolderError: if it exists, cannot be written, or the log is damaged.
    """
    made = backup(desk.store, Path(file).expanduser(), stem(desk.school().name), desk.stamp())
    if desk.store.readonly:
        desk.store.remarks.append(
            "The folder cannot be written to: its log does not say that this backup was made."
        )
        return made
    try:
        with desk.change(MADE, why=made.head.hash) as tx:
            note_proof(desk, tx, made.head)
    except StoreError as error:
        raise FolderError(
            f"The backup was made and is whole ({made.path.name}), but the log could not say so: {error.what}",
            kept="The backup is kept.",
            todo="Free space, then run `workbench check`.",
        ) from error
    return made


@verb("backup.verify")
def verify(desk: Desk, file: str, head: str | None = None) -> Backup:
    """Prove a backup to its last byte, and that it has the head noted elsewhere if one is given; nothing is written.

    Raises:
        FolderError: if it is not whole; the member is named.
    """
    found = archive.read(Path(file).expanduser(), head)
    desk.note_if_possible("backup.verified", why=found.head.hash)
    return found


@verb("backup.show")
def last(desk: Desk) -> Last | None:
    """The newest backup that this folder's log knows of, None if none was ever made."""
    entry = desk.store.newest(MADE)
    if entry is None:
        return None
    old = desk.now() - read_stamp(entry["at"]) > OLD
    return Last(at=entry["at"], by=entry["actor"], head=str(entry["why"]), old=old)


def look(file: str, head: str | None = None) -> Backup:
    """A backup, proven; nobody signs in, and no folder is opened. What `restore` takes.

    Raises:
        FolderError: if it is not whole, or has not the head that was noted elsewhere.
    """
    with translated():
        return archive.read(Path(file).expanduser(), head)


def refuse(path: Path, replace: bool) -> None:
    """Raise FolderError if a backup may not be restored there: asked before anybody types a passphrase."""
    with translated():
        refuse_target(path, replace)


def restore(
    found: Backup,
    path: Path,
    user: str,
    passphrase: str,
    clock: Clock | None = None,
    *,
    replace: bool = False,
    tell: Callable[[After | None], None] = lambda _: None,
) -> Restored:
    """Put a backup in the place of a folder; nothing of the two is ever merged.

    Everything is unpacked beside the place and signed in to there; a wrong passphrase leaves nothing behind. One that
    was cut off after the old folder was moved away is finished.

    Args:
        found: as `look` gave it.
        path: the folder: absent or empty, or with `replace` a data folder, which is kept under another name.
        user: an account of the backup, a designated safeguarding lead or leader.
        passphrase: theirs when the backup was made.
        clock: the time; the machine's unless given.
        replace: whether a folder that is there may be moved aside.
        tell: told what is undone in a folder that is to be replaced, None where it cannot be read, before anything is;
            what it raises leaves all as it was.

    Raises:
        RefusedError: if the name, the passphrase or the role is not right.
        FolderError: if the folder cannot be used or written.
    """
    with translated(), restoring(found, path, replace) as work:
        clock = clock or SystemClock()
        # what was cut off is proven as it stands: a refused sign-in must not add to it
        desk = open_folder(work.temp, clock, readonly=work.resumed is not None)
        try:
            signed = sign_in(desk, user, passphrase, fold=True)
            return _finish(signed, work, tell)
        finally:
            with suppress(StoreError):
                desk.close()


@verb("backup.restore")
def _finish(desk: Desk, work: Work, tell: Callable[[After | None], None]) -> Restored:
    """Write the entry with both heads, and what is undone, into the restored folder, then put it in place."""
    if work.resumed is not None:
        desk.close()
        return work.go_on()
    after = None
    if work.replaces:
        after = in_folder(desk, work.target, work.backup.head)
        tell(after)  # before the lock is taken: somebody may have to answer
    with work.replacing() as replaced:
        if after is not None and after.head != replaced:
            raise FolderError(
                "Somebody wrote into the folder meanwhile.",
                todo="Have everybody close the workbench, then try again.",
            )
        with desk.store.upgrading():  # one of an older format is told, too, what it comes from
            with desk.change(RESTORED, subject=work.backup.head.hash, why=replaced) as tx:
                if work.replaces:
                    note_undone(desk, tx, replaced, after)
            desk.store.snapshot()
        desk.close()
        return work.put_in_place(desk.now().strftime("%Y%m%dT%H%M%S"), replaced)


def revived(done: Restored) -> list[str]:
    """Whose records a restore brought back, by id: erased in the folder that was replaced, after the backup."""
    if done.aside is None:
        return []
    with suppress(StoreError, OSError):  # a folder that was replaced because it cannot be read
        return sorted(erasing.subjects(done.aside) - erasing.subjects(done.path))
    return []


def undone(done: Restored) -> tuple[Undone, ...] | None:
    """What a restore undid, as its entry keeps it: by act; None where nobody can say."""
    with translated():
        store = Store.open(done.path, readonly=True)
        try:
            return noted(store, done.replaced)
        finally:
            store.close()


def stem(name: str) -> str:
    """What the name of a backup begins with: the school's name in plain letters and digits."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in name).split()
    return "-".join(words)[:60].rstrip("-") or "workbench"
