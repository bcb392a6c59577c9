"""The register grid: a class and its week, drawn with the line API, with a key mode of its own.

Each session is a narrow child widget, because the compositor repaints a changed line from the left edge of
its widget: a mark on Friday afternoon then costs as few bytes as one on Monday morning.
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from screens.widgets.gridkeys import Asked, CodeChoice, Dropped, Jumped, KeyMode, Marked, Refused
from screens.widgets.gridparts import (
    BLANK_CELL,
    CLOSED_CELL,
    HEAD,
    Column,
    GridFigures,
    GridNames,
    GridPart,
    GridPointer,
    GridSession,
    PupilRow,
)

NARROW = 76
"""Columns below which percentage, weeks and warning are left out."""

__all__ = ["Column", "Owner", "PupilRow", "RegisterGrid"]


class Owner(Protocol):
    """Whoever holds the grid and writes its marks. It is called at once, key by key and in their order: a message would
    come after the next key that was typed fast, and the mark would stand in the wrong row."""

    def grid_typed(self, row: int, column: int, code: str, minutes: int | None) -> None:
        """A mark was typed in full for a cell; an empty code clears it."""

    def grid_said(self, text: str, refused: bool) -> None:
        """One line to show; empty to clear it. `refused` where a key was not taken."""

    def grid_turned(self) -> None:
        """The cursor came to another session."""

    def grid_moved(self) -> None:
        """The cursor was moved by a key."""

    def grid_entered(self) -> None:
        """Enter was pressed on the cursor's cell."""

    def grid_command(self, key: str) -> bool:
        """A key that is no mark and no movement. Returns whether it was done; otherwise it goes on to the screen."""


class RegisterGrid(Horizontal, can_focus=True):
    """A class and its week. It draws and reads keys; its owner writes the marks.

    Args:
        owner: who is told of marks, lines to show and commands.
        columns: the sessions.
        rows: the pupils.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RegisterGrid { height: 1fr; }
    RegisterGrid > GridPointer { width: 1; }
    RegisterGrid > GridNames { width: 1fr; max-width: 36; }
    RegisterGrid > GridSession.-pm { width: 4; }
    RegisterGrid > GridFigures { width: 1fr; min-width: 23; }
    """

    def __init__(
        self, owner: Owner, columns: Sequence[Column], rows: list[PupilRow], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.owner = owner
        self.finding: str | None = None
        """What was typed to find a name; None while letters are marks."""
        self.columns, self.rows = list(columns), rows
        self.row = self.column = self.top = 0
        self.mode = KeyMode(rows=len(rows))

    def compose(self) -> ComposeResult:
        """The slices from left to right."""
        yield GridPointer(self)
        yield GridNames(self)
        for number, column in enumerate(self.columns):
            part = GridSession(self, number)
            part.set_class(column.session == "PM", "-pm")
            yield part
        yield GridFigures(self)

    def cell(self, row: int, column: int) -> str:
        """What stands in a cell: the mark, `·` where none stands, `░` where there is no session."""
        text = self.rows[row].cells[column]
        return text or (CLOSED_CELL if self.columns[column].closed else BLANK_CELL)

    # -- changing what is shown ------------------------------------------------------------------------

    def show(self, columns: Sequence[Column], rows: list[PupilRow]) -> None:
        """Show another class, week or fresh figures. The cursor stays on its pupil where that is possible."""
        key = self.rows[self.row].key if self.rows else ""
        self.columns, self.rows = list(columns), rows
        there = (i for i, row in enumerate(rows) if row.key == key)
        self.row = next(there, max(0, min(self.row, len(rows) - 1)))
        self.mode.rows = len(rows)
        self._keep_in_view()
        self.refresh_all()

    def refresh_all(self) -> None:
        """Repaint every slice."""
        for part in self.query(GridPart):
            part.refresh()

    def set_cell(self, row: int, column: int, text: str) -> None:
        """Change one cell and repaint that cell alone."""
        self.rows[row].cells[column] = text
        self._sessions[column].refresh_row(row)

    @property
    def _sessions(self) -> list[GridSession]:
        return [part for part in self.children if isinstance(part, GridSession)]

    def move(self, row: int, column: int | None = None) -> None:
        """Put the cursor on a cell (clamped) and repaint what that changes."""
        column = self.column if column is None else column
        old = (self.row, self.column)
        self.row = max(0, min(len(self.rows) - 1, row))
        self.column = max(0, min(len(self.columns) - 1, column))
        if old == (self.row, self.column):
            return
        if self._keep_in_view():
            self.refresh_all()
        else:
            self._repaint_cursor(*old)
        if old[1] != self.column:
            self.owner.grid_turned()

    def _repaint_cursor(self, row: int, column: int) -> None:
        """Repaint the cell the cursor left, the one it came to, and the pointer."""
        sessions = self._sessions
        sessions[column].refresh_row(row)
        sessions[self.column].refresh_row(self.row)
        if row != self.row:
            for part in self.query(GridPointer):
                part.refresh_row(row)
                part.refresh_row(self.row)

    def _keep_in_view(self) -> bool:
        """Scroll by half a window, so that a class is passed in few repaints. Returns whether it scrolled."""
        height = max(1, self.size.height - HEAD)
        old = self.top
        if self.row < self.top:
            self.top = max(0, self.row - height // 2)
        elif self.row >= self.top + height:
            self.top = self.row - height // 2
        self.top = max(0, min(self.top, len(self.rows) - height))
        return self.top != old

    def on_resize(self) -> None:
        """Keep the cursor in view; a narrow window gives the room of the figures to the names."""
        for part in self.query(GridFigures):
            part.display = self.size.width >= NARROW
        if self._keep_in_view():
            self.refresh_all()

    # -- focus: nothing looks different with it, so nothing is painted ------------------------------------

    def on_focus(self, event: events.Focus) -> None:
        """Take the focus without the repaint that Textual would do."""
        event.prevent_default()
        self.has_focus = True

    def on_blur(self, event: events.Blur) -> None:
        """Lose the focus without a repaint."""
        event.prevent_default()
        self.has_focus = False

    # -- keys ------------------------------------------------------------------------------------------

    MOVES: ClassVar[dict[str, tuple[int, int]]] = {
        "up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1), "home": (-999, 0), "end": (999, 0),
        "pageup": (-12, 0), "pagedown": (12, 0),
    }  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """Read a key in the grid's own mode; what is no mark, number or movement goes on to the screen."""
        asking = self.mode.asking
        if self.finding is not None:
            self._find_key(event, self.finding)
        elif not asking and event.key in self.MOVES:
            self.mode.reset()
            down, right = self.MOVES[event.key]
            self.move(self.row + down, self.column + right)
            self.owner.grid_moved()
        elif not asking and event.key == "enter":
            self.owner.grid_entered()
        elif not asking and event.key in ("backspace", "delete") and self.rows:
            self.mode.reset()
            self.owner.grid_typed(self.row, self.column, "", None)
        elif not self._is_mine(event, asking):
            self.mode.reset()
            if not self.owner.grid_command(event.key):
                return
        elif self.rows:
            self._feed(event)
        event.stop()
        event.prevent_default()

    def _is_mine(self, event: events.Key, asking: bool) -> bool:
        """Whether the key mode reads this key: text, and while something is asked its answers too."""
        if asking and event.key in ("enter", "escape", "backspace"):
            return True
        return event.is_printable and event.character is not None and (asking or event.character not in "*? ")

    def find(self) -> None:
        """Begin to find a name: until Enter or Esc, letters are text."""
        self.mode.reset()
        self.finding = ""
        self._found("")

    def _find_key(self, event: events.Key, typed: str) -> None:
        """A key while a name is typed: the cursor follows at once."""
        if event.key in ("enter", "escape"):
            self.finding = None
            self.owner.grid_said("", False)
        elif event.key in ("up", "down"):
            self._found(typed, 1 if event.key == "down" else -1)
        elif event.key == "backspace" or (event.is_printable and event.character and len(typed) < 30):
            self.finding = typed[:-1] if event.key == "backspace" else typed + (event.character or "")
            self._found(self.finding)

    def _found(self, typed: str, way: int = 0) -> None:
        """Go to the first name that holds the text, or from here to the next one either way."""
        places = [n for n, row in enumerate(self.rows) if typed.casefold() in row.name.casefold()]
        begins = [n for n in places if self.rows[n].name.casefold().startswith(typed.casefold())]
        if way and places:
            onward = [n for n in places if (n - self.row) * way > 0]
            self.move((onward[0] if way > 0 else onward[-1]) if onward else places[0 if way > 0 else -1])
        elif typed and places:
            self.move((begins or places)[0])
        self.owner.grid_said(
            f"find: {typed}_   {len(places)} of {len(self.rows)}   ↑ ↓ next   Enter stay", False
        )

    def _feed(self, event: events.Key) -> None:
        """Hand a key to the key mode and act on the outcome."""
        outcome = self.mode.press(event.key, event.character)
        if isinstance(outcome, Marked):
            self.owner.grid_typed(self.row, self.column, self._sign(outcome.code), outcome.minutes)
        elif isinstance(outcome, Jumped):
            self.move(outcome.row - 1)
        elif isinstance(outcome, Asked):
            self.owner.grid_said(outcome.text, False)
        elif isinstance(outcome, Refused):
            self.owner.grid_said(outcome.text, True)
        elif isinstance(outcome, Dropped):
            self.owner.grid_said("", False)

    def _sign(self, code: str) -> str:
        """Present is written with the session's own sign, whichever of the two keys was pressed."""
        return ("/" if self.columns[self.column].session == "AM" else "\\") if code == "/" else code

    def set_choices(self, choices: Sequence[CodeChoice], minutes: int | None) -> None:
        """The codes that may be typed for the cursor's day, and the minutes to suggest for a late mark."""
        self.mode.choices, self.mode.minutes = choices, minutes
