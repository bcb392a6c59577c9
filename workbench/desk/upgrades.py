"""Bringing an older folder to this program's format."""

from pathlib import Path

from store import files
from store import upgrade as steps
from store.upgrade import Upgraded
from workbench.desk.context import Desk
from workbench.desk.permissions import verb

__all__ = ["Upgraded"]


@verb("folder.upgrade")
def upgrade(desk: Desk, backup_to: str = "") -> Upgraded:
    """Make a backup, then take each step from the folder's format to this program's; safe to run again.

    Args:
        desk: the desk.
        backup_to: the folder that gets the backup; beside the data folder unless given.

    Raises:
        FolderError: the folder is damaged, or cannot be written to.
    """
    beside = files.absolute(desk.store.path).parent
    place = Path(backup_to).expanduser() if backup_to else beside
    return steps.upgrade(desk.store, lambda act, why: desk.change(act, why=why), place, desk.stamp())
