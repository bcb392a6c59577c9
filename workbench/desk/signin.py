"""Signing in: who is at the keyboard. One text for every way it can fail, and an entry for each."""

from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from msgspec.structs import replace

from workbench.desk import kdf, throttle
from workbench.desk.checkpoints import checkpoint_due, make_checkpoint
from workbench.desk.context import Desk
from workbench.desk.enrolling import bring_up, needs_keys
from workbench.desk.failures import failure_words
from workbench.desk.keyring import Keyring
from workbench.desk.localrules import record_packs
from workbench.desk.secrets_rules import may_have_pin
from workbench.desk.slots import SlotAlteredError, has_secret, verifier_of
from workbench.desk.translate import translated
from workbench.domain.errors import FolderError, RefusedError, WorkbenchError
from workbench.domain.people import Person, Signed, Verifier

WRONG = "The user name or the passphrase is wrong."
"""Said of a wrong name, a wrong passphrase, and one whose slot was altered: none of them can be told from another."""


def sign_in(
    desk: Desk, user: str, passphrase: str, fold: bool = False, then: Callable[[], object] | None = None
) -> Desk:
    """The desk with `user` at it.

    Args:
        desk: an open folder.
        user: the user name.
        passphrase: as typed; a PIN, too.
        fold: a command signs in for one verb: the verb's own entry stands for it, and `Desk.finish` writes
            one only
            if there was none.
        then: called once the passphrase was right, before anything is read or written by it: waits for what works
            ahead on the same folder.

    Raises:
        WaitError: earlier tries failed, and their wait is not over: nothing was checked.
        RefusedError: if the name or the passphrase is wrong, or what it is checked against was altered; which of
            these is not said.
        FolderError: if what the passphrase is checked against is missing; it says who can help.
    """
    with translated():
        desk.store.refresh()
        person = desk.record("people", "people", user, Person)
        verifier, kept = _checked(desk, person, passphrase)
        if person is None or verifier is None:
            _wrong(desk, person)
        if then is not None:
            then()
        throttle.passed(desk, person.user)
        if verifier.logged:
            _remind(desk, f"What {person.user}'s passphrase is checked against still stands in old lines of the "
                          "log: choose a new one with `workbench people passphrase`.")  # fmt: skip
        who = _signed_with(desk, person, verifier)
        keys = Keyring.of(user, kept, desk.store.vault) if kept and needs_keys(person) else None
        signed = desk.signed(who, folded=fold, keys=keys)
        signed = bring_up(signed, person, passphrase, verifier)
        record_packs(signed)
        _tell_failures(signed)
        if not fold:
            signed_in(signed)
        return signed


def prove(desk: Desk, passphrase: str) -> None:
    """Whether who is signed in is still who sits there: their passphrase once more, throttled and logged as a sign-in.

    Raises:
        WaitError, RefusedError, FolderError: as `sign_in`.
    """
    with translated():
        person = desk.record("people", "people", desk.user(), Person)
        if person is None or _checked(desk, person, passphrase)[0] is None:
            _wrong(desk, person)
        throttle.passed(desk, person.user)


def _checked(desk: Desk, person: Person | None, passphrase: str) -> tuple[Verifier | None, bytes]:
    """What the passphrase was checked against, and the keys it opened; None if it is wrong, the slot was altered, or
    nobody has the name.

    All of them take as long. A missing slot is told, since a right passphrase would not help either.
    """
    throttle.admit(desk, throttle.NOBODY if person is None else person.user)
    verifier = None if person is None else _verifier(desk, person)
    if verifier is None:
        kdf.matches(_decoy(desk), passphrase)
        return None, b""
    try:
        kept = kdf.opened(verifier, passphrase)
        return (None, b"") if kept is None else (verifier, kept)
    except FolderError:
        return None, b""  # its costs or hash are no such thing: `workbench check` names the slot


def _wrong(desk: Desk, person: Person | None) -> NoReturn:
    seconds = throttle.failed(desk, throttle.NOBODY if person is None else person.user)
    _refuse(desk, person)
    raise RefusedError(WRONG, todo=f"Wait {seconds} s, then type both again.")


def _signed_with(desk: Desk, person: Person, verifier: Verifier) -> Signed:
    """Who signed in. A PIN opens nothing beyond `staff`, whatever roles were given since it was chosen; a first
    passphrase that somebody else was shown nothing but choosing one's own."""
    if verifier.first:
        _remind(desk, f"{person.user} signed in with a first passphrase: choose your own with `workbench people "
                      "passphrase`; until then nothing else is open.")  # fmt: skip
        return signed_as(replace(person, roles=()))
    if not verifier.pin or may_have_pin(person.roles):
        return signed_as(person)
    _remind(desk, f"{person.user} signed in with a PIN, which is for `staff` alone: for the other roles choose a "
                  "passphrase with `workbench people passphrase`.")  # fmt: skip
    return signed_as(replace(person, roles=tuple(role for role in person.roles if role == "staff")))


def _tell_failures(desk: Desk) -> None:
    """Tell a DSL at the sign-in whose passphrase somebody tried to guess; and what others did to accounts."""
    for words in failure_words(desk):
        _remind(desk, f"{words}.")


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
    """User name, name and post of everybody who can sign in to something: for the screen that asks who it is."""
    with translated():
        people = desk.records("people", "people", Person)
    return [
        (person.user, person.name, person.post)
        for person in people
        if person.roles and has_secret(desk, person)
    ]


def _decoy(desk: Desk) -> Verifier:
    for person in desk.records("people", "people", Person):
        with suppress(FolderError):
            found = verifier_of(desk, person)
            if found is not None:
                return found
    return kdf.make("nobody")


def _verifier(desk: Desk, person: Person) -> Verifier | None:
    """What the passphrase is checked against; None where it was altered.

    Raises:
        FolderError: it is missing.
    """
    try:
        return verifier_of(desk, person)
    except SlotAlteredError:
        return None
    except FolderError:
        _refuse(desk, person)
        raise


def _remind(desk: Desk, words: str) -> None:
    """Say something at the sign-in, once."""
    if words not in desk.store.remarks:
        desk.store.remarks.append(words)


def _refuse(desk: Desk, person: Person | None) -> None:
    """Log a refused sign-in. The actor is a known user only: what was typed might be a passphrase."""
    user, roles = (person.user, "+".join(sorted(person.roles))) if person else ("-", "-")
    with suppress(WorkbenchError), translated():
        desk.store.note(at=desk.stamp(), actor=user, role=roles, act="signin.refused", subject=None, why=None)
