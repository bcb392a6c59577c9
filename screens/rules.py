"""The rule book: every rule, code, ground, gate, step and group with how it stands; and one of them whole."""

from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.duty_words import standing_words
from screens.frame import WorkScreen, long_day
from screens.text import Col, wrap
from screens.widgets.lines import Lines, Row
from workbench.desk import rulebook


class RulesScreen(WorkScreen):
    """The list, as it stands today; what is not in force is marked."""

    AREA = ""
    SECTION = "rules"
    BINDINGS = keys.bindings("rules")
    FOCUS = "#rules"

    def headline(self) -> str:
        """What the list is."""
        return "Rules"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        cols = [Col("Rule", 25), Col("What", 25, grow=3), Col("Standing", 9), Col("Sure", 11)]
        yield Lines(cols, id="rules")

    def load(self) -> None:
        """Read the book with the packs that stand in this folder."""
        found = rulebook.rules(self.desk.today(), self.desk.rules)
        self.query_one("#rules", Lines).show([_row(row) for row in found], empty="There are no rules.")

    def action_open(self) -> None:
        """Open the entry."""
        current = self.query_one("#rules", Lines).current
        if current:
            self.go("rule", rule=current)


def _row(row: rulebook.RuleRow) -> Row:
    title = row.title if row.in_force else f"not in force: {row.title}"
    return Row(
        row.id, (row.id, title, standing_words(row.standing), row.certainty), " " if row.in_force else "–"
    )


class RuleScreen(WorkScreen):
    """One entry whole. Made with `rule`, its id."""

    AREA = ""
    SECTION = "rule"
    BINDINGS = keys.bindings("rule")
    FOCUS = "#rule"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.rule: str = args["rule"]

    def headline(self) -> str:
        """Which entry."""
        return self.rule

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """Its words."""
        yield Lines([Col("What it asks, its versions and what proves it", 40, grow=1)], bare=True, id="rule")

    def load(self) -> None:
        """Read it."""
        examples = rulebook.examples_for(self.desk.store.path)
        value = rulebook.rule(self.rule, self.desk.rules, examples)
        width = max(20, self.app.size.width - 2)
        lines = [part for line in rulebook.words(value) for part in wrap(line, width, "    ") or [""]]
        self.query_one("#rule", Lines).show([Row("", (f" {line}",)) for line in lines])
