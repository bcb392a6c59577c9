"""The veil, the lock and the sign-in within the app; and the words for a window that is too small."""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from screens.asking import AskingScreen
from screens.locking import IDLE_LOOK
from screens.text import clock_of
from screens.widgets.form import Field, Form
from screens.widgets.host import Host
from screens.widgets.paint import Panel
from workbench.domain.errors import RefusedError, WaitError, WorkbenchError

if TYPE_CHECKING:
    from screens.frame import Place
    from workbench.desk.context import Desk

KEYS = " Enter unlock   Ctrl+R report a concern   Ctrl+W another person   Ctrl+Q close"


class LockScreen(AskingScreen):
    """Nothing of a record is on it: who is it, and the passphrase.

    Args:
        desk: the folder; a person signs in at it.
        user: who was signed in; comes back to `places` on unlocking.
        places: what was open, from below.
        concern: a concern is taken at once, without a sign-in.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.quit", "quit", priority=True, show=False),
        Binding("ctrl+r", "concern", "concern", priority=True, show=False),
        Binding("ctrl+w", "person", "person", priority=True, show=False),
        Binding("escape", "clear", "clear", show=False),
    ]

    def __init__(self, desk: "Desk", user: str, places: "Sequence[Place]", concern: bool = False) -> None:
        super().__init__(desk)
        self.user, self.places, self.concern = user, places, concern

    def compose(self) -> ComposeResult:
        """The school, an empty screen, and the form."""
        yield Host()
        school = self.desk.school().name
        yield Panel(lines=[[(f" {school}    locked {clock_of(self.desk.stamp())}", "strong")]], id="where")
        fields = [
            Field("user", "Who is it?", value=self.user if self.user != "-" else "", required=True),
            Field("passphrase", "Passphrase or PIN", kind="secret", required=True),
        ]
        yield Form(fields, self.desk.today(), id="unlock")
        yield Panel(lines=[[(KEYS, "quiet")]], id="keys")

    def on_mount(self) -> None:
        """The passphrase is what is usually typed."""
        self._form.focus_field("passphrase" if self.user != "-" else "user")
        self.set_interval(IDLE_LOOK, self.look_idle, name="left alone")
        if self.concern:
            self.call_after_refresh(self.action_concern)

    @property
    def _form(self) -> Form:
        return self.query_one("#unlock", Form)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Within a dialog the lock's own keys mean nothing: Ctrl+W takes a word back there."""
        if self.dialogs and action in ("concern", "person", "clear"):
            return False
        return super().check_action(action, parameters)

    def say(self, text: str) -> None:
        """Show one line under the fields; it names no child."""
        self._form.say(text)

    # -- without a sign-in -----------------------------------------------------------------------------

    def action_concern(self) -> None:
        """Take a concern from whoever is there."""
        from screens.unproven import report_unproven

        self._begin(report_unproven(self))

    def action_person(self) -> None:
        """Somebody else signs in: pick who."""
        self._begin(self._switch())

    def _begin(self, asking: Awaitable[None]) -> None:
        self._form.set_value("passphrase", "")
        self.run_worker(self._guarded(asking), description="ask at the lock", group="asking", exclusive=True)

    async def _guarded(self, asking: Awaitable[None]) -> None:
        try:
            await asking
        except WorkbenchError as error:
            self._form.say(error.what, late=True)
        if self.focused is None:
            self._form.focus_field("passphrase" if self._form.values()["user"] else "user")

    async def _switch(self) -> None:
        from screens.unproven import pick_person

        user = await pick_person(self, "Who signs in?")
        if user is not None:
            self._form.set_value("user", user)
            self._form.focus_field("passphrase")

    def look_idle(self) -> None:
        """Take what somebody typed and left off the screen; it is kept for its writer. Paints nothing otherwise."""
        pulse = self.shell.pulse
        if self.dialogs and pulse.clock() - pulse.touched >= pulse.idle:
            self.put_away()

    def put_away(self) -> None:
        """Close what is asked at the lock; a concern that was begun is kept for the account that was picked."""
        for dialog in reversed(self.dialogs):
            dialog.finish(None)

    # -- signing in ------------------------------------------------------------------------------------

    def action_clear(self) -> None:
        """Empty the passphrase."""
        self._form.set_value("passphrase", "")

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Check the passphrase; the check takes a moment and runs beside the screen."""
        event.stop()
        values = event.values
        event.form.say("checking ...")
        self.run_worker(
            self._unlock(values["user"], values["passphrase"]),
            description="unlock",
            exclusive=True,
            group="unlock",
        )

    async def _unlock(self, user: str, passphrase: str) -> None:
        import asyncio

        from workbench.desk.signin import sign_in

        form = self._form
        try:
            desk = await asyncio.to_thread(sign_in, self.desk, user, passphrase)
            refuse_without_role(desk)
        except WorkbenchError as error:
            form.set_value("passphrase", "")
            form.complain("passphrase", _one_line(error))
            return
        self.shell.unlocked(desk, self.user, self.places)


def refuse_without_role(desk: "Desk") -> None:
    """Raise RefusedError where somebody without any role signed in: the app has nothing to show them."""
    from workbench.desk.slots import is_first

    if desk.who is not None and not desk.who.roles and is_first(desk, desk.user()):
        raise RefusedError(
            f"{desk.user()} chooses their own passphrase first, with `workbench people passphrase`.",
            todo="A first passphrase opens nothing else.",
        )
    if desk.who is not None and not desk.who.roles:
        raise RefusedError(
            f"{desk.user()} has no role; a new passphrase is chosen with `workbench people passphrase`.",
            todo="A DSL or leader gives roles.",
        )


def _one_line(error: WorkbenchError) -> str:
    """What the lock shows of an error: what was kept needs no words here; how long to wait does."""
    if isinstance(error, WaitError) or not error.todo.startswith("Wait "):
        return error.what
    return f"{error.what} {error.todo.split(',')[0]}."


class SmallScreen(Screen[None]):
    """The window is too small to be worked in."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        """What is wrong and what to do, and nothing else."""
        yield Panel(lines=["The window is too small.", "Make it 60x20 or larger."], id="small")
