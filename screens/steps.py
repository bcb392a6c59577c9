"""A wizard step as lines: its questions with their answers, and what was recorded beside them. Pure.

Keys of the rows: `q:KEY` a question, `c:KEY:CHOICE` one of its answers, `n:KEY` the note of its answer,
`e:STEP` an enquiry, `f:ID` a referral, `f:` a new one, `m:` the removal, `x:` closing the case.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from screens.text import Col, day_words, layout
from screens.widgets.lines import Row
from workbench.domain.cases import Answer

SHORT = {
    "happened": "What", "danger": "Danger", "groups": "Groups", "enquiries": "Enquiries", "know": "Know",
    "referral": "Refer", "outcome": "Outcome", "removal": "Remove", "close": "Close",
}  # fmt: skip
"""Step to the word that stands for it in the line of steps."""
SIGNS = {"done": "●", "begun": "◐", "open": "○", "does-not-apply": "–", "waits": "·"}
ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b(?!T)")
ROOM = 10
"""Lines up to which the choices of all questions of a step stand open; more, and Enter opens them."""
NEEDS_WHY = ("not-told",)
"""Answers that always want a note."""


class Choosable(Protocol):
    """One answer that can be chosen."""

    @property
    def key(self) -> str:
        """What is stored."""
        ...

    @property
    def text(self) -> str:
        """What is read."""
        ...

    @property
    def hint(self) -> str:
        """What follows from it."""
        ...


class Asked(Protocol):
    """A question as the wizard's data has it."""

    @property
    def key(self) -> str:
        """`step.name`."""
        ...

    @property
    def text(self) -> str:
        """The question."""
        ...

    @property
    def kind(self) -> str:
        """`choice`, `told`, `group`, `text` or `date`."""
        ...

    @property
    def choices(self) -> Sequence[Choosable]:
        """Its answers, where it is to be chosen."""
        ...

    @property
    def required(self) -> bool:
        """Whether the step is not done without it."""
        ...

    @property
    def note(self) -> bool:
        """Whether an answer needs a note."""
        ...

    @property
    def hint(self) -> str:
        """What to know before."""
        ...


class Placed(Protocol):
    """A step's place in the line of steps."""

    @property
    def key(self) -> str:
        """The step."""
        ...

    @property
    def state(self) -> str:
        """As `SIGNS`."""
        ...


def step_line(steps: Sequence[Placed], here: str) -> str:
    """`● What ▸ Danger ○ Groups ...`: every step with its sign, the open one marked."""
    return " ".join(
        f"{'▸' if s.key == here else SIGNS.get(s.state, '?')} {SHORT.get(s.key, s.key)}" for s in steps
    )


def stands_open(questions: Sequence[Asked]) -> bool:
    """Whether the choices of all questions fit the window at once."""
    return sum(1 + len(question.choices) for question in questions) <= ROOM


def question_rows(questions: Sequence[Asked], answers: Mapping[str, Answer], width: int) -> list[Row]:
    """The questions of a step with their answers; choices stand open where there is room for all of them.

    Args:
        questions: those of the step that are asked of this child.
        answers: question to its newest answer.
        width: cells of a row's text.
    """
    rows: list[Row] = []
    wide = stands_open(questions)
    columns = two_columns([question.text for question in questions], width)
    for question in questions:
        answer = answers.get(question.key)
        if wide and question.choices:
            rows += [] if len(questions) == 1 else [Row("", (question.text,), tone="strong")]
            rows += [_choice_row(question, choice, answer, width) for choice in question.choices]
        else:
            rows.append(_line(question, answer, columns, width))
        rows += _why_row(question, answer)
    return rows


def two_columns(texts: Sequence[str], width: int) -> tuple[Col, Col]:
    """A column as wide as the longest text, but never more than three fifths, and one for what stands beside it."""
    longest = max((len(text) + 2 for text in texts), default=0)
    return Col("", max(12, min(longest, width * 3 // 5))), Col("", 8, grow=1)


def _line(question: Asked, answer: Answer | None, columns: tuple[Col, Col], width: int) -> Row:
    must = "" if answer or not question.required else " *"
    cells = (question.text + must, value_words(question, answer))
    half = answer is not None and (answer.value == "unknown" or needs_why(question, answer))
    return Row(
        f"q:{question.key}", (layout(cells, columns, width),), "○" if answer is None else "◐" if half else "●"
    )


def _why_row(question: Asked, answer: Answer | None) -> list[Row]:
    late = needs_why(question, answer)
    if answer is None or not (answer.note or late):
        return []
    words = answer.note or "! say what it relies on: e"
    return [Row(f"n:{question.key}", (f"  Why  {words}",), tone="late" if late else "")]


def _choice_row(question: Asked, choice: Choosable, answer: Answer | None, width: int) -> Row:
    chosen = answer is not None and answer.value == choice.key
    columns = two_columns([each.text for each in question.choices], width)
    cells = (layout((choice.text, choice.hint), columns, width),)
    return Row(f"c:{question.key}:{choice.key}", cells, "●" if chosen else "○")


def needs_why(question: Asked, answer: Answer | None) -> bool:
    """Whether an answer stands without the note that it needs."""
    return answer is not None and not answer.note and (question.note or answer.value in NEEDS_WHY)


def value_words(question: Asked, answer: Answer | None) -> str:
    """An answer as it is read: the words of a choice, a day, or the text; and what follows from a yes."""
    if answer is None:
        return "not answered"
    choice = next((each for each in question.choices if each.key == answer.value), None)
    if choice is not None:
        follows = (
            f" · {question.hint}"
            if question.kind == "group" and answer.value == "yes" and question.hint
            else ""
        )
        return choice.text + follows
    return days_said(answer.value)


def days_said(text: str) -> str:
    """The text with every `2026-11-18` in it said as `Wed 18 Nov 2026`."""
    return ISO_DAY.sub(lambda found: _day(found[0]), text)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day_words(day)} {day.year}"
