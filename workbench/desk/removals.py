"""Removals: a name leaves the roll only when ground, evidence, authority and a second person stand behind it."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from rules.grounds import evidence_keys
from rules.grounds import ground as ground_of
from workbench.desk.casefacts import case_of
from workbench.desk.columns import words
from workbench.desk.conflicts import over_why
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.gates import RemovalView, authorisation_words, digest_of, request_words, view_of
from workbench.desk.hiding import is_secret, may_see
from workbench.desk.moments import day_typed
from workbench.desk.notices import DAYS, is_lately_by
from workbench.desk.permissions import verb
from workbench.desk.removal_keys import grounds, keys, questions_of
from workbench.desk.shelves import shelves
from workbench.desk.signatures import sign
from workbench.desk.signin import prove
from workbench.desk.text import PAGE, clean, required
from workbench.domain.asking import Asked
from workbench.domain.characters import harmless
from workbench.domain.errors import GatesOpenError, InvalidError, NotFoundError, RefusedError
from workbench.domain.removals import Authorisation, Confirmation, Evidence, Override, Removal

__all__ = ["RemovalView", "grounds", "keys"]

LA_GATES = ("la-consent", "la-confirmation")
BEFORE_AUTHORISATION = frozenset({"authorisation", "date"})
"""Gates that may stand open when a removal is authorised."""


@verb("removal.keys")
def evidence_questions(desk: Desk, removal_id: str) -> list[Asked]:
    """The conditions of a removal's ground as questions."""
    return questions_of(desk, _known(desk, removal_id).ground)


@verb("removal.list")
def removals(desk: Desk) -> list[RemovalView]:
    """All removals that the person signed in may know of, newest first, each with its gates as they stand."""
    found = [r for r in desk.records("cases", "removals", Removal) if may_see(desk, r)]
    return [view_of(desk, r) for r in sorted(found, key=lambda r: r.requested, reverse=True)]


@verb("removal.show")
def show(desk: Desk, removal_id: str) -> RemovalView:
    """One removal with its gates as they stand."""
    return view_of(desk, _known(desk, removal_id))


@verb("removal.start")
def start(
    desk: Desk, pupil: str, ground: str, case: str | None = None, effective: date | None = None
) -> RemovalView:
    """Ask for a name to be deleted. The name stays, and is marked, until the removal is completed.

    Args:
        pupil: id or UPN.
        ground: the letter.
        case: the case that it belongs to.
        effective: the day on which the name shall go, if that is known.

    Raises:
        InvalidError: if the ground is not in this rule set, or the day lies in the past.
        RefusedError: if the pupil has an open removal, or is off the roll.
    """
    child = lookup(desk, pupil)
    found = ground_of(desk.rules, ground, desk.today())
    if child.left is not None:
        raise RefusedError(f"{child.id} left on {child.left.isoformat()}.")
    if case is not None and case_of(desk, case).pupil != child.id:
        raise InvalidError(f"{harmless(case)} is not about {child.id}.")
    if effective is not None and effective < desk.today():
        raise InvalidError(
            f"effective: {effective.isoformat()} lies in the past; a name is never deleted back-dated."
        )
    _refuse_second(desk, child.id, shelves(desk).removals.get(child.id, ()))
    own = desk.unused("cases", "removals", "R")
    made = Removal(
        id=own,
        pupil=child.id,
        case=case,
        ground=found.letter,
        requested_by=desk.user(),
        requested=desk.stamp(),
        effective=effective,
    )
    made = msgspec.structs.replace(made, signature=sign(desk, *request_words(made)))
    with desk.change("removal.started", subject=own, why=None if is_secret(desk, case) else child.id) as tx:
        # asked once more under the lock: another person may have started one this very moment
        docs = [doc for doc in tx.docs("cases", "removals").values() if doc["pupil"] == child.id]
        _refuse_second(desk, child.id, [msgspec.convert(doc, Removal) for doc in docs])
        made = desk.save(tx, "cases", "removals", made, rev=0)
    return view_of(desk, made)


def _refuse_second(desk: Desk, pupil: str, known: Iterable[Removal]) -> None:
    open_ones = [r for r in known if r.state == "open"]
    running = [r.id for r in open_ones if may_see(desk, r)]
    if open_ones and not running:
        raise RefusedError(
            f"You cannot start a removal of {pupil}.", todo="Speak to another DSL or a leader."
        )
    if running:
        raise RefusedError(
            f"{pupil} has an open removal, {running[0]}.", todo="Go on with that one, or withdraw it."
        )


@verb("removal.evidence")
def evidence(
    desk: Desk,
    removal_id: str,
    key: str,
    value: str,
    note: str = "",
    rev: int | None = None,
    over: bool = False,
) -> RemovalView:
    """Record evidence for a condition; a newer statement replaces an older one, which stays in the log.

    Args:
        rev: the revision of the removal that was seen; None writes on top of what stands.
        over: both versions were seen and this one was chosen: the entry names the revision it replaces.

    Raises:
        ConflictError: if somebody else changed the removal since `rev`.
        InvalidError: if the ground has no such condition or nothing is said.
    """
    removal = _open(desk, removal_id)
    known = {c.key for c in evidence_keys(desk.rules, removal.ground, desk.today())}
    if key not in known:
        raise InvalidError(
            f"{harmless(key)} is no condition of Ground {removal.ground}.",
            todo=f"One of {', '.join(sorted(known))}.",
        )
    made = Evidence(
        key=key,
        value=_evidence_value(key, required(value, "The evidence", limit=200)),
        note=clean(note, multiline=True, limit=PAGE, what="The note"),
        by=desk.user(),
        at=desk.stamp(),
    )
    others = tuple(e for e in removal.evidence if e.key != key)
    why = over_why(removal.pupil, rev, over)
    return _write(desk, removal, "removal.evidenced", rev, why, evidence=(*others, made))


def _evidence_value(key: str, value: str) -> str:
    """`yes`, `no` or a day in ISO form.

    Raises:
        InvalidError: for anything else.
    """
    flag = words().flags.get(value.casefold())
    if flag is not None:
        return "yes" if flag else "no"
    try:
        return day_typed(value, key).isoformat()
    except InvalidError:
        raise InvalidError(
            f"{key}: {harmless(value)} is no answer.", todo="`yes`, `no`, or a date."
        ) from None


@verb("removal.confirm")
def confirm(
    desk: Desk, removal_id: str, from_name: str, reference: str, answer: str, gate: str | None = None
) -> RemovalView:
    """Record the authority's answer.

    Args:
        gate: `la-consent` or `la-confirmation`; the one that stands open unless given.

    Raises:
        InvalidError: if neither is asked for, or the answer is not `yes` or `no`.
    """
    removal = _open(desk, removal_id)
    if answer not in ("yes", "no"):
        raise InvalidError(f"answer: {harmless(answer)}.", todo="`yes` or `no`.")
    asked = [g.id for g in view_of(desk, removal).gates if g.id in LA_GATES and g.state != "does-not-apply"]
    standing = [g.id for g in view_of(desk, removal).gates if g.id in asked and g.state == "open"]
    chosen = gate or next(iter([*standing, *asked]), None)
    if chosen not in asked:
        raise InvalidError(
            f"Ground {removal.ground} asks for no answer of the authority here.", todo="Look at its gates."
        )
    made = Confirmation(
        gate=chosen,  # type: ignore[arg-type]
        answer=answer,  # type: ignore[arg-type]
        from_name=required(from_name, "Who answered", limit=120),
        reference=clean(reference, limit=120, what="reference"),
        on=desk.today(),
        by=desk.user(),
        at=desk.stamp(),
    )
    return _write(desk, removal, "removal.confirmed", confirmations=(*removal.confirmations, made))


@verb("removal.withdraw")
def withdraw(desk: Desk, removal_id: str, reason: str) -> RemovalView:
    """Withdraw a request; its duties no longer exist."""
    removal = _open(desk, removal_id)
    reason = required(reason, "The reason", multiline=True, limit=PAGE)
    return _write(
        desk,
        removal,
        "removal.withdrawn",
        state="withdrawn",
        ended=desk.stamp(),
        ended_by=desk.user(),
        ended_reason=reason,
    )


@verb("removal.authorise")
def authorise(
    desk: Desk,
    removal_id: str,
    overrides: Sequence[str] = (),
    reason: str = "",
    rev: int | None = None,
    passphrase: str | None = None,
) -> RemovalView:
    """Authorise a request as it stands now, with one's signature; any later change voids it.

    Args:
        overrides: policy gates to go on without.
        reason: why; needed with overrides.
        rev: the revision of the removal that was read; None authorises what stands.
        passphrase: once more, so that nobody signs at a terminal that was left; None for a command, whose sign-in was
            this moment's.

    Raises:
        ConflictError: if somebody else changed the removal since `rev`: it has to be read again first.
        WaitError: after wrong passphrases, for a while.
        RefusedError: to whoever asked for it, to an account that they lately made, reset or gave a role, or for a gate
            that is law.
        GatesOpenError: while a gate other than this one and the date stands open.
    """
    removal = _open(desk, removal_id)
    _refuse_same_eyes(desk, removal)
    made = _overridden(desk, removal, overrides, reason)
    waiting = [
        g.id for g in view_of(desk, made).gates if g.state == "open" and g.id not in BEFORE_AUTHORISATION
    ]
    if waiting:
        raise GatesOpenError(
            f"{removal.id} cannot be authorised yet.", waiting, todo=f"Open gates: {', '.join(waiting)}."
        )
    _prove(desk, passphrase)
    given = Authorisation(by=desk.user(), at=desk.stamp(), request_digest=digest_of(made))
    given = msgspec.structs.replace(given, signature=sign(desk, *authorisation_words(made, given)))
    changes = {"overrides": made.overrides, "authorisation": given}
    return _write(desk, removal, "removal.authorised", rev, **changes)


def _refuse_same_eyes(desk: Desk, removal: Removal) -> None:
    """Refuse whoever asked for a removal, and an account that could be theirs, as its second pair of eyes."""
    if removal.requested_by == desk.user():
        desk.note_if_possible("removal.refused", subject=removal.id, why="authorisation")
        raise RefusedError(
            f"{removal.id} was asked for by {desk.user()}; nobody authorises what they asked for.",
            todo="Another leader has to authorise it.",
        )
    if is_lately_by(desk, desk.user(), removal.requested_by):
        desk.note_if_possible("removal.refused", subject=removal.id, why="authorisation")
        raise RefusedError(
            f"{removal.id} was asked for by {removal.requested_by}, who lately made {desk.user()}'s account, gave it a "
            f"role or its passphrase: within {DAYS} days of that nobody can tell the two from one.",
            todo="Another leader authorises it, or somebody else asks for it.",
        )


def _prove(desk: Desk, passphrase: str | None) -> None:
    if passphrase is not None:
        prove(desk, passphrase)
    elif not desk.folded:
        raise RefusedError(
            "Authorising asks for your passphrase once more.", todo="Type it, and authorise again."
        )


def _overridden(desk: Desk, removal: Removal, overrides: Sequence[str], reason: str) -> Removal:
    if not overrides:
        return removal
    words = required(reason, "The reason for going on without", multiline=True, limit=PAGE)
    by_id = {g.id: g for g in view_of(desk, removal).gates}
    made = []
    for gate in overrides:
        found = by_id.get(gate)  # type: ignore[call-overload]
        if found is None:
            raise InvalidError(f"{harmless(gate)} is no gate.", todo=f"One of {', '.join(by_id)}.")
        if gate not in LA_GATES or found.standing not in ("policy", "local"):
            raise RefusedError(f"The gate {gate} is {found.standing} and cannot be overridden.")
        made.append(Override(gate=found.id, reason=words, by=desk.user(), at=desk.stamp()))
    others = tuple(o for o in removal.overrides if o.gate not in overrides)
    return msgspec.structs.replace(removal, overrides=(*others, *made))


@verb("removal.complete")
def complete(desk: Desk, removal_id: str, on: date, rev: int | None = None) -> RemovalView:
    """Delete the name from the roll.

    Args:
        on: the date it goes: today or later. The pupil is marked until then.
        rev: the revision of the removal that was read; None completes what stands.

    Raises:
        ConflictError: if somebody else changed the removal since `rev`.
        GatesOpenError: naming every gate that stands open.
    """
    removal = _open(desk, removal_id)
    seen = view_of(desk, removal, on)
    if seen.open_gates:
        desk.note_if_possible("removal.refused", subject=removal.id, why="complete")
        why = "; ".join(f"{g.id}: {g.why}" for g in seen.gates if g.state == "open")
        raise GatesOpenError(
            f"{removal.id} cannot be completed.",
            seen.open_gates,
            kept="The name stays on the roll.",
            todo=f"Open: {why}.",
        )
    ended = msgspec.structs.replace(
        removal, state="completed", effective=on, ended=desk.stamp(), ended_by=desk.user()
    )
    pupil = msgspec.structs.replace(seen.pupil, left=on, left_ground=removal.ground)
    with desk.change("removal.completed", subject=removal.id, why=_whose(desk, removal)) as tx:
        ended = desk.save(tx, "cases", "removals", ended, rev=removal.rev if rev is None else rev)
        desk.save(tx, "pupils", "pupils", pupil, rev=seen.pupil.rev)
    return view_of(desk, ended, on)


def _write(
    desk: Desk,
    removal: Removal,
    act: str,
    rev: int | None = None,
    why: str | None = None,
    /,
    **changes: object,
) -> RemovalView:
    changed = msgspec.structs.replace(removal, **changes)
    with desk.change(act, subject=removal.id, why=why or _whose(desk, removal)) as tx:
        changed = desk.save(tx, "cases", "removals", changed, rev=removal.rev if rev is None else rev)
    return view_of(desk, changed)


def _whose(desk: Desk, removal: Removal) -> str | None:
    """The pupil, as an entry names whose removal it is about; of a case about somebody here it does not."""
    return None if is_secret(desk, removal.case) else removal.pupil


def _known(desk: Desk, removal_id: str) -> Removal:
    found = desk.record("cases", "removals", removal_id, Removal)
    if found is None or not may_see(desk, found):
        raise NotFoundError(
            f"There is no removal {harmless(removal_id)}.", todo="`workbench removal list` shows them."
        )
    return found


def _open(desk: Desk, removal_id: str) -> Removal:
    found = _known(desk, removal_id)
    if found.state != "open":
        raise RefusedError(f"{found.id} is {found.state}.")
    return found
