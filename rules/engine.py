"""The one door to the duties: facts and a moment in, duties out.

`duties` answers for one pupil, `register_duties` for the classes, `warnings` for runs that near a trigger.
The order of a school's answers, and who may see them, is the caller's.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from rules.asking import Active, Asking, Finding
from rules.days import Calendar
from rules.duty import Duty
from rules.errors import PackError
from rules.explain import explain
from rules.facts import Moment, PupilFacts, SchoolFile
from rules.packs import RuleSet, build
from rules.triggers import TRIGGERS, absence, register, reviews, vault
from rules.triggers.kind import Has, Trigger, has

__all__ = ["Warning", "duties", "explain", "register_duties", "school_duties", "silence", "warnings"]

_BYTES = 256
_REGISTER = "register"
_OF_SCHOOL: dict[str, Callable[[Asking, Active], Iterable[Finding]]] = {
    "policy": reviews.find_policy,
    "recovery-proven": vault.find_unproven,
    "key-holders": vault.find_alone,
}
"""Triggers that are asked of the school itself."""
_OF_NO_PUPIL = (_REGISTER, *_OF_SCHOOL)
_RUN = "absence-run"


class Warning(Struct, frozen=True, kw_only=True):
    """A run of absence that nears a trigger. It is shown ahead and is no duty."""

    rule: str
    pupil: str
    day: int
    """Which day of the run it is now."""
    of: int
    """On which day the duty begins."""
    since: date
    """The first day of the run."""
    text: str
    """`day 7 of 10`."""


_last: Asking | None = None


def asking(rules: RuleSet, calendar: Calendar, file: SchoolFile, moment: Moment) -> Asking:
    """The question that several pupils are asked, kept from one pupil to the next."""
    global _last
    kept = _last
    if (
        kept is not None
        and kept.rules is rules
        and kept.calendar is calendar
        and kept.file is file
        and (kept.moment is moment or kept.moment == moment)
    ):
        return kept
    _last = Asking(rules, calendar, file, moment)
    return _last


def duties(
    rules: RuleSet,
    calendar: Calendar,
    file: SchoolFile,
    pupil: PupilFacts,
    moment: Moment,
    only: frozenset[str] | None = None,
) -> list[Duty]:
    """All duties about a pupil at a moment, those that are done or overridden included.

    Args:
        rules: the rules.
        calendar: the school days that `pupil.marks` are aligned to.
        file: what is the same for all pupils; pass the same object for all of them.
        pupil: the facts.
        moment: when the question is asked.
        only: ids of the rules to ask; all unless given. Ids that no pack has are passed over.

    Returns:
        Duties in the order of their rules' ids, then of time.

    Raises:
        NoValueInForce: if a rule that applies has no version in force on the day of the question or of its
            cause.
    """
    ask = asking(rules, calendar, file, moment)
    found: list[Duty] = []
    have = has(pupil)
    missed = ask.missed = ask.marks(pupil).translate(None, _present(ask))
    for csa, first, last in _ages(ask, pupil):
        for trigger, active, letters, least in _plan(ask, only, csa, have):
            if least and (len(missed) < least or sum(map(missed.count, letters)) < least):
                continue
            findings = trigger.find(ask, active, pupil)
            if findings:
                made = _made(ask, trigger, active, pupil, findings)
                found += made if first is None else _within(made, first, last)
    if len(found) > 1:
        found.sort(key=lambda duty: (duty.rule, duty.trigger, duty.id))
    return found


def _present(ask: Asking) -> bytes:
    """The marks of a pupil who is there: most of a year, and hardly a rule counts them."""
    letters: bytes | None = ask.kept.get("present")
    if letters is None:
        table = ask.codes.classes(ask.on)
        letters = ask.kept["present"] = bytes(
            byte for byte in range(_BYTES) if table[byte : byte + 1] == b"p"
        )
    return letters


Planned = tuple[Trigger, Active, bytes, int]
"""A rule with its trigger, and how many marks of which letters it takes for it to be asked: none, of everybody."""


def _planned(ask: Asking, trigger: Trigger, active: Active, have: int) -> Planned | None:
    if trigger.needs & have:
        return trigger, active, b"", 0
    if trigger.least is None:
        return None
    codes, least = trigger.least(active.params)
    letters = ask.codes.letters(codes)
    if set(letters) & set(_present(ask)):
        return trigger, active, b"", 0  # a rule may count those who were there, late for instance
    return trigger, active, letters, least


def _plan(ask: Asking, only: frozenset[str] | None, csa: bool, have: int = Has.ALL) -> list[Planned]:
    """The rules that may have something to say to such a pupil, each with its trigger."""
    plans: dict[Any, list[Planned]] = ask.kept.setdefault("plans", {})
    plan = plans.get((only, csa, have))
    if plan is None:
        ids = ask.rules.rule_ids if only is None else sorted(only.intersection(ask.rules.rule_ids))
        triggers = [
            (rule_id, trigger_of(ask.rules, rule_id))
            for rule_id in ids
            if ask.rules.rule(rule_id).base.trigger not in _OF_NO_PUPIL
        ]
        plan = plans[only, csa, have] = [
            planned
            for rule_id, trigger in triggers
            if (active := ask.active(rule_id, csa, trigger.params)) is not None
            and (planned := _planned(ask, trigger, active, have)) is not None
        ]
    return plan


def _within(made: Iterable[Duty], first: date, last: date | None) -> list[Duty]:
    return [duty for duty in made if first <= duty.trigger and (last is None or duty.trigger <= last)]


def trigger_of(rules: RuleSet, rule_id: str) -> Trigger:
    """The function that finds a rule's duties.

    Raises:
        PackError: if the rule names a word that is not in the vocabulary.
    """
    word = rules.rule(rule_id).base.trigger
    trigger = TRIGGERS.get(word)
    if trigger is None:
        raise PackError(f"rule {rule_id}", f"`trigger` is {word!r}; the words are {', '.join(TRIGGERS)}")
    return trigger


Part = tuple[bool, date | None, date | None]


def _ages(ask: Asking, pupil: PupilFacts) -> tuple[Part, ...]:
    """Whether the pupil is of compulsory school age, with the days for which that holds; the days are left
    out where it has been so ever since the calendar's first day."""
    known: dict[date, tuple[Part, ...]] = ask.kept.setdefault("ages", {})
    parts = known.get(pupil.born)
    if parts is None:
        parts = known[pupil.born] = _parts(ask, pupil.born)
    return parts


def _parts(ask: Asking, born: date) -> tuple[Part, ...]:
    age = ask.age(born)
    first = min(ask.calendar.first, ask.on) - timedelta(days=366)
    if age.first <= first and ask.on <= age.last:
        return ((True, None, None),)
    if ask.on < age.first or age.last < first:
        return ((False, None, None),)
    one = timedelta(days=1)
    return (
        (False, date.min, age.first - one),
        (True, age.first, age.last),
        (False, age.last + one, None),
    )


def _made(
    ask: Asking, trigger: Trigger, active: Active, pupil: PupilFacts, findings: Iterable[Finding]
) -> list[Duty]:
    """A rule's duties; those whose cause is older than its version are asked again of the version of then."""
    made = [ask.duty(active, pupil, finding) for finding in findings]
    if active.rule.below is not None:
        made = _sourced(ask, trigger, active, pupil, made)
    since = active.rule.since
    while any(duty.trigger < since for duty in made):
        before = since - timedelta(days=1)
        kept = [duty for duty in made if duty.trigger >= since]
        older = ask.active(active.rule.rule, active.csa, trigger.params, before)
        if older is None:
            return kept
        again = [ask.duty(older, pupil, finding) for finding in trigger.find(ask, older, pupil)]
        made = [duty for duty in again if duty.trigger < since] + kept
        since = older.rule.since
    return made


def _sourced(
    ask: Asking, trigger: Trigger, active: Active, pupil: PupilFacts, made: Iterable[Duty]
) -> list[Duty]:
    """Duties that only a later layer's number asks for, with that layer's standing and source: the law is not yet
    reached. Once it is, the duty is the law's."""
    rule, mover = active.rule.below, active.rule.moved_by
    if rule is None or mover is None:
        return list(made)
    params = build(f"rule {rule.rule}: params", dict(rule.params), trigger.params)
    lower = Active(rule, params, active.csa)
    asked = {ask.duty(lower, pupil, finding).id for finding in trigger.find(ask, lower, pupil)}
    return [
        duty
        if duty.id in asked
        else replace(duty, standing=mover.standing, certainty=mover.certainty, citation=mover.citation)
        for duty in made
    ]


def register_duties(rules: RuleSet, calendar: Calendar, file: SchoolFile, moment: Moment) -> list[Duty]:
    """The registers that have opened and were not taken, class by class, in order of time.

    Returns:
        Duties without a pupil; none if `file.registers` is not given.

    Raises:
        NoValueInForce: if the rule has no version in force.
    """
    if file.registers is None:
        return []
    ask = asking(rules, calendar, file, moment)
    found: list[Duty] = []
    for rule_id in rules.rule_ids:
        if trigger_of(rules, rule_id) is TRIGGERS[_REGISTER]:
            active = ask.active(rule_id, True, register.RegisterParams)
            if active is not None:
                found.extend(
                    ask.duty(active, None, finding) for finding in register.find(ask, active, file.registers)
                )
    return found


def school_duties(
    rules: RuleSet,
    calendar: Calendar,
    file: SchoolFile,
    moment: Moment,
    only: frozenset[str] | None = None,
) -> list[Duty]:
    """What the school itself has to do, about no pupil and no class: the review of its policy, the folder's keys.

    Args:
        only: ids of the rules to ask; all unless given.

    Raises:
        NoValueInForce: if a rule has a gap on that day.
    """
    ask = asking(rules, calendar, file, moment)
    found: list[Duty] = []
    for rule_id in rules.rule_ids:
        find = _OF_SCHOOL.get(rules.rule(rule_id).base.trigger)
        if find is not None and (only is None or rule_id in only):
            active = ask.active(rule_id, True, trigger_of(rules, rule_id).params)
            if active is not None:
                found.extend(ask.duty(active, None, finding) for finding in find(ask, active))
    return found


def warnings(
    rules: RuleSet, calendar: Calendar, file: SchoolFile, pupil: PupilFacts, moment: Moment
) -> list[Warning]:
    """Runs of absence that near a trigger. They are shown ahead and are no duties.

    Raises:
        NoValueInForce: if a rule that applies has no version in force on that day.
    """
    ask = asking(rules, calendar, file, moment)
    if not ask.on_roll(pupil):
        return []
    return list(_warnings(ask, pupil))


def _warnings(ask: Asking, pupil: PupilFacts) -> Iterator[Warning]:
    csa = ask.age(pupil.born).holds(ask.on)
    for trigger, active, _, _ in _plan(ask, None, csa):
        run = absence.ahead(ask, active, pupil) if trigger is TRIGGERS[_RUN] else None
        if run is not None:
            of = active.params.days
            yield Warning(
                rule=active.rule.rule,
                pupil=pupil.id,
                day=len(run.days),
                of=of,
                since=run.first,
                text=f"day {len(run.days)} of {of}",
            )


def silence(rules: RuleSet, file: SchoolFile, on: date, only: Iterable[str] | None = None) -> dict[str, str]:
    """The rules that ask nothing of this school on a day, each with the reason.

    Args:
        rules: the rules.
        file: the school and the laws commenced.
        on: the day.
        only: ids to ask about; all unless given.
    """
    reasons: dict[str, str] = {}
    for rule_id in rules.rule_ids if only is None else only:
        if rule_id not in rules.rule_ids:
            reasons[rule_id] = "is not in this rule set"
        else:
            reason = rules.rule(rule_id).silent(file.school.kind, file.school.policy, file.commenced, on)
            if reason is not None:
                reasons[rule_id] = reason
    return reasons
