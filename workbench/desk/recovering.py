"""The recovery key in use: typed back, made anew, and an account that gets in again by it."""

import msgspec
from msgspec import Struct

from store.change import Tx
from store.envelope import SEALED
from store.sealing import LENGTH
from store.vault import key_id
from workbench.desk import throttle
from workbench.desk.context import Desk
from workbench.desk.enrolling import save_account, secret_of
from workbench.desk.folders import own_words
from workbench.desk.kdf import DEFAULT, Costs
from workbench.desk.keyring import Keyring
from workbench.desk.notices import remember
from workbench.desk.permissions import verb
from workbench.desk.recovery import Recovery, from_text, recovery_of
from workbench.desk.sealing import RECOVERY
from workbench.desk.secrets_rules import check_secret
from workbench.desk.sharing import OF_PEOPLE, align, renew
from workbench.desk.signin import prove as prove_passphrase
from workbench.desk.signin import signed_as
from workbench.desk.translate import translated
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import Person

WRONG = "This is not the recovery key of this folder."
NONE = InvalidError(
    "This folder has no recovery key: it is of an older format.",
    todo="`workbench upgrade --into NEW` makes one.",
)


class Paper(Struct, frozen=True, kw_only=True):
    """What is known of the recovery key. Moments are ISO 8601."""

    made: str
    proven: str | None
    """When it was last typed back; None until then."""
    proven_by: str | None
    behind: int
    """How many cases and records it does not open yet: an earlier key does, which is kept until this is 0."""


@verb("recovery.show")
def paper(desk: Desk) -> Paper:
    """When the recovery key was made and proven, and what it does not open yet.

    Raises:
        InvalidError: the folder is of a format that has none.
    """
    found = _kept(desk)
    return Paper(made=found.made, proven=found.proven, proven_by=found.proven_by, behind=_behind(desk, found))


@verb("recovery.prove")
def prove(desk: Desk, typed: str) -> None:
    """Note that the recovery key was typed back from its paper; the entry is `recovery.proven`.

    Raises:
        InvalidError: it has not the form of one, or a letter of it is wrong.
        RefusedError: it is another folder's, or an earlier one of this folder.
    """
    if recovery_of(from_text(typed), "").seals != _kept(desk).seals:
        raise RefusedError(
            WRONG, todo="Look for a newer paper; `workbench people recovery new` makes another key."
        )
    with desk.change("recovery.proven") as tx:
        proven = msgspec.structs.replace(_stored(tx), proven=desk.stamp(), proven_by=desk.user())
        desk.save(tx, "people", "recovery", proven)


@verb("recovery.new")
def make_new(desk: Desk, key: bytes, passphrase: str | None = None) -> Paper:
    """Put a new recovery key in the place of the one there is, and seal everything that can be opened here to it. Open
    cases get new keys, so that whoever has the old paper reads nothing that is written from now on.

    Args:
        desk: the desk.
        key: the new one, 32 random bytes, which the caller shows once.
        passphrase: the person's own, proven first; None where they signed in with it this moment.

    Raises:
        WaitError, RefusedError: the passphrase is wrong.
        InvalidError: the folder is of a format that has none, or the person holds no keys.
    """
    if passphrase is not None:
        prove_passphrase(desk, passphrase)
    _kept(desk)
    if desk.keys is None:
        raise InvalidError("You hold no keys to share.", todo="Sign in once more with your passphrase.")
    with desk.change("recovery.renewed") as tx:
        rev = _stored(tx).rev
        desk.save(tx, "people", "recovery", msgspec.structs.replace(recovery_of(key, desk.stamp()), rev=rev))
        remember(desk, tx, "recovery.renewed", "")
        renew(desk, tx)
        align(desk, tx)
    return paper(desk)


# without anybody ----------------------------------------------------------------------------------------------------


def recover(desk: Desk, user: str, typed: str, passphrase: str, kdf: Costs = DEFAULT) -> Person:
    """Let somebody in again by the recovery key: they get the passphrase and new keys, to which everything is opened
    that they may read. Nobody is signed in; the entry is `person.recovered`, its role `recovery`.

    Args:
        desk: an open folder.
        user: whose account; it has to be a DSL's or a leader's.
        typed: the recovery key, as it was typed.
        passphrase: their new one.
        kdf: what one guess at it shall cost.

    Raises:
        WaitError: wrong keys were typed, and their wait is not over: nothing was checked.
        RefusedError: the key is wrong; or the account is neither a DSL's nor a leader's.
        InvalidError: the passphrase is one that is guessed early; the key has not the form of one.
        FolderError: the vault cannot be read, or is missing.
    """
    with translated():
        desk.store.refresh()
        keys = _with_key(desk, typed)
        person = desk.record("people", "people", user, Person)
        if person is None:
            raise NotFoundError(f"Nobody has the user name {harmless(user)}.")
        _refuse_others(person)
        check_secret(passphrase, person.roles, own_words(desk.school(), person))
        fresh = Keyring.fresh(person.user, desk.random, desk.store.vault)
        # it opens with the paper, and signs as the person who has it
        both = Keyring(person.user, keys.kept, fresh.kept[LENGTH:], desk.store.vault)
        opening = desk.signed(signed_as(person), keys=both)
        verifier, _ = secret_of(opening, person, passphrase, kdf, fresh)
        with opening.change_by(person.user, "recovery", "person.recovered", person.user) as tx:
            stored = msgspec.convert(tx.get("people", "people", person.id), Person)
            _refuse_others(stored)
            saved = save_account(opening, tx, stored, verifier, fresh)
            remember(opening, tx, "person.recovered", person.user)
            renew(opening, tx)
            align(opening, tx)
        throttle.passed(desk, person.user)
    return msgspec.structs.replace(saved, slot=None, seals=None, signs=None, signed_with=())


def _refuse_others(person: Person) -> None:
    if {"dsl", "leader"}.isdisjoint(person.roles):
        raise RefusedError(
            f"{person.user} is neither a DSL nor a leader.",
            todo=f"Recover one of them; they give {person.user} a first passphrase: `workbench people reset`.",
        )


def _with_key(desk: Desk, typed: str) -> Keyring:
    """The keys that the recovery key opens. Wrong ones are throttled and logged as a wrong passphrase is."""
    wanted = _kept(desk).seals
    throttle.admit(desk, throttle.RECOVERY)
    keys = Keyring("recovery", from_text(typed), b"", desk.store.vault)
    if keys.seal_public.hex() == wanted:
        throttle.passed(desk, throttle.RECOVERY)
        return keys
    seconds = throttle.failed(desk, throttle.RECOVERY)
    desk.store.note(at=desk.stamp(), actor="-", role="recovery", act="signin.refused", subject=None, why=None)
    raise RefusedError(WRONG, todo=f"Wait {seconds} s, then type it again from the newest paper.")


def _kept(desk: Desk) -> Recovery:
    found = desk.record(*RECOVERY, Recovery)
    if found is None:
        raise NONE
    return found


def _stored(tx: Tx) -> Recovery:
    return msgspec.convert(tx.get(*RECOVERY), Recovery)


def _behind(desk: Desk, recovery: Recovery) -> int:
    own = key_id(recovery.seals)
    keys = sum(own not in wraps for wraps in desk.store.vault.keys().values())
    docs = [doc for place in OF_PEOPLE for doc in desk.store.page(*place).own.values() if SEALED in doc]
    return keys + sum(own not in doc[SEALED]["to"] for doc in docs)
