"""Suspension: who is told of it, and education from the nth school day of it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import ONE_DAY, Calendar
from rules.duty import Span, Trace
from rules.errors import OutsideCalendar
from rules.facts import Event, PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger, as_day, as_number, return_sent
from rules.words import closed_days, day_words, merged, nth_words, spans


class SuspensionParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `suspension-day`."""

    day: int
    """From and including which school day of the suspension."""


class TotalParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `suspension-total`."""

    days: int
    """School days that all suspensions of a school year may come to, inclusive."""


class NoParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `suspension-told`: it has none."""


class Suspended(NamedTuple):
    """One suspension, or several that follow each other without a school day between them."""

    first: date
    days: int
    parts: int


def suspensions(ask: Asking, pupil: PupilFacts) -> list[Suspended]:
    """The pupil's suspensions that have begun, consecutive and overlapping ones taken together."""
    given = sorted(
        (begins, as_number(event.fields.get("days")))
        for event in ask.events(pupil, "suspension")
        if (begins := as_day(event.fields.get("from")) or event.on) and ask.been(begins)
    )
    found: list[Suspended] = []
    for begins, days in given:
        before = found[-1] if found else None
        if before is not None and _follows(ask.calendar, before, begins):
            found[-1] = _together(ask.calendar, before, begins, days)
        else:
            found.append(Suspended(begins, days, 1))
    return found


def _follows(calendar: Calendar, before: Suspended, begins: date) -> bool:
    """Whether a suspension begins on the school day after another's last, or inside of it."""
    try:
        return begins <= calendar.add(before.first - ONE_DAY, before.days + 1)
    except OutsideCalendar:
        return False


def _together(calendar: Calendar, before: Suspended, begins: date, days: int) -> Suspended:
    """A suspension and one that follows it or begins inside of it: a day of both is one day, so that the same one
    recorded twice is no longer than it was."""
    passed = len(calendar.between(before.first - ONE_DAY, begins - ONE_DAY))
    if passed + days <= before.days or begins == before.first:
        return before._replace(days=max(before.days, passed + days))
    return Suspended(before.first, passed + days, before.parts + 1)


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


def find_told(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every decision to suspend or to exclude, whatever its length."""
    if not pupil.events:
        return NOTHING
    return [
        _told(ask, active, pupil, event) for event in ask.events(pupil, "suspension", "permanent_exclusion")
    ]


def _told(ask: Asking, active: Active, pupil: PupilFacts, event: Event) -> Finding:
    begins = as_day(event.fields.get("from")) or event.on
    days = as_number(event.fields.get("days"))
    what = f"Suspended for {days} school days" if days else "Suspended"
    if event.kind == "permanent_exclusion":
        what = "Permanently excluded"
    anchor = event.on.isoformat()
    return Finding(
        anchor=anchor,
        trigger=event.on,
        due=event.on,
        words={"what": "a permanent exclusion" if event.kind == "permanent_exclusion" else "a suspension"},
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", event.on),
        trace=Trace(
            facts=(
                f"{what} from {day_words(begins)}; decided on {day_words(event.on)}.",
                "Without delay is read as the same day (a product choice).",
            ),
            counted=(Span(event.on, event.on, "the day of the decision"),),
        ),
    )


def find_total(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding while the suspensions that begin in the school year come to more days than they may."""
    params: TotalParams = active.params
    begins = ask.calendar.year_start(ask.on)
    total = 0
    for suspended in suspensions(ask, pupil):
        if suspended.first < begins:
            continue
        total += suspended.days
        if total > params.days:
            return (_total(ask, params, pupil, suspended.first, begins),)
    return NOTHING


def _total(ask: Asking, params: TotalParams, pupil: PupilFacts, on: date, begins: date) -> Finding:
    mine = [each for each in suspensions(ask, pupil) if each.first >= begins]
    total = sum(each.days for each in mine)
    return Finding(
        anchor=begins.isoformat(),
        trigger=on,
        due=on,
        words={"total": str(total), "days": str(params.days)},
        trace=Trace(
            facts=(
                *(f"From {day_words(each.first)}: {each.days} school days." for each in mine),
                f"{total} in the school year that began on {day_words(begins)}; at most {params.days}.",
            ),
            counted=tuple(Span(each.first, each.first, "a suspension begins") for each in mine),
        ),
    )


TRIGGER = Trigger(SuspensionParams, find, Has.EVENTS)
TOTAL = Trigger(TotalParams, find_total, Has.EVENTS)
TOLD = Trigger(NoParams, find_told, Has.EVENTS)
