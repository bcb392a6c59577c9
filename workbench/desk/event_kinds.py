"""The kinds of events and their fields: texts as people type them into kept values, and kept values as the
rules read them. No verbs here."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from rules.facts import Event
from workbench.desk.columns import DATA, words
from workbench.desk.moments import day_typed
from workbench.desk.text import PAGE, clean
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.people import Role
from workbench.domain.pupils import PupilEvent

MOST_DAYS = 400
"""Highest number in a field that counts days or months."""


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of event."""

    kind: str = ""
    title: str
    fields: dict[str, str | list[str]]
    """Field to `text`, `date`, `days`, `yes-no` or a list of choices."""
    by: tuple[Role, ...] = ()
    """Roles that may record it; empty: everybody who records events."""
    verb: str = ""
    """The command that writes it; empty: `record`."""
    private: bool = False
    """Whether only DSLs and leaders read its fields."""


@cache
def table() -> dict[str, Kind]:
    """Every kind by its key."""
    data = tomllib.loads((DATA / "events.toml").read_text("utf-8"))
    return {
        key: msgspec.structs.replace(msgspec.convert(value, Kind), kind=key) for key, value in data.items()
    }


def kind_of(key: str) -> Kind:
    """The kind with this key.

    Raises:
        InvalidError: if there is none; the message lists those there are.
    """
    kind = table().get(key)
    if kind is None:
        kinds = ", ".join(name for name, known in table().items() if not known.verb)
        raise InvalidError(f"{harmless(key)} is no kind of event.", todo=f"Kinds: {kinds}.")
    return kind


def is_private(key: str) -> bool:
    """Whether only DSLs and leaders read the fields of events of this kind."""
    kind = table().get(key)
    return kind is not None and kind.private


def kept_fields(kind: Kind, fields: Mapping[str, str]) -> dict[str, Any]:
    """Typed values of fields given as text, as documents keep them: dates in ISO form.

    Raises:
        InvalidError: naming the field that is unknown or cannot be read.
    """
    values: dict[str, Any] = {}
    for name, text in fields.items():
        type_ = kind.fields.get(name)
        if type_ is None:
            named = ", ".join(kind.fields) or "none"
            raise InvalidError(f"{harmless(name)} is no field of {kind.kind}.", todo=f"Fields: {named}.")
        values[name] = _value(name, type_, clean(text, multiline=type_ == "text", limit=PAGE, what=name))
    days = [values[name] for name in ("from", "to") if name in values]
    if days != sorted(days):
        raise InvalidError("from lies after to.")
    if "review" in values and not values.get("from", "") <= values["review"] <= values.get(
        "to", values["review"]
    ):
        raise InvalidError("review lies outside of from and to: it is held while what is agreed stands.")
    return values


def _value(name: str, type_: str | list[str], text: str) -> Any:
    if isinstance(type_, list):
        if text not in type_:
            raise InvalidError(f"{name}: one of {', '.join(type_)}, not {harmless(text)}.")
        return text
    if type_ == "date":
        return day_typed(text, name).isoformat()
    if type_ == "yes-no":
        flag = words().flags.get(text.casefold())
        if flag is None:
            raise InvalidError(f"{name}: yes or no, not {harmless(text)}.")
        return flag
    if type_ == "days":
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_DAYS):
            raise InvalidError(f"{name}: a whole number from 1 to {MOST_DAYS}, not {harmless(text)}.")
        return int(text)
    if not text:
        raise InvalidError(f"{name} is empty.")
    return text


def as_fact(event: PupilEvent) -> Event:
    """The event as the rules read it: dates are dates again."""
    kind = table().get(event.kind)
    types = kind.fields if kind else {}
    fields = {
        name: date.fromisoformat(value) if types.get(name) == "date" and isinstance(value, str) else value
        for name, value in event.fields.items()
    }
    return Event(kind=event.kind, on=event.on, at_start=event.at_start, fields=fields, id=event.id)
