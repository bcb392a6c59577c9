"""Danger: refer at once, whatever the counters say."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import PupilFacts, ReferralFacts
from rules.recipients import recipients
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.words import day_words


class DangerParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `danger`."""

    risk_recipients: tuple[str, ...]
    """Whom to tell where a case sees a risk of harm but no immediate danger."""
    done_by: tuple[str, ...]
    """The referrals that have to be made."""


class Cause(NamedTuple):
    """What says that there is danger."""

    on: date
    fact: str
    case: str | None = None
    risk_only: bool = False


def causes(ask: Asking, pupil: PupilFacts) -> list[Cause]:
    """Events and cases that speak of danger, in order of time; on one day the event stands for both."""
    found = {
        event.on: Cause(event.on, f"Danger recorded on {day_words(event.on)}.")
        for event in ask.events(pupil, "danger")
    }
    for case in ask.cases(pupil):
        on = case.danger_on or case.opened
        if case.danger not in ("immediate", "risk") or not ask.been(on):
            continue
        words = "immediate danger" if case.danger == "immediate" else "a risk of harm"
        fact = f"Case {case.id}: {words}, answered on {day_words(on)}."
        known = found.get(on)
        if known is None:
            found[on] = Cause(on, fact, case.id, case.danger == "risk")
        else:
            found[on] = Cause(on, f"{known.fact} {fact}", known.case or case.id, known.risk_only)
    return sorted(found.values())


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every day on which danger was seen."""
    if not pupil.events and not pupil.cases:
        return NOTHING
    return [_finding(ask, active, pupil, cause) for cause in causes(ask, pupil)]


def _finding(ask: Asking, active: Active, pupil: PupilFacts, cause: Cause) -> Finding:
    params: DangerParams = active.params
    words = params.risk_recipients if cause.risk_only else active.rule.recipients
    whom = recipients(words, ask.school, pupil)
    police = "police" in whom
    return Finding(
        anchor=cause.on.isoformat(),
        trigger=cause.on,
        due=cause.on,
        case=cause.case,
        recipients=whom,
        done=_referred(ask, pupil, cause, params),
        words={"whom": "social care and police" if police else "social care"},
        trace=Trace(
            facts=(cause.fact, "Acted on the same day: no counter and no enquiry is waited for."),
            counted=(Span(cause.on, cause.on, "the day the danger was seen"),),
        ),
    )


def _referred(ask: Asking, pupil: PupilFacts, cause: Cause, params: DangerParams) -> str | None:
    """Which referrals settled it, in words, or None while one is missing."""
    made: list[ReferralFacts] = []
    for to in params.done_by:
        fits = [
            r
            for r in pupil.referrals
            if r.to == to and r.decision == "refer" and r.on >= cause.on and ask.been(r.on)
        ]
        if not fits:
            return None
        made.append(min(fits, key=lambda referral: referral.on))
    return "; ".join(f"referred to {r.to.replace('-', ' ')} on {day_words(r.on)}" for r in made)


TRIGGER = Trigger(DangerParams, find, Has.EVENTS | Has.CASES)
