"""All removals: open ones first, each with the gates that stand in the way. And starting one."""

from datetime import date

from textual.app import ComposeResult

from screens import keys
from screens.concern import choose_pupil
from screens.frame import WorkScreen, long_day
from screens.names import people_names, pupil_of, pupil_words
from screens.text import Col, join, stamp_words
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import removals
from workbench.desk.removals import RemovalView

OPENING = "The name stays on both registers, and is marked every session, until the removal is completed."
"""What is said before a removal is started."""


class RemovalsScreen(WorkScreen):
    """The list of removals."""

    AREA = "cases"
    SECTION = "removals"
    BINDINGS = keys.bindings("removals")
    FOCUS = "#removals"

    def headline(self) -> str:
        """What the list is."""
        return "Removals from the roll"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list."""
        cols = [
            Col("Removal", 8),
            Col("Pupil", 20, grow=1),
            Col("Ground", 6),
            Col("Stands", 28, grow=2),
            Col("Asked by", 14),
        ]
        yield Lines(cols, id="removals")

    def load(self) -> None:
        """Read them."""
        found = sorted(removals.removals(self.desk), key=lambda view: view.removal.state != "open")
        names = people_names(self.desk)
        self.query_one("#removals", Lines).show(
            [self._row(view, names) for view in found],
            empty="No removal was ever asked for. n starts one; a case starts one with m.",
        )

    def _row(self, view: RemovalView, names: dict[str, str]) -> Row:
        removal = view.removal
        waiting = [gate.title for gate in view.gates if gate.state == "open"]
        stands = (
            join(["open:", ", ".join(waiting)], " ")
            if waiting
            else "no gate is in the way: it can be completed"
        )
        if removal.state != "open":
            stands = join([removal.state, stamp_words(removal.ended or "")], " ")
        mark = {"open": "◐", "completed": "●", "withdrawn": "–"}[removal.state]
        asked = names.get(removal.requested_by, removal.requested_by)
        return Row(removal.id, (removal.id, pupil_words(view.pupil), removal.ground, stands, asked), mark)

    def action_open(self) -> None:
        """Open the removal."""
        current = self.query_one("#removals", Lines).current
        if current:
            self.go("removal", removal=current)

    async def action_new(self) -> None:
        """Start a removal."""
        pupil = await choose_pupil(self, "Whose name is to come off the roll?")
        if pupil is not None:
            await start_removal(self, pupil)


async def start_removal(screen: WorkScreen, pupil: str, case: str = "") -> None:
    """Open the pupil's open removal, or ask for the ground and start one.

    Args:
        screen: where it was asked for.
        pupil: id.
        case: the case it belongs to.
    """
    asked = [view.removal for view in removals.removals(screen.desk)]
    running = [each.id for each in asked if each.pupil == pupil and each.state == "open"]
    if running:
        screen.go("removal", removal=running[0])
        return
    name = pupil_of(screen.desk, pupil)
    every = removals.grounds(screen.desk)
    grounds = tuple((g.letter, f"{g.letter}  {g.title}") for g in every if g.available)
    fields = [
        Field("ground", "Ground", "choice", choices=grounds, required=True, lines=1),
        Field("effective", "Off the roll on", "date", hint="Today or later, if known; may stay empty."),
    ]
    answer = await screen.fill(f"Start the removal of {name}", fields, OPENING)
    if answer is None:
        return
    effective = date.fromisoformat(answer["effective"]) if answer["effective"] else None
    view = removals.start(screen.desk, pupil, answer["ground"], case=case or None, effective=effective)
    screen.shell.recount()
    screen.go("removal", removal=view.removal.id)
