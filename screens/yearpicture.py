"""A school year at a glance: a line for each month, a cell for each day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from screens.text import MONTHS
from screens.widgets.paint import Span, Spans

SCHOOL, CLOSED, NONE, TODAY, HOLIDAY = "▇", "░", "·", "◆", "!"
WIDTH = 40
"""Cells: the month's name, 31 days, the number of school days, and the gap to what stands beside it."""
LEGEND = (
    f"{SCHOOL} school  {CLOSED} closed  {NONE} weekend, no term",
    f"{TODAY} today  {HOLIDAY} bank holiday with school",
)
LONGEST_MONTH = 31
_DECEMBER = 12


class Days(Protocol):
    """What the picture asks of a calendar."""

    def is_school_day(self, day: date, /) -> bool:
        """Whether there is a session for pupils."""
        ...

    def why_closed(self, day: date, /) -> str | None:
        """Why there is none."""
        ...


def year_lines(calendar: Days, first: date, last: date, today: date, holidays: Iterable[date]) -> list[Spans]:
    """A ruler, then a line for each month from `first` to `last`.

    Args:
        calendar: the school days.
        first: a day of the first month shown.
        last: a day of the last.
        today: drawn by a sign of its own.
        holidays: bank holidays on which there is school.
    """
    odd = frozenset(holidays)
    ruler = "".join(f"{number:<5}" for number in (1, 6, 11, 16, 21, 26, 31))
    lines: list[Spans] = [[(f"     {ruler}".rstrip(), "quiet")]]
    month = first.replace(day=1)
    while month <= last:
        lines.append(_month(calendar, month, today, odd))
        month = _next(month)
    return lines


def _month(calendar: Days, month: date, today: date, odd: frozenset[date]) -> Spans:
    days = [month + timedelta(days=n) for n in range((_next(month) - month).days)]
    spans: list[Span] = [(f" {MONTHS[month.month - 1]} ", "quiet")]
    for day in days:
        sign, tone = _cell(calendar, day, today, odd)
        if spans[-1][1] == tone:
            spans[-1] = (spans[-1][0] + sign, tone)
        else:
            spans.append((sign, tone))
    number = sum(calendar.is_school_day(day) for day in days)
    return [*spans, (" " * (LONGEST_MONTH - len(days)) + f"{number:>4}", "")]


def _cell(calendar: Days, day: date, today: date, odd: frozenset[date]) -> Span:
    if day == today:
        return TODAY, "accent"
    if day in odd:
        return HOLIDAY, "late"
    if calendar.is_school_day(day):
        return SCHOOL, ""
    inside = calendar.why_closed(day) not in ("weekend", "between terms", "outside the calendar")
    return (CLOSED, "strong") if inside else (NONE, "quiet")


def _next(month: date) -> date:
    return date(month.year + month.month // _DECEMBER, month.month % _DECEMBER + 1, 1)
