"""The transfer file from a pupil's page: asked for, written, and what is to know of it shown; refusals in words."""

from pathlib import Path

from screens.palette import palette_rows
from tests.conftest import DeskFor
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import UPN
from workbench.desk import roll

LARGE = (120, 40)


async def test_it_is_written_from_the_page(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("attendance")
    async with at(desk, "pupil", LARGE, pupil=roll.find(desk, UPN).id) as pilot:
        await press(pilot, "t")
        assert "Making a transfer file takes" in drawn(pilot)
        await type_in(pilot, str(tmp_path))
        await press(pilot, "tab")
        await type_in(pilot, "8801234")
        await press(pilot, "ctrl+s")
        assert "The transfer file is written" in drawn(pilot)
        assert "8806001_CTF_8801234_001.xml" in drawn(pilot)
    assert (tmp_path / "8806001_CTF_8801234_001.xml").exists()


async def test_what_is_wrong_is_said_and_nothing_written(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    async with at(desk, "pupil", LARGE, pupil=roll.find(desk, UPN).id) as pilot:
        await press(pilot, "t")
        await type_in(pilot, str(tmp_path / "nowhere"))
        await press(pilot, "ctrl+s")
        assert "There is no folder" in drawn(pilot)
    assert not list(tmp_path.glob("*.xml"))


async def test_only_those_who_may_are_offered_it(desk_for: DeskFor) -> None:
    for user, offered in (("dsl", True), ("attendance", True), ("leader", True), ("staff", False)):
        desk = desk_for(user)
        async with at(desk, "pupil", pupil=roll.find(desk, UPN).id) as pilot:
            acts = [row.key for row in palette_rows(front(pilot))]
            assert ("act:transfer" in acts) is offered
