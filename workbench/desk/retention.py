"""How long leavers' records are kept, legal holds on them, and their erasure once their time is over.

Erased is what the folder holds of a pupil: the documents, and their parts in the log. What stays are the entries, which
hold ids alone, a line that says that it was done, and parts of registers that others share. Backups made before still
hold everything.
"""

import re
from collections.abc import Iterator

import msgspec

from rules import retention as rule
from rules.facts import ConcernFacts
from store import erasing
from store.change import Tx
from store.envelope import is_sealed
from workbench.desk import logbook
from workbench.desk.context import Desk
from workbench.desk.duties import duties_of
from workbench.desk.facts import View, pupil_facts, view
from workbench.desk.finding import lookup
from workbench.desk.owned import Owned
from workbench.desk.permissions import verb
from workbench.desk.shelves import shelves
from workbench.desk.text import required
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.pupils import Pupil
from workbench.domain.retention import Erasure, ErasurePlan, Hold, Outcome, RetentionRow

__all__ = ["Erasure", "ErasurePlan", "Hold", "Outcome", "RetentionRow"]

BACKUPS = (
    "Backups made before, and folders that a restore put aside, still hold it: destroy them as your retention schedule "
    "says. A disk may keep traces of files until it writes over them."
)
SEALED = (
    "records are sealed to others and could not be looked into: what is this child's among them stays. Concerns are "
    "for designated safeguarding leads: a leader who has the role `dsl` too, given before, finds and erases them."
)
"""Said, with a number before it, where something could not be looked into."""
OPEN = ("due", "overdue")
_FILE = "pupils"


@verb("retention.list")
def kept(desk: Desk) -> list[RetentionRow]:
    """Every leaver, those first whose time is over longest: until when records are kept and why, and holds."""
    seen = view(desk)
    rows = [row for pupil in seen.shelves.pupils.values() if (row := _row(desk, seen, pupil)) is not None]
    return sorted(rows, key=lambda row: (row.until, row.pupil))


@verb("retention.list")
def erased(desk: Desk) -> list[Erasure]:
    """What was erased: whose records by id, when, by whom and why."""
    return sorted(desk.records(_FILE, "erased", Erasure), key=lambda one: one.at)


@verb("retention.list")
def holds(desk: Desk, pupil: str | None = None) -> list[Hold]:
    """Every legal hold, those that were released too; of one pupil if named (id or UPN)."""
    wanted = lookup(desk, pupil).id if pupil is not None else None
    return [one for one in desk.records(_FILE, "holds", Hold) if wanted in (None, one.pupil)]


@verb("retention.hold")
def hold(desk: Desk, ref: str, reason: str) -> Hold:
    """Put a legal hold on a pupil, cases included: nothing of theirs is erased while it stands.

    Raises:
        NotFoundError: there is no such pupil.
        InvalidError: without a reason.
    """
    pupil, reason = lookup(desk, ref), required(reason, "The reason", multiline=True, limit=2000)
    own = desk.unused(_FILE, "holds", "H")
    with desk.change("records.held", subject=pupil.id, why=own) as tx:
        lookup(
            desk, pupil.id
        )  # once more, under the lock: a hold on what was erased meanwhile would hold nothing
        kept_ = Hold(id=own, pupil=pupil.id, reason=reason, at=desk.stamp(), by=desk.user())
        return desk.save(tx, _FILE, "holds", kept_, rev=0)


@verb("retention.release")
def release(desk: Desk, ref: str, reason: str) -> list[Hold]:
    """Release every legal hold on a pupil; returns them. Somebody else erases then: four eyes.

    Raises:
        NotFoundError: there is no such pupil, or no hold on them.
        InvalidError: without a reason.
    """
    pupil, reason = lookup(desk, ref), required(reason, "The reason", multiline=True, limit=2000)
    if not _standing(desk, pupil.id):
        raise NotFoundError(f"No legal hold stands on {pupil.id}.")
    released = {"released_at": desk.stamp(), "released_by": desk.user(), "released_reason": reason}
    with desk.change("records.released", subject=pupil.id) as tx:
        return [
            desk.save(tx, _FILE, "holds", _with(one, released), rev=one.rev)
            for one in _standing(desk, pupil.id)
        ]


@verb("retention.plan")
def plan(desk: Desk, ref: str) -> ErasurePlan:
    """What an erasure would take, what would stay, and what is in its way. Nothing is changed.

    Raises:
        NotFoundError: there is no such pupil.
        RefusedError: if records of this pupil are about the person signed in.
    """
    pupil = lookup(desk, ref)
    _refuse_about(desk, pupil.id)
    row, mine = _row(desk, view(desk), pupil), Owned(desk, pupil.id)
    would = erasing.counted(desk.store, mine)
    ids = logbook.related(desk, pupil.id)
    return ErasurePlan(
        pupil=pupil.id,
        name=pupil.name,
        until=row.until if row else None,
        why=row.why if row else "the pupil has not left",
        records=mine.by_table(),
        parts=would.parts,
        shared=would.shared,
        entries=sum(logbook.about(entry, ids) for entry in desk.store.entries()),
        others=mine.others,
        sealed=mine.sealed,
        in_the_way=tuple(in_the_way(desk, pupil)),
    )


@verb("retention.erase")
def erase(desk: Desk, ref: str, reason: str) -> Outcome:
    """Erase everything of a leaver whose time is over. It cannot be taken back.

    Args:
        desk: the desk.
        ref: id or UPN.
        reason: why it is done now; it is kept, and may not name the pupil.

    Raises:
        NotFoundError: there is no such pupil.
        RefusedError: the time is not over, or a hold, a case, a removal, a duty or four eyes stand in the way.
        InvalidError: without a reason, or with one that names the pupil.
        FolderError: the log is not whole, or the disk refused; what was begun is finished at the next opening.
    """
    pupil, reason = lookup(desk, ref), required(reason, "The reason", multiline=True, limit=2000)
    _refuse_about(desk, pupil.id)
    _refuse_named(pupil, reason)
    _refuse_early(desk, pupil)
    mine, at = Owned(desk, pupil.id), desk.stamp()

    def more(tx: Tx) -> None:
        _refuse_early(desk, pupil)  # once more, under the lock: somebody may have put a hold on meanwhile
        row = _row(desk, view(desk), pupil)
        until = row.until if row else desk.today()
        desk.save(
            tx, _FILE, "erased", Erasure(id=pupil.id, kept_until=until, reason=reason, at=at, by=desk.user())
        )

    done = erasing.erase(desk.store, lambda: desk.change(erasing.ERASED, subject=pupil.id), mine, more)
    desk.forget()
    return Outcome(pupil=pupil.id, at=at, records=done.documents, parts=done.parts, shared=done.shared)


# what is in the way -------------------------------------------------------------------------------------------


def in_the_way(desk: Desk, pupil: Pupil) -> Iterator[str]:
    """Each reason why a pupil's records cannot be erased now, in words; ids and dates, no names."""
    row = _row(desk, view(desk), pupil)
    if row is None:
        yield "the pupil has not left"
    elif not row.due:
        yield f"the records are kept until {row.until.isoformat()}: {row.why}"
    else:
        yield from _perhaps_longer(desk, pupil)
    for one in _standing(desk, pupil.id):
        yield f"a legal hold stands, {one.id}, since {one.at[:10]}"
    yield from _open_work(desk, pupil.id)
    released = [one for one in desk.records(_FILE, "holds", Hold) if one.pupil == pupil.id and not one.stands]
    if desk.user() in {one.released_by for one in released}:
        yield f"{desk.user()} released a legal hold on these records: another leader erases them"


def _perhaps_longer(desk: Desk, pupil: Pupil) -> Iterator[str]:
    """A concern that is sealed to others may be about this child, and then keeps the records longer."""
    sealed = sum(map(is_sealed, desk.docs("concerns", "concerns").values()))
    if not sealed:
        return
    seen = view(desk)
    facts = pupil_facts(seen, pupil)
    on = facts.left or desk.today()
    supposed = msgspec.structs.replace(
        facts, concerns=(*facts.concerns, ConcernFacts(id="sealed", on=on, triaged=on))
    )
    found = rule.kept(desk.rules, seen.calendar, seen.school, supposed, seen.moment)
    if found is not None and found.until > desk.today():
        yield (
            f"concerns are sealed to others ({sealed}), and one about this child would keep the records until "
            f"{found.until.isoformat()}: a leader who has the role `dsl` too can look into them"
        )


def _open_work(desk: Desk, pupil: str) -> Iterator[str]:
    shelf = shelves(desk)
    for case in shelf.cases.get(pupil, ()):
        if case.is_open:
            yield f"case {case.id} is open"
    yield from _shared_cases(desk, pupil)
    for removal in shelf.removals.get(pupil, ()):
        if removal.state == "open":
            yield f"removal {removal.id} is open"
    sealed = [doc for doc in desk.docs("concerns", "concerns").values() if is_sealed(doc)]
    if waiting := sum(doc.get("triaged_at") is None for doc in sealed):
        yield f"concerns that are sealed to others were not decided on yet ({waiting}): one may be about this child"
    for duty in duties_of(desk, pupil):
        if duty.state in OPEN and not rule.is_review(desk.rules, duty.rule):
            yield f"duty {duty.id} is {duty.state}"


def _shared_cases(desk: Desk, pupil: str) -> Iterator[str]:
    """Cases about two children go with the one who is kept longer: an export takes names out, and needs them for it."""
    seen = view(desk)
    pupils = seen.shelves.pupils
    for case in (case for cases in seen.shelves.cases.values() for case in cases):
        about = {case.pupil, *(linked.pupil for linked in case.linked)}
        for other in sorted(about - {pupil}) if pupil in about else ():
            row = _row(desk, seen, pupils[other]) if other in pupils else None
            if other in pupils and (row is None or not row.due or row.holds):
                which = "a case" if desk.user() in case.about else f"case {case.id}"
                yield f"{which} is about {other} too, whose records are kept"


def _refuse_early(desk: Desk, pupil: Pupil) -> None:
    reasons = list(in_the_way(desk, pupil))
    if reasons:
        words = "; ".join(reasons)
        raise RefusedError(
            f"{pupil.id} is not erased: {words}.", todo="`workbench retention list` shows what is due."
        )


def _refuse_about(desk: Desk, pupil: str) -> None:
    """Nobody erases, or looks through, what was written about them; and is not told what that is."""
    shelf = shelves(desk)
    records = (*shelf.cases.get(pupil, ()), *shelf.concerns.get(pupil, ()))
    if any(desk.user() in record.about for record in records):
        raise RefusedError(f"{pupil} is not yours to erase.", todo="Ask another leader.")


def _refuse_named(pupil: Pupil, reason: str) -> None:
    """A forename counts as it is spelt: `Will` names a child, `will` does not."""
    folded, as_spelt = set(_words(reason.casefold())), set(_words(reason))
    for words, name in ((folded, pupil.surname.casefold()), (as_spelt, pupil.forename)):
        if name and words.issuperset(_words(name)):
            raise InvalidError(
                "The reason names the pupil, and it stays when all else is gone.",
                todo="Say it without a name.",
            )
    if pupil.upn and pupil.upn.casefold() in reason.casefold():
        raise InvalidError(f"The reason holds the UPN of {harmless(pupil.id)}.", todo="Say it without.")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# inside -------------------------------------------------------------------------------------------------------


def _row(desk: Desk, seen: View, pupil: Pupil) -> RetentionRow | None:
    facts = pupil_facts(seen, pupil)
    if facts.left is None:
        return None  # on roll, whatever was recorded before
    found = rule.kept(desk.rules, seen.calendar, seen.school, facts, seen.moment)
    if found is None:
        return None
    return RetentionRow(
        pupil=pupil.id,
        name=pupil.name,
        left=found.left,
        until=found.until,
        why=found.why,
        due=found.until <= desk.today(),
        holds=_standing(desk, pupil.id),
    )


def _standing(desk: Desk, pupil: str) -> tuple[Hold, ...]:
    return tuple(one for one in desk.records(_FILE, "holds", Hold) if one.pupil == pupil and one.stands)


def _with(one: Hold, released: dict[str, str]) -> Hold:
    return msgspec.structs.replace(one, **released)
