"""All referrals and decisions not to refer: who has not answered yet comes first."""

from datetime import date

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.names import pupil_of
from screens.text import Col, day_words, stamp_words
from screens.widgets.lines import Lines, Row
from workbench.desk import referrals
from workbench.domain.cases import Referral


class ReferralsScreen(WorkScreen):
    """The list of referrals."""

    AREA = "cases"
    SECTION = "referrals"
    BINDINGS = keys.bindings("referrals")
    FOCUS = "#referrals"

    found: dict[str, Referral]

    def headline(self) -> str:
        """What the list is."""
        return "Referrals"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        cols = [Col("Made", 16), Col("Pupil", 18, grow=1), Col("To", 16, grow=1), Col("State", 22, grow=2)]
        yield Lines(cols, id="referrals")

    def load(self) -> None:
        """Read the referrals."""
        found = sorted(referrals.referrals(self.desk, texts=False), key=lambda each: each.at, reverse=True)
        found.sort(key=lambda each: not waits(each))
        self.found = {each.id: each for each in found}
        self.query_one("#referrals", Lines).show(
            [self._row(each) for each in found],
            empty="No referral was recorded yet. In a case, r records one, or the decision not to refer.",
        )

    def _row(self, each: Referral) -> Row:
        late = overdue(each, self.desk.today())
        mark = "!" if late else "○" if waits(each) else "●"
        to = dict(referrals.recipients(self.desk)).get(each.to, each.to)
        cells = (stamp_words(each.at), pupil_of(self.desk, each.pupil), to, state_of(each, self.desk.today()))
        return Row(each.id, cells, mark, "late" if late else "")

    def action_open(self) -> None:
        """Open the referral."""
        current = self.query_one("#referrals", Lines).current
        if current:
            self.go("referral", referral=current)

    def action_case(self) -> None:
        """Open its case."""
        current = self.found.get(self.query_one("#referrals", Lines).current)
        if current is not None:
            self.go("case", case=current.case)


def waits(each: Referral) -> bool:
    """Whether the recipient still owes an answer."""
    return each.decision == "refer" and not each.replies


def overdue(each: Referral, today: date) -> bool:
    """Whether the day to follow it up has passed without an answer."""
    return waits(each) and each.follow_up is not None and each.follow_up < today


def state_of(each: Referral, today: date) -> str:
    """The state in words."""
    if each.decision == "not-referred":
        return "decided not to refer"
    if each.replies:
        last = each.replies[-1]
        outcome = f": {last.outcome}" if last.outcome else ""
        return f"answered {day_words(date.fromisoformat(last.at[:10]), today)}{outcome}"
    if each.escalated:
        return "escalated"
    if each.follow_up is not None:
        late = "late: " if each.follow_up < today else ""
        return f"{late}no answer, follow up {day_words(each.follow_up, today)}"
    return "no answer yet"
