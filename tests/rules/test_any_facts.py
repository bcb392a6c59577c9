"""Whatever was recorded, the engine answers: duties with a trace, ids of their own, and no cause that lies ahead."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from rules import engine
from rules.days import Calendar
from rules.example_events import EVENT_FIELDS
from rules.facts import (
    CaseFacts,
    ConcernFacts,
    Event,
    Moment,
    PupilFacts,
    ReferralFacts,
    SchoolFacts,
    SchoolFile,
)
from tests.rules.rulekit import RULES, YEAR, D

TWO_YEARS = Calendar(
    [(D(2023, 9, 4), D(2023, 12, 20)), (D(2024, 1, 8), D(2024, 7, 19)), *YEAR.terms], YEAR.closed
)
KINDS = (
    "maintained",
    "academy",
    "special-maintained",
    "special-academy",
    "independent",
    "independent-special",
)
GROUPS = (
    "harm_neglect",
    "grt",
    "service",
    "missing_runaway",
    "youth_justice",
    "ceased_attending",
    "new_migrant",
)
VALUES: tuple[Any, ...] = (
    *(None, "", True, False, "yes", "no", 0, 5, 15, 400, -3, "15", "x", "2024-10-01", "garbage"),
    *(
        D(2024, 10, 1),
        D(2025, 3, 1),
        D(1900, 1, 1),
        D(2030, 1, 1),
        "in-force",
        "sentence",
        "remand",
        "waived",
    ),
    *("home-education", "ended", "A", "F", "H", "LEFT", "K", "roll.deletion-return"),
)


class Dice(Random):
    """Facts by chance, sound or not: doors elsewhere refuse most of it, the rules must stand it."""

    def day(self) -> date:
        return D(2023, 8, 1) + timedelta(days=self.randrange(800))

    def maybe(self, *values: Any) -> Any:
        return self.choice((None, *values))

    def event(self, number: int) -> Event:
        kind = self.choice(list(EVENT_FIELDS))
        fields = {name: self.choice(VALUES) for name in sorted(EVENT_FIELDS[kind]) if self.random() < 0.7}
        return Event(kind=kind, on=self.day(), at_start=self.random() < 0.2, fields=fields, id=f"E-{number}")

    def pupil(self, sessions: int) -> PupilFacts:
        often = b"/\\/\\/\\NOGUI#.cX4k"
        return PupilFacts(
            id="P-1",
            born=self.choice((D(2012, 5, 1), D(2008, 5, 1), D(2020, 2, 29), D(1995, 1, 1), D(2009, 2, 28))),
            year=self.choice((-1, 0, 8, 11, 13)),
            starts=self.day(),
            entered=self.maybe(self.day()),
            left=self.maybe(self.day(), D(2010, 7, 20)),
            baseline=self.random() < 0.5,
            groups=frozenset(self.sample(GROUPS, 2)),
            social_worker=self.random() < 0.3,
            section_47=self.random() < 0.2,
            looked_after_by=self.maybe("West"),
            home_la=self.maybe("South"),
            placing_la=self.maybe("East"),
            ehc_plan=self.random() < 0.3,
            marks=bytes(self.choice(often) for _ in range(self.randrange(sessions + 1))),
            events=tuple(self.event(n) for n in range(self.randrange(9))),
            cases=(self.case(),) * self.randrange(2),
            concerns=(ConcernFacts(id="CO-1", on=self.day(), triaged=self.maybe(self.day())),),
            referrals=(self.referral(),) * self.randrange(2),
        )

    def case(self) -> CaseFacts:
        return CaseFacts(
            id="C-1",
            opened=self.day(),
            closed=self.maybe(self.day()),
            trigger=self.choice(("ten-days", "missing", "concern")),
            danger=self.choice((None, "immediate", "risk", "none", "unknown")),
            danger_on=self.maybe(self.day()),
            groups={key: self.choice(("yes", "no")) for key in ("grt", "young_carer", "social_worker")},
        )

    def referral(self) -> ReferralFacts:
        replied, follow_up = self.maybe(self.day()), self.maybe(self.day())
        return ReferralFacts(
            id="RF-1",
            case=None,
            to="police",
            decision="refer",
            on=self.day(),
            replied=replied,
            follow_up=follow_up,
        )

    def file(self) -> SchoolFile:
        school = SchoolFacts(
            name="x",
            kind=self.choice(KINDS),  # type: ignore[arg-type]
            stands_in="North",
            maintained_by=self.maybe("East"),
            years=self.choice(((0, 6), (7, 11), (7, 13))),
            policy=self.random() < 0.7,
            policy_review=self.maybe(self.day()),
            return_rhythm=self.choice(("same-day", "weekly", "monthly")),
        )
        return SchoolFile(school=school)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_recorded_there_is_an_answer(seed: int) -> None:
    dice, seen = Dice(seed), 0
    for _ in range(250):
        calendar = dice.choice((YEAR, TWO_YEARS))
        file, who = dice.file(), dice.pupil(len(calendar.sessions))
        moment = Moment(on=dice.day(), at=dice.choice(("start", "end")))
        found = engine.duties(RULES, calendar, file, who, moment)
        found += engine.school_duties(RULES, calendar, file, moment)
        assert len({duty.id for duty in found}) == len(found)
        for duty in found:
            assert duty.trace.facts, duty.id
            assert duty.trace.counted, duty.id
            assert duty.trigger <= duty.due, duty.id
            assert duty.trigger <= moment.on, duty.id
            assert engine.explain(duty)
            seen += 1
    assert seen > 500
