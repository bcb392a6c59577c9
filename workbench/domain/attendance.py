"""Row maths of the register grid: attendance of a year or week, and the run of absence, out of one string."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from rules.codes import CLASS_BYTE
from rules.facts import BLANK

ATTENDED = (CLASS_BYTE["present"], CLASS_BYTE["approved"])
ABSENT = (CLASS_BYTE["authorised"], CLASS_BYTE["unauthorised"])
NOT_ALLOWED = CLASS_BYTE["unauthorised"]


class Tally:
    """The counts of one pupil; what the row shows, never what a duty rests on.

    Args:
        marks: one byte a session, up to the last that counts.
        classes: the rules' table from marks to classes (`CodeTable.classes`).
    """

    def __init__(self, marks: bytes, classes: bytes) -> None:
        self._come = marks.translate(classes)

    def percent(self, start: int = 0) -> float | None:
        """Attended of possible from the session at `start` on, in percent to one decimal; None if none
        counts."""
        share = self.share(start, len(self._come))
        return None if share is None else round(100 * share + 1e-9, 1)

    def share(self, first: int, last: int) -> float | None:
        """Attended of possible in the sessions from `first` up to but not including `last`; None if none
        counts."""
        part = self._come[first:last]
        attended = sum(map(part.count, ATTENDED))
        possible = attended + sum(map(part.count, ABSENT))
        return attended / possible if possible else None

    def run(self) -> int:
        """Whole days of unauthorised absence in a row, up to the last day that is marked in both sessions."""
        come = self._come.rstrip(BLANK)
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
        number: how many; fewer if there were not so many.
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
