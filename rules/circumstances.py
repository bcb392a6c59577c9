"""Tests of conditions that look at orders, sentences, exclusions, age and the kind of school."""

from datetime import date

from rules.days import ONE_DAY
from rules.errors import OutsideCalendar
from rules.grounds import Case, ConditionFile, Judged
from rules.judging import Test, last, says, stated
from rules.triggers.kind import as_day, as_number, as_yes
from rules.words import day_words, number_words

EXCLUSION = "permanent_exclusion"
"""The event that says how far a permanent exclusion has come."""


def dual(case: Case, condition: ConditionFile) -> Judged:
    """Registered at another school too, as recorded or stated."""
    where = case.pupil.dual_registered_at
    if where is None:
        return stated(case, condition)
    return says(condition, True, "a dual registration is recorded")


def order(case: Case, condition: ConditionFile) -> Judged:
    """The newest word on the attendance order is the one that the ground asks for."""
    event = last(case, "school_attendance_order")
    if event is None:
        return says(condition, False, "no school attendance order is recorded")
    state = str(event.fields.get("state", "")).replace("-", " ")
    met = event.fields.get("state") == condition.state
    return says(condition, met, f"{state or 'of an unknown state'} on {day_words(event.on)}", event.on)


def sentence(case: Case, condition: ConditionFile) -> Judged:
    """A sentence, which remand is not."""
    event = last(case, "detention")
    if event is None:
        return stated(case, condition)
    met = event.fields.get("state") == "sentence"
    why = (
        "a sentence"
        if met
        else "remand is no sentence"
        if event.fields.get("state") == "remand"
        else "not said"
    )
    return says(condition, met, f"{why}, recorded on {day_words(event.on)}", event.on)


def sentence_length(case: Case, condition: ConditionFile) -> Judged:
    """Not known to be shorter: a limb that may not stand any more keeps a name only where it speaks."""
    event = last(case, "detention")
    months = as_number(event.fields.get("months")) if event is not None else 0
    if not months:
        return says(condition, True, "the length is not recorded; this limb may not stand any more")
    return says(condition, months >= condition.months, f"{number_words(months)} months are recorded")


def no_return_known(case: Case, condition: ConditionFile) -> Judged:
    """Nothing recorded says that the pupil will attend again: a limb that is itself unverified."""
    value = case.evidence.get(condition.key)
    if value is not None:
        return stated(case, condition)
    return says(
        condition, True, "nothing is recorded that says so; state it if it is known (this limb is unverified)"
    )


def over_age(case: Case, condition: ConditionFile) -> Judged:
    """Over compulsory school age by the next session after the day."""
    age = case.ask.age(case.pupil.born)
    try:
        meets = case.ask.calendar.on_or_after(case.ask.on + ONE_DAY)
    except OutsideCalendar:
        meets = max(case.ask.on, case.ask.calendar.last) + ONE_DAY
    if meets <= age.last:
        return says(condition, False, f"of compulsory school age until {day_words(age.last)}")
    return says(
        condition, True, f"compulsory school age ends on {day_words(age.last)}", _first_met(case, age.last)
    )


def _first_met(case: Case, ends: date) -> date:
    """The last school day not after the end of compulsory age: from its end on the school meets only beyond it."""
    return case.ask.calendar.on_or_before(ends) or ends


def top_class(case: Case, condition: ConditionFile) -> Judged:
    """Leaves the most senior class, or a person says that the sixth form is not for this pupil."""
    if case.evidence.get(condition.key) is None and case.pupil.year == case.ask.school.years[1]:
        return says(condition, True, "is in the most senior class: the school has none above it")
    return stated(case, condition)


def boarder(case: Case, condition: ConditionFile) -> Judged:
    """A boarder at a school of one of the kinds."""
    if case.ask.school.kind not in condition.kinds:
        return says(
            condition,
            False,
            f"a ground of maintained schools and academies; this school is {case.ask.school.kind}",
        )
    return says(
        condition, case.pupil.boarder, f"is {'' if case.pupil.boarder else 'not '}recorded as a boarder"
    )


def kind(case: Case, condition: ConditionFile) -> Judged:
    """A school of one of the kinds."""
    return says(condition, case.ask.school.kind in condition.kinds, f"this school is {case.ask.school.kind}")


def _notice(case: Case) -> date | None:
    """The day of the board's notice that upholds the exclusion: as stated, or the day on which a yes was recorded."""
    for event in case.ask.events(case.pupil, EXCLUSION):
        upheld = event.fields.get("notice_upheld")
        day = event.on if as_yes(upheld) else as_day(upheld)
        if day is not None and day <= case.ask.on:
            return day
    return None


def exclusion_upheld(case: Case, condition: ConditionFile) -> Judged:
    """The board has upheld the exclusion, as recorded."""
    day = _notice(case)
    if day is not None:
        return says(condition, True, f"upheld, recorded on {day_words(day)}", day)
    if last(case, EXCLUSION) is not None:
        return says(condition, False, "that it was upheld is not recorded")
    return stated(case, condition)


def exclusion_final(case: Case, condition: ConditionFile) -> Judged:
    """No review to come, or the time for one has passed without an application."""
    if case.ask.school.kind not in condition.kinds:
        return says(condition, True, "no statutory review in this kind of school: the contract decides")
    event = last(case, EXCLUSION)
    if event is None:
        return stated(case, condition)
    review = event.fields.get("review") or "none"
    if review in ("waived", "ended"):
        return says(condition, True, f"the review is {review}, recorded on {day_words(event.on)}", event.on)
    if review == "applied":
        return says(condition, False, "a review has been applied for")
    return _time_passed(case, condition)


def _time_passed(case: Case, condition: ConditionFile) -> Judged:
    notice = _notice(case)
    if notice is None:
        return says(condition, False, "the notice of the board is not recorded")
    try:
        until = case.ask.calendar.add(notice, condition.days, "grounds")
    except OutsideCalendar:
        return says(condition, False, "the calendar does not reach that far; enter the next terms")
    passed = case.ask.on > until or (case.ask.on == until and case.ask.been(until))
    why = f"without an application, the time for one ends on {day_words(until)}"
    return says(condition, passed, why, until)


def left(case: Case, condition: ConditionFile) -> Judged:
    """On another school's register, or a person says that the pupil has left."""
    event = last(case, "registered_elsewhere")
    as_of = as_day(event.fields.get("as_of")) if event is not None else None
    if event is not None and as_of is not None and as_of <= case.ask.on:
        return says(
            condition, True, f"on another school's register from {day_words(as_of)}", max(as_of, event.on)
        )
    return stated(case, condition)


STANDINGS: dict[str, Test] = {
    "dual": dual,
    "order": order,
    "sentence": sentence,
    "sentence-length": sentence_length,
    "no-return-known": no_return_known,
    "over-age": over_age,
    "top-class": top_class,
    "boarder": boarder,
    "kind": kind,
    "exclusion-upheld": exclusion_upheld,
    "exclusion-final": exclusion_final,
    "left": left,
}
