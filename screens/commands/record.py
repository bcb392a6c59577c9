"""Events, calls and visits, and the first-day call list."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import on, text
from screens.commands.session import Session, fields_of, with_desk
from workbench.desk import contacts, events
from workbench.desk.contacts import CallRow

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.command("record")
@click.argument("pupil")
@click.argument("kind")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@with_desk
def record_(session: Session, desk: "Desk", pupil: str, kind: str, fields: tuple[str, ...]) -> None:
    """Record an event; `workbench kinds` lists kinds and fields, `on=DATE` says when."""
    made = plain.builtin(events.record(desk, pupil, kind, fields_of(fields)))
    session.show(made, lambda: plain.object_lines(made))


@click.command("kinds")
@with_desk
def kinds_(session: Session, desk: "Desk") -> None:
    """The kinds of events that you can record, and their fields."""
    rows = [{"id": kind.kind, **plain.builtin(kind)} for kind in events.kinds(desk)]
    session.show(rows, lambda: [line for row in rows for line in _kind_lines(row)])


def _kind_lines(row: dict[str, Any]) -> list[str]:
    fields = [
        f"    {name} = {' | '.join(t) if isinstance(t, list) else t}" for name, t in row["fields"].items()
    ]
    return [f"{row['kind']}  {row['title']}", *fields]


@click.group("contact")
def contact_() -> None:
    """Calls, messages and visits, with or without a case."""


@contact_.command("add")
@click.argument("pupil")
@text("--who", "who was called or visited", required=True)
@text("--result", "what came of it; `no answer` is a result", required=True)
@text("--how", "call, text, email, letter, visit, meeting or other", default="call")
@text("--number", "the number or address that was tried")
@text("--at", "when it happened; now unless given")
@text("--case", "the case that it belongs to")
@with_desk
def add(
    session: Session,
    desk: "Desk",
    pupil: str,
    who: str,
    result: str,
    how: str,
    number: str,
    at: str,
    case: str,
) -> None:
    """Log a call, a message or a visit."""
    made = plain.builtin(contacts.add(desk, pupil, who, result, how, number, at or None, case or None))
    session.show(made, lambda: plain.object_lines(made))


@contact_.command("list")
@click.argument("pupil")
@with_desk
def list_(session: Session, desk: "Desk", pupil: str) -> None:
    """All calls and visits about a pupil."""
    rows = [plain.builtin(found) for found in contacts.contacts(desk, pupil)]
    columns = {"at": "When", "how": "How", "who": "Who", "result": "Result", "by": "By"}
    session.table(rows, columns, "Nobody was called or visited about this pupil yet.")


@click.command("call-list")
@on("the absences of this day")
@with_desk
def call_list_(session: Session, desk: "Desk", on: date | None) -> None:
    """Whom to call about absences that nobody has explained."""
    rows = [_call(row) for row in contacts.call_list(desk, on)]
    columns = {"name": "Pupil", "class": "Class", "sessions": "Sessions", "numbers": "Call", "tried": "Tried"}
    session.table(rows, columns, "No absence of that day stands unexplained, or the day has no sessions.")


def _call(row: CallRow) -> dict[str, Any]:
    return {
        "id": row.pupil.id,
        "pupil": row.pupil.id,
        "name": row.pupil.name,
        "class": row.pupil.class_,
        "sessions": list(row.sessions),
        "code": row.code,
        "numbers": [f"{a.name} {a.phone}" for a in row.numbers],
        "tried": len(row.contacts),
        "speak_to_dsl_first": row.special,
    }
