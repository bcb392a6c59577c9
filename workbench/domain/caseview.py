"""A case as it is shown: its steps, what hangs on it, and its chronology."""

from typing import Literal

from msgspec import Struct

from rules.duty import Duty
from rules.progress import CloseCondition, StepState
from rules.wizard import EnquiryStep
from workbench.domain.asking import Asked
from workbench.domain.cases import Answer, Case, Enquiry, Note, Referral
from workbench.domain.pupils import Pupil
from workbench.domain.removals import Removal

LineKind = Literal[
    "answer", "enquiry", "referral", "reply", "note", "contact", "event", "removal", "case", "return", "mark"
]


class Line(Struct, frozen=True, kw_only=True):
    """One line of the chronology. `at` is when it happened, `recorded` when it was written down."""

    at: str
    recorded: str
    kind: LineKind
    text: str
    by: str
    id: str | None = None


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case in a list."""

    case: Case
    pupil: Pupil
    steps: tuple[StepState, ...]
    next: str
    """What comes next, in words."""


class CaseView(Struct, frozen=True, kw_only=True):
    """A case whole."""

    case: Case
    pupil: Pupil
    steps: tuple[StepState, ...]
    questions: tuple[Asked, ...]
    """The questions that are asked of this pupil."""
    answers: dict[str, Answer]
    enquiries: tuple[Enquiry, ...]
    enquiry_steps: tuple[EnquiryStep, ...]
    notes: tuple[Note, ...]
    referrals: tuple[Referral, ...]
    removal: Removal | None
    """The newest removal of the pupil that belongs to this case, withdrawn ones only if there is no other."""
    duties: tuple[Duty, ...]
    closing: tuple[CloseCondition, ...]
    chronology: tuple[Line, ...]
    """Newest first."""
