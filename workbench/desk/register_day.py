"""The registers of one day: every class, what is taken, what is still to mark. The class chooser reads it."""

from collections import defaultdict
from datetime import date

from msgspec import Struct

from workbench.desk.context import Desk
from workbench.desk.finding import roll_of
from workbench.desk.judging import calendar_of
from workbench.desk.marks import book, slot_id
from workbench.desk.permissions import verb
from workbench.domain.blocks import SESSIONS
from workbench.domain.register import Taken


class ClassDay(Struct, frozen=True, kw_only=True):
    """A class on one day."""

    class_: str
    pupils: int
    """How many are on roll in it that day."""
    marked: dict[str, int]
    """Session to the number of pupils with a mark."""
    taken: dict[str, Taken]
    """Session to the register taken, where it was."""


class RegisterDay(Struct, frozen=True, kw_only=True):
    """All registers of a day."""

    on: date
    closed: str | None
    """Why there is no session that day; None on a school day."""
    classes: tuple[ClassDay, ...]


@verb("register.show")
def registers_of(desk: Desk, on: date | None = None) -> RegisterDay:
    """The registers of a day, by class; classes without pupils are not listed.

    Args:
        desk: the desk.
        on: the day; today unless given.
    """
    day = on or desk.today()
    by_class: dict[str, list[str]] = defaultdict(list)
    for pupil in roll_of(desk, day):
        by_class[pupil.class_].append(pupil.id)
    calendar = calendar_of(desk, day)
    closed = None if calendar.is_school_day(day) else calendar.why_closed(day) or "no school day"
    found = [_class(desk, name, by_class[name], day) for name in sorted(by_class, key=_order)]
    return RegisterDay(on=day, closed=closed, classes=tuple(found))


def _class(desk: Desk, name: str, ids: list[str], day: date) -> ClassDay:
    marks = book(desk, day)
    taken = {s: desk.record(marks.file, "taken", slot_id(name, day, s), Taken) for s in SESSIONS}
    return ClassDay(
        class_=name,
        pupils=len(ids),
        marked={session: len(ids) - len(marks.blank(ids, day, session)) for session in SESSIONS},
        taken={session: record for session, record in taken.items() if record is not None},
    )


def _order(name: str) -> tuple[int, str]:
    digits = "".join(char for char in name if char.isdigit())
    return (int(digits) if digits else 99, name)
