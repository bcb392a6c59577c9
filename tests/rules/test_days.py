from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.days import Calendar, monday
from rules.errors import CalendarError, OutsideCalendar
from tests.rules.rulekit import YEAR, D

DAY = timedelta(days=1)


def test_the_year_has_190_school_days() -> None:
    assert len(YEAR.days) == 190
    assert len(YEAR.sessions) == 380
    assert YEAR.sessions[:2] == ((D(2024, 9, 4), "AM"), (D(2024, 9, 4), "PM"))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (D(2024, 9, 4), None),
        (D(2024, 9, 3), "outside the calendar"),
        (D(2024, 9, 7), "weekend"),
        (D(2024, 10, 28), "half term"),
        (D(2024, 11, 4), "INSET"),
        (D(2024, 12, 23), "between terms"),
        (D(2025, 7, 22), "outside the calendar"),
    ],
)
def test_why_a_day_has_no_session(day: date, why: str | None) -> None:
    assert YEAR.why_closed(day) == why
    assert YEAR.is_school_day(day) == (why is None)


def test_closures_and_weekends_are_transparent_to_counting() -> None:
    assert YEAR.add(D(2024, 10, 24), 5) == D(2024, 11, 8)
    assert YEAR.add(D(2024, 12, 20), 1) == D(2025, 1, 7)
    assert YEAR.add(D(2024, 8, 1), 1) == D(2024, 9, 4)


def test_counting_past_the_end_names_rule_and_date() -> None:
    assert YEAR.add(D(2025, 7, 18), 1) == D(2025, 7, 21)
    with pytest.raises(OutsideCalendar, match=r"absence\.resolve-n.*2025-07-18"):
        YEAR.add(D(2025, 7, 18), 2, "absence.resolve-n")
    with pytest.raises(CalendarError):
        YEAR.add(D(2025, 7, 18), 0)


def test_index_of_a_closed_day_is_refused() -> None:
    assert YEAR.index_of(D(2024, 9, 5)) == 1
    with pytest.raises(OutsideCalendar):
        YEAR.index_of(D(2024, 9, 7))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (D(2024, 8, 30), 0),
        (D(2024, 9, 4), 1),
        (D(2024, 9, 9), 2),
        (D(2024, 10, 4), 5),
        (D(2024, 10, 7), 6),
        (D(2024, 10, 25), 8),
        (D(2024, 10, 30), 8),
        (D(2024, 11, 5), 9),
    ],
)
def test_school_weeks_are_numbered_from_the_first_with_a_session(day: date, number: int) -> None:
    assert YEAR.week_number(day) == number


def test_the_first_day_of_a_school_week() -> None:
    assert YEAR.week_begins(D(2025, 1, 8), 6) == D(2024, 10, 7)
    assert YEAR.week_begins(D(2025, 1, 8), 9) == D(2024, 11, 5)
    assert YEAR.week_begins(D(2025, 1, 8), 99) is None


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (D(2024, 9, 4), D(2024, 9, 4)),
        (D(2025, 7, 21), D(2024, 9, 4)),
        (D(2025, 8, 31), D(2024, 9, 4)),
        (D(2024, 9, 3), D(2023, 9, 1)),
        (D(2025, 9, 1), D(2025, 9, 1)),
        (D(2020, 3, 1), D(2019, 9, 1)),
    ],
)
def test_a_school_year_begins_with_the_first_term_after_july(day: date, start: date) -> None:
    assert YEAR.year_start(day) == start


def test_the_end_of_a_school_year() -> None:
    assert YEAR.year_end(D(2025, 2, 1)) == D(2025, 7, 21)
    assert YEAR.year_end(D(2025, 8, 3)) == D(2025, 7, 21)
    two = Calendar([(D(2024, 9, 4), D(2025, 7, 21)), (D(2025, 9, 3), D(2026, 7, 20))])
    assert two.year_end(D(2025, 2, 1)) == D(2025, 7, 21)
    assert two.year_end(D(2025, 9, 10)) == D(2026, 7, 20)
    assert two.year_start(D(2025, 9, 2)) == D(2024, 9, 4)


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [(D(2024, 9, 4), D(2024, 9, 3))],
        [(D(2024, 9, 4), D(2024, 12, 20)), (D(2024, 12, 20), D(2025, 1, 10))],
    ],
)
def test_terms_that_make_no_calendar_are_refused(terms: list[tuple[date, date]]) -> None:
    with pytest.raises(CalendarError):
        Calendar(terms)


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(CalendarError):
        Calendar([(D(2024, 9, 4), D(2024, 12, 20))], [(D(2024, 10, 2), D(2024, 10, 1), "")])


def test_equal_calendars_are_equal() -> None:
    assert Calendar(YEAR.terms, YEAR.closed) == YEAR
    assert hash(Calendar(YEAR.terms, YEAR.closed)) == hash(YEAR)
    assert Calendar(YEAR.terms) != YEAR


days = st.dates(min_value=D(2024, 9, 4), max_value=D(2025, 7, 21))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    closed = []
    for first in draw(st.lists(days, max_size=5)):
        closed.append((first, first + draw(st.integers(0, 10)) * DAY, "closed"))
    return Calendar(YEAR.terms, closed)


@settings(max_examples=100, deadline=None)
@given(calendars(), days, st.integers(1, 30))
def test_adding_and_counting_between_agree(calendar: Calendar, day: date, n: int) -> None:
    try:
        end = calendar.add(day, n)
    except OutsideCalendar:
        assert len(calendar.between(day, calendar.last)) < n
        return
    assert calendar.is_school_day(end)
    assert len(calendar.between(day, end)) == n
    assert calendar.between(day, end)[-1] == end
    assert len(calendar.between(day, end - DAY)) == n - 1


@settings(max_examples=100, deadline=None)
@given(calendars(), days, days)
def test_a_span_is_its_school_days_and_nothing_else(calendar: Calendar, a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    naive = [
        first + n * DAY
        for n in range((last - first).days + 1)
        if calendar.why_closed(first + n * DAY) is None
    ]
    assert list(calendar.span(first, last)) == naive
    assert calendar.week_number(last) == len(
        {monday(d) for d in calendar.span(calendar.first, last + (6 - last.weekday()) * DAY)}
    )


@settings(max_examples=100, deadline=None)
@given(calendars(), days, st.integers(1, 20), st.integers(0, 4))
def test_a_closure_moves_later_days_and_no_earlier_ones(
    calendar: Calendar, day: date, n: int, length: int
) -> None:
    shut = [*calendar.closed, (day, day + length * DAY, "snow")]
    other = Calendar(calendar.terms, shut)
    assert [d for d in other.days if d < day] == [d for d in calendar.days if d < day]
    lost = len(calendar.span(day, day + length * DAY))
    try:
        assert other.add(day - DAY, n) == calendar.add(day - DAY, n + lost)
    except OutsideCalendar:
        assert len(calendar.between(day - DAY, calendar.last)) < n + lost
