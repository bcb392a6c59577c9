"""The year as a picture: a column for each school week, a row for each weekday, two cells for AM and PM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from screens.text import DAYS, MONTHS, day_words
from screens.widgets.paint import Span

SESSIONS = ("AM", "PM")
PRESENT = ("/", "\\")
HERE, CLOSED, BLANK = "▇", "░", "·"
LABEL = 5
"""Cells of the weekday's name."""
UNEXPLAINED = frozenset("NOGU")
"""Marks drawn as absences that nobody authorised; the letter says which."""
LEGEND = f"{HERE} here  letter: mark  {CLOSED} closed  {BLANK} none"


class Days(Protocol):
    """What the picture asks of a calendar."""

    @property
    def days(self) -> tuple[date, ...]:
        """The school days."""
        ...

    def is_school_day(self, day: date, /) -> bool:
        """Whether there is a session for pupils."""
        ...


@dataclass(frozen=True, slots=True)
class Weeks:
    """The Mondays that are shown.

    Args:
        mondays: of all school weeks of the year.
        first: place of the first one shown.
        shown: how many are.
    """

    mondays: tuple[date, ...]
    first: int
    shown: int

    @property
    def window(self) -> tuple[date, ...]:
        """The Mondays in view."""
        return self.mondays[self.first : self.first + self.shown]


def weeks_of(days: Sequence[date], today: date, width: int, shift: int = 0) -> Weeks:
    """The school weeks that fit into `width` cells, this week among them.

    Args:
        days: the school days of the year.
        today: the week it falls into stands in the last third.
        width: cells.
        shift: weeks to move the window by, for looking back or ahead.
    """
    mondays = tuple(sorted({day - timedelta(days=day.weekday()) for day in days}))
    shown = max(1, min(len(mondays), (width - LABEL - 1) // 3))
    this = sum(monday <= today for monday in mondays)
    first = max(0, min(len(mondays) - shown, this - shown * 2 // 3 + shift if this > shown else shift))
    return Weeks(mondays, first, shown)


def month_line(weeks: Weeks) -> str:
    """The months over their first weeks."""
    text, last = " " * LABEL, 0
    for monday in weeks.window:
        month = (monday + timedelta(days=4)).month
        text += MONTHS[month - 1] if month != last else "   "
        last = month
    return text


def heat_lines(
    weeks: Weeks, calendar: Days, marks: Mapping[tuple[date, str], str], today: date
) -> list[list[Span]]:
    """Five lines, Monday to Friday. Spans of equal tone are joined, so that a line is few runs."""
    lines = []
    for weekday in range(5):
        spans: list[Span] = [(f" {DAYS[weekday]} ", "quiet")]
        for monday in weeks.window:
            day = monday + timedelta(days=weekday)
            for session in SESSIONS:
                _add(spans, *_cell(calendar, marks.get((day, session), ""), day, today))
            _add(spans, " ", spans[-1][1])
        lines.append(spans)
    return lines


def _add(spans: list[Span], text: str, tone: str) -> None:
    if spans[-1][1] == tone:
        spans[-1] = (spans[-1][0] + text, tone)
    else:
        spans.append((text, tone))


def _cell(calendar: Days, code: str, day: date, today: date) -> Span:
    if code in PRESENT:
        return HERE, ""
    if code:
        return code[0], "late" if code in UNEXPLAINED else "strong"
    if not calendar.is_school_day(day):
        return CLOSED, "quiet"
    return (BLANK if day <= today else " "), ""


def run_words(days: int, first: date | None, today: date) -> str:
    """`run: 10 school days from Thu 5 Nov`; empty without one."""
    if days < 1 or first is None:
        return ""
    return f"run: {days} school {'day' if days == 1 else 'days'} from {day_words(first, today)}"
