"""Runs of school days on which every mark is one of some codes.

A day counts if at least one session took place and every mark of it is a counting one. Closures, and marks
that say no session took place, are transparent: they neither count nor break. A session without a mark is no
evidence either way: by default it is passed over and named, where the law wants proof (`blanks_break`) it
ends the run. Any other mark breaks.
"""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.codes import CodeTable
from rules.days import Calendar
from rules.duty import Span
from rules.facts import BLANK
from rules.words import closed_days, merged, spans

_COUNTS, _PASSES, _BLANK, _BREAKS, _BESIDE = b"1-.0+"


def _letter(marks: tuple[int, int]) -> bytes:
    if _BREAKS in marks or (_BESIDE in marks and _COUNTS not in marks):
        return b"x"
    return b"." if _BLANK in marks else b"c" if _COUNTS in marks else b"-"


_MARKS = b"1-.0+"
_AM = bytes(len(_MARKS) * max(_MARKS.find(byte), 0) for byte in range(256))
_PM = bytes(max(_MARKS.find(byte), 0) for byte in range(256))
_LETTERS = b"".join(_letter((am, pm)) for am in _MARKS for pm in _MARKS).ljust(256, b"x")
"""Two translated sessions to one letter for the day: counts, is passed over, lacks a mark, breaks."""
_OVER_BLANKS = re.compile(rb"c(?:[c.-]*c)?")
_NO_BLANKS = re.compile(rb"c(?:[c-]*c)?")


class Counting(Struct, frozen=True, kw_only=True):
    """Which marks count in a run. Make one with `counting`."""

    table: bytes
    codes: tuple[str, ...]
    passes: tuple[str, ...]
    blanks_break: bool


def counting(
    codes: CodeTable,
    counts: Sequence[str],
    passes: Sequence[str] = (),
    *,
    blanks_break: bool = False,
    beside: Sequence[str] = (),
) -> Counting:
    """How to count.

    Args:
        codes: the table of codes.
        counts: codes of a day that counts.
        passes: codes that say that no session took place.
        blanks_break: whether a session without a mark ends the run.
        beside: codes that neither count nor break beside a counting session; without one they end the run.

    Raises:
        NotInRuleSet: if one of them is no code.
    """
    table = bytearray(bytes((_BREAKS,)) * 256)
    table[BLANK[0]] = _BLANK
    for byte in codes.letters(passes):
        table[byte] = _PASSES
    for byte in codes.letters(beside):
        table[byte] = _BESIDE
    for byte in codes.letters(counts):
        table[byte] = _COUNTS
    return Counting(table=bytes(table), codes=tuple(counts), passes=tuple(passes), blanks_break=blanks_break)


class Run(Struct, frozen=True, kw_only=True):
    """One run: school days in a row that count, and the days that were passed over between them."""

    days: tuple[date, ...]
    """The days that count, in order; at least one."""
    passed: tuple[date, ...]
    """School days between them on which no session took place."""
    blanks: tuple[date, ...]
    """School days between them on which a mark is missing."""
    current: bool
    """Whether nothing since has ended it; sessions without a mark after its last day may be yet to take."""

    @property
    def first(self) -> date:
        """The first day that counts."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The last day that counts."""
        return self.days[-1]

    def reached(self, n: int) -> date | None:
        """The nth day that counts, or None if the run is shorter."""
        return self.days[n - 1] if len(self.days) >= n else None

    def counted(self, why: str, until: date | None = None) -> tuple[Span, ...]:
        """The days that count, up to `until`, as stretches."""
        return spans((day for day in self.days if until is None or day <= until), why)

    def skipped(self, calendar: Calendar, until: date | None = None) -> tuple[Span, ...]:
        """Every day between its first and its last (or `until`) that was not counted, with the reason."""
        last = self.last if until is None else until
        reasons = closed_days(calendar, self.first, last)
        reasons += [(day, "no session took place") for day in self.passed if day <= last]
        reasons += [(day, "a mark is missing") for day in self.blanks if day <= last]
        return merged(sorted(reasons))


def day_letters(marks: bytes, how: Counting) -> bytes:
    """One letter a school day: `c` counts, `-` is passed over, `.` lacks a mark, `x` breaks."""
    come = marks.translate(how.table)
    if len(come) % 2:
        come += BLANK
    am, pm = come[::2].translate(_AM), come[1::2].translate(_PM)
    both = int.from_bytes(am) + int.from_bytes(
        pm
    )  # one addition for all days: no byte is so large that it carries
    return both.to_bytes(len(am)).translate(_LETTERS)


def runs(calendar: Calendar, marks: bytes, how: Counting, at_least: int = 1) -> list[Run]:
    """All runs of at least so many days, in order.

    Args:
        calendar: the school days that the marks are aligned to.
        marks: one byte a session, up to the last that is to count.
        how: from `counting`.
        at_least: shorter runs are left out; that is quick where there are none.
    """
    come = marks.translate(how.table)
    if come.count(b"1") + come.count(b"-") + come.count(b"+") < 2 * at_least:
        return []
    letters = day_letters(marks, how)
    pattern = _NO_BLANKS if how.blanks_break else _OVER_BLANKS
    return [
        _run(calendar, letters, found.start(), found.end())
        for found in pattern.finditer(letters)
        if letters.count(b"c", found.start(), found.end()) >= at_least
    ]


def current_run(calendar: Calendar, marks: bytes, how: Counting) -> Run | None:
    """The run that nothing has ended yet, or None."""
    found = runs(calendar, marks, how)
    return found[-1] if found and found[-1].current else None


def _run(calendar: Calendar, letters: bytes, start: int, end: int) -> Run:
    days = calendar.days
    here = range(start, end)
    return Run(
        days=tuple(days[at] for at in here if letters[at] == 0x63),
        passed=tuple(days[at] for at in here if letters[at] == 0x2D),
        blanks=tuple(days[at] for at in here if letters[at] == 0x2E),
        current=not letters[end:].strip(b".-"),
    )
