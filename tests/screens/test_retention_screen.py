"""Retention on screen: who is due, a legal hold, its release, and an erasure that shows first what goes."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.palette import palette_rows
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.leaver import CANARY, left_long_ago
from workbench.desk import retention
from workbench.desk.clock import FixedClock


@pytest.fixture
def leaver(desk_for: DeskFor, clock: FixedClock) -> str:
    return left_long_ago(desk_for, clock)


async def until(pilot: Pilot[None], words: str) -> str:
    """The window once it shows some words: the log is read beside the screen."""
    for _ in range(300):
        if words in drawn(pilot):
            return drawn(pilot)
        await pilot.pause(0.02)
    raise AssertionError(drawn(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_looks_as_it_should(desk_for: DeskFor, leaver: str, size: tuple[int, int]) -> None:
    async with at(desk_for("leader"), "retention", size) as pilot:
        same("retention", pilot)
        retention.hold(desk_for("dsl"), leaver, "a claim of the family")
        front(pilot).reload()
        await press(pilot, "e")
        await until(pilot, "is not erased")
        same("retention-held", pilot)


async def test_nobody_left(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "retention") as pilot:
        assert "Nobody has left" in drawn(pilot)
        await press(pilot, "h", "r", "enter")
        assert retention.holds(desk_for("dsl")) == []


async def test_a_hold_is_put_on_read_and_released(desk_for: DeskFor, leaver: str) -> None:
    async with at(desk_for("dsl"), "retention", (120, 40)) as pilot:
        await press(pilot, "r")
        assert "No legal hold stands here." in drawn(pilot)
        await press(pilot, "h")
        await type_in(pilot, "a claim of the family")
        await press(pilot, "ctrl+s")
        assert "legal hold: a claim of the family" in drawn(pilot)
        await press(pilot, "enter")
        assert "stands." in drawn(pilot)
        await press(pilot, "escape", "r")
        await type_in(pilot, "it was settled")
        await press(pilot, "ctrl+s")
        assert "Released." in drawn(pilot)
        await press(pilot, "enter")
        assert "Released: it was settled" in drawn(pilot)
    assert [one.stands for one in retention.holds(desk_for("dsl"), leaver)] == [False]


async def test_an_erasure_shows_what_goes_and_asks_twice(
    desk_for: DeskFor, leaver: str, folder: Path
) -> None:
    def everywhere() -> str:
        return "".join(
            one.read_bytes().decode("utf-8", "replace") for one in folder.rglob("*") if one.is_file()
        )

    async with at(desk_for("leader"), "retention", (120, 40)) as pilot:
        for last in ("no", "yes"):
            await press(pilot, "e")
            shown = await until(pilot, "Goes: ")
            assert "ids only" in shown
            await type_in(pilot, "the time is over")
            await press(pilot, "ctrl+s")
            shown = await until(pilot, "for good?")
            assert "Backups made before" in shown
            await press(pilot, *(("down",) if last == "yes" else ()), "enter")
            if last == "no":
                assert CANARY in everywhere()
        await until(pilot, "Nobody has left")
        assert CANARY not in drawn(pilot)
    assert CANARY not in everywhere()


async def test_a_dsl_is_not_offered_to_erase(desk_for: DeskFor, leaver: str) -> None:
    async with at(desk_for("dsl"), "retention", (120, 40)) as pilot:
        assert "erase" not in drawn(pilot).split("\n")[-1]
        await press(pilot, "e")
        assert "leader" in drawn(pilot)
    async with at(desk_for("attendance"), "today") as pilot:
        assert "go:retention" not in {row.key for row in palette_rows(front(pilot))}


async def test_the_log_tells_of_it_by_id(desk_for: DeskFor, leaver: str) -> None:
    retention.erase(desk_for("leader"), leaver, "the time is over")
    async with at(desk_for("leader"), "log", (120, 40)) as pilot:
        shown = await until(pilot, "erased records past their time")
        assert CANARY not in shown
