"""Characters that are never kept: they could run a terminal, reorder a line or break a file."""

import re
import unicodedata

BAD = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Controls, bidirectional overrides, line separators, byte-order marks and lone surrogates."""


def harmless(value: str, most: int = 40) -> str:
    """A value as a message may quote it: without such characters, and short."""
    safe = unicodedata.normalize("NFC", BAD.sub("\ufffd", value))
    return safe if len(safe) <= most else safe[: most - 1] + "…"
