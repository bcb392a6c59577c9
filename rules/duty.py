"""A duty: what must be done by a date, with its reason, its source and the days that were counted."""

from datetime import date
from typing import Literal

from msgspec import Struct

State = Literal["due", "overdue", "done", "overridden", "advisory"]
Standing = Literal["law", "statutory guidance", "guidance", "policy", "local"]
Certainty = Literal["verified", "second-hand", "unverified", "ambiguous"]


class Citation(Struct, frozen=True):
    """Where a value or a duty comes from."""

    text: str
    """The instrument and provision, as a reader would cite it."""
    quote: str = ""
    """The operative words, or a faithful paraphrase where the words were not seen."""
    link: str = ""
    checked: date | None = None
    """The day somebody last compared the value with its source."""


class Span(Struct, frozen=True):
    """Days that a count used or passed over. Both ends are inclusive."""

    first: date
    last: date
    why: str


class Trace(Struct, frozen=True):
    """How a duty came about: never empty."""

    facts: tuple[str, ...]
    """The facts used, in words, without a pupil's name."""
    counted: tuple[Span, ...] = ()
    skipped: tuple[Span, ...] = ()
    flags: tuple[str, ...] = ()
    """Marks that must reach the screen, such as `ambiguous` or `child-was-seen`."""
    ends: str = ""
    """What would end the duty."""


class Duty(Struct, frozen=True, kw_only=True):
    """One duty. `id` is `rule:subject:anchor` and is stable while its cause stands."""

    id: str
    rule: str
    pupil: str | None
    case: str | None = None
    action: str
    """What must happen, in plain words and without a pupil's name."""
    recipient: str | None
    recipients: tuple[str, ...]
    trigger: date
    due: date
    standing: Standing
    certainty: Certainty
    state: State
    citation: Citation
    trace: Trace
    is_return: bool = False
    """True where discharging the duty means sending a return or a notice that can be drafted."""
    owner: Literal["dsl", "attendance"] = "dsl"
    """Whose list the duty stands on; `attendance` sees only its own and a count of the rest."""
    settled: str | None = None
    """For `done` and `overridden`: what settled it, by whom and when, in words."""
