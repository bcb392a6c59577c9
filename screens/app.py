"""The Textual app: areas, navigation, lock, errors. It holds no rule and reads nothing but the desk."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.filter import LineFilter

from screens import faults, keys
from screens.frame import WorkScreen
from screens.locking import IDLE_LOCAL, IDLE_LOOK, IDLE_SSH, LockingApp
from screens.text import ControlFilter
from screens.theme import WORKBENCH
from screens.watchdog import Watchdog, boottime
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

LEAST = (60, 20)
"""The smallest window that can be worked in, in cells."""
EXIT_FAILED, EXIT_SIGNAL = 1, 128
"""Exit codes: a fault of ours; a signal asked for the end, plus its number, as a shell says it."""


class WorkbenchApp(LockingApp):
    """The workbench on a terminal.

    Args:
        desk: a signed-in desk.
        idle: seconds without a key until the screen locks.
        clock: seconds that only go forward; injected in tests.
    """

    TITLE = "CME Workbench"
    CSS_PATH = "workbench.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = keys.app_bindings()

    def __init__(
        self, desk: "Desk", *, idle: float = IDLE_LOCAL, clock: Callable[[], float] = boottime
    ) -> None:
        super().__init__(desk, idle=idle, clock=clock)
        self.animation_level = "none"
        self.register_theme(WORKBENCH)
        self.theme = WORKBENCH.name
        self.failure = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self._net = ControlFilter()

    # -- life ------------------------------------------------------------------------------------------

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the net that no control character gets through."""
        return [*super().get_line_filters(), self._net]

    def on_mount(self) -> None:
        """Begin to look at the idle time: from now on the watchdog expects to see it."""
        self.set_interval(IDLE_LOOK, self.look_idle, name="idle")
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(self._task_failed)
        self.pulse.beating = True

    def told(self, number: int, _: object) -> None:
        """A signal asks for the end: in good order if the loop gets to it in time, else the watchdog does it."""
        self.pulse.leaving = EXIT_SIGNAL + number
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        self.keep_typed()
        self.exit(self.pulse.leaving, self.pulse.leaving)

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there, then go on as usual."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            self.pulse.touch()
        if isinstance(event, events.Paste):
            self._take_paste(event)
        await super().on_event(event)

    def _take_paste(self, event: events.Paste) -> None:
        from screens.terminal import pasted
        from screens.widgets.form import Form

        event.text, told = pasted(event.text, self.focused)
        if told:
            form = (
                next((w for w in self.focused.ancestors if isinstance(w, Form)), None)
                if self.focused
                else None
            )
            where = form or self.screen
            if isinstance(where, Form | WorkScreen):
                where.say(told, late=True)

    def on_app_focus(self) -> None:
        """The terminal has the focus again: show what others changed meanwhile."""
        if isinstance(self.screen, WorkScreen):
            self.screen.look()

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
        error = sys.exc_info()[1] or self._exception
        self._end_with(getattr(error, "error", None) or getattr(error, "__cause__", None) or error)

    def panic(self, *renderables: Any) -> None:
        """A fault that Textual would draw: it is told like every other, and what it would draw is dropped."""
        stacks = [
            stack for drawn in renderables for stack in getattr(getattr(drawn, "trace", None), "stacks", ())
        ]
        kind = str(stacks[0].exc_type) if stacks else ""
        self._end_with(self._exception, kind)

    def _end_with(self, error: BaseException | None, kind: str = "") -> None:
        self.failure = self.failure or faults.words(error, kind)
        self._return_code = EXIT_FAILED
        self._exit_renderables.clear()
        self._close_messages_no_wait()

    def _task_failed(self, _: object, context: dict[str, Any]) -> None:
        """A task failed that nobody waits for: the loop would print its message, which may quote a record."""
        self.failure = self.failure or faults.words(context.get("exception"))

    def _handle_exception(self, error: Exception) -> None:
        """An error that a person can act on is shown and the program goes on; all else ends it."""
        cause = getattr(error, "error", error)
        if isinstance(cause, WorkbenchError) and isinstance(self.screen, WorkScreen):
            self.screen.show_error(cause)
            return
        super()._handle_exception(error)

    # -- what stays inside ------------------------------------------------------------------------------

    def copy_to_clipboard(self, text: str) -> None:
        """Cut and copied text stays in the program: Textual would send it to the clipboard of the machine at the other
        end of the line."""
        self._clipboard = text

    def send_to_terminal(self, code: str) -> None:
        """Send one escape code to the terminal as it is: what the desk let out as a print, and nothing else."""
        if self._driver is not None:
            self._driver.write(code)
            self._driver.flush()

    def get_system_commands(self, screen: Any) -> Iterator[Any]:
        """None of Textual's: one of them writes a picture of the screen to disk."""
        yield from ()

    def deliver_screenshot(self, *_: Any, **__: Any) -> str | None:
        """No picture of a record is written, whatever asks for it."""
        return None

    # -- keys that work everywhere --------------------------------------------------------------------

    async def action_act(self, act: str) -> None:
        """A key that works everywhere: the screen's door decides."""
        if isinstance(self.screen, WorkScreen):
            await self.screen.action_act(act)
        elif act == "quit":
            await self.action_quit()

    def action_area(self, name: str) -> None:
        """Go to an area."""
        self.go(name)

    def action_veil(self) -> None:
        """Hide everything at once."""
        self.lock()

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

    async def action_folder(self, what: str) -> None:
        """Make, prove or restore a backup."""
        from screens.backups import run_flow

        await run_flow(self.front, what)

    async def action_check(self) -> None:
        """Whether log and snapshots agree."""
        from screens.checking import show_check

        await show_check(self.front)

    async def action_clipboard(self) -> None:
        """What the school says of the clipboard."""
        from screens.printing import set_clipboard

        await set_clipboard(self.front)

    async def action_granted(self) -> None:
        """A case that was granted to an auditor."""
        from screens.granting import open_granted

        await open_granted(self.front)

    async def action_passphrase(self) -> None:
        """Change one's own passphrase."""
        from screens.people_secret import change_own

        await change_own(self.front)

    async def action_concern(self) -> None:
        """Report a concern."""
        from screens.concern import report_concern

        await report_concern(self.front)

    @property
    def front(self) -> WorkScreen:
        """The screen in front; only asked where it is one of ours."""
        return cast("WorkScreen", self.screen)


@contextmanager
def _signals(app: WorkbenchApp) -> Iterator[None]:
    """Within it SIGHUP and SIGTERM end the app. The loop's own handlers would wait for a loop that stands still."""
    numbers = (signal.SIGHUP, signal.SIGTERM)
    before = [(number, signal.signal(number, app.told)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _locked(desk: "Desk", idle: float) -> WorkbenchApp:
    from screens.lockedstart import LockedApp

    return LockedApp(desk, idle)


def run(desk: "Desk", dog: Watchdog | None = None) -> int:
    """Open the app and return its exit code: 0 left, 1 a fault of ours, 129 or 143 the line or the program was ended;
    75 is the watchdog's, which ends the process at once. Over SSH, where people sit at their own machine, the idle
    lock comes later.

    Args:
        desk: a signed-in desk, or one with nobody signed in, which begins at the lock; it is closed, with fresh
            snapshots, when the app ends.
        dog: a watchdog that was started before; one is started otherwise.
    """
    from screens.terminal import safe_input

    safe_input()
    idle = IDLE_SSH if "SSH_CONNECTION" in os.environ else IDLE_LOCAL
    app = WorkbenchApp(desk, idle=idle) if desk.who is not None else _locked(desk, idle)
    if dog is None:
        dog = Watchdog()
        dog.start()
    dog.pulse = app.pulse
    with _signals(app):
        try:
            outcome = app.run()
        finally:
            app.pulse.beating = False
            app.drafts.write()
            app.desk.close(snapshot=True)
    if app.failure:
        faults.say(app.failure)
    return outcome if outcome is not None else app.return_code or 0
