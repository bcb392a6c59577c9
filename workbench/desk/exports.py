"""A case as one JSON file for the next school, with the log entries about it and the head of the log."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from workbench.desk.amendments import amendments_of
from workbench.desk.around import people_of
from workbench.desk.casefacts import case_of, pupil_of, view_of
from workbench.desk.contacts import contacts_of
from workbench.desk.context import Desk
from workbench.desk.events import events_of
from workbench.desk.files import outside, write_output
from workbench.desk.gates import view_of as removal_view
from workbench.desk.hiding import hidden, may_see
from workbench.desk.logbook import Head, about, related
from workbench.desk.marks import MarkBook, book
from workbench.desk.permissions import verb
from workbench.desk.shelves import shelves
from workbench.domain.casefile import (
    CaseFile,
    FileAmendment,
    FileAnswer,
    FileCase,
    FileContact,
    FileEvent,
    FileHead,
    FileLine,
    FileMark,
    FilePerson,
    FilePupil,
    FileRemoval,
    FileSchool,
    FileStep,
)
from workbench.domain.cases import Case
from workbench.domain.caseview import CaseView
from workbench.domain.redaction import Redactor
from workbench.domain.register import MarkNote

FREE_TEXTS = frozenset(
    {
        "steps",
        "enquiries",
        "referrals",
        "notes",
        "removals",
        "events",
        "contacts",
        "amendments",
        "chronology",
        "case",
    }
)
"""Parts that people wrote: another child's name may stand in them."""


@verb("case.export")
def export_case(desk: Desk, case_id: str) -> dict[str, Any]:
    """A case as a JSON object that fits `docs/case.schema.json`. The export is in the log, and in the file."""
    case = case_of(desk, case_id)
    desk.note_if_possible("case.exported", subject=case.id)
    whole = built(desk, case)
    redact = Redactor(pupil_of(desk, x.pupil) for x in case.linked)
    return {key: redact(part) if key in FREE_TEXTS else part for key, part in whole.items()}


def built(desk: Desk, case: Case) -> dict[str, Any]:
    """A case file as builtin types with every name still in it: whoever lets it out takes them out before."""
    made: dict[str, Any] = msgspec.to_builtins(_file(desk, case))
    return made


@verb("case.export")
def write_case(desk: Desk, case_id: str, path: Path, overwrite: bool = False) -> Head:
    """Write a case file that only its owner may read, whole or not at all.

    Returns:
        The head of the log that the file carries.

    Raises:
        InvalidError: if the file exists, lies in the data folder or cannot be written.
    """
    outside(str(path), desk.store.path)
    made = export_case(desk, case_id)
    data = msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
    write_output(str(path), data, overwrite=overwrite)
    return Head(made["head"]["seq"], made["head"]["hash"])


def _file(desk: Desk, case: Case) -> CaseFile:
    seen = view_of(desk, case)
    pupil, school = seen.pupil, desk.school()
    shelf = shelves(desk)
    return CaseFile(
        schema="cme-case",
        version=1,
        made_at=desk.stamp(),
        made_by=desk.user(),
        school=FileSchool(
            name=school.name,
            number=school.number,
            kind=school.kind,
            stands_in=school.stands_in,
            local_authority=school.authority.name,
        ),
        pupil=_as(pupil, FilePupil),
        around=tuple(_as(a, FilePerson) for a in people_of(desk, pupil.id)),
        case=_case(case),
        steps=tuple(_step(seen, s) for s in seen.steps),
        enquiries=seen.enquiries,
        referrals=seen.referrals,
        notes=seen.notes,
        removals=tuple(_removal(desk, r) for r in shelf.removals.get(pupil.id, ()) if may_see(desk, r)),
        events=tuple(_as(e, FileEvent) for e in events_of(desk, pupil.id, standing=True)),
        contacts=tuple(_as(c, FileContact) for c in contacts_of(desk, pupil.id)),
        marks=tuple(_marks(desk, pupil.id)),
        amendments=tuple(_as(a, FileAmendment) for a in amendments_of(desk, pupil.id)),
        chronology=tuple(_as(line, FileLine) for line in reversed(seen.chronology)),
        redactions=tuple(
            f"{x.pupil}: linked as {x.role}, named by id only; the full name is taken out of texts"
            for x in case.linked
        ),
        log=tuple(_entries(desk, case)),
        head=FileHead(seq=desk.store.head.seq, hash=desk.store.head.hash),
    )


def _as(record: Any, type_: Any) -> Any:
    return msgspec.convert(record, type_, from_attributes=True)


def _case(case: Case) -> FileCase:
    return FileCase(
        id=case.id,
        opened=case.opened,
        opened_by=case.opened_by,
        trigger=case.trigger,
        duty=case.duty,
        owner=case.owner,
        waits_for=case.waits_for,
        open=case.is_open,
        closings=tuple(msgspec.to_builtins(c) for c in case.closings),
        linked=case.linked,
    )


def _step(seen: CaseView, step: Any) -> FileStep:
    answers = [
        FileAnswer(
            key=q.key,
            question=q.text,
            value=a.value,
            note=a.note,
            by=a.by,
            at=a.at,
            earlier=a.earlier,
        )
        for q in seen.questions
        if q.step == step.key and (a := seen.answers.get(q.key)) is not None
    ]
    return FileStep(
        key=step.key,
        number=step.number,
        title=step.title,
        state=step.state,
        summary=step.summary,
        missing=step.missing,
        answers=tuple(answers),
    )


def _removal(desk: Desk, removal: Any) -> FileRemoval:
    seen = removal_view(desk, removal)
    return FileRemoval(
        id=removal.id,
        ground=removal.ground,
        ground_title=seen.ground,
        requested_by=removal.requested_by,
        requested=removal.requested,
        state=removal.state,
        effective=removal.effective,
        authorised_by=removal.authorisation.by if removal.authorisation else None,
        evidence=removal.evidence,
        confirmations=removal.confirmations,
        overrides=removal.overrides,
        gates=seen.gates,
        ended=removal.ended,
        ended_reason=removal.ended_reason,
    )


def _marks(desk: Desk, pupil: str) -> list[FileMark]:
    """Every mark of every school year that the folder holds, in order of time."""
    return [mark for year in desk.years() for mark in _marks_of_year(desk, book(desk, year=year), pupil)]


def marks_between(desk: Desk, pupil: str, first: date, last: date) -> list[FileMark]:
    """The marks of a pupil within a period, both days inclusive, in order of time; for use inside other verbs."""
    return [mark for mark in _marks(desk, pupil) if first <= mark.on <= last]


def _marks_of_year(desk: Desk, marks: MarkBook, pupil: str) -> list[FileMark]:
    kept = [n for n in desk.records(marks.file, "notes", MarkNote) if n.pupil == pupil]
    notes: dict[tuple[date, str], MarkNote] = {(n.on, n.session): n for n in kept}
    found = []
    for day, session, code in marks.all_of(pupil):
        note = notes.get((day, session))
        found.append(
            FileMark(
                on=day,
                session=session,  # type: ignore[arg-type]
                code=code,
                minutes=note.minutes if note else None,
                note=note.note if note else "",
            )
        )
    return found


def _entries(desk: Desk, case: Case) -> list[dict[str, Any]]:
    ids = {case.id} | related(desk, case.pupil)
    closed = hidden(desk, case.pupil)
    return [e for e in desk.store.entries() if about(e, ids) and closed.isdisjoint((e["subject"], e["why"]))]
