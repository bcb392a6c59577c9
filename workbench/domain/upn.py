"""Unique pupil numbers: a check letter, three digits of an authority, four of a school, two of a year, and a
serial."""

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""Check letters by remainder; I, O and S are left out."""
_SHAPE = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


def tidy(text: str) -> str:
    """A UPN as it is kept: capital letters, no spaces."""
    return re.sub(r"\s+", "", text).upper()


def check_letter(digits: str) -> str:
    """The letter that belongs before twelve characters: the first eleven are digits, the last may be a letter
    (a temporary number).

    Raises:
        ValueError: if they are not of this form.
    """
    if not re.fullmatch(r"[0-9]{11}[0-9A-Z]", digits) or (digits[-1].isalpha() and digits[-1] not in LETTERS):
        raise ValueError("twelve digits are needed; the last may be a letter")
    values = [int(char) if char.isdigit() else LETTERS.index(char) for char in digits]
    return LETTERS[sum(value * weight for value, weight in zip(values, range(2, 14), strict=True)) % 23]


def fault(upn: str) -> str | None:
    """What is wrong with a tidied UPN, in words; None if it is sound. An empty one is not judged here."""
    if not _SHAPE.fullmatch(upn):
        return "no UPN: it has a letter and twelve digits, as in A123456789012"
    try:
        right = check_letter(upn[1:])
    except ValueError:
        return "no UPN: its last character is not one that a UPN can have"
    return (
        None
        if upn[0] == right
        else f"the check letter is {upn[0]} and should be {right}: a digit was mistyped"
    )
