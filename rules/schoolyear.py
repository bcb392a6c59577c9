"""How long a school year is at least. The numbers are data, `rules/england/year.toml`."""

from datetime import date

from msgspec import Struct

from rules.dated import Dated, in_force
from rules.facts import SchoolKind
from rules.packs import table


class LeastYear(Dated, frozen=True, kw_only=True):
    """One version of the rule."""

    days: int
    """School days of a year, at least."""
    sessions: int
    """Sessions of a year, at least."""
    kinds: tuple[SchoolKind, ...]
    """The kinds of school for which it is law; of others it is asked by nobody."""


class YearFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`year.toml`."""

    title: str
    version: tuple[LeastYear, ...]


def least_year(on: date) -> LeastYear:
    """What a school year that begins on a day must have at least.

    Raises:
        NoValueInForce: before the first version.
    """
    return in_force(table("england", "year", YearFile).version, on, "school-year", "days")
