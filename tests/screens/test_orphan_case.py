"""A case whose pupil is missing stands in the list by the pupil's id, and stops nothing."""

from tests.conftest import DeskFor
from tests.screens.places import at, drawn, press
from tests.workbench.story import opened


async def test_a_case_without_its_pupil_is_listed_and_opening_it_is_refused_in_words(
    desk_for: DeskFor,
) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    with desk.change("pupil.edited", subject=case.pupil) as tx:
        tx.drop("pupils", "pupils", case.pupil)
    async with at(desk, "cases") as pilot:
        shown = drawn(pilot)
        assert case.id in shown
        assert case.pupil in shown
        assert "its pupil is missing" in shown
        await press(pilot, "enter")
        assert f"There is no pupil {case.pupil}" in drawn(pilot)
