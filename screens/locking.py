"""The lock of a shared terminal, and the drafts that survive it."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from screens.frame import AREAS, Place, WorkScreen
from screens.navigation import AREA_NAMES, NavigatingApp

if TYPE_CHECKING:
    from workbench.desk.context import Desk

IDLE_LOCAL, IDLE_SSH = 180.0, 600.0
"""Seconds without a key after which the screen locks."""
IDLE_LOOK = 15.0
"""Seconds between two looks at the idle time; looking paints nothing."""

LOCKED = "locked"
"""The mode of the lock screen."""


class LockingApp(NavigatingApp):
    """An app that hides everything on a key and after a time without one.

    Args:
        desk: a signed-in desk.
        idle: seconds without a key until the screen locks.
        clock: monotonic seconds; injected in tests.
    """

    def __init__(
        self, desk: "Desk", *, idle: float = IDLE_LOCAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(desk)
        self.idle, self.clock = idle, clock
        self.touched = clock()
        self._drafts: dict[tuple[str, str], dict[str, str]] = {}

    # -- drafts ----------------------------------------------------------------------------------------

    def draft(self, name: str) -> dict[str, str]:
        """What the person at the keyboard had typed under a name and not yet saved."""
        return self._drafts.get((self.desk.user(), name), {})

    def keep_draft(self, name: str, values: dict[str, str] | None) -> None:
        """Keep what was typed, or drop it where `values` is None."""
        key = (self.desk.user(), name)
        self._drafts.pop(key, None)
        if values:
            self._drafts[key] = values

    # -- lock ------------------------------------------------------------------------------------------

    def look_idle(self) -> None:
        """Lock when nobody touched a key for too long. Paints nothing otherwise."""
        if self.clock() - self.touched >= self.idle:
            self.lock()

    def lock(self) -> None:
        """Hide everything and take the record screens away; a passphrase opens again where the same person
        was."""
        from screens.lock import LockScreen

        if isinstance(self.screen, LockScreen):
            return
        places = [screen.place for screen in self.screen_stack if isinstance(screen, WorkScreen)]
        self.add_mode(LOCKED, partial(LockScreen, self.desk, self.desk.user(), places))
        self.switch_mode(LOCKED)
        self.call_later(self._forget)

    async def _forget(self) -> None:
        """Take the record screens under the lock away."""
        for area in sorted(AREA_NAMES):
            await self.remove_mode(area)
        self._waiting = None

    def unlocked(self, desk: "Desk", user: str, places: Sequence[Place]) -> None:
        """Open again: where the same person was, Today for anybody else."""
        self.desk, self.touched = desk, self.clock()
        for area, *_ in AREAS:
            self.add_mode(area, partial(self.make, area, {}))
        wanted = list(places) if desk.user() == user and places else [("today", {})]
        self.switch_mode(wanted[0][0])
        for name, args in wanted[1:]:
            self.push_screen(self.make(name, args))
        self.remove_mode(LOCKED)
