"""Making a data folder, opening one, and where it stands if nobody says."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from store.change import Tx
from store.folder import Store
from workbench.desk.checkpoints import checkpoint
from workbench.desk.clock import Clock, SystemClock
from workbench.desk.context import Desk, Random
from workbench.desk.kdf import DEFAULT, Costs, make
from workbench.desk.marks import lay_out
from workbench.desk.slots import as_slot
from workbench.desk.text import NAME, clean
from workbench.desk.translate import translated
from workbench.domain.errors import InvalidError
from workbench.domain.people import ROLES, Person, Verifier
from workbench.domain.schoolfile import PersonTable, SchoolToml, read, school_of

APP = "cme-workbench"
VARIABLE = "WORKBENCH_DATA"


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
        a link.
    """
    with translated():
        return Desk(Store.open(path, readonly=readonly), clock or SystemClock(), random=random)


def init(
    path: Path,
    toml_text: str,
    passphrases: Mapping[str, str],
    clock: Clock | None = None,
    kdf: Costs = DEFAULT,
    random: Random = os.urandom,
    name: str = "school.toml",
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

    Raises:
        InvalidError: if the file is not in order or a passphrase is missing.
        FolderError: if the folder exists and is not empty, or cannot be made.
    """
    parsed = read(toml_text, name)
    people = _people(parsed, passphrases, kdf, random)
    with translated():
        store = Store.create(path, random=random)
        desk = Desk(store, clock or SystemClock(), random=random)
        with desk.change("folder.made") as tx:
            _furnish(desk, tx, parsed, people)
    return desk


def _people(
    parsed: SchoolToml, passphrases: Mapping[str, str], costs: Costs, random: Random
) -> list[tuple[Person, Verifier]]:
    missing = [person.user for person in parsed.people if person.user not in passphrases]
    if missing:
        raise InvalidError(f"No passphrase was given for {', '.join(missing)}.", todo="Give one for each.")
    return [(account(each), make(passphrases[each.user], costs, random)) for each in parsed.people]


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


def save_account(desk: Desk, tx: Tx, person: Person, verifier: Verifier) -> Person:
    """Save an account inside a change; what its passphrase is checked against goes into the vault."""
    return desk.save(tx, "people", "people", msgspec.structs.replace(person, slot=tx.keep(as_slot(verifier))))


def _furnish(desk: Desk, tx: Tx, parsed: SchoolToml, people: list[tuple[Person, Verifier]]) -> None:
    school = desk.save(tx, "school", "school", school_of(parsed, since=desk.today()))
    for person, verifier in people:
        save_account(desk, tx, person, verifier)
    desk.save(tx, "people", "checkpoints", checkpoint(desk))
    lay_out(desk, tx, school)
