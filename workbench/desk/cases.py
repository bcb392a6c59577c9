"""Cases: opened, answered question by question, handed over, closed, opened again. Progress is never picked."""

import msgspec

from rules.progress import DANGER, StepState, closing
from rules.wizard import Question as Question
from rules.wizard import question, questions, wizard
from store.change import Tx
from workbench.desk.accounts import people_known
from workbench.desk.casefacts import as_asked, case_of, given, row_of, view_of
from workbench.desk.conflicts import over_why
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.granting import granted_case
from workbench.desk.moments import day_typed, happened
from workbench.desk.opening import made_answer, open_case, refuse_second
from workbench.desk.permissions import verb
from workbench.desk.sharing import new_key, renew_closed
from workbench.desk.shelves import shelves
from workbench.desk.text import PAGE, clean, required
from workbench.domain.asking import Asked
from workbench.domain.cases import Answer, Case, Closing, Linked, Note, WaitsFor
from workbench.domain.caseview import CaseRow, CaseView, Line
from workbench.domain.characters import harmless
from workbench.domain.errors import ConflictError, InvalidError, NotFoundError, RefusedError

__all__ = ["CaseRow", "CaseView", "Line", "StepState", "open_case"]

WAITS: tuple[WaitsFor, ...] = ("us", "la", "parents", "police", "social-care")
PAST = frozenset({"happened.when"})
"""Questions whose day cannot lie ahead."""
ROLES = ("subject", "sibling", "harmed", "alleged", "witness")


@verb("case.keys")
def triggers(desk: Desk) -> tuple[tuple[str, str], ...]:
    """How a case can come up: key and words."""
    return tuple((t.key, t.title) for t in wizard().trigger)


@verb("case.keys")
def keys(desk: Desk) -> list[Asked]:
    """Every question of the nine steps, in order."""
    return [as_asked(q) for q in questions(desk.rules_to_write, desk.today())]


@verb("case.keys")
def step_words(desk: Desk, step: str) -> tuple[str, str]:
    """What a step settles, and the policy's own words with their source; empty where it has none."""
    found = next((s for s in wizard().step if s.key == step), None)
    if found is None:
        raise NotFoundError(f"There is no step {harmless(step)}.")
    return found.text, f"{found.policy} ({found.law})" if found.policy else ""


@verb("case.list")
def cases(desk: Desk, open_only: bool = False) -> list[CaseRow]:
    """The cases that the person signed in may know of, open ones first, then by opening."""
    every = [c for c in desk.records("cases", "cases", Case) if desk.user() not in c.about]
    shown = [c for c in every if c.is_open or not open_only]
    return [row_of(desk, c) for c in sorted(shown, key=lambda c: (not c.is_open, c.opened))]


@verb("case.show")
def show(desk: Desk, case_id: str, again: bool = False) -> CaseView:
    """A case whole. That it was looked at is in the log.

    Args:
        again: the person has it open and reads it once more, after a change: the first look stands in the log.
    """
    case = granted_case(desk, case_id)
    if not again:
        desk.note_if_possible("case.viewed", subject=case.id)
    return view_of(desk, case)


@verb("case.answer")
def answer(
    desk: Desk, case_id: str, key: str, value: str, note: str = "", rev: int | None = None, over: bool = False
) -> Answer:
    """Answer one question; it is kept at once, and the answer before it stays in the record.

    Args:
        key: `step.name`, as `case keys` lists them.
        value: the key of a choice, a date, or text.
        note: what it relies on, or why.
        rev: the revision of the answer that was seen, 0 if there was none; None writes over what stands.
        over: both versions were seen and this one was chosen: the entry names the revision it replaces.

    Raises:
        InvalidError: for an unknown question or a value it cannot take.
        ConflictError: if somebody answered it meanwhile.
    """
    case = _open(desk, case_id)
    found = question(desk.rules_to_write, desk.today(), key)
    if found is None:
        raise InvalidError(f"{harmless(key)} is no question.", todo="`workbench case keys` lists them.")
    value = _value(desk, found, value)
    note = clean(note, multiline=True, limit=PAGE, what="The note")
    with desk.change("case.answered", subject=case.id, why=over_why(key if over else None, rev, over)) as tx:
        doc = tx.get("cases", "answers", f"{case.id}:{key}")
        before = msgspec.convert(doc, Answer) if doc is not None else None
        _insist_reason(key, value, note, before)
        made = made_answer(desk, case.id, key, value, note, before)
        if rev is not None and rev != (before.rev if before else 0):
            raise _answered_first(before, made)
        return desk.save(tx, "cases", "answers", made)


def _answered_first(before: Answer | None, made: Answer) -> ConflictError:
    """Why an answer is not written: another one stands that its writer had not seen, or none does any more."""
    who = f"answered by {before.by}" if before else "taken away"
    return ConflictError(
        f"{made.key} of {made.case} was {who} meanwhile.",
        theirs=msgspec.to_builtins(before) if before else {},
        yours=msgspec.to_builtins(made),
        by=before.by if before else "",
        at=before.at if before else "",
    )


def _insist_reason(key: str, value: str, note: str, before: Answer | None) -> None:
    """Danger that was seen is not taken back without a word."""
    if (
        key == "danger.level"
        and before is not None
        and before.value in DANGER
        and value not in DANGER
        and not note
    ):
        raise InvalidError(
            f"danger.level was {before.value}: taking it back needs what you rely on.",
            todo="Say it in the note.",
        )


def _value(desk: Desk, found: Question, value: str) -> str:
    if found.choices:
        keys_ = [c.key for c in found.choices]
        if value not in keys_:
            raise InvalidError(
                f"{found.key}: {harmless(value)} is no answer.", todo=f"One of {', '.join(keys_)}."
            )
        return value
    if found.kind == "date":
        day = day_typed(value, found.key)
        if day > desk.today() and found.key in PAST:
            raise InvalidError(f"{found.key}: {day.isoformat()} lies ahead.", todo="Write when it happened.")
        return day.isoformat()
    return required(value, found.key, multiline=True, limit=PAGE)


@verb("case.note")
def note(desk: Desk, case_id: str, text: str, at: str | None = None, corrects: str | None = None) -> Note:
    """Write a line into the chronology; `corrects` names the note it puts right, which stays."""
    case = case_of(desk, case_id)
    text, moment = required(text, "The note", multiline=True, limit=PAGE), happened(desk, at)
    if corrects is not None:
        doc = desk.get("cases", "notes", corrects)
        if doc is None or doc["case"] != case.id:
            raise NotFoundError(f"{case.id} has no note {harmless(corrects)}.")
    with desk.change("note.added", subject=case.id) as tx:
        renew_closed(desk, tx, case.id)
        made = Note(
            id=desk.fresh(tx, "cases", "notes", "L"),
            case=case.id,
            text=text,
            at=moment,
            by=desk.user(),
            recorded=desk.stamp(),
            corrects=corrects,
        )
        return desk.save(tx, "cases", "notes", made)


@verb("case.assign")
def assign(
    desk: Desk, case_id: str, owner: str | None = None, waits_for: str | None = None, rev: int | None = None,
    over: bool = False,
) -> Case:  # fmt: skip
    """Say who owns a case, and whom it waits for.

    Args:
        owner: a DSL or deputy; who owns it now unless given.
        waits_for: one of `WAITS`; as it is unless given.
        rev: the revision of the case that was seen; None writes over what stands.
        over: both versions were seen and this one was chosen.

    Raises:
        ConflictError: if somebody else changed the case since `rev`.
    """
    case = _open(desk, case_id)
    people = people_known(desk)
    if owner is not None and (owner not in people or "dsl" not in people[owner].roles or owner in case.about):
        raise InvalidError(
            f"{harmless(owner)} cannot own a case.", todo="Name a DSL or deputy it is not about."
        )
    if waits_for is not None and waits_for not in WAITS:
        raise InvalidError(f"waits_for: {harmless(waits_for)}.", todo=f"One of {', '.join(WAITS)}.")
    with desk.change("case.assigned", subject=case.id, why=over_why(None, rev, over)) as tx:
        stored = _stored(tx, case.id)
        changed = msgspec.structs.replace(
            stored, owner=owner or stored.owner, waits_for=waits_for or stored.waits_for
        )
        return desk.save(tx, "cases", "cases", changed, rev=rev)


@verb("case.link")
def link(desk: Desk, case_id: str, pupil: str, role: str) -> Case:
    """Link another child to a case, in a role of their own."""
    case = _open(desk, case_id)
    child = lookup(desk, pupil)
    if role not in ROLES:
        raise InvalidError(f"role: {harmless(role)}.", todo=f"One of {', '.join(ROLES)}.")
    if child.id == case.pupil:
        raise InvalidError(f"{child.id} is the subject of {case.id} already.")
    with desk.change("case.linked", subject=case.id, why=None if case.about else child.id) as tx:
        stored = _stored(tx, case.id)  # children whom others link at the same time stay linked
        others = tuple(x for x in stored.linked if x.pupil != child.id)
        linked = (*others, Linked(pupil=child.id, role=role))  # type: ignore[arg-type]
        return desk.save(tx, "cases", "cases", msgspec.structs.replace(stored, linked=linked))


def _stored(tx: Tx, case_id: str) -> Case:
    """A case as it stands under the lock.

    Raises:
        RefusedError: if it was closed meanwhile.
    """
    case = msgspec.convert(tx.get("cases", "cases", case_id), Case)
    if not case.is_open:
        raise RefusedError(f"{case.id} is closed.", todo="Open it again first: who and why are kept.")
    return case


@verb("case.close")
def close(desk: Desk, case_id: str, reason: str) -> Case:
    """Close a case.

    Raises:
        RefusedError: while something that must be true to close is not; all of it is named.
    """
    case = _open(desk, case_id)
    missing = [c.text for c in closing(given(desk, case)) if not c.met]
    if missing:
        raise RefusedError(f"{case.id} cannot be closed yet. Not yet true: {'; '.join(missing)}.")
    return _end(desk, case, "closed", reason)


@verb("case.reopen")
def reopen(desk: Desk, case_id: str, reason: str) -> Case:
    """Open a closed case again; who and why are kept."""
    case = case_of(desk, case_id)
    if case.is_open:
        raise InvalidError(f"{case.id} is open.")
    refuse_second(desk, case.pupil, shelves(desk).cases.get(case.pupil, ()))
    return _end(desk, case, "reopened", reason)


def _end(desk: Desk, case: Case, act: str, reason: str) -> Case:
    reason = required(reason, "The reason", multiline=True, limit=PAGE)
    step = Closing(at=desk.stamp(), by=desk.user(), act=act, reason=reason)  # type: ignore[arg-type]
    changed = msgspec.structs.replace(case, closings=(*case.closings, step))
    with desk.change(f"case.{act}", subject=case.id) as tx:
        if act == "reopened" and changed.seals:  # who left while it was closed holds the key that it has
            changed = new_key(desk, tx, changed)
        return desk.save(tx, "cases", "cases", changed, rev=case.rev)


def _open(desk: Desk, case_id: str) -> Case:
    case = case_of(desk, case_id)
    if not case.is_open:
        raise RefusedError(f"{case.id} is closed.", todo="Open it again first: who and why are kept.")
    return case
