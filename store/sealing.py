"""Sealing: HPKE to a key, and the key pairs themselves. `cryptography` does all of it; what is sealed says its version.

HPKE here is X25519, HKDF-SHA256 and ChaCha20-Poly1305 in base mode (RFC 9180). `info` binds what is sealed to where it
stands, so that it opens nowhere else. The library is imported when something is first sealed or opened: a command that
does neither does not pay for it.
"""

from functools import cache
from typing import TYPE_CHECKING

from store.errors import SealError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

LENGTH = 32
"""Bytes of a key, public or private."""
_WRONG = "what is sealed does not open with this key, or was altered"


def public_of(private: bytes) -> bytes:
    """The public X25519 key of a private one.

    Raises:
        SealError: it is no key.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    _refuse_length(private)
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, info: bytes, plain: bytes) -> bytes:
    """What only the holder of a key can open.

    Args:
        public: the key, 32 bytes.
        info: what it is bound to; the same bytes are needed to open it.
        plain: what to seal; it grows by 48 bytes.

    Raises:
        SealError: it is no key.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    _refuse_length(public)
    try:
        return _suite().encrypt(plain, X25519PublicKey.from_public_bytes(public), info=info)
    except ValueError as error:
        raise SealError("this is no key to seal to") from error


def open_with(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """What was sealed to a key.

    Args:
        private: the key, 32 bytes.
        info: what it was bound to.
        sealed: as `seal_to` returned it.

    Raises:
        SealError: another key, another place, or altered: which of these cannot be told.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    _refuse_length(private)
    try:
        return _suite().decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=info)
    except (InvalidTag, ValueError) as error:
        raise SealError(_WRONG) from error


@cache
def _suite() -> "Suite":
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _refuse_length(key: bytes) -> None:
    if len(key) != LENGTH:
        raise SealError("this is no key: it has not 32 bytes")
