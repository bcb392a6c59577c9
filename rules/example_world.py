"""An example's facts as the rules read them: calendar, marks, pupil, school, moment."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import NamedTuple

from rules.codes import CodeTable
from rules.days import Calendar, walk
from rules.errors import ExampleError, NotInRuleSet
from rules.example_blocks import MarkRow, PupilBlock
from rules.example_file import Source
from rules.facts import BLANK, Moment, PupilFacts, RegistersTaken, SchoolFile
from rules.packs import RuleSet

_PRESENT = {"AM": "/", "PM": "\\"}
PUPIL = "P-EXAMPLE"
"""The id of an example's pupil, in the ids of its duties."""


class World(NamedTuple):
    """What one example is asked about."""

    source: Source
    rules: RuleSet
    moment: Moment
    calendar: Calendar
    file: SchoolFile
    pupil: PupilFacts


class Facts:
    """Builds the parts of an example's world when they are asked for.

    Args:
        source: the example.
        rules: the rules.

    Every part raises ExampleError, naming file, example and key, if what it needs is missing or wrong.
    """

    def __init__(self, source: Source, rules: RuleSet) -> None:
        self.source, self.example, self.rules = source, source.example, rules

    @cached_property
    def on(self) -> date:
        """The day asked about."""
        if self.example.on is None:
            raise self.source.fault("missing key `on`")
        return self.example.on

    @cached_property
    def moment(self) -> Moment:
        """When the question is asked."""
        now = None
        if self.example.now is not None:
            try:
                now = datetime.combine(self.on, time.fromisoformat(self.example.now))
            except ValueError:
                raise self.source.fault(f"`now` is a time such as 09:10, not {self.example.now!r}") from None
        return Moment(on=self.on, at=self.example.at, now=now)

    @cached_property
    def calendar(self) -> Calendar:
        """The school days."""
        return self.source.calendar()

    @cached_property
    def file(self) -> SchoolFile:
        """The school, its registers and what was settled."""
        block = self.example.registers
        registers = None
        if block is not None:
            registers = RegistersTaken(classes=block.classes, since=block.since, taken=frozenset(block.taken))
        return SchoolFile(
            school=self.source.school(),
            registers=registers,
            settled=self.source.settled(),
            commenced={**self.rules.commenced, **self.example.rules.commenced},
        )

    @cached_property
    def block(self) -> PupilBlock:
        """The pupil as the example has them."""
        if self.example.pupil is None:
            raise self.source.fault("missing key `pupil`")
        return self.example.pupil

    @cached_property
    def pupil(self) -> PupilFacts:
        """The pupil with marks, events and all the rest."""
        block = self.block
        known = {field: getattr(block, field) for field in block.__struct_fields__ if field != "groups"}
        starts = block.starts or self.calendar.first
        return PupilFacts(
            **{**known, "starts": starts},
            id=PUPIL,
            groups=frozenset(block.groups),
            marks=self._marks(starts),
            events=self.source.events(),
            contacts=self.source.contacts(),
            cases=self.source.cases(),
            referrals=self.source.referrals(),
            concerns=self.source.concerns(),
        )

    def world(self) -> World:
        """All of it."""
        return World(self.source, self.rules, self.moment, self.calendar, self.file, self.pupil)

    # marks ------------------------------------------------------------------------------------------------

    def _marks(self, starts: date) -> bytes:
        """Present in every session from the start to the day asked about, then row by row; later rows win."""
        codes = self.rules.codes
        present = {session: codes.encode(code) for session, code in _PRESENT.items()}
        marks = {
            (day, session): present[session]
            for day, session in self.calendar.sessions
            if starts <= day <= self.on
        }
        for number, row in enumerate(self.example.marks):
            code = self._code(codes, row, number)
            for day in self._days(row, number):
                for session in (row.session,) if row.session else ("AM", "PM"):
                    if day >= starts and self.calendar.is_school_day(day):
                        marks[day, session] = self._own(codes, code, session)
        return b"".join(marks.get(session, BLANK) for session in self.calendar.sessions)

    def _own(self, codes: CodeTable, code: str, session: str) -> bytes:
        """Both signs for present mean present, and are written with the session's own."""
        return codes.encode(_PRESENT[session] if code in _PRESENT.values() else code)

    def _days(self, row: MarkRow, number: int) -> list[date]:
        if row.on is not None and row.from_ is None and row.to is None:
            return [row.on]
        if row.on is None and row.from_ is not None:
            if row.to is not None and row.to < row.from_:
                raise self.source.fault(f"marks[{number}] ends before it begins")
            last = min(row.to or self.on, self.calendar.last)
            return list(walk(max(row.from_, self.calendar.first), last))
        raise self.source.fault(f"marks[{number}] needs `on` alone, or `from` with or without `to`")

    def _code(self, codes: CodeTable, row: MarkRow, number: int) -> str:
        """The code as it read at the moment: before an amendment, what it was."""
        if (row.was is None) != (row.amended is None):
            raise self.source.fault(f"marks[{number}] needs both `was` and `amended`, or neither")
        for code in filter(None, (row.code, row.was)):
            try:
                codes.encode(code)
            except NotInRuleSet as error:
                raise self.source.fault(f"marks[{number}]: {error}") from error
        if row.was is None or row.amended is None:
            return row.code
        known = row.amended < self.on or (row.amended == self.on and self.example.at != "start")
        return row.code if known else row.was


def check_groups(source: Source, known: Mapping[str, object]) -> None:
    """Refuse a group that no pack knows.

    Raises:
        ExampleError: naming it.
    """
    for group in source.example.pupil.groups if source.example.pupil else ():
        if group not in known:
            raise ExampleError(source.file, source.example.id, f"unknown group {group!r} in pupil")
