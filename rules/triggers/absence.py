"""A run of absence: so many school days in a row on which every mark is one of some codes."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import monday
from rules.duty import Trace
from rules.facts import PupilFacts
from rules.runs import Run, current_run, runs
from rules.triggers.kind import NOTHING, Has, Least, Trigger, return_sent
from rules.words import day_words, list_words, number_words

_FRIDAY = timedelta(days=4)


class RunParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `absence-run`."""

    days: int
    """School days in a row."""
    codes: tuple[str, ...]
    """The codes of a day that counts."""
    passes: tuple[str, ...]
    """Codes that say that no session took place."""
    seen: tuple[str, ...]
    """Codes among `codes` that say that the child was seen."""
    doubtful: tuple[str, ...]
    """Codes whose part in the count is open to reading."""
    warn_from: int
    """From which day of the run screens warn ahead."""


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every run that is long enough."""
    params: RunParams = active.params
    how = ask.counting(params.codes, params.passes)
    found = runs(ask.calendar, ask.marks(pupil), how, params.days)
    if not found:
        return NOTHING
    later = [run.first for run in found[1:]]
    return [_finding(ask, active, pupil, run, then) for run, then in zip(found, [*later, None], strict=True)]


def _finding(ask: Asking, active: Active, pupil: PupilFacts, run: Run, then: date | None) -> Finding:
    params: RunParams = active.params
    trigger = run.reached(params.days) or run.last
    codes = codes_on(ask, pupil, run.first, trigger)
    anchor = run.first.isoformat()
    return Finding(
        anchor=anchor,
        trigger=trigger,
        due=next_return(ask, trigger),
        words={"days": number_words(params.days)},
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", run.first, then),
        trace=Trace(
            facts=_facts(ask, active, run, trigger, codes) + _cut(ask, pupil, run),
            counted=run.counted(f"every mark {list_words(sorted(params.codes), 'or')}", trigger),
            skipped=run.skipped(ask.calendar, trigger),
            flags=_flags(params, run, trigger, codes),
        ),
    )


def _facts(
    ask: Asking, active: Active, run: Run, trigger: date, codes: dict[str, list[date]]
) -> tuple[str, ...]:
    params: RunParams = active.params
    facts = [
        (
            f"{number_words(params.days).capitalize()} school days in a row, from {day_words(run.first)} to "
            f"{day_words(trigger)}, every mark {list_words(sorted(params.codes), 'or')}."
        ),
        "Of compulsory school age." if active.csa else "Not of compulsory school age.",
        f"The authority wants attendance returns: {ask.school.return_rhythm}.",
    ]
    if len(run.days) > params.days:
        facts.append(f"The run went on: {len(run.days)} school days to {day_words(run.last)}.")
    for code in params.seen:
        if code in codes:
            days = list_words([day_words(day, year=False) for day in codes[code]])
            facts.append(f"Includes {code}: the child was seen on {days}.")
    return tuple(facts)


def _cut(ask: Asking, pupil: PupilFacts, run: Run) -> tuple[str, ...]:
    """A run that begins with the calendar may have begun before it."""
    if run.first != ask.calendar.days[0] or pupil.starts >= run.first:
        return ()
    return (f"The calendar begins on {day_words(ask.calendar.first)}: days before it are not seen.",)


def _flags(params: RunParams, run: Run, trigger: date, codes: dict[str, list[date]]) -> tuple[str, ...]:
    flags = []
    if any(code in codes for code in params.seen):
        flags.append("child-was-seen")
    if any(code in codes for code in params.doubtful):
        flags.append("ambiguous")
    if any(day <= trigger for day in run.blanks):
        flags.append("missing-marks")
    return tuple(flags)


def codes_on(ask: Asking, pupil: PupilFacts, first: date, last: date) -> dict[str, list[date]]:
    """The codes of the sessions from `first` to `last`, each with the days on which it stands."""
    marks = ask.marks(pupil)
    found: dict[str, list[date]] = {}
    for day in ask.calendar.span(first, last):
        at = 2 * ask.calendar.index_of(day)
        for byte in marks[at : at + 2]:
            days = found.setdefault(ask.codes.decode(byte), [])
            if day not in days:
                days.append(day)
    return found


def next_return(ask: Asking, trigger: date) -> date:
    """When the authority next wants attendance returns: the day itself, or the last weekday of its week or month.
    A return can be sent on a day without school, so that a closure never brings it forward."""
    rhythm = ask.school.return_rhythm
    if rhythm == "same-day":
        return trigger
    if rhythm == "weekly":
        last = monday(trigger) + timedelta(days=6)
    else:
        last = (trigger.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(last, monday(last) + _FRIDAY)


def ahead(ask: Asking, active: Active, pupil: PupilFacts) -> Run | None:
    """A run that has not yet reached its number of days, but is near it."""
    params: RunParams = active.params
    marks = ask.marks(pupil)
    how = ask.counting(params.codes, params.passes)
    if marks.translate(how.table).count(b"1") < params.warn_from:
        return None
    run = current_run(ask.calendar, marks, how)
    return run if run is not None and params.warn_from <= len(run.days) < params.days else None


def _least(params: RunParams) -> Least:
    return (*params.codes, *params.passes), 2 * params.days  # both sessions of each day


TRIGGER = Trigger(RunParams, find, Has.NOTHING, _least)
