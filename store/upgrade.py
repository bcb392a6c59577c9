"""From an older format to a later one in place, step by step, after a backup; up to the last format that is not sealed.

What is in the clear is never sealed in place, as the lines of its log stay: a new folder is made (`store.carrying`).
Each step is one change: the vault first, then one line of the log that carries the new documents and the new format
together. That line is the step: before it the folder is as it was, after it it has the new format. A run that was cut
off anywhere is taken up by the next, which makes again only what is not there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from store import archive, files
from store.backup import END, backup
from store.change import Tx
from store.errors import LockedError, MissingError
from store.folder import Store
from store.pages import GUARDED
from store.snapshots import FORMAT, LAST_UNSEALED
from store.spoken import spoken
from store.vault import SLOT

ACT = "folder.upgraded"
OLD_SECRET = "verifier"  # noqa: S105 - the name of a field, not a secret
LOGGED = "logged"
"""Marks a slot whose content still stands in old lines of the log."""

Change = Callable[[str, str], AbstractContextManager[Tx]]
"""Opens a change with this act and this reason."""


class Step(NamedTuple):
    """What brings a folder from one format to the next; done twice it does nothing the second time."""

    number: int
    """The format it begins with; it ends with the next."""
    words: str
    carry: Callable[[Tx], None]


class Upgraded(Struct, frozen=True):
    """What was done: the formats, the steps in words, and the backup made before; none where nothing was to do."""

    before: int
    after: int
    steps: tuple[str, ...]
    backup: Path | None


def _secrets_into_vault(tx: Tx) -> None:
    """Format 1: what passphrases are checked against leaves the accounts for the vault."""
    for doc in list(tx.docs(GUARDED, GUARDED).values()):
        if OLD_SECRET not in doc:
            continue
        kept = {name: value for name, value in doc.items() if name != OLD_SECRET}
        if doc[OLD_SECRET] is not None:
            kept[SLOT] = tx.keep({**doc[OLD_SECRET], LOGGED: True})
        tx.put(GUARDED, GUARDED, kept)


STEPS = (Step(0, "what passphrases are checked against stands in vault.json", _secrets_into_vault),)
"""In order: the step at place n begins with format n, the last of them ends with `LAST_UNSEALED`."""


@spoken()
def upgrade(store: Store, change: Change, place: Path, at: str) -> Upgraded:
    """Bring an unsealed folder as far as it gets in place; one of this program's format gets its snapshots written.

    Args:
        store: the open folder.
        change: opens a change of it, so that the entries say who did it.
        place: the folder in which the backup is made, if something is to do.
        at: when, ISO 8601 with offset.

    Raises:
        DamagedError: the log is not whole; nothing is upgraded then.
        LockedError, ReadOnlyError: it cannot be written to.
        WriteError, FailedError: the disk refused; run it again.
    """
    with store.upgrading():
        before = store.format
        steps = [step for step in STEPS if before <= step.number < LAST_UNSEALED]
        saved = _saved(store, place, at) if steps else None
        for step in steps:
            _take(store, change, step)
        if steps or before == FORMAT:
            store.snapshot()
    return Upgraded(before, store.format, tuple(step.words for step in steps), saved)


def _take(store: Store, change: Change, step: Step) -> None:
    with suppress(_TakenError), change(ACT, f"{step.number}>{step.number + 1}") as tx:
        if store.format != step.number:
            raise _TakenError
        step.carry(tx)
        tx.raise_format(step.number + 1)


class _TakenError(Exception):
    """Another process took the step while this one waited for the lock: the change is given up."""


def _saved(store: Store, place: Path, at: str) -> Path:
    """The backup of the folder as it stands. One that a run before made of the same entry is proven and taken."""
    head = store.head
    path = place / f"{store.path.name}-format-{store.format}-{head.seq}-{head.hash[:12]}{END}"
    if files.kind(place) == "nothing":
        raise MissingError("there is no such folder", str(place), todo="Make it, or name another.")
    with files.folder_held(place) as alone:
        if not alone:  # a backup that somebody is writing looks like one that was cut off
            raise LockedError(str(place), "another upgrade or restore", 0)
        for name in files.names(place):
            if name.startswith(f".{path.name}.") and name.endswith(files.TEMP_END):
                files.remove(place / name)  # of a run that was cut off while it wrote
        if files.kind(path) == "file":
            archive.read(path, head.hash)
            return path
        return backup(store, path, "", at).path
