"""`school.toml` as values: strict, so that a mistyped key is named and not passed over."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from rules import tomltext
from rules.facts import SchoolKind
from workbench.domain.characters import BAD, harmless
from workbench.domain.errors import InvalidError
from workbench.domain.people import Role
from workbench.domain.school import Authority, Closure, School, Term

T = TypeVar("T", bound=Struct)

LONGEST_FILE = 1_000_000
LONGEST_TEXT = 500
LONGEST_TERM = 366
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
USER = r"^[a-z][a-z0-9._-]{0,31}$"
RHYTHM = "^(same-day|weekly|monthly)$"
PLAINLY = {
    TIME: 'a time such as "08:55"',
    USER: "a name of small letters, digits, dots and dashes that begins with a letter, at most 32",
    RHYTHM: "same-day, weekly or monthly",
}
"""What the patterns mean, for messages."""
ClockTime = Annotated[str, Meta(pattern=TIME)]
Words = Annotated[str, Meta(min_length=1, max_length=200)]
UserName = Annotated[str, Meta(pattern=USER)]


class SchoolTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[school]`."""

    name: Words
    number: Words
    kind: SchoolKind
    stands_in: Words
    maintained_by: Words | None = None
    years: tuple[Annotated[int, Meta(ge=0, le=14)], Annotated[int, Meta(ge=0, le=14)]]
    trust: str = ""
    policy: str | None = None
    policy_review: date | None = None
    registers_open: dict[str, ClockTime]
    registers_open_minutes: Annotated[int, Meta(ge=1, le=30)]
    suspensions_full_time_from_day: Annotated[int, Meta(ge=1, le=20)] | None = None


class DaysTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term or a closure: `from` and `to`, or `on`; `name` or `why`."""

    name: str = ""
    why: str = ""
    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="to", default=None)
    on: date | None = None


class CalendarTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[calendar]`."""

    terms: Annotated[list[DaysTable], Meta(min_length=1, max_length=200)]
    closed: Annotated[list[DaysTable], Meta(max_length=2000)] = []


class PersonTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[people]]`."""

    user: UserName
    name: Words
    post: Words
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]


class AuthorityTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[local_authority]`."""

    name: Words
    cme_named_person: dict[str, str] = {}
    childrens_social_care: dict[str, str] = {}
    police: dict[str, str] = {}
    virtual_school: dict[str, str] = {}
    education_welfare: dict[str, str] = {}
    threshold_document: dict[str, str] = {}
    return_rhythm: Annotated[str, Meta(pattern=RHYTHM)] = "same-day"
    returns_by: str = ""
    asks_leavers: bool = False
    asks_starters: bool = False
    day_limits: dict[str, Annotated[int, Meta(ge=0, le=200)]] = {}


class SchoolToml(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    school: SchoolTable
    calendar: CalendarTable
    local_authority: AuthorityTable
    people: Annotated[list[PersonTable], Meta(min_length=1, max_length=500)]


def read(text: str, name: str = "school.toml") -> SchoolToml:
    """The file as values, sound in itself.

    Args:
        text: its text.
        name: what to call it in messages.

    Raises:
        InvalidError: naming the file, the key and what would be right.
    """
    parsed = strict(text, name, SchoolToml)
    for fault in _faults(parsed):
        raise InvalidError(f"{name}: {fault}", todo="Put it right and try again.")
    return parsed


def strict(text: str, name: str, type_: type[T]) -> T:
    """A TOML text as values of a type; what they say together is not looked at yet.

    Args:
        text: the file's text.
        name: what to call it in messages.
        type_: a struct that forbids unknown fields.

    Raises:
        InvalidError: naming the file, the key and what would be right.
    """
    if len(text) > LONGEST_FILE:
        raise InvalidError(f"{name} has more than {LONGEST_FILE:,} characters: this is no school file.")
    try:
        table = tomltext.read(text)
    except tomltext.TomlError as error:
        raise InvalidError(f"{name} {error}.", todo="Put that line right.") from error
    for fault in _text_faults(table, ""):
        raise InvalidError(f"{name}: {fault}", todo="Put it right and try again.")
    try:
        return msgspec.convert(table, type_)
    except msgspec.ValidationError as error:
        raise InvalidError(f"{name}: {_plain(str(error))}", todo="Put it right and try again.") from error


def _plain(message: str) -> str:
    """msgspec's words, a little plainer: the key first."""
    what, _, path = message.partition(" - at `$")
    where = re.sub(r"\[(\d+)\]", lambda found: f", the {_nth(int(found[1]) + 1)}", path.strip("`").strip("."))
    for pattern, words in PLAINLY.items():
        what = what.replace(f"`str` matching regex {pattern!r}", words)
    return harmless(f"{where or 'the file'}: {what[:1].lower()}{what[1:]}.", 400)


def _text_faults(value: object, path: str) -> Iterator[str]:
    """Texts that hold characters which are never kept, or are longer than any text here needs to be."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _text_faults(inner, f"{path}.{harmless(key)}" if path else harmless(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _text_faults(inner, f"{path}, the {_nth(number)}")
    elif isinstance(value, str) and BAD.search(value):
        yield f"{path}: holds a control character."
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield f"{path}: has {len(value):,} characters; at most {LONGEST_TEXT} are kept."


def _faults(parsed: SchoolToml) -> list[str]:
    return [
        *_school_faults(parsed.school),
        *_calendar_faults(parsed.calendar),
        *_people_faults(parsed.people),
    ]


def _school_faults(school: SchoolTable) -> list[str]:
    faults = []
    if school.years[0] > school.years[1]:
        faults.append("school.years: the most junior year comes first, as in [7, 11].")
    if sorted(school.registers_open) != ["AM", "PM"]:
        faults.append('school.registers_open: both sessions are needed, as in {AM = "08:55", PM = "13:10"}.')
    elif school.registers_open["AM"] >= school.registers_open["PM"]:
        faults.append("school.registers_open: the morning register opens before the afternoon's.")
    if school.kind in ("maintained", "special-maintained") and not school.maintained_by:
        faults.append("school.maintained_by: a maintained school names the authority that maintains it.")
    return faults


def _span(days: DaysTable) -> tuple[date, date] | None:
    if days.on is not None:
        return (days.on, days.on) if days.first is None and days.last is None else None
    return (days.first, days.last) if days.first and days.last and days.first <= days.last else None


def _calendar_faults(calendar: CalendarTable) -> list[str]:
    faults = []
    spans = []
    for number, term in enumerate(calendar.terms, 1):
        span = _span(term)
        if span is None or term.on is not None:
            faults.append(
                f"calendar.terms, the {_nth(number)}: it needs `from` and `to`, in this order of time."
            )
        elif (span[1] - span[0]).days > LONGEST_TERM:
            faults.append(
                f"calendar.terms, the {_nth(number)}: it lasts more than a year; is a date mistyped?"
            )
        else:
            spans.append(span)
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            faults.append(
                f"calendar.terms: the term from {first} begins before the one before it has ended ({last})."
            )
    for number, closed in enumerate(calendar.closed, 1):
        if _span(closed) is None:
            faults.append(
                f"calendar.closed, the {_nth(number)}: it needs `on`, or `from` and `to` in order of time."
            )
    return faults


def _people_faults(people: list[PersonTable]) -> list[str]:
    users = [person.user for person in people]
    faults = [
        f"people: the user name {user} stands there twice."
        for user in sorted(set(users))
        if users.count(user) > 1
    ]
    if not any("dsl" in person.roles for person in people):
        faults.append(
            'people: nobody has the role "dsl"; a school has at least one designated safeguarding lead.'
        )
    return faults


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def school_of(parsed: SchoolToml, since: date) -> School:
    """The school record of a parsed file.

    Args:
        parsed: what `read` gave.
        since: the first day for which registers are kept in the folder.
    """
    fields: dict[str, Any] = {name: getattr(parsed.school, name) for name in parsed.school.__struct_fields__}
    la = parsed.local_authority
    terms, closures = _days_of(parsed.calendar)
    return School(
        **fields,
        terms=terms,
        closures=closures,
        authority=Authority(**{name: getattr(la, name) for name in la.__struct_fields__}),
        registers_since=since,
    )


def calendar_of(calendar: CalendarTable, name: str) -> tuple[tuple[Term, ...], tuple[Closure, ...]]:
    """Terms and closures of a file's `[calendar]`.

    Raises:
        InvalidError: naming the file, the key and what would be right.
    """
    for fault in _calendar_faults(calendar):
        raise InvalidError(f"{name}: {fault}", todo="Put it right and try again.")
    return _days_of(calendar)


def _days_of(calendar: CalendarTable) -> tuple[tuple[Term, ...], tuple[Closure, ...]]:
    terms = [Term(name=row.name, first=first, last=last) for row, (first, last) in _spans(calendar.terms)]
    closures = [
        Closure(first=first, last=last, why=row.why or row.name or "closed")
        for row, (first, last) in _spans(calendar.closed)
    ]
    return tuple(terms), tuple(closures)


def _spans(rows: list[DaysTable]) -> list[tuple[DaysTable, tuple[date, date]]]:
    return [(row, span) for row in rows if (span := _span(row)) is not None]
