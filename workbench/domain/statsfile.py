"""The numbers as CSV that a spreadsheet opens as text: no formula, no broken line, letters as they are."""

from collections.abc import Iterable, Iterator

from workbench.domain.disclosure import Row, Table

BOM = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something else."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Signs with which a cell begins that a spreadsheet would work out."""
HEADER = ("table", "row", "measure", "value")


def csv_bytes(about: Iterable[tuple[str, str]], tables: Iterable[Table]) -> bytes:
    """All tables as one list: a line a value, RFC 4180, UTF-8 with a byte order mark.

    Args:
        about: what has to be known of the whole: word and value.
        tables: the tables.
    """
    rows = [HEADER, *(("about", word, "", value) for word, value in about)]
    rows += [line for table in tables for line in _lines(table)]
    return (BOM + "".join(",".join(map(csv_cell, row)) + "\r\n" for row in rows)).encode()


def csv_cell(text: str) -> str:
    """One cell: an apostrophe before what would be a formula, quotes where RFC 4180 asks for them."""
    safe = f"'{text}" if text.startswith(FORMULA) else text
    if any(sign in safe for sign in '",\r\n'):
        return '"' + safe.replace('"', '""') + '"'
    return safe


def _lines(table: Table) -> Iterator[tuple[str, str, str, str]]:
    rows: tuple[Row, ...] = table.rows if table.total is None else (*table.rows, table.total)
    for row in rows:
        for cell in row.cells:
            yield table.title, row.label, heading(cell.column), cell.shown


def heading(column: str) -> str:
    """A column in words: `not told` for `not_told`."""
    return column.replace("_", " ")
