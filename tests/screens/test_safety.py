"""Hostile text on every screen, NO_COLOR, and what goes over the wire."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.filter import NoColor
from textual.pilot import Pilot

from screens.app import WorkbenchApp
from screens.concern import report_concern
from screens.today import TodayScreen
from screens.widgets.lines import Lines
from tests.conftest import DeskFor
from tests.screens.places import at, drawn, front, press, settle
from workbench.desk import contacts, duties, events, roll
from workbench.desk.context import Desk
from workbench.domain.characters import BAD

HOSTILE = (
    "[/b]",
    "[@click=app.quit]x[/]",
    "[b][red]bold[/",
    "a\x1b]0;title\x07b\x9b31m",
    "\u202egnp.exe\u2066",
    "名前" * 60,
    "x" * 190,
    "=cmd|'/C calc'!A0",
)
CURSOR, DIALOG, SCREEN = 250, 4_096, 12_288
"""Bytes on the wire: design §10."""


def plant(desk: Desk, text: str) -> str:
    """A pupil of the given name whose every field is that text, and what hangs on them."""
    name = BAD.sub("\ufffd", text)  # the desk refuses a name with control characters
    fields = {"surname": name, "forename": name, "born": "2013-05-14", "year": "9", "class": "9B"}
    more = {"starts": "2026-09-03", "address": name, "home_la": name}
    own_id = roll.add(desk, {**fields, **more}).id
    roll.around_add(desk, own_id, {"kind": "parent", "name": text, "role": text[:60], "phone": text[:40]})
    contacts.add(desk, own_id, text, text, number=text[:60])
    events.record(desk, own_id, "sickness_forecast", {"days": "5", "condition": text})
    return own_id


def unharmed(pilot: Pilot[Any]) -> None:
    """Nothing on the window could run the terminal, and nothing ended the program."""
    assert pilot.app.is_running
    assert not BAD.search(drawn(pilot).replace("\n", "").replace("\ufffd", ""))


async def test_hostile_names_are_shown_harmless_on_every_screen(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    planted = [plant(desk, text) for text in HOSTILE]
    async with at(desk, "today") as pilot:
        for key in ("3", "5", "2", "4", "1"):
            await press(pilot, key, "G")
            unharmed(pilot)
        for own_id in planted:
            pilot.app.go("pupil", pupil=own_id)
            await settle(pilot)
            unharmed(pilot)
            await press(pilot, "x")
            unharmed(pilot)
            await press(pilot, "escape", "escape")


@pytest.mark.parametrize("text", ["[@click=app.quit]x[/]", "a\x1b]0;title\x07b\x9b31m\u202e"])
async def test_whatever_a_hostile_page_opens_is_harmless(desk_for: DeskFor, text: str) -> None:
    desk = desk_for("dsl")
    own_id = plant(desk, text)
    async with at(desk, "pupil", pupil=own_id) as pilot:
        for key in ("e", "n", "a", "ctrl+p", "question_mark"):
            await press(pilot, key)
            unharmed(pilot)
            await press(pilot, "escape")
        page = front(pilot).query_one("#page", Lines)
        for row in [row for row in page.rows if row.key]:
            page.go_to(row.key)
            await press(pilot, "enter")
            unharmed(pilot)
            await press(pilot, "escape")
            if front(pilot).SECTION != "pupil":
                pilot.app.back()
                await settle(pilot)
        front(pilot).run_worker(report_concern(front(pilot), own_id))
        await settle(pilot)
        unharmed(pilot)


async def test_a_click_on_markup_runs_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    plant(desk, "[@click=app.quit]x[/]")
    async with at(desk, "pupils", (120, 40)) as pilot:
        for row in range(4, 12):
            await pilot.click(offset=(8, row))
        await settle(pilot)
        assert pilot.app.is_running


# -- NO_COLOR ----------------------------------------------------------------------------------------------


async def test_without_colour_words_and_signs_say_all(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = WorkbenchApp(desk_for("dsl"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.native_ansi_color
        assert any(isinstance(net, NoColor) for net in app.get_line_filters())
        screen = app.screen
        assert isinstance(screen, TodayScreen)
        coloured = [
            segment
            for strip in screen._compositor.render_strips()
            for segment in strip.apply_filter(NoColor(), app.theme_variables and screen.background_colors[0])
            if segment.style and segment.style.color and not segment.style.color.is_default
        ]
        assert coloured == []
        late = [duty for duty in screen.duties.values() if duty.state == "overdue"]
        lines = [line for line in drawn(pilot).split("\n") if " late " in line and "!" in line]
        assert late
        assert lines


async def test_the_terminals_own_colours_are_used_and_no_others(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "question_mark")
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert colour is None or colour.is_default or colour.is_system_defined, segment


# -- bytes -------------------------------------------------------------------------------------------------


class Wire:
    """Counts what the app would write to a terminal."""

    def __init__(self) -> None:
        self.paints: list[int] = []

    async def settled(self, pilot: Pilot[Any]) -> int:
        """Bytes since the last call, once something was painted and nothing more comes."""
        seen, calm = -1, 0
        while calm < 5 or not self.paints:
            await pilot.pause()
            calm = calm + 1 if len(self.paints) == seen else 0
            seen = len(self.paints)
        paints, self.paints = self.paints, []
        return sum(paints)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    counted = Wire()
    whole = WorkbenchApp._display

    def display(self: WorkbenchApp, screen: Any, update: Any) -> None:
        if update is not None and not self._batch_count:
            counted.paints.append(len(update.render_segments(self.console).encode()))
        whole(self, screen, update)

    monkeypatch.setattr(WorkbenchApp, "_display", display)
    return counted


async def test_a_cursor_move_a_dialog_and_a_screen_cost_few_bytes(desk_for: DeskFor, wire: Wire) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await wire.settled(pilot)
        # the first paint may come in two parts, the second of them with the first key
        await press(pilot, "down")
        await wire.settled(pilot)
        await press(pilot, "down")
        assert await wire.settled(pilot) <= CURSOR
        await press(pilot, "1")
        await wire.settled(pilot)
        for key in ("question_mark", "f3", "ctrl+p", "d", "w"):
            await press(pilot, key)
            assert await wire.settled(pilot) <= DIALOG, key
            await press(pilot, "escape")
            assert await wire.settled(pilot) <= DIALOG, key
        for key in ("5", "1", "3", "2", "1"):
            await press(pilot, key)
            assert await wire.settled(pilot) <= SCREEN, key


async def test_nothing_is_painted_while_nobody_touches_a_key(desk_for: DeskFor, wire: Wire) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await wire.settled(pilot)
        for _ in range(20):
            await pilot.pause()
        assert wire.paints == []
        assert pilot.app.animation_level == "none"


# -- the program itself ------------------------------------------------------------------------------------


def test_textuals_own_variables_are_not_obeyed() -> None:
    assert [name for name in os.environ if name.startswith("TEXTUAL")] == []


async def test_nothing_can_be_selected_and_copied_out(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        assert not pilot.app.ALLOW_SELECT
        assert not front(pilot).ALLOW_SELECT
        await press(pilot, "f9")
        assert not pilot.app.screen.ALLOW_SELECT


async def test_what_is_cut_from_a_form_stays_in_the_program(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        written: list[str] = []
        monkeypatch.setattr(pilot.app._driver, "write", written.append)
        await press(pilot, "n", "q", "u", "ctrl+a", "shift+home", "ctrl+c", "ctrl+x", "ctrl+v")
        pilot.app.copy_to_clipboard("a word")
        assert pilot.app.clipboard == "a word"
        assert [text for text in written if "]52" in text] == []


async def test_no_picture_of_the_screen_is_offered_or_written(
    desk_for: DeskFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "downloads"))
    async with at(desk_for("dsl"), "pupils") as pilot:
        assert list(pilot.app.get_system_commands(pilot.app.screen)) == []
        assert not pilot.app.ENABLE_COMMAND_PALETTE
        before = sorted(tmp_path.rglob("*"))
        pilot.app.action_screenshot(path=str(tmp_path / "pictures"))
        await settle(pilot)
        assert sorted(tmp_path.rglob("*")) == before


async def test_counts_in_the_header_are_those_of_the_desk(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "log") as pilot:
        found = duties.due(desk)
        late = sum(duty.state == "overdue" for duty in found)
        due = late + sum(duty.state == "due" for duty in found)
        assert re.search(rf"\b{due} due · {late} late", drawn(pilot))
