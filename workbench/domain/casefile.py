"""The case file: one JSON object that another school can read, with its schema published in `docs/case.schema.json`."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct

from workbench.domain.cases import Enquiry, Linked, Note, Referral
from workbench.domain.removals import Confirmation, Evidence, Gate, Override


class FileHead(Struct, frozen=True, kw_only=True):
    """Where the log stood when the file was made."""

    seq: int
    hash: str


class FileSchool(Struct, frozen=True, kw_only=True):
    """The school that sends the file."""

    name: str
    number: str
    kind: str
    stands_in: str
    local_authority: str


class FilePupil(Struct, frozen=True, kw_only=True):
    """The child the file is about."""

    id: str
    upn: str | None
    surname: str
    forename: str
    born: date
    year: int
    class_: str
    starts: date
    left: date | None
    left_ground: str | None
    address: str
    postcode: str
    groups: tuple[str, ...]
    social_worker: bool
    child_protection_plan: bool
    section_47: bool
    looked_after_by: str | None
    home_la: str | None
    placing_la: str | None
    ehc_plan: bool


class FilePerson(Struct, frozen=True, kw_only=True):
    """Somebody around the child."""

    kind: str
    name: str
    role: str
    phone: str
    email: str
    address: str
    authority: str
    lives_with: bool
    parental_responsibility: bool
    order: int


class FileAnswer(Struct, frozen=True, kw_only=True):
    """An answer with those before it, oldest first."""

    key: str
    question: str
    value: str
    note: str
    by: str
    at: str
    earlier: tuple[dict[str, str], ...]


class FileStep(Struct, frozen=True, kw_only=True):
    """One step of the wizard."""

    key: str
    number: int
    title: str
    state: Literal["done", "begun", "open", "does-not-apply", "waits"]
    summary: str
    missing: tuple[str, ...]
    answers: tuple[FileAnswer, ...]


class FileCase(Struct, frozen=True, kw_only=True):
    """The case itself."""

    id: str
    opened: str
    opened_by: str
    trigger: str
    duty: str | None
    owner: str
    waits_for: str
    open: bool
    closings: tuple[dict[str, str], ...]
    linked: tuple[Linked, ...]


class FileRemoval(Struct, frozen=True, kw_only=True):
    """A removal with what stands behind it."""

    id: str
    ground: str
    ground_title: str
    requested_by: str
    requested: str
    state: str
    effective: date | None
    authorised_by: str | None
    evidence: tuple[Evidence, ...]
    confirmations: tuple[Confirmation, ...]
    overrides: tuple[Override, ...]
    gates: tuple[Gate, ...]
    ended: str | None
    ended_reason: str


class FileMark(Struct, frozen=True, kw_only=True):
    """One mark of the register."""

    on: date
    session: Literal["AM", "PM"]
    code: str
    minutes: int | None = None
    note: str = ""


class FileAmendment(Struct, frozen=True, kw_only=True):
    """A mark that was changed after its register was taken."""

    on: date
    session: Literal["AM", "PM"]
    was: str
    code: str
    reason: str
    at: str
    by: str
    post: str


class FileLine(Struct, frozen=True, kw_only=True):
    """One line of the chronology: when it happened, when it was written down."""

    at: str
    recorded: str
    kind: str
    text: str
    by: str


class FileEvent(Struct, frozen=True, kw_only=True):
    """A dated fact."""

    kind: str
    on: date
    fields: dict[str, Any]
    recorded: str
    by: str


class FileContact(Struct, frozen=True, kw_only=True):
    """A call or visit."""

    at: str
    who: str
    how: str
    number: str
    result: str
    by: str
    recorded: str


class CaseFile(Struct, frozen=True, kw_only=True):
    """The whole file. Every key is always there."""

    schema: Literal["cme-case"]
    version: Literal[1]
    made_at: str
    made_by: str
    school: FileSchool
    pupil: FilePupil
    around: tuple[FilePerson, ...]
    case: FileCase
    steps: tuple[FileStep, ...]
    enquiries: tuple[Enquiry, ...]
    referrals: tuple[Referral, ...]
    notes: tuple[Note, ...]
    removals: tuple[FileRemoval, ...]
    events: tuple[FileEvent, ...]
    contacts: tuple[FileContact, ...]
    marks: tuple[FileMark, ...]
    amendments: tuple[FileAmendment, ...]
    chronology: tuple[FileLine, ...]
    redactions: tuple[str, ...]
    """What was left out, and why."""
    log: tuple[dict[str, Any], ...]
    """The entries about the case, exactly as they are stored."""
    head: FileHead
