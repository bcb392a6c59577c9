"""Dated facts about a pupil: a letter, a suspension, a leave, a sign of danger. A wrong one is corrected by a
new one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from workbench.desk.columns import words
from workbench.desk.context import Desk
from workbench.desk.event_kinds import Kind, kept_fields, kind_of, table
from workbench.desk.finding import lookup
from workbench.desk.moments import day_typed
from workbench.desk.permissions import verb
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.pupils import Pupil, PupilEvent

COMMON = ("on", "at_start", "corrects")
"""Fields of every kind: the day, whether it stands before the day's first session, and the event it puts
right."""


@verb("event.kinds")
def kinds(desk: Desk) -> list[Kind]:
    """The kinds that the person signed in could record, with their fields."""
    return [kind for kind in table().values() if not kind.verb and _trusted_with(desk, kind)]


@verb("event.record")
def record(desk: Desk, ref: str, kind: str, fields: Mapping[str, str]) -> PupilEvent:
    """Record an event.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        kind: the key of a kind.
        fields: the kind's fields and `COMMON` to their text; `on` is today unless given.

    Raises:
        InvalidError: if the kind or a field is unknown, a value cannot be read, or the day lies ahead.
        RefusedError: if the kind is for another role.
        NotFoundError: if there is no such pupil, or no such event to correct.
    """
    known = kind_of(kind)
    _may_record(desk, known)
    pupil = lookup(desk, ref)
    common = _common(desk, pupil, fields)
    kept = kept_fields(known, {name: text for name, text in fields.items() if name not in COMMON})
    with desk.change("event.recorded", subject=pupil.id) as tx:
        event = PupilEvent(
            id=desk.fresh(tx, "pupils", "events", "E"),
            pupil=pupil.id,
            kind=kind,
            fields=kept,
            recorded=desk.stamp(),
            by=desk.user(),
            **common,
        )
        return desk.save(tx, "pupils", "events", event)


@verb("event.list")
def events(desk: Desk, ref: str, texts: bool = True) -> list[PupilEvent]:
    """The events of a pupil, in the order of their days; of private kinds `attendance` sees that there was
    one.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        texts: with what private ones say, and an entry that it was read; a list without it leaves none.
    """
    pupil = lookup(desk, ref)
    found = events_of(desk, pupil.id)
    if texts and _reads_private(desk):
        _note_read(desk, pupil, found)
        return found
    return [msgspec.structs.replace(e, fields={}) if _private(e) else e for e in found]


@verb("event.list")
def event(desk: Desk, ref: str, own_id: str) -> PupilEvent:
    """One event of a pupil. That a private one was read is in the log.

    Raises:
        NotFoundError: if the pupil has no such event.
    """
    pupil = lookup(desk, ref)
    found = [e for e in events_of(desk, pupil.id) if e.id == own_id]
    if not found:
        raise NotFoundError(f"{pupil.id} has no event {harmless(own_id)}.")
    if _reads_private(desk):
        _note_read(desk, pupil, found)
        return found[0]
    return msgspec.structs.replace(found[0], fields={}) if _private(found[0]) else found[0]


def events_of(desk: Desk, pupil: str, standing: bool = False) -> list[PupilEvent]:
    """The events of a pupil whole, inside other verbs, for an id.

    Args:
        desk: the desk.
        pupil: the pupil's id.
        standing: leave out those that a later one corrects.
    """
    found = [event for event in desk.records("pupils", "events", PupilEvent) if event.pupil == pupil]
    wrong = {event.corrects for event in found} if standing else set()
    return sorted((e for e in found if e.id not in wrong), key=lambda e: (e.on, not e.at_start, e.recorded))


def _reads_private(desk: Desk) -> bool:
    return desk.who is not None and desk.who.has("dsl", "leader")


def _note_read(desk: Desk, pupil: Pupil, found: list[PupilEvent]) -> None:
    if any(_private(event) and event.fields for event in found):
        desk.note_if_possible("event.viewed", subject=pupil.id)


def _private(event: PupilEvent) -> bool:
    kind = table().get(event.kind)
    return kind is not None and kind.private


def _trusted_with(desk: Desk, kind: Kind) -> bool:
    return not kind.by or (desk.who is not None and desk.who.has(*kind.by))


def _may_record(desk: Desk, kind: Kind) -> None:
    if kind.verb:
        raise InvalidError(f"{kind.kind} is written by another verb.", todo=f"Use `workbench {kind.verb}`.")
    if not _trusted_with(desk, kind):
        desk.note("verb.refused", why="event.record")
        raise RefusedError(f"{kind.kind} is recorded by {' or '.join(kind.by)}.", todo="Ask one of them.")


def _common(desk: Desk, pupil: Pupil, fields: Mapping[str, str]) -> dict[str, Any]:
    on: date = day_typed(fields["on"], "on") if fields.get("on") else desk.today()
    if on > desk.today():
        raise InvalidError(f"on: {on.isoformat()} lies ahead.", todo="Record it when it has happened.")
    text = fields.get("at_start", "")
    flag = words().flags.get(text.casefold(), None if text else False)
    if flag is None:
        raise InvalidError(f"at_start: yes or no, not {harmless(text)}.")
    corrects = fields.get("corrects") or None
    if corrects is not None:
        doc = desk.get("pupils", "events", corrects)
        if doc is None or doc["pupil"] != pupil.id:
            raise NotFoundError(f"{pupil.id} has no event {harmless(corrects)}.")
    return {"on": on, "at_start": flag, "corrects": corrects}
