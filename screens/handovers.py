"""Handovers: the bundles that left, what became of each, and the receipt that each still waits for."""

from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.names import people_names, pupil_of
from screens.text import Col, day_words, stamp_words
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import cases, handover_receipts, roll
from workbench.desk.clock import day_of
from workbench.domain.handover import STATES, Handover, HandoverStep

COLS = (Col("Made", 11), Col("Pupil", 18, grow=1), Col("To", 16, grow=1), Col("State", 24, grow=2))
SAID = {
    "made": "made, not sent yet",
    "sent": "sent, no receipt yet",
    "collected": "collected, no receipt yet",
    "opened": "opened, not accepted yet",
    "accepted": "accepted",
    "queried": "queried: answer them",
}
"""What happened last, in words, and what it waits for."""
CHOICES = (
    ("sent", "it was sent"),
    ("collected", "it was collected"),
    ("opened", "they opened it"),
    ("accepted", "they accepted it"),
    ("queried", "they asked something about it"),
)
READ_BACK = "Have them read the check sum to you: it must be ours, or they have another file."


class HandoversScreen(WorkScreen):
    """The bundles that left. Made with `case`, an id, or without: then of all cases."""

    AREA = "cases"
    SECTION = "handovers"
    BINDINGS = keys.bindings("handovers")
    FOCUS = "#handovers"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.case: str | None = args.get("case")
        self.found: dict[str, Handover] = {}

    def headline(self) -> str:
        """What the list is."""
        return f"Handovers of {self.case}" if self.case else "Handovers"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        yield Lines(list(COLS), id="handovers")

    def load(self) -> None:
        """Read the handovers: those that wait for something first."""
        found = handover_receipts.handovers(self.desk, self.case)
        found.sort(key=lambda one: one.is_accepted)
        self.found = {one.id: one for one in found}
        self.query_one("#handovers", Lines).show(
            [self._row(one) for one in found],
            empty="No bundle was written yet. In a case, h hands it over to the next school.",
        )

    def _row(self, one: Handover) -> Row:
        mark = "●" if one.is_accepted else "◐" if one.steps else "○"
        last = f" {day_words(day_of(one.steps[-1].at), self.desk.today())}" if one.steps else ""
        cells = (
            day_words(day_of(one.at), self.desk.today()),
            pupil_of(self.desk, one.pupil),
            one.to or "not recorded",
            f"{SAID[one.state]}{last if one.is_accepted else ''}",
        )
        return Row(one.id, cells, mark)

    @property
    def current(self) -> Handover | None:
        """The handover under the cursor."""
        return self.found.get(self.query_one("#handovers", Lines).current)

    async def action_open(self) -> None:
        """What is known of it, and each step."""
        if one := self.current:
            await self.tell(f"{one.id} of {one.case}", facts_of(one, people_names(self.desk)))

    async def action_receipt(self) -> None:
        """Record a step."""
        if (one := self.current) and await record_step(self, one):
            self.reload()

    async def action_file(self) -> None:
        """Take in the receipt that the other school made."""
        if (one := self.current) and await take_in(self, one):
            self.reload()

    def action_case(self) -> None:
        """Open its case."""
        if one := self.current:
            self.go("case", case=one.case)


async def chase(screen: WorkScreen, pupil: str) -> None:
    """On with the handover of a child who left: the bundles that left, else the case to hand over; where there is
    neither, the file went on paper, and that is an event."""
    left = [one.case for one in handover_receipts.handovers(screen.desk) if one.pupil == pupil]
    known = [row.case.id for row in cases.cases(screen.desk) if row.case.pupil == pupil]
    if left:
        screen.go("handovers", case=left[0])
    elif known:
        screen.go("case", case=known[0])
    else:
        from screens.pupil_acts import record_event

        await record_event(screen, roll.find(screen.desk, pupil))


def facts_of(one: Handover, names: dict[str, str]) -> list[str]:
    """Everything that is recorded of a handover, as the lines of a dialog."""
    way = one.channel or "not said"
    lines = [
        f"To: {one.to or 'not recorded'}",
        f"Made: {stamp_words(one.at)} by {names.get(one.by, one.by)}, {one.size:,} bytes",
        f"Way: {way}" + (f", encrypted with a {one.encrypted}" if one.encrypted != "none" else ""),
        f"Check sum: {one.sha256}",
        f"Signed with: {one.signer}",
        "",
    ]
    for step in one.steps:
        lines += _step(one, step, names)
    return lines if one.steps else [*lines, "Nothing was recorded since: r records that it was sent."]


def _step(one: Handover, step: HandoverStep, names: dict[str, str]) -> list[str]:
    lines = [f"{stamp_words(step.at)}  {step.state}: {step.who}, {step.post}"]
    if step.hash:
        lines.append(
            "    check sum read back: " + ("ours" if step.hash == one.sha256 else "NOT ours, another file")
        )
    if step.signer:
        lines.append(f"    receipt signed with {step.signer}")
    if step.note:
        lines.append(f"    {step.note}")
    return [*lines, f"    written down {stamp_words(step.recorded)} by {names.get(step.by, step.by)}"]


async def record_step(screen: WorkScreen, one: Handover) -> bool:
    """Ask what happened to a handover and record it. Returns whether it was recorded."""
    states = [step.state for step in one.steps]
    likely = "sent" if "sent" not in states else "accepted" if not one.is_accepted else "queried"
    fields = [
        Field("state", "What happened", "choice", likely, CHOICES, required=True, lines=len(STATES)),
        Field("who", "Who", required=True, limit=200, hint="Sent: by whom. After that: who has it now."),
        Field("post", "Their post", required=True, limit=200),
        Field("at", "When", hint="Empty: now. Otherwise `09:05`, or `2026-11-23 09:05`.", limit=40),
        Field("hash", "Check sum", limit=80, hint="As they read it back; 12 digits are enough."),
        Field("note", "Note", limit=300, hint="What they asked, if they asked something."),
    ]
    answer = await screen.fill(f"What happened to {one.id}, {one.sha256[:12]}…", fields, READ_BACK)
    if answer is None:
        return False
    changed = handover_receipts.record(
        screen.desk,
        one.id,
        answer["state"],
        answer["who"],
        answer["post"],
        answer["at"] or None,
        answer["hash"],
        answer["note"],
    )
    screen.shell.recount()
    screen.say(
        f"{one.id} is {changed.state}." + ("" if changed.is_accepted else " The receipt is still to come.")
    )
    return True


async def take_in(screen: WorkScreen, one: Handover) -> bool:
    """Ask for a receipt's file and take it in. Returns whether it was."""
    fields = [Field("file", "File", value=f"~/receipt-{one.case}.json", required=True)]
    answer = await screen.fill(
        f"The receipt for {one.id}", fields, "Its signature and check sum are looked at first."
    )
    if answer is None:
        return False
    step = handover_receipts.record_file(screen.desk, one.id, answer["file"]).steps[-1]
    screen.shell.recount()
    lines = [
        f"{step.who}, {step.post}, accepted it {stamp_words(step.at)}. The check sum is ours.",
        f"Signed with {step.signer}:",
        "the key came with the receipt. Ring the school, and have them read it to you.",
    ]
    await screen.tell("The receipt is recorded", lines)
    return True
