"""Documents made into what the rules read: pupils, registers, and the moment that is asked about. No verbs here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from rules.facts import (
    CaseFacts,
    ConcernFacts,
    ContactMade,
    Event,
    Moment,
    PupilFacts,
    ReferralFacts,
    RegistersTaken,
    SchoolFile,
)
from workbench.desk.clock import day_of
from workbench.desk.context import Desk
from workbench.desk.event_kinds import as_fact
from workbench.desk.hiding import shown
from workbench.desk.marks import MarkBook, book
from workbench.desk.schoolfacts import school_file
from workbench.desk.shelves import Shelves
from workbench.domain.cases import Answer, Case, Concern, Referral
from workbench.domain.pupils import Pupil
from workbench.domain.removals import Removal
from workbench.domain.returns import ReturnSent
from workbench.domain.years import register_file

if TYPE_CHECKING:
    from rules.days import Calendar

TOLD = {
    "know.la": "la",
    "know.parents": "parents",
    "know.social_worker": "social-worker",
    "know.virtual_school": "virtual-school",
    "know.yot": "yot",
    "know.ewo": "ewo",
    "know.placing_la": "placing-la",
    "know.others": "others",
}
"""Question to the word by which the rules know the recipient."""


ONE_DAY = timedelta(days=1)
DELETION = "roll.deletion-return"
PLAN, PLAN_REVIEW = "outcome.attendance_plan", "outcome.plan_review"


class View(NamedTuple):
    """One question: the desk it is read from, the moment, and what is the same for all pupils."""

    desk: Desk
    moment: Moment
    marks: MarkBook
    calendar: "Calendar"
    school: SchoolFile
    shelves: Shelves


def view(desk: Desk, on: date | None = None, known: date | None = None) -> View:
    """The question `as at the end of `on`` (as of now for today), from what was recorded by the end of `known`."""
    source = desk if known is None else _earlier(desk, known)
    day = on or desk.today()
    now = (
        desk.now().replace(second=0, microsecond=0) if day == desk.today() else None
    )  # registers open on a minute
    moment = Moment(on=day, at="end" if now is None else "now", now=now)
    marks = book(source, day)
    return View(source, moment, marks, marks.calendar, school_file(source, moment), shown(source))


def _earlier(desk: Desk, known: date) -> Desk:
    key = ("known", known, desk.store.head)
    if desk.cache.get("known", (None, None))[0] != key:
        desk.cache["known"] = (key, desk.as_known(known))
    found: Desk = desk.cache["known"][1]
    return found


def with_registers(seen: View) -> SchoolFile:
    """The school file with the registers there are to take: for `register.take` alone."""
    desk, day = seen.desk, seen.moment.on
    year = seen.calendar.year_start(day)  # last year's gaps are history: nobody takes them any more
    classes: dict[str, int] = defaultdict(int)
    formed: dict[str, date] = {}
    for pupil in seen.shelves.pupils.values():
        if pupil.starts <= day and (pupil.left is None or day < pupil.left):
            class_, begun = _class_since(pupil, day)
            classes[class_] += 1
            formed[class_] = min(begun, formed.get(class_, begun))
    # a register file begins with August, its school year with the first term: in between two files are asked
    files = dict.fromkeys((register_file(year), seen.marks.file))
    taken = frozenset(
        (doc["class_"], date.fromisoformat(doc["on"]), doc["session"])  # thousands: read as they are kept
        for file in files
        for doc in desk.docs(file, "taken").values()
        if doc["on"] <= day.isoformat()
    )
    since = min([desk.school().registers_since, *(on for _, on, _ in taken)])
    registers = RegistersTaken(classes=dict(classes), since=max(since, year), taken=taken, formed=formed)
    return msgspec.structs.replace(seen.school, registers=registers)


def _class_since(pupil: Pupil, day: date) -> tuple[str, date]:
    """The class of a pupil on a day, and since when they are in it without a break."""
    class_, since = pupil.class_on(day), pupil.starts
    for place in pupil.places[1:]:
        if place.since <= day:
            since = (
                max(since, place.since) if pupil.class_on(place.since - ONE_DAY) != place.class_ else since
            )
    return class_, since


# pupils -------------------------------------------------------------------------------------------------------


def pupil_facts(seen: View, pupil: Pupil) -> PupilFacts:
    """A pupil as the rules see one on the day asked about; facts of later days are left out."""
    day, shelf = seen.moment.on, seen.shelves
    year, class_ = pupil.place_on(day)
    cases = [c for c in shelf.cases.get(pupil.id, ()) if day_of(c.opened) <= day]
    return PupilFacts(
        id=pupil.id,
        born=pupil.born,
        year=year,
        joined_year=pupil.place_on(pupil.starts)[0],
        starts=pupil.starts,
        entered=pupil.entered,
        left=pupil.left if pupil.left is not None and pupil.left <= day else None,
        class_=class_,
        baseline=pupil.baseline,
        groups=frozenset(pupil.groups),
        social_worker=pupil.social_worker,
        child_protection_plan=pupil.child_protection_plan,
        section_47=pupil.section_47,
        looked_after_by=pupil.looked_after_by,
        home_la=pupil.home_la,
        placing_la=pupil.placing_la,
        ehc_plan=pupil.ehc_plan,
        placed_by_la=pupil.placed_by_la,
        boarder=pupil.boarder,
        dual_registered_at=pupil.dual_registered_at,
        mobile_child=pupil.mobile_child,
        other_professionals=tuple(
            dict.fromkeys(
                a.role for a in shelf.around.get(pupil.id, ()) if a.kind == "professional" and a.role
            )
        ),
        marks=seen.marks.as_bytes(pupil.id),
        events=tuple(_events(seen, pupil, cases)),
        contacts=tuple(
            ContactMade(on=day_of(c.at), who=c.who, result=c.result)
            for c in shelf.contacts.get(pupil.id, ())
            if day_of(c.at) <= day
        ),
        cases=tuple(_case(seen, c) for c in cases),
        referrals=tuple(_referral(r, day) for r in shelf.referrals.get(pupil.id, ()) if day_of(r.at) <= day),
        concerns=tuple(_concern(c, day) for c in shelf.concerns.get(pupil.id, ()) if day_of(c.at) <= day),
    )


def _events(seen: View, pupil: Pupil, cases: Iterable[Case]) -> list[Event]:
    day, shelf = seen.moment.on, seen.shelves
    recorded = shelf.events.get(pupil.id, ())
    wrong = {e.corrects for e in recorded}
    found = [as_fact(e) for e in recorded if e.id not in wrong]
    for removal in shelf.removals.get(pupil.id, ()):
        found += _removal(removal)
    found += [
        Event(kind="return_sent", on=r.on, fields={"rule": r.rule, "duty": r.duty}, id=r.id)
        for r in shelf.returns.get(pupil.id, ())
        if not _of_withdrawn(r, shelf.removals.get(pupil.id, ()))
    ]
    for case in cases:
        found += [
            Event(kind="enquiries", on=day_of(e.at), fields={e.by_whom: True}, id=e.id)
            for e in shelf.enquiries.get(case.id, ())
            if e.done
        ]
        found += _plan(_answered(shelf.answers.get(case.id, ()), day), case)
    return [e for e in found if e.on <= day]


def _plan(answers: Mapping[str, tuple[str, date]], case: Case) -> list[Event]:
    """The plan for attendance that a case agreed on, without its texts: these stay in the case."""
    if PLAN not in answers:
        return []
    review = answers.get(PLAN_REVIEW)
    fields = {"review": review[0]} if review else {}
    return [Event(kind="attendance_plan", on=answers[PLAN][1], fields=fields, id=case.id)]


def _of_withdrawn(sent: ReturnSent, removals: Iterable[Removal]) -> bool:
    """Whether a deletion return belonged to a removal that was withdrawn: it says nothing about a later one."""
    if sent.rule != DELETION:
        return False
    ended = [r for r in removals if r.state == "withdrawn" and r.ended and r.requested <= sent.at <= r.ended]
    return bool(ended)


def _removal(removal: Removal) -> list[Event]:
    """A removal as events: asked for, answered, completed. A withdrawn one leaves none."""
    if removal.state == "withdrawn":
        return []
    fields: dict[str, Any] = {"ground": removal.ground}
    if removal.effective is not None:
        fields["effective"] = removal.effective
    found = [Event(kind="removal_requested", on=day_of(removal.requested), fields=fields, id=removal.id)]
    found += [
        Event(kind=c.gate.replace("-", "_"), on=c.on, fields={"answer": c.answer, "reference": c.reference})
        for c in removal.confirmations
    ]
    if removal.state == "completed" and removal.effective is not None:
        found.append(
            Event(kind="removed", on=removal.effective, fields={"ground": removal.ground}, id=removal.id)
        )
    return found


def _case(seen: View, case: Case) -> CaseFacts:
    day = seen.moment.on
    answers = _answered(seen.shelves.answers.get(case.id, ()), day)
    danger = answers.get("danger.level")
    groups = {key.partition(".")[2]: a for key, a in answers.items() if key.startswith("groups.")}
    closings = [c for c in case.closings if day_of(c.at) <= day]
    closed = day_of(closings[-1].at) if closings and closings[-1].act == "closed" else None
    return CaseFacts(
        id=case.id,
        opened=day_of(case.opened),
        closed=closed,
        trigger=case.trigger,
        danger=danger[0] if danger else None,  # type: ignore[arg-type]
        danger_on=danger[1] if danger else None,
        groups={key: value for key, (value, _) in groups.items()},
        groups_on={key: on for key, (_, on) in groups.items()},
        enquiries={
            e.step: "done" if e.done else "not-done"
            for e in seen.shelves.enquiries.get(case.id, ())
            if day_of(e.at) <= day
        },
        told={word: answers[key][0] for key, word in TOLD.items() if key in answers},
    )


def _answered(answers: Iterable[Answer], day: date) -> dict[str, tuple[str, date]]:
    """Question to the answer that stood at the end of a day, and the day it was given; a later one is not yet known."""
    found: dict[str, tuple[str, date]] = {}
    for a in answers:
        for value, at in [*((old["value"], old["at"]) for old in a.earlier), (a.value, a.at)]:
            if day_of(at) <= day:
                found[a.key] = (value, day_of(at))
    return found


def _concern(concern: Concern, day: date) -> ConcernFacts:
    triaged = day_of(concern.triaged_at) if concern.triaged_at else None
    return ConcernFacts(
        id=concern.id, on=day_of(concern.at), triaged=triaged if triaged and triaged <= day else None
    )


def _referral(referral: Referral, day: date) -> ReferralFacts:
    replies = [day_of(r.at) for r in referral.replies if day_of(r.at) <= day]
    return ReferralFacts(
        id=referral.id,
        case=referral.case,
        to=referral.to,
        decision=referral.decision,
        on=day_of(referral.at),
        replied=replies[0] if replies else None,
        follow_up=referral.follow_up,
    )
