"""The vertical slices that the register grid is drawn from, and the values they show."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.strip import Strip

from screens.text import pad
from screens.widgets.paint import Painted
from workbench.domain.register import Session

if TYPE_CHECKING:
    from screens.widgets.grid import RegisterGrid

HEAD = 2
"""Lines of the grid's heading: days, then sessions."""
BLANK_CELL, CLOSED_CELL = "·", "░"


@dataclass(frozen=True, slots=True)
class Column:
    """One session of the week. `closed` says why there is none; `taken` that marks are amendments now."""

    on: date
    session: Session
    head: str = ""
    taken: bool = False
    closed: str = ""
    current: bool = False


@dataclass(slots=True)
class PupilRow:
    """One pupil: `cells` holds the text of each session (`""` where no mark stands)."""

    key: str
    name: str
    cells: list[str]
    percent: str = ""
    spark: str = ""
    warning: str = ""


class GridPart(Painted):
    """A vertical slice of the grid."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"paint--cell"}
    DEFAULT_CSS = """
    GridPart { height: 1fr; width: 3; }
    GridPart > .paint--cell { text-style: reverse; }
    """
    TITLE = ""
    """What stands in the heading's second line."""

    def __init__(self, grid: "RegisterGrid") -> None:
        super().__init__()
        self.grid = grid

    def render_line(self, y: int) -> Strip:
        """The slice's part of line `y`: heading, a pupil, or nothing."""
        index = y - HEAD + self.grid.top
        if y < HEAD:
            return self.strip_of([(self._heading(y), self._heading_tone())])
        if index >= len(self.grid.rows):
            return self.strip_of([])
        return self.strip_of([self._body(index)])

    def _heading(self, y: int) -> str:
        """The heading's line `y` (0 or 1)."""
        return "" if y == 0 else self.TITLE

    def _heading_tone(self) -> str:
        """How the heading is drawn."""
        return "quiet"

    def _body(self, index: int) -> tuple[str, str]:
        """Text and tone of row `index`."""
        raise LookupError(index)

    def refresh_row(self, index: int) -> None:
        """Repaint one row only, if it is in view."""
        y = index - self.grid.top + HEAD
        if HEAD <= y < self.size.height:
            self.refresh_lines(y)


class GridPointer(GridPart):
    """The one-column pointer at the row of the cursor."""

    def _body(self, index: int) -> tuple[str, str]:
        return ("▸" if index == self.grid.row else " "), ""


class GridNames(GridPart):
    """PupilRow numbers and names."""

    TITLE = " # name"

    def _heading(self, y: int) -> str:
        """`1-15 of 17` above the names where not all of them are seen."""
        top, height, total = self.grid.top, max(1, self.size.height - HEAD), len(self.grid.rows)
        if y or total <= height:
            return super()._heading(y)
        return f" {top + 1}-{min(total, top + height)} of {total}"

    def _body(self, index: int) -> tuple[str, str]:
        return f"{index + 1:>2} {pad(self.grid.rows[index].name, self.size.width - 4)}", ""


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

    def _heading_tone(self) -> str:
        return "strong" if self.grid.columns[self.column].current else "quiet"

    def _body(self, index: int) -> tuple[str, str]:
        text = self.grid.cell(index, self.column)
        if (index, self.column) != (self.grid.row, self.grid.column):
            return f" {text}" if len(text) < 3 else text, ""
        framed = f"[{text}]" if len(text) == 1 else f" {text}" if len(text) == 2 else text
        return framed, "cell"


class GridFigures(GridPart):
    """Percentage, six weeks and the warning."""

    TITLE = "    %  6 weeks"

    def _body(self, index: int) -> tuple[str, str]:
        row = self.grid.rows[index]
        return pad(f"{row.percent:>5}  {row.spark:<6}  {row.warning}", self.size.width), ""
