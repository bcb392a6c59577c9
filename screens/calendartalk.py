"""What the calendar asks: which days, and whether they are closed although these deadlines move."""

from datetime import date
from typing import TYPE_CHECKING

from screens.names import pupil_of
from screens.text import Col, date_words, day_words
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import calendars, duties
from workbench.desk.yearbook import ClosureRow, TermRow
from workbench.domain.errors import NotFoundError

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.calendars import Changed
    from workbench.domain.moves import Move

COLS = (Col("", 23), Col("", 16, grow=1), Col("", 22, grow=2))


def row_words(row: "TermRow | ClosureRow") -> list[str]:
    """A term or a closure in words."""
    days = (
        f"{date_words(row.first)} to {date_words(row.last)}"
        if row.first != row.last
        else date_words(row.first)
    )
    if isinstance(row, TermRow):
        return [f"{row.name}: {days}, {row.days} school days."]
    kind = "" if row.kind in row.why.casefold() or row.kind == row.why else f" ({row.kind})"
    return [f"Closed, {row.why}{kind}: {days}, {row.days} days that would be school days."]


async def ask_closure(screen: "WorkScreen") -> tuple[date, date | None, str] | None:
    """The days to close and why; None where the form was left."""
    fields = [
        Field("first", "First day", "date", "today", required=True),
        Field("last", "Last day", "date", hint="Empty: one day. Weekends between are passed over."),
        Field(
            "why", "Reason", limit=200, hint="As the calendar shows it: INSET, bank holiday, burst pipe ..."
        ),
    ]
    text = "Next you see which deadlines move; nothing is closed before you say so."
    answer = await screen.fill("Close school days", fields, text, draft="calendar close")
    if answer is None:
        return None
    last = date.fromisoformat(answer["last"]) if answer["last"] else None
    return date.fromisoformat(answer["first"]), last, answer["why"]


async def confirm_move(screen: "WorkScreen", shown: "Changed") -> bool:
    """Show what moves and ask; No is first. Enter on a deadline shows why it stands, and asks again."""
    yes = "Close it" if shown.act == "close" else "Open it again"
    if shown.moved:
        yes += f": the deadlines below move ({len(shown.moved)})"
    drawn = [(move, _cells(screen, move)) for move in shown.moved]
    drawn.sort(key=lambda each: (each[0].due or each[0].due_before or date.max, each[1]))
    rows = [Row("no", ("No, leave it as it is",)), Row("yes", (yes,))]
    rows += [Row(f"duty {move.id}", cells, "!" if move.earlier else "") for move, cells in drawn]
    text = " ".join(
        [*calendars.words_of(shown), *([f"{shown.hidden} more for the DSL."] if shown.hidden else [])]
    )
    at = "no"
    while True:
        answer = await screen.choose("Close school days" if shown.act == "close" else "Take a closure back", rows,
                                     text, at=at, cols=COLS)  # fmt: skip
        if answer in (None, "no", "yes"):
            return answer == "yes"
        at = answer or "no"
        await _tell_why(screen, at.partition(" ")[2])


def _cells(screen: "WorkScreen", move: "Move") -> tuple[str, ...]:
    today = screen.desk.today()
    was = day_words(move.due_before, today) if move.due_before else "new"
    now = day_words(move.due, today) if move.due else "gone"
    who = pupil_of(screen.desk, move.pupil) if move.pupil else move.id.split(":")[1]
    return f"{was} → {now}", who, move.action


async def _tell_why(screen: "WorkScreen", duty: str) -> None:
    try:
        lines = duties.why(screen.desk, duty)
    except NotFoundError:
        lines = ["This duty does not stand now: it would begin with the change."]
    await screen.tell("Why", lines)
