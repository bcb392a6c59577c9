"""The school year on screen: a dry run of everybody, the roll over once the year was typed, and what is refused."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.palette import palette_rows
from screens.widgets.lines import Lines
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import acts
from tests.workbench.twoyears import CLOSED, TERMS
from workbench.desk import calendars, roll, year
from workbench.desk.clock import FixedClock

FILE = """
[calendar]
terms = [
  {name = "Autumn 2027", from = 2027-09-01, to = 2027-12-17},
  {name = "Rest", from = 2028-01-04, to = 2028-07-21},
]

[classes]
7A = "8C"
"""
DAYS = ("1 sep 2027", "17 dec 2027", "25 oct 2027", "29 oct 2027", "4 jan 2028", "31 mar 2028")


@pytest.fixture(autouse=True)
def _august(clock: FixedClock) -> None:
    clock.set("2027-08-31T10:00:00")


@pytest.fixture
def terms(desk_for: DeskFor) -> DeskFor:
    """The calendar has the terms of the next year."""
    calendars.add(desk_for("dsl"), TERMS, CLOSED)
    return desk_for


async def look(pilot: Pilot[None], shown: str = "Nothing is written.") -> None:
    """`d`, the terms of the calendar, no class named."""
    await press(pilot, "d", "enter", "ctrl+s")
    assert shown in drawn(pilot)


async def agree(pilot: Pilot[None], typed: str = "2027-28") -> None:
    """`r`, and the year typed."""
    await press(pilot, "r")
    await type_in(pilot, typed)
    await press(pilot, "ctrl+s")


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_year_looks(terms: DeskFor, size: tuple[int, int]) -> None:
    async with at(terms("dsl"), "year", size) as pilot:
        same("year", pilot)
        await look(pilot)
        same("year-dry-run", pilot)
        await press(pilot, "r")
        same("year-roll", pilot)


async def test_a_dry_run_shows_everybody_and_writes_nothing(terms: DeskFor) -> None:
    desk = terms("attendance")
    before = desk.store.head.seq
    async with at(desk, "year", (120, 40)) as pilot:
        await look(pilot)
        rows = "\n".join(front(pilot).query_one("#pupils", Lines).plain)
        assert rows.count("goes up") + rows.count("TO DECIDE") == len(roll.pupils(desk)) == 96
        await press(pilot, "enter")
        text = " ".join(drawn(pilot).split())
        assert "register-2027-28.json" in text
        assert "New classes hold from 1 Sep 2027" in text
        await press(pilot, "escape", "s")
        assert "School year 2027-28" in drawn(pilot)
    assert desk.store.head.seq == before


async def test_the_year_is_typed_before_anything_is_written(terms: DeskFor) -> None:
    desk = terms("dsl")
    async with at(desk, "year") as pilot:
        await press(pilot, "r")
        assert "Look first" in front(pilot).message
        await look(pilot)
        await agree(pilot, "2026-27")
        assert "That is not 2027-28." in drawn(pilot)
        await press(pilot, "escape")
        assert front(pilot).message == "Nothing was rolled."
        assert "year.rolled" not in acts(desk)
        await agree(pilot)
        assert "Rolled over to 2027-28: " in drawn(pilot)
        assert "2027-28, rolled" in drawn(pilot)
    assert acts(desk).count("year.rolled") == 1
    assert [one.id for one in year.show(desk).rolled] == ["2027-28"]


async def test_nothing_is_done_twice(terms: DeskFor) -> None:
    year.roll(terms("dsl"))
    async with at(terms("dsl"), "year") as pilot:
        await press(pilot, "d")
        assert "Those that the calendar has" not in drawn(pilot)
        await press(pilot, "escape", "enter")
        assert "2027-28 was rolled on 2027-08-31 by dsl: 75 went up, 21 to decide" in " ".join(
            drawn(pilot).split()
        )
        assert "Nobody is taken off the roll" in drawn(pilot)


async def test_what_changed_since_the_look_is_shown_again_and_not_done(terms: DeskFor) -> None:
    desk = terms("dsl")
    async with at(desk, "year") as pilot:
        await look(pilot)
        other = terms("attendance")
        child = next(one for one in roll.pupils(other) if one.class_ == "7A")
        await press(pilot, "r")
        roll.edit(other, child.id, {"class": "7B"})
        await type_in(pilot, "2027-28")
        await press(pilot, "ctrl+s")
        assert "Not what was shown" in front(pilot).message
        assert "year.rolled" not in acts(desk)
        await agree(pilot)
    assert acts(desk).count("year.rolled") == 1


async def test_terms_are_typed_with_a_half_term(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "year") as pilot:
        await press(pilot, "d", "enter")
        for text in (*DAYS, "", "", "18 apr 2028", "21 jul 2028"):
            field = pilot.app.focused
            assert isinstance(field, Input)
            field.value = text
            await press(pilot, "tab")
        await press(pilot, "tab", "tab")
        await type_in(pilot, "7A=8C")
        await press(pilot, "ctrl+s")
        assert "Roll over to 2027-28?" in drawn(pilot)
        await agree(pilot)
    assert desk.calendar("2027-28").why_closed(CLOSED[0].first) == "half term"
    assert {one.class_after for one in year.show(desk).decide} <= {
        "11A",
        "11B",
        "11A undecided",
        "11B undecided",
    }
    assert "8C" in roll.classes(desk, on=TERMS[0].first)


async def test_a_file_says_the_year_and_a_faulty_one_is_named(desk_for: DeskFor, tmp_path: Path) -> None:
    good, bad = tmp_path / "year.toml", tmp_path / "bad.toml"
    good.write_text(FILE, "utf-8")
    bad.write_text("[clases]\n", "utf-8")
    async with at(desk_for("leader"), "year") as pilot:
        await press(pilot, "d", "down", "enter")
        await type_in(pilot, str(bad))
        await press(pilot, "ctrl+s")
        assert "clases" in drawn(pilot)
        await press(pilot, "escape", "d", "down", "enter")
        await type_in(pilot, str(good))
        await press(pilot, "ctrl+s")
        assert "Roll over to 2027-28?" in drawn(pilot)
        await press(pilot, "enter")
        assert "7A→8C" in drawn(pilot)


async def test_a_pupil_is_opened_and_the_dry_run_waits(terms: DeskFor) -> None:
    async with at(terms("dsl"), "year") as pilot:
        await look(pilot)
        await press(pilot, "down", "enter")
        assert type(front(pilot)).__name__ == "PupilScreen"
        await press(pilot, "escape")
        assert "Roll over to 2027-28?" in drawn(pilot)


async def test_the_palette_offers_it_to_those_who_may(desk_for: DeskFor) -> None:
    for user, offered in (("attendance", True), ("leader", True), ("auditor", False), ("staff", False)):
        async with at(desk_for(user), "today") as pilot:
            assert ("go:year" in {row.key for row in palette_rows(front(pilot))}) is offered
