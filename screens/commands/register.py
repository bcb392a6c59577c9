"""Registers: shown, taken, amended, imported."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import on, text
from screens.commands.roll import report_lines
from screens.commands.session import Session, input_text, with_desk
from workbench.desk import amendments, import_registers, register_view, registers, roll
from workbench.desk.files import read_input
from workbench.desk.register_view import RegisterView
from workbench.domain.errors import InvalidError
from workbench.domain.plain import UnreadableError, read_date

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.group("register")
def register_() -> None:
    """Registers: show a class's week, take one, amend a mark, import a file."""


@register_.command("show")
@click.argument("class_", metavar="CLASS")
@on("the week of this day")
@with_desk
def show(session: Session, desk: "Desk", class_: str, on: date | None) -> None:
    """A class's week."""
    view = register_view.view(desk, class_, on)
    session.show(week(view), lambda: week_lines(view))


def week(view: RegisterView) -> dict[str, Any]:
    """A week as an object: days, taken registers, and a row a pupil with marks by session."""
    return {
        "id": view.class_,
        "class": view.class_,
        "days": [day.isoformat() for day in view.days],
        "closed": {day.isoformat(): why for day, why in view.closed.items()},
        "taken": {f"{day.isoformat()}/{session}": taken.by for (day, session), taken in view.taken.items()},
        "rows": [
            {
                "id": row.pupil.id,
                "pupil": row.pupil.id,
                "name": row.pupil.name,
                "marks": {f"{day.isoformat()}/{session}": code for (day, session), code in row.marks.items()},
                "percent": row.percent,
                "warning": row.warning or None,
            }
            for row in view.rows
        ],
    }


def week_lines(view: RegisterView) -> list[str]:
    """A week as a grid of text."""
    slots = [(day, session) for day in view.days for session in ("AM", "PM")]
    lines = [f"{view.class_}, week of {view.days[0].isoformat()}"]
    lines.append(f"{'':24} " + " ".join(f"{day:%a}".center(5) for day in view.days) + "      %")
    for row in view.rows:
        marks = [f"{row.marks.get(slot, '.'):<2}" for slot in slots]
        pairs = [f"{marks[n]} {marks[n + 1]}" for n in range(0, len(marks), 2)]
        percent = "" if row.percent is None else f"{row.percent:5.1f}"
        lines.append(f"{row.pupil.name[:24]:<24} {' '.join(pairs)}  {percent:>5}  {row.warning}".rstrip())
    lines += [f"{day.isoformat()}: no sessions, {why}" for day, why in view.closed.items()]
    return lines


@register_.command("take")
@click.argument("class_", metavar="CLASS")
@click.argument("session_", metavar="AM|PM")
@click.argument("file", metavar="FILE|-")
@click.option("--rest-present", is_flag=True, help="pupils without a line are present")
@on("the day of the register; it is written at the clock's time")
@with_desk
def take(
    session: Session, desk: "Desk", class_: str, session_: str, file: str, rest_present: bool, on: date | None
) -> None:
    """Take a register out of lines `PUPIL CODE [MINUTES]`."""
    taken = registers.take_lines(desk, class_, session_.upper(), input_text(file), rest_present, on)
    value = plain.builtin(taken)
    words = f"{taken.class_} {taken.on.isoformat()} {taken.session} is taken."
    session.show(value, lambda: [words])


@register_.command("mark")
@click.argument("pupil")
@click.argument("slot", metavar="DATE/AM|PM")
@click.argument("code")
@click.option("--minutes", type=int, default=None, help="minutes late, for a code that asks for them")
@text("--note", "what the code asks to be written down")
@click.option(
    "--seen",
    default=None,
    metavar="CODE",
    help="the mark you saw, `-` for none: if another stands, it is shown and nothing is written; "
    "without it, what stands is written over",
)
@with_desk
def mark(
    session: Session, desk: "Desk", pupil: str, slot: str, code: str, minutes: int | None, note: str,
    seen: str | None,
) -> None:  # fmt: skip
    """Write one mark as a draft, or a planned one ahead; the code `-` takes it away again."""
    day, half = slot_of(slot)
    child = roll.find(desk, pupil).id
    kept = registers.mark(
        desk, child, day, half, None if code == "-" else code, minutes, note or None,
        seen="" if seen == "-" else seen,
    )  # fmt: skip
    value = _mark(child, day, half, kept or None)
    words = f"{child} {day.isoformat()} {half}: {kept or 'no mark'}, until the register is taken."
    session.show(value, lambda: [words])


def _mark(pupil: str, day: date, half: str, code: str | None) -> dict[str, Any]:
    own = f"{pupil}/{day.isoformat()}/{half}"
    return {"id": own, "pupil": pupil, "on": day.isoformat(), "session": half, "code": code}


@register_.command("marks")
@click.argument("pupil")
@with_desk
def marks(session: Session, desk: "Desk", pupil: str) -> None:
    """Every mark of a pupil, in order of time."""
    child = roll.find(desk, pupil).id
    rows = [_mark(child, day, half, code) for day, half, code in registers.marks_of(desk, child)]
    columns = {"on": "Day", "session": "Session", "code": "Code"}
    session.table(rows, columns, "This pupil has no mark yet.")


@register_.command("amendments")
@click.argument("pupil")
@with_desk
def amendments_(session: Session, desk: "Desk", pupil: str) -> None:
    """Every amendment of a pupil's marks: what it was, what it is, why and by whom."""
    rows = [plain.builtin(found) for found in amendments.amendments(desk, pupil)]
    columns = {"on": "Day", "session": "Session", "was": "Was", "code": "Is", "reason": "Why", "by": "By"}
    session.table(rows, columns, "No mark of this pupil was amended.")


@register_.command("amend")
@click.argument("pupil")
@click.argument("slot", metavar="DATE/AM|PM")
@click.argument("code")
@text("--reason", "why; kept beside the original", required=True)
@click.option("--minutes", type=int, default=None, help="minutes late, for a code that asks for them")
@text("--note", "what the code asks to be written down")
@on("the day, where only AM or PM is named")
@with_desk
def amend(
    session: Session,
    desk: "Desk",
    pupil: str,
    slot: str,
    code: str,
    reason: str,
    minutes: int | None,
    note: str,
    on: date | None,
) -> None:
    """Change a mark after its register was taken."""
    day, half = slot_of(slot if on is None or "/" in slot else f"{on.isoformat()}/{slot}")
    made = amendments.amend(desk, pupil, day, half, code, reason, minutes, note or None)
    value = plain.builtin(made)
    session.show(
        value,
        lambda: [
            f"{made.pupil} {made.on.isoformat()} {made.session}: {made.was or 'no mark'} is now {made.code}."
        ],
    )


def slot_of(slot: str) -> tuple[date, str]:
    """`2026-11-16/AM` as day and session.

    Raises:
        InvalidError: if it is neither.
    """
    day, _, half = slot.rpartition("/")
    try:
        found = read_date(day)
    except UnreadableError as error:
        raise InvalidError(f"{plain.safe(slot)}: {error}.", todo="Write it as 2026-11-16/AM.") from None
    if half.upper() not in ("AM", "PM"):
        raise InvalidError(f"{plain.safe(slot)} names no session.", todo="Write it as 2026-11-16/AM.")
    return found, half.upper()


@register_.command("import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="show what would be written, write nothing")
@with_desk
def import_(session: Session, desk: "Desk", file: str, dry_run: bool) -> None:
    """Take in a file of marks: all rows or none."""
    report = import_registers.import_register(desk, file.rpartition("/")[2], read_input(file), dry_run)
    session.show(report, lambda: report_lines(report, of_marks=True))


@register_.command("codes")
@on("the codes in force on this day")
@with_desk
def codes(session: Session, desk: "Desk", on: date | None) -> None:
    """The codes that can be used on a day."""
    found = register_view.code_choices(desk, on or desk.today())
    rows = [{"id": choice.code, **plain.builtin(choice)} for choice in found]
    session.table(
        rows, {"code": "Code", "title": "Meaning", "needs": "Needs"}, "No code is in force on that day."
    )
