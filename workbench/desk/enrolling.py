"""Keys for those whose roles need them: made when the passphrase that protects them is at hand. No verbs here."""

from contextlib import suppress

import msgspec

from store.change import Tx
from workbench.desk import kdf
from workbench.desk.context import Desk
from workbench.desk.keyring import Keyring
from workbench.desk.sharing import share
from workbench.desk.slots import as_slot
from workbench.domain.errors import FolderError, WorkbenchError
from workbench.domain.people import Person, Role, Verifier

NO_KEYS: frozenset[Role] = frozenset({"staff"})
"""Whoever has no role beyond these holds no keys: nothing is ever sealed to them."""


def needs_keys(person: Person) -> bool:
    """Whether somebody of these roles holds keys."""
    return not NO_KEYS.issuperset(person.roles)


def save_account(
    desk: Desk, tx: Tx, person: Person, verifier: Verifier, keys: Keyring | None = None
) -> Person:
    """Save an account inside a change; what its passphrase is checked against goes into the vault.

    Args:
        keys: those that `verifier` protects; their public parts stand in the account.
    """
    changed = msgspec.structs.replace(
        person,
        slot=tx.keep(as_slot(verifier)),
        seals=keys.seal_public.hex() if keys else None,
        signs=keys.sign_public.hex() if keys else None,
    )
    return desk.save(tx, "people", "people", _remembering(changed))


def _remembering(person: Person) -> Person:
    """The account with its signing key among all that it ever had."""
    if person.signs is None or person.signs in person.signed_with:
        return person
    return msgspec.structs.replace(person, signed_with=(*person.signed_with, person.signs))


def secret_of(desk: Desk, person: Person, passphrase: str, costs: kdf.Costs, old: Keyring | None = None) -> tuple[
    Verifier, Keyring | None
]:  # fmt: skip
    """What a passphrase is checked against, and the keys that it protects, if the person's roles need any.

    Args:
        old: the keys that they have, which go on; new ones are made without.
    """
    if not needs_keys(person):
        return kdf.make(passphrase, costs, desk.random), None
    keys = old or Keyring.fresh(person.user, desk.random, desk.store.vault)
    return kdf.make(passphrase, costs, desk.random, keys.kept), keys


def take_keys(desk: Desk, keys: Keyring | None) -> None:
    """Let a desk go on with the person's new keys."""
    desk.keys = desk.seal.keys = keys


def bring_up(desk: Desk, person: Person, passphrase: str, verifier: Verifier) -> Desk:
    """The desk of somebody who just signed in, with keys where their roles need some and they had none; what they may
    read and others can open is shared, both ways.

    Raises:
        FolderError: the keys in the vault are not those that the account names.
    """
    if desk.store.readonly or verifier.pin:
        return desk
    if desk.keys is None and needs_keys(person):
        desk = _keyed(desk, person, passphrase, verifier)
    elif desk.keys is not None and needs_keys(person):
        _recognise(desk, person, desk.keys)
    if desk.who is not None and desk.who.has("dsl", "leader"):
        with suppress(WorkbenchError):
            share(desk)
    return desk


def _keyed(desk: Desk, person: Person, passphrase: str, verifier: Verifier) -> Desk:
    costs = kdf.Costs(verifier.memory_kib, verifier.passes, verifier.lanes)
    made, keys = secret_of(desk, person, passphrase, costs)
    made = msgspec.structs.replace(
        made, logged=verifier.logged
    )  # the same passphrase can still be guessed there
    with desk.change("person.keyed", subject=person.user) as tx:
        save_account(desk, tx, msgspec.convert(tx.get("people", "people", person.id), Person), made, keys)
    return desk.signed(desk.who, folded=desk.folded, keys=keys)


def _recognise(desk: Desk, person: Person, keys: Keyring) -> None:
    """Let the keys of a slot pass that the account names; an account whose keys were taken away gets them back."""
    if person.seals == keys.seal_public.hex() and person.signs == keys.sign_public.hex():
        return
    if person.seals is not None:
        raise FolderError(
            f"{person.user}'s keys are not those that people.json names.", todo="Run `workbench check`."
        )
    with desk.change("person.keyed", subject=person.user) as tx:
        stored = msgspec.convert(tx.get("people", "people", person.id), Person)
        again = msgspec.structs.replace(stored, seals=keys.seal_public.hex(), signs=keys.sign_public.hex())
        desk.save(tx, "people", "people", again)
