"""The rule book on screen: the list from the palette, one entry whole, and what stands while a pack is refused."""

import pytest

from screens.widgets.lines import Lines
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_and_an_entry_look_as_they_should(desk_for: DeskFor, size: tuple[int, int]) -> None:
    async with at(desk_for("attendance"), "rules", size) as pilot:
        same("rules", pilot)
    async with at(desk_for("attendance"), "rule", size, rule="absence.ten-day-return") as pilot:
        same("rule", pilot)


async def test_an_entry_is_found_and_opened_by_keys(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "rules") as pilot:
        await press(pilot, "slash", *"la-consent", "enter", "enter")
        shown = drawn(pilot)
        assert "gate.la-consent" in shown
        assert "SI 2024/208" in shown
        await press(pilot, "escape")
        assert front(pilot).headline() == "Rules"


async def test_local_entries_stand_in_the_list_and_a_refused_pack_is_said(desk_for: DeskFor) -> None:
    folder = desk_for("dsl").store.path / "rules" / "la"
    folder.mkdir(parents=True)
    text = 'from = 2026-09-01\ncertainty = "verified"\nlaw = "North"\nquote = "q"\n'
    step = '[[step]]\nkey = "border_force"\ntitle = "Border Force desk"\nby = "la"\n'
    (folder / "north.toml").write_text(text + step)
    async with at(desk_for("dsl"), "rules") as pilot:
        keys = [row.key for row in front(pilot).query_one("#rules", Lines).rows]
        assert "enquiry.border_force" in keys
    (folder / "north.toml").write_text(text + step.replace('"la"', '"nobody"'))
    async with at(desk_for("dsl"), "today") as pilot:
        assert "rules/la/north.toml" in drawn(pilot)
