"""The log and the folder's health."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY
from screens.commands.session import Session, current, with_desk
from workbench.desk import checks, logbook, views
from workbench.domain.acts import act_words
from workbench.domain.errors import InvalidError

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.group("log")
def log_() -> None:
    """Show and verify the log."""


@log_.command("show")
@click.option(
    "--pupil", default=None, metavar="ID", help="only entries about this pupil or what belongs to them"
)
@click.option("--person", default=None, metavar="USER", help="only this user's")
@click.option("--act", default=None, metavar="ACT", help="only this act, or family of acts such as `removal`")
@click.option("--day", type=DAY, default=None, metavar="DATE", help="only of this day")
@with_desk
def show(
    session: Session, desk: "Desk", pupil: str | None, person: str | None, act: str | None, day: date | None
) -> None:
    """The entries, oldest first; as JSON exactly as they are stored."""
    found = logbook.entries(desk, pupil, person, act, day)
    rows = [{**e, "words": logbook.words(e), "when": str(e["at"])[:16].replace("T", " ")} for e in found]
    columns = {
        "seq": "No",
        "when": "When",
        "actor": "Who",
        "words": "What",
        "subject": "About",
        "why": "Because of",
    }
    session.show(found, lambda: plain.table(rows, columns) if rows else ["No entry fits."])


@log_.command("views")
@click.option("--without-duty", is_flag=True, help="only by people who had nothing to do with the child")
@with_desk
def views_(session: Session, desk: "Desk", without_duty: bool) -> None:
    """Who looked at which safeguarding record, oldest first, and what ties them to the child."""
    found = views.looks(desk, without_duty)
    rows = [plain.builtin(look) for look in found]
    shown = [
        {
            **row,
            "when": look.at[:16].replace("T", " "),
            "words": act_words(look.act),
            "tie": views.words(look),
        }
        for row, look in zip(rows, found, strict=True)
    ]
    columns = {
        "id": "No",
        "when": "When",
        "actor": "Who",
        "words": "What",
        "subject": "About",
        "tie": "Because",
    }
    empty = "Nobody looked at a safeguarding record" + (" without a duty." if without_duty else ".")
    session.show(rows, lambda: plain.table(shown, columns) if rows else [empty])


@log_.command("verify")
@click.option("--head", default=None, metavar="HASH", help="a head kept elsewhere: the log must hold it")
@with_desk
def verify(session: Session, desk: "Desk", head: str | None) -> int:
    """Prove the whole log; exit 1 and name the place where it is not as it was written."""
    verdict = logbook.verify(desk, head)
    value: dict[str, Any] = {
        "whole": verdict.whole,
        "entries": verdict.entries,
        "head": {"seq": verdict.head.seq, "hash": verdict.head.hash},
        "problems": [_told(p) for p in verdict.problems],
        "unfinished": None if verdict.tail is None else _told(verdict.tail),
        "signed": logbook.vouched(desk),
    }
    if verdict.whole and verdict.tail is not None:
        say(f"Remark: {logbook.tail_words(verdict)}")
    session.show(value, lambda: _words(value))
    return 0 if verdict.whole else 1


def _told(problem: logbook.Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "reason": problem.reason}


def _words(value: dict[str, Any]) -> list[str]:
    head = f"Head: entry {value['head']['seq']}, {value['head']['hash']}"
    if value["whole"]:
        end = f" up to entry {value['head']['seq']}" if value["unfinished"] else ""
        return [f"The log is whole{end}: {value['entries']} entries.", head, value["signed"]]
    places = [f"  {_place(p)}: {p['reason']}" for p in value["problems"]]
    return [f"The log is NOT whole: {value['entries']} entries could be proven.", *places, head]


def _place(problem: dict[str, Any]) -> str:
    return f"{problem['file']}, line {problem['line']}" if problem["line"] else str(problem["file"])


@click.command("check")
@click.option("--rebuild", is_flag=True, help="first write the TinyDB files anew from the log alone")
@click.option(
    "--no-sign-in",
    "unsigned",
    is_flag=True,
    help="where nobody can sign in any more: look, and write nothing",
)
def check_(rebuild: bool, unsigned: bool) -> int:
    """Whether the folder is whole: log, snapshots, modes, backups. Remarks keep exit 0."""
    if not unsigned:
        return _check(rebuild)
    if rebuild:
        raise InvalidError("--rebuild writes: a DSL or leader has to sign in for it.")
    session = current()
    found = checks.check_unsigned(session.path)
    say("Nobody signed in: nothing was written, and what is found is named by its id alone.")
    return _tell(session, found)


@with_desk
def _check(session: Session, desk: "Desk", rebuild: bool) -> int:
    if rebuild:
        say(f"Made anew from the log alone: {', '.join(checks.rebuild(desk))}")
    return _tell(session, checks.check(desk))


def _tell(session: Session, found: "list[checks.Finding]") -> int:
    rows = [{"id": str(n), **plain.builtin(finding)} for n, finding in enumerate(found, 1)]
    faults = sum(finding.level == "fault" for finding in found)
    last = (
        "The folder is whole."
        if not faults
        else f"Faults: {faults}. Keep a copy of the folder as it is, then do what each line says."
    )
    session.show(rows, lambda: [*(line for row in rows for line in _finding(row)), last])
    return 1 if faults else 0


def _finding(row: dict[str, Any]) -> list[str]:
    """What was found and where; what to do next on a line of its own."""
    place = _place(row)
    where = f" {place}" if place else ""
    record = f" {row['record']}" if row["record"] else ""
    return [f"{row['level']}:{where}{record} {row['words']}", f"    {row['todo']}"]
