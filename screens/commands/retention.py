"""Records past their time: until when they are kept, legal holds, and their erasure."""

import sys
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.cli import say
from screens.commands.options import text
from screens.commands.session import Session, with_desk
from workbench.desk import retention
from workbench.domain.errors import InvalidError
from workbench.domain.retention import ErasurePlan, RetentionRow

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.group("retention")
def retention_() -> None:
    """Records past their time: list, hold, release, erase."""


@retention_.command("list")
@click.option("--erased", is_flag=True, help="whose records were erased instead: ids, when, by whom and why")
@with_desk
def list_(session: Session, desk: "Desk", erased: bool) -> None:
    """Leavers: until when each one's records are kept and why, and legal holds; those that are due first."""
    if erased:
        columns = {"id": "Pupil", "at": "Erased", "by": "By", "kept_until": "Kept until", "reason": "Reason"}
        found = [plain.builtin(one) for one in retention.erased(desk)]
        session.table(found, columns, "Nothing was erased.")
        return
    rows = [{"id": row.pupil, "state": _state(row), **plain.builtin(row)} for row in retention.kept(desk)]
    names = {
        "state": "State",
        "until": "Until",
        "pupil": "Pupil",
        "name": "Name",
        "left": "Left",
        "why": "Why",
    }
    session.table(rows, names, "Nobody has left.")


def _state(row: RetentionRow) -> str:
    return "held" if row.holds else "due" if row.due else "kept"


@retention_.command("hold")
@click.argument("pupil")
@text("--reason", "the claim, inquiry or order that asks for it", required=True)
@with_desk
def hold(session: Session, desk: "Desk", pupil: str, reason: str) -> None:
    """Put a legal hold on a pupil's records, cases included: nothing of them is erased while it stands."""
    made = retention.hold(desk, pupil, reason)
    session.show(plain.builtin(made), lambda: [f"A legal hold stands on {made.pupil}: {made.id}."])


@retention_.command("release")
@click.argument("pupil")
@text("--reason", "why nothing has to be kept for it any more", required=True)
@with_desk
def release(session: Session, desk: "Desk", pupil: str, reason: str) -> None:
    """Release the legal holds on a pupil's records; whoever releases one does not erase."""
    done = retention.release(desk, pupil, reason)
    ids = ", ".join(one.id for one in done)
    session.show(plain.builtin(done), lambda: [f"Released on {done[0].pupil}: {ids}."])


@retention_.command("erase")
@click.argument("pupil")
@text("--reason", "why now; it is kept, and may not name the pupil", required=True)
@click.option("--dry-run", is_flag=True, help="say what would go and what would stay; erase nothing")
@click.option("--yes", is_flag=True, help="do not ask: needed where there is no terminal")
@with_desk
def erase(session: Session, desk: "Desk", pupil: str, reason: str, dry_run: bool, yes: bool) -> None:
    """Erase everything of a leaver whose time is over. For a leader; it cannot be taken back."""
    would = retention.plan(desk, pupil)
    if dry_run:
        session.show({"id": would.pupil, **plain.builtin(would)}, lambda: plan_lines(would))
        return
    if not would.in_the_way:
        for line in plan_lines(would):
            say(plain.safe(line))
        _agreed(would, yes)
    done = retention.erase(desk, pupil, reason)
    value: dict[str, Any] = {"id": done.pupil, **plain.builtin(done)}
    parts = f"{done.records} records, {done.parts} parts of the log"
    session.show(
        value, lambda: [f"Erased {done.pupil}: {parts}.", retention.BACKUPS, "Run `workbench check`."]
    )


def plan_lines(would: ErasurePlan) -> list[str]:
    """What an erasure would take and what would stay, in words."""
    records = ", ".join(f"{count} {table}" for table, count in would.records.items())
    kept = (
        f"Kept until {would.until.isoformat()}: {would.why}."
        if would.until
        else f"{would.pupil}: {would.why}."
    )
    lines = [
        f"{would.pupil} {would.name}. {kept}",
        f"Goes: {records}; {would.parts} parts of the log.",
        f"Stays: {would.entries} entries of the log, which hold ids only.",
    ]
    if would.shared:
        lines.append(
            f"Stays: {would.shared} parts of registers that others share, with this pupil's codes and no name."
        )
    if would.others:
        lines.append(f"Stays: {', '.join(would.others)}, of others, where the id is named.")
    if would.sealed:
        lines.append(f"Not looked into: {would.sealed} {retention.SEALED}")
    lines += [f"In the way: {words}." for words in would.in_the_way]
    return [*lines, retention.BACKUPS]


def _agreed(would: ErasurePlan, yes: bool) -> None:
    """Ask on a terminal; elsewhere --yes has to say it.

    Raises:
        InvalidError: nobody was asked and --yes was not given.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidError("Nothing is erased unasked.", todo="Look at --dry-run, then say --yes.")
    click.confirm(f"Erase {would.pupil} for good", abort=True, err=True)
