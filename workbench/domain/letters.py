"""Letters to parents: wording with placeholders, read strictly. Nothing in it is ever run or drawn as markup."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workbench.domain.characters import BAD, harmless
from workbench.domain.errors import InvalidError

PLACEHOLDERS: Mapping[str, str] = {
    "school": "the school's name",
    "today": "the day of the letter",
    "parent": "whom it is to",
    "address": "their address",
    "child": "forename and surname",
    "forename": "the child's forename",
    "class": "the child's class",
    "year": "the child's year",
    "attendance": "attendance this school year up to today, in percent",
    "unauthorised": "sessions of unauthorised absence this school year",
    "absent_days": "whole school days of unauthorised absence in a row that last",
    "absent_from": "the first of these days",
    "authority": "the local authority's name",
    "authority_contact": "whom to reach there about children missing education",
    "writer": "who makes the letter",
}
"""What may stand in braces, and what it becomes. There are no others."""
BLANK = "________________"
"""What is not known, to be filled in by hand."""
NAME = re.compile("[a-z][a-z0-9-]{0,39}")
"""A letter's name; its file is this and `.txt`."""
TITLE = "Title:"
MOST = 64 * 1024
"""Bytes of one letter's file."""
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


class Letter(Struct, frozen=True, kw_only=True):
    """A letter's wording."""

    id: str
    """Its name."""
    title: str
    """With placeholders still in it."""
    paragraphs: tuple[str, ...]
    own: bool
    """Whether it is the school's own wording."""


class Filled(Struct, frozen=True, kw_only=True):
    """A letter with the values in it."""

    title: str
    paragraphs: tuple[str, ...]
    missing: tuple[str, ...]
    """What its placeholders ask for that is not known; a blank to fill in stands there."""


def parse(name: str, where: str, source: str, own: bool) -> Letter:
    """A letter from the text of its file: a title on the first line, then paragraphs between empty lines. Lines that
    begin with `#` are remarks.

    Args:
        name: the letter's name.
        where: the file as an error names it.
        source: its text, lines ended by `\\n`.
        own: whether the school wrote it.

    Raises:
        InvalidError: if it has no title or no paragraph, or a line holds what may not stand in it: file and line named.
    """
    title = ""
    paragraphs: list[list[str]] = [[]]
    for number, line in enumerate(source.split("\n"), 1):
        if line.startswith("#"):
            continue
        _check(line, where, number)
        if not title:
            title = _title(line, where, number)
        elif line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    if not title or not paragraphs[0]:
        raise _refused(where, 1, "a letter is a line `Title: ...`, an empty line, and paragraphs")
    return Letter(
        id=name, title=title, paragraphs=tuple("\n".join(one) for one in paragraphs if one), own=own
    )


def _title(line: str, where: str, number: int) -> str:
    if not line.startswith(TITLE) or not line[len(TITLE) :].strip():
        raise _refused(where, number, f"the first line is `{TITLE} ...`")
    return line[len(TITLE) :].strip()


def _check(line: str, where: str, number: int) -> None:
    if BAD.search(line):
        raise _refused(where, number, "it holds a sign that cannot be shown; take it out")
    for found in _BRACES.finditer(line):
        name = found[1]
        if name is None:
            raise _refused(where, number, f"a single {found[0]} stands in it; braces are for placeholders")
        if name not in PLACEHOLDERS:
            raise _refused(where, number, f"{{{harmless(name)}}} is no placeholder")


def _refused(where: str, number: int, why: str) -> InvalidError:
    return InvalidError(
        f"{harmless(where, 200)}, line {number}: {why}.",
        kept="Nothing was printed.",
        todo=f"Placeholders are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}.",
    )


def fill(letter: Letter, values: Mapping[str, str]) -> Filled:
    """The letter with its values. What a value holds is text: a brace in it is a brace.

    Args:
        letter: the wording.
        values: of every placeholder; empty where it is not known.
    """

    def put(text: str) -> str:
        return _BRACES.sub(lambda found: values[found[1]] or BLANK, text)

    asked = dict.fromkeys(name for text in (letter.title, *letter.paragraphs) for name in _asked(text))
    return Filled(
        title=put(letter.title),
        paragraphs=tuple(put(one) for one in letter.paragraphs),
        missing=tuple(f"{PLACEHOLDERS[name]}: unknown" for name in asked if not values[name]),
    )


def _asked(text: str) -> Iterator[str]:
    yield from (found[1] for found in _BRACES.finditer(text))
