"""The log: every committed change and every view, newest first; filters, verification, and the head to copy
down."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys
from screens.checking import verdict_words
from screens.frame import WorkScreen
from screens.names import people_names
from screens.text import Col, count, join, stamp_words
from screens.typed import read_day
from screens.widgets.form import Field
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, Spans
from workbench.desk import logbook, roll, views
from workbench.desk.failures import failure_words

if TYPE_CHECKING:
    from workbench.desk.context import Desk

COLS = (
    Col("No", 7, right=True),
    Col("When", 16),
    Col("Who", 14),
    Col("What", 24, grow=1),
    Col("About", 16, grow=1),
)
ABOUT_HEADS = (
    "A head kept elsewhere, on an export or a daily sheet, shows whether anything before it was changed"
    " or cut since: its 64 digits, or the first 12. Empty: the chain alone."
)
NO_DUTY = "looked at without a duty"
GROUP = 4
"""Hash digits between spaces, for reading aloud."""


class LogScreen(WorkScreen):
    """The list of area 5."""

    AREA = "log"
    SECTION = "log"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("log")
    FOCUS = "#entries"

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.filters: dict[str, str] = {}
        self.only_looks = False
        """Whether only looks without a duty are shown."""
        self.verdict = "not checked yet: v"
        self.entries: dict[str, Mapping[str, Any]] = {}

    def headline(self) -> str:
        """How many entries there are."""
        return f"Log · {count(len(self.entries), 'entry', 'entries')}" + (" shown" if self._filtered else "")

    def body(self) -> ComposeResult:
        """Head and verdict, the entries, and the one under the cursor."""
        head = Panel(id="head")
        yield head
        yield Lines(COLS, id="entries")
        entry = Panel(" ", id="entry")
        entry.styles.height = 2
        yield entry

    def load(self) -> None:
        """Read the log through the filters."""
        day = read_day(self.filters["day"], self.desk.today()) if self.filters.get("day") else None
        found = logbook.entries(
            self.desk,
            pupil=self.filters.get("pupil") or None,
            person=self.filters.get("person") or None,
            act=self.filters.get("act") or None,
            day=day,
        )
        if self.only_looks:
            numbers = {look.id.partition(":")[0] for look in views.looks(self.desk, without_duty=True)}
            found = [entry for entry in found if str(entry["seq"]) in numbers]
        self.entries = {str(entry["seq"]): entry for entry in found}
        names, today = people_names(self.desk), self.desk.today()
        told = [Row("", (f"{words}.",), "!", "late") for words in failure_words(self.desk)]
        rows = [*told, *(self._row(entry, names, today) for entry in reversed(found))]
        self.query_one("#entries", Lines).show(rows, empty=self._empty())
        self.query_one("#head", Panel).set([self._head_line()])
        self._show_entry()

    def _empty(self) -> str:
        return (
            f"No entry has {self._filter_words()}. f changes the filter."
            if self._filtered
            else "The log is empty."
        )

    def _row(self, entry: Mapping[str, Any], names: Mapping[str, str], today: Any) -> Row:
        about = join([str(entry["subject"] or ""), str(entry["why"] or "")], " ")
        cells = (
            f"{entry['seq']:,}", stamp_words(entry["at"], today), names.get(entry["actor"], entry["actor"]),
            logbook.words(entry), about,
        )  # fmt: skip
        refused = entry["act"].endswith("refused")
        return Row(str(entry["seq"]), cells, mark="!" if refused else " ", tone="late" if refused else "")

    def _head_line(self) -> "Spans":
        head = logbook.head(self.desk)
        shown = f" head {spaced(head.hash[:16])}"
        right = self._filter_words() if self._filtered else self.verdict
        return [(f"{shown}   ", "strong"), (right, "late" if right.startswith("!") else "quiet")]

    def _filter_words(self) -> str:
        looks = [NO_DUTY] if self.only_looks else []
        return "filter: " + join([*looks, *(f"{name} {value}" for name, value in self.filters.items())])

    @property
    def _filtered(self) -> bool:
        return bool(self.filters) or self.only_looks

    def on_lines_moved(self, event: Lines.Moved) -> None:
        """Show the entry under the cursor."""
        event.stop()
        self._show_entry()

    def _show_entry(self) -> None:
        entry = self.entries.get(self.query_one("#entries", Lines).current)
        self.query_one("#entry", Panel).set([f" {entry_words(entry)}" if entry is not None else ""])

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """The entry in full."""
        entry = self.entries.get(self.query_one("#entries", Lines).current)
        if entry is not None:
            lines: list[str | Row] = [
                f"{name:8} {value if value is not None else '–'}" for name, value in entry.items()
            ]
            await self.tell(f"Entry {entry['seq']}: {logbook.words(entry)}", lines)

    async def action_filter(self) -> None:
        """Ask for the filter; empty fields filter nothing."""
        fields = [
            Field("pupil", "Pupil", hint="A name, the beginning of one, or an id such as P-7F3KQ2."),
            Field("person", "Person", hint="A user name."),
            Field("act", "Act", hint="Such as case.viewed, or the first part: case"),
            Field("day", "Day", "date", hint="today, fri, 20 nov ..."),
        ]
        answer = await self.fill("Show only", fields, values=self.filters)
        if answer is None:
            return
        if answer["pupil"]:
            answer["pupil"] = self._pupil_id(answer["pupil"])
            if not answer["pupil"]:
                return
        self.filters = {name: value for name, value in answer.items() if value}
        self.reload()
        self.say(
            "All entries are shown."
            if not self._filtered
            else f"Only entries with {self._filter_words()[8:]}."
        )

    def action_looks(self) -> None:
        """Only looks at safeguarding records by people who had nothing to do with the child, or all entries again."""
        self.only_looks = not self.only_looks
        self.reload()
        self.say(
            f"Only entries with {self._filter_words()[8:]}." if self._filtered else "All entries are shown."
        )

    def _pupil_id(self, typed: str) -> str:
        """The id of the pupil that was typed by name; an id as it is; empty, and said, where several match."""
        wanted = typed.casefold()
        found = [p for p in roll.pupils(self.desk, leavers=True) if p.name.casefold().startswith(wanted)]
        if len(found) > 1:
            self.say(f"{len(found)} pupils match “{typed}”: type more of the name.", late=True)
            return ""
        return found[0].id if found else typed

    async def action_verify(self) -> None:
        """Check every line of the log; with a head, that the log still holds it."""
        head = await self.ask("Verify the log", "Head", text=ABOUT_HEADS, required=False)
        if head is None:
            return
        self.say("checking every line ...")
        verdict = await asyncio.to_thread(logbook.verify, self.desk, head.strip() or None)
        self.verdict = verdict_words(verdict.entries, verdict.whole, len(verdict.problems))
        self.reload()
        self.say("")
        lines: list[str | Row] = [self.verdict[:1].upper() + self.verdict[1:] + "."]
        lines += [f"  {file} line {line}: {reason}" for file, line, reason in verdict.problems]
        if words := logbook.tail_words(verdict):
            lines += ["", words]
        await self.tell("The log", lines)

    async def action_head(self) -> None:
        """The head in full, in groups of four, to copy it down."""
        head = logbook.head(self.desk)
        half = len(head.hash) // 2
        lines = [f"entry {head.seq}", "", spaced(head.hash[:half]), spaced(head.hash[half:]), ""]
        lines.append("Copied onto paper, it proves later that nothing up to this entry was changed or cut.")
        await self.tell("The head of the log", lines)


def entry_words(entry: Mapping[str, Any]) -> str:
    """`1199 enquiry.added by okafor (dsl) · hash 44d0 18ae`."""
    who = f"{entry['actor']} ({entry['role']})"
    return f"{entry['seq']} {entry['act']} by {who} · hash {spaced(entry['hash'][:8])}"


def spaced(text: str) -> str:
    """`7f3a 91c2 5d0e b844`."""
    return " ".join(text[place : place + GROUP] for place in range(0, len(text), GROUP))
