"""Questions of the rules as fields of a form: choices, days, texts, yes or no."""

from collections.abc import Sequence
from typing import Protocol

from screens.widgets.field import Field

YES_NO = (("yes", "yes"), ("no", "no"))


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


class Question(Protocol):
    """What is asked of a question to make a field of it."""

    @property
    def kind(self) -> str:
        """`choice`, `told`, `group`, `yes-no`, `date` or `text`."""
        ...

    @property
    def choices(self) -> Sequence[Choosable]:
        """Its answers, where it is to be chosen."""
        ...

    @property
    def hint(self) -> str:
        """What to know before."""
        ...


def field_of(question: Question, value: str = "", *, key: str = "value", label: str = "Answer") -> Field:
    """The field that asks it; required, for an empty answer is none.

    Args:
        question: the question.
        value: what stands there so far.
        key: the field's name.
        label: the field's label.
    """
    choices = tuple((choice.key, choice.text) for choice in question.choices)
    if question.kind == "yes-no":
        choices = YES_NO
    if choices:
        return Field(key, label, "choice", value, choices, required=True, hint=question.hint)
    if question.kind == "date":
        return Field(key, label, "date", value, required=True, hint=question.hint)
    return Field(key, label, "note", value, required=True, hint=question.hint, lines=2)
