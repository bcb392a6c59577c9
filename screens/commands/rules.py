"""The rules: listed, shown, and checked by their examples. No account is needed."""

import click

from screens import plain
from screens.commands.session import Session, current
from workbench.desk import rulebook


@click.group("rules")
def rules_() -> None:
    """List, show and check the rules."""


@rules_.command("list")
def list_() -> None:
    """Every rule with its standing, its source and since when it is in force."""
    session: Session = current()
    columns = {
        "id": "Rule",
        "title": "Title",
        "standing": "Standing",
        "since": "In force since",
        "source": "Source",
    }
    session.table([plain.builtin(row) for row in rulebook.rules()], columns, "There are no rules.")


@rules_.command("show")
@click.argument("rule")
def show(rule: str) -> None:
    """One rule: its versions with their words, sources, dates and certainty."""
    value = rulebook.rule(rule)
    current().show(value, lambda: rulebook.words(value))


@rules_.command("check")
@click.argument("files", nargs=-1, metavar="[FILE ...]")
def check(files: tuple[str, ...]) -> int:
    """Run worked examples: the files named, or those that ship with the rules."""
    session = current()
    checked = rulebook.check(files)
    rows = [{"id": r.id, "file": r.file, "ok": r.ok, "lines": r.lines} for r in checked.results]
    session.show(rows, lambda: [line for r in checked.results for line in r.lines])
    if not session.given.json:
        click.echo(f"{checked.passed} passed, {checked.failed} failed")
    return 1 if checked.failed else 0
