"""The calendar: what stands in it, and days closed or opened again, with the deadlines that this moves."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.duties import all_of, for_the_dsl, on_list
from workbench.desk.facts import view
from workbench.desk.judging import calendar_of
from workbench.desk.marks import book
from workbench.desk.permissions import verb
from workbench.desk.supposing import suppose
from workbench.desk.text import clean
from workbench.desk.yearbook import CalendarView, ClosureRow, remarks_of, view_of
from workbench.domain.blocks import BLANK, SESSIONS, block_of
from workbench.domain.closures import close_fault, closed, open_fault, opened, span_fault, span_words
from workbench.domain.errors import InvalidError
from workbench.domain.moves import Move, moves
from workbench.domain.pupils import Pupil
from workbench.domain.school import Closure, School
from workbench.domain.years import register_file, year_label

__all__ = ["CalendarView", "Changed", "ClosureRow", "close", "open_", "show", "words_of"]

NO_REASON = "closed"
NONE_MOVES = "No duty on your list moves."
LONGEST_REASON = 200
MARKED = (
    "Where the whole site closed without warning after that, the session was cancelled: amend its marks to Y4 "
    "(`workbench register amend`), with the reason."
)


class Changed(Struct, frozen=True, kw_only=True):
    """A change of the calendar, made or looked at, with what it does."""

    id: str
    """First day and last day: `2026-11-30..2026-12-01`."""
    act: str
    """`close` or `open`."""
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


@verb("calendar.show")
def show(desk: Desk, year: str | None = None, known: date | None = None) -> CalendarView:
    """Terms, closures and school days of every year that the calendar has.

    Args:
        desk: the desk.
        year: only this school year, such as `2026-27`.
        known: as it was recorded by the end of this day.

    Raises:
        InvalidError: if the calendar has no such year, or there was none then.
    """
    source = desk if known is None else desk.as_known(known)
    years = source.years()
    if year is not None and year not in years:
        raise InvalidError(f"The calendar has no terms of {year}.", todo=f"It has {', '.join(years)}.")
    return view_of(source, [year] if year else years)


@verb("calendar.close")
def close(
    desk: Desk,
    first: date,
    last: date | None = None,
    why: str = "",
    dry_run: bool = False,
    rev: int | None = None,
) -> Changed:
    """Close school days: an INSET, a late bank holiday, a closure.

    Args:
        desk: the desk.
        first: the first day.
        last: the last day, inclusive; `first` unless given. Weekends between them are passed over.
        why: the reason, as the calendar shows it.
        dry_run: only say which deadlines would move.
        rev: the revision of the school's record that was seen; a newer one is a conflict.

    Raises:
        InvalidError: if one of the days is no school day, lies in a past school year, or a register of it was taken.
    """
    last = last or first
    _refuse(span_fault(first, last, desk.today()))
    _refuse(close_fault(calendar_of(desk, first), first, last))
    _refuse_taken(desk.reader.docs, first, last)
    words = clean(why, limit=LONGEST_REASON, what="The reason") or NO_REASON
    was = desk.school()
    school = _with(was, closed(was.closures, Closure(first=first, last=last, why=words)))
    found = _looked_at(desk, school, "close", first, last, words)
    if dry_run:
        return found
    with desk.change("calendar.closed", subject=first.isoformat(), why=_until(first, last)) as tx:
        _refuse_taken(tx.docs, first, last)  # once more, under the lock
        return _saved(desk, tx, school, found, rev)


@verb("calendar.close")
def open_(
    desk: Desk, first: date, last: date | None = None, dry_run: bool = False, rev: int | None = None
) -> Changed:
    """Take a closure back: pupils have school on those days.

    Args:
        desk: the desk.
        first: the first day.
        last: the last day, inclusive; `first` unless given. A closure that reaches further keeps its other days.
        dry_run: only say which deadlines would move.
        rev: the revision of the school's record that was seen; a newer one is a conflict.

    Raises:
        InvalidError: if one of the days is not closed, lies in no term or in a past school year.
    """
    last = last or first
    _refuse(span_fault(first, last, desk.today()))
    was = desk.school()
    _refuse(open_fault(calendar_of(desk, first), was.closures, first, last))
    school = _with(was, opened(was.closures, first, last))
    words = ", ".join(dict.fromkeys(c.why for c in was.closures if c.first <= last and first <= c.last))
    found = _looked_at(desk, school, "open", first, last, words)
    if not found.days:
        raise InvalidError(
            f"{span_words(first, last)} lies in no term: taking the closure back makes no school day."
        )
    if dry_run:
        return found
    with desk.change("calendar.opened", subject=first.isoformat(), why=_until(first, last)) as tx:
        return _saved(desk, tx, school, found, rev)


def words_of(found: Changed) -> list[str]:
    """What was done, or would be, in words: a line each, without the duties."""
    closing = found.act == "close"
    now, then = ("is closed", "would be closed") if closing else ("is open again", "would be open again")
    days = f"{found.days} school {'day' if found.days == 1 else 'days'} {'fewer' if closing else 'more'}"
    what = f"{span_words(found.first, found.last)} ({found.why}) {then if found.dry_run else now}"
    lines = [f"{what}: {days}; {found.year} has {found.year_days}."]
    if found.marks and closing:
        lines.append(
            f"Marks that stand there: {found.marks}. They are kept, and not read while the day is closed."
        )
    count = len(found.moved)
    lines.append(f"{count} {'duty' if count == 1 else 'duties'} on your list move." if count else NONE_MOVES)
    return [*lines, *found.remarks]


# inside -----------------------------------------------------------------------------------------------


def _looked_at(desk: Desk, school: School, act: str, first: date, last: date, words: str) -> Changed:
    """What the changed calendar would do, as of now."""
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


def _saved(desk: Desk, tx: Tx, school: School, found: Changed, rev: int | None) -> Changed:
    seen = found.rev if rev is None else rev
    saved = desk.save(tx, "school", "school", school, rev=seen)
    return msgspec.structs.replace(found, dry_run=False, rev=saved.rev)


def _with(school: School, closures: tuple[Closure, ...]) -> School:
    # a revision of its own, so that no calendar of the real one is taken for this one's
    return msgspec.structs.replace(school, closures=closures, rev=school.rev + 1)


def _until(first: date, last: date) -> str | None:
    return None if first == last else last.isoformat()


def _refuse(fault: str | None) -> None:
    if fault:
        raise InvalidError(f"{fault}.", todo="`workbench calendar show` shows terms and closures.")


def _refuse_taken(docs: Callable[[str, str], Mapping[str, dict[str, Any]]], first: date, last: date) -> None:
    """A register that was taken says that there was school.

    Raises:
        InvalidError: naming the first register of those days.
    """
    for file in dict.fromkeys((register_file(first), register_file(last))):
        for doc in docs(file, "taken").values():
            if first.isoformat() <= doc["on"] <= last.isoformat():
                raise InvalidError(
                    f"The {doc['session']} register of {doc['class_']} for {doc['on']} was {doc['how']}: "
                    "there was school on that day, and its marks stay.",
                    todo=MARKED,
                )


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
