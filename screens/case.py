"""A case: its nine steps, what is outstanding, and its chronology."""

from datetime import date
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from screens import keys
from screens.callist import log_call
from screens.casework import assign_case, close_case, export_case, link_child, record_enquiry, write_note
from screens.duty_acts import do_duty, tell_why
from screens.duty_words import standing_words
from screens.frame import WorkScreen
from screens.granting import change_grant
from screens.names import people_names, pupil_words
from screens.referral import first_recipient, refer
from screens.removals import start_removal
from screens.sender import mark_words
from screens.steps import SIGNS, days_said
from screens.text import Col, day_words, due_words, layout, stamp_words
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, rule
from workbench.desk import cases
from workbench.desk.cases import CaseView, StepState

if TYPE_CHECKING:
    from workbench.desk.duties import Duty

FEW = 3
"""Outstanding duties that are listed at first, so that the chronology is in view."""
STEP = (Col("", 17), Col("", 20, grow=1))
LINE = (Col("", 17), Col("", 20, grow=1), Col("", 12))
WAITS = {
    "us": "us",
    "la": "the LA",
    "parents": "the parents",
    "police": "the police",
    "social-care": "social care",
}


class CaseScreen(WorkScreen):
    """A case's page. Made with `case`, its id."""

    AREA = "cases"
    SECTION = "case"
    BINDINGS = keys.bindings("case")
    FOCUS = "#case"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.case: str = args["case"]
        self.view: CaseView = cases.show(desk, self.case)
        self.names = people_names(desk)
        self.all_duties = False
        """Whether every outstanding duty is listed, or the most pressing ones."""

    def headline(self) -> str:
        """The case and the child."""
        return f"{self.case} · {pupil_words(self.view.pupil)}"

    def body(self) -> ComposeResult:
        """One line about the case, one about whose it was if it was imported, and the list."""
        yield Panel(id="opened")
        if self.view.case.imported is not None:
            yield Panel(id="mark")
        yield Lines(id="case")

    def load(self) -> None:
        """Read it anew. The first look is in the log; the screen that stands open reads on."""
        self.view = cases.show(self.desk, self.case, again=True)
        self.query_one("#opened", Panel).set([[(f" {self._opened()}", "quiet")]])
        if self.view.case.imported is not None:
            self.query_one("#mark", Panel).set([[(f" {mark_words(self.view.case.imported)}", "strong")]])
        first = next((s.key for s in self.view.steps if s.state in ("open", "begun")), "happened")
        lines = self.query_one("#case", Lines)
        lines.show(self._rows(), at=None if lines.current else f"step:{first}")

    def _opened(self) -> str:
        case = self.view.case
        owner = self.names.get(case.owner, case.owner)
        state = f"waits for {WAITS.get(case.waits_for, case.waits_for)}" if case.is_open else "closed"
        return f"opened {stamp_words(case.opened, self.desk.today())} · {owner} owns it · {state}"

    def _rows(self) -> list[Row]:
        width = max(40, self.app.size.width - 4)
        rows = [self._step(state, width) for state in self.view.steps]
        if self.view.duties:
            rows.append(Row("", (rule("outstanding", width),), tone="quiet"))
            shown = self.view.duties if self.all_duties else self.view.duties[:FEW]
            rows += [self._duty(duty, width) for duty in shown]
            if len(shown) < len(self.view.duties):
                rows.append(Row("more:", (f"{len(self.view.duties) - FEW} more: Enter shows them",), "+"))
        rows.append(Row("", (rule("chronology", width),), tone="quiet"))
        for number, line in enumerate(self.view.chronology):
            who = self.names.get(line.by, line.by)
            cells = (stamp_words(line.at) if "T" in line.at else day_of(line.at), days_said(line.text), who)
            rows.append(Row(f"line:{number}", (layout(cells, LINE, width),)))
        return rows

    def _step(self, state: StepState, width: int) -> Row:
        cells = (f"{state.number} {state.title}", step_words(state))
        return Row(f"step:{state.key}", (layout(cells, STEP, width),), SIGNS.get(state.state, "?"))

    def _duty(self, duty: "Duty", width: int) -> Row:
        late = duty.state == "overdue"
        cells = (
            due_words(duty.due, self.desk.today(), duty.state),
            duty.action,
            standing_words(duty.standing),
        )
        sign, tone = ("!", "late") if late else ("○", "")
        return Row(f"duty:{duty.id}", (layout(cells, LINE, width),), sign, tone)

    # -- keys ------------------------------------------------------------------------------------------

    @property
    def current(self) -> tuple[str, str]:
        """Kind and name of the row under the cursor."""
        kind, _, rest = self.query_one("#case", Lines).current.partition(":")
        return kind, rest

    async def action_open(self) -> None:
        """Open the step, the duty's next step, or the line in full."""
        kind, rest = self.current
        if kind == "step":
            self.go("step", case=self.case, step=rest, seen=True)
        elif kind == "duty":
            await do_duty(self, rest)
        elif kind == "more":
            self.all_duties = True
            self.reload()
        elif kind == "line":
            line = self.view.chronology[int(rest)]
            who = self.names.get(line.by, line.by)
            await self.tell(f"{stamp_words(line.at)} · {who}", days_said(line.text).split("\n"))

    def action_print(self) -> None:
        """The chronology on paper."""
        self.go("print", kind="chronology", case=self.case)

    async def action_note(self) -> None:
        """Write a note; on a note of the chronology, offer to correct it."""
        kind, rest = self.current
        line = self.view.chronology[int(rest)] if kind == "line" else None
        note = next((n for n in self.view.notes if line is not None and n.id == line.id), None)
        if note is not None:
            options = [("new", "write another note"), ("correct", "correct this one; the original is kept")]
            chosen = await self.choose("Note", options)
            if chosen is None:
                return
            note = note if chosen == "correct" else None
        if await write_note(self, self.view, note):
            self._changed()

    async def action_enquiry(self) -> None:
        """Record an enquiry."""
        if await record_enquiry(self, self.view):
            self._changed()

    async def action_refer(self) -> None:
        """Record a referral."""
        if await refer(self, self.case, first_recipient(self.view)):
            self._changed()

    async def action_removal(self) -> None:
        """Start the removal, or open the one that runs."""
        if self.view.removal is not None:
            self.go("removal", removal=self.view.removal.id)
        else:
            await start_removal(self, self.view.pupil.id, self.case)

    async def action_export(self) -> None:
        """Write the case to a file."""
        if await export_case(self, self.view):
            self._changed()

    async def action_handover(self) -> None:
        """Hand the case over to the next school."""
        from screens.handover import hand_over

        if await hand_over(self, self.view):
            self._changed()

    def action_handovers(self) -> None:
        """The bundles of the case that left."""
        self.go("handovers", case=self.case)

    def action_sender(self) -> None:
        """What the school wrote that the case came from."""
        if self.view.case.imported is None:
            self.say("This case came from no other school.")
        else:
            self.go("sender", case=self.case)

    async def action_assign(self) -> None:
        """Owner, and whom it waits for."""
        if await assign_case(self, self.view):
            self._changed()

    async def action_link(self) -> None:
        """Link another child."""
        if await link_child(self, self.view):
            self._changed()

    async def action_grant(self) -> None:
        """Let an auditor read it, or take it back."""
        if await change_grant(self, self.view):
            self.reload()

    async def action_call(self) -> None:
        """Log a call or a visit in this case."""
        if await log_call(self, self.view.pupil.id, pupil_words(self.view.pupil), case=self.case):
            self._changed()

    async def action_close(self) -> None:
        """Close the case, or open it again."""
        if await close_case(self, self.view):
            self._changed()

    def action_pupil(self) -> None:
        """The pupil's page."""
        self.go("pupil", pupil=self.view.pupil.id)

    async def action_why(self) -> None:
        """Why the duty under the cursor stands; on a step, what it still needs."""
        kind, rest = self.current
        if kind == "duty":
            await tell_why(self, rest)
            return
        state = next((s for s in self.view.steps if kind == "step" and s.key == rest), None)
        if state is not None:
            await self.tell(
                state.title, ["Still missing here:", *(f"  {each}" for each in state.missing or ("nothing",))]
            )

    def _changed(self) -> None:
        """Show what was written, and keep the line that says so."""
        words = self.message
        self.reload()
        self.say(words)


def step_words(step: StepState) -> str:
    """What a step holds: its summary, or how much of it is still to answer."""
    if step.state in ("open", "begun") and step.missing and not step.summary:
        more = f" and {len(step.missing) - 1} more" if len(step.missing) > 1 else ""
        return f"to answer: {step.missing[0]}{more}"
    return days_said(step.summary)


def day_of(text: str) -> str:
    """A day without a time of its own, in words."""
    try:
        return day_words(date.fromisoformat(text[:10]))
    except ValueError:
        return text
