"""Making a data folder, opening one, and where it stands if nobody says."""

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import msgspec

from store.change import Tx
from store.folder import Store
from workbench.desk.checkpoints import checkpoint
from workbench.desk.clock import Clock, SystemClock
from workbench.desk.context import Desk
from workbench.desk.enrolling import save_account, secret_of
from workbench.desk.ids import Random
from workbench.desk.kdf import DEFAULT, Costs
from workbench.desk.keyring import Keyring
from workbench.desk.marks import lay_out
from workbench.desk.recovery import LENGTH as RECOVERY_BYTES
from workbench.desk.recovery import Recovery, recovery_of
from workbench.desk.secrets_rules import check_secret
from workbench.desk.text import NAME, clean
from workbench.desk.translate import translated
from workbench.domain.characters import harmless
from workbench.domain.errors import FolderError, InvalidError
from workbench.domain.people import ROLES, Person, Verifier
from workbench.domain.school import School
from workbench.domain.schoolfile import PersonTable, SchoolToml, read, school_of

APP = "cme-workbench"
VARIABLE = "WORKBENCH_DATA"
Account = tuple[Person, Verifier, Keyring | None]
"""Somebody, what their passphrase is checked against, and the keys that it protects."""
DEMO = "demo"
"""Why the folder of an invented school was made, in its first entry."""


def default_path() -> Path:
    """`$WORKBENCH_DATA`, else the user's data folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path(APP)


def open_folder(
    path: Path, clock: Clock | None = None, *, readonly: bool = False, random: Random = os.urandom
) -> Desk:
    """The desk of an existing folder, with nobody signed in.

    Args:
        path: the folder.
        clock: the time; the machine's unless given.
        readonly: open it for reading only.
        random: source of ids.

    Raises:
        FolderError: if there is no folder, or it is foreign, newer, damaged before anything could be read, or
        a link; or if an account has a role that this version does not know.
    """
    with translated():
        desk = Desk(Store.open(path, readonly=readonly), clock or SystemClock(), random=random)
    try:
        _refuse_unknown_roles(desk)
    except FolderError:
        desk.close()
        raise
    return desk


def _refuse_unknown_roles(desk: Desk) -> None:
    """Raise FolderError where people.json names a role that nobody here knows: what it may do cannot be guessed."""
    for user, doc in desk.docs("people", "people").items():
        unknown = [role for role in doc.get("roles", ()) if role not in ROLES]
        if unknown:
            raise FolderError(
                f"people.json: {harmless(user)} has the role {harmless(str(unknown[0]))}, which this version does not "
                f"know; roles are {', '.join(ROLES)}.",
                todo="Open the folder with the version that gave the role, or restore the newest backup.",
            )


def init(
    path: Path,
    toml_text: str,
    passphrases: Mapping[str, str],
    clock: Clock | None = None,
    kdf: Costs = DEFAULT,
    random: Random = os.urandom,
    name: str = "school.toml",
    demo: bool = False,
    recovery: bytes | None = None,
) -> Desk:
    """A new folder: the school, its calendar and authority, and accounts; the desk of it with nobody signed
    in.

    Args:
        path: a folder that does not exist yet, or an empty one.
        toml_text: the text of `school.toml`.
        passphrases: user name to passphrase, for everybody in the file.
        clock: the time; the machine's unless given.
        kdf: what one guess at a passphrase shall cost; cheap ones are for tests and demos.
        random: source of ids and salts.
        name: what to call the file in messages.
        demo: an invented school: its first entry says so, and its passphrase, which the demo itself tells, may be one
            that is guessed early.
        recovery: the recovery key, 32 bytes, which the caller tells the school; one that nobody knows unless given.

    Raises:
        InvalidError: if the file is not in order, or a passphrase is missing or guessed early.
        FolderError: if the folder exists and is not empty, or cannot be made.
    """
    parsed = read(toml_text, name)
    if not demo:
        check_secrets(parsed, passphrases)
    _refuse_missing(parsed, passphrases)
    with translated():
        store = Store.create(path, random=random)
        desk = Desk(store, clock or SystemClock(), random=random)
        people = _people(desk, parsed, passphrases, kdf)
        with desk.change("folder.made", why=DEMO if demo else None) as tx:
            drawn = random(RECOVERY_BYTES)  # in any case, so that a demo comes out the same
            _furnish(desk, tx, parsed, people, _recovery(desk, recovery or drawn, demo))
    return desk


def check_secrets(parsed: SchoolToml, passphrases: Mapping[str, str]) -> None:
    """Let the first passphrases of a school pass, or say whose is wrong and how to choose a better one.

    Args:
        parsed: the school's file.
        passphrases: user name to passphrase; who is not in it is passed over.

    Raises:
        InvalidError: if one of them is too short or guessed early.
    """
    for each in parsed.people:
        if each.user in passphrases:
            own = (each.user, each.name, parsed.school.name, parsed.school.number)
            try:
                check_secret(passphrases[each.user], each.roles, own)
            except InvalidError as error:
                raise InvalidError(f"{each.user}: {error.what}", todo=error.todo) from error


def own_words(school: School, person: Person) -> tuple[str, ...]:
    """What a secret may not be made of: the names of the person and the school, and its number."""
    return (person.user, person.name, school.name, school.number)


def is_demo(desk: Desk) -> bool:
    """Whether the demo made the folder: its first entry says so."""
    return any(entry["why"] == DEMO for entry in islice(desk.store.entries(), 1))


def _people(desk: Desk, parsed: SchoolToml, passphrases: Mapping[str, str], costs: Costs) -> list[Account]:
    return [
        (person, *secret_of(desk, person, passphrases[person.user], costs))
        for person in map(account, parsed.people)
    ]


def _refuse_missing(parsed: SchoolToml, passphrases: Mapping[str, str]) -> None:
    missing = [person.user for person in parsed.people if person.user not in passphrases]
    if missing:
        raise InvalidError(f"No passphrase was given for {', '.join(missing)}.", todo="Give one for each.")


def account(person: PersonTable) -> Person:
    """An account that nobody can sign in with yet.

    Raises:
        InvalidError: if name or post cannot be kept.
    """
    return Person(
        id=person.user,
        user=person.user,
        name=clean(person.name, limit=NAME, what="The name"),
        post=clean(person.post, limit=NAME, what="The post"),
        roles=tuple(role for role in ROLES if role in person.roles),
    )


def _recovery(desk: Desk, key: bytes, demo: bool) -> Recovery:
    """What is kept of the recovery key; that of a demo, which the demo tells, counts as proven."""
    made = recovery_of(key, desk.stamp())
    return msgspec.structs.replace(made, proven=made.made, proven_by="-") if demo else made


def _furnish(desk: Desk, tx: Tx, parsed: SchoolToml, people: list[Account], kept: Recovery) -> None:
    school = desk.save(tx, "school", "school", school_of(parsed, since=desk.today()))
    for person, verifier, keys in people:
        save_account(desk, tx, person, verifier, keys)
    desk.save(tx, "people", "recovery", kept)
    desk.save(tx, "people", "checkpoints", checkpoint(desk))
    lay_out(desk, tx, school)
