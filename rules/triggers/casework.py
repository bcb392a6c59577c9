"""Enquiries after a child who has ceased to attend, and the professionals who have to know."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import ONE_DAY
from rules.duty import Span, Trace
from rules.facts import CaseFacts, PupilFacts
from rules.recipients import recipients
from rules.runs import Run, runs
from rules.triggers.kind import NOTHING, Has, Least, Trigger, as_yes, return_sent
from rules.triggers.leaving import removals
from rules.words import day_words, list_words, nth_words, number_words


class EnquiryParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `enquiries`."""

    codes: tuple[str, ...]
    passes: tuple[str, ...]
    days: int
    """School days of unexplained absence in a row after which enquiries are begun without a case."""
    within: int
    """School days within which they are made, where the authority has no limit of its own."""
    whole_limit: str
    """The authority's limit, by its key, for the enquiries as a whole."""
    case_triggers: tuple[str, ...]
    """Triggers of cases in which the child's whereabouts are the question."""
    steps: tuple[str, ...]
    """Steps of the school that have to be done, or not done with a reason."""


class ProfessionalParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `professionals`."""

    codes: tuple[str, ...]
    passes: tuple[str, ...]
    days: int
    """School days in a row that make an extended absence."""


def _last_run(ask: Asking, pupil: PupilFacts, params: EnquiryParams | ProfessionalParams) -> Run | None:
    found = runs(ask.calendar, ask.marks(pupil), ask.counting(params.codes, params.passes), params.days)
    return found[-1] if found else None


def find_enquiries(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every open case that looks for a child; without one, for a run of unexplained days."""
    params: EnquiryParams = active.params
    cases = [c for c in ask.cases(pupil, open_only=True) if c.trigger in params.case_triggers]
    if cases:
        return [_case_enquiries(ask, active, case) for case in cases]
    if not ask.on_roll(pupil):
        return NOTHING
    run = _last_run(ask, pupil, params)
    return (_run_enquiries(ask, active, pupil, run),) if run is not None and run.current else NOTHING


def _case_enquiries(ask: Asking, active: Active, case: CaseFacts) -> Finding:
    params: EnquiryParams = active.params
    missing = [step for step in params.steps if step not in case.enquiries]
    limits = ask.school.day_limits
    whole = limits.get(params.whole_limit, params.within)
    number = min([whole, *(limits[step] for step in missing if step in limits)])
    due, flags, facts = ask.due_after(case.opened, number, active.rule.rule)
    counted, skipped = ask.counted(case.opened, due)
    return Finding(
        anchor=case.opened.isoformat(),
        subject=case.id,
        trigger=case.opened,
        due=due,
        case=case.id,
        done=None if missing else "every step of the school is done, or not done with a reason",
        trace=Trace(
            facts=(
                f"Case {case.id} opened on {day_words(case.opened)}.",
                f"Not yet: {list_words([step.replace('_', ' ') for step in missing])}."
                if missing
                else "Every step of the school is recorded.",
                f"The nearest limit is the {nth_words(number)} school day after: {day_words(due)}.",
                *facts,
            ),
            counted=counted or (Span(case.opened, case.opened, "the case was opened"),),
            skipped=skipped,
            flags=flags,
        ),
    )


def _run_enquiries(ask: Asking, active: Active, pupil: PupilFacts, run: Run) -> Finding:
    params: EnquiryParams = active.params
    trigger = run.reached(params.days) or run.last
    within = ask.school.day_limits.get(params.whole_limit, params.within)
    due, flags, facts = ask.due_after(run.first - ONE_DAY, within, active.rule.rule)
    made = next(
        (
            event
            for event in ask.events(pupil, "enquiries")
            if as_yes(event.fields.get("school")) and event.on >= run.first
        ),
        None,
    )
    return Finding(
        anchor=run.first.isoformat(),
        trigger=trigger,
        due=max(due, trigger),
        done=f"the school's enquiries are recorded on {day_words(made.on)}" if made else None,
        trace=Trace(
            facts=(
                (
                    f"{number_words(params.days).capitalize()} school days in a row without a known reason, "
                    f"from {day_words(run.first)} to {day_words(trigger)}; no case is open."
                ),
                f"To be made by the {nth_words(within)} day of it: {day_words(due)}.",
                *facts,
            ),
            counted=run.counted(f"every mark {list_words(params.codes, 'or')}", trigger),
            skipped=run.skipped(ask.calendar, trigger),
            flags=flags,
        ),
    )


def find_professionals(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for an extended absence, and one for every removal, where somebody is involved."""
    whom = recipients(active.rule.recipients, ask.school, pupil)
    if not whom:
        return NOTHING
    found = []
    run = _last_run(ask, pupil, active.params)
    if run is not None:
        found.append(_about_run(ask, active, pupil, run, whom))
    for events in removals(ask, pupil):
        on = events[0].on
        fact = f"The name is to come off the register: asked for on {day_words(on)}."
        trace = Trace(facts=(fact,), counted=(Span(on, on, "asked for"),))
        found.append(_about(ask, active, pupil, on, whom, trace))
    return found


def _about_run(ask: Asking, active: Active, pupil: PupilFacts, run: Run, whom: tuple[str, ...]) -> Finding:
    params: ProfessionalParams = active.params
    trigger = run.reached(params.days) or run.last
    trace = Trace(
        facts=(
            (
                f"Extended absence: {number_words(params.days)} school days in a row "
                f"from {day_words(run.first)} to {day_words(trigger)}."
            ),
        ),
        counted=run.counted(f"every mark {list_words(params.codes, 'or')}", trigger),
        skipped=run.skipped(ask.calendar, trigger),
    )
    return _about(ask, active, pupil, trigger, whom, trace, run.first)


def _about(
    ask: Asking,
    active: Active,
    pupil: PupilFacts,
    on: date,
    whom: tuple[str, ...],
    trace: Trace,
    anchor: date | None = None,
) -> Finding:
    """A finding that names those who have not been told; done once every one of them stands in a case, or the
    notice is sent."""
    since = (anchor or on).isoformat()
    case, told = _told(ask, pupil, whom)
    waiting = tuple(who for who in whom if who not in told)
    facts = tuple(f"Case {case} says of {who}: {answer}." for who, answer in told.items())
    return Finding(
        anchor=since,
        trigger=on,
        due=on,
        case=case,
        recipients=waiting or whom,
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{since}", on)
        if waiting
        else f"case {case} says of each whether they were told",
        trace=Trace(facts=(*trace.facts, *facts), counted=trace.counted, skipped=trace.skipped),
    )


def _told(ask: Asking, pupil: PupilFacts, whom: Iterable[str]) -> tuple[str | None, dict[str, str]]:
    """The newest open case, and what it says of each recipient: told, not told, does not apply."""
    case = max(ask.cases(pupil, open_only=True), key=lambda c: c.opened, default=None)
    if case is None:
        return None, {}
    keys = {who: (who, *_question(who)) for who in whom}
    told = {
        who: next((case.told[key] for key in names if key in case.told), "") for who, names in keys.items()
    }
    return case.id, {who: answer.replace("-", " ") for who, answer in told.items() if answer}


_ASKED = ("social-worker", "virtual-school", "yot", "ewo")


def _question(who: str) -> tuple[str, ...]:
    """The words under which a case says whether a recipient was told."""
    kind = who.partition(":")[0]
    if kind == "la":
        return ("placing-la",)
    return (kind,) if kind in _ASKED else (kind, "others")


def _least(params: EnquiryParams | ProfessionalParams) -> Least:
    return (*params.codes, *params.passes), 2 * params.days  # both sessions of each day


ENQUIRIES = Trigger(EnquiryParams, find_enquiries, Has.CASES, _least)
PROFESSIONALS = Trigger(ProfessionalParams, find_professionals, Has.EVENTS, _least)
