"""A children-missing-education case: its answers, enquiries, referrals and notes are documents of their
own."""

from datetime import date
from typing import Literal

from msgspec import Struct

from workbench.domain.handover import Imported
from workbench.domain.people import Signature

WaitsFor = Literal["us", "la", "parents", "police", "social-care"]


class Closing(Struct, frozen=True, kw_only=True):
    """One closing or reopening of a case."""

    at: str
    by: str
    act: Literal["closed", "reopened"]
    reason: str


class Linked(Struct, frozen=True, kw_only=True):
    """Another child in the case, with a role of their own; exports redact by it."""

    pupil: str
    role: Literal["subject", "sibling", "harmed", "alleged", "witness"]


class Case(Struct, frozen=True, kw_only=True):
    """The case itself. Everything learned hangs on it by id."""

    id: str
    pupil: str
    opened: str
    opened_by: str
    trigger: str
    """A trigger key of the wizard data, such as `ten-days`."""
    duty: str | None = None
    """The duty it was opened from."""
    owner: str
    waits_for: WaitsFor = "us"
    about: tuple[str, ...] = ()
    """Users the case is about: they never see it."""
    seals: tuple[str, ...] = ()
    """The public keys to which its texts are sealed, hex, the newest last."""
    granted: tuple[str, ...] = ()
    """Auditors who may read it."""
    vouched: Signature | None = None
    """By whoever made the newest key: over it, `about` and `granted`."""
    linked: tuple[Linked, ...] = ()
    closings: tuple[Closing, ...] = ()
    imported: Imported | None = None
    """Whose it was, where another school handed it over."""
    rev: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the case is open now."""
        return not self.closings or self.closings[-1].act == "reopened"


class Answer(Struct, frozen=True, kw_only=True):
    """The newest answer to one question; earlier ones stay in the log and in `earlier`."""

    id: str
    case: str
    key: str
    value: str
    note: str = ""
    by: str
    at: str
    earlier: tuple[dict[str, str], ...] = ()
    rev: int = 0


class Enquiry(Struct, frozen=True, kw_only=True):
    """One step of the joint enquiries that was done, or was not and why."""

    id: str
    case: str
    step: str
    by_whom: Literal["school", "la"] = "school"
    done: bool = True
    result: str
    how: str = ""
    evidence: str = ""
    at: str
    by: str
    recorded: str
    rev: int = 0


class Note(Struct, frozen=True, kw_only=True):
    """A line of the chronology. `corrects` names the line it puts right; the original stays."""

    id: str
    case: str
    text: str
    at: str
    by: str
    recorded: str
    corrects: str | None = None
    rev: int = 0


class Reply(Struct, frozen=True, kw_only=True):
    """What the recipient of a referral answered."""

    at: str
    by: str
    text: str
    outcome: str = ""


class Referral(Struct, frozen=True, kw_only=True):
    """A decision to refer, or not to, with its reason."""

    id: str
    case: str
    pupil: str
    to: str
    decision: Literal["refer", "not-referred"]
    reason: str
    threshold: str = ""
    """Level of the authority's threshold document."""
    reference: str = ""
    consent: str = ""
    """`given`, `not-sought` (with the reason in `consent_why`) or `refused`."""
    consent_why: str = ""
    follow_up: date | None = None
    escalated: str = ""
    replies: tuple[Reply, ...] = ()
    at: str
    by: str
    recorded: str
    rev: int = 0


class Concern(Struct, frozen=True, kw_only=True):
    """A worry that somebody wrote down. Written by any role, read by the DSLs it is not about."""

    id: str
    pupil: str
    text: str
    about: tuple[str, ...] = ()
    at: str
    by: str
    proven: bool = True
    """Whether who reported it had signed in; at a locked terminal a name is picked, and could be anybody's pick."""
    outcome: str | None = None
    triaged_by: str | None = None
    triaged_at: str | None = None
    rev: int = 0
