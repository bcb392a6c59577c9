"""New keys for an account: one's own under the same passphrase, and another's whose passphrase is lost."""

import msgspec

from workbench.desk.context import Desk
from workbench.desk.enrolling import needs_keys, save_account, secret_of, take_keys
from workbench.desk.ids import ALPHABET, Random
from workbench.desk.kdf import DEFAULT, Costs
from workbench.desk.notices import remember
from workbench.desk.permissions import verb
from workbench.desk.sharing import align, renew
from workbench.desk.signin import prove
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import Person

GROUPS, LETTERS = 4, 4
"""How a first passphrase looks: 80 random bits."""


@verb("people.rekey")
def rekey(desk: Desk, passphrase: str, kdf: Costs = DEFAULT) -> None:
    """Give the person signed in new keys under the passphrase that they have. What their old keys opened is sealed to
    the new ones, and open cases get new keys: whoever took the old ones reads nothing that is written from now on.

    Args:
        desk: the desk; from then on it has the new keys.
        passphrase: their own, proven first.
        kdf: what one guess at it shall cost.

    Raises:
        WaitError, RefusedError: the passphrase is wrong; throttled and logged as at a sign-in.
        InvalidError: they hold no keys.
    """
    prove(desk, passphrase)
    person = _account(desk, desk.user())
    if desk.keys is None or not needs_keys(person):
        raise InvalidError("You hold no keys.", todo="`workbench people passphrase` changes the passphrase.")
    verifier, keys = secret_of(desk, person, passphrase, kdf)
    with desk.change("person.rekeyed", subject=person.user) as tx:
        stored = msgspec.convert(tx.get("people", "people", person.id), Person)
        save_account(desk, tx, stored, verifier, keys)
        renew(desk, tx)
        align(desk, tx)
    take_keys(desk, keys)


@verb("people.reset")
def reset(desk: Desk, user: str, kdf: Costs = DEFAULT) -> str:
    """Give somebody who lost their passphrase a first one, which signs them in to nothing but choosing their own, and
    new keys, to which what they may read is opened at once, as far as the person signed in can open it.

    Args:
        desk: the desk.
        user: whose account.
        kdf: what one guess at it shall cost.

    Returns:
        The first passphrase; it is shown this once.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is one's own; or a leader's, and the person signed in is none.
        InvalidError: the account has no role.
    """
    person = _account(desk, user)
    _may_reset(desk, person)
    first = _first(desk.random)
    verifier, keys = secret_of(desk, person, first, kdf)
    verifier = msgspec.structs.replace(verifier, first=True)
    with desk.change("person.reset", subject=person.user) as tx:
        stored = msgspec.convert(tx.get("people", "people", person.id), Person)
        _may_reset(desk, stored)
        save_account(desk, tx, stored, verifier, keys)
        if not {"dsl", "leader"}.isdisjoint(stored.roles):
            remember(desk, tx, "person.reset", person.user)
            renew(desk, tx)
        align(desk, tx)
    return first


def _account(desk: Desk, user: str) -> Person:
    person = desk.record("people", "people", user, Person)
    if person is None:
        raise NotFoundError(f"Nobody has the user name {harmless(user)}.")
    return person


def _may_reset(desk: Desk, person: Person) -> None:
    if person.user == desk.user():
        raise RefusedError(
            "Nobody resets their own account.", todo="`workbench people passphrase` changes your passphrase."
        )
    if "leader" in person.roles and (desk.who is None or not desk.who.has("leader")):
        raise RefusedError(
            f"Only a leader resets a leader, and {person.user} is one.",
            todo=f"With the recovery key: `workbench people recover {person.user}`.",
        )
    if not person.roles:
        raise InvalidError(f"{person.user} has no role.", todo="Give one first: `workbench people role`.")


def _first(random: Random) -> str:
    number = int.from_bytes(random(GROUPS * LETTERS * 5 // 8), "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range((GROUPS * LETTERS - 1) * 5, -1, -5))
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))
