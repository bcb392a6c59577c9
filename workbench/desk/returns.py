"""Returns and notices to the authority and others: what is due, a draft with its gaps, and the sending."""

from datetime import date

from msgspec import Struct

from rules.duty import Duty
from rules.grounds import list_grounds
from workbench.desk import duties
from workbench.desk.around import people_of
from workbench.desk.casefacts import pupil_of
from workbench.desk.context import Desk
from workbench.desk.events import events_of
from workbench.desk.permissions import verb
from workbench.desk.shelves import shelves
from workbench.desk.text import required
from workbench.domain import drafts
from workbench.domain.characters import harmless
from workbench.domain.drafts import UNKNOWN, Item
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Pupil
from workbench.domain.returns import Draft, ReturnSent
from workbench.domain.whom import recipient_words

__all__ = ["Draft", "ReturnRow"]

AT_HOME = "none: to be educated otherwise than at school"
FORMATS = ("text", "json", "csv")
DELETION, NEW_PUPIL, TEN_DAYS = "roll.deletion-return", "roll.new-pupil-return", "absence.ten-day-return"


class ReturnRow(Struct, frozen=True, kw_only=True):
    """A return with its duty, and how it was sent."""

    duty: Duty
    sent: ReturnSent | None

    @property
    def id(self) -> str:
        """The duty's id: returns have none of their own before they are sent."""
        return self.duty.id


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
def draft(desk: Desk, duty_id: str, fmt: str = "text", on: date | None = None) -> Draft:
    """A return as it would be sent, with the prescribed contents, and what is missing for it to be complete.

    Args:
        fmt: `text`, `json` or `csv`.
        on: the duty as at the end of this day; as of now unless given.

    Raises:
        InvalidError: if the duty is no return or the format is unknown.
    """
    duty = _return_duty(desk, duty_id, on)
    if fmt not in FORMATS:
        raise InvalidError(f"format: {harmless(fmt)}.", todo=f"One of {', '.join(FORMATS)}.")
    items = _items(desk, duty)
    title = f"{_TITLES.get(duty.rule, duty.action)} to {(duty.recipient or '').partition(':')[2] or duty.recipient}"
    text = (
        {"text": drafts.as_text, "json": drafts.as_json}[fmt](title, items)
        if fmt != "csv"
        else drafts.as_csv(items)
    )
    return Draft(
        duty=duty.id, recipient=duty.recipient or "", format=fmt, text=text, missing=drafts.missing(items)
    )


_TITLES = {DELETION: "Deletion return", NEW_PUPIL: "New pupil return", TEN_DAYS: "Attendance return"}


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


def _return_duty(desk: Desk, duty_id: str, on: date | None = None) -> Duty:
    duty = duties.find(desk, duty_id, on)
    if not duty.is_return or duty.pupil is None:
        raise InvalidError(f"{duty.id} is no return.", todo="`workbench return list` shows those that are.")
    return duty


def _items(desk: Desk, duty: Duty) -> list[Item]:
    pupil = pupil_of(desk, duty.pupil or "")
    around = people_of(desk, pupil.id)
    school = desk.school()
    items = [
        Item(key="school", label="School", value=f"{school.name} ({school.number})"),
        Item(key="to", label="To", value=(duty.recipient or "").partition(":")[2] or str(duty.recipient)),
        Item(key="law", label="Under", value=duty.citation.text),
        *drafts.person_items(pupil, around),
    ]
    items += _BODIES.get(duty.rule, _plain)(desk, duty)
    contact = "; ".join(recipient_words(duty.recipients, school.authority, around))
    items.append(Item(key="contact", label="Reach", value=contact or UNKNOWN, required=False))
    return items


def _plain(desk: Desk, duty: Duty) -> list[Item]:
    return [Item(key="reason", label="Reason", value=f"{duty.action}. {' '.join(duty.trace.facts)}")]


def _absence(desk: Desk, duty: Duty) -> list[Item]:
    figures = duties.figures(desk, duty.pupil or "")
    days = duty.trace.counted
    first, last = (days[0].first, days[-1].last) if days else (duty.trigger, duty.trigger)
    causes = [c.result for c in shelves(desk).contacts.get(duty.pupil or "", ())]
    return [
        Item(key="absent_from", label="Absent from", value=first.isoformat()),
        Item(key="absent_to", label="Tenth school day", value=last.isoformat()),
        Item(
            key="attendance",
            label="Attendance this year",
            value=f"{figures.attendance_percent} %",
            required=False,
        ),
        Item(
            key="cause",
            label="Cause, if known",
            value=causes[-1] if causes else UNKNOWN,
            required=False,
        ),
    ]


def _joining(desk: Desk, duty: Duty) -> list[Item]:
    pupil = pupil_of(desk, duty.pupil or "")
    return [
        Item(key="sex", label="Sex", value=pupil.sex or UNKNOWN),
        Item(key="entered", label="Name entered", value=(pupil.entered or pupil.starts).isoformat()),
        Item(key="starts", label="Starting day", value=pupil.starts.isoformat()),
        Item(key="year", label="Year and class", value=f"{pupil.year}, {pupil.class_}"),
    ]


def _leaving(desk: Desk, duty: Duty) -> list[Item]:
    pupil = pupil_of(desk, duty.pupil or "")
    removal = next(
        (r for r in reversed(shelves(desk).removals.get(pupil.id, [])) if r.state != "withdrawn"), None
    )
    letter = removal.ground if removal else pupil.left_ground or ""
    title = next((g.title for g in list_grounds(desk.rules, desk.today()) if g.letter == letter), "")
    effective: date | None = pupil.left or (removal.effective if removal else None)
    told = {
        name: str(value) for e in events_of(desk, pupil.id, standing=True) for name, value in e.fields.items()
    }
    school = told.get("school") or told.get("to") or (AT_HOME if letter == "F" else UNKNOWN)
    starts = told.get("as_of") or told.get("starts") or UNKNOWN
    return [
        Item(key="ground", label="Ground", value=f"{letter}  {title}" if letter else UNKNOWN),
        Item(
            key="deleted_on",
            label="Date of deletion",
            value=_deleted_on(desk, pupil, effective),
            required=False,
        ),
        Item(key="next_school", label="Next school", value=school),
        Item(key="next_start", label="Starts there", value=starts, required=school not in (AT_HOME, UNKNOWN)),
        Item(key="new_address", label="New address", value=told.get("new_address", UNKNOWN)),
        Item(
            key="safeguarding",
            label="Safeguarding concerns",
            value=_safeguarding(desk, pupil),
            required=False,
        ),
    ]


def _deleted_on(desk: Desk, pupil: Pupil, effective: date | None) -> str:
    """The date of deletion; one that was asked for and has passed is never written: nothing is back-dated."""
    if pupil.left is not None:
        return pupil.left.isoformat()
    if effective is None:
        return "to follow"
    return max(effective, desk.today()).isoformat()


def _safeguarding(desk: Desk, pupil: Pupil) -> str:
    """Whether there are concerns, as a deletion return says; what they are is for the DSLs and leaders only."""
    if desk.who is None or not desk.who.has("dsl", "leader"):
        return "speak to the DSL before this is sent"
    answers = [a for c in shelves(desk).cases.get(pupil.id, ()) for a in shelves(desk).answers.get(c.id, ())]
    danger = any(a.key == "danger.level" and a.value in ("immediate", "risk") for a in answers)
    known = {
        "social worker": pupil.social_worker,
        "child protection plan": pupil.child_protection_plan,
        "section 47 enquiry": pupil.section_47,
        "risk of harm recorded": danger,
    }
    return ", ".join(word for word, there in known.items() if there) or "none recorded"


_BODIES = {TEN_DAYS: _absence, NEW_PUPIL: _joining, DELETION: _leaving}
