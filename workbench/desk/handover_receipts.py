"""What happened to a handover after it was made, and its receipts: those that come back, and those that we make."""

import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from store.change import Tx
from workbench.desk import bundlefile, receiptfile
from workbench.desk.casefacts import case_of
from workbench.desk.clock import day_of, read_stamp, stamp
from workbench.desk.context import Desk
from workbench.desk.files import outside, taken_back, write_output
from workbench.desk.moments import happened
from workbench.desk.permissions import verb
from workbench.desk.text import LINE, NAME, clean, required
from workbench.domain import sshsig
from workbench.domain.cases import Case
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.handover import STATES, TABLE, Handover, HandoverStep, Receipt, State
from workbench.domain.pupils import PupilEvent

SENT, RECEIVED = "handover_sent", "handover_received"
"""Events with which the duties `handover.send` and `handover.receipt` end."""
LEAST_HASH = 12
"""Hex digits that are enough to read a hash back by telephone, as with the head of the log."""
AFTER_SENDING: tuple[State, ...] = ("collected", "opened", "accepted")
"""What cannot happen before it was sent."""


_CASE = re.compile("C-[0-9A-Z]{4,16}")


class Accepted(Struct, frozen=True, kw_only=True):
    """A receipt that was made here."""

    receipt: Receipt
    path: str
    signer: str
    """Fingerprint of the key that signed it, to be told by telephone."""


# those that left --------------------------------------------------------------------------------------------------


@verb("handover.list")
def handovers(desk: Desk, case_id: str | None = None) -> list[Handover]:
    """The handovers that were made, the newest first: of one case, or of all that the person may know of."""
    wanted = case_of(desk, case_id).id if case_id is not None else None
    found = [
        one for one in desk.records(*TABLE, Handover) if wanted in (None, one.case) and _known(desk, one)
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


@verb("handover.receipt")
def record(
    desk: Desk,
    own_id: str,
    state: str,
    who: str,
    post: str,
    at: str | None = None,
    read_back: str = "",
    note: str = "",
) -> Handover:
    """Write down what happened to a handover; sent and accepted end their duties.

    Args:
        desk: the desk.
        own_id: the handover.
        state: one of `STATES`.
        who: the person, by name: who sent it, or who has it now.
        post: their post.
        at: when it happened; now unless given.
        read_back: the bundle's SHA-256 as they read it to us, or its first `LEAST_HASH` digits at least.
        note: anything else, such as what was asked.

    Raises:
        NotFoundError: if there is no such handover.
        InvalidError: for an unknown state, a moment before it was made, or a hash that is not its own.
    """
    found = _handover(desk, own_id)
    if state not in STATES:
        raise InvalidError(f"state: {harmless(state)}.", todo=f"One of {', '.join(STATES)}.")
    step = HandoverStep(
        state=state,  # type: ignore[arg-type]
        who=required(who, "who", limit=NAME),
        post=required(post, "post", limit=NAME),
        at=happened(desk, at),
        hash=_read_back(found, read_back, state),
        note=required(note, "note") if state == "queried" else clean(note, limit=LINE, what="note"),
        recorded=desk.stamp(),
        by=desk.user(),
    )
    return _add(desk, found, step)


@verb("handover.receipt")
def record_file(desk: Desk, own_id: str, path: str) -> Handover:
    """Take in the receipt that the other school made: its signature and the hash in it are checked first.

    Raises:
        InvalidError: it is no receipt, was changed, or is for another bundle or another case.
        RefusedError: it was not written down yet that the handover was sent.
    """
    found = _handover(desk, own_id)
    receipt, signer = receiptfile.read_file(path)
    if receipt.bundle != found.sha256 or receipt.case != found.case:
        raise InvalidError(
            f"The receipt is for the bundle {harmless(receipt.bundle, 16)} of {harmless(receipt.case)}; {found.id} is "
            f"{found.sha256[:16]} of {found.case}.",
            todo="`workbench handover list` shows the check sums: record it where it belongs, or ask the school.",
        )
    step = HandoverStep(
        state="accepted",
        who=required(receipt.by, "by", limit=NAME),
        post=_at_school(receipt),
        at=_by_their_clock(desk, found, receipt.at),
        hash=receipt.bundle,
        note=receipt.note,
        signer=signer,
        recorded=desk.stamp(),
        by=desk.user(),
    )
    return _add(desk, found, step)


def _by_their_clock(desk: Desk, found: Handover, at: str) -> str:
    """When they say that it was, within what can be: that another school's clock is wrong is no reason to refuse."""
    try:
        moment = read_stamp(datetime.fromisoformat(at).isoformat())
    except ValueError:
        raise InvalidError(f"The receipt's time cannot be read: {harmless(at)}.") from None
    return stamp(max(read_stamp(found.at), min(moment, desk.now())))


def _at_school(receipt: Receipt) -> str:
    return ", ".join(part for part in (receipt.post, receipt.school, receipt.number) if part)


def _known(desk: Desk, one: Handover) -> bool:
    case = desk.record("cases", "cases", one.case, Case)
    return case is None or desk.user() not in case.about


def _handover(desk: Desk, own_id: str) -> Handover:
    found = desk.record(*TABLE, own_id, Handover)
    if found is None or not _known(desk, found):
        raise NotFoundError(
            f"There is no handover {harmless(own_id)}.", todo="`workbench handover list` shows them."
        )
    return found


def _read_back(found: Handover, given: str, state: str) -> str:
    """The whole hash that a part of it was read of; empty where none was.

    Raises:
        InvalidError: it is too short to tell, or another's: then they have another file.
    """
    digits = "".join(given.split()).lower()
    if not digits:
        return ""
    if len(digits) < LEAST_HASH or not set(digits) <= set("0123456789abcdef"):
        raise InvalidError(f"hash: {LEAST_HASH} to 64 digits 0-9 a-f are needed, not {harmless(given)}.")
    for own in (found.sha256, found.file_sha256):
        if own.startswith(digits):
            return found.sha256
    if state == "queried":
        return digits[:64]
    raise InvalidError(
        f"hash: they read {digits[:16]} back, and {found.id} is {found.sha256[:16]}: they have another file.",
        todo="Have them read it again; if it stays so, write it down as queried, and send the bundle once more.",
    )


def _add(desk: Desk, found: Handover, step: HandoverStep) -> Handover:
    """The handover with one step more, the event that ends a duty, and one entry for both."""
    if day_of(step.at) < day_of(found.at):
        raise InvalidError(f"at: {step.at[:16]} lies before {found.id} was made, {found.at[:16]}.")
    with desk.change(f"handover.{step.state}", subject=found.case, why=found.id) as tx:
        stored = msgspec.convert(tx.get(*TABLE, found.id), Handover)  # what others wrote meanwhile stays
        _refuse_order(stored, step)
        if event := _event(desk, tx, stored, step):
            desk.save(tx, "pupils", "events", event)
        return desk.save(tx, *TABLE, msgspec.structs.replace(stored, steps=(*stored.steps, step)))


def _refuse_order(stored: Handover, step: HandoverStep) -> None:
    states = [one.state for one in stored.steps]
    if step.state in AFTER_SENDING and "sent" not in states:
        raise RefusedError(
            f"It is not written down that {stored.id} was sent.",
            todo=f"First `workbench handover receipt {stored.id} --state sent`: by whom and when it went.",
        )
    if step.state == "accepted" and stored.is_accepted:
        raise RefusedError(
            f"{stored.id} was accepted already.", todo="A question about it is recorded as queried."
        )


def _event(desk: Desk, tx: Tx, stored: Handover, step: HandoverStep) -> PupilEvent | None:
    """What the rules read: that the file went, or that its receipt came."""
    fields: dict[str, Any]
    if step.state == "sent":
        kind, fields = SENT, {"to": stored.to or "the next school"}
    elif step.state == "accepted":
        kind, fields = RECEIVED, {"by": f"{step.who}, {step.post}"}
    else:
        return None
    return PupilEvent(
        id=desk.fresh(tx, "pupils", "events", "E"),
        pupil=stored.pupil,
        kind=kind,
        on=day_of(step.at),
        fields=fields,
        recorded=step.recorded,
        by=step.by,
    )


# those that came --------------------------------------------------------------------------------------------------


@verb("handover.accept")
def accept(desk: Desk, ref: str, out: str, note: str = "") -> Accepted:
    """Make a signed receipt for a bundle, and write down that it was made.

    Args:
        desk: the desk.
        ref: the imported case, or the bundle's file.
        out: where to write the receipt; nothing is written over.
        note: a word to the sender.

    Raises:
        InvalidError: if there is no key to sign with, the bundle is refused, or `out` cannot be written there.
        NotFoundError: if the case came from no other school.
    """
    keys = desk.keys
    if keys is None:
        raise InvalidError(
            "There is no key to sign with: whoever signs in with a PIN, or into a folder of an older format, has none.",
            todo="Sign in with a passphrase; `workbench upgrade` brings an older folder up to date.",
        )
    outside(out, desk.store.path)
    case, receipt = _receipt(desk, ref, clean(note, limit=LINE, what="note"))
    data = receiptfile.written(receipt, keys.sign_public, keys.sign)
    subject = case.id if case is not None else None
    with (
        taken_back(out) as prove,
        desk.change("handover.receipted", subject=subject, why=receipt.bundle) as tx,
    ):
        if case is not None:
            _mark_accepted(desk, tx, case.id, receipt.at)
        path = write_output(out, data, prove=prove)
    return Accepted(receipt=receipt, path=str(path), signer=sshsig.fingerprint(keys.sign_public))


def _mark_accepted(desk: Desk, tx: Tx, case_id: str, at: str) -> None:
    stored = msgspec.convert(tx.get("cases", "cases", case_id), Case)
    if stored.imported is not None:
        imported = msgspec.structs.replace(stored.imported, accepted=at, accepted_by=desk.user())
        desk.save(tx, "cases", "cases", msgspec.structs.replace(stored, imported=imported))


def _origin(desk: Desk, ref: str) -> tuple[Case | None, str, str]:
    """The imported case, if there is one, the case at the sender, and the hash of the bundle."""
    if _CASE.fullmatch(ref):
        case = case_of(desk, ref)
        if case.imported is None:
            raise NotFoundError(f"{case.id} came from no other school.")
        return case, case.imported.case, case.imported.sha256
    read = bundlefile.read_file(ref)
    found = [
        c
        for c in desk.records("cases", "cases", Case)
        if c.imported and c.imported.sha256 == read.bundle.sha256
    ]
    mine = [c for c in found if desk.user() not in c.about]
    return (mine[0] if mine else None), read.case.case.id, read.bundle.sha256


def _receipt(desk: Desk, ref: str, note: str) -> tuple[Case | None, Receipt]:
    case, theirs, bundle = _origin(desk, ref)
    school = desk.school()
    return case, Receipt(
        bundle=bundle,
        case=theirs,
        kept_as=case.id if case is not None else "",
        school=school.name,
        number=school.number,
        by=desk.who.name if desk.who else "",
        post=desk.who.post if desk.who else "",
        at=desk.stamp(),
        note=note,
    )
