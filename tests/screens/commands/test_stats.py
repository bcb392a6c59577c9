"""`workbench stats`: as lines, as JSON with every key, as CSV that a spreadsheet opens as text; one entry a reading."""

import csv
import io

import pytest

from tests.screens.commands.conftest import Workbench

PERIOD = ("--from", "2026-09-03", "--to", "2026-11-20")
TABLES = [
    "cases",
    "telling",
    "overdue",
    "removals",
    "referrals",
    "registers",
    "concerns",
    "enquiries",
    "calls",
]


def test_lines_say_the_period_and_why_numbers_are_hidden(workbench: Workbench) -> None:
    said = workbench("stats", *PERIOD, user="leader")
    assert said.code == 0
    assert said.out.startswith("Numbers from 2026-09-03 to 2026-11-20.")
    assert "Cases by trigger: none in the period." in said.out
    assert "rounded to the nearest 5" in said.out


def test_json_has_every_key_always(workbench: Workbench) -> None:
    found = workbench("stats", *PERIOD, "--json").json
    assert set(found) == {
        "id", "from", "to", "first", "last", "made", "least", "round_to", "why", "tables",
    }  # fmt: skip
    assert [table["key"] for table in found["tables"]] == TABLES
    for table in found["tables"]:
        assert set(table) == {"key", "title", "note", "columns", "rows", "total"}
        for row in table["rows"]:
            assert [cell["column"] for cell in row["cells"]] == table["columns"]
            for cell in row["cells"]:
                assert set(cell) == {"column", "value", "shown", "hidden"}


def test_csv_is_utf_8_with_a_mark_and_the_same_numbers(workbench: Workbench) -> None:
    out = workbench("stats", *PERIOD, "--csv", user="auditor").out
    assert out.startswith("\ufefftable,row,measure,value\r\n")
    rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"), newline="")))
    assert {len(row) for row in rows} == {4}
    cells = [(row[0], row[1], row[3]) for row in rows[1:] if row[0] != "about"]
    found = workbench("stats", *PERIOD, "--json").json
    assert cells == [
        (table["title"], row["label"], cell["shown"])
        for table in found["tables"]
        for row in (*table["rows"], *([table["total"]] if table["total"] else []))
        for cell in row["cells"]
    ]


def test_one_entry_a_reading(workbench: Workbench) -> None:
    workbench("stats", *PERIOD, "--csv")
    entries = [e for e in workbench("log", "show", "--json").json if e["act"] == "stats.read"]
    assert [(e["subject"], e["why"]) for e in entries] == [(None, "2026-09-03..2026-11-20")]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--csv", "--json"), 2, "one of them"),
        (("--to", "2027-01-01"), 1, "lies in the future"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), 1, "comes first"),
    ],
)
def test_what_cannot_be_read_is_said(
    workbench: Workbench, words: tuple[str, ...], code: int, said: str
) -> None:
    found = workbench("stats", *words)
    assert found.code == code
    assert said in found.err


@pytest.mark.parametrize("user", ["staff", "attendance"])
def test_others_may_not(workbench: Workbench, user: str) -> None:
    assert workbench("stats", user=user).code == 1
