"""The calendar: what stands in it, and days closed or opened again, with the deadlines that this moves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from rules.days import Calendar
from store.change import Tx
from workbench.desk.calendarlook import Changed, looked_at, with_closures
from workbench.desk.context import Desk
from workbench.desk.judging import calendar_of
from workbench.desk.marks import lay_out
from workbench.desk.permissions import verb
from workbench.desk.text import clean, required
from workbench.desk.yearbook import CalendarView, ClosureRow, view_of
from workbench.domain.closures import (
    close_fault,
    closed,
    gap_remark,
    open_fault,
    opened,
    span_fault,
    span_words,
    term_fault,
    year_fault,
)
from workbench.domain.errors import InvalidError
from workbench.domain.school import Closure, School, Term
from workbench.domain.years import register_file

__all__ = ["CalendarView", "Changed", "ClosureRow", "add", "close", "open_", "show", "words_of"]

SAID = {
    "close": ("is closed", "would be closed"),
    "open": ("is open again", "would be open again"),
    "add": ("is added", "would be added"),
}
"""Each act, done and looked at, in words."""
NO_REASON = "closed"
NONE_MOVES = "No duty on your list moves."
LONGEST_REASON = 200
MARKED = (
    "Where the whole site closed without warning after that, the session was cancelled: amend its marks to Y4 "
    "(`workbench register amend`), with the reason."
)


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
    school = with_closures(was, closed(was.closures, Closure(first=first, last=last, why=words)))
    found = looked_at(desk, school, "close", first, last, words)
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
    school = with_closures(was, opened(was.closures, first, last))
    words = ", ".join(dict.fromkeys(c.why for c in was.closures if c.first <= last and first <= c.last))
    found = looked_at(desk, school, "open", first, last, words)
    if not found.days:
        raise InvalidError(
            f"{span_words(first, last)} lies in no term: taking the closure back makes no school day."
        )
    if dry_run:
        return found
    with desk.change("calendar.opened", subject=first.isoformat(), why=_until(first, last)) as tx:
        return _saved(desk, tx, school, found, rev)


@verb("calendar.add")
def add(
    desk: Desk, terms: Sequence[Term], closures: Sequence[Closure] = (), dry_run: bool = False
) -> Changed:
    """Add a school year: its terms, half terms, INSET and other closures.

    Args:
        desk: the desk.
        terms: the terms of one school year that has none yet, in order of time.
        closures: its closures.
        dry_run: only say which deadlines would move.

    Raises:
        InvalidError: if the terms are not of one new year, overlap, end before they begin, or one has no school day.
    """
    school, found = with_year(desk, terms, closures)
    if dry_run:
        return found
    with desk.change("calendar.added", subject=found.year) as tx:
        saved = _saved(desk, tx, school, found, None)
        lay_out(desk, tx, school)
        return saved


def with_year(desk: Desk, terms: Sequence[Term], closures: Sequence[Closure]) -> tuple[School, Changed]:
    """The school's record with a new school year, not yet saved, and what that does.

    Raises:
        InvalidError: if the terms are not of one new year, overlap, end before they begin, or one has no school day.
    """
    _refuse(year_fault(terms, desk.years(), desk.today()))
    was = desk.school()
    named = [_named(term) for term in terms]
    shut = [_explained(closure) for closure in closures]
    school = msgspec.structs.replace(
        with_closures(was, (*was.closures, *shut)),
        terms=tuple(sorted([*was.terms, *named], key=lambda t: t.first)),
    )
    days = Calendar(
        [(t.first, t.last) for t in school.terms], [(c.first, c.last, c.why) for c in school.closures]
    )
    _refuse(term_fault(days, named))
    first, last = min(t.first for t in named), max(t.last for t in named)
    found = looked_at(desk, school, "add", first, last, ", ".join(term.name for term in named))
    gap = gap_remark(desk.years(), found.year)
    return school, msgspec.structs.replace(found, remarks=[*gap, *found.remarks])


def words_of(found: Changed) -> list[str]:
    """What was done, or would be, in words: a line each, without the duties."""
    closing = found.act == "close"
    now, then = SAID[found.act]
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


def _saved(desk: Desk, tx: Tx, school: School, found: Changed, rev: int | None) -> Changed:
    seen = found.rev if rev is None else rev
    saved = desk.save(tx, "school", "school", school, rev=seen)
    return msgspec.structs.replace(found, dry_run=False, rev=saved.rev)


def _named(term: Term) -> Term:
    return msgspec.structs.replace(term, name=required(term.name, "The name of a term", limit=LONGEST_REASON))


def _explained(closure: Closure) -> Closure:
    why = clean(closure.why, limit=LONGEST_REASON, what="The reason") or NO_REASON
    return msgspec.structs.replace(closure, why=why)


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
