"""The school year 2024/25 of the notes on law, a school, and pupils with the marks that a test gives them."""

from datetime import date
from typing import Any

from rules import engine
from rules.days import Calendar
from rules.duty import Duty
from rules.facts import BLANK, Event, Moment, PupilFacts, SchoolFacts, SchoolFile
from rules.packs import load

D = date
YEAR = Calendar(
    [(D(2024, 9, 4), D(2024, 12, 20)), (D(2025, 1, 7), D(2025, 4, 4)), (D(2025, 4, 22), D(2025, 7, 21))],
    [
        (D(2024, 10, 28), D(2024, 11, 1), "half term"),
        (D(2024, 11, 4), D(2024, 11, 4), "INSET"),
        (D(2025, 2, 17), D(2025, 2, 21), "half term"),
        (D(2025, 5, 5), D(2025, 5, 5), "bank holiday"),
        (D(2025, 5, 26), D(2025, 5, 30), "half term"),
    ],
)
RULES = load()
SCHOOL = SchoolFacts(name="Example Academy", kind="academy", stands_in="North", years=(7, 11))
FILE = SchoolFile(school=SCHOOL)


def marks(rows: dict[date | tuple[date, date], str], on: date, calendar: Calendar = YEAR) -> bytes:
    """Present up to `on`, except on the days (or from-to) given, each with two codes or one for both."""
    made = bytearray(b"/\\" * calendar.upto(on) + BLANK * 2 * (len(calendar.days) - calendar.upto(on)))
    for days, codes in rows.items():
        first, last = days if isinstance(days, tuple) else (days, days)
        for day in calendar.span(first, last):
            at = 2 * calendar.index_of(day)
            made[at : at + 2] = (codes * 2)[:2].encode()
    return bytes(made)


def pupil(on: date, rows: dict[Any, str] | None = None, **facts: Any) -> PupilFacts:
    known: dict[str, Any] = {
        "id": "P-1",
        "born": D(2012, 5, 1),
        "year": 8,
        "starts": D(2023, 9, 5),
        "baseline": True,
        "marks": marks(rows or {}, on),
    }
    return PupilFacts(**{**known, **facts})


def event(kind: str, on: date, **fields: Any) -> Event:
    return Event(kind=kind, on=on, fields=fields)


def ask(
    on: date,
    who: PupilFacts,
    *only: str,
    file: SchoolFile = FILE,
    moment: Moment | None = None,
    calendar: Calendar = YEAR,
) -> list[Duty]:
    return engine.duties(
        RULES, calendar, file, who, moment or Moment(on=on), frozenset(only) if only else None
    )
