"""Those who use the workbench, and their roles."""

from typing import Literal

from msgspec import Struct

Role = Literal["staff", "attendance", "dsl", "leader", "auditor"]
ROLES: tuple[Role, ...] = ("staff", "attendance", "dsl", "leader", "auditor")


class Verifier(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a passphrase is checked against: Argon2id with its costs; hex strings."""

    salt: str
    hash: str
    memory_kib: int
    passes: int
    lanes: int
    logged: bool = False
    """It came from a folder of format 0, whose log still holds it: a new passphrase is due."""
    pin: bool = False
    """It checks a PIN, which says who somebody is and opens nothing beyond the role `staff`."""


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
    rev: int = 0


class Signed(Struct, frozen=True, kw_only=True):
    """The person at the keyboard, after the passphrase was checked."""

    user: str
    name: str
    post: str
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Whether one of `roles` is held."""
        return not self.roles.isdisjoint(roles)
