"""A register file's rows as marks: who, when, which code; what is wrong; what is odd about the whole."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from workbench.domain import upn as upns
from workbench.domain.characters import harmless
from workbench.domain.csvfile import Row, Table
from workbench.domain.inputs import Fault
from workbench.domain.marking import Ask, tidy_code
from workbench.domain.plain import UnreadableError, read_date
from workbench.domain.pupils import Pupil

NEEDED = ("upn", "date", "am", "pm")
SESSIONS = (("AM", "am"), ("PM", "pm"))
CLOSED, NOT_YET = "#", "Z"
"""Codes that other systems write where we have no session, or no pupil yet."""


class Imported(NamedTuple):
    """One mark out of a file."""

    line: int
    column: str
    pupil: str
    ask: Ask


class Marks(NamedTuple):
    """All marks that could be read, with faults and remarks."""

    marks: list[Imported]
    faults: list[Fault]
    remarks: list[str]
    passed: int
    """Cells that said only that there was no session, or no pupil yet."""


Judge = Callable[[Ask, Pupil], str | None]


def read_marks(
    table: Table, pupils: Mapping[str, Pupil], judge: Judge, is_school_day: Callable[[date], bool]
) -> Marks:
    """The rows of a register file as marks.

    Args:
        table: the file as cells.
        pupils: UPN to pupil.
        judge: why a mark cannot be taken, or None; asked once a cell.
        is_school_day: whether a day has sessions.
    """
    reader = _Reader(table.names, pupils, judge, is_school_day)
    for row in table.rows:
        reader.row(row)
    remarks = [*table.remarks, *reader.remarks()]
    return Marks(reader.marks, sorted([*table.faults, *reader.faults]), remarks, reader.passed)


class _Reader:
    def __init__(
        self,
        names: Mapping[str, str],
        pupils: Mapping[str, Pupil],
        judge: Judge,
        is_school_day: Callable[[date], bool],
    ) -> None:
        self.names, self.pupils, self.judge, self.is_school_day = names, pupils, judge, is_school_day
        self.marks: list[Imported] = []
        self.faults: list[Fault] = []
        self.passed = 0
        self.other_class = 0
        self._seen: dict[tuple[str, date], int] = {}

    def row(self, row: Row) -> None:
        """Take in one row."""
        cells = row.cells
        upn = upns.tidy(cells["upn"])
        pupil = self.pupils.get(upn)
        if pupil is None:
            self._fault(
                row.line,
                "upn",
                f"no pupil in this folder has the UPN {harmless(upn)}" if upn else "the UPN is missing",
            )
            return
        try:
            day = read_date(cells["date"])
        except UnreadableError as error:
            self._fault(row.line, "date", str(error))
            return
        first = self._seen.setdefault((pupil.id, day), row.line)
        if first != row.line:
            self._fault(row.line, "date", f"the same pupil and day stand in line {first} too")
            return
        own_class = pupil.class_on(day)
        self.other_class += cells.get("class_", own_class) != own_class
        for session, column in SESSIONS:
            self._cell(row.line, column, pupil, Ask(day, session, tidy_code(cells[column])))

    def _cell(self, line: int, column: str, pupil: Pupil, ask: Ask) -> None:
        if not ask.code:
            return
        closed = ask.code == CLOSED and not self.is_school_day(ask.on)
        if closed or (ask.code == NOT_YET and ask.on < pupil.starts):
            self.passed += 1
            return
        wrong = self.judge(ask, pupil)
        if wrong:
            self._fault(line, column, wrong)
        else:
            self.marks.append(Imported(line, self.names[column], pupil.id, ask))

    def _fault(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(line=line, column=self.names.get(column, column), reason=reason))

    def remarks(self) -> list[str]:
        """What is odd about the file as a whole."""
        found = []
        if self.passed:
            found.append(
                f"{self.passed:,} cells say only that there was no session, or no pupil yet: not taken"
            )
        if self.other_class:
            rows = f"{self.other_class:,} rows name a class that is not the pupil's class of that day"
            found.append(f"{rows}: the marks are taken")
        return found
