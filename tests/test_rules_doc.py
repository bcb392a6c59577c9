"""`docs/rules.md` tried as it stands: its files make rules that work, its wrong files give the errors shown."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import DeskFor
from workbench.desk import cases, duties, rulebook
from workbench.desk.localrules import read_packs, rules_in
from workbench.domain.errors import InvalidError

TEXT = (Path(__file__).parents[1] / "docs" / "rules.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\S+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, name, text) for kind, name, text in BLOCK.findall(TEXT)]
FILES = {name: text for kind, name, text in BLOCKS if kind == "toml" and name != "refused"}
WRONG = [(text, BLOCKS[at + 1][2].strip()) for at, (_, name, text) in enumerate(BLOCKS) if name == "refused"]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    return write(tmp_path, FILES)


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_the_files_of_the_page_are_in_order_and_their_examples_pass(written: Path) -> None:
    assert len(FILES) == 6
    assert len(read_packs(written)) == 5
    checked = rulebook.check(folder=written)
    assert (checked.failed, checked.refused) == (0, "")
    lines = [line for row in checked.results if row.file.startswith("rules/examples/") for line in row.lines]
    (shown,) = [text for kind, _, text in BLOCKS if kind == "console"]
    assert shown.splitlines()[1:] == lines


def test_what_they_add_stands_in_the_book(written: Path) -> None:
    rows = {row.id: row for row in rulebook.rules(date(2026, 11, 23), rules_in(written))}
    assert {"absence.visit", "group.young_parent", "flag.asylum", "enquiry.neighbourhood_team"} <= set(rows)
    assert rows["absence.ten-day-return"].layers == ["england", "ontrack", "la"]
    assert rules_in(written).commenced


@pytest.mark.parametrize(("text", "error"), WRONG, ids=range(len(WRONG)))
def test_the_errors_of_the_page_are_what_is_said(tmp_path: Path, text: str, error: str) -> None:
    write(tmp_path, {"rules/la/tried.toml": text})
    with pytest.raises(InvalidError) as caught:
        rules_in(tmp_path)
    assert error in str(caught.value)


def test_a_folder_with_the_files_works(desk_for: DeskFor) -> None:
    write(desk_for("dsl").store.path, FILES)
    desk = desk_for("dsl")
    assert any(duty.rule == "absence.visit" for duty in duties.due(desk))
    assert "groups.young_parent" in {asked.key for asked in cases.keys(desk)}
