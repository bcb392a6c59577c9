"""`workbench upgrade`: an older folder at the command line."""

from pathlib import Path

import pytest

from store.snapshots import LAST_UNSEALED
from tests.folderkit import copy_of
from tests.screens.commands.conftest import Workbench
from workbench.desk.clock import FixedClock
from workbench.desk.recovery import from_text


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
    assert "workbench upgrade --into NEW" in said.err
    refused = workbench("people", "role", "staff", "attendance", "--data", str(older))
    assert refused.code == 1
    assert "workbench upgrade --into NEW" in refused.err


def test_an_upgrade_says_what_was_done_and_where_the_backup_is(workbench: Workbench, older: Path) -> None:
    said = workbench("upgrade", "--json", "--data", str(older))
    assert said.code == 0
    value = said.json
    assert (value["id"], value["before"], value["after"]) == (str(older), 0, LAST_UNSEALED)
    assert len(value["steps"]) == LAST_UNSEALED
    assert "--into NEW" in value["left"]
    assert Path(value["backup"]).parent == older.parent
    assert Path(value["backup"]).is_file()
    after = workbench("check", "--json", "--data", str(older))
    assert after.code == 0
    assert [one for one in after.json if one["level"] == "fault"] == []
    assert "workbench upgrade --into NEW" in after.err
    assert "workbench people passphrase" in after.err


def test_in_words_and_again(workbench: Workbench, older: Path) -> None:
    first = workbench("upgrade", "--data", str(older))
    again = workbench("upgrade", "--data", str(older))
    assert "Upgraded from format 0 to 1" in first.out
    assert "workbench people passphrase" in first.out
    assert "workbench upgrade --into NEW" in first.out
    assert (again.code, "in place nothing is left to do" in again.out) == (0, True)
    assert "workbench upgrade --into NEW" in again.out
    assert len(list(older.parent.glob("*.backup"))) == 1


def test_the_backup_goes_where_it_is_told(workbench: Workbench, older: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    missing = workbench("upgrade", "--backup-to", str(tmp_path / "nowhere"), "--data", str(older))
    assert (missing.code, "no such folder" in missing.err) == (1, True)
    made = workbench("upgrade", "--backup-to", str(tmp_path / "stick"), "--json", "--data", str(older))
    assert Path(made.json["backup"]).parent == tmp_path / "stick"
    assert list(older.parent.iterdir()) == [older]


def test_a_new_sealed_folder_is_made_and_the_old_one_left(workbench: Workbench, older: Path) -> None:
    new = older.with_name("new")
    before = {one: one.read_bytes() for one in older.rglob("*") if one.is_file()}
    said = workbench("upgrade", "--into", str(new), "--json", "--data", str(older))
    assert said.code == 0, said.err
    value = said.json
    assert (value["id"], value["old"], value["cases"]) == (str(new), str(older), 1)
    assert f"Recovery key: {value['recovery']}" in said.err
    assert from_text(value["recovery"])
    assert {one: one.read_bytes() for one in before} == before
    after = workbench("check", "--json", "--data", str(new))
    assert (after.code, [one for one in after.json if one["level"] == "fault"]) == (0, [])
    assert "can only be read" not in after.err
    (first, *_) = workbench("log", "show", "--json", "--data", str(new)).json
    assert (first["act"], first["why"], first["actor"]) == ("folder.carried", value["old_head"], "dsl")


def test_a_new_folder_in_words(workbench: Workbench, older: Path) -> None:
    new = older.with_name("new")
    said = workbench("upgrade", "--into", str(new), "--data", str(older))
    assert said.code == 0, said.err
    for words in ("that got keys: 1", "as safe as paper files", "--known", f"--data {new}"):
        assert words in said.out
    assert said.err.count("Recovery key: ") == 1
    assert "Recovery key" not in said.out
    for place in (new, older / "in", new / "no" / "where"):
        again = workbench("upgrade", "--into", str(place), "--data", str(older))
        assert (again.code, "Recovery key" in again.err) == (1, False)
    sealed = workbench("upgrade", "--into", str(older.with_name("other")), "--data", str(new))
    assert (sealed.code, "sealed already" in sealed.err) == (1, True)
    both = workbench("upgrade", "--into", "x", "--backup-to", "y", "--data", str(older))
    assert (both.code, "in place" in both.err) == (1, True)
    assert sorted(one.name for one in older.parent.iterdir()) == ["new", older.name]


@pytest.mark.parametrize("more", [[], ["--into", "new"]])
def test_a_teacher_may_not(workbench: Workbench, older: Path, more: list[str]) -> None:
    said = workbench("upgrade", *more, "--data", str(older), user="staff")
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
