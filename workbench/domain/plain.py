"""Values out of other systems' files, and out of what people type: dates, years, names, classes."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from workbench.domain.characters import harmless

LONGEST_NAME = 200
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORDY = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_MONTHS = dict(zip(("jan", "feb", "mar", "apr", "may", "jun"), range(1, 7), strict=True))
_MONTHS |= dict(zip(("jul", "aug", "sep", "oct", "nov", "dec"), range(7, 13), strict=True))
_YEAR = re.compile(r"(?:year|yr|y|nc)?\s*(\d{1,2})", re.IGNORECASE)
_CLASS = re.compile(r"\w[\w .&'+-]{0,23}")
_UNUSUAL = re.compile(r"[^\w\s.'’`,()-]|\d|_")


class UnreadableError(ValueError):
    """A value that cannot be taken; the message says what is wrong and what would be right."""


@lru_cache(maxsize=4096)
def read_date(text: str) -> date:
    """A date as other systems write it: `2026-09-03`, `03/09/2026` (day first) or `03 Sep 2026`.

    Raises:
        UnreadableError: if it is none, or no day of the calendar.
    """
    if not text:
        raise UnreadableError("the date is missing")
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _BRITISH.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if (found := _WORDY.fullmatch(text)) and (month := _MONTHS.get(found[2][:3].lower())):
            return date(int(found[3]), month, int(found[1]))
    except ValueError:
        raise UnreadableError(f"{harmless(text)} is no day of the calendar") from None
    raise UnreadableError(f"“{harmless(text)}” is no date: write 2026-09-03, 03/09/2026 or 03 Sep 2026")


def read_year(text: str, words: Mapping[str, int]) -> int:
    """A year group: `10`, `Year  10`, `Y10`, or a word such as `Reception`.

    Raises:
        UnreadableError: if it is none.
    """
    known = words.get(" ".join(text.split()).casefold())
    if known is not None:
        return known
    found = _YEAR.fullmatch(text)
    if not found:
        raise UnreadableError(
            f"“{harmless(text)}” is no year group: write 8, Year 8 or Reception"
            if text
            else "the year group is missing"
        )
    return int(found[1])


def read_name(text: str) -> tuple[str, str]:
    """A name, and what is odd about it (empty if nothing is). Markup and formulas are text like any other.

    Raises:
        UnreadableError: if it is empty or longer than `LONGEST_NAME`.
    """
    if not text:
        raise UnreadableError("the name is missing")
    if len(text) > LONGEST_NAME:
        raise UnreadableError(f"{len(text):,} characters; a name has at most {LONGEST_NAME}")
    if "?" in text:
        return text, "holds a question mark: a letter may have been lost when the file was made"
    return text, "unusual characters in a name; kept as they are" if _UNUSUAL.search(text) else ""


def class_name(text: str) -> str:
    """The name of a class, such as `9B`.

    Raises:
        UnreadableError: if it is empty or not of a sane form.
    """
    if not text:
        raise UnreadableError("the class is missing")
    if not _CLASS.fullmatch(text) or ".." in text:
        raise UnreadableError(f"“{harmless(text)}” is no class: letters, digits and spaces, at most 24")
    return text
