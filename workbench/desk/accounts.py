"""Accounts and their roles. Names are never reused, and there is always a designated safeguarding lead."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench.desk.conflicts import over_why
from workbench.desk.context import Desk
from workbench.desk.enrolling import needs_keys, save_account, secret_of
from workbench.desk.folders import account, own_words
from workbench.desk.kdf import DEFAULT, Costs, matches
from workbench.desk.notices import remember
from workbench.desk.permissions import verb
from workbench.desk.secrets_rules import check_secret
from workbench.desk.sharing import align, renew
from workbench.desk.signin import prove
from workbench.desk.slots import verifier_of
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import ROLES, Person, Role
from workbench.domain.schoolfile import PersonTable

Docs = Mapping[str, Mapping[str, Any]]
FIELDS = ("user", "name", "post", "roles")
"""What `add` takes; roles are separated by commas or spaces."""

NONE = "none"
"""The word for no role at all."""


@verb("people.list")
def people(desk: Desk) -> list[Person]:
    """Everybody with an account, by user name, without the fingerprint of what their passphrase is checked against."""
    found = [_shown(person) for person in desk.records("people", "people", Person)]
    return sorted(found, key=lambda person: person.user)


@verb("people.list")
def key_holders(desk: Desk) -> frozenset[str]:
    """The users who hold keys: what is sealed can be opened to them."""
    return frozenset(person.user for person in desk.records("people", "people", Person) if person.seals)


def people_known(desk: Desk) -> dict[str, Person]:
    """Everybody with an account by user name, inside other verbs."""
    return {person.user: person for person in desk.records("people", "people", Person)}


@verb("people.add")
def add(desk: Desk, fields: Mapping[str, str], passphrase: str, kdf: Costs = DEFAULT) -> Person:
    """A new account.

    Args:
        desk: the desk.
        fields: `FIELDS` to their text.
        passphrase: the first passphrase.
        kdf: what one guess at it shall cost.

    Raises:
        InvalidError: if a field is missing, unknown or cannot be read, the user name was ever used, or the passphrase
            is one that is guessed early; a PIN will do for `staff` alone.
        RefusedError: if the person may not give one of the roles.
    """
    table = _table(fields)
    _refuse_taken(desk.docs("people", "people"), table.user)
    _may_give(desk, table.user, (), table.roles)
    person = account(table)
    check_secret(passphrase, person.roles, own_words(desk.school(), person))
    verifier, keys = secret_of(desk, person, passphrase, kdf)
    with desk.change("person.added", subject=person.user) as tx:
        _refuse_taken(tx.docs("people", "people"), person.user)
        saved = save_account(desk, tx, person, verifier, keys)
        if _reads((), person.roles):
            remember(desk, tx, "person.added", person.user, person.roles)
        align(desk, tx)
    return _shown(saved)


@verb("people.passphrase")
def set_passphrase(desk: Desk, passphrase: str, kdf: Costs = DEFAULT, old: str | None = None) -> None:
    """Give the person signed in a new passphrase, or PIN for `staff` alone; nobody chooses another's.

    Args:
        desk: the desk.
        passphrase: the new one.
        kdf: what one guess at it shall cost.
        old: the one they have, proven first; None where they signed in with it this moment.

    Raises:
        WaitError, RefusedError: the old one is wrong; that is throttled and logged as at a sign-in.
        InvalidError: if the new one is too short, too long, guessed early, or the one they have.
    """
    if old is not None:
        prove(desk, old)
    person = desk.record("people", "people", desk.user(), Person)
    if person is None:
        raise NotFoundError(f"Nobody has the user name {desk.user()}.")
    check_secret(passphrase, person.roles, own_words(desk.school(), person))
    before = verifier_of(desk, person)
    if before is not None and matches(before, passphrase):
        raise InvalidError("That is the passphrase you have.", todo="Choose another; a few words are best.")
    verifier, keys = secret_of(desk, person, passphrase, kdf, desk.keys)
    with desk.change("person.passphrase-set", subject=desk.user()) as tx:
        stored = msgspec.convert(tx.get("people", "people", desk.user()), Person)
        save_account(desk, tx, stored, verifier, keys)


@verb("people.role")
def set_roles(
    desk: Desk, user: str, roles: Sequence[str], rev: int | None = None, over: bool = False
) -> Person:
    """Give somebody exactly these roles.

    Args:
        desk: the desk.
        user: whose roles.
        roles: all that they shall have; `none` alone for somebody who left: they sign in to nothing any more.
        rev: the revision of the account that was seen; None writes over what stands.
        over: both versions were seen and this one was chosen: the entry names the revision it replaces.

    Raises:
        ConflictError: if somebody else changed the account since `rev`.
        NotFoundError: if there is no such account.
        InvalidError: if a role is unknown, none is named, or no DSL would be left.
        RefusedError: if the person may not give one of the roles.
    """
    return _set(desk, user, roles, "person.roles-set", rev, over)


@verb("people.remove")
def remove(desk: Desk, user: str) -> Person:
    """Take every role from somebody who left: they sign in to nothing any more, and what is written from now on is
    sealed to keys that they never held. The account stays, so that the log goes on to say who it was.

    Raises:
        NotFoundError: if there is no such account.
        InvalidError: if they have no role already, or no DSL would be left.
    """
    found = desk.record("people", "people", user, Person)
    if found is not None and not found.roles:
        raise InvalidError(f"{found.user} has no role already.", todo="There is nothing to take away.")
    return _set(desk, user, [NONE], "person.removed")


def _set(
    desk: Desk, user: str, roles: Sequence[str], act: str, rev: int | None = None, over: bool = False
) -> Person:
    person = desk.record("people", "people", user, Person)
    if person is None:
        raise NotFoundError(f"Nobody has the user name {harmless(user)}.")
    wanted = () if list(roles) == [NONE] else _roles(roles)
    _keep_a_dsl(desk.docs("people", "people"), user, wanted)
    _may_give(desk, user, person.roles, wanted)
    with desk.change(act, subject=user, why=over_why(None, rev, over)) as tx:
        stored = msgspec.convert(tx.get("people", "people", user), Person)
        _keep_a_dsl(tx.docs("people", "people"), user, wanted)
        saved = desk.save(tx, "people", "people", _with_roles(stored, wanted), rev=rev)
        if _reads(stored.roles, wanted):
            remember(desk, tx, act, user, wanted)
        if _loses_sight(stored, wanted):
            renew(desk, tx)
        elif "auditor" in stored.roles and "auditor" not in wanted:
            renew(desk, tx, lambda case: user in case.granted)
        align(desk, tx)
    return _shown(saved)


def _with_roles(person: Person, wanted: tuple[Role, ...]) -> Person:
    """The account with other roles; one that needs no keys any more names none. Its slot still holds them, for the day
    on which it needs some again."""
    changed = msgspec.structs.replace(person, roles=wanted)
    return changed if needs_keys(changed) else msgspec.structs.replace(changed, seals=None, signs=None)


def _reads(held: Sequence[Role], wanted: Sequence[Role]) -> bool:
    """Whether somebody was given a role that reads cases."""
    return not ({"dsl", "leader"} & set(wanted)).issubset(held)


def _loses_sight(before: Person, wanted: Sequence[Role]) -> bool:
    """Whether somebody who could read cases cannot any more."""
    return not {"dsl", "leader"}.isdisjoint(before.roles) and {"dsl", "leader"}.isdisjoint(wanted)


def _shown(person: Person) -> Person:
    """An account as it is shown: not what its passphrase is checked against, nor its keys."""
    return msgspec.structs.replace(person, slot=None, seals=None, signs=None, signed_with=())


def _table(fields: Mapping[str, str]) -> PersonTable:
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise InvalidError(
            f"{harmless(unknown[0])} is no field of a person.", todo=f"Fields: {', '.join(FIELDS)}."
        )
    values = {**fields, "roles": _roles(fields.get("roles", "").replace(",", " ").split())}
    try:
        return msgspec.convert(values, PersonTable)
    except msgspec.ValidationError as error:
        raise InvalidError(
            f"The account is not in order: {error}.",
            todo="user: small letters, digits, dot and dash, at most 32; name and post: not empty.",
        ) from error


def _roles(roles: Sequence[str]) -> tuple[Role, ...]:
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        what = f"{harmless(unknown[0])} is no role." if unknown else "No role was named."
        raise InvalidError(what, todo=f"Roles: {', '.join(ROLES)}; for who left, {NONE} alone.")
    return tuple(role for role in ROLES if role in roles)


def _may_give(desk: Desk, user: str, held: Sequence[Role], wanted: Sequence[Role]) -> None:
    """Nobody gives themselves a role, and only a leader makes a leader: else one person could be both pairs
    of eyes.

    Raises:
        RefusedError: if it were so.
    """
    given = set(wanted) - set(held)
    if given and user == desk.user():
        raise RefusedError("Nobody gives themselves a role.", todo="Ask another DSL or leader.")
    leaders = [p for p in desk.records("people", "people", Person) if "leader" in p.roles]
    if "leader" in given and leaders and desk.who is not None and not desk.who.has("leader"):
        raise RefusedError("Only a leader makes somebody a leader.", todo=f"Ask {leaders[0].user}.")


def _refuse_taken(people: Docs, user: str) -> None:
    if user in people:
        raise InvalidError(f"The user name {user} is taken.", todo="Names are never used twice.")


def _keep_a_dsl(people: Docs, user: str, wanted: Sequence[Role]) -> None:
    others = [own_id for own_id, doc in people.items() if own_id != user and "dsl" in doc["roles"]]
    if "dsl" not in wanted and not others:
        raise InvalidError(
            "No designated safeguarding lead would be left.", todo="Make somebody else one first."
        )
