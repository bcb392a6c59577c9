"""What another school wrote about a case that it handed over: its own chronology, apart from ours. And the import."""

from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen
from screens.names import pupil_of
from screens.steps import days_said
from screens.text import Col, layout, stamp_words, wrap
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, rule
from workbench.desk import handover_in, handover_receipts
from workbench.domain.casefile import CaseFile, FileLine
from workbench.domain.handover import Imported

LINE = (Col("", 17), Col("", 20, grow=1), Col("", 12))
IMPORT = (
    "It becomes a new case with a mark; what they wrote is kept apart. A child who is here is found by UPN, or by name "
    "and birth date."
)


class SenderScreen(WorkScreen):
    """The sender's chronology of an imported case. Made with `case`, its id here."""

    AREA = "cases"
    SECTION = "sender"
    BINDINGS = keys.bindings("sender")
    FOCUS = "#sender"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.case: str = args["case"]
        self.file: CaseFile = handover_in.received(desk, self.case)
        self.lines: list[FileLine] = []

    def headline(self) -> str:
        """Whose it is."""
        return f"{self.case} · written at {self.file.school.name}, not here"

    def body(self) -> ComposeResult:
        """One line about the sender, and the list."""
        yield Panel(id="from")
        yield Lines(id="sender")

    def load(self) -> None:
        """Read it anew. The first look is in the log."""
        self.file = handover_in.received(self.desk, self.case, again=True)
        file = self.file
        words = f" their {file.case.id} · made {stamp_words(file.made_at)} by {file.made_by} · {len(file.log)} entries"
        self.query_one("#from", Panel).set([[(words, "quiet")]])
        self.query_one("#sender", Lines).show(self._rows())

    def _rows(self) -> list[Row]:
        width = max(40, self.app.size.width - 4)
        self.lines = sorted(self.file.chronology, key=lambda line: (line.at, line.recorded), reverse=True)
        rows = [
            Row(f"line:{n}", (layout((_when(line), days_said(line.text), line.by), LINE, width),))
            for n, line in enumerate(self.lines)
        ]
        if not rows:
            rows.append(Row("", ("They wrote no chronology.",), tone="quiet"))
        steps = [step for step in self.file.steps if step.answers]
        if steps:
            rows.append(Row("", (rule("their steps", width),), tone="quiet"))
            rows += [Row(f"step:{s.key}", (layout(("", f"{s.number} {s.title}: {s.summary}", s.state), LINE, width),))
                     for s in steps]  # fmt: skip
        if self.file.redactions:
            rows.append(Row("", (rule("left out by them", width),), tone="quiet"))
            rows += [
                Row("", (f"  {part}",), tone="quiet")
                for words in self.file.redactions
                for part in wrap(words, width - 2)
            ]
        return rows

    async def action_open(self) -> None:
        """The line, or the step's answers, in full."""
        kind, _, rest = self.query_one("#sender", Lines).current.partition(":")
        if kind == "line":
            line = self.lines[int(rest)]
            await self.tell(f"{_when(line)} · {line.by}", days_said(line.text).split("\n"))
        elif kind == "step":
            step = next(s for s in self.file.steps if s.key == rest)
            said = [f"{a.question} {a.value}" + (f": {a.note}" if a.note else "") for a in step.answers]
            await self.tell(f"{step.title}, as they answered", said)

    async def action_accept(self) -> None:
        """Make the receipt."""
        if await accept(self, self.case):
            self.say("The receipt is written.")

    def action_case(self) -> None:
        """Our own page of it."""
        self.go("case", case=self.case)


def _when(line: FileLine) -> str:
    return stamp_words(line.at) if "T" in line.at else line.at[:10]


def mark_words(mark: Imported) -> str:
    """What marks an imported case, in one line."""
    proof = "" if mark.compared else " · key not compared"
    state = "accepted" if mark.accepted else "no receipt made"
    return f"imported, s reads theirs · {state}{proof} · {mark.school} {mark.number}"


async def accept(screen: WorkScreen, case: str) -> bool:
    """Ask where the receipt goes, and write it. Returns whether it was."""
    fields = [
        Field("out", "File", value=f"~/receipt-{case}.json", required=True, hint="Nothing is written over."),
        Field("note", "A word to them", limit=300),
    ]
    words = (
        "It says that you have the bundle, with its check sum, and is signed by you: their duty ends with it."
    )
    answer = await screen.fill(f"The receipt for {case}", fields, words)
    if answer is None:
        return False
    made = handover_receipts.accept(screen.desk, case, answer["out"], answer["note"])
    await screen.tell(
        "The receipt is written",
        [
            made.path,
            "Send it to the school that handed the case over,",
            "and read them this fingerprint by telephone:",
            made.signer,
        ],
    )
    return True


async def bring_in(screen: WorkScreen) -> None:
    """Ask for a bundle, say what proves it, and import it once that was read."""
    fields = [
        Field("file", "File", required=True, hint="The zip file that the other school sent."),
        Field("fingerprint", "Fingerprint", limit=80, hint="SHA256:... as they read it to you by telephone."),
        Field("class", "Class here", limit=20, hint="Only to put a child on the roll who is not here yet."),
    ]
    answer = await screen.fill("Import a case from another school", fields, IMPORT)
    if answer is None:
        return
    seen = handover_in.verify(answer["file"], answer["fingerprint"])
    said = [
        f"{seen.case} of {seen.school} {seen.number}, made {stamp_words(seen.made_at)} by {seen.made_by}",
        "",
    ]
    width = max(40, min(screen.app.size.width, 100) - 10)
    said += [part for words in handover_in.proof_lines(seen) for part in wrap(words, width)]
    await screen.tell("The bundle is whole", said)
    options = [("no", "no, leave it"), ("yes", f"yes, import it as a new case, marked as {seen.school}'s")]
    if await screen.choose("Import it?", options) != "yes":
        return
    add = {"class": answer["class"]} if answer["class"].strip() else None
    made = handover_in.bring_in(screen.desk, answer["file"], add=add, fingerprint=answer["fingerprint"])
    screen.shell.recount()
    told = [part for words in made.remarks for part in wrap(words, width)]
    await screen.tell(f"Imported as {made.case.id}", [f"About {pupil_of(screen.desk, made.pupil)}.", *told])
    screen.go("case", case=made.case.id)
