"""What is printed, as values: a sheet, its parts, and who made it when on which head of the log."""

from typing import Any, Literal

from msgspec import Struct

from workbench.domain.casemarks import CodeWords

Kind = Literal["return", "letter", "daily", "chronology", "certificate"]
KINDS: tuple[Kind, ...] = ("return", "letter", "daily", "chronology", "certificate")


class Words(Struct, frozen=True, kw_only=True):
    """Paragraphs under a heading; an empty heading has none."""

    title: str = ""
    lines: tuple[str, ...]


class Pairs(Struct, frozen=True, kw_only=True):
    """Labels and what they say."""

    title: str = ""
    rows: tuple[tuple[str, str], ...]


class Column(Struct, frozen=True):
    """A column of a table."""

    title: str
    width: int
    """Its share of the paper's width, and of a line's characters."""


class Rows(Struct, frozen=True, kw_only=True):
    """A table; where it has no row it says why."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


class Picture(Struct, frozen=True, kw_only=True):
    """The register of one child: marks in order of time, what was changed, and what the codes are called."""

    marks: tuple[dict[str, Any], ...]
    """Each with `on`, `session`, `code`, `minutes`, `note`."""
    amendments: tuple[dict[str, Any], ...]
    """Each with `on`, `session`, `was`, `code`, `reason`, `at`, `by`."""
    codes: dict[str, CodeWords]


Part = Words | Pairs | Rows | Picture


class Proof(Struct, frozen=True, kw_only=True):
    """Who made a sheet and when, and the newest entry of the log at that moment."""

    school: str
    by: str
    at: str
    """ISO 8601 with offset."""
    seq: int
    head: str
    """64 hex digits."""


class Sheet(Struct, frozen=True, kw_only=True):
    """One thing to print."""

    kind: Kind
    subject: str
    """The id of whom or what it is about, as the log names it: a pupil or a case; empty for the day's."""
    why: str
    """What the log says was printed: the kind, of a letter which one (`letter.absence`), of a return its duty."""
    title: str
    mark: str
    """Who it is for, on top of the first page; empty for what goes to parents."""
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()
    """What is not known and should stand in it; on a letter a blank to fill in stands in its place."""
    proof: Proof
