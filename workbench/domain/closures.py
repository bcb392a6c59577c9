"""Closures of a calendar: what may be closed and opened again, and what is left of the others. No clock, no input."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from workbench.domain.school import Closure, Term
from workbench.domain.years import year_label, year_of_file

LONGEST = 366
"""A closure of more civil days than this is a slip of the pen."""
ONE_DAY = timedelta(days=1)
_OUTSIDE = ("outside the calendar", "between terms")
_KINDS = (
    ("half term", ("half term", "half-term", "halfterm")),
    ("INSET", ("inset", "training day")),
    ("bank holiday", ("bank holiday",)),
)


class Days(Protocol):
    """What is asked of a calendar."""

    @property
    def terms(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each term."""
        ...

    def is_school_day(self, day: date, /) -> bool:
        """Whether there is a session for pupils."""
        ...

    def why_closed(self, day: date, /) -> str | None:
        """Why there is none."""
        ...


def kind_of(why: str) -> str:
    """`half term`, `INSET`, `bank holiday` or `closure`, by the words in which a closure was written down."""
    words = why.casefold()
    return next((kind for kind, signs in _KINDS if any(sign in words for sign in signs)), "closure")


def span_words(first: date, last: date) -> str:
    """`2026-11-30`, or `2026-11-30 to 2026-12-01`."""
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def span_fault(first: date, last: date, today: date) -> str | None:
    """Why days cannot be closed or opened, whatever stands in the calendar; None if they can."""
    if last < first:
        return f"{last.isoformat()} is before {first.isoformat()}: the first day comes first"
    if (last - first).days >= LONGEST:
        return f"{span_words(first, last)} is longer than {LONGEST} days: that is no closure"
    if year_label(first) < year_label(today):
        return (
            f"{first.isoformat()} lies in the past school year {year_label(first)}: its registers are history"
        )
    return None


def close_fault(calendar: Days, first: date, last: date) -> str | None:
    """Why days cannot be closed, in words; None if they can. Weekends between them are passed over."""
    for day in _walk(first, last):
        if calendar.is_school_day(day):
            continue
        why = calendar.why_closed(day) or "closed"
        if why == "weekend":
            if day in (first, last):
                return f"{day.isoformat()} is a {day:%A}: there is no school to close"
        elif why in _OUTSIDE:
            return f"{day.isoformat()} lies in no term ({_terms(calendar)})"
        else:
            return f"{day.isoformat()} is closed already ({why})"
    return None


def open_fault(calendar: Days, closures: Sequence[Closure], first: date, last: date) -> str | None:
    """Why days cannot be opened again, in words; None if they can. Weekends between them are passed over."""
    for day in _walk(first, last):
        if calendar.is_school_day(day):
            return f"{day.isoformat()} is a school day already: there is no closure to take back"
        if not any(closure.first <= day <= closure.last for closure in closures):
            if day.weekday() >= 5:
                if day in (first, last):
                    return f"{day.isoformat()} is a {day:%A}: no closure makes it one without school"
            else:
                return f"{day.isoformat()} lies in no term ({_terms(calendar)})"
    return None


def year_fault(terms: Sequence[Term], years: Sequence[str], today: date) -> str | None:
    """Why terms make no new school year, in words; None if they do.

    Args:
        terms: the terms.
        years: the school years that the calendar has.
        today: the civil day.
    """
    if not terms:
        return "a school year needs a term at least"
    labels = sorted({year_label(term.first) for term in terms})
    if len(labels) > 1:
        return f"the terms begin in {' and '.join(labels)}: one school year is added at a time"
    if labels[0] in years:
        return f"{labels[0]} has terms already, and registers by them: its days are closed and opened, not set anew"
    if labels[0] < year_label(today):
        return f"{labels[0]} is a past school year"
    for term in terms:
        if year_label(term.last) > labels[0]:
            return f"a term from {term.first.isoformat()} to {term.last.isoformat()} is longer than its school year"
    return None


def term_fault(calendar: Days, terms: Sequence[Term]) -> str | None:
    """Why terms make no year: one has no school day, as of a weekend or closed altogether; None if all have."""
    for term in terms:
        days = range((term.last - term.first).days + 1)
        if not any(calendar.is_school_day(term.first + ONE_DAY * n) for n in days):
            return f"{term.name} ({span_words(term.first, term.last)}) has no school day: weekends and closures only"
    return None


def gap_remark(years: Sequence[str], label: str) -> list[str]:
    """What has to be said where a new school year does not follow on one that the calendar has.

    Args:
        years: the school years that the calendar has.
        label: the new one.
    """
    before = max((year_of_file(one) for one in years if one < label), default=None)
    if before is None or before + 1 >= year_of_file(label):
        return []
    between = ", ".join(f"{n}-{(n + 1) % 100:02d}" for n in range(before + 1, year_of_file(label)))
    return [f"There are no terms for {between}: school days there are not counted until they are added."]


def closed(closures: Sequence[Closure], closure: Closure) -> tuple[Closure, ...]:
    """The closures with one more, in order of time."""
    return tuple(sorted((*closures, closure), key=lambda c: (c.first, c.last, c.why)))


def opened(closures: Sequence[Closure], first: date, last: date) -> tuple[Closure, ...]:
    """The closures without the days from `first` to `last`; one that reaches further keeps its other days."""
    left: list[Closure] = []
    for closure in closures:
        if closure.last < first or last < closure.first:
            left.append(closure)
            continue
        if closure.first < first:
            left.append(Closure(first=closure.first, last=first - ONE_DAY, why=closure.why))
        if last < closure.last:
            left.append(Closure(first=last + ONE_DAY, last=closure.last, why=closure.why))
    return tuple(left)


def _walk(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def _terms(calendar: Days) -> str:
    return "terms: " + ", ".join(span_words(first, last) for first, last in calendar.terms)
