"""Help, palette and emergency numbers, made from the one table and the school's own file."""

import pytest

from screens import keys
from screens.help import emergency_rows, help_rows, key_label
from screens.palette import palette_rows
from screens.widgets.dialog import ChooseDialog
from screens.widgets.lines import Row
from tests.conftest import DeskFor
from tests.screens.places import at, drawn, front, press, type_in
from workbench.desk.permissions import may


def words(rows: list[str | Row]) -> list[str]:
    return [row if isinstance(row, str) else " ".join(row.cells) for row in rows]


@pytest.mark.parametrize("place", ["today", "pupils", "log", "cases", "register"])
async def test_help_lists_every_key_of_the_screen_and_of_everywhere(desk_for: DeskFor, place: str) -> None:
    async with at(desk_for("dsl"), place) as pilot:
        lines = words(help_rows(front(pilot)))
        for key in (*keys.section(front(pilot).SECTION), *keys.EVERYWHERE):
            assert any(key_label(key) in line and key.help in line for line in lines), key


async def test_help_says_what_the_role_does_not_allow(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        lines = [line for line in words(help_rows(front(pilot))) if "(not in your role)" in line]
        assert len(lines) == 1
        assert "Go on without a policy duty" in lines[0]


@pytest.mark.parametrize("user", ["dsl", "staff", "leader", "auditor", "attendance"])
async def test_the_palette_lists_every_action_that_the_role_allows(desk_for: DeskFor, user: str) -> None:
    desk = desk_for(user)
    async with at(desk, "today") as pilot:
        listed = {row.key for row in palette_rows(front(pilot))}
        for key in (*keys.section("today"), *keys.EVERYWHERE):
            if key.act and key.act != "palette":
                assert (f"act:{key.act}" in listed) == (not key.verb or may(desk, key.verb)), key


async def test_the_palette_finds_by_typing_and_runs(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "pupils on")
        dialog = front(pilot).dialogs[0]
        assert isinstance(dialog, ChooseDialog)
        assert len(dialog.lines.rows) == 1
        await press(pilot, "enter")
        assert front(pilot).AREA == "pupils"


async def test_the_palette_offers_no_screenshot_and_no_theme(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        text = " ".join(" ".join(row.cells) for row in palette_rows(front(pilot))).casefold()
        assert "screenshot" not in text
        assert "theme" not in text
        assert not pilot.app.ENABLE_COMMAND_PALETTE


async def test_emergency_numbers_are_the_schools_own(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    async with at(desk, "pupils") as pilot:
        await press(pilot, "f3")
        text = drawn(pilot)
        assert "call 999 now" in text
        for value in desk.school().authority.childrens_social_care.values():
            assert value[:40] in " ".join(words(emergency_rows(front(pilot))))
        await press(pilot, "escape")
        assert front(pilot).dialogs == []
