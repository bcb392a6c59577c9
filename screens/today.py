"""Today: what must be done, late first, each duty with its reason."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from screens import duty_acts, keys
from screens.duty_words import duty_row
from screens.frame import WorkScreen, long_day
from screens.text import Col, count, wrap
from screens.widgets.lines import Lines
from screens.widgets.paint import Panel
from workbench.desk import duties, roll
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from workbench.desk.duties import Duty

    from workbench.domain.pupils import Pupil

COLS = (Col("Due", 10), Col("Pupil", 20, grow=1), Col("What must happen", 36, grow=2), Col("Source", 8))
WHY_LINES = 4
REST = 0.12
"""Seconds that the cursor rests on a duty before its reason is shown: held-down arrows repaint two lines,
not six."""
MANY = 6
"""Registers of one session that are listed one by one; more become one line."""


class TodayScreen(WorkScreen):
    """The list of duties and, below it, why the one under the cursor stands."""

    AREA = "today"
    SECTION = "today"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("today")
    FOCUS = "#duties"

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.duties: dict[str, Duty] = {}
        self.pupils: dict[str, Pupil] = {}
        self._why: Timer | None = None

    def headline(self) -> str:
        """The school and its number."""
        school = self.desk.school()
        return f"{school.name} {school.number}"

    def middle(self) -> str:
        """The day and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list and the why-panel."""
        yield Lines(COLS, id="duties")
        why = Panel("why", id="why")
        why.styles.height = WHY_LINES + 1
        yield why

    def load(self) -> None:
        """Read the duties and list them."""
        found = duties.due(self.desk)
        self.duties = {duty.id: duty for duty in found}
        self.pupils = {pupil.id: pupil for pupil in roll.pupils(self.desk, leavers=True)}
        self.shell.counted(found)
        today = self.desk.today()
        rows = [duty_row(duty, self.pupils, today) for duty in found]
        self.query_one("#duties", Lines).show(rows, empty=self._empty())
        self.show_why()

    def _empty(self) -> str:
        pupils = [pupil for pupil in self.pupils.values() if pupil.left is None]
        return f"Nothing is due. {count(len(pupils), 'pupil')} on roll."

    @property
    def current(self) -> "Duty | None":
        """The duty under the cursor."""
        return self.duties.get(self.query_one("#duties", Lines).current)

    # -- why -------------------------------------------------------------------------------------------

    def on_lines_moved(self, event: Lines.Moved) -> None:
        """Show the reason once the cursor rests."""
        event.stop()
        if self._why is not None:
            self._why.stop()
        self._why = self.set_timer(REST, self.show_why, name="why")

    def show_why(self) -> None:
        """Show why the duty under the cursor stands, as much as fits."""
        self.query_one("#why", Panel).set([f" {line}" for line in self._why_lines()])

    def _why_lines(self) -> list[str]:
        duty = self.current
        if duty is None:
            return []
        if not may(self.desk, "duty.why"):
            return [duty.action]
        width = self.app.size.width - 2
        lines = [part for line in duties.why(self.desk, duty.id) for part in wrap(line, width)]
        return lines if len(lines) <= WHY_LINES else [*lines[: WHY_LINES - 1], "... w shows the rest"]

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Do the next step of the duty under the cursor."""
        if self.current is not None:
            await duty_acts.do_duty(self, self.current.id)

    async def action_why(self) -> None:
        """Why it stands, in full."""
        if self.current is not None:
            await duty_acts.tell_why(self, self.current.id)

    async def action_done(self) -> None:
        """Settle it by hand."""
        if self.current is not None:
            await duty_acts.settle(self, self.current.id)

    async def action_override(self) -> None:
        """Go on without a policy duty."""
        if self.current is not None:
            await duty_acts.settle(self, self.current.id, override=True)

    async def action_case(self) -> None:
        """The pupil's case, or a new one from this duty."""
        from screens.cases import open_case

        if (pupil := self._pupil()) and self.current is not None:
            await open_case(self, pupil, self.current.id)

    def action_refer(self) -> None:
        """Record a referral for the pupil."""
        if pupil := self._pupil():
            self.go("referral", pupil=pupil)

    def action_pupil(self) -> None:
        """The pupil's page."""
        if pupil := self._pupil():
            self.go("pupil", pupil=pupil)

    def action_calls(self) -> None:
        """The first-day call list."""
        self.go("call-list")

    def _pupil(self) -> str:
        duty = self.current
        if duty is None or duty.pupil is None:
            self.say("This is about no single pupil.", late=True)
            return ""
        return duty.pupil
