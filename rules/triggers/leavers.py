"""After a name has come off the register: the transfer file, and the child protection file with its receipt."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import ONE_DAY
from rules.duty import Trace
from rules.facts import Event, PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger, return_sent
from rules.triggers.leaving import REMOVED
from rules.words import day_words, list_words, nth_words, spans, walk_after

SENT, RECEIVED = "handover_sent", "handover_received"
_NEXT = ("registered_elsewhere", "moved_school")


class TransferParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `transfer-file`."""

    within: int
    """School days after the day on which the name came off."""
    unknown: str
    """The destination written where the next school is not known."""
    except_grounds: tuple[str, ...] = ()
    """Letters of grounds without a transfer."""


class HandoverParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `handover` and `receipt`."""

    within: int
    """Days after the leaving date, or after the file was sent; the day after is 1."""


def next_school(ask: Asking, pupil: PupilFacts) -> str | None:
    """The school that the pupil goes to, as far as it is recorded."""
    names = (
        str(event.fields.get("school") or event.fields.get("to") or "") for event in ask.events(pupil, *_NEXT)
    )
    return next((name for name in reversed(list(names)) if name), None)


def gone(ask: Asking, pupil: PupilFacts) -> list[Event]:
    """Each time the name came off the register, in order."""
    return ask.events(pupil, REMOVED) if pupil.events else []


def find_transfer(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every time the name came off."""
    params: TransferParams = active.params
    left = [e for e in gone(ask, pupil) if e.fields.get("ground") not in params.except_grounds]
    return [_transfer(ask, active, pupil, event) for event in left] if left else NOTHING


def _transfer(ask: Asking, active: Active, pupil: PupilFacts, event: Event) -> Finding:
    params: TransferParams = active.params
    due, flags, facts = ask.due_after(event.on, params.within, active.rule.rule)
    counted, skipped = ask.counted(event.on, due)
    school = next_school(ask, pupil)
    where = (
        school or f"not known: written as {params.unknown}, one pupil a file, so that authorities can find it"
    )
    anchor = event.on.isoformat()
    return Finding(
        anchor=anchor,
        trigger=event.on,
        due=due,
        words={"where": "the next school" if school else f"{params.unknown} (next school not known)"},
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", event.on),
        trace=Trace(
            facts=(
                f"The name came off on {day_words(event.on)}.",
                f"Next school: {where}.",
                *(facts or (f"The {nth_words(params.within)} school day after it is {day_words(due)}.",)),
            ),
            counted=counted or spans((event.on,), "the name came off"),
            skipped=skipped,
            flags=flags,
        ),
    )


# the child protection file ------------------------------------------------------------------------------------


def has_file(ask: Asking, pupil: PupilFacts) -> tuple[str, ...]:
    """Why there is a child protection file, in words; empty if nothing says that there is one."""
    known = {
        "a child protection plan": pupil.child_protection_plan,
        "a section 47 enquiry": pupil.section_47,
        "a social worker": pupil.social_worker,
        "a case in this program": any(True for _ in ask.cases(pupil)),
    }
    return tuple(words for words, there in known.items() if there)


def find_handover(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every time the name of a child with such a file came off."""
    left = gone(ask, pupil)
    if not left:
        return NOTHING
    why = has_file(ask, pupil)
    return [_handover(ask, active, pupil, event, why) for event in left] if why else NOTHING


def _handover(ask: Asking, active: Active, pupil: PupilFacts, event: Event, why: tuple[str, ...]) -> Finding:
    params: HandoverParams = active.params
    due = event.on + timedelta(days=params.within)
    latest, flags, _ = ask.due_after(event.on, params.within, active.rule.rule)
    school = next_school(ask, pupil)
    sent = next((e for e in ask.events(pupil, SENT) if e.on >= event.on - ONE_DAY), None)
    anchor = event.on.isoformat()
    facts = [
        f"The name came off on {day_words(event.on)}; there is {list_words(why)}.",
        f"{params.within} days: {day_words(due)}, the earlier reading; counted in school days "
        + ("it lies beyond the calendar." if flags else f"it is {day_words(latest)} at the latest."),
        f"Next school: {school}."
        if school
        else "The next school is not known: keep the file safe until it is.",
    ]
    done = f"the file was sent on {day_words(sent.on)}" if sent else None
    return Finding(
        anchor=anchor,
        trigger=event.on,
        due=due,
        words={"where": "to the next school" if school else "safe: the next school is not known"},
        done=done or return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", event.on),
        trace=Trace(
            facts=tuple(facts), counted=spans(walk_after(event.on, due), "calendar day after leaving")
        ),
    )


def find_receipt(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every file that was sent, until its receipt comes back."""
    sent = ask.events(pupil, SENT) if pupil.events else []
    return [_receipt(ask, active, pupil, event) for event in sent] if sent else NOTHING


def _receipt(ask: Asking, active: Active, pupil: PupilFacts, event: Event) -> Finding:
    params: HandoverParams = active.params
    due = event.on + timedelta(days=params.within)
    back = next((e for e in ask.events(pupil, RECEIVED) if e.on >= event.on), None)
    to = str(event.fields.get("to") or "the next school")
    by = f" by {back.fields['by']}" if back is not None and back.fields.get("by") else ""
    return Finding(
        anchor=event.on.isoformat(),
        trigger=event.on,
        due=due,
        done=f"received on {day_words(back.on)}{by}" if back else None,
        trace=Trace(
            facts=(f"Sent to {to} on {day_words(event.on)}.", f"Chased if no receipt by {day_words(due)}."),
            counted=spans(walk_after(event.on, due), "calendar day after it was sent"),
        ),
    )


TRANSFER = Trigger(TransferParams, find_transfer, Has.EVENTS)
HANDOVER = Trigger(HandoverParams, find_handover, Has.EVENTS)
RECEIPT = Trigger(HandoverParams, find_receipt, Has.EVENTS)
