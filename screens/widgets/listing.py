"""What a list shows and where its cursor stands; keys, filter and mouse are `lines.Lines`."""

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import set_cell_size
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


class Listing(Painted):
    """Rows in columns, drawn as far as they are seen, and a cursor that keeps in view."""

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
        before = self.current
        self._take(rows, empty, at)
        self.refresh()
        if self.current != before:
            self.moved()

    def change(self, rows: Sequence[Row]) -> None:
        """Show these rows as `show` does, but repaint only those lines of the window that differ."""
        before, drawn = self.current, self._drawn()
        self._take(rows, self.empty, None)
        for line, (old, new) in enumerate(zip(drawn, self._drawn(), strict=True)):
            if old != new:
                self.refresh_lines(line)
        if self.current != before:
            self.moved()

    def _take(self, rows: Sequence[Row], empty: str, at: str | None) -> None:
        wanted, place = at if at is not None else self.current, self.at
        self.all_rows, self.empty = list(rows), empty
        self._apply_filter()
        found = next((i for i, row in enumerate(self.rows) if row.key == wanted), None) if wanted else None
        self.at = found if found is not None else self._near(place)
        self._keep_in_view()

    def _drawn(self) -> list[Spans]:
        """The lines of the window as they would be drawn now."""
        head = [self._heading_line()] if self.heading else []
        places = range(self.top, self.top + self._height)
        if not self.rows:
            return [*head, *(self._empty_line(y) for y in range(self._height))]
        return [*head, *(self._row_line(place) if place < len(self.rows) else [] for place in places)]

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
        shown = self.position()
        if shown:
            titles = set_cell_size(titles, width - len(shown) - 1) + " " + shown
        return [(" " * self.before + titles, "quiet")]

    def position(self) -> str:
        """`1-18 of 96` where not all rows are seen."""
        total = len(self.rows)
        if total <= self._height:
            return ""
        return f"{self.top + 1}-{min(total, self.top + self._height)} of {total:,}"

    @property
    def below(self) -> list[Row]:
        """The rows under the last one that is seen."""
        return self.rows[self.top + self._height :]

    def _empty_line(self, y: int) -> Spans:
        words = self.empty if not self.filter else f"Nothing matches “{self.filter}”."
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
        self.moved()

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

    def moved(self) -> None:
        """Another row is under the cursor."""
