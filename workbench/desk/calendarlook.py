"""A change of the calendar looked at before it is made: which deadlines move. No verbs here."""

from datetime import date

import msgspec
from msgspec import Struct

from workbench.desk.context import Desk
from workbench.desk.duties import all_of, for_the_dsl, on_list
from workbench.desk.facts import view
from workbench.desk.judging import calendar_of
from workbench.desk.marks import book
from workbench.desk.supposing import suppose
from workbench.desk.yearbook import remarks_of, view_of
from workbench.domain.blocks import BLANK, SESSIONS, block_of
from workbench.domain.moves import Move, moves
from workbench.domain.pupils import Pupil
from workbench.domain.school import Closure, School
from workbench.domain.years import year_label


class Changed(Struct, frozen=True, kw_only=True):
    """A change of the calendar, made or looked at, with what it does."""

    id: str
    """First day and last day: `2026-11-30..2026-12-01`."""
    act: str
    """`close`, `open` or `add`."""
    first: date
    last: date
    why: str
    dry_run: bool
    days: int
    """School days that are lost or won."""
    year: str
    year_days: int
    """School days that the year has then."""
    moved: list[Move]
    """Duties that move, vanish or begin to exist, as far as the person may see them."""
    hidden: int
    """How many others do that are not this person's to see."""
    marks: int
    """Sessions of those days in which a draft or a planned mark stands: kept, and not read while the day is closed."""
    remarks: list[str]
    rev: int
    """Revision of the school's record that this was worked out on; after the change, the one that stands."""


def looked_at(desk: Desk, school: School, act: str, first: date, last: date, words: str) -> Changed:
    """What a changed calendar would do, as of now.

    Args:
        desk: the desk.
        school: the school's record with the other calendar.
        act: `close`, `open` or `add`.
        first: the first day that is touched.
        last: the last.
        words: the reason, or what the days are.
    """
    then = suppose(desk, {("school", "school"): {"school": msgspec.to_builtins(school, str_keys=True)}})
    before, after = all_of(view(desk)), all_of(view(then))
    duties = {duty.id: duty for duty in (*before, *after)}
    every = moves(before, after)
    label = year_label(first)
    lost = len(calendar_of(desk, first).span(first, last)) - len(calendar_of(then, first).span(first, last))
    return Changed(
        id=f"{first.isoformat()}..{last.isoformat()}",
        act=act,
        first=first,
        last=last,
        why=words,
        dry_run=True,
        days=abs(lost),
        year=label,
        year_days=sum(row.days for row in view_of(then, [label]).years),
        moved=[move for move in every if on_list(desk, duties[move.id])],
        hidden=for_the_dsl(desk, [duties[move.id] for move in every]),
        marks=_standing(desk, first, last),
        remarks=[each.text for each in remarks_of(then, label) if each not in remarks_of(desk, label)],
        rev=desk.school().rev,
    )


def with_closures(school: School, closures: tuple[Closure, ...]) -> School:
    """The school's record with other closures, not yet saved."""
    # a revision of its own, so that no calendar of the real one is taken for this one's
    return msgspec.structs.replace(school, closures=closures, rev=school.rev + 1)


def _standing(desk: Desk, first: date, last: date) -> int:
    """How many marks stand in sessions of the days: drafts and planned ones."""
    found = 0
    for day in {*calendar_of(desk, first).span(first, last), first, last}:
        marks = book(desk, day)
        block = block_of(marks.blocks, day)
        if block is None:
            continue
        for pupil in desk.records("pupils", "pupils", Pupil):
            codes = marks.string(pupil.id, block)
            if codes is not None:
                found += sum(codes[block.position(day, s)] != BLANK for s in SESSIONS)
    return found
