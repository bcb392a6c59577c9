"""The rules: listed, shown, and checked by their examples. No account is needed; the packs of the data folder count,
where there is one."""

from datetime import date
from pathlib import Path

import click

from screens import plain
from screens.cli import say
from screens.commands.options import on as on_option
from screens.commands.session import Session, current
from workbench.desk import rulebook


@click.group("rules")
def rules_() -> None:
    """List, show and check the rules."""


def _folder(session: Session) -> Path | None:
    """The data folder, where there is one."""
    return session.path if session.path.is_dir() else None


@rules_.command("list")
@on_option("as they stand on this day; today unless given")
def list_(on: date | None) -> None:
    """Every duty rule and table (codes, grounds, gates, age, enquiries, groups): how it stands, and its source."""
    session: Session = current()
    now = session.world.clock.now()
    day = on or date(now.year, now.month, now.day)
    loaded = rulebook.rules_for(_folder(session))
    rows = rulebook.rules(day, loaded)
    held = [row for row in rows if row.in_force]
    session.show(
        [plain.builtin(row) for row in rows],
        lambda: [line for row in held for line in rulebook.row_words(row)],
    )
    others = [row.id for row in rows if not row.in_force]
    if session.given.json:
        return
    told = [f"Not in force on {day}: {', '.join(others)}."] if others else []
    for law, ids in rulebook.waiting(day, loaded).items():
        told.append(f"Not commenced by {day}: {law}; it will change {', '.join(ids)}.")
    for text in told:
        for line in rulebook.wrapped(text, "  "):
            say(line)


@rules_.command("show")
@click.argument("rule")
def show(rule: str) -> None:
    """One rule, code, ground, gate, step or group: its words beside its values, source, dates, certainty, examples."""
    session = current()
    folder = _folder(session)
    value = rulebook.rule(rule, rulebook.rules_for(folder), rulebook.examples_for(folder))
    session.show(value, lambda: rulebook.words(value))


@rules_.command("check")
@click.argument("files", nargs=-1, metavar="[FILE ...]")
def check(files: tuple[str, ...]) -> int:
    """Run worked examples: the files named, or those that ship with the rules and those of the data folder."""
    session = current()
    checked = rulebook.check(files, _folder(session))
    rows = [{"id": r.id, "file": r.file, "ok": r.ok, "lines": r.lines} for r in checked.results]
    session.show(rows, lambda: [line for r in checked.results for line in r.lines])
    if checked.refused:
        say(f"{checked.refused} Examples that need the folder's packs were not run.")
    if not session.given.json:
        click.echo(f"{checked.passed} passed, {checked.failed} failed")
    return 1 if checked.failed or checked.refused else 0
