"""The parts of an example, as an example file spells them (`docs/example-format.md`)."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct, field

from rules.codes import CodeClass
from rules.duty import Standing, State
from rules.errors import CalendarError
from rules.facts import Session


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of an example: unknown keys are refused."""


class Days(Block, frozen=True, kw_only=True):
    """A term or a closure: `from` and `to`, or `on` for one day."""

    from_: date | None = field(name="from", default=None)
    to: date | None = None
    on: date | None = None
    why: str = ""
    name: str = ""

    def ends(self) -> tuple[date, date]:
        """First and last day, both inclusive.

        Raises:
            CalendarError: if neither `on` nor both ends are given.
        """
        if self.on is not None and self.from_ is None and self.to is None:
            return self.on, self.on
        if self.on is None and self.from_ is not None and self.to is not None:
            return self.from_, self.to
        raise CalendarError("A term or closure needs `from` and `to`, or `on` alone.")


class CalendarBlock(Block, frozen=True, kw_only=True):
    """`[calendar]`."""

    terms: tuple[Days, ...] = ()
    closed: tuple[Days, ...] = ()


class RulesBlock(Block, frozen=True, kw_only=True):
    """`[rules]`."""

    commenced: dict[str, date] = {}


class MarkRow(Block, frozen=True, kw_only=True):
    """One row of `marks`."""

    code: str
    from_: date | None = field(name="from", default=None)
    to: date | None = None
    on: date | None = None
    session: Session | None = None
    was: str | None = None
    amended: date | None = None


class PupilBlock(Block, frozen=True, kw_only=True):
    """`pupil`."""

    born: date
    year: int = -1
    starts: date | None = None
    entered: date | None = None
    left: date | None = None
    baseline: bool = False
    groups: tuple[str, ...] = ()
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


class RegistersBlock(Block, frozen=True, kw_only=True):
    """`registers`: classes, since when registers are kept, and which were taken."""

    classes: dict[str, int]
    since: date
    taken: tuple[tuple[str, date, Session], ...] = ()


class ExpectDuty(Block, frozen=True, kw_only=True):
    """One row of `expect`; what is not given is not compared."""

    rule: str | None = None
    trigger: date | None = None
    due: date | None = None
    state: State | None = None
    standing: Standing | None = None
    recipients: tuple[str, ...] | None = None


class ExpectGround(Block, frozen=True, kw_only=True):
    """`ground`."""

    letter: str
    available: bool | None = None
    met_on: date | None = None
    because: str | None = None


class ExpectRemoval(Block, frozen=True, kw_only=True):
    """`removal`."""

    allowed: bool | None = None
    gate: str | None = None
    standing: Standing | None = None


class ExpectFigures(Block, frozen=True, kw_only=True):
    """`figures`."""

    possible: int | None = None
    attended: int | None = None
    absent: int | None = None
    authorised: int | None = None
    unauthorised: int | None = None
    attendance_percent: float | None = None
    absence_percent: float | None = None
    persistent: bool | None = None
    severe: bool | None = None
    run_days: int | None = None
    run_from: date | None = None


class ExpectAge(Block, frozen=True, kw_only=True):
    """`compulsory_age`."""

    from_: date | None = field(name="from", default=None)
    to: date | None = None


class ExpectDeadline(Block, frozen=True, kw_only=True):
    """`deadline`."""

    of: str
    due: date


class ExpectCode(Block, frozen=True, kw_only=True):
    """One row of `codes`."""

    code: str
    on: date
    class_: CodeClass = field(name="class")


class Example(Block, frozen=True, kw_only=True):
    """One example with the file's defaults merged in. Lists of facts stay raw until `facts` reads them."""

    id: str
    text: str = ""
    on: date | None = None
    at: Literal["start", "now", "end"] = "end"
    now: str | None = None
    school: dict[str, Any] = {}
    calendar: CalendarBlock = CalendarBlock()
    rules: RulesBlock = RulesBlock()
    pupil: PupilBlock | None = None
    marks: tuple[MarkRow, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()
    cases: tuple[dict[str, Any], ...] = ()
    referrals: tuple[dict[str, Any], ...] = ()
    concerns: tuple[dict[str, Any], ...] = ()
    settled: tuple[dict[str, Any], ...] = ()
    registers: RegistersBlock | None = None
    evidence: dict[str, str] = {}
    """What a person stated for a ground's conditions, `yes` or `no` by key."""
    expect: tuple[ExpectDuty, ...] = ()
    never: tuple[str, ...] = ()
    ground: ExpectGround | None = None
    removal: ExpectRemoval | None = None
    figures: ExpectFigures | None = None
    compulsory_age: ExpectAge | None = None
    deadline: ExpectDeadline | None = None
    statutory_la: str | None = None
    codes: tuple[ExpectCode, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def expects(self) -> bool:
        """Whether it says what should come: else it passes whatever the rules do."""
        lists = (self.expect, self.never, self.codes, self.flags)
        values = (self.ground, self.removal, self.deadline, self.statutory_la)
        figures, age = self.figures or ExpectFigures(), self.compulsory_age or ExpectAge()
        said = any(lists) or any(value is not None for value in values)
        return said or figures != ExpectFigures() or age != ExpectAge()
