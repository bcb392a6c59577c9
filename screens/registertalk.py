"""What the register asks and explains in dialogs: amendments, notes, the meaning of a cell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.gridmarks import not_written, standing
from screens.registerrows import Slot, choices_of
from screens.text import count, day_words, stamp_words
from screens.widgets.field import Field
from screens.widgets.lines import Row
from workbench.desk import registers
from workbench.desk.permissions import may
from workbench.desk.register_view import CodeChoice
from workbench.desk.registers import RegisterRow
from workbench.domain.errors import ConflictError

if TYPE_CHECKING:
    from screens.gridscreen import GridScreen

NAMED = 3
"""Names that a refusal lists before it counts the rest."""


async def amend_mark(
    screen: "GridScreen", row: RegisterRow, slot: Slot, code: str, minutes: int | None
) -> None:
    """Ask for code and reason, and amend a mark of a register that was taken.

    Args:
        screen: the grid.
        row: the pupil.
        slot: day and session.
        code: the code that was typed; empty to choose it.
        minutes: minutes that were typed with it.
    """
    on, session = slot
    if not may(screen.desk, "register.amend"):
        screen.say(
            "The register is taken: amendments are made by the attendance officer or the DSL.", late=True
        )
        return
    choices = registers.code_choices(screen.desk, on)
    known = tuple((c.code, f"{c.code}  {c.title}") for c in choices if session in c.sessions)
    fields = [
        Field("code", "New mark", "choice", code or row.marks.get(slot, ""), known, required=True, lines=1),
        Field("minutes", "Minutes late", value=str(minutes or ""), hint="Only for a late mark.", limit=3),
        Field("reason", "Reason", required=True, hint="Kept for ever beside the original mark.", limit=200),
        Field("note", "Note", hint="What the code asks to be written down; may stay empty.", limit=200),
    ]
    was = row.marks.get(slot, "nothing")
    title = f"Amend {row.pupil.name}, {day_words(on)} {session}: was {was}"
    answer = await screen.fill(title, fields, "The original stays, with your reason, name and post.")
    if answer is None:
        return
    late = int(answer["minutes"]) if answer["minutes"].isdigit() else None
    registers.amend(
        screen.desk, row.pupil.id, on, session, answer["code"], answer["reason"],
        minutes=late if _asks_minutes(choices, answer["code"]) else None, note=answer["note"] or None,
    )  # fmt: skip
    screen.shell.recount()
    screen.load()
    screen.say(f"Amended: {row.pupil.name} {day_words(on)} {session} is {answer['code']}, was {was}.")


def _asks_minutes(choices: Sequence[CodeChoice], code: str) -> bool:
    return any(choice.code == code and choice.needs == "minutes" for choice in choices)


async def note_mark(screen: "GridScreen", row: RegisterRow, slot: Slot) -> None:
    """Write a note beside a draft mark."""
    name, own_id, text, told = row.pupil.name, row.pupil.id, None, ""
    while True:
        seen = standing(row, slot)
        if not seen.code:
            screen.say(told or "There is no mark here yet: type its letter.", late=True)
            return
        title = f"Note on {name}, {day_words(slot[0])} {slot[1]}: {seen.code}"
        text = await screen.ask(
            title,
            "Note",
            seen.note if text is None else text,
            told,
            required=False,
            hint="Empty takes it away.",
        )
        if text is None:
            return
        try:
            registers.mark(screen.desk, own_id, *slot, seen.code, seen.minutes, text or None, seen=seen)
        except ConflictError as error:  # asked again, with what was typed, beside the mark that stands now
            told = f"{not_written(name, error, screen.names)}. It would stand beside what stands now."
            screen.load()
            row = next(each for each in screen.view.rows if each.pupil.id == own_id)
        else:
            break
    screen.load()
    screen.say("Noted." if text else "The note is gone.")


async def explain_cell(screen: "GridScreen", row: RegisterRow, slot: Slot) -> None:
    """What stands in a cell, its amendments, and every code that may be typed there."""
    on, session = slot
    choices = registers.code_choices(screen.desk, on)
    lines: list[str | Row] = [*_standing(row, slot, choices), *_amendments(screen, row, slot), ""]
    if slot in screen.view.taken:
        taken = screen.view.taken[slot]
        lines += [
            f"The register was {taken.how} {stamp_words(taken.at)} by {taken.by}. Changes are amendments.",
            "",
        ]
    lines.append(Row("", (f"Codes in force on {day_words(on)}, {session}",), tone="strong"))
    planned = {choice.code for choice in choices if choice.planned}
    for choice in choices_of(choices, session):
        ahead = "   may be entered ahead" if choice.code in planned else ""
        lines.append(f"  {choice.code:<3} {choice.title}{' (asks minutes)' if choice.minutes else ''}{ahead}")
    await screen.tell(f"{row.pupil.name} · {day_words(on)} {session}", lines)


def _standing(row: RegisterRow, slot: Slot, choices: Sequence[CodeChoice]) -> list[str]:
    code, note = row.marks.get(slot, ""), row.notes.get(slot)
    title = next((choice.title for choice in choices if choice.code == code), "")
    lines = [f"{code}  {title}" if code else "No mark yet."]
    if note is not None and note.minutes:
        lines.append(f"{count(note.minutes, 'minute')} late")
    if note is not None and note.note:
        lines.append(f"Note: {note.note}")
    if row.run:
        lines.append(f"Unauthorised absence on {count(row.run, 'school day')} in a row.")
    return lines


def _amendments(screen: "GridScreen", row: RegisterRow, slot: Slot) -> list[str]:
    if not may(screen.desk, "marks.list"):
        return []
    found = [
        made for made in registers.amendments(screen.desk, row.pupil.id) if (made.on, made.session) == slot
    ]
    return [
        f"{stamp_words(made.at)} {made.by} ({made.post}): {made.was} to {made.code}: {made.reason}"
        for made in found
    ]


def unmarked_words(names: Sequence[str], session: str) -> str:
    """Why a register cannot be taken yet: `2 to mark in AM: Abbott, Rosa; Ellis, Sam. ...`."""
    shown = "; ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    return f"{len(names)} to mark in {session}: {shown}. * marks the rest present."
