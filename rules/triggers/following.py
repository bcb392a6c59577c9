"""What somebody else has to do next: a referral without a reply, a concern that nobody has read."""

from collections.abc import Sequence

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import ConcernFacts, PupilFacts, ReferralFacts
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.words import day_words, nth_words


class FollowParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `reply-awaited`."""

    within: int
    """School days after the referral, where no day was agreed."""


class NoParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of a trigger that has none."""


def find_referrals(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every referral that was made."""
    if not pupil.referrals:
        return NOTHING
    return [
        _referral(ask, active, referral)
        for referral in pupil.referrals
        if referral.decision == "refer" and ask.been(referral.on)
    ]


def _referral(ask: Asking, active: Active, referral: ReferralFacts) -> Finding:
    params: FollowParams = active.params
    to = referral.to.replace("-", " ")
    facts = [f"Referred to {to} on {day_words(referral.on)}."]
    flags: tuple[str, ...] = ()
    if referral.follow_up is not None:
        due = max(referral.follow_up, referral.on)
        facts.append(f"To be followed up on {day_words(due)}, as recorded with it.")
    else:
        due, flags, remarks = ask.due_after(referral.on, params.within, active.rule.rule)
        facts += [
            f"Followed up on the {nth_words(params.within)} school day after: {day_words(due)}.",
            *remarks,
        ]
    counted, skipped = ask.counted(referral.on, due)
    replied = referral.replied is not None and ask.been(referral.replied)
    return Finding(
        anchor=referral.on.isoformat(),
        subject=referral.id,
        trigger=referral.on,
        due=due,
        case=referral.case,
        done=f"they replied on {day_words(referral.replied)}" if replied and referral.replied else None,
        words={"to": to},
        trace=Trace(
            facts=tuple(facts),
            counted=counted or (Span(referral.on, referral.on, "the day of the referral"),),
            skipped=skipped,
            flags=flags,
        ),
    )


def find_concerns(ask: Asking, _: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every concern that was reported."""
    if not pupil.concerns:
        return NOTHING
    return [_concern(ask, concern) for concern in pupil.concerns if ask.been(concern.on)]


def _concern(ask: Asking, concern: ConcernFacts) -> Finding:
    read = concern.triaged is not None and ask.been(concern.triaged)
    return Finding(
        anchor=concern.on.isoformat(),
        subject=concern.id,
        trigger=concern.on,
        due=concern.on,
        done=f"decided on {day_words(concern.triaged)}" if read and concern.triaged else None,
        trace=Trace(
            facts=(f"A concern was reported on {day_words(concern.on)}.", "It is read on the same day."),
            counted=(Span(concern.on, concern.on, "the day it was reported"),),
        ),
    )


REPLY_AWAITED = Trigger(FollowParams, find_referrals, Has.REFERRALS)
CONCERN = Trigger(NoParams, find_concerns, Has.CONCERNS)
