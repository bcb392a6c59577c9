"""Numbers for directors on screen: small ones hidden, each line in words, another period, one entry a reading."""

import pytest

from screens.palette import palette_rows
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import acts, opened
from workbench.desk import concerns, contacts, roll


@pytest.fixture
def busy(desk_for: DeskFor) -> DeskFor:
    """A case, six concerns and two calls."""
    dsl = desk_for("dsl")
    opened(dsl)
    for pupil in roll.pupils(dsl)[:6]:
        concerns.show(dsl, concerns.report(desk_for("staff"), pupil.id, "tired"))
    for pupil in roll.pupils(dsl)[:2]:
        contacts.add(dsl, pupil.id, "mother", "no answer")
    return desk_for


@pytest.mark.parametrize("size", SIZES)
async def test_the_tables_look_as_they_should(busy: DeskFor, size: tuple[int, int]) -> None:
    async with at(busy("leader"), "numbers", size) as pilot:
        same("numbers", pilot)


async def test_a_line_in_words_and_why_it_is_hidden(busy: DeskFor) -> None:
    async with at(busy("dsl"), "numbers") as pilot:
        await press(pilot, "enter")
        shown = drawn(pilot)
        assert "ten school days absent" in shown
        assert "opened: <5" in shown
        assert "can point at one child" in shown


async def test_another_period_is_read_and_logged(busy: DeskFor) -> None:
    async with at(busy("auditor"), "numbers") as pilot:
        assert "3 Sep 2026" in drawn(pilot)
        await press(pilot, "p")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "2026-11-20")
        await press(pilot, "tab", "ctrl+u")
        await type_in(pilot, "2026-11-21")
        await press(pilot, "ctrl+s")
        assert "20 Nov 2026 to " in drawn(pilot)
        front(pilot).reload()
    assert acts(busy("dsl")).count("stats.read") == 2, "a redraw is no reading"


async def test_the_palette_offers_it_to_those_who_may(desk_for: DeskFor) -> None:
    for user, offered in (("dsl", True), ("auditor", True), ("attendance", False), ("staff", False)):
        async with at(desk_for(user), "today") as pilot:
            assert ("go:numbers" in {row.key for row in palette_rows(front(pilot))}) is offered
