"""The keys of whoever is signed in: they open what is sealed to them, and sign what they answer for."""

from functools import cached_property

from store.sealing import open_with, public_of


class Keyring:
    """A person's own two key pairs. It lives as long as they are signed in, and is written nowhere.

    Args:
        user: whose keys they are.
        seal: the private X25519 key, 32 bytes.
        sign: the private Ed25519 key, 32 bytes.
    """

    def __init__(self, user: str, seal: bytes, sign: bytes) -> None:
        self.user, self._seal, self._sign = user, seal, sign

    def __repr__(self) -> str:
        return f"Keyring({self.user!r})"

    @cached_property
    def seal_public(self) -> bytes:
        """The key to which others seal what this person may read, 32 bytes."""
        return public_of(self._seal)

    @cached_property
    def sign_public(self) -> bytes:
        """The key by which a signature is checked, 32 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._sign).public_key().public_bytes_raw()

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
