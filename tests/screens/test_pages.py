"""Today, the roll, a pupil's page and the log on a real folder: what is shown, what keys do, how it looks."""

from datetime import date

import pytest

from screens.today import TodayScreen
from screens.widgets.form import Form
from screens.widgets.lines import Lines
from screens.widgets.paint import Panel
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.desk import contacts, duties, events, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk

ABSENT = "McDonagh, Niamh"
"""A pupil of the test data who was never there."""


def pupil_id(desk: Desk, name: str = ABSENT) -> str:
    return next(pupil.id for pupil in roll.pupils(desk) if pupil.name == name)


def told(desk: Desk) -> str:
    """The pupil with people around her, an event and a call."""
    own_id = pupil_id(desk)
    mother = {
        "kind": "parent",
        "name": "R. McDonagh",
        "role": "mother",
        "phone": "07700 900111",
        "lives_with": "yes",
    }
    worker = {"kind": "professional", "name": "A. Reid", "role": "social-worker", "authority": "Torbay"}
    for fields in (mother, worker):
        roll.around_add(desk, own_id, fields)
    events.record(desk, own_id, "suspension", {"on": "2026-11-20", "from": "2026-11-20", "days": "6"})
    contacts.add(desk, own_id, "mother", "no answer", number="07700 900111")
    return own_id


def lines_of(pilot_front: object, name: str) -> list[str]:
    return pilot_front.query_one(name, Lines).plain  # type: ignore[attr-defined]


# -- Today -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("user", ["dsl", "attendance", "staff"])
async def test_how_today_looks(desk_for: DeskFor, user: str, size: tuple[int, int]) -> None:
    async with at(desk_for(user), "today", size) as pilot:
        same(f"today-{user}", pilot)


async def test_today_lists_what_the_desk_says_late_first(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        due = duties.due(desk)
        screen = front(pilot)
        assert isinstance(screen, TodayScreen)
        assert set(screen.duties) == {duty.id for duty in due}
        rows = [row for row in screen.query_one("#duties", Lines).rows if row.key]
        late = [row.mark == "!" for row in rows]
        assert late == sorted(late, reverse=True)
        assert f"{sum(d.state == 'overdue' for d in due)} late" in drawn(pilot)


async def test_the_reason_follows_the_cursor(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        screen = front(pilot)
        assert isinstance(screen, TodayScreen)
        await press(pilot, "down", "down", "down")
        assert screen.current is not None
        screen.show_why()
        first = duties.why(desk, screen.current.id)[0]
        assert screen.query_one("#why", Panel).plain[0].strip() == first[:76].strip()
        await press(pilot, "w")
        for part in duties.why(desk, screen.current.id)[2].split()[:6]:
            assert part in drawn(pilot)


async def test_a_duty_is_settled_with_a_reason_and_leaves_the_list(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        screen = front(pilot)
        assert isinstance(screen, TodayScreen)
        wanted = next(d for d in screen.duties.values() if d.rule == "absence.persistent")
        screen.query_one("#duties", Lines).go_to(wanted.id)
        await press(pilot, "d", "ctrl+s")
        assert "Reason: cannot stay empty." in drawn(pilot)
        await type_in(pilot, "plan agreed")
        await press(pilot, "ctrl+s")
        assert wanted.id not in screen.duties
        assert screen.message.startswith("Settled:")
        settled = next(d for d in duties.due(desk, everything=True) if d.id == wanted.id)
        assert settled.state == "done"


async def test_enter_opens_the_next_step_of_a_duty(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        screen = front(pilot)
        assert isinstance(screen, TodayScreen)
        for rule, section in (("absence.persistent", "pupil"), ("absence.ten-day-return", "return")):
            wanted = next(d.id for d in screen.duties.values() if d.rule == rule)
            screen.query_one("#duties", Lines).go_to(wanted)
            await press(pilot, "enter")
            assert section == front(pilot).SECTION
            await press(pilot, "escape")


async def test_an_empty_day_says_why(empty_for: DeskFor) -> None:
    async with at(empty_for("dsl"), "today") as pilot:
        assert "Nothing is due: registers and cases ask for nothing. 0 pupils on roll." in drawn(pilot)


async def test_a_holiday_says_so(empty_for: DeskFor, clock: FixedClock) -> None:
    clock.set("2026-12-25T09:00:00")
    async with at(empty_for("dsl"), "today") as pilot:
        assert "Nothing is due: no school today" in drawn(pilot)


# -- the roll ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_roll_looks(desk_for: DeskFor, size: tuple[int, int]) -> None:
    async with at(desk_for("dsl"), "pupils", size) as pilot:
        same("pupils", pilot)


async def test_a_new_name_is_put_on_the_roll(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    async with at(desk, "pupils") as pilot:
        await press(pilot, "n")
        for text in ("Zappa", "Moon", "14 May 2013", "9", "9B", "next mon"):
            await type_in(pilot, text)
            await press(pilot, "tab")
        await press(pilot, "ctrl+s")
        assert "Zappa, Moon is on the roll" in front(pilot).message
        assert "▸  Zappa, Moon" in drawn(pilot)
    pupil = next(pupil for pupil in roll.pupils(desk) if pupil.surname == "Zappa")
    assert (pupil.born, pupil.starts) == (date(2013, 5, 14), date(2026, 11, 30))


async def test_what_the_desk_refuses_can_be_put_right_without_typing_it_again(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "n")
        for text in ("Zappa", "Moon", "14 May 2013", "14", "9B", "today"):
            await type_in(pilot, text)
            await press(pilot, "tab")
        await press(pilot, "ctrl+s")
        assert "this school has years" in drawn(pilot)
        await press(pilot, "escape", "n")
        assert front(pilot).dialogs[-1].query_one(Form).values()["surname"] == "Zappa"


async def test_staff_see_names_and_classes_only(desk_for: DeskFor) -> None:
    async with at(desk_for("staff"), "pupils", (120, 40)) as pilot:
        assert "social worker" not in drawn(pilot)
        await press(pilot, "n")
        assert front(pilot).message.startswith("n (new pupil) is for")


async def test_an_import_shows_what_it_would_change_before_it_writes(
    empty_for: DeskFor, data_dir: object
) -> None:
    desk = empty_for("dsl")
    async with at(desk, "pupils") as pilot:
        for good in (False, True):
            await press(pilot, "i", "enter")
            await type_in(pilot, f"{data_dir}/pupils-{'plain' if good else 'bad'}.csv")
            await press(pilot, "enter")
            await settle(pilot)
            if not good:
                assert "File refused" in drawn(pilot)
                await press(pilot, "escape")
                assert roll.pupils(desk) == []
                continue
            assert "96 new names" in drawn(pilot)
            assert roll.pupils(desk) == []
            await press(pilot, "escape", "down", "enter")
            await settle(pilot)
        assert len(roll.pupils(desk)) == 96
        assert "96 names on roll" in drawn(pilot)


# -- a pupil -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_how_a_pupil_looks(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    async with at(desk, "pupil", size, pupil=told(desk)) as pilot:
        same("pupil", pilot)


async def test_an_event_is_recorded(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own_id = pupil_id(desk)
    async with at(desk, "pupil", pupil=own_id) as pilot:
        await press(pilot, "e")
        await type_in(pilot, "leave gr")
        await press(pilot, "enter", "tab")
        await type_in(pilot, "20 nov")
        await press(pilot, "tab")
        await type_in(pilot, "today")
        await press(pilot, "ctrl+s")
        assert front(pilot).message == "Recorded: Leave granted"
    [event] = events.events(desk, own_id)
    assert (event.kind, event.fields) == ("leave_granted", {"from": "2026-11-20", "to": "2026-11-23"})


async def test_somebody_around_the_child_is_added_changed_and_taken_away(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    own_id = pupil_id(desk)
    for person in roll.around(desk, own_id):
        roll.around_remove(desk, person.id)
    async with at(desk, "pupil", pupil=own_id) as pilot:
        await press(pilot, "a", "tab")
        await type_in(pilot, "Rose")
        await press(pilot, "tab")
        await type_in(pilot, "aunt")
        await press(pilot, "ctrl+s")
        [person] = roll.around(desk, own_id)
        assert (person.name, person.role) == ("Rose", "aunt")
        page = front(pilot).query_one("#page", Lines)
        page.go_to(f"around {person.id}")
        await press(pilot, "enter", "enter", "tab", "end")
        await type_in(pilot, " Lis")
        await press(pilot, "ctrl+s")
        assert roll.around(desk, own_id)[0].name == "Rose Lis"
        page.go_to(f"around {person.id}")
        await press(pilot, "x", "down", "enter", "down", "enter")
        assert roll.around(desk, own_id) == []


async def test_a_mark_is_amended_with_its_reason(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own_id = pupil_id(desk)
    async with at(desk, "pupil", pupil=own_id) as pilot:
        await press(pilot, "m", "enter")
        assert "Amend McDonagh, Niamh" in drawn(pilot)
        await press(pilot, "I", "tab", "tab")
        await type_in(pilot, "letter")
        await press(pilot, "ctrl+s")
        assert front(pilot).message.startswith("Amended:")
    [change] = registers.amendments(desk, own_id)
    assert (change.code, change.reason) == ("I", "letter")


# -- the log -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_log_looks(desk_for: DeskFor, size: tuple[int, int]) -> None:
    async with at(desk_for("dsl"), "log", size) as pilot:
        same("log", pilot)


async def test_the_log_is_filtered_by_act_and_says_so(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "log") as pilot:
        await press(pilot, "f", "tab", "tab")
        await type_in(pilot, "pupils")
        await press(pilot, "ctrl+s")
        assert "filter: act pupils" in drawn(pilot)
        assert len(lines_of(front(pilot), "#entries")) == 1
        await press(pilot, "f", "tab", "tab", "ctrl+u")
        await type_in(pilot, "zzz")
        await press(pilot, "ctrl+s")
        assert "No entry has" in drawn(pilot)


async def test_the_log_is_verified_and_a_wrong_head_is_told(desk_for: DeskFor) -> None:
    async with at(desk_for("leader"), "log") as pilot:
        for head, words in (("", "Whole"), ("ab" * 32, "! 1 problem")):
            await press(pilot, "v")
            await type_in(pilot, head)
            await pilot.press("enter")
            await settle(pilot)
            while len(front(pilot).dialogs) == 0 or front(pilot).dialogs[0].title != "The log":
                await pilot.pause()
            assert words.casefold() in drawn(pilot).casefold()
            await press(pilot, "escape")


async def test_the_head_is_shown_whole(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "log") as pilot:
        await press(pilot, "c")
        shown = "".join(drawn(pilot).split())
        head = desk.store.head.hash
        assert head[:32] in shown
        assert head[32:] in shown
