"""Ids of our own: a prefix and random letters. No verbs here."""

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads as a digit."""
Random = Callable[[int], bytes]


def random_id(prefix: str, random: Random) -> str:
    """An id such as `P-7F3KQ2`."""
    number = int.from_bytes(random(4), "big")
    return f"{prefix}-" + "".join(ALPHABET[number >> shift & 31] for shift in range(25, -1, -5))
