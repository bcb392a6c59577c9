"""Days as people type them: `today`, `yesterday`, `fri`, `20 nov`, `20/11/2026`, `2026-11-20`."""

import re
from datetime import date, timedelta

from screens.text import DAYS, MONTHS
from workbench.domain.plain import UnreadableError, read_date

__all__ = ["UnreadableError", "read_day"]

_SHORT = re.compile(r"(\d{1,2})[ ./-]+([A-Za-z]{3,9}|\d{1,2})")
_WEEKDAY = re.compile(r"(last |next )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)


def read_day(text: str, today: date) -> date:
    """The day that was typed. A weekday is the last one up to today unless `next` stands before it; a day
    without its
    year is the nearest one.

    Raises:
        UnreadableError: if it is none.
    """
    words = " ".join(text.split()).casefold()
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if words in near:
        return today + timedelta(days=near[words])
    if found := _WEEKDAY.fullmatch(words):
        return _weekday(found[2], found[1] == "next ", today)
    if found := _SHORT.fullmatch(words):
        return _nearest(int(found[1]), found[2], today)
    return read_date(text.strip())


def _weekday(name: str, coming: bool, today: date) -> date:
    wanted = [day.casefold() for day in DAYS].index(name)
    if coming:
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=(today.weekday() - wanted) % 7)


def _nearest(day: int, month: str, today: date) -> date:
    months = [name.casefold() for name in MONTHS]
    number = int(month) if month.isdigit() else months.index(month[:3]) + 1 if month[:3] in months else 0
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, number, day))
        except ValueError:
            continue
    if not found:
        raise UnreadableError(f"{day} {month} is no day of the calendar")
    return min(found, key=lambda candidate: abs((candidate - today).days))
