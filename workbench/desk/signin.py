"""Signing in: who is at the keyboard. One text for every way it can fail, and an entry for each."""

from contextlib import suppress

from workbench.desk import kdf
from workbench.desk.checkpoints import checkpoint_due, make_checkpoint
from workbench.desk.context import Desk
from workbench.desk.localrules import record_packs
from workbench.desk.slots import has_secret, verifier_of
from workbench.desk.translate import translated
from workbench.domain.errors import FolderError, RefusedError, WorkbenchError
from workbench.domain.people import Person, Signed, Verifier


def sign_in(desk: Desk, user: str, passphrase: str, fold: bool = False) -> Desk:
    """The desk with `user` at it.

    Args:
        desk: an open folder.
        user: the user name.
        passphrase: as typed.
        fold: a command signs in for one verb: the verb's own entry stands for it, and `Desk.finish` writes
            one only
            if there was none.

    Raises:
        RefusedError: if the name or the passphrase is wrong; which of the two is not said.
        FolderError: if what the passphrase is checked against is missing or was altered.
    """
    with translated():
        desk.store.refresh()
        person = desk.record("people", "people", user, Person)
        verifier = None if person is None else _verifier(desk, person)
        if person is None or verifier is None:
            kdf.matches(_decoy(desk), passphrase)  # an unknown name takes as long as a known one
            _refuse(desk, None)
        elif not kdf.matches(verifier, passphrase):
            _refuse(desk, person)
        else:
            if verifier.logged:
                _remind(desk, person)
            signed = desk.signed(signed_as(person), folded=fold)
            record_packs(signed)
            if not fold:
                signed_in(signed)
            return signed
    raise RefusedError("The user name or the passphrase is wrong.", todo="Type both again.")


def signed_as(person: Person) -> Signed:
    """The person as the desk knows them once signed in."""
    return Signed(user=person.user, name=person.name, post=person.post, roles=frozenset(person.roles))


def signed_in(desk: Desk) -> None:
    """The entry of a sign-in: `person.signed-in`, or `checkpoint.made` if the person is a DSL or leader and
    one is due.

    A folder that cannot be written to leaves none; reading it works all the same.
    """
    with suppress(WorkbenchError), translated():
        if desk.who is not None and desk.who.has("dsl", "leader") and checkpoint_due(desk):
            make_checkpoint(desk)
        else:
            desk.note("person.signed-in")


def names(desk: Desk) -> list[tuple[str, str, str]]:
    """User name, name and post of everybody who can sign in: for the screen that asks who it is."""
    with translated():
        people = desk.records("people", "people", Person)
    return [(person.user, person.name, person.post) for person in people if has_secret(desk, person)]


def _decoy(desk: Desk) -> Verifier:
    for person in desk.records("people", "people", Person):
        with suppress(FolderError):
            found = verifier_of(desk, person)
            if found is not None:
                return found
    return kdf.make("nobody")


def _verifier(desk: Desk, person: Person) -> Verifier | None:
    try:
        return verifier_of(desk, person)
    except FolderError:
        _refuse(desk, person)
        raise


def _remind(desk: Desk, person: Person) -> None:
    """Say that the log, and every copy of it, still holds what this passphrase was checked against."""
    words = (
        f"What {person.user}'s passphrase is checked against still stands in old lines of the log: "
        "choose a new one with `workbench people passphrase`."
    )
    if words not in desk.store.remarks:
        desk.store.remarks.append(words)


def _refuse(desk: Desk, person: Person | None) -> None:
    """Log a refused sign-in. The actor is a known user only: what was typed might be a passphrase."""
    user, roles = (person.user, "+".join(sorted(person.roles))) if person else ("-", "-")
    with suppress(WorkbenchError), translated():
        desk.store.note(at=desk.stamp(), actor=user, role=roles, act="signin.refused", subject=None, why=None)
