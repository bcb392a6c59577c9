"""Numbers for directors: counts of a period without names, small ones hidden."""

from datetime import date
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.commands.options import DAY
from screens.commands.session import Session, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.stats import Sheet
    from workbench.domain.disclosure import Table


@click.command("stats")
@click.option(
    "--from",
    "first",
    type=DAY,
    default=None,
    metavar="DATE",
    help="the first day; that of the school year unless given",
)
@click.option(
    "--to", "last", type=DAY, default=None, metavar="DATE", help="the last day, inclusive; today unless given"
)
@click.option("--csv", "as_csv", is_flag=True, help="as CSV for a spreadsheet: UTF-8, a line a value")
@importing("workbench.desk.stats")
@with_desk
def stats_(session: Session, desk: "Desk", first: date | None, last: date | None, as_csv: bool) -> None:
    """Numbers for directors: cases, telling the authority, overdue duties, removals, referrals, registers, concerns."""
    from workbench.desk import stats

    if as_csv and session.given.json:
        raise click.UsageError("--csv and --json: one of them.")
    found = stats.read(desk, first, last)
    if as_csv:
        click.echo(stats.as_csv(found), nl=False)
        return
    session.show(as_json(found), lambda: sheet_lines(found))


def as_json(found: "Sheet") -> dict[str, object]:
    """The sheet as commands print it: `from` and `to`, and every key of every cell."""
    built: dict[str, object] = plain.builtin(found)
    return {**built, "from": built["first"], "to": built["last"]}


def sheet_lines(found: "Sheet") -> list[str]:
    """All tables, then why numbers are hidden."""
    lines = [
        f"Numbers from {found.first.isoformat()} to {found.last.isoformat()}. No names; small numbers hidden."
    ]
    for table in found.tables:
        lines += ["", *table_lines(table)]
    return [*lines, "", found.why]


def table_lines(table: "Table") -> list[str]:
    """One table under its title."""
    from workbench.domain.statsfile import heading

    if not table.rows:
        return [f"{table.title}: none in the period."]
    every = [*table.rows, *([table.total] if table.total else [])]
    rows = [{"": row.label, **{cell.column: cell.shown for cell in row.cells}} for row in every]
    note = [table.note] if table.note else []
    return [
        table.title,
        *note,
        *plain.table(rows, {"": "", **{name: heading(name) for name in table.columns}}),
    ]
