"""Calls, messages and visits, with or without a case; and whom to call this morning."""

from datetime import date

from msgspec import Struct

from workbench.desk.around import people_of
from workbench.desk.context import Desk
from workbench.desk.finding import lookup, roll_of
from workbench.desk.hiding import is_secret, may_see_contact, speaks_of
from workbench.desk.judging import calendar_of
from workbench.desk.marks import book
from workbench.desk.moments import happened, same_day
from workbench.desk.permissions import verb
from workbench.desk.text import NAME, clean, required
from workbench.domain.blocks import SESSIONS
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError
from workbench.domain.pupils import Around, Contact, Pupil

WAYS = ("call", "text", "email", "letter", "visit", "meeting", "other")
"""How somebody was contacted."""
UNEXPLAINED = "N"
"""The code of a session whose reason is not known yet."""


class CallRow(Struct, frozen=True, kw_only=True):
    """A pupil whose absence nobody has explained."""

    pupil: Pupil
    sessions: tuple[str, ...]
    """The day's sessions that stand unexplained."""
    code: str
    numbers: tuple[Around, ...]
    """Whom to try, in order; only those with a telephone."""
    contacts: tuple[Contact, ...]
    """What was tried that day, earliest first."""
    special: bool
    """Speak to the DSL before calling: there is more to this child than an absence."""


@verb("contact.add")
def add(
    desk: Desk,
    ref: str,
    who: str,
    result: str,
    how: str = "call",
    number: str = "",
    at: str | None = None,
    case: str | None = None,
) -> Contact:
    """Log a call, a message or a visit.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        who: who was called or visited.
        result: what came of it; `no answer` is a result.
        how: one of `WAYS`.
        number: the number or address that was tried.
        at: when it happened, see `moments.happened`; now unless given.
        case: the case that it belongs to.

    Raises:
        InvalidError: if something is missing or cannot be read.
        NotFoundError: if there is no such pupil, or no such case of theirs.
    """
    pupil = lookup(desk, ref)
    if how not in WAYS:
        raise InvalidError(f"how: one of {', '.join(WAYS)}.")
    if case is not None:
        doc = desk.get("cases", "cases", case)
        if doc is None or doc["pupil"] != pupil.id or desk.user() in doc["about"]:
            raise NotFoundError(f"{pupil.id} has no case {harmless(case)}.")
    who, result = required(who, "who", limit=NAME), required(result, "result")
    number, moment = clean(number, limit=60, what="number"), happened(desk, at)
    own = desk.unused("pupils", "contacts", "K")
    subject, why = (own, None) if is_secret(desk, case) else (pupil.id, case)
    with desk.change("contact.added", subject=subject, why=why) as tx:
        contact = Contact(
            id=own,
            pupil=pupil.id,
            case=case,
            at=moment,
            who=who,
            how=how,
            number=number,
            result=result,
            by=desk.user(),
            recorded=desk.stamp(),
        )
        return desk.save(tx, "pupils", "contacts", contact, rev=0)


@verb("contact.list")
def contacts(desk: Desk, ref: str) -> list[Contact]:
    """All contacts about a pupil, in the order in which they happened."""
    return contacts_of(desk, lookup(desk, ref).id)


def contacts_of(desk: Desk, pupil: str) -> list[Contact]:
    """`contacts`, inside other verbs, for the id of a pupil: those of a case about the person signed in stay out."""
    every = desk.records("pupils", "contacts", Contact)
    found = [contact for contact in every if contact.pupil == pupil and may_see_contact(desk, contact)]
    return sorted(found, key=lambda contact: (contact.at, contact.recorded, contact.id))


@verb("contact.call-list")
def call_list(desk: Desk, on: date | None = None) -> list[CallRow]:
    """The pupils on roll whose absence of a day is unexplained: first those whom nobody was called about yet.

    Args:
        desk: the desk.
        on: the day; today unless given. A day without sessions has an empty list.
    """
    day = on or desk.today()
    if not calendar_of(desk, day).is_school_day(day):
        return []
    marks = book(desk, day)
    rows = []
    for pupil in roll_of(desk, day):
        sessions = tuple(name for name in SESSIONS if marks.code(pupil.id, day, name) == UNEXPLAINED)
        if sessions:
            rows.append(_row(desk, pupil, sessions, day))
    return sorted(rows, key=lambda row: (bool(row.contacts), not row.special))


def _row(desk: Desk, pupil: Pupil, sessions: tuple[str, ...], day: date) -> CallRow:
    flagged = pupil.social_worker or pupil.child_protection_plan or pupil.section_47
    numbers = [
        person for person in people_of(desk, pupil.id) if person.phone and person.kind != "professional"
    ]
    return CallRow(
        pupil=pupil,
        sessions=sessions,
        code=UNEXPLAINED,
        numbers=tuple(numbers),
        contacts=tuple(contact for contact in contacts_of(desk, pupil.id) if same_day(contact.at, day)),
        special=flagged or pupil.looked_after_by is not None or speaks_of(desk, pupil.id),
    )
