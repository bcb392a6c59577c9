"""Values that hold for a time, each with its own source."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from msgspec import Struct, field

from rules.duty import Certainty, Citation, Standing
from rules.errors import NoValueInForce


class Dated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every dated value in a pack: when it is in force, and where it comes from.

    A table's rows subclass it and add their own fields; unknown keys in the file are then refused.
    """

    from_: date = field(name="from")
    """First day in force."""
    to: date | None = None
    """Last day in force, inclusive; None while it stands."""
    made: date | None = None
    """The day the instrument was made, where that matters."""
    switch: str | None = None
    """A law that is not yet commenced: the value is off until the school says from when it is in force."""
    standing: Standing
    certainty: Certainty
    law: str
    """The instrument and provision, as a reader would cite it."""
    quote: str
    """The operative words, or a faithful paraphrase."""
    link: str = ""
    checked: date | None = None
    """The day somebody last compared the value with its source; None for what is known from memory only."""

    @property
    def citation(self) -> Citation:
        """Where the value comes from, for a duty."""
        return Citation(text=self.law, quote=self.quote, link=self.link, checked=self.checked)

    def holds(self, on: date, commenced: Mapping[str, date] | None = None) -> bool:
        """Whether it is in force on a day.

        Args:
            on: the day.
            commenced: from when the laws behind switches are in force.
        """
        first = self.from_
        if self.switch is not None:
            begun = (commenced or {}).get(self.switch)
            if begun is None:
                return False
            first = max(first, begun)
        return first <= on and (self.to is None or on <= self.to)


D = TypeVar("D", bound=Dated)


def in_force(
    values: Iterable[D], on: date, rule: str, what: str = "value", commenced: Mapping[str, date] | None = None
) -> D:
    """The value in force on a day; the latest to begin if several are.

    Args:
        values: versions of one value.
        on: the day.
        rule: for the error.
        what: for the error: which value of the rule.
        commenced: from when the laws behind switches are in force.

    Raises:
        NoValueInForce: if there is none.
    """
    found = [value for value in values if value.holds(on, commenced)]
    if not found:
        raise NoValueInForce(rule, what, on)
    return max(found, key=lambda value: value.from_)
