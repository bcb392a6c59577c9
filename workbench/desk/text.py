"""Every text that comes in passes through here: forms, pastes, CSV cells, JSON, the command line.

Control characters, bidirectional overrides and lone surrogates could run a terminal, reorder a line or break
a file. Typed text has them replaced by U+FFFD, so that nobody loses what they wrote; an input file is refused
instead, since there they mean that the file is not what it says (`has_controls`). Markup and formulas are
ordinary text.
"""

import re
import unicodedata

from workbench.domain.characters import BAD
from workbench.domain.errors import InvalidError

NAME = 200
"""Longest name, in characters."""
LINE = 500
"""Longest one-line text: an address, a reason, a result."""
PAGE = 20_000
"""Longest text of several lines: a concern, a note."""

_SPACES = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def has_controls(text: str) -> bool:
    """Whether the text holds a character that is never kept."""
    return BAD.search(text) is not None


def clean(text: str, multiline: bool = False, limit: int | None = None, *, what: str = "The text") -> str:
    """The text as it may be kept: normalised to NFC, without control characters, spaces at its ends removed.

    Args:
        text: what was typed.
        multiline: keep line breaks; otherwise they become spaces.
        limit: most characters; `PAGE` for several lines and `LINE` for one unless given.
        what: the field, for the message.

    Raises:
        InvalidError: if it is longer than `limit`.
    """
    limit = limit if limit is not None else PAGE if multiline else LINE
    if len(text) > limit:
        raise InvalidError(f"{what} has {len(text):,} characters; at most {limit:,} are kept.")
    if multiline:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
        text = "\n".join(BAD.sub("\ufffd", line) for line in lines)
    else:
        text = BAD.sub("\ufffd", _SPACES.sub(" ", text))
    return unicodedata.normalize("NFC", text).strip()


def required(text: str, what: str, multiline: bool = False, limit: int | None = None) -> str:
    """`clean`, and refused if nothing is left.

    Raises:
        InvalidError: if it is empty or too long.
    """
    kept = clean(text, multiline, limit, what=what)
    if not kept:
        raise InvalidError(f"{what} is missing.")
    return kept
