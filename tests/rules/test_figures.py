from decimal import Decimal
from typing import Any

import pytest

from rules.facts import Moment
from rules.figures import Figures, figures, percent
from tests.rules.rulekit import RULES, YEAR, D, pupil


def count(on: Any, rows: dict[Any, str], **facts: Any) -> Figures:
    return figures(YEAR, RULES.codes, pupil(on, rows, **facts), Moment(on=on))


def test_counts_and_percentages() -> None:
    on = D(2024, 9, 10)
    got = count(on, {D(2024, 9, 4): "IO", D(2024, 9, 5): "D#", D(2024, 9, 6): "U", D(2024, 9, 9): "VL"})
    assert (got.possible, got.attended, got.absent) == (8, 4, 4)
    assert (got.authorised, got.unauthorised) == (1, 3)
    assert got.attendance_percent == Decimal("50.00")
    assert got.severe
    assert got.persistent


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (1, 1600, "0.06"), (1, 800, "0.13"), (3, 800, "0.38"), (0, 5, "0.00")],
)
def test_percentages_are_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == Decimal(text)


def test_nothing_possible_has_no_percentage() -> None:
    got = count(D(2024, 9, 4), {D(2024, 9, 4): "X"})
    assert (got.possible, got.attendance_percent, got.absence_percent) == (0, None, None)
    assert not got.persistent


def test_a_pupil_who_starts_later_is_counted_from_there() -> None:
    on = D(2024, 9, 10)
    assert count(on, {}, starts=D(2024, 9, 9)).possible == 4
    assert count(on, {}, starts=D(2024, 9, 8)).possible == 4
    assert count(on, {}, starts=D(2020, 9, 8)).possible == 10


def test_the_run_that_stands() -> None:
    on = D(2024, 9, 12)
    got = count(on, {(D(2024, 9, 9), on): "O", D(2024, 9, 11): "N"})
    assert (got.run_days, got.run_from) == (4, D(2024, 9, 9))
    got = count(on, {(D(2024, 9, 9), D(2024, 9, 11)): "O"})
    assert (got.run_days, got.run_from) == (0, None)
