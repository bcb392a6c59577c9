"""The calendar on a real folder: how it looks, a day closed after its deadlines were seen, what if."""

from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.calendar import CalendarScreen
from screens.widgets.lines import Lines
from screens.yearpicture import year_lines
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, type_in
from workbench.desk import calendars, duties, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.whatif import what_if

D = date
WED = D(2026, 11, 25)


def fixed(desk: Desk) -> None:
    """A calendar with every sign in it: a closure of one day, and school on a bank holiday."""
    calendars.close(desk, D(2026, 12, 10), D(2026, 12, 11), "flood")
    calendars.open_(desk, D(2027, 5, 3))


def calendar(pilot: Pilot[Any]) -> CalendarScreen:
    screen = front(pilot)
    assert isinstance(screen, CalendarScreen)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_calendar_looks(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    fixed(desk)
    async with at(desk, "calendar", size) as pilot:
        same("calendar", pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_deadlines_look_that_move(desk_for: DeskFor, size: tuple[int, int]) -> None:
    async with at(desk_for("dsl"), "calendar", size) as pilot:
        await close_wednesday(pilot)
        same("calendar-close", pilot)


async def close_wednesday(pilot: Pilot[Any]) -> None:
    """`c`, the form filled in, up to the question."""
    await press(pilot, "c")
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = "25 Nov 2026"
    await press(pilot, "tab", "tab")
    await type_in(pilot, "burst pipe")
    await press(pilot, "ctrl+s")


async def test_the_second_step_says_no_unless_told_otherwise(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    async with at(desk, "calendar") as pilot:
        await close_wednesday(pilot)
        assert "would be closed: 1 school day fewer" in drawn(pilot)
        assert "Wed 25 Nov → Thu 26 Nov" in drawn(pilot)
        await press(pilot, "enter")
        assert front(pilot).dialogs == []
        assert desk.calendar().is_school_day(WED)
        assert desk.store.head.seq == before


async def test_a_yes_closes_it_and_the_deadlines_move(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    shown = {m.id: m.due for m in calendars.close(desk, WED, dry_run=True).moved}
    async with at(desk, "calendar") as pilot:
        await close_wednesday(pilot)
        await press(pilot, "down", "enter")
        assert desk.calendar().why_closed(WED) == "burst pipe"
        assert "2026-11-25 (burst pipe) is closed" in front(pilot).message
        assert "190 school days" in drawn(pilot)
        assert "burst pipe" in "\n".join(front(pilot).query_one("#calendar", Lines).plain)
    assert {d.id: d.due for d in duties.due(desk) if d.id in shown} == shown


async def test_enter_on_a_deadline_says_why_and_asks_again(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "calendar") as pilot:
        await close_wednesday(pilot)
        await press(pilot, "down", "down", "enter")
        assert "Replace N" in drawn(pilot)
        assert len(front(pilot).dialogs) == 1
        await press(pilot, "escape")
        assert "would be closed" in drawn(pilot)
        await press(pilot, "escape")
        assert front(pilot).dialogs == []
    assert desk.calendar().is_school_day(WED)


async def test_a_closure_is_taken_back_where_the_cursor_stands(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    calendars.close(desk, WED, why="burst pipe")
    async with at(desk, "calendar") as pilot:
        screen = calendar(pilot)
        screen.query_one("#calendar", Lines).go_to("ClosureRow 2026-11-25")
        await press(pilot, "o", "down", "enter")
        assert desk.calendar().is_school_day(WED)
        assert "is open again" in screen.message
        screen.query_one("#calendar", Lines).go_to("TermRow 2026-09-03")
        await press(pilot, "o")
        assert screen.message == "The cursor is on no closure."


async def test_a_refusal_is_shown_and_nothing_is_closed(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    registers.rest_present(desk, "9B", desk.today(), "AM")
    registers.take(desk, "9B", desk.today(), "AM")
    async with at(desk, "calendar") as pilot:
        await press(pilot, "c", "ctrl+s")
        assert "AM register of 9B for 2026-11-23 was taken" in drawn(pilot)
        assert "Y4" in drawn(pilot)
    assert desk.calendar().is_school_day(desk.today())


async def test_staff_look_and_close_nothing(desk_for: DeskFor) -> None:
    async with at(desk_for("staff"), "calendar") as pilot:
        await press(pilot, "c")
        assert front(pilot).dialogs == []
        assert "c (close a day) is for attendance or dsl or leader." in front(pilot).message


async def test_enter_reads_a_line_and_the_remarks(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    fixed(desk)
    async with at(desk, "calendar") as pilot:
        calendar(pilot).query_one("#calendar", Lines).go_to("ClosureRow 2026-10-26")
        await press(pilot, "enter")
        assert "Closed, half term: 26 Oct 2026 to 30 Oct 2026, 5 days" in drawn(pilot)
        assert "2027-05-03 is a bank holiday in England" in " ".join(drawn(pilot).split())
        await press(pilot, "escape", "right")
        assert front(pilot).message == "The calendar has 2026-27."


async def test_the_palette_leads_there(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "calendar")
        await press(pilot, "enter")
        assert calendar(pilot).year == "2026-27"


async def test_today_says_that_the_calendar_has_ended(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    clock.set("2027-09-06T09:00:00")
    async with at(desk, "today") as pilot:
        assert "No terms of this school year: `workbench calendar add` adds them." in drawn(pilot)


def test_the_picture_counts_the_days_of_each_month(empty_for: DeskFor) -> None:
    found = empty_for("dsl").calendar()
    lines = [
        "".join(text for text, _ in spans) for spans in year_lines(found, found.first, found.last, WED, [])
    ]
    assert [line.split()[0] for line in lines[1:]] == "Sep Oct Nov Dec Jan Feb Mar Apr May Jun Jul".split()
    assert sum(int(line.split()[-1]) for line in lines[1:]) == len(found.days)
    assert {len(line) for line in lines[1:]} == {40}


# what if ------------------------------------------------------------------------------------------------------


def quiet(desk: Desk) -> str:
    busy = {duty.pupil for duty in duties.due(desk, everything=True)}
    return next(p.id for p in roll.pupils(desk) if p.id not in busy)


async def ask_what_if(pilot: Pilot[Any], until: str) -> None:
    await press(pilot, "i", "tab")
    await type_in(pilot, until)
    await press(pilot, "ctrl+s")


@pytest.mark.parametrize("size", SIZES)
async def test_how_what_if_looks(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    async with at(desk, "pupil", size, pupil=quiet(desk)) as pilot:
        await ask_what_if(pilot, "4 Dec 2026")
        same("what-if", pilot)


async def test_what_if_lists_says_why_and_writes_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    async with at(desk, "pupil", pupil=quiet(desk)) as pilot:
        await ask_what_if(pilot, "4 Dec 2026")
        assert "Supposed: O in 20 sessions" in drawn(pilot)
        await press(pilot, "enter")
        assert "Why it would come" in drawn(pilot)
        await press(pilot, "escape", "escape")
        assert front(pilot).dialogs == []
    assert desk.store.head.seq == before


async def test_what_if_without_a_duty_says_so(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = next(p.id for p in roll.pupils(desk) if not what_if(desk, p.id, "O", D(2026, 11, 24)).duties)
    async with at(desk, "pupil", pupil=pupil) as pilot:
        await ask_what_if(pilot, "24 Nov 2026")
        assert "No duty on your list would follow by Tue 24 Nov." in " ".join(drawn(pilot).split())
