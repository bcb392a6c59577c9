"""Groups at particular risk, and the school's own flags: what is asked for as soon as such a child is missed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Trace
from rules.facts import PupilFacts
from rules.recipients import has_social_worker, recipients
from rules.runs import runs
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.triggers.leaving import removals
from rules.triggers.reasons import sessions_with
from rules.words import day_words, spans

CauseKind = Literal["unexplained", "stopped", "leaving", "home-education"]
"""Without a case: unexplained absence, has stopped attending, leaves without a next school, a letter."""


class GroupAction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one group asks for."""

    key: str
    action: str
    recipients: tuple[str, ...]
    causes: tuple[CauseKind, ...]


class GroupParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `group`."""

    unexplained: tuple[str, ...]
    """Codes of an absence without a reason."""
    stopped_codes: tuple[str, ...]
    """Codes of the days in a row on which a child has stopped attending."""
    stopped_days: int
    """School days in a row from which a child counts as having stopped attending."""
    passes: tuple[str, ...]
    """Codes that say that no session took place."""
    groups: tuple[GroupAction, ...]


class Cause(NamedTuple):
    """Why a group's action is wanted, and since when."""

    on: date
    fact: str
    days: tuple[date, ...]
    case: str | None = None
    trigger: date | None = None
    """When it became one, where that is later than the first day."""


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every group that is known of the child and has a cause."""
    if not (pupil.groups or pupil.cases or any(flag(pupil) for flag in _FLAGS.values())):
        return NOTHING
    params: GroupParams = active.params
    found = []
    for group in params.groups:
        cause = _cause(ask, params, pupil, group)
        whom = recipients(group.recipients, ask.school, pupil) if cause is not None else ()
        if cause is not None and whom:
            found.append(_finding(group, cause, whom))
    return found


def _never(_: PupilFacts) -> bool:
    return False


_FLAGS: dict[str, Callable[[PupilFacts], bool]] = {
    "looked_after": lambda pupil: pupil.looked_after_by is not None,
    "social_worker": has_social_worker,
    "ehc_plan": lambda pupil: pupil.ehc_plan,
    "placed_out_of_area": lambda pupil: pupil.home_la is not None or pupil.placing_la is not None,
}
"""Flags that a pupil's own record shows; the others come from a case's answers."""


def _cause(ask: Asking, params: GroupParams, pupil: PupilFacts, group: GroupAction) -> Cause | None:
    """The first cause from the facts; else the answer of an open case."""
    if (group.key in pupil.groups or _FLAGS.get(group.key, _never)(pupil)) and ask.on_roll(pupil):
        for kind in group.causes:
            cause = _CAUSES[kind](ask, params, pupil)
            if cause is not None:
                return cause
    for case in ask.cases(pupil, open_only=True):
        on = case.groups_on.get(group.key, case.opened)
        if case.groups.get(group.key) == "yes" and ask.been(on):
            return Cause(on, f"Case {case.id} answers yes on {day_words(on)}.", (on,), case.id)
    return None


def _unexplained(ask: Asking, params: GroupParams, pupil: PupilFacts) -> Cause | None:
    """The newest stretch of school days that have an unexplained mark."""
    days = list(sessions_with(ask, pupil, params.unexplained))
    if not days:
        return None
    stretch = [days[-1]]
    for day in reversed(days[:-1]):
        if ask.calendar.index_of(stretch[0]) - ask.calendar.index_of(day) > 1:
            break
        stretch.insert(0, day)
    return Cause(stretch[0], f"Unexplained absence since {day_words(stretch[0])}.", tuple(stretch))


def _stopped(ask: Asking, params: GroupParams, pupil: PupilFacts) -> Cause | None:
    how = ask.counting(params.stopped_codes, params.passes)
    found = runs(ask.calendar, ask.marks(pupil), how, params.stopped_days)
    if not found:
        return None
    run = found[-1]
    fact = (
        f"Has not attended from {day_words(run.first)} to {day_words(run.last)}: {len(run.days)} school days."
    )
    return Cause(run.first, fact, run.days, trigger=run.reached(params.stopped_days))


def _leaving(ask: Asking, _: GroupParams, pupil: PupilFacts) -> Cause | None:
    """A removal, or a letter that speaks of moving, without a next school that is known."""
    if ask.events(pupil, "registered_elsewhere", "moved_school"):
        return None
    groups = removals(ask, pupil)
    begun = [events[0].on for events in groups[-1:]]
    begun += [e.on for e in ask.events(pupil, "parent_letter") if e.fields.get("intent") == "moving"]
    if not begun:
        return None
    on = min(begun)
    return Cause(on, f"Leaves without a next school that is known, since {day_words(on)}.", (on,))


def _home_education(ask: Asking, _: GroupParams, pupil: PupilFacts) -> Cause | None:
    for event in ask.events(pupil, "parent_letter"):
        if event.fields.get("intent") == "home-education":
            fact = f"The parent wrote on {day_words(event.on)}: home education."
            return Cause(event.on, fact, (event.on,))
    return None


_CAUSES: dict[str, Callable[[Asking, GroupParams, PupilFacts], Cause | None]] = {
    "unexplained": _unexplained,
    "stopped": _stopped,
    "leaving": _leaving,
    "home-education": _home_education,
}


def _finding(group: GroupAction, cause: Cause, whom: tuple[str, ...]) -> Finding:
    return Finding(
        anchor=f"{group.key}-{cause.on.isoformat()}",
        trigger=cause.trigger or cause.on,
        due=cause.trigger or cause.on,
        case=cause.case,
        recipients=whom,
        words={"what": group.action},
        trace=Trace(
            facts=(f"Belongs to the group: {group.key.replace('_', ' ')}.", cause.fact),
            counted=spans(cause.days, "day that asks for it"),
        ),
    )


TRIGGER = Trigger(GroupParams, find, Has.FLAGS | Has.CASES)
