"""The chronology of a case: what happened, by the time of the event, and when it was written down."""

from collections.abc import Iterator

from rules.wizard import questions, step_titles
from workbench.desk.amendments import amendments_of
from workbench.desk.casefacts import answers_of, enquiries_of, last_present, notes_of, referrals_of
from workbench.desk.contacts import contacts_of
from workbench.desk.context import Desk
from workbench.desk.duties import duties_of
from workbench.desk.event_kinds import table as kinds
from workbench.desk.events import events_of
from workbench.desk.facts import DELETION
from workbench.desk.hiding import shown
from workbench.desk.shelves import shelves
from workbench.domain.cases import Case
from workbench.domain.caseview import Line
from workbench.domain.pupils import PupilEvent

MILESTONES = frozenset({"absence.ten-day-return", "absence.persistent", "absence.severe"})
"""Rules whose trigger is a milestone of the child's attendance."""


def chronology(desk: Desk, case: Case) -> list[Line]:
    """All lines of a case, newest first."""
    lines = [*_case(case), *_written(desk, case), *_around(desk, case), *_removals(desk, case)]
    lines += _marks(desk, case)
    return sorted(lines, key=lambda line: (line.at, line.recorded), reverse=True)


def _case(case: Case) -> Iterator[Line]:
    words = f"case imported from {case.imported.school}" if case.imported else "case opened"
    yield Line(at=case.opened, recorded=case.opened, kind="case", text=words, by=case.opened_by, id=case.id)
    for c in case.closings:
        yield Line(at=c.at, recorded=c.at, kind="case", text=f"case {c.act}: {c.reason}", by=c.by, id=case.id)


def _written(desk: Desk, case: Case) -> Iterator[Line]:
    known = {q.key: q for q in questions(desk.rules, desk.today())}
    for a in answers_of(desk, case.id).values():
        asked = known.get(a.key)
        value = next((c.text for c in asked.choices if c.key == a.value), a.value) if asked else a.value
        words = f"{asked.text if asked else a.key} {value}" + (f": {a.note}" if a.note else "")
        yield Line(at=a.at, recorded=a.at, kind="answer", text=words, by=a.by, id=a.id)
    titles = step_titles(desk.rules)
    for e in enquiries_of(desk, case.id):
        words = f"{titles.get(e.step, e.step)}: {'' if e.done else 'not done, '}{e.result}"
        yield Line(at=e.at, recorded=e.recorded, kind="enquiry", text=words, by=e.by, id=e.id)
    for r in referrals_of(desk, case):
        words = f"{'referred to' if r.decision == 'refer' else 'not referred to'} {r.to}: {r.reason}"
        yield Line(at=r.at, recorded=r.recorded, kind="referral", text=words, by=r.by, id=r.id)
        for reply in r.replies:
            text = f"{r.to} answered ({reply.by}): {reply.text}"
            yield Line(at=reply.at, recorded=reply.at, kind="reply", text=text, by=r.by, id=r.id)
    notes = notes_of(desk, case.id)
    wrong = {n.corrects for n in notes}
    for n in notes:
        text = f"{n.text} (put right by a later note)" if n.id in wrong else n.text
        yield Line(at=n.at, recorded=n.recorded, kind="note", text=text, by=n.by, id=n.id)


def _around(desk: Desk, case: Case) -> Iterator[Line]:
    for c in contacts_of(desk, case.pupil):
        number = f", {c.number}" if c.number else ""
        yield Line(
            at=c.at,
            recorded=c.recorded,
            kind="contact",
            text=f"{c.how} to {c.who}{number}: {c.result}",
            by=c.by,
            id=c.id,
        )
    for e in events_of(desk, case.pupil, standing=True):
        yield Line(
            at=e.on.isoformat(), recorded=e.recorded, kind="event", text=event_words(e), by=e.by, id=e.id
        )


def _marks(desk: Desk, case: Case) -> Iterator[Line]:
    """What the register says: when the child was last there, thresholds reached, and marks changed afterwards."""
    seen = last_present(desk, case.pupil)
    if seen:
        day, session = seen
        yield Line(
            at=day.isoformat(),
            recorded=day.isoformat(),
            kind="mark",
            text=f"last there {session}, by the register",
            by="",
        )
    for duty in duties_of(desk, case.pupil):
        if duty.rule in MILESTONES:
            at = duty.trigger.isoformat()
            yield Line(at=at, recorded=at, kind="mark", text=duty.trace.facts[0], by="", id=duty.id)
    for a in amendments_of(desk, case.pupil):
        text = (
            f"mark of {a.on.isoformat()} {a.session} amended from {a.was or 'blank'} to {a.code}: {a.reason}"
        )
        yield Line(at=a.at, recorded=a.at, kind="mark", text=text, by=a.by, id=a.id)


def event_words(event: PupilEvent) -> str:
    """An event in words: its kind and its fields."""
    kind = kinds().get(event.kind)
    fields = ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in event.fields.items())
    title = kind.title if kind else event.kind.replace("_", " ")
    return f"{title}: {fields}" if fields else title


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _removals(desk: Desk, case: Case) -> Iterator[Line]:
    shelf = shown(desk)
    for r in shelf.removals.get(case.pupil, ()):
        text = f"removal asked for, ground {r.ground}"
        yield Line(
            at=r.requested, recorded=r.requested, kind="removal", text=text, by=r.requested_by, id=r.id
        )
        for c in r.confirmations:
            words = f"authority answered {c.answer}: {c.from_name}, reference {c.reference or 'none'}"
            yield Line(at=c.at, recorded=c.at, kind="removal", text=words, by=c.by, id=r.id)
        if r.authorisation:
            a = r.authorisation
            yield Line(at=a.at, recorded=a.at, kind="removal", text="removal authorised", by=a.by, id=r.id)
        if r.ended:
            text = f"removal {r.state}" + (f": {r.ended_reason}" if r.ended_reason else "")
            yield Line(at=r.ended, recorded=r.ended, kind="removal", text=text, by=r.ended_by or "", id=r.id)
    hides = len(shelf.removals.get(case.pupil, ())) < len(shelves(desk).removals.get(case.pupil, ()))
    for sent in shelf.returns.get(case.pupil, ()):
        if hides and sent.rule == DELETION:
            continue
        text = f"return sent ({sent.rule}): {sent.how}"
        yield Line(at=sent.at, recorded=sent.at, kind="return", text=text, by=sent.by, id=sent.id)
