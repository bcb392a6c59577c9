"""The Textual app: areas, navigation, lock, errors. It holds no rule and reads nothing but the desk."""

import asyncio
import codecs
import functools
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen

from screens import keys
from screens.frame import AREAS, WorkScreen
from screens.text import ControlFilter
from screens.theme import WORKBENCH
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

PLACES: Mapping[str, str] = {
    "today": "screens.today:TodayScreen",
    "register": "screens.register:RegisterScreen",
    "grid": "screens.gridscreen:GridScreen",
    "pupils": "screens.pupils:PupilsScreen",
    "cases": "screens.cases:CasesScreen",
    "log": "screens.log:LogScreen",
    "pupil": "screens.pupil:PupilScreen",
    "call-list": "screens.callist:CallListScreen",
    "case": "screens.case:CaseScreen",
    "step": "screens.wizard:StepScreen",
    "removal": "screens.removal:RemovalScreen",
    "removals": "screens.removals:RemovalsScreen",
    "referral": "screens.referral:ReferralScreen",
    "referrals": "screens.referrals:ReferralsScreen",
    "returns": "screens.returns:ReturnsScreen",
    "return": "screens.returns:ReturnScreen",
    "concerns": "screens.concerns:ConcernsScreen",
    "people": "screens.people:PeopleScreen",
}
"""Name of a place to its module and class, imported when it is first opened. What places are about is given
by keyword:
`pupil=`, `case=`, `duty=`, `removal=`, `referral=`, `concern=` are ids; `class_=`, `session=`, `day=` (a
date), `step=`
(a wizard step's key), `rule=`. An area is told by its `visit(**args)`, any other place by its constructor."""
LEAST = (60, 20)
"""The smallest window that can be worked in, in cells."""
IDLE_LOCAL, IDLE_SSH = 180.0, 600.0
"""Seconds without a key after which the screen locks."""
IDLE_LOOK = 15.0
"""Seconds between two looks at the idle time; looking paints nothing."""
EXIT_FAILED, EXIT_HANGUP, EXIT_TERM = 1, 129, 143


class WorkbenchApp(App[int]):
    """The workbench on a terminal.

    Args:
        desk: a signed-in desk.
        idle: seconds without a key until the screen locks.
        clock: monotonic seconds; injected in tests.
    """

    TITLE = "CME Workbench"
    CSS_PATH = "workbench.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = keys.app_bindings()

    def __init__(
        self, desk: "Desk", *, idle: float = IDLE_LOCAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(
            ansi_color=True
        )  # before the theme, so that NO_COLOR takes colour away and not only hue
        self.animation_level = "none"
        self.register_theme(WORKBENCH)
        self.theme = WORKBENCH.name
        self.desk, self.idle, self.clock = desk, idle, clock
        self.touched = clock()
        self._areas: dict[str, WorkScreen] = {}
        self._drafts: dict[tuple[str, str], dict[str, str]] = {}
        self._waiting: tuple[int, int] | None = None
        self.failure = ""
        self._net = ControlFilter()

    # -- life ------------------------------------------------------------------------------------------

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the net that no control character gets through."""
        return [*super().get_line_filters(), self._net]

    def get_default_screen(self) -> Screen[Any]:
        """Today is the first screen: nothing is painted before it."""
        return self._area("today")

    def on_mount(self) -> None:
        """Begin to look at the idle time; leave in good order when the line is cut."""
        self.set_interval(IDLE_LOOK, self.look_idle, name="idle")
        loop = asyncio.get_running_loop()
        for number, code in ((signal.SIGHUP, EXIT_HANGUP), (signal.SIGTERM, EXIT_TERM)):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, functools.partial(self.exit, code, code))

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there, then go on as usual."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            self.touched = self.clock()
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """Say so plainly when the window is too small, and nothing else."""
        from screens.lock import SmallScreen

        small = event.size.width < LEAST[0] or event.size.height < LEAST[1]
        if small and not isinstance(self.screen, SmallScreen):
            self.push_screen(SmallScreen())
        elif not small and isinstance(self.screen, SmallScreen):
            self.pop_screen()

    def _fatal_error(self) -> None:
        """After a fault of ours: no local variables on the terminal, only the kind of fault and its place."""
        kind, error, trace = sys.exc_info()
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        error = getattr(error, "__cause__", None) or error
        where = (
            f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace is not None else "unknown place"
        )
        name = type(error).__name__ if error is not None else getattr(kind, "__name__", "fault")
        self.failure = (
            f"The workbench met a fault of its own ({name} in {where}) and closed.\n"
            "What was acknowledged is stored. Start it again; if it happens twice, report the words above."
        )
        self._return_code = EXIT_FAILED
        self._close_messages_no_wait()
        self._exit_renderables.clear()

    def _handle_exception(self, error: Exception) -> None:
        """An error that a person can act on is shown and the program goes on; all else ends it."""
        cause = getattr(error, "error", error)
        if isinstance(cause, WorkbenchError) and isinstance(self.screen, WorkScreen):
            self.screen.show_error(cause)
            return
        super()._handle_exception(error)

    # -- going about -----------------------------------------------------------------------------------

    def make(self, name: str, args: Mapping[str, Any]) -> WorkScreen:
        """The screen of a place.

        Raises:
            KeyError: if there is no such place.
        """
        module, _, class_name = PLACES[name].partition(":")
        screen: WorkScreen = getattr(import_module(module), class_name)(self.desk, **args)
        screen.place = (name, dict(args))
        return screen

    def _area(self, name: str) -> WorkScreen:
        if name not in self._areas:
            screen = self.make(name, {})
            self._areas[name] = screen
            self.install_screen(screen, name)
        return self._areas[name]

    def go(self, name: str, **args: Any) -> None:
        """Open a place: an area takes the place of what is open, any other stands above it and Esc comes
        back.

        Args:
            name: a key of `PLACES`.
            args: what it is about, such as `pupil="P-7F3KQ2"`; for an area, given to its `visit`.
        """
        if name not in {area for area, *_ in AREAS}:
            self.push_screen(self.make(name, args))
            return
        target = self._area(name)
        with self.batch_update():
            while len(self.screen_stack) > 1:
                self.pop_screen()
            if args and hasattr(target, "visit"):
                target.visit(**args)
            if self.screen is not target:
                self.switch_screen(target)
            elif args:
                target.reload()

    def back(self) -> None:
        """Back to the screen below; from an area, to Today."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif isinstance(self.screen, WorkScreen) and self.screen.AREA != "today":
            self.go("today")

    async def action_act(self, act: str) -> None:
        """A key that works everywhere: the screen's door decides."""
        if isinstance(self.screen, WorkScreen):
            await self.screen.action_act(act)
        elif act == "quit":
            self.action_leave()

    def action_area(self, name: str) -> None:
        """Go to an area."""
        self.go(name)

    def action_veil(self) -> None:
        """Hide everything at once."""
        self.lock()

    async def action_quit(self) -> None:
        """Close the workbench."""
        self.action_leave()

    def action_leave(self) -> None:
        """Leave with exit code 0."""
        self.exit(0)

    async def action_help(self) -> None:
        """The keys that work here."""
        from screens.help import show_help

        await show_help(self.front)

    async def action_palette(self) -> None:
        """Every action with its key."""
        from screens.palette import run_palette

        await run_palette(self.front)

    async def action_emergency(self) -> None:
        """Emergency numbers and the threshold document."""
        from screens.help import show_emergency

        await show_emergency(self.front)

    async def action_check(self) -> None:
        """Whether log and snapshots agree."""
        from screens.checking import show_check

        await show_check(self.front)

    async def action_concern(self) -> None:
        """Report a concern."""
        from screens.concern import report_concern

        await report_concern(self.front)

    @property
    def front(self) -> WorkScreen:
        """The screen in front; only asked where it is one of ours."""
        return cast("WorkScreen", self.screen)

    # -- what is waiting -------------------------------------------------------------------------------

    def waiting_words(self) -> str:
        """`12 due · 2 late` for line 2; counted when first asked, and anew by `recount`."""
        if self._waiting is None:
            self.recount()
        due, late = self._waiting or (0, 0)
        return f"{due} due · {late} late" if late else f"{due} due" if due else "nothing due"

    def recount(self) -> None:
        """Count what is due and what is late."""
        from workbench.desk import duties

        self._waiting = (0, 0)
        with suppress(WorkbenchError):
            self.counted(duties.due(self.desk))

    def counted(self, found: Sequence[Any]) -> None:
        """Take the counts from a list of duties that was read anyway."""
        late = sum(duty.state == "overdue" for duty in found)
        self._waiting = (late + sum(duty.state == "due" for duty in found), late)

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
        user = self.desk.user()
        areas, self._areas, self._waiting = self._areas, {}, None
        old = list(self.screen_stack)
        with self.batch_update():
            self.push_screen(LockScreen(self.desk, user, places))
        self.call_later(self._forget, old, areas)

    async def _forget(self, old: Sequence[Screen[Any]], areas: Mapping[str, Screen[Any]]) -> None:
        """Remove the record screens under the lock."""
        for screen in old:
            if screen in self._screen_stack:
                self._screen_stack.remove(screen)
        for name in areas:
            self.uninstall_screen(name)
        for screen in {*old, *areas.values()}:
            await screen.remove()

    def unlocked(self, desk: "Desk", user: str, places: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Open again: where the same person was, Today for anybody else."""
        self.desk, self.touched = desk, self.clock()
        wanted = list(places) if desk.user() == user and places else [("today", {})]
        area = wanted[0][0] if wanted[0][0] in {name for name, *_ in AREAS} else "today"
        with self.batch_update():
            self.switch_screen(self._area(area))
            for name, args in wanted[1:]:
                self.push_screen(self.make(name, args))


def run(desk: "Desk", *, ssh: bool = False) -> int:
    """Open the app and return its exit code: 0 left, 1 a fault of ours, 129 or 143 the line or the program
    was ended.

    Args:
        desk: a signed-in desk; it is closed, with fresh snapshots, when the app ends.
        ssh: a longer idle time, for people who work from their own machine.
    """
    from textual.drivers import linux_driver

    decoder = codecs.getincrementaldecoder
    linux_driver.getincrementaldecoder = lambda encoding: functools.partial(
        decoder(encoding), errors="replace"
    )  # type: ignore[attr-defined]
    app = WorkbenchApp(desk, idle=IDLE_SSH if ssh else IDLE_LOCAL)
    try:
        outcome = app.run()
    finally:
        app.desk.close(snapshot=True)
    if app.failure:
        sys.stderr.write(app.failure + "\n")
    return outcome if outcome is not None else app.return_code or 0
