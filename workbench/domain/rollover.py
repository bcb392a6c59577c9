"""A new school year for the roll: who goes up into which class, who is to be decided on. No clock, no input."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

from workbench.domain.plain import UnreadableError, class_name
from workbench.domain.pupils import Pupil

ONE_DAY = timedelta(days=1)
What = Literal["up", "decide", "starts", "leaves"]
ORDER: tuple[What, ...] = ("decide", "up", "starts", "leaves")
"""Those first about whom somebody has to think."""
SET_ASIDE = "undecided"
"""Added to a class of the most senior year whose name is taken by the pupils who come after it."""
LONGEST_CLASS = 24
RECEPTION = 0
_NUMBER = re.compile(r"\d+")


class RollRow(Struct, frozen=True, kw_only=True):
    """What the new year does to one pupil."""

    pupil: str
    name: str
    what: What
    """`up` a year group; `decide`: in the most senior one, and leaves only by a removal; `starts` with the new year
    or later; `leaves` before it begins, by a removal that is complete."""
    year: int
    class_: str
    year_after: int
    class_after: str


class Plan(NamedTuple):
    """Everybody on roll, and what keeps the year from being rolled."""

    rows: tuple[RollRow, ...]
    classes: dict[str, str]
    """Class to the class that its pupils go up into."""
    faults: tuple[str, ...]


def plan(
    pupils: Iterable[Pupil], begins: date, today: date, years: tuple[int, int], named: Mapping[str, str]
) -> Plan:
    """What a new school year does to the roll. Nobody is left out, and nobody is taken off it.

    Args:
        pupils: everybody who is or was on the roll.
        begins: the day on which the new classes begin to hold.
        today: the civil day; who left by then is not listed.
        years: the school's most junior and most senior year group.
        named: classes that are named by hand: old name to new name.
    """
    before = [p.at(begins - ONE_DAY) for p in pupils if p.left is None or p.left > today]
    what = {p.id: _what(p, begins, years[1]) for p in before}
    going = {p.class_ for p in before if what[p.id] == "up"}
    classes, faults = _classes(before, what, going, years, named)
    new = {classes[name] for name in going if name in classes} | {
        p.class_ for p in before if what[p.id] == "starts"
    }
    rows = [_row(p, what[p.id], classes, new, named) for p in before]
    rows.sort(key=lambda r: (ORDER.index(r.what), r.year, r.class_, r.name.casefold(), r.pupil))
    return Plan(tuple(rows), {name: classes[name] for name in sorted(going & classes.keys())}, tuple(faults))


def next_class(name: str, years: tuple[int, int]) -> str | None:
    """The class that comes after one by its number: `8A` after `7A`; None where its name does not say.

    Args:
        name: the class.
        years: the school's most junior and most senior year group.
    """
    found = _NUMBER.search(name)
    if found is None:
        return f"1{name[1:]}" if years[0] == RECEPTION and name[:1] == "R" and len(name) <= 2 else None
    number = int(found[0])
    if not years[0] <= number < years[1]:
        return None
    return f"{name[: found.start()]}{number + 1}{name[found.end() :]}"


def _what(pupil: Pupil, begins: date, senior: int) -> What:
    if pupil.starts >= begins:
        return "starts"
    if pupil.left is not None and pupil.left <= begins:
        return "leaves"
    return "decide" if pupil.year >= senior else "up"


def _classes(
    before: list[Pupil],
    what: Mapping[str, What],
    going: set[str],
    years: tuple[int, int],
    named: Mapping[str, str],
) -> tuple[dict[str, str], list[str]]:
    known = {p.class_ for p in before if what[p.id] in ("up", "decide")}
    faults = [f"no pupil who goes up is in a class {name}" for name in sorted(named.keys() - known)]
    found = {}
    for name in sorted(known):
        new = named.get(name) or (next_class(name, years) if name in going else None)
        if new is None:
            faults += [f"what comes after {name} has to be said"] if name in going else []
            continue
        try:
            found[name] = class_name(new)
        except UnreadableError as error:
            faults.append(f"{name}: {error}")
    return found, faults


def _row(
    pupil: Pupil, what: What, classes: Mapping[str, str], new: set[str], named: Mapping[str, str]
) -> RollRow:
    year, class_ = pupil.year, pupil.class_
    if what == "up":
        year, class_ = year + 1, classes.get(class_, class_)
    elif what == "decide" and class_ in named:
        class_ = classes.get(class_, class_)
    elif what == "decide" and class_ in new:
        class_ = f"{class_[: LONGEST_CLASS - len(SET_ASIDE) - 1]} {SET_ASIDE}"
    return RollRow(
        pupil=pupil.id,
        name=pupil.name,
        what=what,
        year=pupil.year,
        class_=pupil.class_,
        year_after=year,
        class_after=class_,
    )


class RolledYear(Struct, frozen=True, kw_only=True):
    """That the roll went over to a school year; `id` is the year, such as `2027-28`."""

    id: str
    begins: date
    """The day from which its classes hold."""
    at: str
    by: str
    up: int
    """Pupils who went up a year group."""
    decide: int
    """Pupils of the most senior year group, who stayed until somebody decides."""
    rev: int = 0
