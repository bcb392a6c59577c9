"""Suspension: education from the nth school day of it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import ONE_DAY, Calendar
from rules.duty import Trace
from rules.errors import OutsideCalendar
from rules.facts import PupilFacts
from rules.triggers.kind import NOTHING, Trigger, as_day, as_number
from rules.words import closed_days, day_words, merged, nth_words, spans


class SuspensionParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `suspension-day`."""

    day: int
    """From and including which school day of the suspension."""


class Suspended(NamedTuple):
    """One suspension, or several that follow each other without a school day between them."""

    first: date
    days: int
    parts: int


def suspensions(ask: Asking, pupil: PupilFacts) -> list[Suspended]:
    """The pupil's suspensions that have begun, consecutive ones added together."""
    given = sorted(
        (begins, as_number(event.fields.get("days")))
        for event in ask.events(pupil, "suspension")
        if (begins := as_day(event.fields.get("from")) or event.on) and ask.been(begins)
    )
    found: list[Suspended] = []
    for begins, days in given:
        before = found[-1] if found else None
        if before is not None and _follows(ask.calendar, before, begins):
            found[-1] = Suspended(before.first, before.days + days, before.parts + 1)
        else:
            found.append(Suspended(begins, days, 1))
    return found


def _follows(calendar: Calendar, before: Suspended, begins: date) -> bool:
    """Whether a suspension begins on the school day after another's last, or inside of it."""
    try:
        return begins <= calendar.add(before.first - ONE_DAY, before.days + 1)
    except OutsideCalendar:
        return False


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every suspension that is long enough."""
    if not pupil.events:
        return NOTHING
    params: SuspensionParams = active.params
    return [
        _finding(ask, active, suspended)
        for suspended in suspensions(ask, pupil)
        if suspended.days >= params.day
    ]


def _finding(ask: Asking, active: Active, suspended: Suspended) -> Finding:
    params: SuspensionParams = active.params
    before = suspended.first - ONE_DAY
    due, flags, facts = ask.due_after(before, params.day, active.rule.rule)
    together = f", {suspended.parts} suspensions in a row" if suspended.parts > 1 else ""
    days = ask.calendar.between(before, due)
    return Finding(
        anchor=suspended.first.isoformat(),
        trigger=suspended.first,
        due=due,
        words={"nth": nth_words(params.day), "day": day_words(due, year=False)},
        trace=Trace(
            facts=(
                f"Suspended from {day_words(suspended.first)} for {suspended.days} school days{together}.",
                f"The {nth_words(params.day)} is {day_words(due)}." if not flags else "Its end is not known.",
                *facts,
            ),
            counted=spans(days, "school day of the suspension"),
            skipped=merged(closed_days(ask.calendar, suspended.first, due)),
            flags=flags,
        ),
    )


TRIGGER = Trigger(SuspensionParams, find)
