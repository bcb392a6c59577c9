"""Backup, restore and check by command: what is printed, what is refused, what is in the log."""

from contextlib import suppress
from pathlib import Path

import click
import pytest

from tests.screens.commands.conftest import Workbench
from workbench.desk import folders


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def test_a_backup_is_made_proven_and_restored_elsewhere(
    workbench: Workbench, stick: Path, tmp_path: Path
) -> None:
    said = workbench("backup", str(stick), "--json")
    assert said.code == 0
    assert set(said.json) == {"id", "file", "head", "members", "bytes", "left_out"}
    file, head = Path(said.json["file"]), said.json["head"]
    assert file.parent == stick
    assert file.name.endswith(f"-{head['seq']}-{head['hash'][:12]}.backup")
    assert file.stat().st_size == said.json["bytes"]
    proven = workbench("backup", str(file), "--verify", "--head", head["hash"], "--json")
    assert (proven.code, proven.json["head"]) == (0, head)
    new = tmp_path / "new"
    done = workbench("--data", str(new), "restore", str(file), "--head", head["hash"], "--json")
    assert (done.code, done.json["backup_head"]) == (0, head)
    assert (done.json["replaced_head"], done.json["kept_as"]) == (None, None)
    there = workbench("--data", str(new), "pupils", "list", "--json").json
    assert there == workbench("pupils", "list", "--json").json
    entry = workbench("--data", str(new), "log", "show", "--act", "backup.restored", "--json").json[-1]
    assert (entry["subject"], entry["why"]) == (head["hash"], "none")


def test_one_command_leaves_one_entry(workbench: Workbench, stick: Path) -> None:
    before = workbench("log", "verify", "--json").json["entries"]
    made = workbench("backup", str(stick / "x.backup"), "--json").json
    entries = workbench("log", "show", "--json").json
    assert [e["act"] for e in entries[before + 1 :]] == ["backup.made"]
    assert entries[-1]["why"] == made["head"]["hash"] == entries[-2]["hash"]


def test_words_say_where_the_head_is_kept(workbench: Workbench, stick: Path) -> None:
    said = workbench("backup", str(stick / "x.backup"))
    assert "Read back and proven:" in said.out
    assert "Keep this head apart from the backup" in said.out
    assert "Compare this head" in workbench("backup", str(stick / "x.backup"), "--verify").out


def test_whoever_holds_a_backup_proves_it_without_a_folder_and_without_signing_in(
    workbench: Workbench, stick: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stick / "x.backup"
    head = workbench("backup", str(place), "--json").json["head"]
    before = sorted((folder / "log").iterdir())[-1].read_bytes()
    monkeypatch.delenv("WORKBENCH_PASSPHRASE")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "nothing"))
    said = workbench("backup", str(place), "--verify", user=None)
    assert (said.code, said.err) == (0, "")
    assert f"{head['seq']} entries" in said.out
    assert head["hash"] in said.out
    assert "Boyle" not in said.out
    told = workbench("backup", str(place), "--verify", "--head", head["hash"][:12], "--json", user=None).json
    assert (told["head"], told["entries"]) == (head, head["seq"])
    wrong = workbench("backup", str(place), "--verify", "--head", "00", user=None)
    assert (wrong.code, "64 digits" in wrong.err) == (1, True)
    assert not (tmp_path / "nothing").exists()
    assert sorted((folder / "log").iterdir())[-1].read_bytes() == before
    assert workbench("backup", str(stick / "y.backup"), user=None).code == 1  # to make one is something else


def test_a_plain_path_is_used_as_given_and_never_written_over(workbench: Workbench, stick: Path) -> None:
    place = stick / "mine"
    assert workbench("backup", str(place)).code == 0
    kept = place.read_bytes()
    again = workbench("backup", str(place))
    assert (again.code, again.out) == (1, "")
    assert "exists already" in again.err
    assert place.read_bytes() == kept
    assert workbench("backup", str(stick / "other"), "--head", "0" * 64).code == 1


def test_a_flipped_byte_is_refused_with_its_member(workbench: Workbench, stick: Path, tmp_path: Path) -> None:
    place = stick / "mine"
    workbench("backup", str(place))
    raw = bytearray(place.read_bytes())
    raw[raw.index(b"Boyle")] ^= 1
    place.write_bytes(raw)
    for words in (
        ("backup", str(place), "--verify"),
        ("--data", str(tmp_path / "new"), "restore", str(place)),
    ):
        said = workbench(*words)
        assert (said.code, said.out) == (1, "")
        assert "log/2026-" in said.err
        assert "use another backup" in said.err
    assert not (tmp_path / "new").exists()


def test_restoring_over_a_folder_wants_replace_and_keeps_it(
    workbench: Workbench, stick: Path, folder: Path
) -> None:
    place = stick / "mine"
    head = workbench("backup", str(place), "--json").json["head"]
    said = workbench("restore", str(place))
    assert (said.code, said.out) == (1, "")
    assert "never merges" in said.err
    assert "--replace" in said.err
    done = workbench("restore", str(place), "--replace", "--json", user="leader").json
    kept = workbench("--data", done["kept_as"], "log", "show", "--json").json
    assert (done["backup_head"], done["replaced_head"]) == (head, kept[-1]["hash"])
    assert Path(done["kept_as"]).parent == folder.parent
    assert workbench("log", "verify", "--head", head["hash"]).code == 0
    assert workbench("check").code == 0


@pytest.mark.parametrize("user", ["staff", "attendance", "auditor"])
def test_other_roles_neither_make_nor_restore(
    workbench: Workbench, stick: Path, tmp_path: Path, user: str
) -> None:
    place = stick / "mine"
    workbench("backup", str(place))
    assert workbench("backup", str(stick / "other"), user=user).code == 1
    assert workbench("check", "--rebuild", user=user).code == 1
    said = workbench("--data", str(tmp_path / "new"), "restore", str(place), user=user)
    assert (said.code, said.out) == (1, "")
    assert {one.name for one in stick.iterdir()} == {"mine"}
    assert not (tmp_path / "new").exists()


def test_check_says_what_to_do_and_remarks_on_backups(
    workbench: Workbench, stick: Path, folder: Path
) -> None:
    said = workbench("check")
    assert said.code == 0
    assert "remark: there is no backup of this folder yet" in said.out
    assert "    Run `workbench backup FILE`" in said.out
    workbench("backup", str(stick))
    assert "no backup" not in workbench("check").out
    (folder / "pupils.json").write_bytes(b"{")
    said = workbench("check")
    assert said.code == 1
    assert "fault: pupils.json" in said.out
    assert "    Run `workbench check --rebuild`" in said.out
    again = workbench("check", "--rebuild")
    assert again.code == 0
    assert "Made anew from the log alone:" in again.err
    assert "pupils.json" in again.err
    rows = workbench("check", "--json").json
    assert all(set(row) >= {"id", "level", "file", "line", "record", "words", "todo"} for row in rows)


def test_the_name_of_a_missing_file_is_said(workbench: Workbench, tmp_path: Path) -> None:
    said = workbench("--data", str(tmp_path / "new"), "restore", str(tmp_path / "nothing"))
    assert said.code == 1
    assert "no such file" in said.err


def test_a_folder_without_its_log_says_what_happened_and_what_to_do(
    workbench: Workbench, stick: Path, folder: Path
) -> None:
    place = stick / "mine"
    workbench("backup", str(place))
    folders.open_folder(folder).close(snapshot=True)
    for segment in (folder / "log").iterdir():
        segment.unlink()
    for _ in range(2):
        said = workbench("due")
        assert (said.code, said.out) == (1, "")
        assert "is gone" in said.err
        assert "restore the newest backup (`workbench restore FILE --replace`)" in said.err
        assert workbench("check").code == 1
        looked = workbench("check", "--no-sign-in", user=None)
        assert looked.code == 1
        assert "fault: log" in looked.out
        assert "Nobody signed in: nothing was written" in looked.err
        with suppress(FileNotFoundError):
            (folder / "log").rmdir()  # and then the folder itself
    assert workbench("restore", str(place), "--replace").code == 0
    assert workbench("check").code == 0


def test_where_no_slot_opens_the_check_needs_no_sign_in_and_tells_ids_alone(
    workbench: Workbench, folder: Path
) -> None:
    refused = workbench("check", "--no-sign-in", user=None)
    assert (refused.code, refused.out) == (1, "")
    assert "Somebody can still sign in" in refused.err
    (folder / "vault.json").unlink()
    assert workbench("check").code == 1  # nobody can sign in, which its log says
    before = {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    said = workbench("check", "--no-sign-in", user=None)
    assert said.code == 1
    assert "people/dsl the slot is missing; dsl cannot sign in" in said.out
    assert "Put vault.json back from the newest backup" in said.out
    assert "Okafor" not in said.out + said.err
    assert "Boyle" not in said.out + said.err
    rows = workbench("check", "--no-sign-in", "--json", user=None).json
    assert {row["level"] for row in rows} >= {"fault"}
    assert workbench("check", "--no-sign-in", "--rebuild", user=None).code == 1
    assert {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()} == before


def test_a_restore_names_what_it_undoes_before_and_after(
    workbench: Workbench, stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stick / "mine"
    workbench("backup", str(place))
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    assert workbench("retention", "hold", pupil, "--reason", "an inquiry").code == 0
    assert workbench("people", "role", "staff", "none").code == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", stop)
    said = workbench("restore", str(place), "--replace")
    assert (said.code, said.out) == (1, "")
    assert "put a legal hold on records: 1" in said.err
    assert "changed roles: 1 (staff)" in said.err
    assert [one.name for one in folder.parent.glob("data.*")] == []
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    said = workbench("restore", str(place), "--replace")
    assert said.code == 0
    for words in (said.out, said.err):
        assert "put a legal hold on records: 1" in words
        assert "changed roles: 1 (staff)" in words
    told = workbench("--data", str(next(folder.parent.glob("data.replaced-*"))), "people", "list", "--json")
    assert [one["roles"] for one in told.json if one["user"] == "staff"] == [[]]
    again = workbench("restore", str(place), "--replace", "--json").json
    assert {each["act"] for each in again["undone"]} >= {"backup.restored"}


def stop(*_: object, **__: object) -> None:
    """As who answers no."""
    raise click.Abort


def test_a_restore_of_the_newest_state_says_that_nothing_is_undone_and_one_beside_says_nothing(
    workbench: Workbench, stick: Path, tmp_path: Path
) -> None:
    place = stick / "mine"
    workbench("backup", str(place))
    said = workbench("--data", str(tmp_path / "new"), "restore", str(place), "--json")
    assert (said.code, said.json["undone"]) == (0, None)
    assert "undo" not in said.err
