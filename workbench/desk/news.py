"""Whether others changed something since a screen was drawn."""

from workbench.desk.context import Desk
from workbench.desk.translate import translated


def stands_at(desk: Desk) -> tuple[int, int]:
    """Something that moves whenever a record changed, what other processes wrote taken in: for comparing alone.

    It costs a stat if nothing is new; views, refusals and sign-ins do not move it.

    Raises:
        FolderError: if the folder cannot be read.
    """
    with translated():
        desk.store.refresh()
    return desk.store.version
