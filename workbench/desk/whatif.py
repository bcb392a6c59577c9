"""What would follow if a pupil's marks went on in one code: the duties, the day each would come, and why.

Nothing is written: the marks are supposed on a desk that can only be read.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from rules.duty import Duty
from rules.engine import explain
from rules.facts import Moment
from workbench.desk.context import Desk
from workbench.desk.duties import SHOWN, for_the_dsl, of_pupil_at, on_list
from workbench.desk.facts import View, view
from workbench.desk.finding import lookup, on_roll
from workbench.desk.judging import calendar_of, codes_on
from workbench.desk.marks import book, mark_id
from workbench.desk.permissions import verb
from workbench.desk.supposing import Docs, suppose
from workbench.domain.blocks import BLANK, SESSIONS, block_of
from workbench.domain.errors import InvalidError
from workbench.domain.marking import Ask, code_fault, own_sign, tidy_code
from workbench.domain.moves import moves
from workbench.domain.pupils import Pupil
from workbench.domain.years import year_label

Slot = tuple[date, str]


class Ends(NamedTuple):
    """A pupil's duties at the end of the last day."""

    without: list[Duty]
    """As they would stand without the supposed marks."""
    found: list[Duty]
    """As they would stand with them."""


class Follow(Struct, frozen=True, kw_only=True):
    """A duty that the supposed marks would make, move or end."""

    change: Literal["new", "moved", "gone"]
    comes: date
    """The day at whose end it would first stand; of one that moves or ends, the last day asked about."""
    due_before: date | None
    """When it would be due without the supposed marks; None for a new one."""
    duty: Duty
    """As it would stand when it comes; one that would be gone, as it would stand without the supposed marks."""
    why: list[str]
    """In words, a line each."""


class WhatIf(Struct, frozen=True, kw_only=True):
    """An answer, with what was supposed."""

    pupil: str
    code: str
    first: date
    first_session: str
    until: date
    sessions: int
    """Sessions that were given the code."""
    replaced: int
    """How many of them have a mark already, such as a planned one; it is set aside for the question only."""
    duties: list[Follow]
    hidden: int
    """How many others would follow that are not this person's to see."""
    unchanged: int
    """How many duties on this person's list stand on the last day with the supposed marks as they do without."""


@verb("whatif.show")
def what_if(desk: Desk, ref: str, code: str, until: date, start: date | None = None) -> WhatIf:
    """The duties that would follow if a pupil had one code in every session until a day.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        code: the code, either case; `/` and `\\` both mean present.
        until: the last day, inclusive.
        start: the first day; the session after the last mark so far unless given.

    Raises:
        InvalidError: if a day lies before today or outside the calendar, no session is left between them, or the
            code cannot stand in one of them.
    """
    pupil = lookup(desk, ref)
    _refuse_days(desk, until, start)
    slots = list(_slots(desk, pupil, until, start))
    if not slots:
        raise InvalidError(
            f"{pupil.id} has no session to suppose a mark in until {until.isoformat()}.",
            todo="Choose a later day, on which there is school and the pupil is on roll.",
        )
    kept = _insist_code(desk, code, slots)
    there = suppose(desk, _supposed(desk, pupil, kept, slots))
    ends = Ends(*(of_pupil_at(_at_end(one, until), pupil.id) for one in (desk, there)))
    every = sorted(
        _followed(desk, there, pupil, slots[0][0], ends, until),
        key=lambda f: (f.comes, f.duty.due, f.duty.id),
    )
    return WhatIf(
        pupil=pupil.id,
        code=own_sign(kept, "AM"),
        first=slots[0][0],
        first_session=slots[0][1],
        until=until,
        sessions=len(slots),
        replaced=sum(bool(book(desk, day).code(pupil.id, day, session)) for day, session in slots),
        duties=[follow for follow in every if on_list(desk, follow.duty)],
        hidden=for_the_dsl(desk, [follow.duty for follow in every]),
        unchanged=sum(on_list(desk, duty) for duty in _going_on(ends, every)),
    )


def words_of(found: WhatIf) -> str:
    """What was supposed, in words."""
    aside = f" {found.replaced} of them have a mark, which is set aside here." if found.replaced else ""
    return (
        f"Supposed: {found.code} in {found.sessions} sessions, from {found.first.isoformat()} {found.first_session} to "
        f"{found.until.isoformat()}.{aside} Nothing is written.{_stand(found.unchanged)}"
    )


def _stand(count: int) -> str:
    if not count:
        return ""
    return " One duty goes on as it is." if count == 1 else f" {count} duties go on as they are."


# the marks --------------------------------------------------------------------------------------------


def _refuse_days(desk: Desk, until: date, start: date | None) -> None:
    today, calendar = desk.today(), calendar_of(desk, until)
    for name, day in (("from", start), ("until", until)):
        if day is not None and day < today:
            raise InvalidError(
                f"{name} {day.isoformat()} is before today, {today.isoformat()}: this looks ahead.",
                todo="What has been is amended, not supposed.",
            )
    if start is not None and until < start:
        raise InvalidError(f"until {until.isoformat()} is before from {start.isoformat()}.")
    if until > calendar.last:
        raise InvalidError(
            f"until {until.isoformat()} lies outside the calendar, which reaches to {calendar.last.isoformat()}.",
            todo="Choose an earlier day; `workbench calendar show` shows the terms.",
        )


def _slots(desk: Desk, pupil: Pupil, until: date, start: date | None) -> Iterator[Slot]:
    """The sessions that are supposed, in order of time."""
    first = (start, SESSIONS[0]) if start is not None else _after_last(desk, pupil)
    for day in calendar_of(desk, until).span(first[0], until):
        if on_roll(pupil, day):
            yield from ((day, session) for session in SESSIONS if (day, session) >= first)


def _after_last(desk: Desk, pupil: Pupil) -> Slot:
    """The first session after the last mark up to today; today's where there is none."""
    today = desk.today()
    marked = [(day, session) for day, session, _ in book(desk, today).all_of(pupil.id) if day <= today]
    if not marked:
        return today, SESSIONS[0]
    day, session = marked[-1]
    return (
        (day, SESSIONS[1]) if session == SESSIONS[0] else (date.fromordinal(day.toordinal() + 1), SESSIONS[0])
    )


def _insist_code(desk: Desk, code: str, slots: list[Slot]) -> str:
    """The code as it is kept.

    Raises:
        InvalidError: if it cannot stand in one of the sessions, with the reason.
    """
    kept, ever = tidy_code(code), frozenset(desk.codes.known)
    for day, session in slots:
        ask = Ask(day, session, own_sign(kept, session))
        wrong = code_fault(ask, codes_on(desk, day), ever)
        if wrong:
            raise InvalidError(
                f"{wrong[:1].upper()}{wrong[1:]}.", todo="`workbench register codes` lists them."
            )
    return kept


def _supposed(desk: Desk, pupil: Pupil, code: str, slots: list[Slot]) -> Docs:
    """The documents of the pupil's marks with the code in these sessions."""
    strings: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for day, session in slots:
        marks = book(desk, day)
        block = block_of(marks.blocks, day)
        if block is None:
            raise InvalidError(f"{day.isoformat()} lies outside the registers of {year_label(day)}.")
        key = (marks.file, mark_id(pupil.id, block))
        if key not in strings:
            stands = marks.string(pupil.id, block) or BLANK * block.length
            strings[key] = (block.first.isoformat(), list(stands))
        strings[key][1][block.position(day, session)] = marks.chars[own_sign(code, session)]
    docs: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for (file, own_id), (first, codes) in strings.items():
        doc: dict[str, Any] = {"id": own_id, "pupil": pupil.id, "from": first, "codes": "".join(codes)}
        docs.setdefault((file, "marks"), {})[own_id] = doc
    return docs


# what follows -----------------------------------------------------------------------------------------


def _followed(
    desk: Desk, there: Desk, pupil: Pupil, first: date, ends: Ends, until: date
) -> Iterator[Follow]:
    """What the marks make, day by day; then what they move or end by the last day."""
    seen: set[str] = set()
    new: dict[str, tuple[date, Duty]] = {}
    for day in [*(d for d in calendar_of(desk, until).span(first, until) if d != until), until]:
        found = {duty.id: duty for duty in of_pupil_at(_at_end(there, day), pupil.id)}
        if found.keys() - seen:  # asked without the marks only where something came up
            without = {duty.id for duty in of_pupil_at(_at_end(desk, day), pupil.id)}
            new.update({own: (day, found[own]) for own in found.keys() - seen - without})
            seen |= found.keys()
    yield from (_follow("new", came, None, duty) for came, duty in new.values())
    yield from _changed(ends, until, frozenset(new))


def _changed(ends: Ends, until: date, new: frozenset[str]) -> Iterator[Follow]:
    without, found = ends
    stood, stands = {d.id: d for d in without}, {d.id: d for d in found}
    for move in moves(without, [d for d in found if d.id not in new]):
        duty = stands.get(move.id) or stood[move.id]
        yield _follow("gone" if move.change == "gone" else "moved", until, move.due_before, duty)


def _going_on(ends: Ends, follows: list[Follow]) -> list[Duty]:
    """What is still to be done on the last day, with the marks or without them, and neither moves nor ends."""
    stood, touched = {duty.id for duty in ends.without}, {follow.duty.id for follow in follows}
    return [d for d in ends.found if d.id in stood and d.id not in touched and d.state in SHOWN]


def _follow(change: Literal["new", "moved", "gone"], comes: date, before: date | None, duty: Duty) -> Follow:
    return Follow(change=change, comes=comes, due_before=before, duty=duty, why=list(explain(duty)))


def _at_end(desk: Desk, day: date) -> View:
    return view(desk, day)._replace(moment=Moment(on=day, at="end"))
