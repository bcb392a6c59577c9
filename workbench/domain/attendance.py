"""Row maths of the register grid: attendance of a year, of a week, and the run of absence, out of one string
of bytes."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol

ATTENDED, ALLOWED, NOT_ALLOWED = b"a", b"x", b"u"
"""What a session comes to: attended, authorised absence, unauthorised absence; everything else does not
count."""
_COMES_TO = {"present": ATTENDED, "approved": ATTENDED, "authorised": ALLOWED, "unauthorised": NOT_ALLOWED}


class ClassedCode(Protocol):
    """What is asked of a code."""

    @property
    def code(self) -> str:
        """`/`, `C1` ..."""
        ...

    @property
    def class_(self) -> str:
        """Its class for statistics, such as `authorised`."""
        ...


def tally_table(codes: Iterable[ClassedCode], encode: Callable[[str], bytes]) -> bytes:
    """A table for `bytes.translate`, from the byte of a code to what a session of it comes to."""
    table = bytearray(b"." * 256)
    for code in codes:
        table[encode(code.code)[0]] = _COMES_TO.get(code.class_, b".")[0]
    return bytes(table)


class Tally:
    """The counts of one pupil.

    Args:
        marks: one byte a session, up to the last that counts.
        table: from `tally_table`.
    """

    def __init__(self, marks: bytes, table: bytes) -> None:
        self._come = marks.translate(table)

    def percent(self) -> float | None:
        """Attended of possible, in percent to one decimal; None if no session counts."""
        share = self.share(0, len(self._come))
        return None if share is None else round(100 * share + 1e-9, 1)

    def share(self, first: int, last: int) -> float | None:
        """Attended of possible in the sessions from `first` up to but not including `last`; None if none
        counts."""
        part = self._come[first:last]
        attended = part.count(ATTENDED)
        possible = attended + part.count(ALLOWED) + part.count(NOT_ALLOWED)
        return attended / possible if possible else None

    def run(self) -> int:
        """Whole days of unauthorised absence in a row, up to the last day that is marked in both sessions."""
        come = self._come.rstrip(b".")
        if len(come) % 2:  # only the morning so far: an absence does not end the run, and is no whole day yet
            if come[-1:] != NOT_ALLOWED:
                return 0
            come = come[:-1]
        days = 0
        for end in range(len(come), 0, -2):
            if come[end - 2 : end] != NOT_ALLOWED * 2:
                break
            days += 1
        return days


def weeks_of(days: Sequence[date], last: date, number: int) -> list[tuple[int, int]]:
    """Session positions of the last school weeks: first included, end not; oldest first.

    Args:
        days: the school days, in order.
        last: the weeks end with the one that holds this day, or with the last one before it.
        number: how many; fewer if the year has not had so many.
    """
    weeks: list[tuple[int, int]] = []
    end = bisect_right(days, last)
    while end and len(weeks) < number:
        start = end - 1
        while start and days[start - 1].isocalendar()[:2] == days[end - 1].isocalendar()[:2]:
            start -= 1
        weeks.append((2 * start, 2 * end))
        end = start
    return weeks[::-1]
