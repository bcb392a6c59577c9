"""Taking a register by keyboard, on a real folder: marks, drafts, undo, taking, amending."""

from datetime import date

import pytest
from textual import events
from textual.pilot import Pilot

from screens.gridscreen import GridScreen
from tests.conftest import DeskFor
from tests.screens.places import at, class_of_thirty, drawn, front, press, settle, type_in
from workbench.desk import registers
from workbench.desk.clock import FixedClock

MONDAY = date(2026, 11, 23)


def grid(pilot: Pilot[None]) -> GridScreen:
    screen = front(pilot)
    assert isinstance(screen, GridScreen)
    return screen


def cells(pilot: Pilot[None], column: int = 0) -> list[str]:
    return [row.cells[column] for row in grid(pilot).grid.rows]


async def test_a_class_of_thirty_with_two_absent_takes_at_most_ten_keys(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    keys = ("1", "7", "n", "2", "4", "n", "asterisk", "ctrl+s")
    assert len(keys) <= 10
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, *keys)
        assert "taken" in front(pilot).message
    view = registers.view(desk, "9Z")
    assert (MONDAY, "AM") in view.taken
    marks = {row.pupil.id: row.marks[(MONDAY, "AM")] for row in view.rows}
    assert [own_id for own_id in ids if marks[own_id] == "N"] == [ids[16], ids[23]]
    assert sum(code == "/" for code in marks.values()) == 28


async def test_a_register_typed_ahead_in_one_burst_is_the_same(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        for key in ("1", "7", "n", "2", "4", "n", "asterisk", "ctrl+s"):
            character = {"asterisk": "*", "ctrl+s": "\x13"}.get(key, key)
            pilot.app.screen.post_message(events.Key(key, character))
        await settle(pilot)
    view = registers.view(desk, "9Z")
    assert (MONDAY, "AM") in view.taken
    absent = [row.pupil.id for row in view.rows if row.marks[(MONDAY, "AM")] == "N"]
    assert absent == [ids[16], ids[23]]


async def test_the_chooser_shows_what_is_taken_and_opens_the_class(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    registers.rest_present(desk, "9Z", MONDAY, "AM")
    registers.take(desk, "9Z", MONDAY, "AM")
    async with at(desk, "register") as pilot:
        line = next(line for line in drawn(pilot).splitlines() if " 9Z " in line)
        assert "taken 09:12" in line
        await press(pilot, "slash", "9", "z", "enter", "enter")
        assert grid(pilot).class_ == "9Z"


async def test_every_mark_is_stored_at_its_key(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "n")
        assert registers.marks_of(desk, ids[0]) == [(MONDAY, "AM", "N")]
        await press(pilot, "l", "1", "2", "enter")
        assert cells(pilot)[:2] == ["N", "L12"]
        row = registers.view(desk, "9Z").rows[1]
        assert row.notes[(MONDAY, "AM")].minutes == 12


async def test_late_offers_the_minutes_since_the_register_opened(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "l")
        assert "17" in front(pilot).message, "09:12, opened at 08:55"
        await press(pilot, "enter")
        assert cells(pilot)[0] == "L17"


async def test_a_code_of_two_letters_asks_and_is_stored(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "c")
        assert front(pilot).message.startswith("C ")
        await press(pilot, "1", "c", "enter")
        assert cells(pilot)[:2] == ["C1", "C"]


async def test_a_letter_that_is_no_code_says_so_and_writes_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "h")
        assert "H is not a code in force" in front(pilot).message
        assert not any(cells(pilot))


async def test_the_future_takes_planned_codes_only(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "right", "right", "slash")
        assert "future" in drawn(pilot)
        assert not any(cells(pilot, 2))
        await press(pilot, "escape") if front(pilot).dialogs else None
        await press(pilot, "v")
        assert cells(pilot, 2)[0] == "V"


async def test_undo_takes_back_marks_and_the_rest_present(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "n", "asterisk")
        assert all(cells(pilot))
        await press(pilot, "ctrl+z")
        assert cells(pilot) == ["N"] + [""] * 29
        await press(pilot, "ctrl+z")
        assert not any(cells(pilot))
        assert registers.marks_of(desk, ids[0]) == []
        await press(pilot, "ctrl+z")
        assert front(pilot).message == "Nothing to undo here."


async def test_backspace_clears_a_draft(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "n", "up", "backspace")
        assert registers.marks_of(desk, ids[0]) == []


async def test_taking_is_refused_while_somebody_is_unmarked(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "n", "ctrl+s")
        assert front(pilot).message.startswith("29 to mark in AM: Pupil02, Sam")
        assert not registers.view(desk, "9Z").taken


async def test_after_taking_a_letter_is_an_amendment_with_its_reason(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "asterisk", "ctrl+s", "n")
        assert "Amend Pupil01, Sam" in drawn(pilot)
        await press(pilot, "tab", "tab")
        await type_in(pilot, "seen leaving at nine")
        await press(pilot, "ctrl+s")
        assert cells(pilot)[0] == "N"
    (made,) = registers.amendments(desk, ids[0])
    assert (made.was, made.code, made.reason) == ("/", "N", "seen leaving at nine")


async def test_staff_take_but_do_not_amend(desk_for: DeskFor) -> None:
    class_of_thirty(desk_for("dsl"))
    desk = desk_for("staff")
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "asterisk", "ctrl+s", "n")
        assert "attendance officer" in front(pilot).message
        assert cells(pilot)[0] == "/"


async def test_find_goes_to_a_name_and_explain_lists_the_codes(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "ctrl+f", "2", "7", "enter")
        assert grid(pilot).grid.row == 26
        await press(pilot, "f2")
        shown = drawn(pilot)
        assert "No mark yet." in shown
        assert "Codes in force on Mon 23 Nov, AM" in shown


async def test_escape_leaves_the_grid_for_the_areas(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "register") as pilot:
        await press(pilot, "slash", "9", "z", "enter", "enter", "1")
        assert grid(pilot).grid.row == 0, "a digit is a row here, not an area"
        await press(pilot, "escape", "3")
        assert front(pilot).place[0] == "pupils"


async def test_the_weeks_are_turned_and_outside_the_year_nothing_breaks(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        await press(pilot, "f5")
        assert grid(pilot).view.days[0] == date(2026, 11, 16)
    async with at(desk, "grid", class_="9Z", on=date(2027, 7, 19)) as pilot:
        await press(pilot, "f6", "f6", "n")
        assert front(pilot).is_attached
        assert "9Z" in drawn(pilot)


async def test_a_second_persons_marks_survive(desk_for: DeskFor, clock: FixedClock) -> None:
    desk, other = desk_for("dsl"), desk_for("attendance")
    ids = class_of_thirty(desk)
    async with at(desk, "grid", class_="9Z") as pilot:
        registers.mark(other, ids[5], MONDAY, "AM", "N")
        await press(pilot, "asterisk")
        assert cells(pilot)[5] == "N"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_hostile_names_are_harmless(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    from workbench.desk import roll

    for number, name in enumerate(("[/b]", "[@click=app.quit]x[/]", "王小明" * 30, "x" * 200)):
        fields = {
            "surname": name,
            "forename": "[red]",
            "born": f"2013-02-{number + 1:02}",
            "year": "9",
            "class": "9X",
        }
        roll.add(desk, {**fields, "starts": "2026-09-03"})
    async with at(desk, "grid", size=size, class_="9X") as pilot:
        assert "[/b]" in drawn(pilot)
        await press(pilot, "f2", "escape", "n", "asterisk", "ctrl+s", "n")
        assert "Amend" in drawn(pilot)
