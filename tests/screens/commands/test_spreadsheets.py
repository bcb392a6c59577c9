"""Every CSV that the program writes, opened by LibreOffice: no cell is worked out, whatever somebody typed."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import DeskFor
from tests.screens.commands.conftest import Workbench
from tests.stocktools import needs
from tests.workbench.story import UPN, absent
from workbench.desk import around, contacts, events, removals, roll
from workbench.domain.csvcells import BOM, csv_text
from workbench.domain.disclosure import Cell, Row, Table
from workbench.domain.statsfile import csv_bytes

ROOT = Path(__file__).parents[3]
SIGNS = ("=", "+", "-", "@", "\t=", "\r=")
BEFORE = ("", "x;", "x\t", "x\n", "x\r", 'x";')
"""Where a sign stands: first, or behind what other settings take for the end of a cell or a line."""
TEXTS = tuple(f"{before}{sign}1+1" for sign in SIGNS for before in BEFORE)
SEPARATORS = {"comma": "44", "semicolon": "59", "tab": "9", "all": "44/59/9"}
"""As a spreadsheet is set; each with quotes and UTF-8."""
FORMULA = re.compile(r'table:formula="([^"]*)"')


def formulas(folder: Path, separator: str) -> dict[str, list[str]]:
    """What LibreOffice works out in each CSV file of a folder."""
    out = folder / separator
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            f"--infilter=CSV:{SEPARATORS[separator]},34,76", "--convert-to", "fods", "--outdir", str(out),
            *map(str, sorted(folder.glob("*.csv"))),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return {path.stem: _formulas(path) for path in sorted(out.glob("*.fods"))}


def _formulas(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    assert "<table:table-cell" in text
    return FORMULA.findall(text)


@pytest.fixture
def written(workbench: Workbench, desk_for: DeskFor, tmp_path: Path) -> Path:
    """A folder with every CSV of a school in which each text that goes out begins like a formula."""
    desk, folder = desk_for("dsl"), tmp_path / "csv"
    folder.mkdir()
    pupil = absent(desk).pupil or roll.find(desk, UPN).id
    roll.edit(desk, pupil, {"address": "=1+1", "postcode": "", "forename": "=2+2"})
    for person in around.around(desk, pupil):
        around.around_edit(desk, person.id, {"name": "-1+1", "phone": "+44 1632 960100", "address": "x;=1+1"})
    contacts.add(desk, pupil, "=mother()", "x\n=1+1;=1+1")
    events.record(
        desk, pupil, "moved_school", {"to": "@SUM(1,1)", "starts": "2026-11-30", "new_address": "x;=1+1"}
    )
    removals.start(desk, pupil, "A")
    for duty in workbench("return", "list", "--json").json:
        said = workbench("return", "draft", duty["id"], "--format", "csv")
        assert said.code == 0, said.err
        _write(folder, f"return-{duty['id'].split(':')[0]}-{len(list(folder.iterdir()))}", said.out)
    _write(folder, "stats", workbench("stats", "--csv").out)
    _write(folder, "writer", csv_text([TEXTS, *([text] for text in TEXTS)]))
    cell = Cell(column="opened", value=1, shown="=1+1", hidden=False)
    table = Table(key="k", title="=1+1", note="", columns=("opened",), total=None,
                  rows=tuple(Row(key=text, label=text, cells=(cell,)) for text in TEXTS))  # fmt: skip
    _write(folder, "numbers", csv_bytes([("from", text) for text in TEXTS], [table]).decode())
    return folder


def _write(folder: Path, name: str, text: str) -> None:
    assert text.startswith(BOM)
    (folder / f"{name}.csv").write_bytes(text.encode())


@needs("soffice")
@pytest.mark.parametrize("separator", SEPARATORS)
def test_libreoffice_finds_no_formula_in_any_csv(written: Path, separator: str) -> None:
    found = formulas(written, separator)
    assert {"numbers", "stats", "writer"} < set(found)
    assert sum(name.startswith("return-") for name in found) >= 2
    assert {name: cells for name, cells in found.items() if cells} == {}


@needs("soffice")
def test_the_same_texts_without_the_guard_are_worked_out(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_bytes(f"{BOM}a,=1+1\r\nb,x;=2+2\r\n".encode())
    assert formulas(tmp_path, "comma") == {"bare": ["of:=1+1"]}
    shutil.rmtree(tmp_path / "comma")
    assert formulas(tmp_path, "semicolon") == {"bare": ["of:=2+2"]}


def test_csv_is_written_by_one_module_only() -> None:
    """So that a new file of numbers or names cannot go round the guard."""
    writers = {
        path.relative_to(ROOT).as_posix()
        for package in ("screens", "workbench", "rules", "store")
        for path in (ROOT / package).rglob("*.py")
        if _writes_csv(ast.parse(path.read_text("utf-8")))
    }
    assert writers == {"workbench/domain/csvcells.py"}


def _writes_csv(tree: ast.AST) -> bool:
    names = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return "writer" in names or "DictWriter" in names
