"""A case from another school: its bundle proven, and brought in as a new, marked case. Nothing is written over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from workbench.desk import bundlefile, matching
from workbench.desk.accounts import people_known
from workbench.desk.bundlefile import Read
from workbench.desk.casefacts import case_of
from workbench.desk.context import Desk
from workbench.desk.matching import Match
from workbench.desk.opening import made_answer
from workbench.desk.permissions import verb
from workbench.desk.sharing import new_key
from workbench.domain.casefile import CaseFile
from workbench.domain.cases import Case, Closing
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.handover import RECEIVED, Imported, Received
from workbench.domain.pupils import Pupil

IMPORTED, TRIGGER = "handover.imported", "imported"
HOW = "happened.how"
"""The one question that is answered by the import itself."""
BY_PHONE = (
    "Ring the school on a number that you looked up yourself, and have them read the fingerprint to you: until then "
    "the key, which came with the bundle, proves only that nothing was changed since it was signed."
)


class Verified(Struct, frozen=True, kw_only=True):
    """What a bundle that is whole says, and what proves it."""

    sha256: str
    size: int
    signer: str
    """Fingerprint of the key that signed it."""
    said: str
    """Whose the key is, as the bundle says."""
    compared: bool
    """Whether the fingerprint is the one that was given."""
    school: str
    number: str
    case: str
    """The case at the sender."""
    made_at: str
    made_by: str
    pupil: str
    """The child's id at the sender."""
    upn: str | None
    entries: int
    """Entries of the sender's log, each whole in itself."""
    head: str
    """The head of the sender's log, which they can look for in it."""
    replaced: int
    """Characters of the case file that no terminal should get: shown as U+FFFD."""


class Brought(Struct, frozen=True, kw_only=True):
    """A case that was brought in."""

    case: Case
    pupil: str
    match: Match
    remarks: tuple[str, ...]


# verifying needs no folder ----------------------------------------------------------------------------------------


def verify(path: str, fingerprint: str = "") -> Verified:
    """What a bundle says and what proves it. Needs no folder, and nobody signed in.

    Args:
        path: the bundle.
        fingerprint: as the sender told it, by another way than the bundle came.

    Raises:
        InvalidError: if it is not whole, cannot be read, or another key signed it.
    """
    return _verified(bundlefile.read_file(path), fingerprint)


def proof_lines(found: Verified) -> list[str]:
    """What proves what, in words."""
    whole = (
        f"Whole: every file fits its sum, the sums their signature, each of {found.entries} entries its hash."
    )
    signed = f"Signed with {found.signer}" + (
        f", which the bundle says is {found.said}'s." if found.said else "."
    )
    who = (
        "The fingerprint is the one that you were told: it comes from who told you."
        if found.compared
        else BY_PHONE
    )
    return [whole, signed, who]


def _verified(read: Read, fingerprint: str) -> Verified:
    bundle, file = read.bundle, read.case
    return Verified(
        sha256=bundle.sha256,
        size=bundle.size,
        signer=bundle.fingerprint,
        said=bundle.said,
        compared=_compared(bundle.fingerprint, fingerprint),
        school=file.school.name,
        number=file.school.number,
        case=file.case.id,
        made_at=file.made_at,
        made_by=file.made_by,
        pupil=file.pupil.id,
        upn=file.pupil.upn,
        entries=len(file.log),
        head=file.head.hash,
        replaced=read.replaced,
    )


def _compared(signer: str, fingerprint: str) -> bool:
    """Whether a fingerprint was given.

    Raises:
        InvalidError: if it is another key's.
    """
    given = fingerprint.strip()
    if not given:
        return False
    if given.removeprefix("SHA256:").rstrip("=") != signer.removeprefix("SHA256:"):
        raise InvalidError(
            f"Another key signed the bundle: {signer}, not {harmless(given, 60)}.",
            todo="Do not rely on it. Ring the school, and say that somebody may have put another in its place.",
        )
    return True


# bringing in ------------------------------------------------------------------------------------------------------


@verb("handover.import")
def bring_in(
    desk: Desk,
    path: str,
    pupil: str | None = None,
    add: Mapping[str, str] | None = None,
    fingerprint: str = "",
    about: Sequence[str] = (),
) -> Brought:
    """Make a new, marked case of a bundle, in one change. The sender's file is kept apart from what is written here.

    Args:
        desk: the desk.
        path: the bundle.
        pupil: the child here (id or UPN); looked for by UPN, then by name and birth date, unless given.
        add: put the child on the roll, with these fields (`class`, `starts` ...) and the rest as the file has it.
        fingerprint: of the signing key, as the sender told it.
        about: users whom the case is about: it is hidden from them.

    Raises:
        InvalidError: the bundle is refused, was imported before, or is about another child than `pupil`.
        NotFoundError: the child is not here yet; the message says what to do.
    """
    read = bundlefile.read_file(path)
    compared = _compared(read.bundle.fingerprint, fingerprint)
    _refuse_twice(desk, read, desk.records("cases", "cases", Case))
    _refuse_unknown(desk, about)
    match = matching.match(desk, read.case.pupil, pupil, add)
    own = desk.unused("cases", "cases", "C")
    with desk.change(IMPORTED, subject=own, why=read.bundle.sha256) as tx:
        # asked once more under the lock: another person may bring the same one in this very moment
        every = [msgspec.convert(doc, Case) for doc in tx.docs("cases", "cases").values()]
        _refuse_twice(desk, read, every)
        child = matching.settled(desk, tx, match)
        beside = next((c for c in every if c.pupil == child.id and c.is_open), None)
        case = _case(desk, read, own, child, about, compared, beside)
        case = desk.save(tx, "cases", "cases", new_key(desk, tx, case), rev=0)
        kept = Received(id=own, case=own, pupil=child.id, file=read.raw)
        desk.save(tx, *RECEIVED, kept, rev=0)
        desk.save(tx, "cases", "answers", made_answer(desk, own, HOW, TRIGGER, _whose(read), None))
    return Brought(
        case=case, pupil=child.id, match=match, remarks=tuple(_remarks(desk, read, case, match, beside))
    )


def _refuse_twice(desk: Desk, read: Read, known: Iterable[Case]) -> None:
    for case in known:
        if case.imported is not None and case.imported.sha256 == read.bundle.sha256:
            which = "a case" if desk.user() in case.about else case.id
            raise InvalidError(f"This bundle was imported already, as {which}.", todo="Go on with that one.")


def _refuse_unknown(desk: Desk, about: Sequence[str]) -> None:
    known = people_known(desk)
    for user in about:
        if user not in known:
            raise InvalidError(
                f"about: {harmless(user)} is no account.", todo="`workbench people list` shows them."
            )


def _case(
    desk: Desk, read: Read, own: str, child: Pupil, about: Sequence[str], compared: bool, beside: Case | None
) -> Case:
    file, others = (
        read.case,
        [p.user for p in people_known(desk).values() if "dsl" in p.roles and p.user not in about],
    )
    owner = desk.user() if desk.user() not in about or not others else min(others)
    return Case(
        id=own,
        pupil=child.id,
        opened=desk.stamp(),
        opened_by=desk.user(),
        trigger=TRIGGER,
        owner=owner,
        about=tuple(dict.fromkeys(about)),
        closings=_closed(desk, file, beside),
        imported=Imported(
            case=file.case.id,
            school=file.school.name,
            number=file.school.number,
            made_at=file.made_at,
            made_by=file.made_by,
            sha256=read.bundle.sha256,
            signer=read.bundle.fingerprint,
            compared=compared,
        ),
    )


def _whose(read: Read) -> str:
    school = read.case.school
    return f"handed over by {school.name} {school.number}, their {read.case.case.id}"


def _closed(desk: Desk, file: CaseFile, beside: Case | None) -> tuple[Closing, ...]:
    """A child has one open case: what comes beside it, or came closed, is closed here and can be opened again."""
    if beside is None and file.case.open:
        return ()
    reason = "It came closed." if beside is None else "The child's own case was open when it came."
    return (Closing(at=desk.stamp(), by=desk.user(), act="closed", reason=reason),)


def _remarks(desk: Desk, read: Read, case: Case, match: Match, beside: Case | None) -> list[str]:
    said = []
    if case.imported is not None and not case.imported.compared:
        said.append(f"The fingerprint {case.imported.signer} was not compared. {BY_PHONE}")
    if beside is not None:
        which = "a case" if desk.user() in beside.about else beside.id
        said.append(
            f"{case.pupil} has an open case here, {which}: go on with that one, and read {case.id} beside it."
        )
    elif not case.is_open:
        said.append(f"The case came closed: reopen {case.id} if there is work to do.")
    if match.differs:
        said.append(
            f"The file says otherwise than the record of {case.pupil} about {', '.join(match.differs)}: look, and edit "
            "the pupil if the file is right. Nothing was taken over."
        )
    if read.replaced:
        said.append(f"{read.replaced} characters that no terminal should get were replaced.")
    return said


# reading ----------------------------------------------------------------------------------------------------------


@verb("handover.read")
def received(desk: Desk, case_id: str, again: bool = False) -> CaseFile:
    """The sender's case file of an imported case. That it was looked at is in the log.

    Args:
        again: it is read once more on a screen that stands open.

    Raises:
        NotFoundError: if there is no such case, or it was not imported.
        RefusedError: if the case is sealed to others.
    """
    case = case_of(desk, case_id)
    found = desk.record(*RECEIVED, case.id, Received)
    if case.imported is None or found is None:
        raise NotFoundError(f"{case.id} came from no other school.")
    if not found.file:
        raise RefusedError(
            f"{case.id} is sealed, and its key is not yours.", todo="Ask a DSL who can read it."
        )
    if not again:
        desk.note_if_possible("case.viewed", subject=case.id)
    return msgspec.convert(found.file, CaseFile)


def as_json(found: Brought) -> dict[str, Any]:
    """A case that was brought in, as commands print it: the case, and what was found of the child."""
    case: dict[str, Any] = msgspec.to_builtins(found.case)
    return {
        **case,
        "found_by": found.match.by,
        "differs": list(found.match.differs),
        "remarks": list(found.remarks),
    }
