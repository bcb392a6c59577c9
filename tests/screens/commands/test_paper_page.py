"""docs/paper.md: every command on it runs, its letter is a letter, its table is the list of placeholders."""

import io
import re
from pathlib import Path

import pytest

from tests.screens.commands.conftest import Workbench
from tests.workbench.story import UPN
from workbench.domain.letters import PLACEHOLDERS

PAGE = (Path(__file__).parents[3] / "docs" / "paper.md").read_text("utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", PAGE, re.S | re.M)


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def commands(block: str) -> list[list[str]]:
    """The command lines of a block, without what is said beside them."""
    lines = [line.split("   ")[0].split() for line in block.splitlines() if line.startswith("workbench ")]
    return [words[1:] for words in lines]


def test_every_command_of_the_page_runs(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("screens.commands.printing._terminal", lambda session: Terminal())
    duty = workbench("due", "--rule", "absence.ten-day-return", "--pupil", UPN, "--json").json[0]["id"]
    case = workbench("case", "open", UPN, "--trigger", "concern", "--json").json["id"]
    real = {"DUTY": duty, "CASE": case, "PUPIL": UPN}
    found = [words for block in BLOCKS for words in commands(block)]
    assert len(found) == 10
    for words in found:
        said = workbench(*(real.get(word, word) for word in words))
        assert said.code == 0, (words, said.err)
    assert {path.name for path in tmp_path.glob("*.html")} == {"return.html", "a.html", "case.html", "c.html"}


def test_its_letter_is_a_letter(workbench: Workbench, folder: Path) -> None:
    (folder / "letters").mkdir()
    text = next(block for block in BLOCKS if "Title:" in block)
    (folder / "letters" / "trip.txt").write_text(text, "utf-8")
    said = workbench("print", "letter", "trip", UPN)
    assert "goes on a trip." in said.out
    assert "remark" not in said.out


def test_its_table_is_the_list_of_placeholders() -> None:
    rows = dict(re.findall(r"^\| `\{(\w+)\}` \| (.*?) \|$", PAGE, re.M))
    assert rows == dict(PLACEHOLDERS)
