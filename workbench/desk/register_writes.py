"""What several verbs write about a session inside their change. No verbs here."""

from datetime import date

import msgspec

from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.marks import MarkBook, slot_id
from workbench.domain.errors import InvalidError
from workbench.domain.marking import Ask
from workbench.domain.register import MarkNote, Session, Taken


def session_of(text: str) -> Session:
    """`AM` or `PM`, whichever the text says.

    Raises:
        InvalidError: if it says neither.
    """
    if text == "AM":
        return "AM"
    if text == "PM":
        return "PM"
    raise InvalidError("A session is AM or PM.")


def taken_duty(class_: str, on: date, session: str) -> str:
    """The id of the duty that taking a register ends."""
    return f"register.take:{slot_id(class_, on, session)}"


def put_taken(
    desk: Desk, tx: Tx, marks: MarkBook, class_: str, on: date, session: str, how: str = "taken"
) -> Taken:
    """Write inside a change that a register was taken."""
    own_id = slot_id(class_, on, session)
    by, at = desk.user(), desk.stamp()
    taken = Taken(id=own_id, class_=class_, on=on, session=session_of(session), by=by, at=at, how=how)
    return desk.save(tx, marks.file, "taken", taken)


def put_note(
    desk: Desk, tx: Tx, marks: MarkBook, pupil: str, ask: Ask, minutes: int | None, note: str
) -> None:
    """Write inside a change what stands beside a mark, or take it away where nothing does."""
    own_id = slot_id(pupil, ask.on, ask.session)
    if minutes is None and not note:
        if tx.get(marks.file, "notes", own_id) is not None:
            tx.drop(marks.file, "notes", own_id)
        return
    session = session_of(ask.session)
    kept = MarkNote(id=own_id, pupil=pupil, on=ask.on, session=session, minutes=minutes, note=note)
    desk.save(tx, marks.file, "notes", kept)


def since(desk: Desk, tx: Tx, on: date) -> None:
    """Remember inside a change the first day for which registers are kept here, if this is an earlier one."""
    school = desk.school()
    if on < school.registers_since:
        tx.next_part()  # no pupil's: it outlives them
        desk.save(tx, "school", "school", msgspec.structs.replace(school, registers_since=on))
