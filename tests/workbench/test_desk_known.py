"""What was known on a day is never changed by what is recorded later: random acts, on the days of a week."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import msgspec
import pytest

from tests.conftest import DeskFor
from tests.workbench.story import UPN
from workbench.desk import amendments, cases, contacts, duties, events, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import WorkbenchError

FIRST = date(2026, 11, 23)


def _amend(desk: Desk, pupil: str, dice: Random) -> None:
    on = FIRST - timedelta(days=dice.choice((3, 4, 5, 6, 7, 10, 11, 12)))
    amendments.amend(desk, pupil, on, dice.choice(("AM", "PM")), dice.choice("OINC"), "a letter came")


def _event(desk: Desk, pupil: str, dice: Random) -> None:
    kind, fields = dice.choice(
        [
            ("sickness_forecast", {"days": "15"}),
            ("suspension", {"on": desk.today().isoformat(), "from": desk.today().isoformat(), "days": "8"}),
            ("parent_letter", {"intent": "home-education", "in_writing": "yes", "last_day": "2026-12-01"}),
            ("attendance_plan", {"strategies": "breakfast club", "review": "2026-12-04"}),
        ]
    )
    events.record(desk, pupil, kind, fields)


def _contact(desk: Desk, pupil: str, dice: Random) -> None:
    contacts.add(desk, pupil, "mother", "no answer")


def _edit(desk: Desk, pupil: str, dice: Random) -> None:
    field = dice.choice(("social_worker", "section_47", "ehc_plan"))
    roll.edit(desk, pupil, {field: dice.choice(("yes", "no"))})


def _settle(desk: Desk, pupil: str, dice: Random) -> None:
    found = [d for d in duties.due(desk, pupil=pupil) if d.rule not in duties.ENDED_BY]
    if found:
        duties.done(desk, dice.choice(found).id, "told by telephone")


def _case(desk: Desk, pupil: str, dice: Random) -> None:
    cases.open_case(desk, pupil, "concern")


ACTS: tuple[Callable[[Desk, str, Random], None], ...] = (
    _amend,
    _amend,
    _event,
    _contact,
    _edit,
    _settle,
    _case,
)


def _answers(desk: Desk, on: date, known: date | None) -> list[object]:
    return [msgspec.to_builtins(duty) for duty in duties.due(desk, on=on, known=known, everything=True)]


@pytest.mark.parametrize("seed", range(6))
def test_what_was_known_is_never_changed_by_a_later_fact(
    desk_for: DeskFor, clock: FixedClock, seed: int
) -> None:
    dice, desk = Random(seed), desk_for("dsl")
    pupils = [UPN, *(p.id for p in roll.pupils(desk)[:3])]
    then: dict[date, list[object]] = {}
    done = 0
    for _ in range(3):
        for _ in range(4):
            clock.advance(minutes=5)
            try:
                dice.choice(ACTS)(desk, dice.choice(pupils), dice)
            except WorkbenchError:
                continue  # an act that is refused changes nothing: that is the point of refusing
            done += 1
        clock.advance(hours=23 - clock.now().hour)
        then[desk.today()] = _answers(desk, desk.today() - timedelta(days=1), None)
        clock.advance(days=1, hours=-14)
    assert done > 6
    assert len({len(answers) for answers in then.values()}) > 1
    for day, answers in then.items():
        assert _answers(desk, day - timedelta(days=1), day) == answers
