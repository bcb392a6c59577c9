"""The keys of whoever is signed in: they open what is sealed to them, and sign what they answer for."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property

from store.envelope import unwrapped
from store.errors import StoreError
from store.sealing import LENGTH, open_with, public_of
from store.vault import Vault, key_id

Random = Callable[[int], bytes]


class Keyring:
    """A person's own two key pairs, and those that are wrapped for them. It lives as long as they are signed in, and is
    written nowhere.

    Args:
        user: whose keys they are.
        seal: the private X25519 key, 32 bytes.
        sign: the private Ed25519 key, 32 bytes; empty for the recovery key, which signs nothing.
        vault: where the keys of cases are wrapped; without it only their own key opens something.
    """

    def __init__(self, user: str, seal: bytes, sign: bytes, vault: Vault | None = None) -> None:
        self.user, self._seal, self._sign, self._vault = user, seal, sign, vault
        self._known: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Keyring({self.user!r})"

    @classmethod
    def fresh(cls, user: str, random: Random, vault: Vault | None = None) -> "Keyring":
        """New keys."""
        return cls(user, random(LENGTH), random(LENGTH), vault)

    @classmethod
    def of(cls, user: str, kept: bytes, vault: Vault | None = None) -> "Keyring":
        """The keys that a slot holds, as `kept` gives them."""
        return cls(user, kept[:LENGTH], kept[LENGTH:], vault)

    @property
    def kept(self) -> bytes:
        """Both private keys, for a slot."""
        return self._seal + self._sign

    @cached_property
    def own_id(self) -> str:
        """The id of the key to which others seal."""
        return key_id(self.seal_public)

    @cached_property
    def seal_public(self) -> bytes:
        """The key to which others seal what this person may read, 32 bytes."""
        return public_of(self._seal)

    @cached_property
    def sign_public(self) -> bytes:
        """The key by which a signature is checked, 32 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._sign).public_key().public_bytes_raw()

    def private(self, wanted: str) -> bytes | None:
        """The private key with an id: the person's own, or one that the vault wraps for them; None if it is neither."""
        if wanted == self.own_id:
            return self._seal
        if wanted not in self._known and self._vault is not None:
            with suppress(StoreError):  # a vault that cannot be read opens nothing; the sign-in has said so
                found = unwrapped(wanted, self._vault.keys().get(wanted, {}), self._own)
                if found is not None:
                    self._known[wanted] = found
        return self._known.get(wanted)

    def hold(self, own: str, private: bytes) -> None:
        """Know a key that was made for this person to use, before the vault has it."""
        self._known[own] = private

    def _own(self, wanted: str) -> bytes | None:
        return self._seal if wanted == self.own_id else None

    def open(self, info: bytes, sealed: bytes) -> bytes:
        """What was sealed to this person.

        Raises:
            SealError: it was not, or it was altered.
        """
        return open_with(self._seal, info, sealed)

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._sign).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a message was signed with the key that belongs to a public one."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
