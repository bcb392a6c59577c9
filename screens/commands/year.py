"""The year: what stands, and the roll over into a new one."""

from datetime import date
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.commands.options import DAY
from screens.commands.session import Session, importing, input_text, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.year import Rolled, RollRow, YearView

Span = tuple[str, date, date]
YEARS = {"year": "Year", "first": "First", "last": "Last", "days": "Days", "rolled": "Rolled", "by": "By"}
ROWS = {
    "what": "", "pupil": "Pupil", "name": "Name", "year": "Year", "class": "Class",
    "year_after": "Then", "class_after": "Class then",
}  # fmt: skip
LEAVERS = {"until": "Kept until", "pupil": "Pupil", "name": "Name", "left": "Left", "why": "Why"}
SAID = {"up": "goes up", "decide": "TO DECIDE", "starts": "starts then", "leaves": "has a removal"}
DECIDE = (
    "To decide: in the most senior year group and on the roll. Nobody is taken off it by a new year: "
    "`workbench removal start` for each who leaves."
)


@click.group("year")
def year_() -> None:
    """The school year: show it; roll over to the next one."""


@year_.command("show")
@importing("workbench.desk.year")
@with_desk
def show(session: Session, desk: "Desk") -> None:
    """School years, when the roll went over to them, whom to decide on, and until when leavers' records are kept."""
    from workbench.desk import year

    found = year.show(desk)
    session.show({**plain.builtin(found), "year": found.id}, lambda: view_lines(found))


@year_.command("roll")
@click.option(
    "--file", "file", default=None, metavar="FILE",
    help="TOML with [calendar] as in a school file, and [classes] with OLD = NEW; `-` reads standard input",
)  # fmt: skip
@click.option(
    "--term", "terms", type=(str, DAY, DAY), multiple=True, metavar="NAME FROM TO",
    help="a term of the new year; give one for each, or none where the calendar has them",
)  # fmt: skip
@click.option(
    "--closed", type=(str, DAY, DAY), multiple=True, metavar="WHY FROM TO",
    help="a half term, INSET or other closure; give one for each",
)  # fmt: skip
@click.option(
    "--class", "classes", multiple=True, metavar="OLD=NEW",
    help="what comes after a class whose name does not say; 7A becomes 8A unasked",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="show what would become of every pupil; write nothing")
@importing("workbench.desk.year")
@with_desk
def roll(
    session: Session, desk: "Desk", file: str | None, terms: tuple[Span, ...], closed: tuple[Span, ...],
    classes: tuple[str, ...], dry_run: bool,
) -> None:  # fmt: skip
    """Roll over: the new calendar, everybody one year group up, their classes. It holds from the year's first day."""
    from workbench.desk import year
    from workbench.domain.school import Closure, Term
    from workbench.domain.yearfile import YearFile, classes_of, read_year

    said = read_year(input_text(file), file.rpartition("/")[2]) if file else YearFile()
    found = year.roll(
        desk,
        [*said.terms, *(Term(name=name, first=first, last=last) for name, first, last in terms)],
        [*said.closures, *(Closure(why=why, first=first, last=last) for why, first, last in closed)],
        {**said.classes, **classes_of(classes)},
        dry_run,
    )
    session.show({**plain.builtin(found), "year": found.id}, lambda: rolled_lines(found))


def view_lines(found: "YearView") -> list[str]:
    """Years, whom to decide on, leavers, remarks."""
    rolled = {one.id: one for one in found.rolled}
    rows = [
        {
            **plain.builtin(row),
            "rolled": rolled[row.year].begins if row.year in rolled else "",
            "by": rolled[row.year].by if row.year in rolled else "",
        }
        for row in found.years
    ]
    lines = [f"Today lies in {found.id}.", "", *plain.table(rows, YEARS)]
    if found.decide:
        lines += ["", DECIDE, *_table(found.decide)]
    return [*lines, *_leavers(found), *(["", *found.remarks] if found.remarks else [])]


def rolled_lines(found: "Rolled") -> list[str]:
    """What becomes of whom, those to decide on first, then leavers, remarks, and what was done."""
    counts = {what: sum(row.what == what for row in found.rows) for what in SAID}
    classes = ", ".join(f"{old} → {new}" for old, new in found.classes.items())
    would = "would be" if found.dry_run else "is"
    lines = [*_table(found.rows), ""] if found.rows else []
    lines += [DECIDE, ""] if counts["decide"] else []
    lines.append(
        f"{found.id} {would} rolled; its classes hold from {found.begins.isoformat()}: {counts['up']} go up, "
        f"{counts['decide']} to decide, {counts['starts']} start then, {counts['leaves']} have a removal."
    )
    lines += [f"Classes: {classes}."] if classes else []
    if found.calendar is not None:
        moved = len(found.calendar.moved)
        lines.append(
            f"The calendar has {found.calendar.year_days} school days in {found.id}; {moved} duties on your list move."
        )
        lines += found.calendar.remarks
    lines += [*_leavers(found), *found.remarks]
    return [*lines, "Nothing was written."] if found.dry_run else lines


def _table(rows: "tuple[RollRow, ...]") -> list[str]:
    return plain.table([{**plain.builtin(row), "what": SAID[row.what]} for row in rows], ROWS)


def _leavers(found: "Rolled | YearView") -> list[str]:
    if not found.leavers:
        return []
    rows = [plain.builtin(row) for row in found.leavers]
    return ["", "Leavers, and until when their records are kept:", *plain.table(rows, LEAVERS), ""]
