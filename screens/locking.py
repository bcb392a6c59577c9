"""The lock of a shared terminal, and the drafts that survive it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.app import InvalidModeError

from screens.frame import AREAS, Place, WorkScreen
from screens.navigation import AREA_NAMES, NavigatingApp
from screens.watchdog import Pulse, boottime

if TYPE_CHECKING:
    from workbench.desk.context import Desk

IDLE_LOCAL, IDLE_SSH = 180.0, 600.0
"""Seconds without a key after which the screen locks."""
LONGEST = 36_000.0
"""Seconds after signing in until the screen locks, whatever is typed: a shift, not a night."""
IDLE_LOOK = 1.0
"""Seconds between two looks at the idle time, each of them a beat that the watchdog counts; looking paints nothing."""

LOCKED = "locked"
"""The mode of the lock screen."""


class LockingApp(NavigatingApp):
    """An app that hides everything on a key and after a time without one.

    Args:
        desk: a signed-in desk.
        idle: seconds without a key until the screen locks.
        clock: seconds that only go forward; injected in tests.
    """

    def __init__(
        self, desk: "Desk", *, idle: float = IDLE_LOCAL, clock: Callable[[], float] = boottime
    ) -> None:
        super().__init__(desk)
        self.pulse = Pulse(idle, LONGEST, clock)
        """What the watchdog knows of this app."""
        self._drafts: dict[tuple[str, str], dict[str, str]] = {}

    # -- drafts ----------------------------------------------------------------------------------------

    def draft(self, name: str) -> dict[str, str]:
        """What the person at the keyboard had typed under a name and not yet saved."""
        return self._drafts.get((self.desk.user(), name), {})

    def keep_draft(self, name: str, values: dict[str, str] | None) -> None:
        """Keep what was typed, or drop it where `values` is None."""
        self.keep_draft_of(self.desk.user(), name, values)

    def keep_draft_of(self, user: str, name: str, values: dict[str, str] | None) -> None:
        """`keep_draft` for another account: what was typed at the lock is shown to nobody before they signed in."""
        self._drafts.pop((user, name), None)
        if values:
            self._drafts[user, name] = values

    # -- lock ------------------------------------------------------------------------------------------

    def look_idle(self) -> None:
        """Lock when nobody touched a key for too long, or somebody signed in too long ago. Paints nothing otherwise."""
        self.pulse.beats += 1
        if self.pulse.lock_due():
            self.lock()

    def lock(self) -> None:
        """Hide everything and take the record screens away; a passphrase opens again where the same person
        was."""
        from screens.lock import LockScreen

        if self.current_mode == LOCKED:
            return
        self._clipboard = ""  # what was cut from a form is nobody's after the lock
        places = [screen.place for screen in self.screen_stack if isinstance(screen, WorkScreen)]
        self.add_mode(LOCKED, partial(LockScreen, self.desk.signed_out(), self.desk.user(), places))
        self.switch_mode(LOCKED)
        self.call_later(self._forget)

    async def _forget(self) -> None:
        """Take the record screens under the lock away, and with them the keys and all that they opened."""
        for area in sorted(AREA_NAMES):
            await self.remove_mode(area)
        self._waiting = None
        if self.current_mode == LOCKED:  # nobody unlocked meanwhile
            self.desk = self.desk.signed_out()
        self.pulse.locked = True

    def unlocked(self, desk: "Desk", user: str, places: Sequence[Place]) -> None:
        """Open again: where the same person was, Today for anybody else."""
        self.desk = desk
        self.pulse.signed_in()
        for area, *_ in AREAS:
            with suppress(InvalidModeError):  # they stand there already where the app began at the lock
                self.add_mode(area, partial(self.make, area, {}))
        wanted = list(places) if desk.user() == user and places else [("today", {})]
        self.switch_mode(wanted[0][0])
        for name, args in wanted[1:]:
            self.push_screen(self.make(name, args))
        self.remove_mode(LOCKED)
