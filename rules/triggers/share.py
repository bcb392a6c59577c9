"""A share of possible sessions that was missed: persistent and severe absence."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import PupilFacts
from rules.triggers.kind import NOTHING, Trigger
from rules.words import day_words, nth_words

_ABSENT = b"au"
_POSSIBLE = b"pvau"
_PER_CENT = 100


class ShareParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `share-missed`."""

    percent: int
    """Percent of possible sessions, reached or passed."""
    from_week: int
    """School week of the year from which the share is big enough a base."""
    within: int
    """School days after the trigger."""


class Base(Struct, frozen=True, kw_only=True):
    """The stretch over which a share is counted."""

    first: int
    """Index of the first school day."""
    come: bytes
    """Classes of the sessions from that day on (`rules.codes.CLASS_BYTE`)."""
    absent: int
    possible: int


def base(ask: Asking, pupil: PupilFacts) -> Base:
    """What a pupil's percentage is counted from: the later of the start and the school year's first day."""
    kept = ask.kept.get("base")
    if kept is not None and kept[0] is pupil:
        found: Base = kept[1]
        return found
    first = _first(ask, pupil)
    come = ask.marks(pupil)[2 * first :].translate(ask.codes.classes(ask.on))
    absent = sum(map(come.count, _ABSENT))
    found = Base(first=first, come=come, absent=absent, possible=absent + come.count(b"p") + come.count(b"v"))
    ask.kept["base"] = (pupil, found)
    return found


def _first(ask: Asking, pupil: PupilFacts) -> int:
    """Index of the first school day of a pupil's base."""
    begins: date | None = ask.kept.get("year")
    if begins is None:
        begins = ask.kept["year"] = ask.calendar.year_start(ask.on)
        ask.kept["year first"] = ask.calendar.upto(begins) - ask.calendar.is_school_day(begins)
    if pupil.starts <= begins:
        whole: int = ask.kept["year first"]
        return whole
    return ask.calendar.upto(pupil.starts) - ask.calendar.is_school_day(pupil.starts)


def _is_far(ask: Asking, pupil: PupilFacts, percent: int) -> bool:
    """Whether the share cannot be reached even if everything that is not presence were absence."""
    if ask.missed is None:
        return False
    at_most = len(ask.missed)
    return _PER_CENT * at_most < percent * (len(ask.marks(pupil)) - 2 * _first(ask, pupil) - at_most)


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding while the share missed is at or above the threshold."""
    params: ShareParams = active.params
    if _is_far(ask, pupil, params.percent):
        return NOTHING
    counts = base(ask, pupil)
    if not counts.possible or counts.absent * _PER_CENT < params.percent * counts.possible:
        return NOTHING
    begins = _big_enough(ask, params.from_week)
    if begins is None or begins > ask.on or not ask.on_roll(pupil):
        return NOTHING
    trigger = _since(ask, params, counts, begins)
    return (_finding(ask, active, counts, trigger),) if trigger is not None else NOTHING


def _big_enough(ask: Asking, week: int) -> date | None:
    """The first school day of the week from which a share counts."""
    key = f"week {week}"
    if key not in ask.kept:
        ask.kept[key] = ask.calendar.week_begins(ask.on, week)
    found: date | None = ask.kept[key]
    return found


def _since(ask: Asking, params: ShareParams, counts: Base, begins: date) -> date | None:
    """The day since which the share has been at or above the threshold at each day's end."""
    absent = possible = 0
    since: date | None = None
    for at in range(0, len(counts.come), 2):
        for byte in counts.come[at : at + 2]:
            absent += byte in _ABSENT
            possible += byte in _POSSIBLE
        day = ask.calendar.days[counts.first + at // 2]
        above = possible and absent * _PER_CENT >= params.percent * possible
        if day < begins or not above:
            since = None
        elif since is None:
            since = day
    return since


def _finding(ask: Asking, active: Active, counts: Base, trigger: date) -> Finding:
    params: ShareParams = active.params
    due, flags, facts = ask.due_after(trigger, params.within, active.rule.rule)
    first = ask.calendar.days[counts.first]
    share = _PER_CENT * counts.absent / counts.possible
    last = ask.calendar.days[counts.first + (len(counts.come) - 1) // 2]
    return Finding(
        anchor=ask.calendar.year_start(ask.on).isoformat(),
        trigger=trigger,
        due=due,
        words={"percent": str(params.percent), "share": f"{share:.1f}"},
        trace=Trace(
            facts=(
                (
                    f"{counts.absent} of {counts.possible} possible sessions missed ({share:.1f} %) from "
                    f"{day_words(first)} to {day_words(last)}."
                ),
                (
                    f"At or above {params.percent} % at each day's end since {day_words(trigger)}; "
                    f"counted from the {nth_words(params.from_week)} school week of the year on."
                ),
                *facts,
            ),
            counted=(Span(first, last, "possible sessions of its school days"),),
            flags=flags,
        ),
    )


TRIGGER = Trigger(ShareParams, find)
