"""What somebody answers for with their own key: a request, its authorisation, a checkpoint. No verbs here.

A signature is Ed25519 over the canonical JSON of `["workbench", 1, what, ...]`, kept in hex with the public key by
which it is checked. That key must be one that the signer's account has or had: `people.json` is proven by checkpoints,
so that nobody puts a key of their own there unnoticed.
"""

from typing import Any

from store.canon import canonical
from workbench.desk.context import Desk
from workbench.desk.keyring import is_signed
from workbench.domain.errors import RefusedError
from workbench.domain.people import Person, Signature


def sign(desk: Desk, *words: Any) -> Signature:
    """The signature of the person signed in over some words and numbers.

    Raises:
        RefusedError: they hold no key to sign with.
    """
    if desk.keys is None:
        raise RefusedError(
            f"{desk.user()} holds no key to sign with.",
            todo="Sign in with a passphrase, not a PIN; then try again.",
        )
    signature = desk.keys.sign(_message(words))
    return Signature(desk.user(), desk.keys.sign_public.hex(), signature.hex())


def holds(desk: Desk, signature: Signature | None, *words: Any) -> bool:
    """Whether a signature is that of its signer, with a key of theirs, over exactly these words and numbers."""
    if signature is None:
        return False
    person = desk.record("people", "people", signature.by, Person)
    if person is None or signature.key not in person.signed_with:
        return False
    try:
        return is_signed(bytes.fromhex(signature.key), _message(words), bytes.fromhex(signature.signature))
    except ValueError:
        return False


def _message(words: tuple[Any, ...]) -> bytes:
    return canonical(["workbench", 1, *words])
