"""Attendance figures of one pupil, counted from the later of the start and the school year's first day."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from rules.asking import Asking
from rules.codes import CodeTable
from rules.days import Calendar
from rules.facts import Moment, PupilFacts, SchoolFacts, SchoolFile
from rules.packs import RuleSet, load
from rules.runs import current_run
from rules.triggers.absence import RunParams
from rules.triggers.share import ShareParams, base

_HUNDREDTH = Decimal("0.01")
_RUN = "absence.ten-day-return"
_PERSISTENT, _SEVERE = "absence.persistent", "absence.severe"
_ANY_SCHOOL = SchoolFile(school=SchoolFacts(name="", kind="academy", stands_in=""))
"""The thresholds are the same for all kinds of school."""


class Figures(Struct, frozen=True, kw_only=True):
    """Sessions up to the moment. Percentages are rounded half up to two decimals; None if no session was
    possible."""

    possible: int
    attended: int
    absent: int
    authorised: int
    unauthorised: int
    attendance_percent: Decimal | None
    absence_percent: Decimal | None
    persistent: bool
    """Whether the share missed is at or above the threshold of persistent absence, whatever the week."""
    severe: bool
    run_days: int
    """School days of the run of unauthorised absence that nothing has ended yet; 0 if there is none."""
    run_from: date | None


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, rounded half up to two decimals; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def figures(
    calendar: Calendar,
    codes: CodeTable,
    pupil: PupilFacts,
    moment: Moment,
    rules: RuleSet | None = None,
) -> Figures:
    """The figures of a pupil at a moment.

    Args:
        calendar: the school days that `pupil.marks` are aligned to.
        codes: the attendance codes; kept for callers that have no rule set at hand.
        pupil: the facts.
        moment: up to when marks count.
        rules: where the thresholds come from; the shipped rules unless given.

    Raises:
        NoValueInForce: if no codes are in force on that day.
    """
    ask = Asking(rules or load(), calendar, _ANY_SCHOOL, moment)
    ask.codes = codes
    counts = base(ask, pupil)
    attended = counts.possible - counts.absent
    unauthorised = counts.come.count(b"u")
    run_days, run_from = _run(ask, pupil)
    return Figures(
        possible=counts.possible,
        attended=attended,
        absent=counts.absent,
        authorised=counts.absent - unauthorised,
        unauthorised=unauthorised,
        attendance_percent=percent(attended, counts.possible),
        absence_percent=percent(counts.absent, counts.possible),
        persistent=_reached(ask, _PERSISTENT, counts.absent, counts.possible),
        severe=_reached(ask, _SEVERE, counts.absent, counts.possible),
        run_days=run_days,
        run_from=run_from,
    )


def _reached(ask: Asking, rule_id: str, absent: int, possible: int) -> bool:
    active = ask.active(rule_id, True, ShareParams)
    return active is not None and possible > 0 and 100 * absent >= active.params.percent * possible


def _run(ask: Asking, pupil: PupilFacts) -> tuple[int, date | None]:
    active = ask.active(_RUN, True, RunParams)
    if active is None:
        return 0, None
    how = ask.counting(active.params.codes, active.params.passes)
    run = current_run(ask.calendar, ask.marks(pupil), how)
    return (len(run.days), run.first) if run is not None else (0, None)
