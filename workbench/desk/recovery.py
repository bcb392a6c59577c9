"""The recovery key: printed once when a folder is made, kept on paper, and typed back to prove that it is there.

On paper it is 56 letters and digits in groups of four: 52 that hold the 256 bits of a private X25519 key, and four that
check them, so that a slip of the pen is told from a wrong key. No letter reads as a digit; case and gaps do not matter.
"""

import hashlib

from msgspec import Struct

from workbench.desk.ids import ALPHABET
from workbench.desk.keyring import Keyring
from workbench.domain.errors import InvalidError

LETTERS, CHECK, GROUP = 52, 4, 4
LENGTH = 32
KEEP_KEY = (
    "Write it down now and keep it locked away, apart from the computer: it opens every case when nobody else can, and "
    "is shown this once. Whoever finds it can read everything."
)
"""What is said beside a key that is shown."""
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Recovery(Struct, frozen=True, kw_only=True):
    """What the folder says of its recovery key."""

    id: str = "recovery"
    seals: str
    """The public key, hex."""
    made: str
    proven: str | None = None
    """When it was last typed back; None until then."""
    proven_by: str | None = None
    rev: int = 0


def as_text(key: bytes) -> str:
    """A recovery key as it is written on paper: `7F3K-Q2MD-...`, 14 groups of four."""
    number = int.from_bytes(key, "big") << (LETTERS * 5 - LENGTH * 8)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range((LETTERS - 1) * 5, -1, -5))
    whole = letters + _check(letters)
    return "-".join(whole[place : place + GROUP] for place in range(0, len(whole), GROUP))


def from_text(text: str) -> bytes:
    """The recovery key that was typed.

    Raises:
        InvalidError: it has not the form of one, or a letter of it is wrong; what was typed is not repeated.
    """
    typed = "".join(text.upper().replace("-", " ").split()).translate(ALIKE)
    if len(typed) != LETTERS + CHECK or not set(typed) <= set(ALPHABET):
        raise InvalidError(
            "That is no recovery key.",
            todo=f"It has {(LETTERS + CHECK) // GROUP} groups of four letters and digits.",
        )
    letters = typed[:LETTERS]
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    spare = LETTERS * 5 - LENGTH * 8
    if typed[LETTERS:] != _check(letters) or number & ((1 << spare) - 1):
        raise InvalidError("A letter or digit of the recovery key is wrong.", todo="Read it group by group.")
    return (number >> spare).to_bytes(LENGTH, "big")


def recovery_of(key: bytes, at: str) -> Recovery:
    """What a folder keeps of a new recovery key."""
    return Recovery(seals=Keyring("recovery", key, b"").seal_public.hex(), made=at)


def _check(letters: str) -> str:
    digest = hashlib.sha256(letters.encode("ascii")).digest()
    number = int.from_bytes(digest[:4], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range((CHECK - 1) * 5, -1, -5))
