"""What a passphrase is checked against, and where it is kept: a slot of the vault, in format 0 the account itself.

An account says only the slot's fingerprint, so that neither salt nor hash stands in the log.
"""

import msgspec

from store.errors import DamagedError
from store.vault import fault
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError
from workbench.domain.people import Person, Verifier

CHECK = "Run `workbench check`."


class SlotAlteredError(FolderError):
    """The slot is there and not what it should be. At the sign-in that is a wrong passphrase; the check names it."""


def as_slot(verifier: Verifier) -> dict[str, object]:
    """A verifier as the vault keeps it."""
    found: dict[str, object] = msgspec.to_builtins(verifier)
    return found


def is_first(desk: Desk, user: str) -> bool:
    """Whether somebody's passphrase is a first one, in whose place they choose their own."""
    person = desk.record("people", "people", user, Person)
    found = verifier_of(desk, person) if person is not None else None
    return found is not None and found.first


def has_secret(desk: Desk, person: Person) -> bool:
    """Whether there is something that the person's passphrase is checked against; it is not read."""
    return person.slot is not None or _old(desk, person) is not None


def verifier_of(desk: Desk, person: Person) -> Verifier | None:
    """What the person's passphrase is checked against; None if they have no passphrase.

    Raises:
        SlotAlteredError: the slot was altered or cannot be read.
        FolderError: the slot, or the vault, is missing or damaged; it says who can help.
    """
    raw = _old(desk, person) if person.slot is None else _slot(desk, person, person.slot)
    if raw is None:
        return None
    try:
        return msgspec.convert(raw, Verifier)
    except msgspec.ValidationError as error:
        raise SlotAlteredError(f"{person.user}'s slot cannot be read (vault.json).", todo=CHECK) from error


def _old(desk: Desk, person: Person) -> object:
    """Where format 0 keeps it; in a later format what stands there counts for nothing."""
    doc = desk.get("people", "people", person.id) if desk.store.format == 0 else None
    return None if doc is None else doc.get("verifier")


def _slot(desk: Desk, person: Person, fingerprint: str) -> object:
    try:
        slots = desk.store.vault.slots()
    except DamagedError as error:
        raise _unusable(desk, person, error.reason) from error
    wrong = fault(slots, fingerprint)
    if fingerprint not in slots:
        raise _unusable(desk, person, wrong)
    if wrong:
        raise SlotAlteredError(f"{person.user}'s slot: {wrong} (vault.json).", todo=CHECK)
    return slots[fingerprint]


def _unusable(desk: Desk, person: Person, reason: str) -> FolderError:
    """The passphrase may be right, but nobody can tell: who it is, why, and who can help."""
    helpers = [
        other.user
        for other in desk.records("people", "people", Person)
        if other.id != person.id and not {"dsl", "leader"}.isdisjoint(other.roles)
    ]
    ask = " or ".join(helpers) if helpers else "whoever keeps the folder"
    return FolderError(
        f"{person.user} cannot sign in; ask {ask}: {reason} (vault.json).",  # the lock shows its beginning
        todo="They put vault.json back from the newest backup; `workbench check` says whether it fits. Or they reset "
        "the account (`workbench people reset`); where nobody can sign in, the recovery key helps "
        "(`workbench people recover`). A concern needs no sign-in: Ctrl+R in the app.",
    )
