"""Compulsory school age. The numbers are data, `rules/england/age.toml`."""

from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from rules.dated import Dated, in_force
from rules.days import Calendar
from rules.packs import RuleSet


class AgeVersion(Dated, frozen=True, kw_only=True):
    """One version of the rule."""

    begins_at: int
    prescribed: tuple[tuple[int, int], ...]
    """Prescribed days as month and day."""
    ends_at: int
    leaving_month: int
    leaving_weekday: int
    """Monday is 1."""


class AgeFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`age.toml`."""

    title: str
    version: tuple[AgeVersion, ...]


class CompulsoryAge(NamedTuple):
    """The first and the last day of compulsory school age, both inclusive."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a pupil is of compulsory school age on a day."""
        return self.first <= day <= self.last


def birthday(born: date, age: int) -> date:
    """The day a person reaches an age; born on 29 February, it is 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def compulsory_age(rules: RuleSet, born: date, calendar: Calendar | None = None) -> CompulsoryAge:
    """When compulsory school age begins and ends for a child.

    Args:
        rules: the rules.
        born: date of birth.
        calendar: where school years begin; where it does not reach, on 1 September.

    Raises:
        NoValueInForce: for a child whose age was governed by older law.
    """
    versions = rules.table("age", AgeFile).version
    turned = birthday(born, versions[-1].begins_at)
    version = in_force(versions, max(turned, versions[0].from_), "age", "compulsory school age")
    first = _begins(version, birthday(born, version.begins_at))
    return CompulsoryAge(first, _ends(version, birthday(born, version.ends_at), calendar))


def _begins(version: AgeVersion, turned: date) -> date:
    days = (date(year, *when) for year in (turned.year, turned.year + 1) for when in version.prescribed)
    return min(day for day in days if day >= turned)


def leaving_date(version: AgeVersion, year: int) -> date:
    """The school leaving date of a civil year."""
    following = date(year + version.leaving_month // 12, version.leaving_month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return last - timedelta(days=(last.isoweekday() - version.leaving_weekday) % 7)


def _ends(version: AgeVersion, turned: date, calendar: Calendar | None) -> date:
    """The leaving date of the school year in which the child turns sixteen: on that day, after it but before
    the next school year, or at the next one."""
    if calendar is not None:
        begins = calendar.year_start(turned)
    else:
        begins = date(turned.year if turned >= date(turned.year, 9, 1) else turned.year - 1, 9, 1)
    return leaving_date(version, begins.year + 1)
