"""Half-term blocks: where in a code string a session's mark stands.

A pupil's marks of a half-term are one string, two characters a day from a Monday on, closures and weekends
included. A closure that is decided late therefore moves nothing.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from workbench.domain.school import Closure, Term

SESSIONS = ("AM", "PM")
BLANK = "."
"""The character of a session without a mark."""
HALF_TERM_DAYS = 4
"""A closure of at least so many days from Monday to Friday, well inside a term, parts it in two."""


class Block(NamedTuple):
    """A run of whole weeks; `first` is a Monday, `days` a multiple of seven."""

    first: date
    days: int

    @property
    def length(self) -> int:
        """Characters of its code strings."""
        return 2 * self.days

    def position(self, day: date, session: str) -> int:
        """Where the mark of a session stands in a string of this block."""
        return 2 * (day - self.first).days + (session == "PM")

    def at(self, position: int) -> tuple[date, str]:
        """The session whose mark stands at a position."""
        return self.first + timedelta(days=position // 2), SESSIONS[position % 2]


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def make_blocks(terms: Sequence[Term], closures: Sequence[Closure]) -> list[Block]:
    """The blocks of one school year: each term in two where a half-term holiday parts it, else at its middle
    week.

    Args:
        terms: the year's terms, in order of time.
        closures: all closures; only long ones inside a term matter.
    """
    starts: list[date] = []
    for term in terms:
        starts.append(monday(term.first))
        starts.append(_middle(term, closures))
    starts = sorted(set(starts))
    ends = [*starts[1:], monday(terms[-1].last) + timedelta(days=7)]
    return [Block(start, (end - start).days) for start, end in zip(starts, ends, strict=True)]


def _middle(term: Term, closures: Sequence[Closure]) -> date:
    for closure in closures:
        inside = term.first < closure.first and closure.last < term.last
        weekdays = sum(
            (closure.first + timedelta(days=n)).weekday() < 5
            for n in range((closure.last - closure.first).days + 1)
        )
        if inside and weekdays >= HALF_TERM_DAYS:
            return monday(closure.last + timedelta(days=3))
    return monday(term.first + (term.last - term.first) / 2)


def block_of(blocks: Sequence[Block], day: date) -> Block | None:
    """The block that holds a day, or None if none does."""
    index = bisect_right(blocks, day, key=lambda block: block.first) - 1
    if index < 0:
        return None
    block = blocks[index]
    return block if (day - block.first).days < block.days else None
