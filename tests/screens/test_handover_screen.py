"""Handing a case over from its page: who is named is shown first, then the bundle is asked for and written."""

import zipfile
from pathlib import Path

import pytest

from screens.palette import palette_rows
from tests.conftest import DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import opened
from workbench.desk import cases, roll
from workbench.desk.context import Desk

SIZES = [(80, 24), (120, 40)]


def story(desk: Desk) -> str:
    """A case in which another child is linked and named."""
    case = opened(desk)
    other, third = [p for p in roll.pupils(desk) if p.id != case.pupil][:2]
    cases.link(desk, case.id, other.id, "witness")
    cases.note(desk, case.id, f"{other.forename} {other.surname} saw her with {third.name}")
    return case.id


@pytest.mark.parametrize("size", SIZES)
async def test_it_looks_so(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    async with at(desk, "case", size, case=story(desk)) as pilot:
        await press(pilot, "h")
        same("handover-look", pilot)
        await press(pilot, "enter")
        same("handover-way", pilot)


async def test_it_is_written_from_the_page(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    case = story(desk)
    out = tmp_path / "bundle.zip"
    async with at(desk, "case", (120, 40), case=case) as pilot:
        await press(pilot, "h", "enter", "ctrl+u")
        await type_in(pilot, str(out))
        await press(pilot, "tab", "tab")
        await type_in(pilot, "a courier, by hand")
        await press(pilot, "ctrl+s")
        shown = drawn(pilot)
        assert "The bundle is written" in shown
        assert "SHA256:" in shown
        await press(pilot, "escape")
        assert "stays open until a receipt comes" in drawn(pilot)
    (kept,) = desk.docs("cases", "handovers").values()
    assert kept["channel"] == "a courier, by hand"
    with zipfile.ZipFile(out) as bundle:
        assert "case.html" in bundle.namelist()


async def test_without_a_way_nothing_is_written(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    out = tmp_path / "bundle.zip"
    async with at(desk, "case", (120, 40), case=story(desk)) as pilot:
        await press(pilot, "h", "enter", "ctrl+u")
        await type_in(pilot, str(out))
        await press(pilot, "ctrl+s")
        assert "not said how the bundle goes safely" in drawn(pilot)
    assert not out.exists()
    assert not desk.docs("cases", "handovers")


async def test_two_passphrases_that_differ_are_refused(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    async with at(desk, "case", (120, 40), case=story(desk)) as pilot:
        await press(pilot, "h", "enter", "ctrl+u")
        await type_in(pilot, str(tmp_path / "b.age"))
        await press(pilot, "tab", "tab", "tab", "tab")
        await type_in(pilot, "window gravel teapot umbrella")
        await press(pilot, "tab")
        await type_in(pilot, "window gravel teapot")
        await press(pilot, "ctrl+s")
        shown = drawn(pilot)
        assert "not the same" in shown
        assert "gravel" not in shown
    assert not list(tmp_path.glob("b.age*"))


async def test_leaving_the_form_writes_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "case", case=story(desk)) as pilot:
        await press(pilot, "h", "enter", "escape")
    assert not desk.docs("cases", "handovers")


async def test_only_a_dsl_is_offered_it(desk_for: DeskFor) -> None:
    case = story(desk_for("dsl"))
    for user, offered in (("dsl", True), ("deputy", True), ("leader", False)):
        async with at(desk_for(user), "case", case=case) as pilot:
            assert ("act:handover" in [row.key for row in palette_rows(front(pilot))]) is offered
