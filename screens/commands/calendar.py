"""The calendar: show it, close a day, take a closure back."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY, on, rev
from screens.commands.session import Session, importing, with_desk
from workbench.domain.years import year_label

if TYPE_CHECKING:
    from workbench.desk.calendars import CalendarView, Changed
    from workbench.desk.context import Desk

Span = tuple[str, date, date]
DRY_RUN = click.option("--dry-run", is_flag=True, help="only show which deadlines would move")
UNTIL = click.option("--to", "last", type=DAY, default=None, metavar="DATE", help="the last day, inclusive")
ROWS = {"first": "First", "last": "Last", "days": "Days", "what": "What"}
MOVES = {"change": "", "was": "Was due", "now": "Due", "who": "Who", "action": "What", "id": "Duty"}


@click.group("calendar")
def calendar_() -> None:
    """Terms and closures; a day closed, or opened again, with the deadlines that move."""


@calendar_.command("show")
@on("only the school year in which this day lies")
@click.option(
    "--known", type=DAY, default=None, metavar="DATE", help="as it was recorded by the end of this day"
)
@importing("workbench.desk.calendars")
@with_desk
def show(session: Session, desk: "Desk", on: date | None, known: date | None) -> None:
    """Terms, half terms, INSET and closures, the school days of each year, and what is odd about them."""
    from workbench.desk import calendars

    found = calendars.show(desk, year_label(on) if on else None, known)
    session.show(found, lambda: view_lines(found))


@calendar_.command("close")
@click.argument("first", metavar="DATE", type=DAY)
@UNTIL
@click.option("--why", default="", metavar="TEXT", help="the reason, as the calendar shows it")
@DRY_RUN
@rev()
@importing("workbench.desk.calendars")
@with_desk
def close(
    session: Session, desk: "Desk", first: date, last: date | None, why: str, dry_run: bool, rev: int | None
) -> None:
    """Close school days: an INSET, a late bank holiday, a closure. Refused once a register of them was taken."""
    from workbench.desk import calendars

    _show(session, desk, calendars.close(desk, first, last, why, dry_run, rev))


@calendar_.command("open")
@click.argument("first", metavar="DATE", type=DAY)
@UNTIL
@DRY_RUN
@rev()
@importing("workbench.desk.calendars")
@with_desk
def open_(
    session: Session, desk: "Desk", first: date, last: date | None, dry_run: bool, rev: int | None
) -> None:
    """Take a closure back: pupils have school on those days."""
    from workbench.desk import calendars

    _show(session, desk, calendars.open_(desk, first, last, dry_run, rev))


@calendar_.command("add")
@click.option(
    "--term", "terms", type=(str, DAY, DAY), multiple=True, required=True, metavar="NAME FROM TO",
    help="a term of the new year; give one for each",
)  # fmt: skip
@click.option(
    "--closed", type=(str, DAY, DAY), multiple=True, metavar="WHY FROM TO",
    help="a half term, INSET or other closure; give one for each",
)  # fmt: skip
@DRY_RUN
@importing("workbench.desk.calendars")
@with_desk
def add(
    session: Session, desk: "Desk", terms: tuple[Span, ...], closed: tuple[Span, ...], dry_run: bool
) -> None:
    """Add the terms and closures of a new school year."""
    from workbench.desk import calendars
    from workbench.domain.school import Closure, Term

    made = [Term(name=name, first=first, last=last) for name, first, last in terms]
    shut = [Closure(why=why, first=first, last=last) for why, first, last in closed]
    _show(session, desk, calendars.add(desk, made, shut, dry_run))


def _show(session: Session, desk: "Desk", found: "Changed") -> None:
    session.show(found, lambda: changed_lines(found, _names(desk)))
    if found.hidden:
        say(f"{found.hidden} more for the DSL.")


def _names(desk: "Desk") -> dict[str, str]:
    from workbench.desk import roll

    return {pupil.id: f"{pupil.name} {pupil.class_}" for pupil in roll.pupils(desk, leavers=True)}


def view_lines(found: "CalendarView") -> list[str]:
    """Each year with its terms and closures in order of time, then the remarks."""
    lines: list[str] = []
    for year in found.years:
        rows = [{**plain.builtin(t), "what": t.name} for t in found.terms if t.year == year.year]
        rows += [
            {**plain.builtin(c), "what": f"closed: {c.why}"} for c in found.closures if c.year == year.year
        ]
        rows.sort(key=lambda row: (row["first"], row["last"]))
        lines += [
            f"{year.year}: {year.days} school days, {year.sessions} sessions",
            *plain.table(rows, ROWS),
            "",
        ]
    return [*lines, *(f"{remark.text} Source: {remark.source}." for remark in found.remarks)]


def changed_lines(found: "Changed", names: Mapping[str, str]) -> list[str]:
    """What was done or would be, then the duties that move.

    Args:
        names: pupil id to name and class.
    """
    from workbench.desk.calendars import words_of

    rows = [
        {
            **plain.builtin(move), "was": move.due_before, "now": move.due,
            "who": names.get(move.pupil or "", move.id.split(":")[1]),
            "change": f"{move.change}!" if move.earlier else move.change,
        }
        for move in found.moved
    ]  # fmt: skip
    return [*words_of(found), *(["", *plain.table(rows, MOVES)] if rows else [])]
