"""The calendar: the year at a glance, its terms and closures; a day closed, or opened again."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from screens import keys
from screens.calendartalk import ask_closure, confirm_move, row_words
from screens.frame import WorkScreen, long_day
from screens.text import MONTHS, Col, count
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, Spans
from screens.yearpicture import CLOSED, LEGEND, WIDTH, year_lines
from workbench.desk import calendars
from workbench.desk.yearbook import TermRow
from workbench.domain.years import year_label

if TYPE_CHECKING:
    from workbench.desk.calendars import CalendarView, ClosureRow
    from workbench.desk.context import Desk

COLS = (Col("When", 15), Col("What", 12, grow=1), Col("Days", 4, right=True))


class CalendarScreen(WorkScreen):
    """The calendar; a place of the palette.

    Args:
        desk: the desk.
        year: a school year such as `2026-27`; this year's unless given.
    """

    AREA = ""
    SECTION = "calendar"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("calendar")
    FOCUS = "#calendar"

    view: "CalendarView"

    def __init__(self, desk: "Desk", year: str = "") -> None:
        super().__init__(desk, year=year)
        years = desk.years()
        now = year_label(desk.today())
        self.year = year or (now if now in years else years[-1])

    def headline(self) -> str:
        """Which year."""
        return f"Calendar {self.year}"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The year at a glance, and the list beside it."""
        with Horizontal():
            picture = Panel(id="year")
            picture.styles.width, picture.styles.height = WIDTH, "1fr"
            yield picture
            yield Lines(COLS, id="calendar")

    def load(self) -> None:
        """Read the calendar."""
        self.view = calendars.show(self.desk, self.year)
        self.query_one("#year", Panel).set(self._picture())
        rows = sorted(self._rows(), key=lambda row: (row.first, row.last))
        self.query_one("#calendar", Lines).show([_row(row) for row in rows], empty="This year has no terms.")

    def _rows(self) -> "list[TermRow | ClosureRow]":
        return [*self.view.terms, *self.view.closures]

    def _picture(self) -> "list[str | Spans]":
        year, calendar = self.view.years[0], self.desk.calendar(self.year)
        odd = [remark.on for remark in self.view.remarks if remark.on is not None]
        lines: list[str | Spans] = [[(f" {year.days} school days, {year.sessions} sessions", "strong")]]
        lines += year_lines(calendar, year.first, year.last, self.desk.today(), odd)
        lines += ["", *([(f" {line}", "quiet")] for line in LEGEND)]
        if self.view.remarks:
            lines.append([(f" ! {count(len(self.view.remarks), 'remark')}: Enter reads", "late")])
        return lines

    @property
    def current(self) -> "TermRow | ClosureRow | None":
        """The term or closure under the cursor."""
        key = self.query_one("#calendar", Lines).current
        return next((row for row in self._rows() if _key(row) == key), None)

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """The line under the cursor in words, and the remarks about the year."""
        lines = row_words(self.current) if self.current is not None else []
        for remark in self.view.remarks:
            lines += ["", remark.text, f"  Source: {remark.source}."]
        await self.tell(f"Calendar {self.year}", lines or ["Nothing stands in this year."])

    async def action_close(self) -> None:
        """Close school days, once the deadlines that move were seen."""
        asked = await ask_closure(self)
        if asked is None:
            return
        first, last, why = asked
        shown = calendars.close(self.desk, first, last, why, dry_run=True)
        if await confirm_move(self, shown):
            self._done(calendars.close(self.desk, first, last, why, rev=shown.rev))

    async def action_reopen(self) -> None:
        """Take back the closure under the cursor, once the deadlines that move were seen."""
        row = self.current
        if row is None or isinstance(row, TermRow):
            self.say("The cursor is on no closure.", late=True)
            return
        shown = calendars.open_(self.desk, row.first, row.last, dry_run=True)
        if await confirm_move(self, shown):
            self._done(calendars.open_(self.desk, row.first, row.last, rev=shown.rev))

    def _done(self, made: "calendars.Changed") -> None:
        self.year = made.year
        self.shell.recount()
        self.reload()
        self.say(calendars.words_of(made)[0])

    def action_earlier(self) -> None:
        """The school year before."""
        self._turn(-1)

    def action_later(self) -> None:
        """The school year after."""
        self._turn(1)

    def _turn(self, step: int) -> None:
        years = self.desk.years()
        place = years.index(self.year) + step
        if not 0 <= place < len(years):
            self.say(f"The calendar has {', '.join(years)}.")
            return
        self.year = years[place]
        self.reload()


def _key(row: "TermRow | ClosureRow") -> str:
    return f"{type(row).__name__} {row.id}"


def _row(row: "TermRow | ClosureRow") -> Row:
    """A line of the list: closures are marked by the sign that they have in the picture."""
    term = isinstance(row, TermRow)
    cells = (_when(row.first, row.last), row.name if isinstance(row, TermRow) else row.why, str(row.days))
    return Row(_key(row), cells, "" if term else CLOSED)


def _when(first: date, last: date) -> str:
    """`3 Sep - 18 Dec`, `2 Nov`."""
    words = [f"{day.day} {MONTHS[day.month - 1]}" for day in dict.fromkeys((first, last))]
    return " - ".join(words)
