"""Registers: marks as durable drafts, until the register of the session is taken; after that only
amendments."""

from datetime import date

from store.change import Tx
from workbench.desk.amendments import amend, amendments
from workbench.desk.context import Desk
from workbench.desk.finding import lookup, roll_of
from workbench.desk.judging import Judge, calendar_of, codes_on, extras, insist
from workbench.desk.mark_conflicts import insist_seen
from workbench.desk.marks import MarkBook, book, slot_id
from workbench.desk.permissions import verb
from workbench.desk.register_view import RegisterRow, RegisterView, code_choices, view
from workbench.desk.register_writes import put_note, put_taken, session_of, since, taken_duty
from workbench.desk.takelines import read_lines
from workbench.domain.characters import harmless
from workbench.domain.errors import FileFaultsError, InvalidError, NotFoundError
from workbench.domain.marking import PRESENT, Ask, day_fault, future_fault, own_sign, tidy_code
from workbench.domain.pupils import Pupil
from workbench.domain.register import Session, Standing, Taken

__all__ = [
    "RegisterRow",
    "RegisterView",
    "amend",
    "amendments",
    "code_choices",
    "mark",
    "marks_of",
    "rest_present",
    "take",
    "take_lines",
    "view",
]


@verb("register.mark")
def mark(
    desk: Desk,
    ref: str,
    on: date,
    session: str,
    code: str | None,
    minutes: int | None = None,
    note: str | None = None,
    seen: Standing | str | None = None,
) -> str:
    """Write one mark as a draft: durable at once, and freely changed until the register is taken.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        on: the day.
        session: `AM` or `PM`.
        code: the code, either case; `/` and `\\` both write the session's own sign. None clears the mark.
        minutes: minutes late, for a code that asks for them.
        note: what the code asks to be written down.
        seen: what the writer saw there, whole or the code alone; None writes over what stands.

    Returns:
        The code as it stands now; empty if the mark was cleared.

    Raises:
        ConflictError: if somebody else wrote another mark there meanwhile; nothing is written then.
        InvalidError: with the reason why the mark cannot stand there, or that the register is taken.
    """
    pupil, session = lookup(desk, ref), session_of(session)
    kept = own_sign(tidy_code(code), session) if code else ""
    ask = Ask(on, session, kept)
    if kept:
        insist(Judge(desk), ask, pupil)
    late, words = extras(codes_on(desk, on)[kept] if kept else None, minutes, note)
    marks = book(desk, on)
    with desk.change("mark.drafted", subject=pupil.id, why=f"{on.isoformat()}{session}") as tx:
        _refuse_taken(tx, marks, pupil.class_on(on), on, session)
        wanted = Standing(code=kept, minutes=late, note=words)
        if seen:
            seen = seen if isinstance(seen, Standing) else own_sign(tidy_code(seen), session)
        insist_seen(desk, tx, marks, pupil, ask, wanted, seen)
        marks.put(tx, pupil.id, [(on, session, kept)])
        put_note(desk, tx, marks, pupil.id, ask, late, words)
        since(desk, tx, on)
    return kept


@verb("register.mark")
def rest_present(desk: Desk, class_: str, on: date, session: str) -> int:
    """Mark everybody present who has no mark yet, as a draft.

    Returns:
        How many were marked.

    Raises:
        NotFoundError: if nobody is on roll in the class.
        InvalidError: if the session cannot be marked, or its register is taken.
    """
    session = session_of(session)
    pupils = _class(desk, class_, on)
    _insist_session(desk, on, session)
    marks = book(desk, on)
    ids = [pupil.id for pupil in pupils]
    if not marks.blank(ids, on, session):
        return 0
    with desk.change("mark.drafted", subject=class_, why=f"{on.isoformat()}{session}") as tx:
        _refuse_taken(tx, marks, class_, on, session)
        blank = marks.blank(ids, on, session)  # once more, under the lock: somebody may have marked meanwhile
        for own_id in marks.known_first(tx, blank, on):
            marks.put(tx, own_id, [(on, session, PRESENT[session])])
        since(desk, tx, on)
    return len(blank)


@verb("register.take")
def take(desk: Desk, class_: str, on: date, session: str) -> Taken:
    """Take the register of a session: from now on its marks change by amendment only.

    Raises:
        NotFoundError: if nobody is on roll in the class.
        InvalidError: if a pupil has no mark, the session cannot be marked, or the register was taken before.
    """
    session = session_of(session)
    pupils = _class(desk, class_, on)
    _insist_session(desk, on, session)
    marks = book(desk, on)
    with desk.change("register.taken", subject=class_, why=taken_duty(class_, on, session)) as tx:
        _refuse_taken(tx, marks, class_, on, session)
        _refuse_unmarked(marks.blank([pupil.id for pupil in pupils], on, session), class_)
        since(desk, tx, on)
        return put_taken(desk, tx, marks, class_, on, session)


@verb("register.take")
def take_lines(
    desk: Desk, class_: str, session: str, lines: str, rest_present: bool = False, on: date | None = None
) -> Taken:
    """Take a register out of lines `PUPIL CODE [MINUTES]`: all or nothing.

    Args:
        desk: the desk.
        class_: the class.
        session: `AM` or `PM`.
        lines: the lines; empty ones are passed over.
        rest_present: pupils without a line, and without a mark so far, are present.
        on: the day; today unless given. What is written is written at the clock's time.

    Raises:
        FileFaultsError: naming the lines that cannot be taken.
        NotFoundError: if nobody is on roll in the class.
        InvalidError: if pupils are left unmarked, the session cannot be marked, or the register was taken
        before.
    """
    day, session = on or desk.today(), session_of(session)
    pupils = _class(desk, class_, day)
    _insist_session(desk, day, session)
    asked, faults = read_lines(desk, lines, {pupil.id: pupil for pupil in pupils}, day, session)
    if faults:
        raise FileFaultsError(f"{len(faults)} of the lines cannot be taken.", faults, todo="Put them right.")
    marks = book(desk, day)
    silent = [pupil.id for pupil in pupils if pupil.id not in asked]
    with desk.change("register.taken", subject=class_, why=taken_duty(class_, day, session)) as tx:
        _refuse_taken(tx, marks, class_, day, session)
        unmarked = marks.blank(silent, day, session)
        if not rest_present:
            _refuse_unmarked(unmarked, class_)
        codes = {own: code for own, (code, _) in asked.items()} | dict.fromkeys(unmarked, PRESENT[session])
        for own_id in marks.known_first(tx, codes, day):
            marks.put(tx, own_id, [(day, session, codes[own_id])])
        taken = put_taken(desk, tx, marks, class_, day, session)
        for own_id, (code, minutes) in asked.items():
            tx.next_part()  # what stands beside a mark goes with its pupil
            put_note(desk, tx, marks, own_id, Ask(day, session, code), minutes, "")
        since(desk, tx, day)
        return taken


@verb("marks.list")
def marks_of(desk: Desk, ref: str) -> list[tuple[date, str, str]]:
    """Every mark of a pupil, over all years kept here, as (day, session, code), in order of time."""
    pupil = lookup(desk, ref)
    return [found for year in desk.years() for found in book(desk, year=year).all_of(pupil.id)]


def _class(desk: Desk, class_: str, on: date) -> list[Pupil]:
    pupils = roll_of(desk, on, class_)
    if not pupils:
        raise NotFoundError(f"No pupil is on roll in class {harmless(class_, 24)} on {on.isoformat()}.")
    return pupils


def _insist_session(desk: Desk, on: date, session: Session) -> None:
    calendar, now = calendar_of(desk, on), desk.now()
    ask = Ask(on, session, PRESENT[session])
    wrong = day_fault(ask, calendar.is_school_day(on), calendar.why_closed(on))
    wrong = wrong or future_fault(ask, desk.today(), now.hour, planned=False)
    if wrong:
        raise InvalidError(f"{wrong[:1].upper()}{wrong[1:]}.")


def _refuse_taken(tx: Tx, marks: MarkBook, class_: str, on: date, session: Session) -> None:
    doc = tx.get(marks.file, "taken", slot_id(class_, on, session))
    if doc is not None:
        which = f"The register of {class_} for {on.isoformat()} {session}"
        raise InvalidError(
            f"{which} was {doc['how']} by {doc['by']} at {doc['at']}.",
            todo="A mark of it is changed by an amendment with a reason.",
        )


def _refuse_unmarked(unmarked: list[str], class_: str) -> None:
    if unmarked:
        some = ", ".join(unmarked[:5]) + (" ..." if len(unmarked) > 5 else "")
        raise InvalidError(
            f"{len(unmarked)} of {class_} {'has' if len(unmarked) == 1 else 'have'} no mark yet: {some}.",
            todo="Mark them, or mark the rest present.",
        )
