"""The veil, the lock and the sign-in within the app; and the words for a window that is too small."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from screens.text import clock_of
from screens.widgets.form import Field, Form
from screens.widgets.paint import Panel
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from screens.app import WorkbenchApp
    from screens.frame import Place
    from workbench.desk.context import Desk


class LockScreen(Screen[None]):
    """Nothing of a record is on it: who is it, and the passphrase.

    Args:
        desk: the folder; a person signs in at it.
        user: who was signed in; comes back to `places` on unlocking.
        places: what was open, from below.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.quit", "quit", priority=True, show=False),
        Binding("escape", "clear", "clear", show=False),
    ]

    def __init__(self, desk: "Desk", user: str, places: "Sequence[Place]") -> None:
        super().__init__()
        self.desk, self.user, self.places = desk, user, places

    @property
    def shell(self) -> "WorkbenchApp":
        """The app, by its own type."""
        return cast("WorkbenchApp", self.app)

    def compose(self) -> ComposeResult:
        """The school, an empty screen, and the form."""
        school = self.desk.school().name
        yield Panel(lines=[[(f" {school}    locked {clock_of(self.desk.stamp())}", "strong")]], id="where")
        fields = [
            Field("user", "Who is it?", value=self.user if self.user != "-" else "", required=True),
            Field("passphrase", "Passphrase", kind="secret", required=True),
        ]
        yield Form(fields, self.desk.today(), id="unlock")
        yield Panel(
            lines=[[(" Enter unlock   Tab next field   Ctrl+Q close the workbench", "quiet")]], id="keys"
        )

    def on_mount(self) -> None:
        """The passphrase is what is usually typed."""
        self.query_one("#unlock", Form).focus_field("passphrase" if self.user != "-" else "user")

    def action_clear(self) -> None:
        """Empty the passphrase."""
        self.query_one("#unlock", Form).set_value("passphrase", "")

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

        form = self.query_one("#unlock", Form)
        try:
            desk = await asyncio.to_thread(sign_in, self.desk, user, passphrase)
        except WorkbenchError as error:
            form.set_value("passphrase", "")
            form.complain("passphrase", error.what)  # one line: what was kept needs no words here
            return
        self.shell.unlocked(desk, self.user, self.places)


class SmallScreen(Screen[None]):
    """The window is too small to be worked in."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        """What is wrong and what to do, and nothing else."""
        yield Panel(lines=["The window is too small.", "Make it 60x20 or larger."], id="small")
