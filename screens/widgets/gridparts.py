"""The vertical slices that the register grid is drawn from, and the values they show."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from screens.widgets.grid import RegisterGrid

HEAD = 2
"""Lines of the grid's heading: days, then sessions."""
BLANK_CELL, CLOSED_CELL = "·", "░"


@dataclass(frozen=True, slots=True)
class Column:
    """One session of the week. `closed` says why there is none; `taken` that marks are amendments now."""

    on: date
    session: str
    head: str = ""
    taken: bool = False
    closed: str = ""
    current: bool = False


@dataclass(slots=True)
class Row:
    """One pupil: `cells` holds the text of each session (`""` where no mark stands)."""

    key: str
    name: str
    cells: list[str]
    percent: str = ""
    spark: str = ""
    warning: str = ""


class GridPart(Widget):
    """A vertical slice of the grid."""

    TITLE = ""
    """What stands in the heading's second line."""

    def __init__(self, grid: "RegisterGrid") -> None:
        super().__init__()
        self.grid = grid

    def render_line(self, y: int) -> Strip:
        """The slice's part of line `y`: heading, a pupil, or nothing."""
        width = self.size.width
        index = y - HEAD + self.grid.top
        if y < HEAD:
            return Strip([Segment(set_cell_size(self._heading(y), width), self._heading_style())])
        if index >= len(self.grid.rows):
            return Strip([Segment(" " * width)])
        text, style = self._body(index)
        return Strip([Segment(set_cell_size(text, width), style)])

    def _heading(self, y: int) -> str:
        """The heading's line `y` (0 or 1)."""
        return "" if y == 0 else self.TITLE

    def _heading_style(self) -> Style | None:
        """How the heading is drawn."""
        return self.grid.paint("head")

    def _body(self, index: int) -> tuple[str, Style | None]:
        """Text and style of row `index`."""
        raise LookupError(index)

    def refresh_row(self, index: int) -> None:
        """Repaint one row only, if it is in view."""
        y = index - self.grid.top + HEAD
        if HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))


class GridPointer(GridPart):
    """The one-column pointer at the row of the cursor."""

    def _body(self, index: int) -> tuple[str, Style | None]:
        return ("▸" if index == self.grid.row else " "), None


class GridNames(GridPart):
    """Row numbers and names."""

    TITLE = " # name"

    def _body(self, index: int) -> tuple[str, Style | None]:
        return f"{index + 1:>2} {fit(self.grid.rows[index].name, self.size.width - 4)}", None


class GridSession(GridPart):
    """One session's column."""

    def __init__(self, grid: "RegisterGrid", column: int) -> None:
        super().__init__(grid)
        self.column = column

    def _heading(self, y: int) -> str:
        column = self.grid.columns[self.column]
        if y == 0:
            return column.head
        return (" a" if column.session == "AM" else " p") + ("●" if column.taken else " ")

    def _heading_style(self) -> Style | None:
        return self.grid.paint("current" if self.grid.columns[self.column].current else "head")

    def _body(self, index: int) -> tuple[str, Style | None]:
        text = self.grid.cell(index, self.column)
        if (index, self.column) != (self.grid.row, self.grid.column):
            return f" {text}" if len(text) < 3 else text, None
        framed = f"[{text}]" if len(text) == 1 else f" {text}" if len(text) == 2 else text
        return framed, self.grid.paint("cursor")


class GridFigures(GridPart):
    """Percentage, six weeks and the warning."""

    TITLE = "    %  6 weeks"

    def _body(self, index: int) -> tuple[str, Style | None]:
        row = self.grid.rows[index]
        return fit(f"{row.percent:>5}  {row.spark:<6}  {row.warning}", self.size.width), None


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns: padded, or cut with an ellipsis."""
    cut = set_cell_size(text, width)
    return cut if cut.startswith(text) else set_cell_size(text, max(0, width - 1)).rstrip() + "…"
