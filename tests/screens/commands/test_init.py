"""`workbench init`: what is made and, this once, the recovery key."""

import json
import re
from pathlib import Path

from tests.screens.commands.conftest import Workbench
from workbench.desk.recovery import from_text, recovery_of

SCHOOL = str(Path(__file__).parents[2] / "data" / "school.toml")


def test_the_recovery_key_is_said_once_and_is_the_one_that_the_folder_seals_to(
    workbench: Workbench, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    said = workbench("--data", str(new), "init", "--school", SCHOOL, user=None)
    assert said.code == 0
    shown = re.search(r"Recovery key: ((?:[0-9A-Z]{4}-){13}[0-9A-Z]{4})\n", said.err)
    assert shown is not None
    assert "Write it down now" in said.err
    kept = json.loads((new / "people.json").read_text("utf-8"))["recovery"]["1"]
    assert recovery_of(from_text(shown[1]), "").seals == kept["seals"]
    for path in new.rglob("*"):
        assert path.is_dir() or shown[1].encode() not in path.read_bytes()


def test_json_has_the_key_as_well(workbench: Workbench, tmp_path: Path) -> None:
    made = workbench("--data", str(tmp_path / "new"), "init", "--school", SCHOOL, "--json", user=None).json
    assert set(made) == {"id", "folder", "school", "people", "recovery"}
    assert len(from_text(made["recovery"])) == 32
