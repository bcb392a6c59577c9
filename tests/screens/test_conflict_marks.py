"""Two people at one register: marks of different pupils merge, the same mark is told, undo leaves what is theirs."""

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.gridscreen import GridScreen
from tests.conftest import DeskFor, signer
from tests.screens.places import at, class_of_thirty, drawn, front, press, type_in
from workbench.desk import folders, registers
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk

MONDAY = date(2026, 11, 23)
SLOT = (MONDAY, "AM")


@pytest.fixture
def other(folder: Path, clock: FixedClock, desk_for: DeskFor) -> DeskFor:
    """Signs people in at a second handle on the same folder, as another process has one."""
    desk_for("dsl")
    return signer(folders.open_folder(folder, clock))


def shown(pilot: Pilot[None]) -> list[str]:
    screen = front(pilot)
    assert isinstance(screen, GridScreen)
    return [row.cells[screen.grid.column] for row in screen.grid.rows]


def stored(desk: Desk) -> list[str]:
    return [row.marks.get(SLOT, "") for row in registers.view(desk, "9Z").rows]


async def test_what_another_marks_is_shown_at_the_next_key(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.mark(other("staff"), ids[4], MONDAY, "AM", "N")
        await press(pilot, "down")
        assert shown(pilot)[4] == "N"
        registers.mark(other("staff"), ids[5], MONDAY, "AM", "L", minutes=7)
        await press(pilot, "i")
        assert (shown(pilot)[1], shown(pilot)[5]) == ("I", "L7")
        assert front(pilot).message == ""


async def test_the_same_mark_is_told_and_the_cursor_goes_on(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.mark(other("staff"), ids[0], MONDAY, "AM", "L", minutes=7)
        await press(pilot, "n", "slash")
        assert "Pupil01, Sam: T. Ellis wrote L7 09:12; your N is not written" in front(pilot).message
        assert shown(pilot)[:2] == ["L7", "/"]
        await press(pilot, "up", "up", "n")
        assert front(pilot).message == "", "seen, and written over knowingly"
    assert stored(desk)[:2] == ["N", "/"]


async def test_a_register_is_not_taken_before_what_was_not_written_is_seen(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.mark(other("staff"), ids[16], MONDAY, "AM", "L", minutes=7)
        await press(pilot, "1", "7", "n", "2", "4")
        registers.mark(other("staff"), ids[23], MONDAY, "AM", "I")
        await press(pilot, "n")
        assert "your N is not written (+1 more)" in drawn(pilot)
        await press(pilot, "asterisk", "ctrl+s")
        assert "Ctrl+S again: take. Pupil17, Sam: T. Ellis wrote L7 09:12; your N is" in drawn(pilot)
        assert SLOT not in registers.view(desk, "9Z").taken
        await press(pilot, "ctrl+s")
        assert "taken" in front(pilot).message
    marks = stored(desk)
    assert (marks[16], marks[23], marks.count("/")) == ("L", "I", 28)


async def test_undo_takes_back_ones_own_and_leaves_what_others_wrote(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.mark(other("staff"), ids[1], MONDAY, "AM", "/")
        await press(pilot, "n", "asterisk")
        registers.mark(other("staff"), ids[2], MONDAY, "AM", "I")
        await press(pilot, "ctrl+z")
        assert "27 marks taken back. 1 mark changed by others since: it stays." in front(pilot).message
        await press(pilot, "ctrl+z")
        assert front(pilot).message == "Taken back."
    assert stored(desk)[:4] == ["", "/", "I", ""]


async def test_a_register_taken_meanwhile_is_shown_as_taken(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.rest_present(other("staff"), "9Z", MONDAY, "AM")
        registers.take(other("staff"), "9Z", MONDAY, "AM")
        await press(pilot, "n")
        assert "was taken by staff" in drawn(pilot)
        await press(pilot, "escape")
        assert shown(pilot)[0] == "/"


async def test_a_note_that_was_typed_is_asked_again_beside_the_mark_that_stands(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    registers.mark(desk, ids[0], MONDAY, "AM", "I")
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "enter")
        registers.mark(other("staff"), ids[0], MONDAY, "AM", "N")
        await type_in(pilot, "mother called")
        await press(pilot, "ctrl+s")
        window = drawn(pilot)
        assert "T. Ellis wrote N 09:12" in window
        assert "mother called" in window
        await press(pilot, "ctrl+s")
    row = registers.view(desk, "9Z").rows[0]
    assert (row.marks[SLOT], row.notes[SLOT].note) == ("N", "mother called")
