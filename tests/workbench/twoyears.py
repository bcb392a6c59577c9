"""The school of the other tests at the end of its year: the terms of the next one, and a child who stays away."""

from datetime import date

from tests.conftest import DeskFor
from workbench.desk import registers, roll
from workbench.desk.clock import FixedClock
from workbench.domain.pupils import Pupil
from workbench.domain.school import Closure, Term

D = date
JULY, AUGUST, FIRST = D(2027, 7, 21), D(2027, 8, 31), D(2027, 9, 1)
"""The last day of the old year, the day before the new one, and its first."""
TERMS = (
    Term(name="Autumn 2027", first=FIRST, last=D(2027, 12, 17)),
    Term(name="Spring 2028", first=D(2028, 1, 4), last=D(2028, 3, 31)),
    Term(name="Summer 2028", first=D(2028, 4, 18), last=D(2028, 7, 21)),
)
CLOSED = (Closure(first=D(2027, 10, 25), last=D(2027, 10, 29), why="half term"),)
AWAY = (D(2027, 7, 15), D(2027, 7, 16), D(2027, 7, 19), D(2027, 7, 20), JULY)
"""The last five school days before the summer."""


def first_of(desk_for: DeskFor, class_: str) -> Pupil:
    """The first pupil of a class, by name."""
    return next(one for one in roll.pupils(desk_for("dsl")) if one.class_ == class_)


def away(desk_for: DeskFor, pupil: str, *days: date, code: str = "O") -> None:
    """Whole days of absence, as drafts."""
    for day in days:
        for session in ("AM", "PM"):
            registers.mark(desk_for("attendance"), pupil, day, session, code)


def summer(desk_for: DeskFor, clock: FixedClock) -> Pupil:
    """The evening of the last school day: one child of 7A was away for the last five."""
    clock.set("2027-07-21T16:00:00")
    child = first_of(desk_for, "7A")
    away(desk_for, child.id, D(2027, 7, 14), code="/")
    away(desk_for, child.id, *AWAY)
    return child
