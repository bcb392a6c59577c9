"""Records past their time: who is due, legal holds, and the erasure, which is for leaders and asks twice."""

import asyncio

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.text import Col, count, date_words
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import retention
from workbench.domain.retention import ErasurePlan, RetentionRow

COLS = (
    Col("Pupil", 18, grow=1),
    Col("Id", 8),
    Col("Left", 11),
    Col("Kept until", 11),
    Col("Why", 24, grow=2),
)
HOLD = "While it stands nothing of the pupil is erased, whatever the date; the pupil's cases with it."
KEPT = "Why now. It is kept for ever, so it names nobody."


class RetentionScreen(WorkScreen):
    """Leavers, those whose time is over first."""

    AREA = ""
    SECTION = "retention"
    BINDINGS = keys.bindings("retention")
    FOCUS = "#retention"

    def headline(self) -> str:
        """What the list is."""
        return "Retention"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        yield Lines(COLS, id="retention")

    def load(self) -> None:
        """Read it."""
        self._rows = {row.pupil: row for row in retention.kept(self.desk)}
        empty = "Nobody has left: every record is of a child on roll."
        self.query_one("#retention", Lines).show([_row(row) for row in self._rows.values()], empty=empty)

    @property
    def current(self) -> RetentionRow | None:
        """The leaver under the cursor."""
        key = self.query_one("#retention", Lines).current
        return self._rows.get(key) if key else None

    async def action_open(self) -> None:
        """Until when and why, each hold, and what was erased so far."""
        row = self.current
        if row is None:
            return
        lines: list[str | Row] = [_standing(row), ""]
        for hold in retention.holds(self.desk, row.pupil):
            state = "stands" if hold.stands else f"released {hold.released_at[:10]} by {hold.released_by}"
            lines += [f"Legal hold {hold.id}, {hold.at[:10]} by {hold.by}, {state}.", f"  {hold.reason}"]
            lines += [f"  Released: {hold.released_reason}"] if not hold.stands else []
        gone = retention.erased(self.desk)
        lines += ["", f"{count(len(gone), 'pupil')} erased so far."] if gone else []
        await self.tell(row.name, lines)

    async def action_hold(self) -> None:
        """Put a legal hold on the pupil."""
        row = self.current
        if row is None:
            return
        reason = await self.ask(f"Legal hold on {row.name}", "Reason", text=HOLD, lines=3)
        if reason is not None:
            made = retention.hold(self.desk, row.pupil, reason)
            self.reload()
            self.say(f"Held: {made.id}.")

    async def action_release(self) -> None:
        """Release the holds on the pupil."""
        row = self.current
        if row is None:
            return
        if not row.holds:
            self.say("No legal hold stands here.", late=True)
            return
        text = "Whoever releases a hold does not erase: another leader does."
        reason = await self.ask(f"Release {row.name}", "Reason", text=text, lines=3)
        if reason is not None:
            retention.release(self.desk, row.pupil, reason)
            self.reload()
            self.say("Released.")

    async def action_erase(self) -> None:
        """Show what would go and what would stay; ask why, ask once more, erase."""
        row = self.current
        if row is None:
            return
        would = await asyncio.to_thread(retention.plan, self.desk, row.pupil)
        if would.in_the_way:
            await self.tell(f"{row.name} is not erased", [f"- {words}." for words in would.in_the_way])
            return
        field = Field("reason", "Reason", "note", required=True, lines=2, hint=KEPT)
        answer = await self.fill(f"Erase {row.name}", [field], _preview(would))
        if answer is None or not await self.confirm(
            f"Erase {row.name} for good?",
            f"It cannot be taken back. {retention.BACKUPS}",
            "Erase",
            "No, keep it",
        ):
            return
        self.say("erasing ...")
        done = await asyncio.to_thread(retention.erase, self.desk, row.pupil, answer["reason"])
        self.reload()
        self.say(
            f"Erased {done.pupil}: {count(done.records, 'record')}, {count(done.parts, 'part')} of the log."
        )


def _preview(would: ErasurePlan) -> str:
    records = ", ".join(f"{number} {table}" for table, number in would.records.items())
    text = f"Goes: {records}. Stays: {count(would.entries, 'entry', 'entries')} of the log, ids only"
    text = f"{text}; {count(would.shared, 'part')} of registers that others share, codes without a name."
    return f"{text} Not looked into: {would.sealed} {retention.SEALED}" if would.sealed else text


def _row(row: RetentionRow) -> Row:
    why = f"legal hold: {row.holds[0].reason}" if row.holds else row.why
    cells = (row.name, row.pupil, date_words(row.left), date_words(row.until), why)
    urgent = row.due and not row.holds
    return Row(row.pupil, cells, "!" if urgent else " ", "late" if urgent else "")


def _standing(row: RetentionRow) -> str:
    due = "The time is over." if row.due else "They are kept still."
    return f"Left {date_words(row.left)}; records kept until {date_words(row.until)}: {row.why}. {due}"
