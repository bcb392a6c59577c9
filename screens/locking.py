"""The lock of a shared terminal, and the drafts that survive it."""

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.app import InvalidModeError

from screens.drafting import Drafting, Key
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
        self.drafts = Drafting()
        """What stands in forms and nobody has saved."""
        self.pulse.keep = self.keep_typed
        if desk.who is not None:
            self.drafts.load(desk)

    # -- drafts ----------------------------------------------------------------------------------------

    def keep_typed(self) -> None:
        """Seal what stands in open forms on the disk now. What was typed last may not have been told yet: the forms
        themselves are asked. Called from any thread, as the end may come while the loop stands still."""
        with suppress(
            Exception
        ):  # a form that is being made or left has nothing to say, and the rest is to be written
            for screen in self.screen_stack:
                for dialog in getattr(screen, "dialogs", ()):
                    typed = getattr(dialog, "typed", None)
                    if typed is not None:
                        typed()
        self.drafts.write()

    def draft(self, name: str) -> dict[str, str]:
        """What the person at the keyboard had typed under a name and not yet saved."""
        return self.drafts.text(self.desk.user(), name)

    def keep_draft(self, name: str, values: Mapping[str, str] | None) -> None:
        """Keep what was typed, or drop it where `values` is None."""
        self.drafts.keep(self.desk, Key(self.desk.user(), name), values)
        if (
            not values
        ):  # what was typed at the lock in their name was offered to them: it is done with as well
            self.drafts.keep(self.desk, Key(self.desk.user(), name, proven=False), None)

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
        self.keep_typed()
        self._clipboard = ""  # what was cut from a form is nobody's after the lock
        places = [screen.place for screen in self.screen_stack if isinstance(screen, WorkScreen)]
        self.add_mode(LOCKED, partial(LockScreen, self.desk.signed_out(), self.desk.user(), places))
        self.switch_mode(LOCKED)
        self.call_later(self._forget, self.desk.user())

    async def _forget(self, user: str) -> None:
        """Take the record screens under the lock away, and with them what was typed, the keys and all that they
        opened."""
        for area in sorted(AREA_NAMES):
            await self.remove_mode(area)
        self._waiting = None
        locked = self.current_mode == LOCKED
        if locked or self.desk.user() != user:
            self.drafts.forget(user)
        if locked:  # nobody unlocked meanwhile
            locked_desk, self.desk = self.desk, self.desk.signed_out()
            locked_desk.wipe()  # a screen that was left may be held for a while by what it had begun
            forget_texts()
        gc.collect()  # screens and forms refer to each other: without it their texts would stay for a while
        self.pulse.locked = True

    def unlocked(self, desk: "Desk", user: str, places: Sequence[Place]) -> None:
        """Open again: where the same person was, Today for anybody else."""
        self.desk = desk
        self.drafts.load(desk)
        self.pulse.signed_in()
        for area, *_ in AREAS:
            with suppress(InvalidModeError):  # they stand there already where the app began at the lock
                self.add_mode(area, partial(self.make, area, {}))
        wanted = list(places) if desk.user() == user and places else [("today", {})]
        self.switch_mode(wanted[0][0])
        for name, args in wanted[1:]:
            self.push_screen(self.make(name, args))
        self.remove_mode(LOCKED)


def forget_texts() -> None:
    """Empty what the drawing libraries remember of texts that they measured and of lines that they drew: a word of a
    record would stay there. Functions and methods alike remember."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("rich", "textual"):
            for made in list(vars(module).values()):
                _clear(made)
                for method in list(vars(made).values()) if isinstance(made, type) else ():
                    _clear(method)


def _clear(made: object) -> None:
    clear = getattr(made, "cache_clear", None)
    if callable(clear):
        clear()
