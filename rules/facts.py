"""What the rules read. The desk builds these values from its records, `rules check` from an example file.

Dates are civil dates. A pupil's marks are `bytes`, one byte a session, aligned to `Calendar.sessions`
(position = 2 x index of the school day + session, AM 0 and PM 1), `BLANK` where no mark stands.
The byte of a code comes from the codes table (`rules/england/codes.toml`).
"""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct, field

Session = Literal["AM", "PM"]
BLANK = b"."

SchoolKind = Literal[
    "maintained", "academy", "special-maintained", "special-academy", "independent", "independent-special"
]


class SchoolFacts(Struct, frozen=True, kw_only=True):
    """The school as the rules see it."""

    name: str
    kind: SchoolKind
    stands_in: str
    """The local authority in whose area the school stands."""
    maintained_by: str | None = None
    years: tuple[int, int] = (0, 11)
    """Most junior and most senior class, both inclusive; reception is 0."""
    return_rhythm: Literal["same-day", "weekly", "monthly"] = "same-day"
    asks_leavers: bool = False
    asks_starters: bool = False
    policy: bool = True
    """Whether the trust's policy pack applies on top of the law."""
    policy_review: date | None = None
    """The day the school has set for the next review of the policy."""
    day_limits: dict[str, int] = {}
    """The authority's own limits in school days, by enquiry step."""
    register_opens: dict[str, str] = {}
    """`{"AM": "08:55", "PM": "13:10"}`, local time."""
    register_minutes: int = 30
    keys_since: date | None = None
    """The day from which people hold keys: the day the folder was made; None where nothing is sealed."""
    key_holders: int = 0
    """Accounts with the role `dsl` that hold keys."""
    recovery_made: date | None = None
    """The day on which the recovery key was made; None where there is none."""
    recovery_proven: date | None = None
    """The day on which it was last typed back."""

    @property
    def statutory_la(self) -> str:
        """The authority that receives statutory returns (SI 2024/208 reg 3(1))."""
        if self.kind in ("maintained", "special-maintained") and self.maintained_by:
            return self.maintained_by
        return self.stands_in


class Event(Struct, frozen=True, kw_only=True):
    """A dated fact of a kind listed in `docs/example-format.md`; `fields` holds what else was given."""

    kind: str
    on: date
    at_start: bool = False
    """True: the event stands before its day's first session; otherwise after the last."""
    fields: dict[str, Any] = {}
    id: str | None = None


class ContactMade(Struct, frozen=True, kw_only=True):
    """A call or visit that was logged."""

    on: date
    who: str
    result: str


class CaseFacts(Struct, frozen=True, kw_only=True):
    """What the rules need of an open or closed case."""

    id: str
    opened: date
    closed: date | None = None
    trigger: str = ""
    danger: Literal["immediate", "risk", "none", "unknown"] | None = None
    danger_on: date | None = None
    groups: dict[str, str] = {}
    """Group key to `yes`, `no` or `unknown`."""
    groups_on: dict[str, date] = {}
    enquiries: dict[str, str] = {}
    """Enquiry step key to `done` or `not-done` (with a recorded reason)."""
    told: dict[str, str] = {}
    """Recipient key (`la`, `social-worker`, ...) to `told`, `not-told` or `does-not-apply`."""


class ReferralFacts(Struct, frozen=True, kw_only=True):
    """A referral decision."""

    id: str
    case: str | None
    to: str
    """`social-care`, `police`, `early-help`, `lado`, `prevent` ..."""
    decision: Literal["refer", "not-referred"]
    on: date
    replied: date | None = None
    follow_up: date | None = None


class ConcernFacts(Struct, frozen=True, kw_only=True):
    """A concern as far as the rules may see it: that it was reported, and whether it has been read."""

    id: str
    on: date
    triaged: date | None = None


class PupilFacts(Struct, frozen=True, kw_only=True):
    """A pupil as the rules see one."""

    id: str
    born: date
    year: int
    starts: date
    joined_year: int | None = None
    """The year group in which the pupil started; None where it is `year` still."""
    entered: date | None = None
    """The day the name was put on the register; `starts` where it is not known."""
    left: date | None = None
    """The day the name came off the roll."""
    class_: str = ""
    baseline: bool = False
    """True for a pupil taken over when the folder was made: joining duties are not raised again."""
    groups: frozenset[str] = frozenset()
    social_worker: bool = False
    child_protection_plan: bool = False
    section_47: bool = False
    looked_after_by: str | None = None
    home_la: str | None = None
    placing_la: str | None = None
    ehc_plan: bool = False
    placed_by_la: bool = False
    boarder: bool = False
    dual_registered_at: str | None = None
    mobile_child: bool = False
    other_professionals: tuple[str, ...] = ()
    """Recipient keys of other professionals recorded around the child, such as `ewo` or `yot`."""
    marks: bytes = b""
    events: tuple[Event, ...] = ()
    contacts: tuple[ContactMade, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    referrals: tuple[ReferralFacts, ...] = ()
    concerns: tuple[ConcernFacts, ...] = ()


class RegistersTaken(Struct, frozen=True, kw_only=True):
    """Which registers there are to take and which were taken."""

    classes: dict[str, int]
    """Class name to the number of pupils on roll in it on the day asked for."""
    since: date
    """The first day for which registers are kept in this folder."""
    taken: frozenset[tuple[str, date, Session]] = frozenset()
    formed: dict[str, date] = {}
    """Class name to the day since which somebody is in it; `since` where it is not known."""


class Settled(Struct, frozen=True, kw_only=True):
    """An act that settled a duty: `done` or `overridden`, on a day, by somebody, for a reason."""

    duty: str
    state: Literal["done", "overridden"]
    on: date
    by: str
    reason: str


class Moment(Struct, frozen=True, kw_only=True):
    """When a question is asked."""

    on: date
    at: Literal["start", "now", "end"] = "end"
    """Before the first session of `on`, at the clock time `now`, or after its last session."""
    now: datetime | None = None
    """Local time, for `at = "now"` only."""


class SchoolFile(Struct, frozen=True, kw_only=True):
    """Everything that is the same for all pupils in one question; the calendar stands beside it."""

    school: SchoolFacts
    registers: RegistersTaken | None = None
    settled: dict[str, Settled] = field(default_factory=dict)
    commenced: dict[str, date] = {}
