"""The calendar as it is read: terms, closures, school days a year, and what is odd about it. No verbs here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from rules.schoolyear import least_year
from workbench.desk.context import Desk
from workbench.domain.closures import kind_of
from workbench.domain.school import Closure, School
from workbench.domain.years import year_label

if TYPE_CHECKING:
    from rules.days import Calendar

ONE_DAY = timedelta(days=1)
BANK_HOLIDAYS = ("GB", "ENG")
"""Whose bank holidays are looked up: England's."""


class TermRow(Struct, frozen=True, kw_only=True):
    """A term; both days inclusive."""

    id: str
    year: str
    name: str
    first: date
    last: date
    days: int
    """School days."""


class ClosureRow(Struct, frozen=True, kw_only=True):
    """Days without sessions; both inclusive."""

    id: str
    year: str
    kind: str
    """`half term`, `INSET`, `bank holiday` or `closure`."""
    why: str
    first: date
    last: date
    days: int
    """Days from Monday to Friday, inside terms, that it takes."""


class YearRow(Struct, frozen=True, kw_only=True):
    """A school year."""

    id: str
    year: str
    first: date
    last: date
    days: int
    sessions: int


class Remark(Struct, frozen=True, kw_only=True):
    """What is odd about a year."""

    year: str
    kind: str
    """`short-year` or `bank-holiday`."""
    on: date | None
    text: str
    source: str
    """What says so."""


class CalendarView(Struct, frozen=True, kw_only=True):
    """The calendar of one or more school years."""

    years: list[YearRow]
    terms: list[TermRow]
    closures: list[ClosureRow]
    remarks: list[Remark]
    rev: int
    """Revision of the school's record that it is read from."""


def view_of(desk: Desk, years: Iterable[str]) -> CalendarView:
    """The calendar of these school years."""
    labels, school = list(years), desk.school()
    return CalendarView(
        years=[_year(desk, school, label) for label in labels],
        terms=[row for label in labels for row in _terms(desk, school, label)],
        closures=[row for label in labels for row in _closures(desk, school, label)],
        remarks=[remark for label in labels for remark in remarks_of(desk, label)],
        rev=school.rev,
    )


def remarks_of(desk: Desk, label: str) -> list[Remark]:
    """What is odd about a school year: too few days, bank holidays on which there is school."""
    school = desk.school()
    if label not in desk.years():
        return []
    return [*_short(desk, school, label), *_bank_holidays(desk, school, label)]


def _of_year(school: School, label: str) -> list[tuple[str, date, date]]:
    return [(t.name, t.first, t.last) for t in school.terms if year_label(t.first) == label]


def _days(desk: Desk, school: School, label: str) -> tuple[date, ...]:
    calendar = desk.calendar(label)
    return tuple(day for _, first, last in _of_year(school, label) for day in calendar.span(first, last))


def _year(desk: Desk, school: School, label: str) -> YearRow:
    terms, days = _of_year(school, label), len(_days(desk, school, label))
    first, last = min(t[1] for t in terms), max(t[2] for t in terms)
    return YearRow(id=label, year=label, first=first, last=last, days=days, sessions=2 * days)


def _terms(desk: Desk, school: School, label: str) -> list[TermRow]:
    calendar = desk.calendar(label)
    return [
        TermRow(
            id=first.isoformat(), year=label, name=name, first=first, last=last,
            days=len(calendar.span(first, last)),
        )
        for name, first, last in _of_year(school, label)
    ]  # fmt: skip


def _closures(desk: Desk, school: School, label: str) -> list[ClosureRow]:
    calendar = desk.calendar(label)
    found = [c for c in school.closures if year_label(c.first) == label]
    return [
        ClosureRow(
            id=closure.first.isoformat(), year=label, kind=kind_of(closure.why), why=closure.why,
            first=closure.first, last=closure.last, days=_taken_by(calendar, closure),
        )
        for closure in sorted(found, key=lambda c: (c.first, c.last))
    ]  # fmt: skip


def _taken_by(calendar: "Calendar", closure: Closure) -> int:
    return sum(
        day.weekday() < 5 and any(first <= day <= last for first, last in calendar.terms)
        for day in (closure.first + ONE_DAY * n for n in range((closure.last - closure.first).days + 1))
    )


def _short(desk: Desk, school: School, label: str) -> list[Remark]:
    row = _year(desk, school, label)
    least = least_year(row.first)
    if row.days >= least.days:
        return []
    whom = (
        "the law asks of this kind of school"
        if school.kind in least.kinds
        else "the law asks of maintained schools; of this kind of school it is no law"
    )
    text = (
        f"{label} has {row.days} school days ({row.sessions} sessions), fewer than the {least.days} "
        f"({least.sessions}) that {whom}."
    )
    return [Remark(year=label, kind="short-year", on=None, text=text, source=least.law)]


def _bank_holidays(desk: Desk, school: School, label: str) -> list[Remark]:
    from holidays import country_holidays  # 60 ms: only who looks at the calendar waits for it

    days = _days(desk, school, label)
    country, part = BANK_HOLIDAYS
    known = country_holidays(country, subdiv=part, years=sorted({day.year for day in days}))
    return [
        Remark(
            year=label,
            kind="bank-holiday",
            on=day,
            text=f"{day.isoformat()} is a bank holiday in England ({known[day]}), and there is school.",
            source="the package `holidays`",
        )
        for day in days
        if day in known
    ]
