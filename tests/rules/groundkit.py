"""What tests of grounds share: a calendar of 2024/25, a school, a pupil with marks."""

from datetime import date
from typing import Any

from rules.days import Calendar
from rules.facts import Event, Moment, PupilFacts, SchoolFacts, SchoolFile
from rules.grounds import Judged, judge
from rules.packs import RuleSet

RULES = RuleSet()
CALENDAR = Calendar(
    ((date(2025, 1, 7), date(2025, 4, 4)), (date(2025, 4, 22), date(2025, 7, 21))),
    (
        (date(2025, 2, 17), date(2025, 2, 21), "half term"),
        (date(2025, 5, 26), date(2025, 5, 30), "half term"),
    ),
)
DAYS = CALENDAR.days


def school(kind: str = "academy", policy: bool = True, **more: Any) -> SchoolFile:
    facts = SchoolFacts(name="X", kind=kind, stands_in="North", years=(7, 11), policy=policy, **more)  # type: ignore[arg-type]
    return SchoolFile(school=facts)


def marks(changes: dict[date, str], until: date, code: str = "O", since: date = DAYS[0]) -> bytes:
    """`code` on every school day from `since` to `until`; `changes` give days one code, or `AM PM`."""
    found = b""
    for day in DAYS:
        text = changes.get(day, code if since <= day <= until else "/ \\" if day <= until else "")
        am, _, pm = text.partition(" ")
        found += b"".join(RULES.codes.encode(c) if c else b"." for c in (am, pm or am))
    return found


def pupil(**facts: Any) -> PupilFacts:
    return PupilFacts(id="P-1", born=date(2012, 5, 1), year=8, starts=date(2024, 9, 4), **facts)


def event(kind: str, on: date, **fields: Any) -> Event:
    return Event(kind=kind, on=on, fields=fields)


def judged(
    letter: str, who: PupilFacts, on: date, evidence: dict[str, str] | None = None
) -> dict[str, Judged]:
    found = judge(RULES, letter, CALENDAR, school(), who, Moment(on=on), evidence or {})
    return {condition.key: condition for condition in found}
