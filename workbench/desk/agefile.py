"""Encryption of what leaves, in the `age` format, by the library that the extra `age` installs. No verbs here."""

import importlib
from typing import Any

from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError

HOW = ".venv/bin/pip install -e '.[age]', in the folder of the program"


def to_key(data: bytes, recipient: str) -> bytes:
    """What only the holder of a key can open with `age -d -i`.

    Args:
        data: what to encrypt.
        recipient: their public key, `age1...`.

    Raises:
        InvalidError: if it is no such key, or the library is not installed.
    """
    pyrage = _library()
    try:
        key = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise InvalidError(
            f"{harmless(recipient)} is no age key.",
            todo="Ask the receiving school for theirs: it begins with age1, and `age-keygen` makes one.",
        ) from None
    return bytes(pyrage.encrypt(data, [key]))


def to_passphrase(data: bytes, passphrase: str) -> bytes:
    """What opens with `age -d` and the passphrase.

    Raises:
        InvalidError: if the library is not installed.
    """
    return bytes(_library().passphrase.encrypt(data, passphrase))


def _library() -> Any:
    try:
        return importlib.import_module("pyrage")
    except ImportError:
        raise InvalidError(
            "Encrypting needs the library pyrage, which is not installed.",
            todo=f"Install it with {HOW}, or say by which secure channel the bundle goes.",
        ) from None
