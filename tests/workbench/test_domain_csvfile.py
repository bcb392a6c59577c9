import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import csvfile

ALIASES = {"upn": "upn", "name": "name", "home address": "address", "class": "class_"}


def read(data: bytes) -> csvfile.Table:
    return csvfile.read(data, ALIASES, ["name"], frozenset({"address"}))


@pytest.mark.parametrize(
    ("data", "encoding", "separator"),
    [
        (b"upn,name\nA,B\n", "UTF-8", "comma"),
        (b"upn;name\r\nA;B\r\n", "UTF-8", "semicolon"),
        (b"\xef\xbb\xbfupn\tname\rA\tB\r", "UTF-8 with BOM", "tab"),
        ("upn,name\nA,Müller\n".encode("cp1252"), "Windows-1252", "comma"),
    ],
)
def test_dialects(data: bytes, encoding: str, separator: str) -> None:
    table = read(data)
    assert (table.encoding, table.separator, table.faults) == (encoding, separator, [])
    assert [row.cells["upn"] for row in table.rows] == ["A"]


def test_windows_1252_is_said() -> None:
    table = read("upn,name\nA,Müller\n".encode("cp1252"))
    assert table.rows[0].cells["name"] == "Müller"
    assert "line 2" in table.remarks[0]
    assert "Windows-1252" in table.remarks[0]


def test_a_comma_inside_a_semicolon_file_does_not_mislead() -> None:
    table = read(b"upn;name;home address\nA;B;10 Quarry Site, Plot\nC;D;1, 2, 3, 4\n")
    assert [row.cells["address"] for row in table.rows] == ["10 Quarry Site, Plot", "1, 2, 3, 4"]


def test_quotes_hold_separators_and_quotes() -> None:
    table = read(b'upn,name\nA,"Smith, ""Bo"""\n')
    assert table.rows[0].cells["name"] == 'Smith, "Bo"'


def test_lines_are_the_files_own_even_after_a_break_in_a_cell() -> None:
    table = read(b'upn,name,home address\nA,B,"1 High Road\r\nTown"\n\nC,D,x\n')
    assert [(row.line, row.cells["address"]) for row in table.rows] == [(2, "1 High Road, Town"), (5, "x")]


def test_a_break_where_none_belongs_is_a_fault() -> None:
    table = read(b'upn,name\nA,"B\nC"\n')
    assert [(f.line, f.column) for f in table.faults] == [(2, "name")]


def test_uneven_rows_are_faults_with_their_place() -> None:
    table = read(b"upn,name,class\nA,B\nA,B,C,D\nA,B,C\n")
    assert [(f.line, f.column) for f in table.faults] == [(2, "class"), (3, "class")]
    assert len(table.rows) == 1


@pytest.mark.parametrize("bad", ["\x1b]0;x\x07", "\x00", "\u202e", "\u2066", "\x9b", "\x7f"])
def test_characters_that_could_run_a_terminal_are_faults(bad: str) -> None:
    table = read(f"upn,name\nA,x{bad}y\n".encode())
    assert [(f.line, f.column) for f in table.faults] == [(2, "name")]
    assert bad not in str(table.faults[0])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        ("upn,name\nA,B\n".encode("utf-16"), "UTF-16"),
        (b"upn,name\nA,\x81\x8d\n", "Windows-1252"),
        (b"upn,name,name\nA,B,C\n", "twice"),
        (b"upn,class\nA,B\n", "no column of this name"),
        (b'upn,name\nA,"B\n', "not readable"),
        (b"upn,name\nA," + b"x" * 200_000 + b"\n", "not readable"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, words: str) -> None:
    assert any(words in fault.reason for fault in read(data).faults)


def test_columns_that_nobody_knows_are_named() -> None:
    assert "columns not taken: Shoe size" in read(b"upn,name,Shoe size\nA,B,3\n").remarks


@given(st.binary(max_size=400))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    table = read(data)
    assert table.faults or all("name" in row.cells for row in table.rows)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12), min_size=1, max_size=30)
)
def test_no_text_whatever_raises(cells: list[str]) -> None:
    read(("upn,name,class\n" + ",".join(cells) + "\n").encode())
