"""The school year: what stands, what a roll over into the next one would do, and doing it once the year was typed."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.text import Col, date_words
from screens.widgets.lines import Lines, Row
from screens.yearroll import Plan, ask_plan, ask_year, summary, who_lines, would_lines
from workbench.desk import year
from workbench.domain.years import year_label

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.year import Rolled, RollRow, YearView
    from workbench.domain.retention import RetentionRow

COLS = (Col("Pupil", 20, grow=2), Col("Class", 8), Col("Then", 12, grow=1), Col("What", 28, grow=1))
SAID = {"up": "goes up to year {0}", "decide": "TO DECIDE: stays in year {0}", "starts": "starts then",
        "leaves": "has a removal"}  # fmt: skip
NOBODY_GOES = (
    "Nobody is taken off the roll by a new year: who leaves, leaves by a removal (v on the pupil's page)."
)
CHANGED = "Not what was shown: somebody changed pupils or the calendar. Look at it again."
EMPTY = "The roll has nobody whom a new year moves: d shows what it would do."


class YearScreen(WorkScreen):
    """Years, leavers and whom to decide on; after `d`, what the new year does to everybody. A place of the palette."""

    AREA = ""
    SECTION = "year"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("year")
    FOCUS = "#pupils"

    view: "YearView"

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.would: Rolled | None = None
        """What the last dry run said; None until one was made, and again once it was done."""
        self.plan = Plan()

    def headline(self) -> str:
        """The year that is, or the one that is looked at."""
        return (
            f"Roll over to {self.would.id}?" if self.would else f"School year {year_label(self.desk.today())}"
        )

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """One list."""
        yield Lines(COLS, id="pupils")

    def load(self) -> None:
        """Read what stands, and what the dry run would say now."""
        self.view = year.show(self.desk)
        if self.would is not None:
            self.would = self._dry_run()
        rows = _would(self.would) if self.would else _stands(self.view)
        self.query_one("#pupils", Lines).show(rows, empty=EMPTY)

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """The page of the pupil under the cursor, or what a heading leaves out."""
        key = self.query_one("#pupils", Lines).current
        kind, _, what = (key or "").partition(" ")
        if kind == "pupil":
            self.go("pupil", pupil=what)
        elif self.would is not None:
            await self.tell(f"What {self.would.id} would do", [*would_lines(self.would), "", NOBODY_GOES])
        else:
            lines = [*who_lines(self.view), *self.view.remarks]
            await self.tell("The school year", [*lines, *([""] if lines else []), NOBODY_GOES])

    async def action_look(self) -> None:
        """The dry run: ask whose terms and which classes, then show what would become of whom."""
        plan = await ask_plan(self, [one.id for one in self.view.rolled])
        if plan is None:
            return
        before, self.plan = self.plan, plan
        try:
            self.would = self._dry_run()
        except BaseException:
            self.plan = before
            raise
        self.reload()
        self.say(f"Nothing is written. {summary(self.would)}")

    async def action_roll(self) -> None:
        """Do what the dry run showed, once the year was typed; refused where it would do another thing by now."""
        shown = self.would
        if shown is None:
            self.say("Look first: d shows what it would do.", late=True)
            return
        if not await ask_year(self, shown):
            self.say("Nothing was rolled.")
            return
        if self._dry_run() != shown:
            self.reload()
            self.say(CHANGED, late=True)
            return
        done = year.roll(self.desk, self.plan.terms, self.plan.closures, self.plan.classes)
        self.would, self.plan = None, Plan()
        self.shell.recount()
        self.reload()
        self.say(f"Rolled over to {done.id}: {summary(done)}")

    def action_stands(self) -> None:
        """Leave the dry run: what stands now."""
        self.would, self.plan = None, Plan()
        self.reload()

    def _dry_run(self) -> "Rolled":
        return year.roll(self.desk, self.plan.terms, self.plan.closures, self.plan.classes, dry_run=True)


def _stands(view: "YearView") -> list[Row]:
    rolled = {one.id: one for one in view.rolled}
    rows = []
    for one in view.years:
        done = rolled.get(one.year)
        name = f"{one.year}, rolled" if done else one.year
        span = f"{date_words(one.first)} to {date_words(one.last)}"
        when = date_words(date.fromisoformat(done.at[:10])) if done else ""
        rows.append(Row(f"year {one.year}", (name, f"{one.days} days", when, span)))
    decide = [_row(row) for row in view.decide]
    return [
        *rows,
        *_section("To decide", decide),
        *_section("Leavers", [_leaver(row) for row in view.leavers]),
    ]


def _would(found: "Rolled") -> list[Row]:
    begins = f"holds from {date_words(found.begins)}"
    rows: list[Row] = [Row("about", ("All it does: Enter", "", "", begins))]
    for title, what in (
        ("To decide", "decide"),
        ("Go up", "up"),
        ("Start then", "starts"),
        ("Leave", "leaves"),
    ):
        rows += _section(title, [_row(row) for row in found.rows if row.what == what])
    return [*rows, *_section("Leavers", [_leaver(row) for row in found.leavers])]


def _section(title: str, rows: list[Row]) -> list[Row]:
    return [Row("", ("",)), Row("", (f"{title} ({len(rows):,})",), tone="strong"), *rows] if rows else []


def _row(row: "RollRow") -> Row:
    then = row.class_after if row.class_after != row.class_ else "–"
    urgent = row.what == "decide"
    cells = (row.name, row.class_, then, SAID[row.what].format(row.year_after))
    return Row(f"pupil {row.pupil}", cells, "!" if urgent else "")


def _leaver(row: "RetentionRow") -> Row:
    held = ", legal hold" if row.holds else ""
    cells = (row.name, "", date_words(row.left), f"kept to {date_words(row.until)}{held}")
    return Row(f"pupil {row.pupil}", cells)
