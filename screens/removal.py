"""A removal: every gate, what stands behind it, and what opens it. Nothing here decides; the desk does."""

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.conflict import edit
from screens.frame import WorkScreen
from screens.names import people_names, pupil_words
from screens.removalforms import ask_answer, ask_completion, evidence_work
from screens.removaltalk import below_words, gate_lines, gate_rows, open_words
from screens.text import day_words, fit, stamp_words, wrap
from screens.widgets.field import Field
from screens.widgets.lines import Lines
from screens.widgets.paint import Panel
from workbench.desk import removals
from workbench.desk.removals import RemovalView
from workbench.domain.errors import GatesOpenError
from workbench.domain.removals import Condition, Gate

BEHIND_IT = "behind it"
BEHIND = 5
"""Lines of the panel that says what stands behind the gate under the cursor."""
LA_GATES = ("la-consent", "la-confirmation")

AGAIN = Field(
    "passphrase", "Your passphrase", "secret", required=True, hint="Once more: it is you who signs."
)
"""Asked of whoever authorises."""


class RemovalScreen(WorkScreen):
    """A removal's page. Made with `removal`, its id."""

    AREA = "cases"
    SECTION = "removal"
    BINDINGS = keys.bindings("removal")
    FOCUS = "#gates"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.removal: str = args["removal"]
        self.view: RemovalView = removals.show(desk, self.removal)
        self.names = people_names(desk)

    def headline(self) -> str:
        """The removal and the child."""
        return f"Removal {self.removal} · {pupil_words(self.view.pupil)}"

    def body(self) -> ComposeResult:
        """The ground, the gates, and what stands behind the one under the cursor."""
        head = Panel(id="ground")
        head.styles.height = 1
        yield head
        yield Lines(id="gates")
        behind = Panel(BEHIND_IT, id="behind")
        behind.styles.height = BEHIND + 1
        yield behind
        last = Panel(id="earliest")
        last.styles.height = 2
        yield last

    def load(self) -> None:
        """Read it anew."""
        self.view = view = removals.show(self.desk, self.removal)
        self.query_one("#ground", Panel).set(
            [[(fit(f" Ground {view.removal.ground}  {view.ground}", self.app.size.width - 1), "strong")]]
        )
        self.query_one("#gates", Lines).show(gate_rows(view, self.names, max(40, self.app.size.width - 4)))
        width = self.app.size.width - 2
        self.query_one("#earliest", Panel).set([f" {fit(line, width)}" for line in self._earliest()])
        self._show_behind()
        self.call_after_refresh(self._show_behind)  # by then the list knows how many lines it has

    def _asked(self) -> str:
        removal = self.view.removal
        who = self.names.get(removal.requested_by, removal.requested_by)
        within = f" in {removal.case}" if removal.case else ""
        return f"Asked {stamp_words(removal.requested)} by {who}{within}."

    def _earliest(self) -> list[str]:
        view, today = self.view, self.desk.today()
        if view.removal.state != "open":
            ended = stamp_words(view.removal.ended or "")
            return [f"{view.removal.state.capitalize()} {ended}. {view.removal.ended_reason}", ""]
        if view.earliest is None:
            first = "Earliest lawful date: not known yet; it follows from the open conditions."
        else:
            day = f"{day_words(view.earliest)} {view.earliest.year}"
            day = f"today, {day}" if view.earliest == today else day
            first = f"Earliest lawful date: {day}. Never back-dated."
        return [first, f"{self._asked()} The name stays until then."]

    # -- what the cursor is on -------------------------------------------------------------------------

    @property
    def gate(self) -> Gate | None:
        """The gate under the cursor, also when one of its conditions is."""
        name = self.query_one("#gates", Lines).current.partition(":")[0]
        return next((gate for gate in self.view.gates if gate.id == name), None)

    @property
    def condition(self) -> Condition | None:
        """The condition under the cursor; None on a gate's own line."""
        _, _, key = self.query_one("#gates", Lines).current.partition(":")
        found = self.gate.conditions if self.gate else ()
        return next((each for each in found if each.key == key), None)

    def on_lines_moved(self) -> None:
        """Show what stands behind the gate under the cursor."""
        self._show_behind()

    def _show_behind(self) -> None:
        width = max(20, self.app.size.width - 2)
        lines = gate_lines(self.view, self.gate, self.condition) if self.gate else []
        shown = [part for line in lines for part in wrap(line, width)]
        if len(shown) > BEHIND:
            shown = [*shown[: BEHIND - 1], "... w shows the rest"]
        gates = self.query_one("#gates", Lines)
        title = below_words([row.key for row in gates.below], self.view.gates) if gates.size.height else ""
        self.query_one("#behind", Panel).set([f" {line}" for line in shown], title or BEHIND_IT)

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Do what opens the gate under the cursor."""
        gate = self.gate
        if gate is None:
            return
        steps = {
            "return-sent": self.action_return,
            "authorisation": self.action_authorise,
            "date": self.action_complete,
        }
        if gate.id in LA_GATES:
            await self.action_answer()
        elif gate.id in steps:
            await steps[gate.id]()
        else:
            await self.action_evidence()

    async def action_evidence(self) -> None:
        """Evidence a condition: the one under the cursor is offered first."""
        asked = removals.evidence_questions(self.desk, self.removal)
        if not asked:
            self.say(
                "Nothing has to be evidenced by hand for this ground: the register and the gates say it."
            )
            return
        at = self.condition.key if self.condition else ""
        wanted = at if at in {each.key for each in asked} else ""
        options = [(each.key, each.text) for each in asked]
        key = wanted or await self.choose("Which condition?", options, at=at)
        if key is None:
            return
        question = next(each for each in asked if each.key == key)
        if await edit(self, evidence_work(self, self.removal, question)):
            self._changed("The evidence is recorded.")
        else:
            self.reload()

    async def action_answer(self) -> None:
        """Record the local authority's answer."""
        gates = [gate for gate in self.view.gates if gate.id in LA_GATES and gate.state != "does-not-apply"]
        if not gates:
            self.say("Neither consent nor confirmation of the local authority is asked for this ground.")
            return
        answer = await ask_answer(self, gates, self.gate if self.gate in gates else gates[0])
        if answer is not None:
            removals.confirm(
                self.desk, self.removal, answer["from_name"], answer["reference"], answer["answer"],
                gate=answer["gate"],
            )  # fmt: skip
            self._changed("The answer is recorded.")

    async def action_return(self) -> None:
        """Draft the deletion return."""
        if self.view.return_duty is None:
            self.say("No deletion return is due for this removal; the gate says why.")
            return
        self.go("return", duty=self.view.return_duty)

    async def action_override(self) -> None:
        """Authorise without a policy gate, as leader and with a reason."""
        gates = [
            gate for gate in self.view.gates if gate.state == "open" and gate.standing in ("policy", "local")
        ]
        gates = [gate for gate in gates if gate.id not in ("authorisation", "date")]
        if not gates:
            hard = [gate.title for gate in self.view.gates if gate.state == "open" and gate.standing == "law"]
            self.say(
                f"No policy gate stands open{': ' + ', '.join(hard) + ' is law' if hard else ''}.", late=True
            )
            return
        options = tuple((gate.id, gate.title) for gate in gates)
        fields = [
            Field("gate", "Go on without", "choice", gates[0].id, options, required=True, lines=1),
            Field(
                "reason", "Reason", "note", required=True, lines=3, hint="Stands in the log under your name."
            ),
            AGAIN,
        ]
        rev, text = self.view.removal.rev, "\n".join(x for x in gate_lines(self.view, gates[0], None) if x)
        answer = await self.fill(
            f"Authorise the removal of {self.view.pupil.name} without a policy gate", fields, text
        )
        if answer is not None:
            await self._authorise(rev, answer["passphrase"], (answer["gate"],), answer["reason"])

    async def action_authorise(self) -> None:
        """Authorise, as a second person."""
        rev = self.view.removal.rev
        answer = await self.fill(
            f"Authorise the removal of {self.view.pupil.name}?",
            [AGAIN],
            "You sign it as the second person: the ground, its evidence, the authority's answer. Any later change "
            "voids it. Esc leaves everything as it is.",
        )
        if answer is not None:
            await self._authorise(rev, answer["passphrase"])

    async def _authorise(
        self, rev: int, passphrase: str, overrides: Sequence[str] = (), reason: str = ""
    ) -> None:
        """Authorise what was read; changed meanwhile, it has to be read again first."""
        try:
            removals.authorise(
                self.desk, self.removal, overrides=overrides, reason=reason, rev=rev, passphrase=passphrase
            )
        except GatesOpenError as error:
            await self._refused(error)
        else:
            self._changed("Authorised.")

    async def action_complete(self) -> None:
        """Take the name off the roll: the child's surname is typed, and the date given."""
        pupil, rev = self.view.pupil, self.view.removal.rev
        on = await ask_completion(self, pupil)
        if on is None:
            return
        try:
            removals.complete(self.desk, self.removal, on, rev)
        except GatesOpenError as error:
            await self._refused(error)
        else:
            self._changed(f"{pupil.name} is off the roll.")

    async def _refused(self, error: GatesOpenError) -> None:
        """Name every open gate, with what would open it."""
        lines = [error.what, error.kept, "", "These gates stand open:", *open_words(self.view, error.gates)]
        await self.tell(error.title, lines)
        self.reload()

    async def action_withdraw(self) -> None:
        """Withdraw the request."""
        reason = await self.ask(
            f"Withdraw the removal of {self.view.pupil.name}",
            "Reason",
            lines=3,
            text="Its duties no longer exist then.",
        )
        if reason is not None:
            removals.withdraw(self.desk, self.removal, reason)
            self._changed("The request is withdrawn.")

    async def action_why(self) -> None:
        """All that the gate under the cursor stands on."""
        if self.gate is not None:
            await self.tell(self.gate.title, gate_lines(self.view, self.gate, None, whole=True))

    def action_case(self) -> None:
        """Its case."""
        if self.view.removal.case:
            self.go("case", case=self.view.removal.case)
        else:
            self.say("This removal was asked for without a case.")

    def action_pupil(self) -> None:
        """The pupil's page."""
        self.go("pupil", pupil=self.view.pupil.id)

    def _changed(self, words: str) -> None:
        self.shell.recount()
        self.reload()
        self.say(words)
