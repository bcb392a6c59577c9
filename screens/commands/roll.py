"""The roll, and the people around a child."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import on, rev
from screens.commands.session import Session, fields_of, with_desk
from workbench.desk import around as people
from workbench.desk import cards, duties, events, imports, roll
from workbench.desk.files import read_input
from workbench.desk.finding import may_see_all
from workbench.desk.permissions import may
from workbench.domain.inputs import Report
from workbench.domain.pupils import Around, Pupil

if TYPE_CHECKING:
    from workbench.desk.context import Desk

COLUMNS = {"id": "Id", "upn": "UPN", "name": "Name", "year": "Year", "class": "Class", "starts": "Starts"}
AROUND = {"id": "Id", "kind": "Kind", "name": "Name", "role": "Role", "phone": "Telephone", "order": "Order"}


@click.group("pupils")
def pupils_() -> None:
    """The roll: import, list, show, add, edit, and the people around a child."""


SEEN_BY_ALL = (
    "id",
    "upn",
    "surname",
    "forename",
    "born",
    "year",
    "class",
    "starts",
    "left",
    "baseline",
    "rev",
)
"""Fields that every role sees; the others are null for whoever may not see them, never a made-up no."""


def row(pupil: Pupil, whole: bool = True) -> dict[str, Any]:
    """A pupil as an object: every field, and the name as registers list it.

    Args:
        whole: whether the person signed in may see more than `SEEN_BY_ALL`.
    """
    built = plain.builtin(pupil)
    fields = {key: value if whole or key in SEEN_BY_ALL else None for key, value in built.items()}
    return {"id": pupil.id, "pupil": pupil.id, "name": pupil.name, **fields}


def report_lines(report: Report, of_marks: bool = False) -> list[str]:
    """What an import did, or would do, in words; `of_marks` for one of registers."""
    lines = [f"{report.name}: {report.rows} rows, {report.encoding}, separated by {report.separator}."]
    lines += [f"  + {added}" for added in report.added]
    lines += [f"  ~ {c.pupil} {c.field}: {c.was or 'nothing'} -> {c.now}" for c in report.changed]
    lines += [
        f"  ? {missing} is on roll and not in the file; nothing happens to them" for missing in report.missing
    ]
    lines += [f"  Remark: {remark}" for remark in report.remarks]
    counts = f"{len(report.added)} added, {len(report.changed)} fields changed, {report.unchanged} unchanged"
    if of_marks:
        counts = f"{report.marks} marks, {report.registers} registers complete, {report.unchanged} unchanged"
    lines.append(
        f"{counts}. {'Written.' if report.committed else 'Nothing was written (dry run or no change).'}"
    )
    return lines


@pupils_.command("import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="show what would change, write nothing")
@with_desk
def import_(session: Session, desk: "Desk", file: str, dry_run: bool) -> None:
    """Take in a pupil file: all rows or none."""
    report = imports.import_pupils(desk, file.rpartition("/")[2], read_input(file), dry_run)
    session.show(report, lambda: report_lines(report))


@pupils_.command("list")
@on("who is on roll on this day")
@click.option("--leavers", is_flag=True, help="those who left, too")
@with_desk
def list_(session: Session, desk: "Desk", on: date | None, leavers: bool) -> None:
    """The names on roll."""
    rows = [row(pupil, may_see_all(desk)) for pupil in roll.pupils(desk, on=on, leavers=leavers)]
    session.table(
        rows, COLUMNS, "Nobody is on roll on that day: `workbench pupils import FILE.csv` brings them in."
    )


@pupils_.command("show")
@click.argument("pupil")
@on()
@with_desk
def show(session: Session, desk: "Desk", pupil: str, on: date | None) -> None:
    """One pupil, with figures and the people around them where your role may see them."""
    found = roll.find(desk, pupil)
    around = people.around(desk, found.id) if may(desk, "around.list") else None
    value = {
        **row(found, may_see_all(desk)),
        "figures": _figures(desk, found, on) if may(desk, "figures.read") else None,
        "speak_to_dsl": cards.speak_to_dsl(desk, found.id) if may(desk, "card.show") else None,
        "around": None if around is None else [plain.builtin(a) for a in around],
    }
    session.show(value, lambda: _card_lines(value))


def _card_lines(value: dict[str, Any]) -> list[str]:
    """A pupil as lines; the card stands last, and only where it says something."""
    lines = plain.object_lines({key: inner for key, inner in value.items() if key != "speak_to_dsl"})
    return [*lines, f"! {cards.WORDS}."] if value["speak_to_dsl"] else lines


def _figures(desk: "Desk", pupil: Pupil, on: date | None) -> dict[str, Any]:
    return {
        key: float(value) if key.endswith("percent") and value is not None else value
        for key, value in plain.builtin(duties.figures(desk, pupil.id, on)).items()
    }


@pupils_.command("events")
@click.argument("pupil")
@with_desk
def events_(session: Session, desk: "Desk", pupil: str) -> None:
    """What was recorded about a pupil: letters, suspensions, leaves ..., by their days."""
    rows = [plain.builtin(event) for event in events.events(desk, pupil)]
    shown = [{**r, "what": "; ".join(f"{k} {v}" for k, v in r["fields"].items())} for r in rows]
    columns = {"id": "Id", "on": "On", "kind": "Kind", "what": "What", "by": "By"}
    empty = "Nothing is recorded about this pupil: `workbench record` does it."
    session.show(rows, lambda: plain.table(shown, columns) if rows else [empty])


@pupils_.command("add")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@with_desk
def add(session: Session, desk: "Desk", fields: tuple[str, ...]) -> None:
    """Put a name on the roll."""
    value = row(roll.add(desk, fields_of(fields)))
    session.show(value, lambda: plain.object_lines(value))


@pupils_.command("edit")
@click.argument("pupil")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@rev()
@with_desk
def edit(session: Session, desk: "Desk", pupil: str, fields: tuple[str, ...], rev: int | None) -> None:
    """Change what is known about a pupil."""
    value = row(roll.edit(desk, pupil, fields_of(fields), rev))
    session.show(value, lambda: plain.object_lines(value))


@pupils_.group("around")
def around_() -> None:
    """The people around a child: parents, contacts, professionals."""


@around_.command("list")
@click.argument("pupil")
@with_desk
def around_list(session: Session, desk: "Desk", pupil: str) -> None:
    """Everybody around a pupil, in the order in which they are called."""
    rows = [plain.builtin(a) for a in people.around(desk, pupil)]
    session.table(
        rows, AROUND, "Nobody is recorded around this pupil: `workbench pupils around add` does it."
    )


@around_.command("add")
@click.argument("pupil")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@with_desk
def around_add(session: Session, desk: "Desk", pupil: str, fields: tuple[str, ...]) -> None:
    """Add somebody: kind=parent|contact|professional name=... role=... phone=..."""
    _person(session, people.around_add(desk, pupil, fields_of(fields)))


@around_.command("edit")
@click.argument("person")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@rev()
@with_desk
def around_edit(
    session: Session, desk: "Desk", person: str, fields: tuple[str, ...], rev: int | None
) -> None:
    """Change somebody, by the id that `around list` shows."""
    _person(session, people.around_edit(desk, person, fields_of(fields), rev))


@around_.command("remove")
@click.argument("person")
@with_desk
def around_remove(session: Session, desk: "Desk", person: str) -> None:
    """Take somebody off; the log keeps who it was."""
    people.around_remove(desk, person)
    session.show({"id": person, "removed": True}, lambda: [f"{person} is removed; the log keeps who it was."])


def _person(session: Session, found: Around) -> None:
    value = plain.builtin(found)
    session.show(value, lambda: plain.object_lines(value))
