"""Two versions of a record as lines: beside each other where there is room, else one above the other. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct

from screens.text import LONGEST, cell_len, pad, wrap
from screens.widgets.field import Field
from screens.widgets.lines import Row

BESIDE = 88
"""Cells from which two versions stand beside each other."""
NOTHING = "–"


class Pair(Struct, frozen=True):
    """One field in two versions, in words."""

    label: str
    theirs: str
    mine: str


def words_of(field: Field, value: str) -> str:
    """A field's value as it is read: the words of a choice, a dash for nothing."""
    return dict(field.choices).get(value, value) or NOTHING


def pairs_of(fields: Sequence[Field], theirs: Mapping[str, str], mine: Mapping[str, str]) -> list[Pair]:
    """The fields that one wrote, against what stands there now.

    Args:
        fields: of the form.
        theirs: key to what stands.
        mine: key to what was to be written; fields that it leaves out are not shown.
    """
    return [
        Pair(field.label, words_of(field, theirs.get(field.key, "")), words_of(field, mine[field.key]))
        for field in fields
        if field.key in mine
    ]


def beside_words(
    fields: Sequence[Field], before: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> list[str]:
    """What they changed where one wrote nothing: `Address: 1 Quay, was 2 Quay`. It stays whatever is chosen."""
    return [
        f"{f.label}: {words_of(f, theirs.get(f.key, ''))}, was {words_of(f, before.get(f.key, ''))}"
        for f in fields
        if f.key not in mine and theirs.get(f.key, "") != before.get(f.key, "")
    ]


def version_rows(pairs: Sequence[Pair], who: str, also: Sequence[str], width: int) -> list[Row]:
    """Both versions as rows to read.

    Args:
        pairs: the fields, in order.
        who: who wrote the version that stands, and when.
        also: what they changed elsewhere, a line each.
        width: cells.
    """
    rows = _beside(pairs, who, width) if width >= BESIDE else _above(pairs, who, width)
    if also:
        rows += [Row("", ("",)), Row("", ("They also changed, and it stays:",), tone="strong")]
        rows += [Row("", (line,)) for each in also for line in wrap(f"  {each}", width, "    ")]
    return rows


def _above(pairs: Sequence[Pair], who: str, width: int) -> list[Row]:
    rows: list[Row] = []
    for title, texts in ((who, [p.theirs for p in pairs]), ("Yours", [p.mine for p in pairs])):
        rows += [Row("", (title,), tone="strong")]
        for label, text in zip(_labels(pairs), texts, strict=True):
            rows += [Row("", (line,)) for line in _labelled(label, text, width)]
    return rows


def _labels(pairs: Sequence[Pair]) -> list[str]:
    """The labels in a column as wide as the longest."""
    width = max((cell_len(pair.label) for pair in pairs), default=0)
    return [pad(pair.label, width) for pair in pairs]


def _labelled(label: str, text: str, width: int) -> list[str]:
    """`  Answer  yes`, with what follows below the text."""
    head = f"  {label}  "
    lines = wrap(_broken(text), max(16, width - cell_len(head)))
    return [head + lines[0], *(" " * cell_len(head) + line for line in lines[1:])]


def _broken(text: str) -> str:
    """A text whose paragraphs are short enough that no line of it is cut."""
    parts = text.split("\n")
    return "\n".join(
        "\n".join(textwrap.wrap(part, LONGEST)) if len(part) > LONGEST else part for part in parts
    )


def _beside(pairs: Sequence[Pair], who: str, width: int) -> list[Row]:
    half = (width - 3) // 2
    rows = [Row("", (f"{pad(who, half)}   Yours",), tone="strong")]
    for label, pair in zip(_labels(pairs), pairs, strict=True):
        left, right = (_labelled(label, text, half) for text in (pair.theirs, pair.mine))
        for one, other in zip_longest(left, right, fillvalue=""):
            rows.append(Row("", (f"{pad(one, half)} │ {other}".rstrip(),)))
    return rows
