"""Closing a day more never brings a deadline forward, whatever the calendar, the marks and the facts.

What is closed is a day that pupils had not come to: one that lies ahead, or one of an absence. To close a day on which
the child was there is to say that it was not, which may join two absences; the desk refuses it. Left out is where the
rules count so themselves: a week without any school day left is no school week, so that a window of school weeks
reaches further back; a child comes of age meanwhile.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rules import engine
from rules.days import Calendar, monday
from rules.duty import Duty
from rules.facts import (
    BLANK,
    CaseFacts,
    ConcernFacts,
    Event,
    Moment,
    PupilFacts,
    ReferralFacts,
    RegistersTaken,
    SchoolFacts,
    SchoolFile,
    SchoolKind,
    Session,
)
from tests.rules.rulekit import RULES, D

SESSIONS: tuple[Session, Session] = ("AM", "PM")
KINDS: tuple[SchoolKind, ...] = (
    "maintained",
    "academy",
    "special-academy",
    "independent",
    "independent-special",
)
ABSENT = ("N", "O", "I", "G", "U", "M", "B", "C1", "X")
"""One code an example: two kinds of absence would part each other's runs."""
NEWEST = frozenset({"case.group-action"})
"""Rules that show the newest of several causes: where a closed day takes that one away, an older one shows again."""
ONE = timedelta(days=1)
EARLIEST, LATEST = D(2024, 10, 1), D(2025, 5, 1)
"""Days of the question: the calendar goes on for weeks after the last."""


class World(NamedTuple):
    """A question: the calendar, the marks day by day, everything else that is known."""

    terms: tuple[tuple[date, date], ...]
    closed: tuple[tuple[date, date, str], ...]
    codes: dict[date, str]
    file: SchoolFile
    pupil: PupilFacts
    on: date

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.terms, self.closed)

    def duties(self, *shut: date) -> list[Duty]:
        """The duties at the end of the day, with some more days closed."""
        calendar = Calendar(self.terms, (*self.closed, *((day, day, "closure") for day in shut)))
        marks = b"".join(
            BLANK * 2 if day not in self.codes else _both(self.codes[day]) for day in calendar.days
        )
        return [
            *engine.duties(RULES, calendar, self.file, replace(self.pupil, marks=marks), Moment(on=self.on)),
            *engine.register_duties(RULES, calendar, self.file, Moment(on=self.on)),
            *engine.school_duties(RULES, calendar, self.file, Moment(on=self.on)),
        ]


def _both(code: str) -> bytes:
    return b"/\\" if code == "/" else RULES.codes.encode(code) * 2


@st.composite
def calendars(draw: st.DrawFn) -> tuple[tuple[tuple[date, date], ...], tuple[tuple[date, date, str], ...]]:
    terms = (
        (D(2024, 9, 2) + ONE * draw(st.integers(0, 7)), D(2024, 12, 20) - ONE * draw(st.integers(0, 5))),
        (D(2025, 1, 6) + ONE * draw(st.integers(0, 3)), D(2025, 4, 4) - ONE * draw(st.integers(0, 5))),
        (D(2025, 4, 22), D(2025, 7, 22)),
        (D(2025, 9, 3), D(2025, 12, 19)),
    )
    closed = []
    for _ in range(draw(st.integers(0, 5))):
        first = draw(st.dates(D(2024, 9, 2), D(2025, 7, 1)))
        closed.append((first, first + ONE * draw(st.sampled_from([0, 0, 1, 4, 8])), "closed"))
    return terms, tuple(closed)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    terms, closed = draw(calendars())
    calendar = Calendar(terms, closed)
    on = draw(st.dates(EARLIEST, LATEST))
    been = calendar.span(calendar.first, on)
    assume(len(been) > 5)
    starts = draw(st.sampled_from([D(2023, 9, 4), *been[-20:]]))
    codes = {day: "/" for day in been if day >= starts}
    code = draw(st.sampled_from(ABSENT))
    for _ in range(draw(st.integers(0, 4))):
        at, long = draw(st.integers(0, len(been) - 1)), draw(st.integers(1, 18))
        codes.update({day: code for day in been[at : at + long] if day >= starts})
    left = draw(st.sampled_from([None, None, None, *been[-8:]]))
    pupil = PupilFacts(
        id="P-1",
        born=draw(
            st.sampled_from([D(2012, 5, 1), D(2009, 1, 2), D(2020, 9, 9)])
        ),  # none comes of age meanwhile
        year=8,
        starts=starts,
        left=left,
        baseline=starts.year == 2023,
        social_worker=draw(st.booleans()),
        child_protection_plan=draw(st.booleans()),
        looked_after_by=draw(st.sampled_from([None, "South"])),
        ehc_plan=draw(st.booleans()),
        groups=draw(st.sets(st.sampled_from(["harm_neglect", "service", "youth_justice"])).map(frozenset)),
        events=tuple(draw(st.lists(events(been, left), max_size=4))),
        cases=tuple(draw(st.lists(cases(been), max_size=1))),
        referrals=tuple(draw(st.lists(referrals(been), max_size=1))),
        concerns=tuple(draw(st.lists(concerns(been), max_size=1))),
    )
    return World(terms, closed, codes, draw(files(been)), pupil, on)


def events(been: tuple[date, ...], left: date | None) -> st.SearchStrategy[Event]:
    day = st.sampled_from(been)
    soon = st.integers(1, 40).map(lambda n: been[-1] + ONE * n)
    several = [
        st.builds(
            lambda on, n: Event(kind="suspension", on=on, fields={"from": on, "days": n}),
            day,
            st.integers(1, 15),
        ),
        st.builds(lambda on: Event(kind="permanent_exclusion", on=on, fields={"from": on}), day),
        st.builds(
            lambda on, n: Event(kind="sickness_forecast", on=on, fields={"days": n}), day, st.integers(1, 30)
        ),
        st.builds(
            lambda on, n: Event(kind="part_time_timetable", on=on, fields={"from": on, "review": n}),
            day,
            soon,
        ),
        st.builds(lambda on, n: Event(kind="attendance_plan", on=on, fields={"review": n}), day, soon),
        st.builds(lambda on: Event(kind="not_arrived", on=on), day),
        st.builds(lambda on: Event(kind="danger", on=on, fields={"what": "x"}), day),
        st.builds(lambda on: Event(kind="removal_requested", on=on, fields={"ground": "F"}), day),
        st.builds(lambda on: Event(kind="handover_sent", on=on, fields={"to": "x"}), day),
    ]
    if left is not None:
        several.append(st.just(Event(kind="removed", on=left, fields={"ground": "F"})))
    return st.one_of(several)


def cases(been: tuple[date, ...]) -> st.SearchStrategy[CaseFacts]:
    return st.builds(
        lambda on, danger, told: CaseFacts(
            id="C-1", opened=on, trigger="absence", danger=danger, danger_on=on if danger else None,
            groups={"service": "yes"}, groups_on={"service": on}, told=told,
        ),
        st.sampled_from(been),
        st.sampled_from([None, "risk", "immediate", "none"]),
        st.sampled_from([{}, {"la": "told"}]),
    )  # fmt: skip


def referrals(been: tuple[date, ...]) -> st.SearchStrategy[ReferralFacts]:
    return st.builds(
        lambda on: ReferralFacts(id="F-1", case="C-1", to="social-care", decision="refer", on=on),
        st.sampled_from(been),
    )


def concerns(been: tuple[date, ...]) -> st.SearchStrategy[ConcernFacts]:
    return st.builds(lambda on: ConcernFacts(id="N-1", on=on), st.sampled_from(been))


@st.composite
def files(draw: st.DrawFn, been: tuple[date, ...]) -> SchoolFile:
    school = SchoolFacts(
        name="x", kind=draw(st.sampled_from(KINDS)), stands_in="North", maintained_by="North", years=(0, 11),
        policy=draw(st.booleans()), day_limits=draw(st.sampled_from([{}, {"home_visit": 3, "cme_referral": 8}])),
        policy_review=draw(st.sampled_from([None, been[-1] + 9 * ONE])),
        return_rhythm=draw(st.sampled_from(["same-day", "weekly", "monthly"])),
    )  # fmt: skip
    taken = frozenset(("8A", day, session) for day in been[:-3] for session in SESSIONS)
    return SchoolFile(school=school, registers=RegistersTaken(classes={"8A": 1}, since=been[0], taken=taken))


def counted(duties: list[Duty]) -> dict[str, list[date]]:
    """Due dates by rule, in order of time."""
    found: dict[str, list[date]] = defaultdict(list)
    for duty in duties:
        found[duty.rule].append(duty.due)
    return {rule: sorted(dues) for rule, dues in found.items()}


def ends_too_early(duties: list[Duty]) -> bool:
    return any("calendar-ends" in duty.trace.flags for duty in duties)


def leaves_a_week(calendar: Calendar, day: date) -> bool:
    return len(calendar.span(monday(day), monday(day) + 6 * ONE)) > 1


def never_earlier(before: list[Duty], after: list[Duty]) -> None:
    """By no day have more deadlines of a rule come with the closed day than without it."""
    was = counted(before)
    for rule, dues in counted(after).items():
        if rule in NEWEST:
            continue
        old = was.get(rule, [])
        assert len(dues) <= len(old), f"{rule}: a deadline more, {dues} for {old}"
        assert all(late >= early for early, late in zip(old, dues, strict=False)), (
            f"{rule}: {old}, then {dues}"
        )


@settings(max_examples=120, deadline=None)
@given(worlds(), st.data())
def test_a_day_ahead_that_is_closed_moves_deadlines_later_only(world: World, data: st.DataObject) -> None:
    calendar = world.calendar
    ahead = calendar.span(world.on + ONE, min(world.on + 40 * ONE, calendar.last))
    assume(ahead)
    day = data.draw(st.sampled_from(ahead))
    before, after = world.duties(), world.duties(day)
    assume(not ends_too_early(before))
    assert [(d.id, d.trigger) for d in before] == [(d.id, d.trigger) for d in after]
    for was, now in zip(before, after, strict=True):
        assert now.due >= was.due, f"{now.id}: {was.due} came forward to {now.due}"


@settings(max_examples=120, deadline=None)
@given(worlds(), st.data())
def test_a_day_of_absence_that_is_closed_moves_deadlines_later_only(
    world: World, data: st.DataObject
) -> None:
    calendar = world.calendar
    absent = [day for day in calendar.span(calendar.first, world.on) if world.codes.get(day, "/") != "/"]
    absent = [day for day in absent if leaves_a_week(calendar, day)]
    assume(absent)
    before, after = world.duties(), world.duties(data.draw(st.sampled_from(absent)))
    assume(not ends_too_early(before))
    never_earlier(before, after)
