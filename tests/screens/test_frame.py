"""The frame: header, areas, footer, dialogs, errors. All on a real folder."""

import re

import pytest

from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from screens.today import TodayScreen
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.domain.errors import ConflictError, FileFaultsError, InvalidError


async def test_the_header_says_where_who_and_what_is_waiting(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        lines = drawn(pilot).split("\n")
        assert lines[0].startswith(" Riverside Centre 880/6001")
        assert "Mon 23 Nov 2026 AM" in lines[0]
        assert lines[0].rstrip().endswith("J. Okafor · DSL")
        assert lines[1].startswith(" 1 Today   2 Register   3 Pupils   4 Cases   5 Log")
        assert " due" in lines[1]
        assert set(lines[2].strip()) == {"─"}


async def test_number_keys_go_to_the_areas_and_escape_comes_back(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        for key, area in (("3", "pupils"), ("5", "log"), ("2", "register"), ("4", "cases"), ("1", "today")):
            await press(pilot, key)
            assert area == front(pilot).AREA
        await press(pilot, "5", "escape")
        assert isinstance(front(pilot), TodayScreen)
        await press(pilot, "q")
        assert "Ctrl+Q closes the workbench" in front(pilot).message


async def test_an_area_keeps_what_stands_open_above_it(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "enter")
        assert front(pilot).SECTION == "pupil"
        await press(pilot, "1", "3")
        assert front(pilot).SECTION == "pupil"
        await press(pilot, "3")
        assert front(pilot).SECTION == "pupils"


async def test_a_key_that_the_role_does_not_allow_says_so(desk_for: DeskFor) -> None:
    async with at(desk_for("staff"), "today") as pilot:
        assert "4 Cases" not in drawn(pilot)
        await press(pilot, "4")
        assert front(pilot).AREA == "today"
        assert front(pilot).message == "4 (Cases) is for dsl or leader."


async def test_a_confirmation_names_the_thing_and_defaults_to_no(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        screen, answers = front(pilot), []

        async def ask() -> None:
            answers.append(await screen.confirm("Take Kai off the list?", "It cannot be undone."))

        for keys, expected in ((["enter"], False), (["escape"], False), (["down", "enter"], True)):
            screen.run_worker(ask())
            await settle(pilot)
            await press(pilot, *keys)
            assert answers[-1] is expected
        assert screen.dialogs == []


async def test_no_key_of_the_screen_works_under_a_dialog(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "question_mark")
        assert len(front(pilot).dialogs) == 1
        await press(pilot, "3", "d", "ctrl+p", "l")
        assert front(pilot).AREA == "today"
        assert len(front(pilot).dialogs) == 1
        await press(pilot, "f3")
        assert len(front(pilot).dialogs) == 2
        await press(pilot, "escape", "escape")
        assert front(pilot).dialogs == []
        assert pilot.app.focused is front(pilot).query_one("#duties")


async def test_what_was_typed_into_a_form_comes_back_after_escape(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "n")
        await type_in(pilot, "Dunmore")
        await press(pilot, "escape", "n")
        assert "Dunmore" in drawn(pilot)
        assert front(pilot).dialogs


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            InvalidError("No such code.", todo="Type another."),
            "Not accepted: No such code. Nothing was changed.",
        ),
        (InvalidError("x" * 90, todo="Do something else."), "Do something else."),
        (ConflictError("Changed.", {"year": 9}, {"year": 10}), "year: stored “9”, yours “10”"),
        (FileFaultsError("Two faults.", ["line 2, upn: wrong [/b]"]), "line 2, upn: wrong [/b]"),
    ],
)
async def test_an_error_is_shown_and_the_program_goes_on(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def action_calls(self: TodayScreen) -> None:
        raise error

    monkeypatch.setattr(TodayScreen, "action_calls", action_calls)
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "l")
        assert words in drawn(pilot)
        await press(pilot, "escape", "3")
        assert front(pilot).AREA == "pupils"


async def test_an_error_while_reading_is_shown_too(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(self: WorkScreen) -> None:
        raise InvalidError("The calendar has no such day.")

    monkeypatch.setattr("screens.log.LogScreen.load", load)
    async with at(desk_for("dsl"), "log") as pilot:
        assert "The calendar has no such day." in drawn(pilot)


async def test_a_fault_of_ours_tells_no_local_variables(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def action_calls(self: TodayScreen) -> None:
        canary = "Dunmore, Kai: secret note"
        raise RuntimeError(canary)

    monkeypatch.setattr(TodayScreen, "action_calls", action_calls)
    app = WorkbenchApp(desk_for("dsl"))
    with pytest.raises(RuntimeError):
        async with app.run_test(size=(80, 24)) as pilot:
            await press(pilot, "l")
    out, err = capsys.readouterr()
    assert re.search(r"\(RuntimeError at test_frame:\d+, reference [0-9a-f]{6}\)", app.failure)
    assert "Dunmore" not in app.failure + out + err
    assert app.return_code == 1


@pytest.mark.parametrize("size", SIZES)
async def test_how_dialogs_look(desk_for: DeskFor, size: tuple[int, int]) -> None:
    async with at(desk_for("dsl"), "log", size) as pilot:
        for name, key in (
            ("help", "question_mark"),
            ("emergency", "f3"),
            ("palette", "ctrl+p"),
            ("filter", "f"),
        ):
            await press(pilot, key)
            same(f"dialog-{name}", pilot)
            await press(pilot, "escape")
