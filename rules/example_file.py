"""Reading example files: the format of `docs/example-format.md`, checked key by key.

Whatever is wrong is an error that names the file, the example and the key, in words for people who write
examples and not programs.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from rules.days import Calendar
from rules.errors import CalendarError, ExampleError, PackError
from rules.example_blocks import CalendarBlock, Example, RulesBlock
from rules.example_events import EVENT_FIELDS, wanted
from rules.facts import (
    CaseFacts,
    ConcernFacts,
    ContactMade,
    Event,
    ReferralFacts,
    SchoolFacts,
)
from rules.facts import Settled as SettledFacts
from rules.local_checks import switches
from rules.packs import parse
from rules.plainly import plainly

T = TypeVar("T")


class Source(Struct, frozen=True, kw_only=True):
    """An example with the name of its file, for errors."""

    file: str
    example: Example

    def fault(self, reason: str) -> ExampleError:
        """An error that names file and example."""
        return ExampleError(self.file, self.example.id, reason)

    def facts(self, key: str, rows: Iterable[Mapping[str, Any]], type_: type[T]) -> tuple[T, ...]:
        """Rows of a list of facts, each checked key by key.

        Raises:
            ExampleError: naming the key.
        """
        known = getattr(type_, "__struct_fields__", ())
        made = []
        for number, row in enumerate(rows):
            for name in row:
                if name not in known:
                    raise self.fault(f"unknown key `{name}` in {key}[{number}]")
            made.append(_convert(self.file, self.example.id, dict(row), type_, f"{key}[{number}]"))
        return tuple(made)

    def school(self) -> SchoolFacts:
        """The school.

        Raises:
            ExampleError: for an unknown key or a missing one.
        """
        found: SchoolFacts = self.facts("school", [{"name": "", **self.example.school}], SchoolFacts)[0]
        return found

    def check(self) -> None:
        """Read every list of facts, whether or not an expectation needs it.

        Raises:
            ExampleError: naming the key that is wrong.
        """
        for key in self.example.school:
            if key not in SchoolFacts.__struct_fields__:
                raise self.fault(f"unknown key `{key}` in school")
        for switch in self.example.rules.commenced:
            if switch not in switches():
                known = ", ".join(sorted(switches()))
                raise self.fault(
                    f"rules.commenced: `{switch}` is no law that waits for its date; they are {known}"
                )
        self.events()
        self.cases()
        self.contacts()
        self.referrals()
        self.concerns()
        self.settled()

    def calendar(self) -> Calendar:
        """The school days.

        Raises:
            ExampleError: if there are no terms, or they make no calendar.
        """
        block = self.example.calendar
        try:
            closed = [(*closure.ends(), closure.why or "closed") for closure in block.closed]
            return Calendar([term.ends() for term in block.terms], closed)
        except CalendarError as error:
            raise self.fault(f"calendar: {error}") from error

    def events(self) -> tuple[Event, ...]:
        """The events, each with the fields of its kind.

        Raises:
            ExampleError: for an unknown kind or field, or a value that the field cannot hold.
        """
        return tuple(self._event(number, row) for number, row in enumerate(self.example.events))

    def _event(self, number: int, row: Mapping[str, Any]) -> Event:
        kind, on, at = row.get("kind"), row.get("on"), row.get("at", "end")
        where = f"events[{number}]"
        if kind not in EVENT_FIELDS:
            raise self.fault(f"unknown kind {kind!r} in {where}; known are {', '.join(EVENT_FIELDS)}")
        if not isinstance(on, date):
            raise self.fault(f"{where} needs `on`, a date")
        if at not in ("start", "end"):
            raise self.fault(f"`at` in {where} is start or end, not {at!r}")
        fields = {key: value for key, value in row.items() if key not in ("kind", "on", "at")}
        for key, value in fields.items():
            if key not in EVENT_FIELDS[kind]:
                raise self.fault(f"unknown key `{key}` in {where} of the kind {kind}")
            should = wanted(kind, key, value)
            if should is not None:
                raise self.fault(f"`{key}` in {where} of the kind {kind} is {should}, not {value!r}")
        return Event(kind=kind, on=on, at_start=at == "start", fields=fields, id=f"E-{number + 1}")

    def cases(self) -> tuple[CaseFacts, ...]:
        """The cases."""
        return self.facts("cases", self.example.cases, CaseFacts)

    def contacts(self) -> tuple[ContactMade, ...]:
        """The calls and visits."""
        return self.facts("contacts", self.example.contacts, ContactMade)

    def referrals(self) -> tuple[ReferralFacts, ...]:
        """The referrals; `case` may be left out."""
        rows = [{"case": None, **row} for row in self.example.referrals]
        return self.facts("referrals", rows, ReferralFacts)

    def concerns(self) -> tuple[ConcernFacts, ...]:
        """The concerns."""
        return self.facts("concerns", self.example.concerns, ConcernFacts)

    def settled(self) -> dict[str, SettledFacts]:
        """The acts that settled duties, by duty."""
        return {each.duty: each for each in self.facts("settled", self.example.settled, SettledFacts)}


def _convert(file: str, example: str, doc: object, type_: type[T], place: str = "") -> T:
    try:
        return msgspec.convert(doc, type_)
    except msgspec.ValidationError as error:
        raise ExampleError(file, example, plainly(str(error), place)) from error


_DEFAULTS = ("school", "calendar", "rules")


def read(file: str, text: str) -> list[Source]:
    """The examples of one file, in order.

    Args:
        file: what errors call it.
        text: its TOML.

    Raises:
        ExampleError: naming file, example and key.
    """
    try:
        doc = parse(file, text)
    except PackError as error:
        raise ExampleError(file, "", f"is not TOML: {error.reason}") from error
    for key in doc:
        if key not in (*_DEFAULTS, "example"):
            raise ExampleError(file, "", f"unknown key `{key}`")
    defaults = {key: _table(file, "", doc.get(key, {}), key) for key in _DEFAULTS}
    _check_defaults(file, defaults)
    rows = doc.get("example", [])
    if not isinstance(rows, list):
        raise ExampleError(file, "", "`example` is a list: write [[example]]")
    found = [_source(file, number, row, defaults) for number, row in enumerate(rows, 1)]
    seen: set[str] = set()
    for source in found:
        if source.example.id in seen:
            raise source.fault("the id stands twice in this file")
        seen.add(source.example.id)
    return found


def _table(file: str, example: str, value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ExampleError(file, example, f"`{key}` is a table of keys and values")
    return value


def _check_defaults(file: str, defaults: Mapping[str, dict[str, Any]]) -> None:
    """Unknown keys in the file's own tables are wrong even if the file has no example."""
    for key in defaults["school"]:
        if key not in SchoolFacts.__struct_fields__:
            raise ExampleError(file, "", f"unknown key `{key}` in school")
    _convert(file, "", defaults["calendar"], CalendarBlock, "calendar")
    _convert(file, "", defaults["rules"], RulesBlock, "rules")


def _source(file: str, number: int, row: object, defaults: Mapping[str, dict[str, Any]]) -> Source:
    own = _table(file, f"#{number}", row, "example")
    name = str(own.get("id", f"#{number}"))
    merged = dict(own)
    for key, values in defaults.items():
        merged[key] = {**values, **_table(file, name, own.get(key, {}), key)}
    return Source(file=file, example=_convert(file, name, merged, Example))
