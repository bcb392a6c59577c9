from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.days import Calendar
from rules.runs import counting, current_run, runs
from tests.rules.rulekit import RULES, YEAR, D

HOW = counting(RULES.codes, ("G", "N", "O", "U"), ("#", "Y4"))
STRICT = counting(RULES.codes, ("G", "N", "O"), ("#",), blanks_break=True)
SHORT = Calendar([(D(2024, 9, 4), D(2024, 10, 25))], [(D(2024, 9, 18), D(2024, 9, 20), "closed")])


def oracle(
    calendar: Calendar, marks: bytes, counts: bytes, passes: bytes, blanks_break: bool
) -> list[tuple[list[date], bool]]:
    """Day by day, without any cleverness."""
    found: list[tuple[list[date], bool]] = []
    run: list[date] = []
    for index in range(len(marks) // 2):
        pair = marks[2 * index : 2 * index + 2]
        if any(m not in counts and m not in passes and m != ord(".") for m in pair):
            kind = "break"
        elif ord(".") in pair:
            kind = "break" if blanks_break else "skip"
        elif any(m in counts for m in pair):
            kind = "count"
        else:
            kind = "skip"
        if kind == "count":
            run.append(calendar.days[index])
        elif kind == "break" and run:
            found.append((run, False))
            run = []
    if run:
        found.append((run, True))
    elif found and open_tail(marks, found, calendar, counts + passes):
        found[-1] = (found[-1][0], True)
    return found


def open_tail(
    marks: bytes, found: list[tuple[list[date], bool]], calendar: Calendar, harmless: bytes
) -> bool:
    """No mark after the last day that counted breaks: missing ones may be yet to take."""
    last = calendar.index_of(found[-1][0][-1])
    return all(mark in harmless or mark == ord(".") for mark in marks[2 * last + 2 :])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(b"OONUG#4./\\I1"), max_size=2 * len(SHORT.days)),
    st.booleans(),
    st.integers(1, 6),
)
def test_runs_are_what_a_plain_walk_finds(codes: list[int], strict: bool, at_least: int) -> None:
    marks = bytes(codes[: len(codes) // 2 * 2])
    how = STRICT if strict else HOW
    counts, passes = (b"GNO", b"#") if strict else (b"GNOU", b"#4")
    naive = [
        (days, current)
        for days, current in oracle(SHORT, marks, counts, passes, strict)
        if len(days) >= at_least
    ]
    got = runs(SHORT, marks, how, at_least)
    assert [(list(run.days), run.current) for run in got] == naive


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(b"OON#4.O"), min_size=4, max_size=2 * len(SHORT.days)))
def test_every_day_of_a_run_is_counted_or_skipped_with_a_reason(codes: list[int]) -> None:
    marks = bytes(codes[: len(codes) // 2 * 2])
    for run in runs(SHORT, marks, HOW):
        told = [*run.counted("counts"), *run.skipped(SHORT)]
        every = sorted(day for span in told for day in (span.first.toordinal(), span.last.toordinal()))
        lengths = sum((span.last - span.first).days + 1 for span in told)
        assert lengths == (run.last - run.first).days + 1
        assert all(span.why for span in told)
        assert every[0] == run.first.toordinal()


@pytest.mark.parametrize(
    ("pair", "days"),
    [
        ("OO", 3),
        ("OI", 1),
        ("/O", 1),
        ("##", 2),
        ("O#", 3),
        ("#O", 3),
        ("44", 2),
        ("..", 2),
        ("O.", 2),
        ("X.", 1),
    ],
)
def test_the_middle_day_of_three(pair: str, days: int) -> None:
    got = runs(YEAR, b"OO" + pair.encode() + b"OO", HOW)
    assert len(got[-1].days) == days


def test_the_nth_day_of_a_run() -> None:
    run = runs(YEAR, b"O" * 20, HOW)[0]
    assert run.reached(1) == D(2024, 9, 4)
    assert run.reached(10) == D(2024, 9, 17)
    assert run.reached(11) is None
    assert (run.first, run.last) == (D(2024, 9, 4), D(2024, 9, 17))


def test_a_run_stays_current_until_a_mark_breaks_it() -> None:
    assert current_run(YEAR, b"OOOO..", HOW) is not None
    assert current_run(YEAR, b"OOOO##", HOW) is not None
    assert current_run(YEAR, b"OOOO/\\", HOW) is None
    assert current_run(YEAR, b"OOO", HOW) is not None
    assert current_run(YEAR, b"", HOW) is None


def test_strict_counting_stops_at_a_missing_mark_and_at_u() -> None:
    assert len(runs(YEAR, b"OO..OO", STRICT)) == 2
    assert len(runs(YEAR, b"OOUOOO", STRICT)) == 2
