"""Reviews: a part-time timetable, a plan for attendance, the policy itself, and records past their time."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from rules.age import birthday
from rules.asking import Active, Asking, Finding
from rules.days import ONE_DAY
from rules.duty import Span, Trace
from rules.facts import Event, PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger, as_day
from rules.triggers.leavers import gone, has_file
from rules.triggers.reasons import sessions_with
from rules.triggers.register import find_none
from rules.words import day_words, list_words, nth_words, spans


class PartTimeParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `part-time`."""

    codes: tuple[str, ...]
    """Codes of a session left out of an agreed part-time timetable."""
    within: int
    """School days after its first day, or after the last review, where no day was agreed."""
    over_after: int
    """School days without such a code after which it counts as ended, where no last day was agreed."""


class PlanParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `plan`."""

    within: int
    """School days after the plan or its last review, where no day was agreed."""


class PolicyParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `policy`."""

    ahead: int
    """Calendar days before the review on which it is first asked for."""
    every: int
    """Years from one review to the next."""


class RetentionParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `retention`."""

    years: int
    """Years for which every entry is kept at least, from the leaving date."""
    birthday: int
    """The birthday up to which a child protection file is kept."""


_POLICY = "policy"


class Stretch(NamedTuple):
    """Something that is looked at again and again: since when, and what was agreed."""

    since: date
    facts: tuple[str, ...]
    first_review: date | None
    days: tuple[date, ...] = ()


# part-time timetables -----------------------------------------------------------------------------------------


def find_part_time(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """The reviews of the part-time timetable that stands: those that were held, and the next."""
    params: PartTimeParams = active.params
    days = list(sessions_with(ask, pupil, params.codes))
    agreed = ask.events(pupil, "part_time_timetable") if pupil.events else []
    if not (days or agreed) or not ask.on_roll(pupil):
        return NOTHING
    stretch = _timetable(ask, params, days, agreed)
    if stretch is None:
        return NOTHING
    return _reviews(ask, active, pupil, stretch, "part_time_reviewed", params.within)


def _timetable(
    ask: Asking, params: PartTimeParams, days: list[date], agreed: Sequence[Event]
) -> Stretch | None:
    """The timetable that stands on the day asked about, or None."""
    if not agreed:
        mine = _newest(ask, params, days)
        unsaid = ("No agreement with its dates is recorded.",)
        return None if _is_over(ask, params, mine) else Stretch(mine[0], unsaid, None, tuple(mine))
    event = agreed[-1]
    since = as_day(event.fields.get("from")) or event.on
    if since > ask.on:
        return None  # agreed, and not yet begun
    until = as_day(event.fields.get("to"))
    mine = [day for day in days if day >= since]
    if until is not None and ask.on > until and _is_over(ask, params, [day for day in mine if day > until]):
        return None
    to = f" to {day_words(until)}" if until else ""
    facts = [f"Agreed on {day_words(event.on)}, from {day_words(since)}{to}."]
    if until is None:
        facts.append("No last day is agreed: such a timetable is for a limited time.")
    elif ask.on > until:
        facts.append(f"It was to end on {day_words(until)}, and is still marked.")
    return Stretch(since, tuple(facts), as_day(event.fields.get("review")), tuple(mine))


def _is_over(ask: Asking, params: PartTimeParams, days: Sequence[date]) -> bool:
    """Whether the last of some days lies so far back that the timetable has ended; so it has without any."""
    return not days or len(ask.calendar.between(days[-1], ask.on)) > params.over_after


def _newest(ask: Asking, params: PartTimeParams, days: list[date]) -> list[date]:
    """The newest stretch of such days without a long gap."""
    stretch: list[date] = []
    for day in reversed(days):
        if stretch and len(ask.calendar.between(day, stretch[0])) > params.over_after:
            break
        stretch.insert(0, day)
    return stretch


# plans for attendance -----------------------------------------------------------------------------------------


def find_plan(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """The reviews of the newest plan for attendance: those that were held, and the next."""
    plans = ask.events(pupil, "attendance_plan") if pupil.events else []
    if not plans or not ask.on_roll(pupil):
        return NOTHING
    params: PlanParams = active.params
    plan = plans[-1]
    told = {
        "strategies": "Strategies",
        "who": "Who does it",
        "ewo": "The education welfare officer's part",
    }
    facts = [f"Plan of {day_words(plan.on)}."]
    facts += [f"{label}: {plan.fields[key]}." for key, label in told.items() if plan.fields.get(key)]
    stretch = Stretch(plan.on, tuple(facts), as_day(plan.fields.get("review")))
    return _reviews(ask, active, pupil, stretch, "plan_reviewed", params.within)


def _reviews(
    ask: Asking, active: Active, pupil: PupilFacts, stretch: Stretch, kind: str, within: int
) -> list[Finding]:
    """A finding for every review that was due, each counted from the one before it."""
    since, wanted = stretch.since, stretch.first_review
    held = [event for event in ask.events(pupil, kind) if event.on >= since]
    found = []
    for event in held:
        found.append(
            _review(ask, active, stretch, since, wanted, within, f"reviewed on {day_words(event.on)}")
        )
        since, wanted = event.on, as_day(event.fields.get("next"))
        if event.fields.get("outcome") == "ended":
            return found
    settled = f"{active.rule.rule}:{pupil.id}:{since.isoformat()}"
    while (act := ask.file.settled.get(settled)) is not None and act.on <= ask.on and act.on > since:
        found.append(_review(ask, active, stretch, since, wanted, within, None))
        since, wanted = act.on, None
        settled = f"{active.rule.rule}:{pupil.id}:{since.isoformat()}"
    return [*found, _review(ask, active, stretch, since, wanted, within, None)]


def _review(
    ask: Asking,
    active: Active,
    stretch: Stretch,
    since: date,
    wanted: date | None,
    within: int,
    done: str | None,
) -> Finding:
    due, flags, remarks = (wanted, (), ()) if wanted else ask.due_after(since, within, active.rule.rule)
    counted, skipped = ask.counted(since, due)
    when = (
        f"The review was agreed for {day_words(due)}."
        if wanted
        else f"No day was agreed: the {nth_words(within)} school day after {day_words(since)} is used."
    )
    return Finding(
        anchor=since.isoformat(),
        trigger=since,
        due=max(due, since),
        words={"day": day_words(due, year=False)},
        done=done,
        trace=Trace(
            facts=(*stretch.facts, when, *remarks),
            counted=counted or spans((since,), "since then"),
            skipped=skipped,
            flags=flags,
        ),
    )


# the policy itself --------------------------------------------------------------------------------------------


def find_policy(ask: Asking, active: Active) -> Iterable[Finding]:
    """The reviews of the policy: those that are settled, and the next from some days before it on."""
    params: PolicyParams = active.params
    on = ask.school.policy_review
    if on is None:
        yield _undated(ask)
        return
    while ask.on >= on - timedelta(days=params.ahead):
        yield _policy(params, on)
        act = ask.file.settled.get(f"{active.rule.rule}:{_POLICY}:{on.isoformat()}")
        if act is None or act.on > ask.on:
            return
        on = birthday(max(on, act.on), params.every)


def _policy(params: PolicyParams, on: date) -> Finding:
    since = on - timedelta(days=params.ahead)
    return Finding(
        anchor=on.isoformat(),
        subject=_POLICY,
        trigger=since,
        due=on,
        words={"day": day_words(on)},
        trace=Trace(
            facts=(
                f"The school has set {day_words(on)} for it, or it follows {params.every} year after the last.",
            ),
            counted=(Span(since, on, "the time before the review"),),
        ),
    )


def _undated(ask: Asking) -> Finding:
    """No date is set: then it is due by the end of the school year."""
    begins, ends = ask.calendar.year_start(ask.on), ask.calendar.year_end(ask.on)
    return Finding(
        anchor=begins.isoformat(),
        subject=_POLICY,
        trigger=begins,
        due=ends,
        words={"day": day_words(ends)},
        trace=Trace(
            facts=("The school has set no date for the review: the end of the school year is used.",),
            counted=(Span(begins, ends, "the school year"),),
        ),
    )


# records past their time --------------------------------------------------------------------------------------


class Kept(NamedTuple):
    """How long a leaver's records are kept, and why so long."""

    left: date
    until: date
    """From this day on they may be erased."""
    why: str


def kept_until(ask: Asking, active: Active, pupil: PupilFacts) -> Kept | None:
    """How long a pupil's records are kept; None of one who has not left."""
    left = pupil.left or next((event.on for event in reversed(gone(ask, pupil))), None)
    if left is None or ask.on < left:
        return None
    params: RetentionParams = active.params
    kept = [(birthday(left, params.years), f"{params.years} years after the last entry of {day_words(left)}")]
    why = has_file(ask, pupil)
    if why or pupil.concerns:
        words = f"the {params.birthday}th birthday: there is {list_words(why) or 'a concern'}"
        kept.append((birthday(pupil.born, params.birthday), words))
    return Kept(left, *max(kept))


def find_retention(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding once a leaver's records have been kept for as long as they must be."""
    found = kept_until(ask, active, pupil)
    if found is None or ask.on < found.until:
        return NOTHING
    left, until, reason = found
    return (
        Finding(
            anchor=left.isoformat(),
            trigger=until,
            due=until,
            trace=Trace(
                facts=(
                    f"Left on {day_words(left)}. Kept until {day_words(until)}: {reason}.",
                    "A legal hold, an inquiry or an open claim keeps it longer: ask before anything is erased.",
                ),
                counted=(Span(left + ONE_DAY, until, "the time for which the records are kept"),),
            ),
        ),
    )


PART_TIME = Trigger(PartTimeParams, find_part_time, Has.EVENTS, least=lambda params: (params.codes, 1))
POLICY = Trigger(PolicyParams, find_none)
PLAN = Trigger(PlanParams, find_plan, Has.EVENTS)
RETENTION = Trigger(RetentionParams, find_retention, Has.LEFT | Has.EVENTS)
