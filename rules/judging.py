"""What the tests of conditions share: how one answers, what a person stated, the newest event."""

from collections.abc import Callable
from datetime import date

from rules.duty import Certainty
from rules.facts import Event
from rules.grounds import Case, ConditionFile, Judged
from rules.triggers.kind import as_yes

Test = Callable[[Case, ConditionFile], Judged]


def says(
    condition: ConditionFile, met: bool, why: str, on: date | None = None, certainty: Certainty | None = None
) -> Judged:
    """A condition as it stands; the day counts only where it holds."""
    return Judged(
        key=condition.key,
        text=condition.words,
        met=met,
        why=why,
        certainty=certainty or condition.certainty,
        met_on=on if met else None,
    )


def stated(case: Case, condition: ConditionFile) -> Judged:
    """What a person stated; nothing stated is not met."""
    value = case.evidence.get(condition.key)
    if value is None:
        return says(condition, False, "no evidence is recorded")
    return says(condition, as_yes(value), f"stated: {value}")


def last(case: Case, *kinds: str) -> Event | None:
    """The newest event of some kinds by the moment, or None."""
    events = case.ask.events(case.pupil, *kinds)
    return events[-1] if events else None
