"""Every text that reaches the terminal: safe, measured, in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from screens.text import (
    Col,
    ControlFilter,
    ago,
    cell_len,
    count,
    day_words,
    due_words,
    fit,
    layout,
    pad,
    safe,
    spread,
    stamp_words,
    wrap,
)
from workbench.domain.characters import BAD

TODAY = date(2026, 11, 23)


@given(st.text(max_size=200), st.integers(0, 60))
def test_fit_never_overflows_and_never_lets_a_control_character_through(text: str, width: int) -> None:
    shown = fit(text, width)
    assert cell_len(shown) <= width
    assert not BAD.search(shown)


@given(st.text(max_size=80), st.integers(1, 40))
def test_pad_fills_the_width_exactly(text: str, width: int) -> None:
    assert cell_len(pad(text, width)) == width


@given(st.text(max_size=400), st.integers(10, 80))
def test_wrap_keeps_to_the_width(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


def test_what_is_cut_says_so() -> None:
    assert fit("Dunmore, Kai 9B", 10) == "Dunmore,…"
    assert wrap("one two three four five six", 10, most=2)[-1].endswith("…")
    assert spread("a long left side", "right", 20).endswith("right")


def test_long_and_hostile_text_is_cut_before_it_costs() -> None:
    assert len(safe("x" * 1_000_000)) <= 2_000
    assert safe("a\x1b]0;title\x07b\u202ec") == "a\ufffd]0;title\ufffdb\ufffdc"
    assert safe("[/b] stays as it is") == "[/b] stays as it is"


def test_the_net_replaces_what_a_widget_let_through() -> None:
    net = ControlFilter()
    assert net.apply([Segment("a\x1b[31mb")], Color(0, 0, 0)) == [Segment("a\ufffd[31mb")]
    clean = [Segment("plain")]
    assert net.apply(clean, Color(0, 0, 0)) is clean


def test_columns_share_what_is_left_over_and_hide_in_narrow_windows() -> None:
    cols = [Col("a", 4), Col("b", 4, grow=1), Col("c", 3, right=True), Col("d", 5, wide=100)]
    assert layout(("one", "two", "3", "wide"), cols, 20) == "one  two           3"
    assert layout(("one", "two", "3", "wide"), cols, 100).endswith("wide ")


def test_columns_that_grow_give_way_in_a_narrow_window() -> None:
    cols = [Col("a", 6), Col("b", 20, grow=1), Col("c", 6)]
    assert layout(("one", "a long second cell", "three"), cols, 24) == "one    a long se… three "


@pytest.mark.parametrize(
    ("due", "state", "words"),
    [
        (date(2026, 11, 22), "overdue", "late 1d"),
        (date(2026, 11, 23), "due", "today"),
        (date(2026, 11, 25), "due", "Wed 25 Nov"),
        (date(2027, 9, 1), "due", "Wed 1 Sep 2027"),
        (date(2026, 11, 20), "done", "done"),
        (date(2026, 11, 20), "advisory", "note"),
    ],
)
def test_when_a_duty_is_due_in_words(due: date, state: str, words: str) -> None:
    assert due_words(due, TODAY, state) == words


def test_days_and_counts_as_people_say_them() -> None:
    assert day_words(TODAY, TODAY) == "today"
    assert day_words(date(2026, 11, 20)) == "Fri 20 Nov"
    assert stamp_words("2026-11-20T15:20:33+00:00") == "Fri 20 Nov 15:20"
    assert stamp_words("no stamp") == "no stamp"
    assert (ago(date(2026, 11, 22), TODAY), ago(date(2026, 11, 19), TODAY)) == ("yesterday", "4 days ago")
    assert (count(1, "pupil"), count(1204, "entry", "entries")) == ("1 pupil", "1,204 entries")
