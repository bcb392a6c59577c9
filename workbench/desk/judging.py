"""Whether a mark may be written, asked of the calendar, the codes in force and the roll. No verbs here."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from rules.errors import RulesError
from workbench.desk.context import Desk
from workbench.desk.text import LINE, clean
from workbench.domain.errors import InvalidError
from workbench.domain.marking import Ask, code_fault, day_fault, future_fault, pupil_fault
from workbench.domain.pupils import Pupil
from workbench.domain.years import year_label

if TYPE_CHECKING:
    from rules.codes import Code
    from rules.days import Calendar

MOST_MINUTES = 240
"""A later arrival than this is no lateness of a session."""


class Judge:
    """The answer to "may this mark stand here?", remembered for sessions and codes that are asked about
    often.

    Args:
        desk: the desk.
        ahead: whether planned codes may be entered for days to come.
    """

    def __init__(self, desk: Desk, ahead: bool = True) -> None:
        now = desk.now()
        self._desk, self._ahead = desk, ahead
        self._today, self._hour = date(now.year, now.month, now.day), now.hour
        self._slots: dict[Ask, str | None] = {}

    def __call__(self, ask: Ask, pupil: Pupil) -> str | None:
        """Why the mark cannot be written, in words; None if it can."""
        if ask not in self._slots:
            self._slots[ask] = self._slot(ask)
        return self._slots[ask] or pupil_fault(ask, pupil)

    def _slot(self, ask: Ask) -> str | None:
        calendar = calendar_of(self._desk, ask.on)
        closed = day_fault(ask, calendar.is_school_day(ask.on), calendar.why_closed(ask.on))
        if closed:
            return closed
        try:
            codes = codes_on(self._desk, ask.on)
        except RulesError as error:
            return str(error)
        wrong = code_fault(ask, codes, frozenset(self._desk.codes.known))
        if wrong:
            return wrong
        planned = self._ahead and codes[ask.code].planned
        return future_fault(ask, self._today, self._hour, planned)


def calendar_of(desk: Desk, day: date) -> "Calendar":
    """The calendar of the school year in which a day falls."""
    return desk.calendar(year_label(day))


def codes_on(desk: Desk, day: date) -> "Mapping[str, Code]":
    """The codes in force on a day.

    Raises:
        RulesError: if the rules know none for that day.
    """
    key = ("codes", day)
    if key not in desk.cache:
        desk.cache[key] = desk.codes.at(day)
    found: Mapping[str, Code] = desk.cache[key]
    return found


def insist(judge: Judge, ask: Ask, pupil: Pupil) -> None:
    """Raise what the judge says.

    Raises:
        InvalidError: with the reason.
    """
    wrong = judge(ask, pupil)
    if wrong:
        raise InvalidError(f"{pupil.id} {ask.on.isoformat()} {ask.session}: {wrong}.")


def extras(code: "Code | None", minutes: int | None, note: str | None) -> tuple[int | None, str]:
    """Minutes and note as they are kept beside a mark.

    Raises:
        InvalidError: if there are minutes where the code has none, or they are out of bounds.
    """
    if minutes is not None and (code is None or code.needs != "minutes"):
        raise InvalidError("Minutes belong to a late mark only.")
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise InvalidError(f"Minutes late: from 1 to {MOST_MINUTES}.")
    return minutes, clean(note or "", limit=LINE, what="The note")
