"""Passphrases: Argon2id, with the costs kept beside each hash so that they can rise later."""

import os
from collections.abc import Callable
from hmac import compare_digest
from typing import NamedTuple
from unicodedata import normalize

from workbench.desk.secrets_rules import is_pin
from workbench.domain.errors import FolderError, InvalidError
from workbench.domain.people import Verifier

LENGTH = 32
NONCE = 12
BOUND = b"workbench slot 1"
"""What a box of keys is bound to beside its passphrase: it is a slot's, in its first version."""
LONGEST = 1024
"""Most characters of a passphrase."""


class Costs(NamedTuple):
    """What one guess costs."""

    memory_kib: int
    passes: int
    lanes: int


DEFAULT = Costs(memory_kib=64 * 1024, passes=3, lanes=1)
"""150 ms and 64 MiB a guess."""
CAP = Costs(memory_kib=256 * 1024, passes=10, lanes=4)
"""A folder that asks for more would be a way to stop the machine."""


def _derive(passphrase: str, salt: bytes, costs: Costs) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # 25 ms: not before somebody signs in

    function = Argon2id(
        salt=salt, length=LENGTH, iterations=costs.passes, lanes=costs.lanes, memory_cost=costs.memory_kib
    )
    return function.derive(normalize("NFC", passphrase).encode("utf-8", "surrogatepass"))


def make(
    passphrase: str, costs: Costs = DEFAULT, random: Callable[[int], bytes] = os.urandom, keys: bytes = b""
) -> Verifier:
    """What a passphrase can be checked against later.

    Args:
        passphrase: as typed.
        costs: what one guess shall cost.
        random: source of the salt.
        keys: private keys that only this passphrase shall open; kept instead of a hash.

    Raises:
        InvalidError: if it is empty or longer than `LONGEST`.
    """
    if not passphrase.strip():
        raise InvalidError("The passphrase is empty.", todo="Choose one; a few words are best.")
    if len(passphrase) > LONGEST:
        raise InvalidError(f"The passphrase is longer than {LONGEST:,} characters.")
    salt = random(16)
    hashed = _derive(passphrase, salt, costs)
    return Verifier(
        salt=salt.hex(),
        hash="" if keys else hashed.hex(),
        box=_boxed(hashed, keys, random).hex() if keys else "",
        memory_kib=costs.memory_kib,
        passes=costs.passes,
        lanes=costs.lanes,
        pin=is_pin(passphrase),
    )


def matches(verifier: Verifier, passphrase: str) -> bool:
    """Whether this is the passphrase; raises as `opened`."""
    return opened(verifier, passphrase) is not None


def opened(verifier: Verifier, passphrase: str) -> bytes | None:
    """The private keys that the passphrase opens, empty for those who hold none; None if it is wrong. An over-long one
    is wrong.

    Raises:
        FolderError: if the kept costs are out of bounds.
    """
    costs = Costs(verifier.memory_kib, verifier.passes, verifier.lanes)
    if any(cost > cap or cost < 1 for cost, cap in zip(costs, CAP, strict=True)):
        raise FolderError(
            "A passphrase record asks for costs that are out of bounds.", todo="Run `workbench check`."
        )
    if len(passphrase) > LONGEST:
        return None
    try:
        derived = _derive(passphrase, bytes.fromhex(verifier.salt), costs)
    except ValueError as error:
        raise FolderError("A passphrase record is damaged.", todo="Run `workbench check`.") from error
    if verifier.box:
        return _unboxed(derived, verifier.box)
    return b"" if compare_digest(derived.hex(), verifier.hash) else None


def _boxed(key: bytes, keys: bytes, random: Callable[[int], bytes]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = random(NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, keys, BOUND)


def _unboxed(key: bytes, text: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        box = bytes.fromhex(text)
        return ChaCha20Poly1305(key).decrypt(box[:NONCE], box[NONCE:], BOUND)
    except (InvalidTag, ValueError):
        return None  # a wrong passphrase and a damaged box cannot be told apart
