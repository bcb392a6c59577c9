"""The app begun at the lock: nobody is signed in, and a concern is taken first."""

from functools import partial
from typing import TYPE_CHECKING

from screens.app import WorkbenchApp
from screens.lock import LockScreen
from screens.locking import LOCKED

if TYPE_CHECKING:
    from workbench.desk.context import Desk


class LockedApp(WorkbenchApp):
    """The workbench as it stands before anybody signed in.

    Args:
        desk: an open folder with nobody signed in.
        idle: seconds without a key until what was typed is put away, and after a sign-in until the screen locks.
    """

    DEFAULT_MODE = LOCKED

    def __init__(self, desk: "Desk", idle: float) -> None:
        super().__init__(desk, idle=idle)
        self.add_mode(LOCKED, partial(LockScreen, desk, desk.user(), [], concern=True))
        self.pulse.locked = True
