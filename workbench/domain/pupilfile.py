"""A pupil file's rows as values: what each says, what is wrong with it, and what is odd about it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from workbench.domain import upn as upns
from workbench.domain.characters import harmless
from workbench.domain.csvfile import Row, Table
from workbench.domain.inputs import Fault
from workbench.domain.plain import UnreadableError, class_name, read_date, read_name, read_year

NEEDED = ("surname", "forename", "born", "year", "class_", "starts")
BREAKS = frozenset({"address"})
"""Columns in which other systems put line breaks."""
PLAIN = {"address": 300, "postcode": 12, "sex": 20}
"""Columns that are kept as they are, with their longest length."""
_LIST = re.compile(r"\s*[;|/]\s*|\s*,\s+")


class Words(NamedTuple):
    """What words mean: all keys in lower case."""

    groups: Mapping[str, str]
    flags: Mapping[str, bool]
    ehc_plan: Mapping[str, bool]
    years: Mapping[str, int]
    relations: Mapping[str, str]
    professionals: frozenset[str]


class Person(NamedTuple):
    """A contact of a row: first or second, name, relation, telephone."""

    order: int
    name: str
    role: str
    phone: str
    professional: bool


class PupilRow(Struct, frozen=True, kw_only=True):
    """What a row says. None, or an empty text, means that the file does not say it."""

    line: int
    upn: str
    surname: str
    forename: str
    born: date
    year: int
    class_: str
    starts: date
    plain: dict[str, str]
    """Address, postcode and sex where the file has them."""
    groups: frozenset[str]
    looked_after: bool | None
    social_worker: bool | None
    ehc_plan: bool | None
    people: tuple[Person, ...]

    @property
    def key(self) -> tuple[str, str, date]:
        """Name and birth date: who it is where there is no UPN."""
        return (self.surname.casefold(), self.forename.casefold(), self.born)


class Reading(NamedTuple):
    """All rows that could be read, all faults, and remarks in the order of lines."""

    rows: list[PupilRow]
    faults: list[Fault]
    remarks: list[str]


def read_pupils(table: Table, words: Words, today: date, years: tuple[int, int]) -> Reading:
    """The rows of a pupil file as values.

    Args:
        table: the file as cells.
        words: what its words mean.
        today: no pupil is born later.
        years: the school's most junior and most senior year, both inclusive.
    """
    reader = _Reader(table.names, words, today, years)
    rows = [row for cells in table.rows if (row := reader.row(cells)) is not None]
    reader.doubles(rows)
    return Reading(rows, sorted([*table.faults, *reader.faults]), [*table.remarks, *reader.remarks])


class _Reader:
    def __init__(self, names: Mapping[str, str], words: Words, today: date, years: tuple[int, int]) -> None:
        self.names, self.words, self.today, self.years = names, words, today, years
        self.faults: list[Fault] = []
        self.remarks: list[str] = []

    def row(self, row: Row) -> PupilRow | None:
        """The row's values, or None if one of those that are needed cannot be read."""
        before = len(self.faults)
        surname, forename = self._name(row, "surname"), self._name(row, "forename")
        born, starts = self._date(row, "born"), self._date(row, "starts")
        year, class_ = self._year(row), self._class(row)
        plain = {name: self._plain(row, name, most) for name, most in PLAIN.items() if row.cells.get(name)}
        people = tuple(person for order in (1, 2) if (person := self._person(row, order)))
        flags = {name: self._flag(row, name) for name in ("looked_after", "social_worker", "ehc_plan")}
        upn, groups = self._upn(row), self._groups(row)
        if len(self.faults) > before or born is None or starts is None or year is None:
            return None
        return PupilRow(
            line=row.line,
            upn=upn,
            surname=surname,
            forename=forename,
            born=born,
            year=year,
            class_=class_,
            starts=starts,
            plain=plain,
            groups=groups,
            people=people,
            **flags,
        )

    def doubles(self, rows: Iterable[PupilRow]) -> None:
        """Fault rows that are about the same child, by number or by name and birth date."""
        by_upn: dict[str, list[int]] = {}
        by_name: dict[tuple[str, str, date], list[int]] = {}
        for row in rows:
            if row.upn:
                by_upn.setdefault(row.upn, []).append(row.line)
            else:
                by_name.setdefault(row.key, []).append(row.line)
        self._doubled(by_upn.values(), "upn", "the same UPN")
        self._doubled(by_name.values(), "surname", "the same name and birth date, both without a UPN,")

    def _doubled(self, lines: Iterable[list[int]], column: str, what: str) -> None:
        for group in lines:
            for line in group if len(group) > 1 else ():
                others = " and ".join(str(other) for other in group if other != line)
                self._fault(line, column, f"{what} stands in line {others} too")

    # one cell each ----------------------------------------------------------------------------------------

    def _fault(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(line=line, column=self.names.get(column, column), reason=reason))

    def _remark(self, line: int, column: str, words: str) -> None:
        self.remarks.append(f"line {line}, {self.names.get(column, column)}: {words}")

    def _name(self, row: Row, column: str) -> str:
        try:
            name, odd = read_name(row.cells.get(column, ""))
        except UnreadableError as error:
            self._fault(row.line, column, str(error))
            return ""
        if odd:
            self._remark(row.line, column, odd)
        return name

    def _date(self, row: Row, column: str) -> date | None:
        try:
            day = read_date(row.cells.get(column, ""))
        except UnreadableError as error:
            self._fault(row.line, column, str(error))
            return None
        if column == "born" and day > self.today:
            self._fault(row.line, column, f"{day.isoformat()} lies in the future")
            return None
        if column == "born" and day.year < self.today.year - 25:
            self._remark(row.line, column, f"born in {day.year}: is this right?")
        return day

    def _year(self, row: Row) -> int | None:
        try:
            year = read_year(row.cells.get("year", ""), self.words.years)
        except UnreadableError as error:
            self._fault(row.line, "year", str(error))
            return None
        first, last = self.years
        if not first <= year <= last:
            self._fault(row.line, "year", f"this school has years {first} to {last}, not {year}")
            return None
        return year

    def _class(self, row: Row) -> str:
        try:
            return class_name(row.cells.get("class_", ""))
        except UnreadableError as error:
            self._fault(row.line, "class_", str(error))
            return ""

    def _plain(self, row: Row, column: str, most: int) -> str:
        text = row.cells[column]
        if len(text) > most:
            self._fault(row.line, column, f"{len(text):,} characters; at most {most} are kept")
        return text

    def _upn(self, row: Row) -> str:
        upn = upns.tidy(row.cells.get("upn", ""))
        if not upn:
            self._remark(
                row.line, "upn", "no UPN; the pupil is known by name and birth date until there is one"
            )
        elif wrong := upns.fault(upn):
            self._fault(row.line, "upn", wrong)
        return upn

    def _groups(self, row: Row) -> frozenset[str]:
        found = set()
        for text in _LIST.split(row.cells.get("groups", "")):
            key = self.words.groups.get(text.casefold())
            if key:
                found.add(key)
            elif text:
                self._remark(
                    row.line, "groups", f"“{harmless(text)}” is none of the policy's groups; not taken"
                )
        return frozenset(found)

    def _flag(self, row: Row, column: str) -> bool | None:
        text = row.cells.get(column, "")
        known = self.words.ehc_plan if column == "ehc_plan" else self.words.flags
        if text and text.casefold() not in known:
            self._fault(row.line, column, f"“{harmless(text)}” is neither yes nor no")
        return known.get(text.casefold())

    def _person(self, row: Row, order: int) -> Person | None:
        column = f"parent_{order}"
        name = row.cells.get(column, "")
        phone = row.cells.get(f"{column}_phone", "")
        if not name and not phone:
            return None
        if len(phone) > 40:
            self._fault(row.line, f"{column}_phone", f"{len(phone):,} characters; at most 40 are kept")
        relation = row.cells.get(f"{column}_role", "")
        role = self.words.relations.get(relation.casefold(), relation.casefold()[:40])
        named = self._name(row, column) if name else "(no name)"
        return Person(order, named, role, phone, role in self.words.professionals)
