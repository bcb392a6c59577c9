"""The veil, the lock, the idle time, and the window that is too small."""

import gc

import pytest
from textual.pilot import Pilot

from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from screens.lock import LockScreen, SmallScreen
from screens.widgets.form import Form
from tests.conftest import PASSPHRASE, DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.desk.clock import FixedClock


async def unlock(pilot: Pilot[int], passphrase: str = PASSPHRASE, user: str = "") -> None:
    if user:
        await press(pilot, "shift+tab", "ctrl+u")
        await type_in(pilot, user)
        await press(pilot, "tab")
    await type_in(pilot, passphrase)
    await pilot.press("enter")
    await pilot.app.workers.wait_for_complete([w for w in pilot.app.workers if w.group == "unlock"])
    await settle(pilot)


async def test_f9_hides_everything_at_once_and_takes_the_records_away(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "enter")
        name = front(pilot).headline().split(",")[0]
        assert name in drawn(pilot)
        await press(pilot, "f9")
        assert isinstance(pilot.app.screen, LockScreen)
        assert name not in drawn(pilot)
        same("lock", pilot)
        await press(pilot, "escape", "1", "3", "question_mark", "ctrl+p", "f3", "f9")
        assert isinstance(pilot.app.screen, LockScreen)
        assert [type(screen) for stack in pilot.app._screen_stacks.values() for screen in stack] == [
            LockScreen
        ]
        gc.collect()
        left = [
            thing for thing in gc.get_objects() if isinstance(thing, WorkScreen) and thing.app is pilot.app
        ]
        assert [thing for thing in left if thing.is_attached or thing.SECTION == "pupil"] == []


async def test_the_passphrase_opens_where_the_same_person_was(desk_for: DeskFor, clock: FixedClock) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "down", "enter")
        before = front(pilot).headline()
        await press(pilot, "f9")
        await unlock(pilot, "not this one")
        assert isinstance(pilot.app.screen, LockScreen)
        assert "wrong" in drawn(pilot)
        clock.advance(seconds=1)
        await unlock(pilot)
        assert front(pilot).headline() == before
        await press(pilot, "escape")
        assert front(pilot).SECTION == "pupils"


async def test_another_person_begins_at_today_with_their_own_role(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "enter", "f9")
        await unlock(pilot, user="staff")
        assert front(pilot).AREA == "today"
        assert front(pilot).desk.user() == "staff"
        assert "4 Cases" not in drawn(pilot)


async def test_a_draft_survives_the_lock_for_its_writer_alone(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "n")
        await type_in(pilot, "Dunmore")
        await press(pilot, "f9")
        assert "Dunmore" not in drawn(pilot)
        await unlock(pilot)
        await press(pilot, "n")
        assert front(pilot).dialogs[0].query_one(Form).values()["surname"] == "Dunmore"
        await press(pilot, "escape", "f9")
        await unlock(pilot, user="attendance")
        await press(pilot, "3", "n")
        assert front(pilot).dialogs[0].query_one(Form).values()["surname"] == ""


async def test_it_locks_when_nobody_touched_a_key_and_not_before(desk_for: DeskFor) -> None:
    now = [1000.0]
    app = WorkbenchApp(desk_for("dsl"), idle=180, clock=lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        now[0] += 179
        app.look_idle()
        await settle(pilot)
        assert isinstance(app.screen, WorkScreen)
        await press(pilot, "down")
        now[0] += 179
        app.look_idle()
        await settle(pilot)
        assert isinstance(app.screen, WorkScreen)
        now[0] += 2
        app.look_idle()
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)


async def test_it_locks_ten_hours_after_the_sign_in_whatever_is_typed(desk_for: DeskFor) -> None:
    now = [1000.0]
    app = WorkbenchApp(desk_for("dsl"), idle=180, clock=lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for wait, locked in ((35_999, False), (1, True)):
            now[0] += wait
            app.pulse.touch()
            app.look_idle()
            await settle(pilot)
            assert isinstance(app.screen, LockScreen) is locked
        assert app.pulse.locked
        await unlock(pilot)
        assert not app.pulse.locked
        now[0] += 35_999
        app.pulse.touch()
        app.look_idle()
        await settle(pilot)
        assert isinstance(app.screen, WorkScreen)


async def test_the_lock_is_told_to_the_watchdog_once_the_records_are_gone(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        pilot.app._clipboard = "cut from a note"
        pilot.app.lock()
        assert not pilot.app.pulse.locked
        await settle(pilot)
        assert pilot.app.pulse.locked
        assert pilot.app.clipboard == ""


async def test_a_lock_in_a_window_that_is_too_small_locks_once(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "f9")
        await pilot.resize_terminal(59, 24)
        await settle(pilot)
        pilot.app.lock()
        await settle(pilot)
        assert isinstance(pilot.app.screen, SmallScreen)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert isinstance(pilot.app.screen, LockScreen)


async def test_looking_at_the_idle_time_paints_nothing(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        painted = []
        monkeypatch.setattr(WorkbenchApp, "_display", lambda self, screen, update: painted.append(update))
        for _ in range(20):
            pilot.app.look_idle()
            await pilot.pause()
        assert [update for update in painted if update is not None] == []


async def test_a_small_window_says_so_and_nothing_else(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "enter")
        before = drawn(pilot)
        await pilot.resize_terminal(59, 24)
        await settle(pilot)
        assert isinstance(pilot.app.screen, SmallScreen)
        assert drawn(pilot).split() == [
            "The",
            "window",
            "is",
            "too",
            "small.",
            "Make",
            "it",
            "60x20",
            "or",
            "larger.",
        ]
        await press(pilot, "3", "question_mark")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert drawn(pilot) == before


async def test_it_opens_in_a_window_that_is_too_small(desk_for: DeskFor) -> None:
    async with WorkbenchApp(desk_for("dsl")).run_test(size=(50, 12)) as pilot:
        await settle(pilot)
        assert "too small" in drawn(pilot)
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert front(pilot).AREA == "today"
