"""The register grid on its own: what a key writes, where the cursor goes, what is repainted."""

from datetime import date, timedelta

import pytest
from textual import events
from textual.app import App, ComposeResult

from screens.widgets.grid import Column, PupilRow, RegisterGrid
from screens.widgets.gridkeys import CodeChoice
from screens.widgets.gridparts import GridPart

MONDAY = date(2026, 11, 23)
CODES = (CodeChoice("/", "present"), CodeChoice("N", "no reason yet"), CodeChoice("L", "late", minutes=True),
         CodeChoice("C", "leave"), CodeChoice("C1", "performance"))  # fmt: skip


class Alone(App[None]):
    """The grid and nothing else; it writes what is typed straight into the grid."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        columns = [Column(MONDAY + timedelta(d), s) for d in range(5) for s in ("AM", "PM")]
        rows = [PupilRow(f"P-{n}", name, [""] * 10, "97.1", "▆▇▇▇▅▇") for n, name in enumerate(names)]
        self.grid = RegisterGrid(self, columns, rows)
        self.typed: list[tuple[int, int, str, int | None]] = []
        self.said: list[str] = []
        self.commands: list[str] = []
        self.turned = 0

    def compose(self) -> ComposeResult:
        yield self.grid

    def on_mount(self) -> None:
        self.grid.set_choices(CODES, None)
        self.grid.focus()

    def grid_typed(self, row: int, column: int, code: str, minutes: int | None) -> None:
        self.typed.append((row, column, code, minutes))
        self.grid.set_cell(row, column, f"{code}{minutes or ''}")
        self.grid.move(row + 1)

    def grid_said(self, text: str, refused: bool) -> None:
        self.said.append(text)

    def grid_turned(self) -> None:
        self.turned += 1

    def grid_moved(self) -> None:
        self.said.append("moved")

    def grid_entered(self) -> None:
        self.said.append("entered")

    def grid_command(self, key: str) -> bool:
        self.commands.append(key)
        return False


def names(number: int) -> list[str]:
    return [f"Pupil{n:02}, Sam" for n in range(number)]


async def test_letters_mark_and_go_down() -> None:
    app = Alone(names(30))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "slash", "N")
        assert app.typed == [(0, 0, "N", None), (1, 0, "/", None), (2, 0, "N", None)]
        assert app.grid.row == 3


async def test_the_present_sign_is_the_sessions_own() -> None:
    app = Alone(names(3))
    async with app.run_test() as pilot:
        await pilot.press("right", "slash", "left", "backslash")
        assert [(column, code) for _, column, code, _ in app.typed] == [(1, "\\"), (0, "/")]


async def test_row_numbers_jump_and_the_minutes_are_asked() -> None:
    app = Alone(names(30))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "7", "l", "1", "2", "enter", "2", "4", "n")
        assert app.typed == [(16, 0, "L", 12), (23, 0, "N", None)]
        assert app.grid.cell(16, 0) == "L12"


async def test_the_chooser_writes_the_code_it_was_asked_for() -> None:
    app = Alone(names(3))
    async with app.run_test() as pilot:
        await pilot.press("c")
        assert app.said[-1].startswith("C  Enter leave")
        await pilot.press("1", "c", "enter")
        assert [code for *_, code, _ in app.typed] == ["C1", "C"]


async def test_keys_that_come_in_one_burst_keep_their_order() -> None:
    """Typed ahead over a slow line: no key waits for what the one before it caused."""
    app = Alone(names(30))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("1", "7", "n", "2", "4", "n", "5", "c", "1"):
            app.screen.post_message(events.Key(key, key))
        await pilot.pause()
        await pilot.pause()
        assert [(row, code) for row, _, code, _ in app.typed] == [(16, "N"), (23, "N"), (4, "C1")]


async def test_finding_follows_the_letters_and_stays() -> None:
    app = Alone(["Abbott, Rosa", "Dunmore, Kai", "Ellis, Sam", "Duncan, Ada"])
    async with app.run_test() as pilot:
        app.grid.find()
        await pilot.press("d", "u")
        assert app.grid.row == 1
        assert app.said[-1].startswith("find: du_   2 of 4")
        await pilot.press("down")
        assert app.grid.row == 3
        await pilot.press("enter", "n")
        assert app.typed == [(3, 0, "N", None)]


async def test_backspace_clears_a_mark() -> None:
    app = Alone(names(3))
    async with app.run_test() as pilot:
        await pilot.press("backspace")
        assert app.typed == [(0, 0, "", None)]


@pytest.mark.parametrize("key", ["asterisk", "question_mark", "ctrl+s", "escape", "f2"])
async def test_keys_of_the_screen_are_left_to_it(key: str) -> None:
    app = Alone(names(3))
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert app.typed == []
        assert app.said == []
        assert app.commands == [key]


def watch(grid: RegisterGrid, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which slices are repainted from now on, and how many cells of each."""
    seen: list[tuple[str, int]] = []
    kept = GridPart.refresh_row

    def noted(part: GridPart, index: int) -> None:
        seen.append((type(part).__name__, part.size.width))
        kept(part, index)

    monkeypatch.setattr(GridPart, "refresh_row", noted)
    monkeypatch.setattr(grid, "refresh_all", lambda: seen.append(("all", 1920)))
    return seen


@pytest.mark.parametrize("column", range(10))
async def test_a_mark_repaints_a_handful_of_cells_at_any_column(
    column: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Alone(names(12))
    async with app.run_test(size=(80, 24)) as pilot:
        app.grid.move(0, column)
        await pilot.pause()
        seen = watch(app.grid, monkeypatch)
        await pilot.press("n")
        assert {name for name, _ in seen} == {"GridSession", "GridPointer"}
        assert sum(cells for _, cells in seen) <= 14


async def test_the_cursor_stays_in_view_in_a_long_class() -> None:
    app = Alone(names(99))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        assert app.grid.row == 98
        assert app.grid.top + app.grid.size.height - 2 >= 99
        await pilot.press("home")
        assert (app.grid.row, app.grid.top) == (0, 0)


async def test_an_empty_class_takes_no_key() -> None:
    app = Alone([])
    async with app.run_test() as pilot:
        await pilot.press("n", "down", "1", "end", "backspace")
        assert app.typed == []


async def test_hostile_names_are_drawn_harmless() -> None:
    app = Alone(
        ["[/b]", "[@click=app.quit]x[/]", "\x1b]0;title\x07", "\u202edesrever", "王小明" * 20, "x" * 5000]
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "[@click=app.qui" in drawn
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn
