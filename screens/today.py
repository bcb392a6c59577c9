"""Today: what must be done, late first, each duty with its reason; then what is near and no duty yet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from screens import duty_acts, keys
from screens.duty_words import GROUP, duty_rows, warning_rows
from screens.frame import WorkScreen, long_day
from screens.text import Col, count, wrap
from screens.unfinished import CUT_OFF, left_rows, take_up, unfinished_rows
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel
from workbench.desk import duties, roll
from workbench.desk.failures import failure_words
from workbench.desk.permissions import may
from workbench.desk.proofs import proof_words

if TYPE_CHECKING:
    from workbench.desk.duties import Duty
    from workbench.domain.pupils import Pupil

COLS = (Col("Due", 10), Col("Pupil", 19, grow=1), Col("What must happen", 35, grow=2), Col("Source", 9))
WHY_LINES, WHY_TALL, TALL = 4, 8, 32
"""Lines of the reason, and in a window of at least `TALL` lines."""
REST = 0.12
"""Seconds that the cursor rests on a duty before its reason is shown: held-down arrows repaint two lines,
not six."""
NO_TERMS = "No terms of this school year: `workbench calendar add` adds them."
"""One line, so that it is in view above the first duty."""


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
        self._near_rows: list[Row] = []
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
        why.styles.height = self._room + 1
        yield why

    def load(self) -> None:
        """Read the duties and list them."""
        found = duties.due(self.desk)
        self.duties = {duty.id: duty for duty in found}
        self.pupils = {pupil.id: pupil for pupil in roll.pupils(self.desk, leavers=True)}
        self.shell.counted(found)
        rows = [*self._before(), *self._rows(found)]
        self.query_one("#duties", Lines).show([*rows, *self._near_rows], empty=self._empty())
        self.show_why()
        self.call_after_refresh(self._show_near, rows)

    def _rows(self, found: "Sequence[Duty]") -> list[Row]:
        rows = duty_rows(found, self.pupils, self.desk.today())
        return rows or [Row("", (self._empty(),))]

    def _before(self) -> list[Row]:
        """How much stands that is not this person's to see, whether the calendar has ended, who is guessed at."""
        rows = [Row("", (NO_TERMS,), "!", "late")] if duties.calendar_gap(self.desk) else []
        hidden = duties.due_hidden(self.desk)
        if hidden:
            rows.append(Row("", (f"{hidden} more for the DSL: speak to them.",), tone="quiet"))
        if words := proof_words(self.desk):
            rows.append(Row("", (words,), "!", "late"))
        left = left_rows(self.shell.drafts.left(self.desk.user()))
        rows = [*unfinished_rows(self.desk), *left, *rows]
        return [*rows, *(Row("", (f"{words}.",), "!", "late") for words in failure_words(self.desk))]

    def _show_near(self, rows: list[Row]) -> None:
        """Add the runs of absence that near a trigger, after the duties are painted: nobody waits for them."""
        near = warning_rows(duties.warnings(self.desk), self.pupils) if may(self.desk, "duty.why") else []
        head = [Row("", ("",)), Row("", ("Near, and no duty yet",), tone="quiet")] if near else []
        before, self._near_rows = self._near_rows, [*head, *near]
        if self._near_rows != before:
            self.query_one("#duties", Lines).change([*rows, *self._near_rows])

    def _empty(self) -> str:
        today = self.desk.today()
        number = sum(pupil.left is None or pupil.left > today for pupil in self.pupils.values())
        closed = self.desk.calendar().why_closed(today)
        why = f"no school today ({closed})" if closed else "registers and cases ask for nothing"
        return f"Nothing is due: {why}. {count(number, 'pupil')} on roll."

    @property
    def current(self) -> "Duty | None":
        """The duty under the cursor."""
        return self.duties.get(self.query_one("#duties", Lines).current.removeprefix(GROUP))

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
        room = self._room
        return lines if len(lines) <= room else [*lines[: room - 1], "... w shows the rest"]

    @property
    def _room(self) -> int:
        return WHY_TALL if self.app.size.height >= TALL else WHY_LINES

    def on_resize(self) -> None:
        """Give the reason more room in a tall window."""
        self.query_one("#why", Panel).styles.height = self._room + 1
        self.show_why()
        super().on_resize()

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Do the next step of the duty under the cursor; of what is near, open the pupil."""
        current = self.query_one("#duties", Lines).current
        if current.startswith(CUT_OFF):
            await take_up(self, current.removeprefix(CUT_OFF))
        elif current.startswith(GROUP):
            self.go("register")
        elif self.current is not None:
            await duty_acts.do_duty(self, self.current.id)
        elif pupil := self._near():
            self.go("pupil", pupil=pupil)

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

        if pupil := self._pupil():
            await open_case(self, pupil, self.current.id if self.current else "")

    async def action_refer(self) -> None:
        """Record a referral for the pupil."""
        from screens.referral import refer_pupil

        if pupil := self._pupil():
            await refer_pupil(self, pupil)

    def action_print(self) -> None:
        """The daily sheet."""
        self.go("print", kind="daily")

    def action_pupil(self) -> None:
        """The pupil's page."""
        if pupil := self._pupil():
            self.go("pupil", pupil=pupil)

    def action_calls(self) -> None:
        """The first-day call list."""
        self.go("call-list")

    def _near(self) -> str:
        kind, _, pupil = self.query_one("#duties", Lines).current.partition(" ")
        return pupil if kind == "near" else ""

    def _pupil(self) -> str:
        pupil = (self.current.pupil or "") if self.current is not None else self._near()
        if not pupil:
            self.say("This is about no single pupil.", late=True)
        return pupil
