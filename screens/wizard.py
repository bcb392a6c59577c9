"""One step of a case's wizard. It can be left and come back to anywhere: every answer is saved at once."""

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from screens import keys
from screens.answering import WHY, ask_value, held_words, save_answer, take_up
from screens.casework import record_enquiry
from screens.frame import WorkScreen
from screens.help import emergency_line
from screens.names import people_names, pupil_words
from screens.referral import first_recipient, refer
from screens.removals import start_removal
from screens.stepextras import extra_rows
from screens.steps import needs_why, question_rows, step_line
from screens.text import count, spread, wrap
from screens.widgets.lines import Lines
from screens.widgets.paint import Panel, Spans, rule
from workbench.desk import cases, referrals
from workbench.desk.cases import CaseView, StepState
from workbench.domain.asking import Asked
from workbench.domain.cases import Answer

LETTERS = ("group", "told")
"""Kinds of question that are answered by a letter."""
TEXT, POLICY = 2, 3
"""Lines for what a step settles, and for the words of the policy."""


class StepScreen(WorkScreen):
    """A step's page. Made with `case`, its id, and `step`, its key; the case's next step unless given; `seen` of a case
    that is open already: that it was looked at stands in the log."""

    AREA = "cases"
    SECTION = "step"
    BINDINGS = keys.bindings("step")
    FOCUS = "#questions"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.case: str = args["case"]
        self.view: CaseView = cases.show(desk, self.case, again=bool(args.get("seen")))
        self.step: str = args.get("step") or self._first()
        self.names = people_names(desk)
        self.recipients = dict(referrals.recipients(desk))
        self.words = ("", "")
        """What the step settles, and the policy's words."""

    def _first(self) -> str:
        going = [step.key for step in self.view.steps if step.state in ("open", "begun")]
        return going[0] if going else self.view.steps[0].key

    # -- the frame -------------------------------------------------------------------------------------

    @property
    def state(self) -> StepState:
        """The step as it stands."""
        return next(step for step in self.view.steps if step.key == self.step)

    def headline(self) -> str:
        """The case and the child."""
        return f"{self.case} · {pupil_words(self.view.pupil)}"

    def header_lines(self) -> "Sequence[Spans]":
        """Who, and the line of steps in the place of the areas."""
        width = self.app.size.width
        right = f"step {self.state.number} of {len(self.view.steps)}: {self.state.title}"
        return [
            [(" " + spread(self.headline(), right, width - 2), "strong")],
            [(" " + step_line(self.view.steps, self.step), "")],
            [(rule(self._seen(), width), "quiet")],
        ]

    def _seen(self) -> str:
        """`1-13 of 18` where not all lines of the step are seen."""
        return next((lines.position() for lines in self.query("#questions").results(Lines)), "")

    def body(self) -> ComposeResult:
        """What the step settles, its questions, the policy's words, the numbers to call."""
        what = Panel(id="what")
        what.styles.height = TEXT
        yield what
        yield Lines(id="questions")
        policy = Panel(id="policy")
        policy.styles.height = POLICY
        yield policy
        yield Panel(id="numbers")

    def load(self) -> None:
        """Read the case anew. The first look is in the log; the screen that stands open reads on."""
        self.view = cases.show(self.desk, self.case, again=True)
        self.words = cases.step_words(self.desk, self.step)
        what = wrap(self.words[0], max(20, self.app.size.width - 2), most=TEXT)
        self.query_one("#what", Panel).set([f" {line}" for line in what])
        self.query_one("#numbers", Panel).set([" " + emergency_line(self)])
        room = max(20, self.app.size.width - 4)
        rows = question_rows(self.questions, self.answers, room)
        extras = extra_rows(self.view, self.step, self.names, self.recipients, self.desk.today(), room)
        self.query_one("#questions", Lines).show([*rows, *extras], at=self._at())
        self._show_policy()
        if not self.message:
            self.say(held_words(self, self.case, self.questions))
        self.call_after_refresh(self.refresh_frame)  # the list knows its height by then

    def on_lines_moved(self) -> None:
        """Say what stands behind the line under the cursor, and which lines are seen."""
        self._show_policy()
        self.refresh_frame()

    def _show_policy(self) -> None:
        """The words of the policy about the line under the cursor, or about the step."""
        kind, question, rest = self._under_cursor()
        enquiry = next((each for each in self.view.enquiry_steps if kind == "e" and each.key == rest), None)
        if enquiry is not None:
            words = f"{enquiry.title}. {self._limit(enquiry.limit)}Source: {enquiry.certainty}."
        elif question is not None and (question.hint or question.policy):
            words = f"{question.text}: {question.hint}. {question.policy}"
        else:
            words = f"Policy: {self.words[1]}" if self.words[1] else ""
        lines = wrap(words, max(20, self.app.size.width - 2), most=POLICY) if words else []
        self.query_one("#policy", Panel).set([[(f" {line}", "quiet")] for line in lines])

    def _limit(self, name: str) -> str:
        """The authority's own day limit for an enquiry, in words; empty where it has none."""
        days = self.desk.school().authority.day_limits.get(name) if name else None
        return f"The authority asks for it within {count(days, 'school day')}. " if days else ""

    @property
    def questions(self) -> list[Asked]:
        """The questions of this step that are asked of this child."""
        return [question for question in self.view.questions if question.step == self.step]

    @property
    def answers(self) -> dict[str, Answer]:
        """Question to its newest answer."""
        return self.view.answers

    def _at(self) -> str | None:
        """The row to begin at: the first question without an answer."""
        lines = self.query_one("#questions", Lines)
        if lines.current:
            return None
        first = next((each for each in self.questions if each.key not in self.answers), None)
        return f"q:{first.key}" if first else None

    def footer_keys(self) -> Sequence[keys.Key]:
        """The letters that answer are shown only where there is such a question."""
        letters = any(question.kind in LETTERS for question in self.questions)
        return [key for key in super().footer_keys() if letters or not key.act.startswith("pick:")]

    # -- answering -------------------------------------------------------------------------------------

    def _under_cursor(self) -> tuple[str, Asked | None, str]:
        """Kind of row, its question, and what else its key says."""
        kind, _, rest = self.query_one("#questions", Lines).current.partition(":")
        name, _, choice = rest.partition(":")
        return kind, next((each for each in self.questions if each.key == name), None), choice or name

    async def action_open(self) -> None:
        """Answer, or open what the cursor stands on."""
        kind, question, rest = self._under_cursor()
        if question is not None and await self._taken_up(question):
            return
        if question is not None and kind == "c":
            await self._answer(question, rest)
        elif question is not None and kind == "n":
            await self.action_note()
        elif question is not None:
            value = await ask_value(self, self.case, question, self.answers.get(question.key))
            if value:
                await self._answer(question, value)
        else:
            await self._open_extra(kind, rest)

    async def action_pick(self, place: str) -> None:
        """Give the first, second or third answer by its letter."""
        _, question, _ = self._under_cursor()
        if question is None or question.kind not in LETTERS or int(place) >= len(question.choices):
            self.say("Choose this one with Enter.")
            return
        if not await self._taken_up(question):
            await self._answer(question, question.choices[int(place)].key)

    async def _taken_up(self, question: Asked) -> bool:
        """Go on with what was typed for a question and waits to be decided on. Returns whether there was something."""
        going, saved = await take_up(self, self.case, question)
        if going:
            self.reload()
        if saved is not None:
            self._say_danger(question, saved.value)
        return going

    async def _answer(self, question: Asked, value: str) -> None:
        """Save an answer; what it relies on is asked where it is needed. Then the cursor goes on."""
        old = self.answers.get(question.key)
        note = old.note if old is not None and old.value == value else ""
        saved = await self._save(question, value, note, old)
        if saved is not None and needs_why(question, saved):
            why = await self.ask(question.text, "Why", lines=3, text=WHY, required=False)
            if why:
                saved = await self._save(question, value, why, saved)
        if saved is not None:
            self.reload()
            self._go_on(question)
            self.shell.recount()
            self._say_danger(question, saved.value)

    async def _save(self, question: Asked, value: str, note: str, old: Answer | None) -> Answer | None:
        """Write an answer on the revision that was shown; None where somebody else's was kept instead."""
        saved = await save_answer(self, self.case, question, value, note, old)
        if saved is None:
            self.reload()
        return saved

    def _go_on(self, question: Asked) -> None:
        """Put the cursor on the next question that has no answer yet."""
        keys_ = [each.key for each in self.questions]
        later = [
            *self.questions[keys_.index(question.key) + 1 :],
            *self.questions[: keys_.index(question.key)],
        ]
        following = next((each for each in later if each.key not in self.answers), None)
        if following is not None:
            lines = self.query_one("#questions", Lines)
            lines.go_to(f"q:{following.key}")

    def _say_danger(self, question: Asked, value: str) -> None:
        if question.key == "danger.level" and value in ("immediate", "risk"):
            self.say("Refer to children's social care now: r. The other steps wait for it.", late=True)

    async def action_note(self) -> None:
        """Write what the answer under the cursor relies on."""
        _, question, _ = self._under_cursor()
        answer = self.answers.get(question.key) if question is not None else None
        if question is None or answer is None:
            self.say("Answer first; then say what it relies on.")
            return
        if await self._taken_up(question):
            return
        note = await self.ask(question.text, "Why", answer.note, lines=4)
        if note is not None and await self._save(question, answer.value, note, answer):
            self.reload()

    # -- what is recorded beside the questions ---------------------------------------------------------

    async def _open_extra(self, kind: str, rest: str) -> None:
        if kind == "e":
            await record_enquiry(self, self.view, rest)
        elif kind == "f" and rest:
            self.go("referral", referral=rest)
            return
        elif kind == "f":
            await refer(self, self.case, first_recipient(self.view))
        elif kind == "m":
            await start_removal(self, self.view.pupil.id, self.case)
            return
        elif kind == "x":
            await self._close()
        self.reload()

    async def action_refer(self) -> None:
        """Record a referral, or the decision not to refer."""
        if await refer(self, self.case, first_recipient(self.view)):
            self.reload()

    async def _close(self) -> None:
        from screens.casework import close_case

        await close_case(self, self.view)

    # -- going about -----------------------------------------------------------------------------------

    def action_next(self) -> None:
        """The next step."""
        self._turn(1)

    def action_before(self) -> None:
        """The step before."""
        self._turn(-1)

    def _turn(self, way: int) -> None:
        steps = [step.key for step in self.view.steps]
        place = steps.index(self.step) + way
        if not 0 <= place < len(steps):
            self.shell.back()
            return
        self.step = steps[place]
        self.place[1]["step"] = self.step
        self.query_one("#questions", Lines).show([])
        self.reload()

    async def action_why(self) -> None:
        """What policy and law ask here, in full, and what each question says."""
        text, policy = cases.step_words(self.desk, self.step)
        lines = [text, "", f"Policy: {policy}" if policy else "", ""]
        for question in self.questions:
            if question.hint or question.policy:
                lines += [
                    question.text,
                    f"  {question.hint}" if question.hint else "",
                    f"  {question.policy}",
                ]
        missing = [f"  {each}" for each in self.state.missing]
        await self.tell(self.state.title, [*lines, "Still missing here:", *(missing or ["  nothing"])])
