"""A new year for the roll, as values: which class comes after which, who goes up, who is decided on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.pupils import Place, Pupil
from workbench.domain.rollover import next_class, plan

OLD, BEGINS, TODAY, YEARS = date(2026, 9, 1), date(2027, 9, 1), date(2027, 8, 20), (7, 11)


def pupil(own: str, year: int, class_: str, **other: object) -> Pupil:
    known = {"surname": own, "forename": "A", "born": date(2014, 1, 1), "starts": date(2026, 9, 1), **other}
    return Pupil(id=own, year=year, class_=class_, **known)  # type: ignore[arg-type]  # as the test says


@pytest.mark.parametrize(
    ("name", "years", "after"),
    [
        ("7A", (7, 11), "8A"),
        ("10 Blue", (7, 11), "11 Blue"),
        ("Year 9", (7, 11), "Year 10"),
        ("11A", (7, 11), None),
        ("Oak", (0, 6), None),
        ("RA", (0, 6), "1A"),
        ("Robins", (0, 6), None),
        ("3M", (7, 11), None),
    ],
)
def test_the_class_after_a_class(name: str, years: tuple[int, int], after: str | None) -> None:
    assert next_class(name, years) == after


def test_a_class_that_does_not_say_has_to_be_named() -> None:
    found = plan([pupil("P1", 8, "Oak")], BEGINS, TODAY, YEARS, {})
    assert found.faults == ("what comes after Oak has to be said",)
    found = plan([pupil("P1", 8, "Oak")], BEGINS, TODAY, YEARS, {"Oak": "Oak"})
    assert (found.rows[0].year_after, found.rows[0].class_after, found.faults) == (9, "Oak", ())


def test_the_most_senior_make_room_only_where_they_have_to() -> None:
    senior = pupil("P1", 11, "11A")
    assert plan([senior], BEGINS, TODAY, YEARS, {}).rows[0].class_after == "11A"
    both = plan([senior, pupil("P2", 10, "10A")], BEGINS, TODAY, YEARS, {})
    assert {row.pupil: row.class_after for row in both.rows} == {"P1": "11A undecided", "P2": "11A"}
    named = plan([senior, pupil("P2", 10, "10A")], BEGINS, TODAY, YEARS, {"11A": "Stay"})
    assert {row.pupil: row.class_after for row in named.rows} == {"P1": "Stay", "P2": "11A"}


def test_starters_and_those_with_a_removal_stay_who_left_is_not_listed() -> None:
    found = plan(
        [
            pupil("P1", 7, "7A", starts=BEGINS),
            pupil("P2", 9, "9A", left=BEGINS),
            pupil("P3", 9, "9A", left=TODAY),
        ],
        BEGINS,
        TODAY,
        YEARS,
        {},
    )
    assert [(row.pupil, row.what, row.class_after) for row in found.rows] == [
        ("P1", "starts", "7A"),
        ("P2", "leaves", "9A"),
    ]


@given(
    st.lists(st.tuples(st.integers(7, 11), st.sampled_from("AB"), st.booleans(), st.booleans()), max_size=30)
)
def test_nobody_is_lost_and_nobody_goes_past_the_most_senior(
    drawn: list[tuple[int, str, bool, bool]],
) -> None:
    every = [
        pupil(f"P{n}", year, f"{year}{letter}", starts=BEGINS if new else OLD, left=BEGINS if gone else None)
        for n, (year, letter, new, gone) in enumerate(drawn)
    ]  # fmt: skip
    found = plan(every, BEGINS, TODAY, YEARS, {})
    assert found.faults == ()
    assert sorted(row.pupil for row in found.rows) == sorted(p.id for p in every)
    assert all(row.year_after <= 11 for row in found.rows)
    for row in found.rows:
        assert row.year_after - row.year == (row.what == "up")


DAYS = st.dates(date(2026, 9, 1), date(2029, 7, 31))


@given(st.lists(st.tuples(DAYS, st.integers(7, 11), st.sampled_from("ABC")), max_size=6), DAYS)
def test_places_are_those_of_a_plain_list_of_days(changes: list[tuple[date, int, str]], asked: date) -> None:
    """Whatever is set, and in whichever order, a day has the place of the latest day set that is not after it."""
    one = pupil("P1", 7, "7A")
    kept: dict[date, tuple[int, str]] = {}
    for since, year, letter in changes:
        one = one.placed(since, year, f"{year}{letter}")
        kept[since] = (year, f"{year}{letter}")
        kept.setdefault(one.starts, (7, "7A"))
    before = [since for since in kept if since <= asked]
    assert one.place_on(asked) == (kept[max(before)] if before else (7, "7A"))
    assert one.at(asked).class_ == one.class_on(asked)


def test_a_place_from_the_first_day_is_the_only_one() -> None:
    one = pupil("P1", 7, "7A")
    assert one.placed(one.starts, 8, "8A").places == ()
    later = one.placed(BEGINS, 8, "8A")
    assert later.places == (
        Place(since=one.starts, year=7, class_="7A"),
        Place(since=BEGINS, year=8, class_="8A"),
    )
    assert later.at(date(2020, 1, 1)).class_ == "7A"
