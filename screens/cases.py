"""The cases: open ones first, what stands at each step, and what comes next. Empty says why."""

from collections.abc import Sequence

from textual.app import ComposeResult

from screens import keys
from screens.concern import choose_pupil
from screens.frame import WorkScreen, long_day
from screens.names import people_names, pupil_of, pupil_words
from screens.text import Col, count, stamp_words
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import cases
from workbench.desk.cases import CaseRow, StepState

SIGNS = {"done": "●", "begun": "◐", "open": "○", "does-not-apply": "–", "waits": "·"}
"""Step state to its sign."""
WAITS = {"us": "us", "la": "the LA", "parents": "parents", "police": "police", "social-care": "social care"}
OPENING = "It is opened in your name. What register and duty already say is filled in; danger comes first."
"""What is said before a case is opened."""


class CasesScreen(WorkScreen):
    """The list of area 4."""

    AREA = "cases"
    SECTION = "cases"
    BINDINGS = keys.bindings("cases")
    FOCUS = "#cases"

    closed = False
    """Whether closed cases are shown as well."""

    def headline(self) -> str:
        """What the list is."""
        return "Cases, closed ones too" if self.closed else "Cases"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        yield Lines(
            [
                Col("Case", 8),
                Col("Pupil", 20, grow=1),
                Col("Steps", 9),
                Col("Next", 20, grow=2),
                Col("Waits for", 11),
                Col("Owner", 14, wide=110),
            ],
            id="cases",
        )

    def load(self) -> None:
        """Read the cases."""
        found = sorted(cases.cases(self.desk, open_only=not self.closed), key=lambda row: not in_danger(row))
        names = people_names(self.desk)
        self.query_one("#cases", Lines).show([self._row(row, names) for row in found], empty=self._empty())

    def _empty(self) -> str:
        if self.closed:
            return "No case was ever opened here. n opens one; on Today, c opens one from a duty."
        closed = len(cases.cases(self.desk, open_only=False))
        kept = f" {count(closed, 'closed case')} kept: s shows them." if closed else ""
        return f"No case is open.{kept} n opens one; on Today, c opens one from a duty."

    def _row(self, row: CaseRow, names: dict[str, str]) -> Row:
        case = row.case
        ended = not case.is_open
        danger = in_danger(row)
        what = f"closed {stamp_words(case.closings[-1].at)}" if ended else next_words(row)
        cells = (
            case.id,
            pupil_words(row.pupil),
            steps_words(row.steps),
            what,
            "–" if ended else WAITS.get(case.waits_for, case.waits_for),
            names.get(case.owner, case.owner),
        )
        return Row(case.id, cells, "●" if ended else "!" if danger else "◐", "late" if danger else "")

    # -- keys ------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the case under the cursor."""
        current = self.query_one("#cases", Lines).current
        if current:
            self.go("case", case=current)

    async def action_new(self) -> None:
        """Open a case for a pupil."""
        pupil = await choose_pupil(self, "Open a case for which child?")
        if pupil is not None:
            await open_case(self, pupil)

    def action_closed(self) -> None:
        """Show closed cases as well, or not."""
        self.closed = not self.closed
        self.reload()

    def action_removals(self) -> None:
        """All removals."""
        self.go("removals")

    def action_referrals(self) -> None:
        """All referrals."""
        self.go("referrals")

    def action_returns(self) -> None:
        """Returns to the local authority."""
        self.go("returns")

    def action_concerns(self) -> None:
        """Concerns that were reported."""
        self.go("concerns")

    async def action_bring_in(self) -> None:
        """Import a case that another school handed over."""
        from screens.sender import bring_in

        await bring_in(self)


def in_danger(row: CaseRow) -> bool:
    """Whether the danger question is open, or a yes to it still waits for its referral."""
    unanswered = any(step.key == "danger" and step.state != "done" for step in row.steps)
    return row.case.is_open and (unanswered or any(step.state == "waits" for step in row.steps))


def next_words(row: CaseRow) -> str:
    """`3 risk groups`; that the referral comes first, where it does."""
    if any(step.state == "waits" for step in row.steps):
        return "refer now: danger comes first"
    going = next((step for step in row.steps if step.state in ("open", "begun")), None)
    return f"{going.number} {going.title.lower()}" if going is not None else row.next


def steps_words(steps: Sequence[StepState]) -> str:
    """One sign a step, in order: `●●●◐○○○–○`."""
    return "".join(SIGNS.get(step.state, "?") for step in steps)


async def open_case(screen: WorkScreen, pupil: str, duty: str = "") -> None:
    """Go to the pupil's open case; where there is none, a new one is opened first."""
    case = await ensure_case(screen, pupil, duty)
    if case is not None:
        screen.go("case", case=case)


async def ensure_case(screen: WorkScreen, pupil: str, duty: str = "") -> str | None:
    """The id of the pupil's open case, or of a new one after asking what is needed; None where that was left.

    Args:
        screen: where it was asked for.
        pupil: id.
        duty: the id of the duty it comes from; then nothing is asked but whom it is about.
    """
    existing = [row.case.id for row in cases.cases(screen.desk, open_only=True) if row.case.pupil == pupil]
    if existing:
        return existing[0]
    name = pupil_of(screen.desk, pupil)
    choices = cases.triggers(screen.desk)
    trigger = Field("trigger", "How it came up", "choice", choices=choices, required=True)
    about = Field(
        "about", "About a colleague?", hint="Their user name: they will never see it. Usually empty."
    )
    fields = [about] if duty else [trigger, about]
    answer = await screen.fill(f"Open a case for {name}", fields, OPENING)
    if answer is None:
        return None
    users = tuple(answer["about"].split())
    case = cases.open_case(screen.desk, pupil, duty or answer["trigger"], about=users, duty=duty or None)
    screen.shell.recount()
    return case.id
