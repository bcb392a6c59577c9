"""The numbers as CSV that a spreadsheet opens as text: no formula, no broken line, letters as they are."""

from collections.abc import Iterable, Iterator

from workbench.domain.csvcells import csv_text
from workbench.domain.disclosure import Row, Table

HEADER = ("table", "row", "measure", "value")


def csv_bytes(about: Iterable[tuple[str, str]], tables: Iterable[Table]) -> bytes:
    """All tables as one list: a line a value, UTF-8 with a byte order mark.

    Args:
        about: what has to be known of the whole: word and value.
        tables: the tables.
    """
    rows = [HEADER, *(("about", word, "", value) for word, value in about)]
    rows += [line for table in tables for line in _lines(table)]
    return csv_text(rows).encode()


def _lines(table: Table) -> Iterator[tuple[str, str, str, str]]:
    rows: tuple[Row, ...] = table.rows if table.total is None else (*table.rows, table.total)
    for row in rows:
        for cell in row.cells:
            yield table.title, row.label, heading(cell.column), cell.shown


def heading(column: str) -> str:
    """A column in words: `not told` for `not_told`."""
    return column.replace("_", " ")
