"""Referrals: the decision to refer, or not to, always with its reason; answers, follow-up and escalation."""

from datetime import date

import msgspec

from rules.wizard import question, wizard
from store.change import Tx
from workbench.desk.casefacts import case_of
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.desk.text import PAGE, clean, required
from workbench.domain.cases import Case, Referral, Reply
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError

CONSENT = ("", "given", "not-sought", "refused")


@verb("case.keys")
def recipients_known(desk: Desk) -> tuple[tuple[str, str], ...]:
    """`recipients`, for those who may read the keys of a case."""
    return tuple((r.key, r.title) for r in wizard().recipient)


@verb("referral.list")
def recipients(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Whom a child can be referred to: key and words."""
    return tuple((r.key, r.title) for r in wizard().recipient)


@verb("referral.list")
def levels(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Levels of a threshold document: key and words; the authority's own document decides."""
    found = question(desk.rules_to_write, desk.today(), "referral.threshold_level")
    return tuple((c.key, f"{c.key}  {c.text}") for c in found.choices) if found else ()


@verb("referral.list")
def referrals(desk: Desk, texts: bool = True) -> list[Referral]:
    """The referrals of all cases that the person signed in may know of, newest first.

    Args:
        desk: the desk.
        texts: with their reasons and answers, and an entry that says so; a list that shows none of them leaves none.
    """
    hidden = {c.id for c in desk.records("cases", "cases", Case) if desk.user() in c.about}
    found = [r for r in desk.records("cases", "referrals", Referral) if r.case not in hidden]
    found.sort(key=lambda r: (r.at, r.recorded), reverse=True)
    if not texts:
        return [_bare(r) for r in found]
    if found:
        desk.note_if_possible("referral.listed")
    return found


@verb("referral.show")
def show(desk: Desk, referral_id: str, again: bool = False) -> Referral:
    """A referral whole. That it was looked at is in the log.

    Args:
        desk: the desk.
        referral_id: its id.
        again: the person has it open and reads it once more: the first look stands in the log.

    Raises:
        NotFoundError: if there is none that the person signed in may know of.
    """
    found = _known(desk, referral_id)
    if not again:
        desk.note_if_possible("referral.viewed", subject=found.case, why=found.id)
    return found


def _bare(found: Referral) -> Referral:
    """A referral without what anybody said in it; outcomes are a word or two and stay."""
    replies = tuple(msgspec.structs.replace(r, text="") for r in found.replies)
    return msgspec.structs.replace(
        found, reason="", consent_why="", escalated="yes" if found.escalated else "", replies=replies
    )


@verb("referral.add")
def add(
    desk: Desk,
    case_id: str,
    to: str,
    decision: str,
    reason: str,
    threshold: str = "",
    reference: str = "",
    consent: str = "",
    consent_why: str = "",
    follow_up: date | None = None,
) -> Referral:
    """Record a decision to refer, or not to.

    Args:
        to: a recipient's key.
        decision: `refer` or `not-referred`.
        reason: why, for either.
        threshold: level of the authority's threshold document.
        reference: what the recipient calls it.
        consent: `given`, `not-sought` or `refused`; the latter two with `consent_why`.
        follow_up: the day on which to ask again if nobody answers; as the rules say unless given.

    Raises:
        InvalidError: for an unknown recipient or decision, or without a reason.
    """
    case = case_of(desk, case_id)
    _insist(to, decision, consent, consent_why)
    reason = required(reason, "The reason", multiline=True, limit=PAGE)
    with desk.change("referral.added", subject=case.id) as tx:
        made = Referral(
            id=desk.fresh(tx, "cases", "referrals", "F"),
            case=case.id,
            pupil=case.pupil,
            to=to,
            decision=decision,  # type: ignore[arg-type]
            reason=reason,
            threshold=clean(threshold, limit=80, what="threshold"),
            reference=clean(reference, limit=80, what="reference"),
            consent=consent,
            consent_why=clean(consent_why, limit=400, what="consent_why"),
            follow_up=follow_up,
            at=desk.stamp(),
            by=desk.user(),
            recorded=desk.stamp(),
        )
        return desk.save(tx, "cases", "referrals", made)


def _insist(to: str, decision: str, consent: str, consent_why: str) -> None:
    """Refuse a recipient, a decision or a consent that is none, and a missing consent without its reason."""
    names = [r.key for r in wizard().recipient]
    if to not in names:
        raise InvalidError(f"to: {harmless(to)}.", todo=f"One of {', '.join(names)}.")
    if decision not in ("refer", "not-referred"):
        raise InvalidError(f"decision: {harmless(decision)}.", todo="`refer` or `not-referred`.")
    if consent not in CONSENT:
        raise InvalidError(f"consent: {harmless(consent)}.", todo="`given`, `not-sought` or `refused`.")
    if consent in ("not-sought", "refused") and not consent_why.strip():
        raise InvalidError(f"consent {consent} needs its reason.", todo="Say why in `consent_why`.")


@verb("referral.reply")
def reply(desk: Desk, referral_id: str, text: str, outcome: str = "", by: str = "") -> Referral:
    """Write down what the recipient answered; the follow-up clock stops."""
    found = _known(desk, referral_id)
    said = Reply(
        at=desk.stamp(),
        by=clean(by, limit=120, what="by") or desk.user(),
        text=required(text, "The answer", multiline=True, limit=PAGE),
        outcome=clean(outcome, limit=200, what="outcome"),
    )
    with desk.change("referral.replied", subject=found.case, why=found.id) as tx:
        stored = _stored(tx, found)
        changed = msgspec.structs.replace(stored, replies=(*stored.replies, said))
        return desk.save(tx, "cases", "referrals", changed)


@verb("referral.escalate")
def escalate(desk: Desk, referral_id: str, text: str) -> Referral:
    """Escalate a referral whose answer is missing or not good enough: to whom, and why."""
    found = _known(desk, referral_id)
    words = required(text, "To whom, and why", multiline=True, limit=PAGE)
    with desk.change("referral.escalated", subject=found.case, why=found.id) as tx:
        stored = _stored(tx, found)
        whole = f"{stored.escalated}\n{desk.stamp()} {words}".strip()
        return desk.save(tx, "cases", "referrals", msgspec.structs.replace(stored, escalated=whole))


def _stored(tx: Tx, found: Referral) -> Referral:
    """A referral as it stands under the lock: what others add to it at the same time stays."""
    return msgspec.convert(tx.get("cases", "referrals", found.id), Referral)


def _known(desk: Desk, referral_id: str) -> Referral:
    found = desk.record("cases", "referrals", referral_id, Referral)
    case = desk.record("cases", "cases", found.case, Case) if found is not None else None
    if found is None or case is None or desk.user() in case.about:
        raise NotFoundError(
            f"There is no referral {harmless(referral_id)}.", todo="`workbench referral list` shows them."
        )
    return found
