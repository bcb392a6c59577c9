from datetime import date, timedelta

import pytest

from rules.packs import load
from workbench.domain.attendance import Tally, weeks_of

TABLE = load().codes.classes(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("marks", "percent"),
    [
        (b"////", 100.0),
        (b"//NN", 50.0),
        (b"B/N", 66.7),
        (b"DD..", None),
        (b"", None),
        (b"//I", 66.7),
        (b"/DD.N", 50.0),
    ],
)
def test_percent_is_attended_of_possible(marks: bytes, percent: float | None) -> None:
    assert Tally(marks, TABLE).percent() == percent


@pytest.mark.parametrize(
    ("marks", "days"),
    [
        (b"//NNNN", 2),
        (b"//NNNN....", 2),
        (b"NNNNN.", 2),  # the morning alone is no whole day and ends nothing
        (b"NNNN/.", 0),
        (b"NNNNII", 0),
        (b"NNN/NN", 1),
        (b"", 0),
    ],
)
def test_run_counts_whole_days(marks: bytes, days: int) -> None:
    assert Tally(marks, TABLE).run() == days


def test_weeks_are_school_weeks_up_to_the_day() -> None:
    monday = date(2026, 11, 2)
    days = [monday + timedelta(days=n) for n in (0, 1, 2, 3, 4, 14, 15)]
    assert weeks_of(days, date(2026, 11, 17), 6) == [(0, 10), (10, 14)]
    assert weeks_of(days, date(2026, 11, 12), 6) == [(0, 10)]
    assert weeks_of(days, date(2026, 11, 16), 1) == [(10, 12)]
    assert weeks_of(days, date(2026, 10, 1), 6) == []
