"""An entry of the rule book, and how it stands for a time."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from rules.dated import Dated
from rules.duty import Certainty, Standing

Kind = Literal["rule", "code", "ground", "gate", "age", "year", "enquiry", "group", "flag"]


class Edition(Struct, frozen=True, kw_only=True):
    """An entry as it stands for a time, in one layer."""

    layer: str
    since: date
    to: date | None = None
    switch: str | None = None
    """The law that has to be commenced first; None where none has."""
    standing: Standing
    certainty: Certainty
    law: str
    quote: str
    link: str = ""
    checked: date | None = None
    values: tuple[tuple[str, str], ...] = ()
    """What it asks: names and values, conditions and their texts."""
    notes: tuple[str, ...] = ()

    def holds(self, on: date, commenced: Mapping[str, date]) -> bool:
        """Whether it is in force on a day."""
        first = self.since if self.switch is None else commenced.get(self.switch)
        return first is not None and max(first, self.since) <= on and (self.to is None or on <= self.to)


class Entry(Struct, frozen=True, kw_only=True):
    """Something that the rules know, in all its versions."""

    id: str
    kind: Kind
    title: str
    action: str = ""
    """What has to happen, for a rule or a group."""
    ends: str = ""
    owner: str = ""
    editions: tuple[Edition, ...]
    """First layer first, earliest first."""

    def standing_on(self, on: date, commenced: Mapping[str, date]) -> tuple[Edition, ...]:
        """The editions in force on a day, first layer first."""
        return tuple(edition for edition in self.editions if edition.holds(on, commenced))


def text_of(value: Any) -> str:
    """A value of a pack as a reader sees it."""
    if isinstance(value, Mapping):
        return ", ".join(
            f"{key} {text_of(inner)}" for key, inner in value.items() if inner not in ("", (), [])
        )
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value)) or "none"
    return "yes" if value is True else "no" if value is False else str(value)


def edition_of(layer: str, value: Dated, **more: Any) -> Edition:
    """How a dated value stands; `more` goes before what the value says of itself."""
    found: dict[str, Any] = {
        "layer": layer, "since": value.from_, "to": value.to, "switch": value.switch, "standing": value.standing,
        "certainty": value.certainty, "law": value.law, "quote": value.quote, "link": value.link,
        "checked": value.checked,
    }  # fmt: skip
    return Edition(**{**found, **more})
