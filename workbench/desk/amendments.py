"""Changing a mark after its register was taken: the original stays, with the reason, the day and the person's
post."""

from datetime import date

from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.judging import Judge, codes_on, extras, insist
from workbench.desk.marks import MarkBook, book, slot_id
from workbench.desk.permissions import verb
from workbench.desk.register_writes import put_note, session_of
from workbench.desk.text import LINE, required
from workbench.domain.errors import InvalidError
from workbench.domain.marking import Ask, tidy_code
from workbench.domain.pupils import Pupil
from workbench.domain.register import Amendment, MarkNote


@verb("register.amend")
def amend(
    desk: Desk,
    ref: str,
    on: date,
    session: str,
    code: str,
    reason: str,
    minutes: int | None = None,
    note: str | None = None,
) -> Amendment:
    """Change a mark of a register that was taken.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        on: the day.
        session: `AM` or `PM`.
        code: the new code, either case.
        reason: why; kept for ever beside the original.
        minutes: minutes late, for a code that asks for them.
        note: what the code asks to be written down.

    Raises:
        InvalidError: if the register was not taken, the code cannot stand there, nothing would change, or the
        reason
            is missing.
    """
    pupil = lookup(desk, ref)
    ask = Ask(on, session_of(session), tidy_code(code))
    words = required(reason, "The reason", limit=LINE)
    insist(Judge(desk), ask, pupil)
    beside = extras(codes_on(desk, on)[ask.code], minutes, note)
    marks = book(desk, on)
    with desk.change("mark.amended", subject=pupil.id, why=f"{on.isoformat()}{session}") as tx:
        _refuse_untaken(tx, marks, pupil, ask)
        return _put(desk, tx, marks, pupil, ask, words, beside)


def _put(
    desk: Desk, tx: Tx, marks: MarkBook, pupil: Pupil, ask: Ask, reason: str, beside: tuple[int | None, str]
) -> Amendment:
    was = marks.code(pupil.id, ask.on, ask.session)
    slot = slot_id(pupil.id, ask.on, ask.session)
    if was == ask.code and _beside(desk, marks, slot) == beside:
        raise InvalidError(f"The mark is {was} already.")
    marks.put(tx, pupil.id, [(ask.on, ask.session, ask.code)])
    put_note(desk, tx, marks, pupil.id, ask, *beside)
    earlier = 0
    while tx.get(marks.file, "amendments", f"{slot}:{earlier + 1}") is not None:
        earlier += 1
    amendment = Amendment(
        id=f"{slot}:{earlier + 1}",
        pupil=pupil.id,
        on=ask.on,
        session=session_of(ask.session),
        was=was,
        code=ask.code,
        reason=reason,
        at=desk.stamp(),
        by=desk.user(),
        post=desk.who.post if desk.who else "",
    )
    return desk.save(tx, marks.file, "amendments", amendment)


def _beside(desk: Desk, marks: MarkBook, slot: str) -> tuple[int | None, str]:
    kept = desk.record(marks.file, "notes", slot, MarkNote)
    return (kept.minutes, kept.note) if kept else (None, "")


def _refuse_untaken(tx: Tx, marks: MarkBook, pupil: Pupil, ask: Ask) -> None:
    class_ = pupil.class_on(ask.on)
    if tx.get(marks.file, "taken", slot_id(class_, ask.on, ask.session)) is None:
        raise InvalidError(
            f"The register of {class_} for {ask.on.isoformat()} {ask.session} is not taken yet.",
            todo="Until it is, its marks are simply changed: `workbench register take`.",
        )


@verb("marks.list")
def amendments(desk: Desk, ref: str) -> list[Amendment]:
    """The amendments of a pupil's marks, in the order in which they were made."""
    return amendments_of(desk, lookup(desk, ref).id)


def amendments_of(desk: Desk, pupil: str) -> list[Amendment]:
    """`amendments`, inside other verbs, for the id of a pupil."""
    files = [f"register-{year}" for year in desk.years()]
    found = [
        made for file in files for made in desk.records(file, "amendments", Amendment) if made.pupil == pupil
    ]
    return sorted(found, key=lambda made: (made.at, made.id))
