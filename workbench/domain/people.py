"""Those who use the workbench, and their roles."""

from typing import Literal

from msgspec import Struct

Role = Literal["staff", "attendance", "dsl", "leader", "auditor"]
ROLES: tuple[Role, ...] = ("staff", "attendance", "dsl", "leader", "auditor")


class Verifier(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a passphrase is checked against: Argon2id with its costs; hex strings. It either has a hash, or `box`: the
    person's private keys, which only the right passphrase opens."""

    salt: str
    hash: str = ""
    box: str = ""
    memory_kib: int
    passes: int
    lanes: int
    logged: bool = False
    """It came from a folder of format 0, whose log still holds it: a new passphrase is due."""
    pin: bool = False
    """It checks a PIN, which says who somebody is and opens nothing beyond the role `staff`."""
    first: bool = False
    """It checks a first passphrase that somebody else was shown: it signs in to choosing one's own alone."""


class Person(Struct, frozen=True, kw_only=True):
    """An account. `user` is what is typed and what stands in the log; it is never reused."""

    id: str
    """Equal to `user`."""
    user: str
    name: str
    post: str
    roles: tuple[Role, ...]
    slot: str | None = None
    """The fingerprint of their slot in the vault; None in a folder of format 0."""
    seals: str | None = None
    """The public X25519 key to which others seal what they may read, hex; None for those who hold no keys."""
    signs: str | None = None
    """The public Ed25519 key by which their signatures are checked, hex."""
    signed_with: tuple[str, ...] = ()
    """All such keys that the account ever had: what they signed with an earlier one stays signed."""
    rev: int = 0


class Signature(Struct, frozen=True):
    """Who signed, with which key, and the signature; key and signature in hex."""

    by: str
    key: str
    signature: str


class Signed(Struct, frozen=True, kw_only=True):
    """The person at the keyboard, after the passphrase was checked."""

    user: str
    name: str
    post: str
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Whether one of `roles` is held."""
        return not self.roles.isdisjoint(roles)
