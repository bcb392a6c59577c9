"""Returns to the local authority: what is due, its draft with what is missing, and marking it sent."""

import json
from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.duty_words import standing_words
from screens.frame import WorkScreen, long_day
from screens.names import pupil_of
from screens.text import Col, due_words, wrap
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel
from workbench.desk import duties, returns
from workbench.desk.returns import Draft, ReturnRow

FORMATS = ("text", "json", "csv")


class ReturnsScreen(WorkScreen):
    """The returns that are due or were sent."""

    AREA = "cases"
    SECTION = "returns"
    BINDINGS = keys.bindings("returns")
    FOCUS = "#returns"

    rows: dict[str, ReturnRow]

    def headline(self) -> str:
        """What the list is."""
        return "Returns to the local authority"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        cols = [Col("Due", 10), Col("Pupil", 20, grow=1), Col("What", 33, grow=2), Col("Source", 9)]
        yield Lines(cols, id="returns")

    def load(self) -> None:
        """Read the returns."""
        self.rows = {row.duty.id: row for row in returns.returns(self.desk)}
        shown = [self._row(row) for row in self.rows.values()]
        self.query_one("#returns", Lines).show(
            shown,
            empty="No return is due. Ten absent days, a new name or a deleted one would make one.",
        )

    def _row(self, row: ReturnRow) -> Row:
        duty = row.duty
        who = pupil_of(self.desk, duty.pupil) if duty.pupil else "–"
        late = duty.state == "overdue"
        cells = (
            due_words(duty.due, self.desk.today(), duty.state),
            who,
            duty.action,
            standing_words(duty.standing),
        )
        return Row(
            duty.id, cells, "●" if duty.state == "done" else "!" if late else "○", "late" if late else ""
        )

    @property
    def current(self) -> ReturnRow | None:
        """The return under the cursor."""
        return self.rows.get(self.query_one("#returns", Lines).current)

    def action_open(self) -> None:
        """Show the draft."""
        if self.current is not None:
            self.go("return", duty=self.current.duty.id)

    async def action_sent(self) -> None:
        """Mark the return sent."""
        if self.current is not None and await mark_sent(self, self.current.duty.id):
            self.reload()

    async def action_why(self) -> None:
        """Why the return is due."""
        if self.current is not None:
            await self.tell("Why", duties.why(self.desk, self.current.duty.id))

    def action_pupil(self) -> None:
        """The pupil's page."""
        if self.current is not None and self.current.duty.pupil:
            self.go("pupil", pupil=self.current.duty.pupil)


class ReturnScreen(WorkScreen):
    """One return as a draft. Made with `duty`, the id of its duty."""

    AREA = "cases"
    SECTION = "return"
    BINDINGS = keys.bindings("return")
    FOCUS = "#draft"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.duty: str = args["duty"]
        self.format = "text"
        self.whom: str | None = None
        self.seen = False
        """Whether the draft was shown already: the first look stands in the log."""

    def headline(self) -> str:
        """Which return."""
        return f"Draft return · {self.format}"

    def body(self) -> ComposeResult:
        """What is missing, and the draft."""
        yield Panel(id="missing")
        yield Lines(id="draft")

    def load(self) -> None:
        """Draft it anew from what is recorded now."""
        draft = returns.draft(self.desk, self.duty, self.format, to=self.whom, again=self.seen)
        self.seen = True
        panel = self.query_one("#missing", Panel)
        lines = missing_lines(draft, self.app.size.width - 2)
        panel.styles.height = len(lines)
        panel.set([[(f" {line}", "late" if draft.missing else "done")] for line in lines])
        width = max(20, self.app.size.width - 6)
        text = [part for line in shown_text(draft, self.format) for part in wrap(line, width, "  ")]
        self.query_one("#draft", Lines).show([Row("", (line,)) for line in text])

    async def action_format(self) -> None:
        """The next format."""
        self.format = FORMATS[(FORMATS.index(self.format) + 1) % len(FORMATS)]
        self.reload()

    def action_whom(self) -> None:
        """The draft for the next of those who are to be told."""
        whom = duties.find(self.desk, self.duty).recipients
        if len(whom) < 2:
            self.say("Nobody else is told of this.")
            return
        at = whom.index(self.whom) if self.whom in whom else 0
        self.whom = whom[(at + 1) % len(whom)]
        self.reload()

    async def action_sent(self) -> None:
        """Mark the return sent, and go back."""
        if await mark_sent(self, self.duty):
            self.shell.back()

    def action_print(self) -> None:
        """The same on paper."""
        self.go("print", kind="return", duty=self.duty, to=self.whom)

    async def action_why(self) -> None:
        """Why the return is due."""
        await self.tell("Why", duties.why(self.desk, self.duty))

    def action_pupil(self) -> None:
        """The pupil's page."""
        pupil = duties.find(self.desk, self.duty).pupil
        if pupil:
            self.go("pupil", pupil=pupil)


def missing_lines(draft: Draft, width: int) -> list[str]:
    """What the return still lacks, in at most three lines."""
    if not draft.missing:
        return ["Nothing is missing. s marks it sent."]
    return wrap(f"! Missing: {'; '.join(draft.missing)}. p opens the pupil to add it.", width, "  ", 3)


def shown_text(draft: Draft, form: str) -> Sequence[str]:
    """The draft as lines; JSON is laid out for reading."""
    if form != "json":
        return draft.text.splitlines()
    return json.dumps(json.loads(draft.text), indent=2, ensure_ascii=False).splitlines()


async def mark_sent(screen: WorkScreen, duty: str) -> bool:
    """Ask how the return was sent and record it. Returns whether it was recorded."""
    draft = returns.draft(screen.desk, duty, "text", again=True)
    gap = f"Still missing: {'; '.join(draft.missing)}. " if draft.missing else ""
    how = await screen.ask(
        "Mark the return sent",
        "How it was sent",
        text=f"{gap}The log keeps that it was sent, by whom, when and how. It cannot be taken back.",
        hint="For example: secure form, reference T-4471.",
    )
    if how is None:
        return False
    returns.sent(screen.desk, duty, how)
    screen.shell.recount()
    screen.say("The return is marked sent.")
    return True
