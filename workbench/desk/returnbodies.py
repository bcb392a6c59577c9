"""What each return and notice must hold, gathered from the records. No verbs here."""

from datetime import date

from rules.duty import Duty
from rules.grounds import list_grounds
from workbench.desk import duties
from workbench.desk.casefacts import pupil_of
from workbench.desk.context import Desk
from workbench.desk.events import events_of
from workbench.desk.hiding import shown
from workbench.domain.drafts import UNKNOWN, Item
from workbench.domain.pupils import Pupil, PupilEvent

AT_HOME = "none: to be educated otherwise than at school"
DELETION, NEW_PUPIL, TEN_DAYS = "roll.deletion-return", "roll.new-pupil-return", "absence.ten-day-return"
SAFEGUARDING = "safeguarding"
"""The line of a return that says whether there are concerns."""
SICKNESS, SUSPENSION, TRANSFER = "absence.sickness-return", "suspension.notify", "roll.transfer-file"


def body(desk: Desk, duty: Duty) -> list[Item]:
    """The lines that this kind of return adds to who the child is."""
    return _BODIES.get(duty.rule, _plain)(desk, duty)


def _plain(desk: Desk, duty: Duty) -> list[Item]:
    return [Item(key="reason", label="Reason", value=f"{duty.action}. {' '.join(duty.trace.facts)}")]


def _absence(desk: Desk, duty: Duty) -> list[Item]:
    figures = duties.figures(desk, duty.pupil or "")
    days = duty.trace.counted
    first, last = (days[0].first, days[-1].last) if days else (duty.trigger, duty.trigger)
    causes = [c.result for c in shown(desk).contacts.get(duty.pupil or "", ())]
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


def _sickness(desk: Desk, duty: Duty) -> list[Item]:
    """Full name and address are what the law asks for; the days and the forecast help the authority plan."""
    said = [e for e in events_of(desk, duty.pupil or "", standing=True) if e.kind == "sickness_forecast"]
    days = str(said[-1].fields.get("days", UNKNOWN)) if said else UNKNOWN
    return [
        Item(key="reason", label="Reason", value=duty.trace.facts[0]),
        Item(key="expected_days", label="School days expected", value=days, required=False),
    ]


def _suspended(desk: Desk, duty: Duty) -> list[Item]:
    kinds = ("suspension", "permanent_exclusion")
    said = [e for e in events_of(desk, duty.pupil or "", standing=True) if e.kind in kinds]
    event = next((e for e in said if e.on == duty.trigger), None)
    fields = event.fields if event else {}
    return [
        Item(key="decided", label="Decided on", value=duty.trigger.isoformat()),
        Item(key="begins", label="Begins", value=str(fields.get("from", UNKNOWN))),
        Item(
            key="days", label="School days", value=str(fields.get("days", UNKNOWN)), required=_is_short(event)
        ),
        Item(key="reason", label="Reason", value=UNKNOWN),
    ]


def _is_short(event: PupilEvent | None) -> bool:
    """Whether it has an end: a permanent exclusion has none to name."""
    return event is None or event.kind == "suspension"


def _transfer(desk: Desk, duty: Duty) -> list[Item]:
    pupil = pupil_of(desk, duty.pupil or "")
    return [
        Item(key="left", label="Name came off", value=(pupil.left or duty.trigger).isoformat()),
        Item(key="destination", label="Destination", value=duty.trace.facts[1].removeprefix("Next school: ")),
        Item(key="year", label="Year and class", value=f"{pupil.year}, {pupil.class_}"),
        Item(key="sex", label="Sex", value=pupil.sex or UNKNOWN),
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
        (r for r in reversed(shown(desk).removals.get(pupil.id, [])) if r.state != "withdrawn"), None
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
            key=SAFEGUARDING,
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


def says_of_concerns(desk: Desk) -> bool:
    """Whether a return that this person drafts says which concerns there are."""
    return desk.who is not None and desk.who.has("dsl", "leader")


def _safeguarding(desk: Desk, pupil: Pupil) -> str:
    """Whether there are concerns, as a deletion return says; what they are is for the DSLs and leaders only."""
    if not says_of_concerns(desk):
        return "speak to the DSL before this is sent"
    shelf = shown(desk)
    answers = [a for c in shelf.cases.get(pupil.id, ()) for a in shelf.answers.get(c.id, ())]
    danger = any(a.key == "danger.level" and a.value in ("immediate", "risk") for a in answers)
    known = {
        "social worker": pupil.social_worker,
        "child protection plan": pupil.child_protection_plan,
        "section 47 enquiry": pupil.section_47,
        "risk of harm recorded": danger,
    }
    return ", ".join(word for word, there in known.items() if there) or "none recorded"


_BODIES = {
    TEN_DAYS: _absence,
    NEW_PUPIL: _joining,
    DELETION: _leaving,
    SICKNESS: _sickness,
    SUSPENSION: _suspended,
    TRANSFER: _transfer,
}
