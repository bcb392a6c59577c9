"""The head of a log as a person types it: from paper, from the name of a backup."""

import re

from store.errors import StoreError

LEAST = 12
"""Digits of a head that are enough to tell it from any other."""
_HEAD = re.compile(rf"[0-9a-f]{{{LEAST},64}}")


def typed_head(text: str, where: str = "") -> str:
    """A head, or its beginning of at least `LEAST` digits, without blanks and in small letters.

    Raises:
        StoreError: it cannot be one; says what a head is.
    """
    head = "".join(text.split()).lower()
    if not _HEAD.fullmatch(head):
        raise StoreError(
            f"{head[:64]!r} is no head: one has 64 digits, each 0 to 9 or a to f; its first {LEAST} are enough",
            where,
            todo="Copy it again from the paper, from an export or from the name of a backup.",
        )
    return head
