"""Returns and notices to the authority and others: what is due, a draft with its gaps, and the sending."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.duty import Duty
from workbench.desk import duties
from workbench.desk.around import people_of
from workbench.desk.casefacts import pupil_of
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.desk.returnbodies import (
    DELETION,
    NEW_PUPIL,
    SAFEGUARDING,
    SICKNESS,
    SUSPENSION,
    TEN_DAYS,
    TRANSFER,
    body,
    says_of_concerns,
)
from workbench.desk.shelves import shelves
from workbench.desk.text import required
from workbench.domain import drafts
from workbench.domain.characters import harmless
from workbench.domain.drafts import UNKNOWN, Item
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Around, Pupil
from workbench.domain.returns import Draft, ReturnSent
from workbench.domain.whom import recipient_words

__all__ = ["Draft", "ReturnRow"]

FORMATS = ("text", "json", "csv")
NOTICES = frozenset({"case.group-action", "roll.la-confirmation"})
"""Duties whose telling can be drafted too; they end by their own acts."""


class ReturnRow(Struct, frozen=True, kw_only=True):
    """A return with its duty, and how it was sent."""

    duty: Duty
    sent: ReturnSent | None

    @property
    def id(self) -> str:
        """The duty's id: returns have none of their own before they are sent."""
        return self.duty.id


class Contents(Struct, frozen=True, kw_only=True):
    """What a return holds, before it has a form."""

    duty: Duty
    whom: str
    title: str
    items: tuple[Item, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the law asks for and the school does not know."""
        return drafts.missing(self.items)


@verb("return.list")
def returns(desk: Desk, on: date | None = None) -> list[ReturnRow]:
    """Every return that is due or was sent, due ones first.

    Args:
        on: as at the end of this day; as of now unless given.
    """
    found = [d for d in duties.due(desk, on=on, everything=True) if d.is_return]
    return [ReturnRow(duty=d, sent=_sent(desk, d)) for d in found]


def _sent(desk: Desk, duty: Duty) -> ReturnSent | None:
    found = [r for r in shelves(desk).returns.get(duty.pupil or "", ()) if r.duty == duty.id]
    return found[-1] if found else None


@verb("return.draft")
def draft(
    desk: Desk,
    duty_id: str,
    fmt: str = "text",
    on: date | None = None,
    to: str | None = None,
    again: bool = False,
) -> Draft:
    """A return or notice as it would be sent, with the prescribed contents, and what is missing for it to be complete.

    Args:
        fmt: `text`, `json` or `csv`.
        on: the duty as at the end of this day; as of now unless given.
        to: one of the duty's recipients; the first unless given.
        again: the person has it open and drafts it once more: that it says of concerns was logged at the first look.

    Raises:
        InvalidError: if there is nothing to send, or the format or the recipient is unknown.
    """
    if fmt not in FORMATS:
        raise InvalidError(f"format: {harmless(fmt)}.", todo=f"One of {', '.join(FORMATS)}.")
    made = contents(desk, duty_id, on, to, again)
    duty, whom, title, items = made.duty, made.whom, made.title, made.items
    text = (
        {"text": drafts.as_text, "json": drafts.as_json}[fmt](title, items)
        if fmt != "csv"
        else drafts.as_csv(items)
    )
    return Draft(duty=duty.id, recipient=whom, format=fmt, text=text, missing=drafts.missing(items))


def contents(
    desk: Desk, duty_id: str, on: date | None = None, to: str | None = None, again: bool = False
) -> Contents:
    """What a return or notice holds, for use inside other verbs; that it says of concerns is in the log.

    Args:
        again: that it was looked at stands in the log, or will: it is not noted here.
    """
    duty = _return_duty(desk, duty_id, on, NOTICES)
    whom = _recipient(duty, to)
    items = _items(desk, duty, whom)
    if not again and any(item.key == SAFEGUARDING for item in items) and says_of_concerns(desk):
        desk.note_if_possible("return.drafted", subject=duty.pupil, why=duty.id)
    title = f"{_title(duty, whom)} to {_named(whom)}"
    return Contents(duty=duty, whom=whom, title=title, items=tuple(items))


_TITLES = {
    DELETION: "Deletion return",
    NEW_PUPIL: "New pupil return",
    TEN_DAYS: "Attendance return",
    SICKNESS: "Sickness return",
    SUSPENSION: "Notice of a suspension",
    TRANSFER: "Transfer file, contents",
}


def _title(duty: Duty, whom: str) -> str:
    """What the paper is called; a return is one to the authority that the law names, everybody else has a notice."""
    title = _TITLES.get(duty.rule, duty.action)
    is_first = whom == duty.recipient or not title.endswith("return")
    return title if is_first else f"Notice ({title.lower()})"


def _recipient(duty: Duty, to: str | None) -> str:
    if to is None:
        return duty.recipient or ""
    found = [who for who in duty.recipients if to in (who, who.partition(":")[0], who.partition(":")[2])]
    if not found:
        raise InvalidError(
            f"to: {harmless(to)} is not told of this.",
            todo=f"One of {', '.join(duty.recipients) or 'nobody'}.",
        )
    return found[0]


def _named(whom: str) -> str:
    """A recipient as a letter names it."""
    kind, _, name = whom.partition(":")
    if not kind:
        return "nobody yet"
    words = kind.replace("-", " ") if kind != "la" else ""
    return f"{words} {name}".strip()


@verb("return.sent")
def sent(desk: Desk, duty_id: str, how: str) -> ReturnSent:
    """Mark a return sent: that discharges its duty.

    Args:
        how: the way and the reference, such as `secure form, T-4471`.

    Raises:
        InvalidError: if the duty is no return, is settled already, or nothing is said.
    """
    duty = _return_duty(desk, duty_id)
    if duty.state in ("done", "overridden"):
        raise InvalidError(f"{duty.id} is {duty.state} already: {duty.settled}.")
    how = required(how, "How it was sent", limit=400)
    with desk.change("return.sent", subject=duty.pupil, why=duty.id) as tx:
        made = ReturnSent(
            id=desk.fresh(tx, "cases", "returns", "RT"),
            duty=duty.id,
            rule=duty.rule,
            pupil=duty.pupil or "",
            how=how,
            on=desk.today(),
            at=desk.stamp(),
            by=desk.user(),
        )
        return desk.save(tx, "cases", "returns", made)


def _return_duty(
    desk: Desk, duty_id: str, on: date | None = None, more: frozenset[str] = frozenset()
) -> Duty:
    duty = duties.find(desk, duty_id, on)
    if not (duty.is_return or duty.rule in more) or duty.pupil is None:
        raise InvalidError(f"{duty.id} is no return.", todo="`workbench return list` shows those that are.")
    return duty


NAME_AND_ADDRESS = ("full_name", "address")


def _person(duty: Duty, pupil: Pupil, around: Sequence[Around]) -> list[Item]:
    """Who the child is: of a sickness return the law asks for full name and address, and no more is sent; of one about
    joining or leaving for the parents' addresses as well."""
    items = drafts.person_items(pupil, around, where=duty.rule in (DELETION, NEW_PUPIL))
    return [i for i in items if i.key in NAME_AND_ADDRESS] if duty.rule == SICKNESS else items


def _items(desk: Desk, duty: Duty, whom: str) -> list[Item]:
    pupil = pupil_of(desk, duty.pupil or "")
    around = people_of(desk, pupil.id)
    school = desk.school()
    items = [
        Item(key="school", label="School", value=f"{school.name} ({school.number})"),
        Item(key="to", label="To", value=_named(whom) if whom else UNKNOWN),
        Item(key="law", label="Under", value=duty.citation.text),
        *_person(duty, pupil, around),
    ]
    items += body(desk, duty)
    contact = "; ".join(recipient_words(duty.recipients, school.authority, around))
    items.append(Item(key="contact", label="Reach", value=contact or UNKNOWN, required=False))
    return items
