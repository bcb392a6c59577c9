"""`year.toml`: the terms and closures of a new school year, and classes that are named by hand. Strict."""

from typing import Annotated

from msgspec import Meta, Struct

from workbench.domain.errors import InvalidError
from workbench.domain.school import Closure, Term
from workbench.domain.schoolfile import CalendarTable, calendar_of, strict


class YearToml(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; `[calendar]` may be left out where the calendar has the year already."""

    calendar: CalendarTable | None = None
    classes: Annotated[dict[str, str], Meta(max_length=500)] = {}


class YearFile(Struct, frozen=True, kw_only=True):
    """What the file says."""

    terms: tuple[Term, ...] = ()
    closures: tuple[Closure, ...] = ()
    classes: dict[str, str] = {}


def read_year(text: str, name: str = "year.toml") -> YearFile:
    """The file as values, sound in itself.

    Args:
        text: its text.
        name: what to call it in messages.

    Raises:
        InvalidError: naming the file, the key and what would be right.
    """
    parsed = strict(text, name, YearToml)
    if parsed.calendar is None:
        if not parsed.classes:
            raise InvalidError(f"{name} says nothing.", todo="It needs [calendar], [classes] or both.")
        return YearFile(classes=parsed.classes)
    terms, closures = calendar_of(parsed.calendar, name)
    return YearFile(terms=terms, closures=closures, classes=parsed.classes)


def classes_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """Classes named on a command line: `("7A=8C",)` gives `{"7A": "8C"}`.

    Raises:
        InvalidError: for one that is no `OLD=NEW`, or a class named twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        old, equals, new = (part.strip() for part in pair.partition("="))
        if not (old and equals and new):
            raise InvalidError("A class is named as OLD=NEW.", todo="Write --class 7A=8C.")
        if old in found:
            raise InvalidError("A class is named twice.", todo="Say once what comes after it.")
        found[old] = new
    return found
