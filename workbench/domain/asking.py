"""Questions as the desk hands them to screens and commands."""

from msgspec import Struct


class Choice(Struct, frozen=True, kw_only=True):
    """One answer that can be chosen."""

    key: str
    text: str
    hint: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """A question, or a condition that wants evidence."""

    key: str
    step: str
    """The step of the case, or the ground of the removal, that it belongs to."""
    text: str
    kind: str
    """`choice`, `told`, `group`, `yes-no`, `date` or `text`."""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    note: bool = False
    """Whether an answer needs a note: what it relies on, or why."""
    hint: str = ""
    policy: str = ""
    help: str = ""
    meets: str = ""
    """For evidence: the value that meets the condition."""
