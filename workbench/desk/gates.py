"""A removal as it stands: its gates judged by the rules on what the folder holds. No verbs here."""

import hashlib
import json
from datetime import date

import msgspec
from msgspec import Struct

from rules.engine import duties as rule_duties
from rules.facts import Event
from rules.gates import Stand
from rules.gates import gates as judge_gates
from rules.grounds import ground as ground_of
from rules.grounds import met_on
from workbench.desk.casefacts import pupil_of
from workbench.desk.context import Desk
from workbench.desk.facts import DELETION, View, pupil_facts, view
from workbench.desk.shelves import shelves
from workbench.desk.signatures import holds
from workbench.domain.pupils import Pupil
from workbench.domain.removals import Authorisation, Gate, Removal


class RemovalView(Struct, frozen=True, kw_only=True):
    """A removal with its gates."""

    removal: Removal
    pupil: Pupil
    ground: str
    """The ground's title and provision."""
    gates: tuple[Gate, ...]
    earliest: date | None
    """The earliest lawful date; None while the conditions do not hold."""
    open_gates: tuple[str, ...]
    return_duty: str | None
    """The id of the deletion return's duty; None where none is due."""


def view_of(desk: Desk, removal: Removal, on: date | None = None) -> RemovalView:
    """A removal as it stands; `on` is the date that is tried for the deletion."""
    # one that is completed is shown as it stood then: a ground that held is not asked of a later day
    ended = removal.effective if removal.state == "completed" else None
    seen = view(desk, min(ended, desk.today()) if ended else None)
    pupil = pupil_of(desk, removal.pupil)
    found = ground_of(desk.rules, removal.ground, seen.moment.on)
    duty, sent = _return(desk, seen, pupil, removal, on)
    stand = Stand(
        letter=removal.ground,
        requested_by=removal.requested_by,
        evidence={e.key: e.value for e in removal.evidence},
        confirmations={
            c.gate: (
                c.answer,
                f"{c.answer}: {c.from_name}, {c.on.isoformat()}, reference {c.reference or 'none'}",
            )
            for c in removal.confirmations
        },
        return_sent=sent,
        return_due=duty is not None,
        overrides={o.gate: o.reason for o in removal.overrides},
        authorised_by=authorised_by(desk, removal),
        leaves_on=on if on is not None else removal.effective,
    )
    facts = pupil_facts(seen, pupil)
    judged = judge_gates(desk.rules, seen.calendar, seen.school, facts, seen.moment, stand)
    gates = tuple(_ended(_gate(g), removal) for g in judged)
    conditions = list(next(g for g in judged if g.id == "conditions").conditions)
    holds = met_on(conditions)
    return RemovalView(
        removal=removal,
        pupil=pupil,
        ground=f"{found.title}, {found.citation.text}",
        gates=gates,
        earliest=max(holds or desk.today(), desk.today()) if all(c.met for c in conditions) else None,
        open_gates=tuple(g.id for g in gates if g.state == "open"),
        return_duty=duty,
    )


def authorised_by(desk: Desk, removal: Removal) -> str | None:
    """Who authorised a request as it stands; None if nobody did, or anything was changed since: by a verb or by hand.

    Both signatures are checked: that of who asked, over what they asked for, and that of another person, over all that
    stands behind it now.
    """
    given, asked = removal.authorisation, removal.signature
    if given is None or given.by == removal.requested_by or given.request_digest != digest_of(removal):
        return None
    if asked is None or asked.by != removal.requested_by or not holds(desk, asked, *request_words(removal)):
        return None
    own = given.signature
    if own is None or own.by != given.by or not holds(desk, own, *authorisation_words(removal, given)):
        return None
    return given.by


def request_words(removal: Removal) -> tuple[str | None, ...]:
    """What whoever asks for a removal signs."""
    asked = (removal.id, removal.pupil, removal.case, removal.ground, removal.requested_by, removal.requested)
    return ("removal.request", *asked)


def authorisation_words(removal: Removal, given: Authorisation) -> tuple[str, ...]:
    """What whoever authorises a removal signs."""
    return ("removal.authorisation", removal.id, given.request_digest, given.by, given.at)


def digest_of(removal: Removal) -> str:
    """The digest of a request as it stands: ground, pupil, evidence, answers, overrides. The date is no part of it."""
    parts = {
        "id": removal.id,
        "pupil": removal.pupil,
        "ground": removal.ground,
        "case": removal.case,
        "requested_by": removal.requested_by,
        "evidence": msgspec.to_builtins(removal.evidence),
        "confirmations": msgspec.to_builtins(removal.confirmations),
        "overrides": msgspec.to_builtins(removal.overrides),
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _return(
    desk: Desk, seen: View, pupil: Pupil, removal: Removal, on: date | None
) -> tuple[str | None, str | None]:
    """The duty of the deletion return, and how it was sent; None and None where no return is due."""
    facts = pupil_facts(seen, pupil)
    if removal.state == "open" and on is not None:
        events = [_dated(e, removal, on) for e in facts.events]
        facts = msgspec.structs.replace(facts, events=tuple(events))
    found = rule_duties(desk.rules, seen.calendar, seen.school, facts, seen.moment, frozenset({DELETION}))
    if not found:
        return None, None
    duty = found[-1]
    sent = [
        r for r in shelves(desk).returns.get(pupil.id, ()) if r.duty == duty.id and r.at >= removal.requested
    ]
    if sent:
        return duty.id, f"{sent[-1].how}, {sent[-1].on.isoformat()}"
    return duty.id, duty.settled if duty.state == "done" else None


def _dated(event: Event, removal: Removal, on: date) -> Event:
    if event.kind != "removal_requested" or event.id != removal.id:
        return event
    return msgspec.structs.replace(event, fields={**event.fields, "effective": on})


def _ended(gate: Gate, removal: Removal) -> Gate:
    """A completed removal's date is what it was: it is not judged again by today."""
    if gate.id != "date" or removal.state != "completed" or removal.effective is None:
        return gate
    return msgspec.structs.replace(gate, state="met", why=f"completed for {removal.effective.isoformat()}")


def _gate(found: object) -> Gate:
    return msgspec.convert(found, Gate, from_attributes=True)
