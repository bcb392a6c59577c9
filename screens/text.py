"""Every text that reaches the terminal is made here: safe, measured, and in the reader's words.

Nothing here knows markup: what comes out is plain `str` for the line-drawn widgets, which show it as it
stands.
`Content(text)` is for the few places where a Textual widget takes text of its own.
"""

import textwrap
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from workbench.domain.characters import BAD

__all__ = [
    "Col", "ControlFilter", "ago", "ahead", "cell_len", "clock_of", "count", "date_words", "day_words",
    "due_words", "fit", "join", "layout", "pad", "safe", "spread", "stamp_words", "wrap",
]  # fmt: skip

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST = 2_000
"""Characters of one text that are looked at; no screen shows more of a line."""


class ControlFilter(LineFilter):
    """The net under every widget: no control character of a text reaches the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with every control and bidirectional character replaced."""
        del background  # part of the base's signature
        if not any(BAD.search(segment.text) for segment in segments if not segment.control):
            return segments
        return [
            segment if segment.control else Segment(BAD.sub("\ufffd", segment.text), segment.style)
            for segment in segments
        ]


def safe(text: str) -> str:
    """One line of text that can be drawn: line breaks become spaces, control characters U+FFFD."""
    return BAD.sub("\ufffd", text[:LONGEST].replace("\n", " ").replace("\t", " "))


def fit(text: str, width: int) -> str:
    """`text` in at most `width` cells; what is cut ends in an ellipsis."""
    text = safe(text)
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii():
        return text
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells, cut with an ellipsis or filled with spaces."""
    text = fit(text, width)
    gap = " " * max(0, width - cell_len(text))
    return gap + text if right else text + gap


def spread(left: str, right: str, width: int) -> str:
    """Two texts at the two ends of a line; the left one gives way."""
    right = fit(right, max(0, width - 8))
    return pad(left, max(0, width - cell_len(right) - (2 if right else 0))) + ("  " + right if right else "")


def wrap(text: str, width: int, indent: str = "", most: int | None = None) -> list[str]:
    """Lines of at most `width` cells. Line breaks in `text` are kept; `most` lines, the last with an
    ellipsis.

    Args:
        text: may hold line breaks.
        width: cells.
        indent: before every line but the first of each paragraph.
        most: no limit unless given.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        part = safe(part)
        wide = not part.isascii() and cell_len(part) != len(part)
        room = max(8, width // 2 if wide else width)
        lines += textwrap.wrap(part, room, subsequent_indent=indent, break_on_hyphens=False) or [""]
    if most is not None and len(lines) > most:
        lines = lines[:most]
        lines[-1] = (
            fit(lines[-1] + " …", width)
            if cell_len(lines[-1]) + 2 <= width
            else fit(lines[-1], width - 1) + "…"
        )
    return lines


class Col(Struct, frozen=True):
    """A column of a list.

    Args:
        title: its heading.
        width: cells; the least for a column that grows.
        grow: share of what is left over; 0 keeps its width.
        right: numbers stand at the right.
        wide: shown only in windows of at least so many cells.
    """

    title: str
    width: int
    grow: int = 0
    right: bool = False
    wide: int = 0


def layout(cells: Sequence[str], cols: Sequence[Col], width: int) -> str:
    """One row of a list: each cell in its column, one space between. Columns that grow share what is left over, and
    give way where the window is too narrow for all."""
    shown = [(cell, col) for cell, col in zip(cells, cols, strict=False) if width >= col.wide]
    spare = width - sum(col.width + 1 for _, col in shown) + 1
    shares = sum(col.grow for _, col in shown) or 1
    widths = [max(min(4, col.width), col.width + spare * col.grow // shares) for _, col in shown]
    parts = [pad(cell, wide, col.right) for (cell, col), wide in zip(shown, widths, strict=True)]
    return " ".join(parts)


# -- words -------------------------------------------------------------------------------------------------


def day_words(day: date, today: date | None = None) -> str:
    """`Fri 20 Nov`; `today` where it is; with its year where it is far from today."""
    if today is not None and day == today:
        return "today"
    words = f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    far = today is not None and abs((day - today).days) > 180
    return f"{words} {day.year}" if far else words


def date_words(day: date) -> str:
    """`3 Sep 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def due_words(due: date, today: date, state: str = "due") -> str:
    """When a duty is due: `late 1d`, `today`, `Fri 20 Nov`; a dash for what has no date to keep."""
    if state in ("done", "overridden", "advisory"):
        return {"done": "done", "overridden": "overridden", "advisory": "note"}[state]
    late = (today - due).days
    if late > 0:
        return f"late {late}d"
    return "today" if late == 0 else day_words(due, today)


def stamp_words(stamp: str, today: date | None = None) -> str:
    """`Fri 20 Nov 15:20` from an ISO stamp; the text itself where it is none."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return fit(stamp, 20)
    return f"{day_words(moment.date(), today)} {moment.hour:02}:{moment.minute:02}"


def clock_of(stamp: str) -> str:
    """`15:20` from an ISO stamp."""
    return stamp[11:16]


def count(number: int, one: str, many: str = "") -> str:
    """`1 pupil`, `96 pupils`, `1,204 entries`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `4 days ago`."""
    gone = (today - day).days
    return {0: "today", 1: "yesterday"}.get(gone, f"{gone} days ago" if gone > 0 else ahead(day, today))


def ahead(day: date, today: date) -> str:
    """`today`, `tomorrow`, `in 4 days`."""
    left = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days" if left > 0 else ago(day, today))


def join(parts: Sequence[str], sign: str = " · ") -> str:
    """The parts that say something, with a sign between them."""
    return sign.join(part for part in parts if part)
