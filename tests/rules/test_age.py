from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.age import AgeFile, birthday, compulsory_age, leaving_date
from tests.rules.rulekit import RULES, YEAR, D


@pytest.mark.parametrize(
    ("born", "begins"),
    [
        (D(2020, 3, 30), D(2025, 3, 31)),
        (D(2020, 3, 31), D(2025, 3, 31)),
        (D(2020, 4, 1), D(2025, 8, 31)),
        (D(2020, 8, 31), D(2025, 8, 31)),
        (D(2020, 9, 1), D(2025, 12, 31)),
        (D(2020, 12, 31), D(2025, 12, 31)),
        (D(2021, 1, 1), D(2026, 3, 31)),
        (D(2020, 2, 29), D(2025, 3, 31)),
    ],
)
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born: date, begins: date) -> None:
    assert compulsory_age(RULES, born).first == begins


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        (D(2008, 8, 31), D(2024, 6, 28)),
        (D(2008, 9, 1), D(2025, 6, 27)),
        (D(2009, 8, 31), D(2025, 6, 27)),
        (D(2009, 9, 1), D(2026, 6, 26)),
        (D(2010, 9, 1), D(2027, 6, 25)),
        (D(2011, 9, 1), D(2028, 6, 30)),
    ],
)
def test_it_ends_on_the_last_friday_in_june(born: date, ends: date) -> None:
    assert compulsory_age(RULES, born).last == ends


def test_the_calendar_says_when_the_school_year_begins() -> None:
    """Sixteen on 2 September 2024, two days before the next school year begins: the leaving date was in June."""
    assert compulsory_age(RULES, D(2008, 9, 2), YEAR).last == D(2024, 6, 28)
    assert compulsory_age(RULES, D(2008, 9, 4), YEAR).last == D(2025, 6, 27)


def test_both_ends_belong_to_it() -> None:
    age = compulsory_age(RULES, D(2009, 8, 31))
    assert [age.holds(d) for d in (age.first, age.last)] == [True, True]
    assert [age.holds(d) for d in (D(2014, 8, 30), D(2025, 6, 28))] == [False, False]


def test_a_leap_day_child_has_a_birthday_every_year() -> None:
    assert birthday(D(2020, 2, 29), 5) == D(2025, 3, 1)
    assert birthday(D(2020, 2, 29), 4) == D(2024, 2, 29)


@given(st.integers(1999, 2100))
def test_the_leaving_date_is_a_friday_and_no_later_one_is_in_june(year: int) -> None:
    found = leaving_date(RULES.table("age", AgeFile).version[0], year)
    assert (found.year, found.month, found.isoweekday()) == (year, 6, 5)
    assert found.day + 7 > 30
