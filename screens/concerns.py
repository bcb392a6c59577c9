"""Concerns that were reported, for those they are not about: read, and write down what was decided."""

from collections.abc import Mapping

from textual.app import ComposeResult

from screens import keys
from screens.cases import open_case
from screens.frame import WorkScreen, long_day
from screens.names import people_names, pupil_of
from screens.text import Col, stamp_words
from screens.widgets.lines import Lines, Row
from workbench.desk import concerns
from workbench.domain.cases import Concern

UNPROVEN = "Nobody signed in: the name was picked at a locked terminal. Ask them whether it was them."


def reporter(concern: Concern, names: Mapping[str, str]) -> str:
    """Who reported a concern, with a question mark where nobody signed in."""
    name = names.get(concern.by, concern.by)
    return name if concern.proven else f"{name} ?"


class ConcernsScreen(WorkScreen):
    """The list, undecided first."""

    AREA = "cases"
    SECTION = "concerns"
    BINDINGS = keys.bindings("concerns")
    FOCUS = "#concerns"

    found: dict[str, Concern]

    def headline(self) -> str:
        """What the list is."""
        return "Concerns"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        cols = [Col("Reported", 17), Col("Pupil", 22, grow=1), Col("By", 14), Col("Decided", 20, grow=2)]
        yield Lines(cols, id="concerns")

    def load(self) -> None:
        """Read the concerns."""
        found = concerns.concerns(self.desk)
        found = sorted(found, key=lambda each: each.at, reverse=True)
        found.sort(key=lambda each: each.outcome is not None)
        self.found = {each.id: each for each in found}
        names = people_names(self.desk)
        self.query_one("#concerns", Lines).show(
            [self._row(each, names) for each in found],
            empty="No concern that you may read was reported. Ctrl+R reports one from anywhere.",
        )

    def _row(self, each: Concern, names: dict[str, str]) -> Row:
        new = each.outcome is None
        who = names.get(each.triaged_by or "", each.triaged_by or "")
        decided = (
            "not decided" if new else f"{who}, {stamp_words(each.triaged_at or '')}"
        )  # never what was said
        cells = (stamp_words(each.at), pupil_of(self.desk, each.pupil), reporter(each, names), decided)
        return Row(each.id, cells, "!" if new else "●", "late" if new else "")

    async def action_open(self) -> None:
        """Read the concern; then what was decided is asked."""
        current = self.query_one("#concerns", Lines).current
        if not current:
            return
        concern = concerns.show(self.desk, current)
        names = people_names(self.desk)
        lines = [
            f"Reported {stamp_words(concern.at)} by {reporter(concern, names)}",
            *([] if concern.proven else [UNPROVEN]),
            "",
            *concern.text.split("\n"),
            "",
        ]
        if concern.outcome is not None:
            who = names.get(concern.triaged_by or "", concern.triaged_by or "")
            lines.append(f"Decided by {who} {stamp_words(concern.triaged_at or '')}: {concern.outcome}")
        name = pupil_of(self.desk, concern.pupil)
        leave = "Esc back" if concern.outcome is not None else "Enter or Esc: on to the decision"
        await self.tell(f"A concern about {name}", lines, leave)
        if concern.outcome is None:
            await self._decide(concern, name)

    async def _decide(self, concern: Concern, name: str) -> None:
        """Ask what was decided; leaving it keeps the concern undecided."""
        outcome = await self.ask(
            f"The concern about {name}: what was decided",
            "Decision",
            lines=4,
            text="Esc leaves it on the list until something is decided.",
            draft=f"decision {concern.id}",
        )
        if outcome is None:
            self.say("The concern stays on the list until something is decided.")
            return
        concerns.triage(self.desk, concern.id, outcome)
        self.shell.recount()
        self.reload()
        self.say("The decision is recorded.")

    async def action_case(self) -> None:
        """The pupil's case, or a new one."""
        current = self.found.get(self.query_one("#concerns", Lines).current)
        if current is not None:
            await open_case(self, current.pupil)
