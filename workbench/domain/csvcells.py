"""CSV as it goes out, by this one door: a spreadsheet shows it as text, whatever somebody typed into a record."""

import csv
import io
import re
from collections.abc import Iterable

BOM = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something else."""
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[=+\-@\t\r])")
"""Where a formula could begin: at the start of a cell, and behind what another country's settings take for a separator
(LibreOffice set to semicolons reads `x;=1+1` as two cells, the second one worked out)."""


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as RFC 4180, with a byte order mark and every cell `guarded`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return BOM + buffer.getvalue()


def guarded(value: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before each sign with which a formula could begin."""
    return _FORMULA.sub("'", value)
