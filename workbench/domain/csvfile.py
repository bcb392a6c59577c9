"""CSV text into rows with their line numbers: comma, semicolon or tab; UTF-8 with or without BOM, or
Windows-1252.

Nothing is guessed in silence: what was assumed about the file is a remark, what cannot be read is a fault.
`csv.Sniffer` is not used: a comma inside an address misleads it.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

from workbench.domain.characters import BAD, harmless
from workbench.domain.inputs import Fault

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
MOST_ROWS = 200_000
_BREAK = re.compile(r"\s*[\r\n]+\s*")


class Row(NamedTuple):
    """A row of data: its line in the file, and its cells by our own column names."""

    line: int
    cells: Mapping[str, str]


class Table(NamedTuple):
    """A file that was read. With `faults` there may be fewer rows than lines."""

    encoding: str
    separator: str
    names: Mapping[str, str]
    """Our column names to the file's own."""
    rows: Sequence[Row]
    faults: Sequence[Fault]
    remarks: Sequence[str]


def read(
    data: bytes, aliases: Mapping[str, str], needed: Sequence[str], breaks: frozenset[str] = frozenset()
) -> Table:
    """The rows of a CSV file.

    Args:
        data: the file.
        aliases: column names of other systems, lower case, to ours.
        needed: columns of ours that must be there.
        breaks: columns in which a line break may stand; it becomes a comma.
    """
    text, encoding, fault, remarks = _decoded(data)
    if fault:
        return Table(encoding, "", {}, [], [fault], remarks)
    lines = text.split("\n", 1)
    separator = _separator(lines[0], aliases)
    raw, fault = _parsed(text, separator)
    header = raw[0][1] if raw else []
    columns, faults, notes = _columns(header, aliases, needed)
    if fault:
        faults.append(fault)
    if faults:
        return Table(encoding, SEPARATORS[separator], {}, [], faults, [*remarks, *notes])
    reader = _Rows(header, columns, breaks)
    rows = [row for line, cells in raw[1:] if (row := reader.row(line, cells))]
    names = {ours: header[index] for index, ours in columns.items()}
    return Table(encoding, SEPARATORS[separator], names, rows, reader.faults, [*remarks, *notes])


def _decoded(data: bytes) -> tuple[str, str, Fault | None, list[str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        reason = "the file is UTF-16; save it as CSV UTF-8 and try again"
        return "", "UTF-16", Fault(line=1, column="", reason=reason), []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            reason = "neither UTF-8 nor Windows-1252; save it as CSV UTF-8 and try again"
            return "", "unknown", Fault(line=line, column="", reason=reason), []
        remark = f"not UTF-8 (line {line}): read as Windows-1252; look at the accented letters"
        return text, "Windows-1252", None, [remark]
    return text, "UTF-8 with BOM" if data.startswith(b"\xef\xbb\xbf") else "UTF-8", None, []


def _known(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _separator(header: str, aliases: Mapping[str, str]) -> str:
    """The separator that gives the most column names that are known; a comma if none does."""

    def score(separator: str) -> tuple[int, int]:
        names = header.rstrip("\r").split(separator)
        return sum(_known(name.strip('" ')) in aliases for name in names), len(names)

    return max(SEPARATORS, key=score)


def _parsed(text: str, separator: str) -> tuple[list[tuple[int, list[str]]], Fault | None]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if len(rows) > MOST_ROWS:
                return rows, Fault(line=begins, column="", reason=f"more than {MOST_ROWS:,} rows")
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        return rows, Fault(line=begins, column="", reason=f"not readable as CSV: {error}")
    return rows, None


def _columns(
    header: Sequence[str], aliases: Mapping[str, str], needed: Sequence[str]
) -> tuple[dict[int, str], list[Fault], list[str]]:
    columns: dict[int, str] = {}
    faults, unknown = [], []
    for index, name in enumerate(header):
        ours = aliases.get(_known(name))
        if ours is None:
            unknown.append(harmless(name))
        elif ours in columns.values():
            faults.append(Fault(line=1, column=harmless(name), reason="this column is there twice"))
        else:
            columns[index] = ours
    if not header:
        faults.append(Fault(line=1, column="", reason="the file is empty"))
    else:
        missing = [name for name in needed if name not in columns.values()]
        faults += [
            Fault(line=1, column=name, reason="no column of this name, nor of another that is known for it")
            for name in missing
        ]
    named = ", ".join(name for name in unknown if name.strip())
    return columns, faults, [f"columns not taken: {named}"] if named else []


class _Rows:
    """Cells into rows; faults gather on the way."""

    def __init__(self, header: Sequence[str], columns: Mapping[int, str], breaks: frozenset[str]) -> None:
        self.header, self.columns, self.breaks = header, columns, breaks
        self.faults: list[Fault] = []

    def row(self, line: int, cells: list[str]) -> Row | None:
        """The row, or None if its cells cannot be told apart; faults are noted."""
        if len(cells) != len(self.header):
            self.faults.append(self._uneven(line, cells))
            return None
        kept: dict[str, str] = {}
        for index, ours in self.columns.items():
            cell = cells[index]
            if not cell.isprintable():
                if ours in self.breaks:
                    cell = _BREAK.sub(", ", cell.strip())
                if BAD.search(cell):
                    self.faults.append(
                        Fault(line=line, column=self.header[index], reason=_control_words(cell))
                    )
                    cell = BAD.sub("\ufffd", cell)
            kept[ours] = normalize("NFC", " ".join(cell.split()))
        return Row(line, kept)

    def _uneven(self, line: int, cells: list[str]) -> Fault:
        if len(cells) < len(self.header):
            reason = f"the row ends after {len(cells)} of {len(self.header)} cells"
            return Fault(line=line, column=self.header[len(cells)], reason=reason)
        cells_words = f"the row has {len(cells)} cells, the header {len(self.header)}"
        reason = f"{cells_words}: a separator without quotes around it?"
        return Fault(line=line, column=self.header[-1], reason=reason)


def _control_words(cell: str) -> str:
    found = BAD.search(cell)
    code = ord(found.group()) if found else 0
    kind = (
        "a character that reverses the reading order" if 0x202A <= code <= 0x2069 else "a control character"
    )
    return f"{kind} (U+{code:04X}): it could change what a screen or another program does"
