"""Numbers for directors on screen: counts of a period, small ones hidden, without a name."""

from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.text import Col, date_words
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import stats
from workbench.domain.statsfile import heading

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.stats import Sheet
    from workbench.domain.disclosure import Row as Line
    from workbench.domain.disclosure import Table

CELL, MOST = 9, 6
COLS = (Col("", 20, grow=1), Col("", CELL * MOST))
SHORT = {
    "cases": "Cases by trigger", "telling": "Telling the authority", "overdue": "Overdue duties",
    "removals": "Removals by ground", "referrals": "Referrals", "registers": "Registers missing",
    "concerns": "Concerns", "enquiries": "Joint enquiries", "calls": "Calls and visits",
}  # fmt: skip
NARROW = {
    "median_days": "median", "longest_days": "longest", "not_referred": "not sent", "completed": "done",
}  # fmt: skip
EMPTY = "none in the period"
FILE = "For paper or a spreadsheet: `workbench stats --csv > numbers.csv`."


class NumbersScreen(WorkScreen):
    """The tables of a period, one under another; a place of the palette."""

    AREA = ""
    SECTION = "numbers"
    BINDINGS = keys.bindings("numbers")
    FOCUS = "#numbers"

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        # read once: each reading is an entry of the log, a redraw is none
        self.sheet: Sheet = stats.read(desk)

    def headline(self) -> str:
        """What it is, and of which days."""
        return f"Numbers {date_words(self.sheet.first)} to {date_words(self.sheet.last)}"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The tables."""
        yield Lines(COLS, id="numbers")

    def load(self) -> None:
        """Show what was read."""
        rows: list[Row] = []
        for table in self.sheet.tables:
            rows += [*([Row("", ("", ""))] if rows else []), *_table(table)]
        self.query_one("#numbers", Lines).show(rows, empty="There is nothing to count.")

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """The line under the cursor in words, and why small numbers are hidden."""
        key = self.query_one("#numbers", Lines).current
        lines: list[str] = []
        for table in self.sheet.tables:
            for line in _lines(table):
                if key == f"{table.key} {line.key}":
                    lines = [table.title, *([table.note] if table.note else []), "", line.label]
                    lines += [f"  {heading(cell.column)}: {cell.shown}" for cell in line.cells]
        await self.tell("Numbers for directors", [*lines, "", self.sheet.why, "", FILE])

    async def action_period(self) -> None:
        """Count another period."""
        fields = [
            Field("first", "From", "date", required=True, value=self.sheet.first.isoformat()),
            Field("last", "To", "date", required=True, value=self.sheet.last.isoformat()),
        ]
        answer = await self.fill(
            "Which days", fields, "Both are counted. The log says which period was read."
        )
        if answer is not None:
            self.sheet = stats.read(
                self.desk, *(date.fromisoformat(answer[key]) for key in ("first", "last"))
            )
            self.reload()


def _table(table: "Table") -> list[Row]:
    head = "".join(f"{NARROW.get(name, heading(name)):>{CELL}}" for name in table.columns)
    title = SHORT[table.key]
    if not table.rows:
        return [Row("", (title, f"{EMPTY:>{CELL * 2 + 2}}"), tone="quiet")]
    return [
        Row("", (title, head), tone="strong"),
        *(Row(f"{table.key} {line.key}", (line.label, _cells(line))) for line in _lines(table)),
    ]


def _lines(table: "Table") -> "list[Line]":
    return [*table.rows, *([table.total] if table.total is not None else [])]


def _cells(line: "Line") -> str:
    return "".join(f"{cell.shown:>{CELL}}" for cell in line.cells)
