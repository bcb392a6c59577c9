"""Counts made fit to hand out: small numbers hidden, all others rounded, so that nothing hidden can be worked out.

Every published number is 0, `<5`, `hidden`, or a multiple of five: a total is rounded from the true sum, so neither a
total nor another table, nor a longer period, gives a hidden number away by subtraction. Where many small ones under one
small total would (four of `<5` under a total below five are all 1), the total is hidden too.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from workbench.domain.stats import Counted, Days, middle

NOTHING, HIDDEN = "–", "hidden"
TOTAL = "total"
MEDIAN, LONGEST = "median_days", "longest_days"
SUMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cases": {"opened": ("closed", "open")},
    "telling": {"arose": ("told", "not_told")},
    "referrals": {"referred": ("replied", "awaited")},
    "concerns": {"reported": ("same_day", "later", "unread")},
    "removals": {"asked": ("completed", "open")},
}
"""Table to its columns that are, or in a long period may be, the sum of others."""
OPEN = 3
"""So many numbers at least a hidden one may still be, whatever the other cells say."""
BEYOND = 10**9


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is hidden, as data."""

    least: Annotated[int, Meta(ge=2, le=100)]
    """The smallest number of children, records or acts that is shown."""
    round_to: Annotated[int, Meta(ge=2, le=100)]
    why: str
    source: str


class Cell(Struct, frozen=True, kw_only=True):
    """One published value."""

    column: str
    value: float | None
    """The published number; None where it is hidden, or where there is none."""
    shown: str
    """As it is printed: `15`, `<5`, `2.5`, `–`."""
    hidden: bool


class Row(Struct, frozen=True, kw_only=True):
    """One line of a table."""

    key: str
    label: str
    cells: tuple[Cell, ...]


class Table(Struct, frozen=True, kw_only=True):
    """One published table."""

    key: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None
    """None where there is one row or none."""


def publish(counted: Counted, limit: Limit, title: str, labels: Mapping[str, str], note: str = "") -> Table:
    """A table as it may be handed out.

    Args:
        counted: the whole counts.
        limit: what is hidden.
        title: what the table is called.
        labels: row to its words; a row without goes by its key.
        note: what has to be known to read it.
    """
    order = sorted(counted.rows, key=lambda key: (labels.get(key, key).casefold(), key))
    rows = tuple(_row(key, labels.get(key, key), counted, counted.rows[key], limit) for key in order)
    total = None
    if len(rows) > 1:
        total = _total(_row(TOTAL, "Total", counted, _sums(counted, limit), limit), rows, counted, limit)
    columns = tuple(name for column in counted.columns for name in _names(column))
    return Table(key=counted.key, title=title, note=note, columns=columns, rows=rows, total=total)


def count_cell(column: str, number: int, limit: Limit) -> Cell:
    """A count: 0, hidden, or rounded half up to the step of the limit, never below it."""
    if 0 < number < limit.least:
        return Cell(column=column, value=None, shown=f"<{limit.least}", hidden=True)
    value = _rounded(number, limit) if number else 0
    return Cell(column=column, value=value, shown=str(value), hidden=False)


def _row(key: str, label: str, counted: Counted, values: tuple[int | Days, ...], limit: Limit) -> Row:
    cells: dict[str, Cell] = {}
    for column, value in zip(counted.columns, values, strict=True):
        made = _days(value, limit) if isinstance(value, Days) else [count_cell(column, value, limit)]
        cells |= {cell.column: cell for cell in made}
    for whole, parts in SUMS.get(counted.key, {}).items():
        small = [cells[part] for part in parts]
        if _tells(reach(cells[whole], limit), small, [reach(part, limit) for part in small], limit):
            cells[whole] = _withheld(whole)
    return Row(key=key, label=label, cells=tuple(cells.values()))


def _total(total: Row, rows: tuple[Row, ...], counted: Counted, limit: Limit) -> Row:
    """The line of totals without those that would give a hidden number away; a small one over several rows may."""
    sums = SUMS.get(counted.key, {})
    # rows and totals together tell more than each alone: beside sums in rows only totals of wholes can be weighed
    small = any(cell.hidden for row in rows for cell in row.cells)
    withheld = {part for parts in sums.values() for part in parts} if small else set()
    for cell in total.cells:
        parts = sums.get(cell.column, ())
        if cell.column in counted.columns and (cell.hidden or _total_tells(cell, rows, parts, limit)):
            withheld.add(cell.column)
    cells = (_withheld(cell.column) if cell.column in withheld else cell for cell in total.cells)
    return Row(key=total.key, label=total.label, cells=tuple(cells))


# what can be worked out -------------------------------------------------------------------------------


def reach(cell: Cell, limit: Limit) -> tuple[int, int]:
    """The least and the largest true number that a published count may stand for."""
    if cell.shown == HIDDEN:
        return 0, BEYOND
    if cell.hidden:
        return 1, limit.least - 1
    value = int(cell.value or 0)
    if value == 0:
        return 0, 0
    fit = [n for n in range(limit.least, value + limit.round_to + 1) if _rounded(n, limit) == value]
    return fit[0], fit[-1]


def _total_tells(total: Cell, rows: tuple[Row, ...], parts: tuple[str, ...], limit: Limit) -> bool:
    """Whether a total narrows a hidden number of a row, or a part of one, too far. Exact: a tree of sums of ranges."""
    each = [{cell.column: cell for cell in row.cells} for row in rows]
    above = [cells[total.column] for cells in each]
    ranges = [_whole(cells[total.column], [cells[part] for part in parts], limit) for cells in each]
    if _tells(reach(total, limit), above, ranges, limit):
        return True
    least, most = reach(total, limit)
    low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
    for cells, (first, last) in zip(each, ranges, strict=True):
        narrowed = max(first, least - (high - last)), min(last, most - (low - first))
        small = [cells[part] for part in parts]
        if _tells(narrowed, small, [reach(part, limit) for part in small], limit):
            return True
    return False


def _whole(whole: Cell, parts: Sequence[Cell], limit: Limit) -> tuple[int, int]:
    """What the whole of a row may be, once its parts are taken into account."""
    first, last = reach(whole, limit)
    if not parts:
        return first, last
    ranges = [reach(part, limit) for part in parts]
    return max(first, sum(r[0] for r in ranges)), min(last, sum(r[1] for r in ranges))


def _tells(
    whole: tuple[int, int], parts: Sequence[Cell], ranges: Sequence[tuple[int, int]], limit: Limit
) -> bool:
    """Whether a whole and its parts leave too few numbers that a small part may be."""
    low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
    for part, (first, last) in zip(parts, ranges, strict=True):
        if part.hidden and part.shown != HIDDEN:
            top, bottom = min(last, whole[1] - (low - first)), max(first, whole[0] - (high - last))
            if top - bottom + 1 < min(OPEN, limit.least - 1):
                return True
    return False


def _withheld(column: str) -> Cell:
    return Cell(column=column, value=None, shown=HIDDEN, hidden=True)


def _rounded(number: int, limit: Limit) -> int:
    return max((number + limit.round_to // 2) // limit.round_to * limit.round_to, limit.least)


def _days(days: Days, limit: Limit) -> list[Cell]:
    """Median and longest: of fewer than the limit they are one child's or nearly."""
    if not days.each:
        return [Cell(column=name, value=None, shown=NOTHING, hidden=False) for name in (MEDIAN, LONGEST)]
    if len(days.each) < limit.least:
        return [Cell(column=name, value=None, shown=HIDDEN, hidden=True) for name in (MEDIAN, LONGEST)]
    half, longest = middle(days), days.each[-1]
    return [
        Cell(column=MEDIAN, value=half, shown=f"{half:g}", hidden=False),
        Cell(column=LONGEST, value=longest, shown=str(longest), hidden=False),
    ]


def _sums(counted: Counted, limit: Limit) -> tuple[int | Days, ...]:
    """The sum of every column, of the true counts."""
    return tuple(_sum(column, limit) for column in zip(*counted.rows.values(), strict=True))


def _sum(values: tuple[int | Days, ...], limit: Limit) -> int | Days:
    days = [value.each for value in values if isinstance(value, Days)]
    if not days:
        return sum(value for value in values if isinstance(value, int))
    few = next((each for each in days if 0 < len(each) < limit.least), None)
    # the longest of all would say what the longest of a hidden row is: one hidden row hides the total's
    return Days(few if few is not None else tuple(sorted(each for one in days for each in one)))


def _names(column: str) -> tuple[str, ...]:
    return (MEDIAN, LONGEST) if column == "days" else (column,)
