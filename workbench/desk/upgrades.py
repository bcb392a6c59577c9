"""Bringing an older folder further: in place as far as that goes, and into a new, sealed one."""

from collections.abc import Callable
from pathlib import Path

from store import files
from store import upgrade as steps
from store.carrying import building
from store.errors import DamagedError
from store.snapshots import FORMAT, LAST_UNSEALED
from store.upgrade import Upgraded
from workbench.desk.carrying import Carried, carry
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.errors import InvalidError

__all__ = ["FORMAT", "LAST_UNSEALED", "Carried", "Upgraded"]

LEFT_TO_DO = (
    "A folder of this format is not sealed and can only be read. `workbench upgrade --into NEW` makes a new, sealed "
    "folder of all that stands in it."
)
"""Said where no step in place is left and the folder is still not sealed."""
KEEP_OLD = (
    "The old folder is as it was, with its log: keep it for questions about earlier days (`--known`) and to prove what "
    "was entered until now. Its texts, and those of its backups, are in the clear: keep it as safe as paper files, on "
    "an encrypted disk or in a safe, or destroy it when your retention schedule says so."
)


@verb("folder.upgrade")
def upgrade(desk: Desk, backup_to: str = "") -> Upgraded:
    """Make a backup, then take each step in place that there is from the folder's format on; safe to run again. What is
    in the clear is never sealed in place: `into` makes a new folder.

    Args:
        desk: the desk.
        backup_to: the folder that gets the backup; beside the data folder unless given.

    Raises:
        FolderError: the folder is damaged, or cannot be written to.
    """
    beside = files.absolute(desk.store.path).parent
    place = Path(backup_to).expanduser() if backup_to else beside
    return steps.upgrade(desk.store, lambda act, why: desk.change(act, why=why), place, desk.stamp())


@verb("folder.upgrade")
def into(
    desk: Desk, new: str, passphrase: str, recovery: bytes, tell: Callable[[], object] = lambda: None
) -> Carried:
    """Make a new, sealed folder of all that stands in an unsealed one, which is left as it is.

    Killed at any moment, it leaves no folder at `new` or a whole one.

    Args:
        desk: the desk of the old folder.
        new: where the new one will stand; nothing is there yet.
        passphrase: of the person signed in, who gets keys with it; everybody else at their first sign-in.
        recovery: the recovery key, 32 bytes.
        tell: called once the folder is whole, before it has its name: the recovery key is to be told by then.

    Raises:
        InvalidError: the folder is sealed already.
        RefusedError: the passphrase is wrong.
        FolderError: its log is not whole, something stands at `new`, or the disk refused.
    """
    store = desk.store
    if store.format > LAST_UNSEALED:
        raise InvalidError(
            f"The folder has format {store.format}: it is sealed already.", todo="Go on working in it."
        )
    for problem in store.verify().problems:
        raise DamagedError(problem.file, problem.line, problem.reason)
    target = Path(new).expanduser()
    with building(target, store.path) as built, store.still("upgrade --into"):
        done = carry(desk, built.temp, passphrase, recovery)
        tell()
        built.put_in_place()
    return done
