"""Importing from the school's own system: a file is read, what it would change is shown, and only a yes
writes it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.text import count
from screens.widgets.lines import Row
from workbench.desk import import_registers, imports
from workbench.desk.files import read_input

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.context import Desk
    from workbench.domain.inputs import Report

Reader = Callable[["Desk", str, bytes, bool], "Report"]
READERS: dict[str, Reader] = {"pupils": imports.import_pupils, "registers": import_registers.import_register}
KINDS = (
    ("pupils", "The roll: pupils and the people around them"),
    ("registers", "Registers: marks of past days"),
)
SHOWN = 200
"""Lines of each list of a report that are shown."""


async def import_file(screen: "WorkScreen") -> None:
    """Ask for the kind and the file, show the dry run, then write it if that is wanted."""
    kind = await screen.choose(
        "Import what?", KINDS, "A CSV file out of the school's system. Nothing is written yet."
    )
    if kind is None:
        return
    path = await screen.ask(
        "The file", "Path", hint="Such as ~/export/pupils.csv; Tab does not complete here."
    )
    if path is None:
        return
    data, name = read_input(path), path.rsplit("/", 1)[-1]
    report = READERS[kind](screen.desk, name, data, True)
    await screen.tell(f"What {name} would change", report_rows(report))
    sure = await screen.confirm(f"Import {name}?", summary(report), yes="Yes, import it as shown")
    if not sure:
        screen.say("Nothing was imported.")
        return
    done = READERS[kind](screen.desk, name, data, False)
    screen.shell.recount()
    screen.reload()
    screen.say(f"Imported: {summary(done)}")


def summary(report: "Report") -> str:
    """The report in one line."""
    if report.marks:
        return f"{count(report.marks, 'mark')}, {count(report.registers, 'register')} complete."
    new = f"{count(len(report.added), 'new name')}, {count(len(report.changed), 'change')}"
    return f"{new}, {report.unchanged} unchanged, {len(report.missing)} not in the file."


def report_rows(report: "Report") -> list[str | Row]:
    """The whole report, the summary first."""
    rows: list[str | Row] = [
        Row("", (summary(report),), tone="strong"),
        f"{count(report.rows, 'row')}, {report.encoding}, {report.separator}",
        "",
    ]
    changed = [f"{each.pupil} {each.field}: “{each.was}” becomes “{each.now}”" for each in report.changed]
    for title, lines in (
        ("Remarks", report.remarks),
        ("New", report.added),
        ("Changed", changed),
        ("On roll, but not in the file: nothing happens to them", report.missing),
    ):
        if lines:
            rows += [
                Row("", (f"{title} ({len(lines):,})",), tone="strong"),
                *(f"  {line}" for line in lines[:SHOWN]),
            ]
            rows += [f"  ... and {len(lines) - SHOWN:,} more", ""] if len(lines) > SHOWN else [""]
    return rows
