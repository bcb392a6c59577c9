"""The list: what is drawn, where the cursor goes, what is repainted, the filter."""

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from screens.text import Col
from screens.widgets.lines import Lines, Row


class Alone(App[None]):
    """A list and nothing else."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.lines = Lines([Col("Due", 8), Col("What", 10, grow=1), Col("Src", 6)])
        self.first = rows
        self.moved: list[str] = []
        self.said: list[str] = []
        self.picked: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.lines

    def on_mount(self) -> None:
        self.lines.focus()
        self.lines.show(self.first, empty="Nothing is due: it is a holiday.")

    def on_lines_moved(self, event: Lines.Moved) -> None:
        self.moved.append(event.key)

    def on_lines_said(self, event: Lines.Said) -> None:
        self.said.append(event.text)

    def on_lines_picked(self, event: Lines.Picked) -> None:
        self.picked.append(event.key)


def rows(number: int) -> list[Row]:
    return [Row(f"k{n}", ("today", f"thing {n}", "law"), mark="!" if n == 0 else " ") for n in range(number)]


def window(pilot: Pilot[Any]) -> list[str]:
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


async def test_columns_marks_and_the_cursor_are_drawn() -> None:
    async with Alone(rows(3)).run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        assert window(pilot)[:3] == [
            "   Due      What                 Src",
            "▸! today    thing 0              law",
            "   today    thing 1              law",
        ]


async def test_movement_by_arrows_letters_and_pages() -> None:
    app = Alone(rows(30))
    async with app.run_test(size=(40, 11)) as pilot:
        await pilot.press("down", "j", "up", "k", "k")
        assert app.lines.current == "k0"
        await pilot.press("pagedown")
        assert app.lines.current == "k9"
        await pilot.press("G")
        assert app.lines.current == "k29"
        await pilot.press("g")
        assert (app.lines.current, app.lines.top) == ("k0", 0)
        assert app.moved[-1] == "k0"


async def test_the_cursor_passes_over_headings_and_headings_stay_reachable() -> None:
    shown = [Row("", ("Group one",)), *rows(2), Row("", ("Group two",)), Row("z", ("later", "last", "law"))]
    app = Alone(shown)
    async with app.run_test(size=(40, 10)) as pilot:
        assert app.lines.current == "k0"
        await pilot.press("down", "down")
        assert app.lines.current == "z"
        await pilot.press("up")
        assert app.lines.current == "k1"
        await pilot.press("g")
        assert (app.lines.current, app.lines.top) == ("k0", 0)


async def test_showing_anew_keeps_the_cursor_on_its_key() -> None:
    app = Alone(rows(10))
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.press("down", "down", "down")
        app.lines.show(list(reversed(rows(10))))
        assert app.lines.current == "k3"
        app.lines.show(rows(3))
        assert app.lines.current == "k2"
        app.lines.show([])
        assert app.lines.current == ""
        app.lines.show(rows(5), at="k4")
        assert app.lines.current == "k4"


async def test_an_empty_list_says_why() -> None:
    async with Alone([]).run_test(size=(60, 6)) as pilot:
        await pilot.pause()
        assert "Nothing is due: it is a holiday." in window(pilot)[1]
        await pilot.press("down", "G", "slash", "enter")
        assert pilot.app.query_one(Lines).current == ""


async def test_the_filter_takes_every_letter_as_text_and_escape_shows_all_again() -> None:
    app = Alone(rows(30))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("slash", "G", "j", "backspace", "backspace", *"thing", "space", "2", "7")
        await pilot.pause()
        assert [row.key for row in app.lines.rows] == ["k27"]
        assert app.said[-1].startswith("find: thing 27_   1 of 30")
        await pilot.press("enter")
        await pilot.pause()
        assert app.said[-1] == "Only lines with “thing 27”. Esc shows all."
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.lines.rows) == 30
        assert app.lines.current == "k27"
        assert app.said[-1] == "All lines are shown again."


async def test_a_filter_that_finds_nothing_says_so() -> None:
    app = Alone(rows(3))
    async with app.run_test(size=(60, 6)) as pilot:
        await pilot.press("slash", *"xyz")
        await pilot.pause()
        assert "Nothing matches “xyz”." in window(pilot)[1]


async def test_a_cursor_move_repaints_two_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Alone(rows(30))
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        painted: list[Region] = []
        whole = Lines.refresh

        def refresh(self: Lines, *regions: Region, **rest: Any) -> Lines:
            painted.extend(regions or [Region(0, 0, *self.size)])
            return whole(self, *regions, **rest)

        monkeypatch.setattr(Lines, "refresh", refresh)
        await pilot.press("down")
        await pilot.pause()
        assert painted == [Region(0, 1, 80, 1), Region(0, 2, 80, 1)]


async def test_rows_that_come_later_repaint_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Alone(rows(3))
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.press("down")
        painted: list[Region] = []
        whole = Lines.refresh

        def refresh(self: Lines, *regions: Region, **rest: Any) -> Lines:
            painted.extend(regions or [Region(0, 0, *self.size)])
            return whole(self, *regions, **rest)

        monkeypatch.setattr(Lines, "refresh", refresh)
        app.lines.change(rows(5))
        assert [region.y for region in painted] == [4, 5]
        assert app.lines.current == "k1"
        painted.clear()
        app.lines.change(rows(5))
        assert painted == []
        await pilot.pause()
        assert "thing 4" in window(pilot)[5]


async def test_a_click_moves_and_a_second_one_opens() -> None:
    app = Alone(rows(5))
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.click(Lines, offset=(5, 3))
        assert (app.lines.current, app.picked) == ("k2", [])
        await pilot.click(Lines, offset=(5, 3))
        assert app.picked == ["k2"]


async def test_hostile_cells_are_text() -> None:
    hostile = ("[/b][@click=app.quit]x[/]", "\x1b]0;t\x07\u202e\x9b", "x" * 5000)
    async with Alone([Row("k", hostile)]).run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        line = window(pilot)[1]
        assert "[/b][@c…" in line
        assert "\x1b" not in line
        assert "\ufffd" in line
