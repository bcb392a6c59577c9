"""`workbench upgrade`: an older folder at the command line."""

from pathlib import Path

import pytest

from store.snapshots import FORMAT
from tests.folderkit import copy_of
from tests.screens.commands.conftest import Workbench
from workbench.desk.clock import FixedClock


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder of format 0 in a folder of its own."""
    (tmp_path / "place").mkdir()
    return copy_of(0, tmp_path / "place" / "school")


def test_an_older_folder_is_read_and_every_command_says_what_to_do(workbench: Workbench, older: Path) -> None:
    said = workbench("pupils", "list", "--json", "--data", str(older))
    assert said.code == 0
    assert len(said.json) == 3
    assert "can only be read" in said.err
    assert "workbench upgrade" in said.err
    refused = workbench("people", "role", "staff", "attendance", "--data", str(older))
    assert refused.code == 1
    assert "workbench upgrade" in refused.err


def test_an_upgrade_says_what_was_done_and_where_the_backup_is(workbench: Workbench, older: Path) -> None:
    said = workbench("upgrade", "--json", "--data", str(older))
    assert said.code == 0
    value = said.json
    assert (value["id"], value["before"], value["after"]) == (str(older), 0, FORMAT)
    assert len(value["steps"]) == FORMAT
    assert Path(value["backup"]).parent == older.parent
    assert Path(value["backup"]).is_file()
    after = workbench("check", "--json", "--data", str(older))
    assert after.code == 0
    assert [one for one in after.json if one["level"] == "fault"] == []
    assert "can only be read" not in after.err
    assert "workbench people passphrase" in after.err


def test_in_words_and_again(workbench: Workbench, older: Path) -> None:
    first = workbench("upgrade", "--data", str(older))
    again = workbench("upgrade", "--data", str(older))
    assert "Upgraded from format 0 to 1" in first.out
    assert "workbench people passphrase" in first.out
    assert (again.code, "nothing is to do" in again.out) == (0, True)
    assert len(list(older.parent.glob("*.backup"))) == 1


def test_the_backup_goes_where_it_is_told(workbench: Workbench, older: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    missing = workbench("upgrade", "--backup-to", str(tmp_path / "nowhere"), "--data", str(older))
    assert (missing.code, "no such folder" in missing.err) == (1, True)
    made = workbench("upgrade", "--backup-to", str(tmp_path / "stick"), "--json", "--data", str(older))
    assert Path(made.json["backup"]).parent == tmp_path / "stick"
    assert list(older.parent.iterdir()) == [older]


def test_a_teacher_may_not(workbench: Workbench, older: Path) -> None:
    said = workbench("upgrade", "--data", str(older), user="staff")
    assert (said.code, "dsl or leader" in said.err) == (1, True)
    assert list(older.parent.iterdir()) == [older]


def test_a_new_passphrase_by_command(
    workbench: Workbench, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", "other plain words")
    said = workbench("people", "passphrase", "--json", user="staff")
    assert (said.code, said.json) == (0, {"id": "staff", "user": "staff"})
    refused = workbench("pupils", "list", user="staff")
    assert (refused.code, "Wait 1 s" in refused.err) == (1, True)
    clock.advance(seconds=1)
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "other plain words")
    assert workbench("pupils", "list", user="staff").code == 0
    same = workbench("people", "passphrase", user="staff")
    assert (same.code, "passphrase you have" in same.err) == (1, True)
