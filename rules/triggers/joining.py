"""Joining: a pupil who does not arrive, and the return about one whose name was put on the register."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import Calendar
from rules.duty import Trace
from rules.errors import OutsideCalendar
from rules.facts import PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger, return_sent
from rules.words import day_words, spans, walk_after


class NoShowParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `not-arrived`."""

    seen: tuple[str, ...]
    """Codes of absence that say that the child was seen all the same."""


class JoinedParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `joined`."""

    within: int
    """Calendar days after the day of entry."""


def in_reach(calendar: Calendar, day: date) -> bool:
    """Whether a day lies in a school year that the calendar knows, the summer before its first day
    included."""
    return date(calendar.year_start(calendar.first).year, 8, 1) <= day <= calendar.last


def find_no_show(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding while a pupil who was to start has never been seen."""
    if pupil.baseline or not ask.been(pupil.starts) or not in_reach(ask.calendar, pupil.starts):
        return NOTHING
    params: NoShowParams = active.params
    first = ask.calendar.upto(pupil.starts - timedelta(days=1))
    marks = ask.marks(pupil)[2 * first :]
    come = marks.translate(ask.codes.classes(ask.on))
    if b"p" in come or b"v" in come or any(byte in marks for byte in ask.codes.letters(params.seen)):
        return NOTHING
    absent = b"a" in come or b"u" in come
    said = ask.events(pupil, "not_arrived")
    if not (absent or said) or not ask.on_roll(pupil):
        return NOTHING
    try:
        agreed = ask.calendar.on_or_after(pupil.starts, active.rule.rule)
    except OutsideCalendar:
        return NOTHING
    return (_no_show(ask, active, pupil, agreed, bool(said)),) if agreed <= ask.on else NOTHING


def _no_show(ask: Asking, active: Active, pupil: PupilFacts, agreed: date, said: bool) -> Finding:
    anchor = agreed.isoformat()
    duty_id = f"{active.rule.rule}:{pupil.id}:{anchor}"
    until = ask.calendar.on_or_before(ask.on) or agreed
    facts = [f"Was to start on {day_words(agreed)} and has not been seen since."]
    if agreed != pupil.starts:
        facts.append(
            f"The agreed day, {day_words(pupil.starts)}, has no session; the first one after it counts."
        )
    if said:
        facts.append("Recorded as not arrived.")
    return Finding(
        anchor=anchor,
        trigger=agreed,
        due=agreed,
        done=return_sent(ask, pupil, duty_id, agreed),
        words={"day": day_words(agreed, year=False)},
        trace=Trace(
            facts=tuple(facts), counted=spans(ask.calendar.span(agreed, until), "not seen in any session")
        ),
    )


def find_joined(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for a name put on the register, unless the pupil starts with the youngest class."""
    entered = pupil.entered or pupil.starts
    if pupil.baseline or not ask.been(entered) or not in_reach(ask.calendar, entered):
        return NOTHING
    youngest = _starts_with_youngest(ask, pupil)
    if youngest and not ask.school.asks_starters:
        return NOTHING
    params: JoinedParams = active.params
    due = entered + timedelta(days=params.within)
    anchor = entered.isoformat()
    facts = [f"Put on the register on {day_words(entered)}."]
    if youngest:
        facts.append("Starts with the most junior class; the authority has asked for returns all the same.")
    return (
        Finding(
            anchor=anchor,
            trigger=entered,
            due=due,
            done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", entered),
            trace=Trace(
                facts=tuple(facts), counted=spans(walk_after(entered, due), "calendar day after the entry")
            ),
        ),
    )


def _starts_with_youngest(ask: Asking, pupil: PupilFacts) -> bool:
    """Whether the pupil is placed in the most junior class and starts with the school year."""
    joined = pupil.year if pupil.joined_year is None else pupil.joined_year
    if joined != ask.school.years[0]:
        return False
    calendar = ask.calendar
    year = calendar.year_start(max(pupil.starts, calendar.first))
    try:
        return pupil.starts <= calendar.on_or_after(year)
    except OutsideCalendar:
        return False


NOT_ARRIVED = Trigger(NoShowParams, find_no_show, Has.JOINED)
JOINED = Trigger(JoinedParams, find_joined, Has.JOINED)
