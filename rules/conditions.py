"""The closed vocabulary of tests of a ground's conditions: each looks at recorded facts, then at evidence."""

from collections.abc import Iterable
from datetime import date, timedelta

from rules.circumstances import STANDINGS
from rules.errors import OutsideCalendar
from rules.facts import BLANK, Event
from rules.grounds import Case, ConditionFile, Judged
from rules.judging import Test, last, says, stated
from rules.runs import current_run
from rules.triggers.kind import as_day, as_yes
from rules.words import day_words

DAY = timedelta(days=1)


def evidence(case: Case, condition: ConditionFile) -> Judged:
    """Evidence alone decides."""
    return stated(case, condition)


def registered(case: Case, condition: ConditionFile) -> Judged:
    """A registration elsewhere whose first day has come."""
    event = last(case, "registered_elsewhere")
    if event is None:
        return stated(case, condition)
    as_of = as_day(event.fields.get("as_of"))
    if as_of is None:
        return says(
            condition,
            False,
            "a place elsewhere is recorded, its first day is not: an offer is not a registration",
        )
    if as_of > case.ask.on:
        return says(
            condition, False, f"on the other register only from {day_words(as_of)}: until then an offer"
        )
    return says(
        condition, True, f"on another school's register from {day_words(as_of)}", max(as_of, event.on)
    )


def not_mobile(case: Case, condition: ConditionFile) -> Judged:
    """Not a mobile child, unless a person says that this is not the main school."""
    if not case.pupil.mobile_child:
        return says(condition, True, "is not recorded as a mobile child")
    return stated(case, condition)


def not_dual(case: Case, condition: ConditionFile) -> Judged:
    """No dual registration is recorded."""
    if case.pupil.dual_registered_at is None:
        value = case.evidence.get(condition.key)
        met = value is None or as_yes(value)
        return says(
            condition, met, "no dual registration is recorded" if value is None else f"stated: {value}"
        )
    return stated(case, condition)


def not_boarder(case: Case, condition: ConditionFile) -> Judged:
    """Not recorded as a boarder."""
    return says(
        condition,
        not case.pupil.boarder,
        "is recorded as a boarder" if case.pupil.boarder else "is not recorded as a boarder",
    )


def _letter(case: Case) -> Event | None:
    letters = case.ask.events(case.pupil, "parent_letter")
    good = [
        e
        for e in letters
        if e.fields.get("intent") == "home-education" and as_yes(e.fields.get("in_writing"))
    ]
    return good[-1] if good else (letters[-1] if letters else None)


def letter(case: Case, condition: ConditionFile) -> Judged:
    """A letter, in writing, that says home education."""
    event = _letter(case)
    if event is None:
        return stated(case, condition)
    if event.fields.get("intent") != "home-education":
        return says(condition, False, "the letter does not say that the child will be home educated")
    if not as_yes(event.fields.get("in_writing")):
        return says(condition, False, "it was said, not written: that is not enough")
    return says(condition, True, f"letter of {day_words(event.on)}", event.on)


def last_day(case: Case, condition: ConditionFile) -> Judged:
    """The day that the letter states lies behind."""
    event = _letter(case)
    day = (
        as_day(event.fields.get("last_day"))
        if event is not None
        else as_day(case.evidence.get(condition.key))
    )
    if day is None:
        return says(condition, False, "no last day is stated")
    if case.ask.on <= day:
        return says(condition, False, f"the stated last day is {day_words(day)}")
    return says(condition, True, f"the stated last day was {day_words(day)}", day + DAY)


def _leave_end(case: Case) -> date | None:
    event = last(case, "leave_granted")
    return as_day(event.fields.get("to")) if event is not None else None


def leave(case: Case, condition: ConditionFile) -> Judged:
    """Leave was given and its last day lies behind."""
    end = _leave_end(case)
    if end is None:
        return says(condition, False, "no leave with an end is recorded")
    if case.ask.on <= end:
        return says(condition, False, f"the leave runs to {day_words(end)}")
    return says(condition, True, f"the leave ended on {day_words(end)}", end + DAY)


def absent_after_leave(case: Case, condition: ConditionFile) -> Judged:
    """Not seen on any of the school days straight after the leave."""
    end = _leave_end(case)
    if end is None:
        return says(condition, False, "no leave with an end is recorded")
    try:
        last = case.ask.calendar.add(end, condition.days, "grounds")
    except OutsideCalendar:
        return says(condition, False, "the calendar does not reach that far; enter the next terms")
    days = [d for d in case.ask.calendar.between(end, min(last, case.ask.on)) if case.ask.been(d)]
    for day in days:
        if _seen(case, condition, day):
            return says(condition, False, f"was seen on {day_words(day)}")
    if len(days) < condition.days:
        return says(condition, False, f"day {len(days)} of {condition.days}; the last is {day_words(last)}")
    unmarked = _unmarked(case, days)
    if unmarked is not None:
        return says(condition, False, f"a mark is missing on {day_words(unmarked)}: that proves nothing")
    return says(condition, True, f"{condition.days} school days to {day_words(last)}", last)


def _seen(case: Case, condition: ConditionFile, day: date) -> bool:
    """Whether a mark of the day says that the pupil was there, by its class or by the condition's codes."""
    at = 2 * case.ask.calendar.index_of(day)
    for byte in case.ask.marks(case.pupil)[at : at + 2].replace(BLANK, b""):
        if (
            case.ask.codes.class_of(byte, day) in ("present", "approved")
            or case.ask.codes.decode(byte) in condition.codes
        ):
            return True
    return False


def _unmarked(case: Case, days: Iterable[date]) -> date | None:
    """The first of some days on which a session has no mark; None where all are marked."""
    marks = case.ask.marks(case.pupil)
    for day in days:
        at = 2 * case.ask.calendar.index_of(day)
        if len(marks[at : at + 2].replace(BLANK, b"")) < 2:
            return day
    return None


def no_cause(case: Case, condition: ConditionFile) -> Judged:
    """No recorded belief in sickness or another cause; a person must have considered it."""
    event = last(case, "unavoidable_cause")
    if event is not None:
        believed = as_yes(event.fields.get("believed", True))
        why = "sickness or another cause is believed" if believed else "considered, and not believed"
        return says(condition, not believed, f"{why}, {day_words(event.on)}", event.on)
    return stated(case, condition)


def enquiries(case: Case, condition: ConditionFile) -> Judged:
    """Enquiries by school and authority, both recorded."""
    school = la = None
    for event in case.ask.events(case.pupil, "enquiries"):
        school = school or (event.on if as_yes(event.fields.get("school")) else None)
        la = la or (event.on if as_yes(event.fields.get("la")) else None)
    if school and la:
        return says(condition, True, "enquiries of both are recorded", max(school, la))
    if school or la:
        return says(
            condition, False, f"only the {'school' if school else 'authority'}'s enquiries are recorded"
        )
    return stated(case, condition)


def found(case: Case, condition: ConditionFile) -> Judged:
    """Not found, or found and both agree."""
    events = [e for e in case.ask.events(case.pupil, "enquiries") if "found" in e.fields]
    if not events:
        return stated(case, condition)
    event = events[-1]
    if not as_yes(event.fields["found"]):
        return says(condition, True, "not found", event.on)
    agreed = as_yes(event.fields.get("agree_not_returning"))
    return says(
        condition,
        agreed,
        "found, and both agree" if agreed else "found; school and authority do not both agree",
        event.on,
    )


def run(case: Case, condition: ConditionFile) -> Judged:
    """A current run of school days on which every mark is one of the codes."""
    counting = case.ask.counting(condition.codes, condition.passes, blanks_break=True)
    newest = current_run(case.ask.calendar, case.ask.marks(case.pupil), counting)
    if newest is None:
        return says(condition, False, f"no current run of days marked {', '.join(condition.codes)}")
    count = len(newest.days)
    words = f"{count} school days from {day_words(newest.days[0])}"
    if count < condition.days:
        return says(condition, False, f"day {count} of {condition.days}: {words}")
    until = min(
        case.ask.on, case.pupil.left or case.ask.on
    )  # today may be yet to take; a leaver is not marked
    unmarked = _unmarked(case, (d for d in case.ask.calendar.between(newest.last, until) if d < until))
    if unmarked is not None:
        return says(
            condition, False, f"a mark is missing on {day_words(unmarked)}: the absence may have ended"
        )
    return says(condition, True, words, newest.days[condition.days - 1])


TESTS: dict[str, Test] = {
    **STANDINGS,
    "evidence": evidence,
    "registered": registered,
    "not-mobile": not_mobile,
    "not-dual": not_dual,
    "not-boarder": not_boarder,
    "letter": letter,
    "last-day": last_day,
    "leave": leave,
    "absent-after-leave": absent_after_leave,
    "no-cause": no_cause,
    "enquiries": enquiries,
    "found": found,
    "run": run,
}
