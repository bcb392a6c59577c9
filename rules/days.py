"""School days: which days have sessions for pupils, and how to count them.

A school day is a civil date inside a term that is neither a Saturday nor a Sunday nor closed. Closures and
holidays are transparent: counting passes over them as if they were not there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property

from rules.errors import CalendarError, OutsideCalendar

ONE_DAY = timedelta(days=1)
SESSIONS = ("AM", "PM")
_JULY = 7
"""A school year begins with the first term that begins after July (Education Act 1996 s.579)."""
_YEAR_BEGINS = (9, 1)
"""Where the calendar does not reach, a school year begins on 1 September."""


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def walk(first: date, last: date) -> Iterable[date]:
    """Every civil day from `first` to `last`, both inclusive."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


LONGEST_TERM = 40 * 366
"""Days: one longer than a school life is a slip of the pen, and would make millions of sessions."""


class Calendar:
    """The school days of one or more school years. Immutable.

    Args:
        terms: first and last day of each term, both inclusive.
        closed: first day, last day and reason of each closure. They may lie outside the terms.

    Raises:
        CalendarError: if there is no term, a term or closure ends before it begins, terms overlap, or one lasts
            longer than a school life.
    """

    __slots__ = ("__dict__", "_closed", "_terms")

    def __init__(
        self, terms: Sequence[tuple[date, date]], closed: Sequence[tuple[date, date, str]] = ()
    ) -> None:
        self._terms = tuple(sorted((first, last) for first, last in terms))
        self._closed = tuple(sorted((first, last, why) for first, last, why in closed))
        if not self._terms:
            raise CalendarError("The calendar has no terms.")
        for first, last in (*self._terms, *((c[0], c[1]) for c in self._closed)):
            if last < first:
                raise CalendarError(
                    f"A term or closure ends on {last.isoformat()}, before it begins on {first.isoformat()}."
                )
        for first, last in self._terms:
            if (last - first).days >= LONGEST_TERM:
                raise CalendarError(
                    f"The term that begins on {first.isoformat()} lasts longer than a school life."
                )
        for (_, last), (first, _) in zip(self._terms, self._terms[1:], strict=False):
            if first <= last:
                raise CalendarError(f"Two terms overlap on {first.isoformat()}.")

    @property
    def terms(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each term, in order."""
        return self._terms

    @property
    def closed(self) -> tuple[tuple[date, date, str], ...]:
        """First day, last day and reason of each closure, in order."""
        return self._closed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return (self._terms, self._closed) == (other._terms, other._closed)

    def __hash__(self) -> int:
        return hash((self._terms, self._closed))

    def __repr__(self) -> str:
        return f"Calendar({self.first.isoformat()}..{self.last.isoformat()}, {len(self.days)} school days)"

    # days -------------------------------------------------------------------------------------------------

    @cached_property
    def _reasons(self) -> dict[date, str]:
        """Closed days inside terms and why."""
        reasons: dict[date, str] = {}
        low, high = self.first, self.last
        for first, last, why in self._closed:
            for day in walk(max(first, low), min(last, high)):
                reasons.setdefault(day, why or "closed")
        return reasons

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every school day, in order."""
        shut = self._reasons
        return tuple(
            day
            for first, last in self._terms
            for day in walk(first, last)
            if day.weekday() < 5 and day not in shut
        )

    @cached_property
    def _index(self) -> dict[date, int]:
        return {day: index for index, day in enumerate(self.days)}

    @cached_property
    def sessions(self) -> tuple[tuple[date, str], ...]:
        """Every session, in order: `(day, "AM")`, `(day, "PM")`, ..."""
        return tuple((day, session) for day in self.days for session in SESSIONS)

    @property
    def first(self) -> date:
        """First day of the first term."""
        return self._terms[0][0]

    @property
    def last(self) -> date:
        """Last day of the last term."""
        return self._terms[-1][1]

    def is_school_day(self, day: date) -> bool:
        """Whether there is a session for pupils on `day`."""
        return day in self._index

    def index_of(self, day: date) -> int:
        """Position of a school day in `days`.

        Raises:
            OutsideCalendar: if `day` is no school day of this calendar.
        """
        index = self._index.get(day)
        if index is None:
            raise OutsideCalendar("", day, self.first, self.last)
        return index

    def upto(self, day: date) -> int:
        """How many school days lie on or before `day`; also the index of the next one."""
        return bisect_right(self.days, day)

    def why_closed(self, day: date) -> str | None:
        """Why there is no session on `day` (`weekend`, `half term`, `between terms` ...), or None if there
        is one."""
        if day in self._index:
            return None
        if day.weekday() >= 5:
            return "weekend"
        why = self._reasons.get(day)
        if why is None:
            why = next((text for first, last, text in self._closed if first <= day <= last), None)
        if why is not None:
            return why or "closed"
        if day < self.first or day > self.last:
            return "outside the calendar"
        return "between terms"

    # counting ---------------------------------------------------------------------------------------------

    def add(self, day: date, n: int, rule: str = "") -> date:
        """The nth school day after `day`, which itself is not counted.

        Args:
            day: where to start; need not be a school day.
            n: how many school days to count, at least 1.
            rule: whose count it is, for the error.

        Raises:
            OutsideCalendar: if the calendar ends before.
        """
        if n < 1:
            raise CalendarError(f"School days are counted from 1, not from {n}.")
        index = self.upto(day) + n - 1
        if index >= len(self.days):
            raise OutsideCalendar(rule, day, self.first, self.last)
        return self.days[index]

    def between(self, after: date, until: date) -> tuple[date, ...]:
        """The school days later than `after`, up to and including `until`."""
        return self.days[self.upto(after) : max(self.upto(after), self.upto(until))]

    def span(self, first: date, last: date) -> tuple[date, ...]:
        """The school days from `first` to `last`, both inclusive."""
        low = bisect_left(self.days, first)
        return self.days[low : max(low, self.upto(last))]

    def on_or_after(self, day: date, rule: str = "") -> date:
        """The first school day that is not before `day`.

        Raises:
            OutsideCalendar: if there is none.
        """
        return self.add(day - ONE_DAY, 1, rule)

    def on_or_before(self, day: date) -> date | None:
        """The last school day that is not after `day`, or None."""
        index = self.upto(day)
        return self.days[index - 1] if index else None

    # years and weeks --------------------------------------------------------------------------------------

    @cached_property
    def _year_starts(self) -> dict[int, date]:
        """First days of school years by civil year."""
        starts: dict[int, date] = {}
        for first, _ in self._terms:
            if first.month > _JULY:
                starts.setdefault(first.year, first)
        return starts

    def year_start(self, day: date) -> date:
        """The first day of the school year in which `day` lies: that of its first term after July, or
        1 September where the calendar has no such term."""
        start = self._year_of(day.year)
        return start if start <= day else self._year_of(day.year - 1)

    def _year_of(self, year: int) -> date:
        """When the school year begins that begins in a civil year."""
        return self._year_starts.get(year, date(year, *_YEAR_BEGINS))

    def year_end(self, day: date) -> date:
        """The last school day that the calendar has in the school year of `day`; `day` itself if none."""
        start = self.year_start(day)
        last = self.on_or_before(self._year_of(start.year + 1) - ONE_DAY)
        return last if last is not None and last >= start else day

    def week_number(self, day: date) -> int:
        """Which school week of the year it is: 1 for the first week (Monday to Sunday) with a session. A week
        without any is no school week and has the number of the one before it; 0 before the first."""
        return self._weeks(self.year_start(day), monday(day) + 6 * ONE_DAY)

    def _weeks(self, start: date, last: date) -> int:
        return len({monday(day) for day in self.span(start, last)})

    def week_begins(self, day: date, number: int) -> date | None:
        """The first school day of the nth school week of the year in which `day` lies, or None."""
        seen: set[date] = set()
        for school_day in self.span(self.year_start(day), self.year_end(day)):
            seen.add(monday(school_day))
            if len(seen) == number:
                return school_day
        return None
