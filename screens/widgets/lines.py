"""`Lines`: a list of any length that draws only what is seen, with a cursor, columns and a filter.

    lines = Lines([Col("Due", 10), Col("Pupil", 20), Col("What must happen", 20, grow=1)], id="duties")
    lines.show([Row(duty.id, ("late 1d", "Dunmore, Kai 9B", "Tell the LA"), mark="!", tone="late")],
               empty="Nothing is due. 96 pupils, registers complete to Fri 20 Nov PM.")
    lines.current            # key of the row under the cursor, or ""

A row with an empty key is a heading or a blank line: the cursor passes over it. Enter is not read here: it
is a key
of the screen's section (`open`). A click moves the cursor, a click on the cursor's row opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from rich.cells import set_cell_size
from textual import events
from textual.message import Message
from textual.strip import Strip

from screens.text import Col, fit, layout, wrap
from screens.widgets.paint import Painted, Spans

PREFIX = 3
"""Cells before the first column: the cursor, the mark, a space."""
BRIGHT = 80
"""Cells of the cursor's row that are drawn bright; bounds what a cursor move costs on the wire."""


class Row(Struct, frozen=True):
    """A row of a list.

    Args:
        key: what it stands for; kept under the cursor when the list is shown anew. Empty: not for the cursor.
        cells: texts for the columns; a single cell in a list of several columns takes the whole width.
        mark: one sign before the cells: `!` late, `●` done, `◐` begun, `○` open, `–` does not apply.
        tone: a tone of `Painted` for the whole row.
    """

    key: str
    cells: tuple[str, ...]
    mark: str = " "
    tone: str = ""


class Lines(Painted, can_focus=True):
    """A list with a cursor. See the module's docstring for its use.

    Messages: `Moved` when another row is under the cursor, `Said` for the line to show while filtering.
    """

    DEFAULT_CSS = """
    Lines { height: 1fr; }
    """
    FILTER_KEYS: ClassVar[str] = "Enter keep   Esc clear"
    """What ends the typing of a filter, in words."""

    @dataclass
    class Moved(Message):
        """Another row is under the cursor; `key` is empty where there is none."""

        lines: "Lines"
        key: str

        @property
        def control(self) -> "Lines":
            """The list that sent it."""
            return self.lines

    @dataclass
    class Picked(Message):
        """The cursor's row was clicked: the same as the screen's `open`."""

        lines: "Lines"
        key: str

        @property
        def control(self) -> "Lines":
            """The list that sent it."""
            return self.lines

    @dataclass
    class Said(Message):
        """One line for the screen's message line; empty to clear it."""

        text: str

    def __init__(
        self, cols: Sequence[Col] = (), *, heading: bool = True, bare: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.before = 0 if bare else PREFIX
        """Cells before the first column; none in a text that is only read."""
        self.cols = tuple(cols)
        self.heading = heading and any(col.title for col in self.cols)
        self.rows: list[Row] = []
        self.all_rows: list[Row] = []
        self.empty = ""
        self.filter = ""
        self.filtering = False
        self.at = self.top = 0

    # -- what is shown ---------------------------------------------------------------------------------

    def show(self, rows: Sequence[Row], empty: str = "Nothing to show.", at: str | None = None) -> None:
        """Show these rows. The cursor stays on its key where that is still there, else near where it was.

        Args:
            rows: all of them, headings included.
            empty: why there are none, in a sentence.
            at: the key to put the cursor on.
        """
        before, place = self.current, self.at
        self.all_rows, self.empty = list(rows), empty
        self._apply_filter()
        wanted = at if at is not None else before
        found = next((i for i, row in enumerate(self.rows) if row.key == wanted), None) if wanted else None
        self.at = found if found is not None else self._near(place)
        self._keep_in_view()
        self.refresh()
        if self.current != before:
            self.post_message(self.Moved(self, self.current))

    @property
    def current(self) -> str:
        """The key under the cursor, or an empty text."""
        return self.rows[self.at].key if 0 <= self.at < len(self.rows) else ""

    @property
    def plain(self) -> list[str]:
        """All rows as text, for tests."""
        return [self._text(row) for row in self.rows]

    def go_to(self, key: str) -> None:
        """Put the cursor on a key, if it is there."""
        for place, row in enumerate(self.rows):
            if row.key == key:
                self._move_to(place)
                return

    def _apply_filter(self) -> None:
        wanted = self.filter.casefold()
        self.rows = self.all_rows if not wanted else [
            row for row in self.all_rows if row.key and wanted in " ".join(row.cells).casefold()
        ]  # fmt: skip

    def _near(self, place: int) -> int:
        """The row nearest to a place that the cursor may stand on, downwards first; -1 if there is none."""
        places = [i for i, row in enumerate(self.rows) if row.key]
        return min(places, key=lambda i: (abs(i - place), -i)) if places else -1

    # -- drawing ---------------------------------------------------------------------------------------

    @property
    def _above(self) -> int:
        return 1 if self.heading else 0

    @property
    def _height(self) -> int:
        return max(1, self.size.height - self._above)

    def _text(self, row: Row) -> str:
        width = max(1, self.size.width - self.before - 1)
        if len(row.cells) == 1 or not self.cols:
            return fit("  ".join(row.cells), width)
        return layout(row.cells, self.cols, width)

    def render_line(self, y: int) -> Strip:
        """One line: the heading, a row, or why there are none."""
        if self.heading and y == 0:
            return self.strip_of(self._heading_line())
        place = y - self._above + self.top
        if not self.rows:
            return self.strip_of(self._empty_line(y - self._above))
        return self.strip_of(self._row_line(place) if place < len(self.rows) else [])

    def _row_line(self, place: int) -> Spans:
        row, text = self.rows[place], self._text(self.rows[place])
        if place != self.at:
            return [(f" {row.mark} "[: self.before] + text, row.tone)]
        cut = BRIGHT - PREFIX
        tone = row.tone if row.tone == "late" else "cursor"
        return [("▸", "accent"), (f"{row.mark} {text[:cut]}", tone), (text[cut:], row.tone)]

    def _heading_line(self) -> Spans:
        width = max(1, self.size.width - self.before - 1)
        titles = layout([col.title for col in self.cols], self.cols, width)
        shown = self._position()
        if shown:
            titles = set_cell_size(titles, width - len(shown) - 1) + " " + shown
        return [(" " * self.before + titles, "quiet")]

    def _position(self) -> str:
        """`1-18 of 96` where not all rows are seen."""
        total = len(self.rows)
        if total <= self._height:
            return ""
        return f"{self.top + 1}-{min(total, self.top + self._height)} of {total:,}"

    def _empty_line(self, y: int) -> Spans:
        words = (
            self.empty
            if not self.filter
            else f"No line holds “{self.filter}”. Esc shows all {len(self.all_rows)}."
        )
        lines = wrap(words, max(8, self.size.width - self.before - 1))
        return [(" " * self.before + lines[y], "")] if 0 <= y < len(lines) else []

    # -- moving ----------------------------------------------------------------------------------------

    def _move_to(self, place: int) -> None:
        old, place = self.at, max(0, min(len(self.rows) - 1, place))
        if place == old:
            return
        self.at = place
        if self._keep_in_view():
            self.refresh()
        else:
            for changed in (old, place):
                self.refresh_lines(changed - self.top + self._above, width=min(BRIGHT, self.size.width))
        self.post_message(self.Moved(self, self.current))

    def move(self, step: int) -> None:
        """Move the cursor by so many rows, passing over headings; without rows for it, scroll."""
        if not any(row.key for row in self.rows):
            self._scroll(step)
            return
        place = max(0, min(len(self.rows) - 1, self.at + step))
        way = 1 if step > 0 else -1
        while 0 <= place < len(self.rows) and not self.rows[place].key:
            place += way
        if not 0 <= place < len(self.rows):
            place = self._near(self.at + step)
        if place == self.at and step < 0:
            self._scroll(step)  # headings above the first row
        self._move_to(place)

    def _scroll(self, step: int) -> None:
        top = max(0, min(len(self.rows) - self._height, self.top + step))
        if top != self.top:
            self.top = top
            self.refresh()

    def _keep_in_view(self) -> bool:
        """Scroll by half a window when the cursor leaves it. Returns whether it scrolled."""
        old, height = self.top, self._height
        if self.at < self.top or self.at >= self.top + height:
            self.top = self.at - height // 2
        self.top = max(0, min(self.top, len(self.rows) - height))
        if 0 <= self.at <= 2 and self.at < height:
            self.top = 0
        return self.top != old

    def on_resize(self) -> None:
        """Keep the cursor in view when the window changes."""
        if self._keep_in_view():
            self.refresh()

    # -- keys ------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Movement and the filter; all else goes on to the screen's bindings."""
        if self.filtering:
            self._filter_key(event)
            return
        page = max(1, self._height - 1)
        steps = {
            "up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page, "ctrl+u": -page // 2,
            "ctrl+d": page // 2, "home": -len(self.rows), "g": -len(self.rows), "end": len(self.rows),
            "G": len(self.rows), "upper_g": len(self.rows),
        }  # fmt: skip
        if event.key in steps:
            self.move(steps[event.key])
        elif event.key == "slash" and self.all_rows:
            self.filtering = True
            self._say_filter()
        elif event.key == "escape" and self.filter:
            self._set_filter("")
            self.post_message(self.Said("All lines are shown again."))
        else:
            return
        event.stop()
        event.prevent_default()

    def _filter_key(self, event: events.Key) -> None:
        """A key while the filter is typed: every printable one is text."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.filtering = False
            self.post_message(
                self.Said(f"Only lines with “{self.filter}”. Esc shows all." if self.filter else "")
            )
        elif event.key == "escape":
            self.filtering = False
            self._set_filter("")
            self.post_message(self.Said("All lines are shown again."))
        elif event.key in ("up", "down"):
            self.move(-1 if event.key == "up" else 1)
        elif event.key == "backspace":
            self._set_filter(self.filter[:-1])
            self._say_filter()
        elif event.is_printable and event.character and len(self.filter) < 60:
            self._set_filter(self.filter + event.character)
            self._say_filter()

    def _set_filter(self, text: str) -> None:
        if text == self.filter:
            return
        before = self.current
        self.filter = text
        self._apply_filter()
        place = next((i for i, row in enumerate(self.rows) if row.key == before), None)
        self.at = place if place is not None and before else self._near(0)
        self.top = 0
        self._keep_in_view()
        self.refresh()
        if self.current != before:
            self.post_message(self.Moved(self, self.current))

    def _say_filter(self) -> None:
        found = len([row for row in self.rows if row.key])
        total = len([row for row in self.all_rows if row.key])
        self.post_message(self.Said(f"find: {self.filter}_   {found} of {total}   {self.FILTER_KEYS}"))

    def clear_filter(self) -> None:
        """Show all rows and leave the filter."""
        self.filtering = False
        self._set_filter("")

    # -- mouse -----------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the cursor's row opens it."""
        place = event.y - self._above + self.top
        if not 0 <= place < len(self.rows) or not self.rows[place].key:
            return
        if place == self.at:
            self.post_message(self.Picked(self, self.current))
        else:
            self._move_to(place)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(-3)
