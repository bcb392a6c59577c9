"""Backups from the desk: who may make and restore them, what the log says of it, when one is too old."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PASSPHRASE, DeskFor
from tests.filekit import swap
from tests.folderkit import FORMATS, copy_of
from tests.workbench.test_desk_localrules import EIGHT, put
from workbench.desk import backups, checks, logbook, roll
from workbench.desk.backups import Backup, Restored
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.folders import open_folder
from workbench.desk.signin import sign_in
from workbench.domain.errors import FolderError, RefusedError


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def newest(desk: Desk) -> dict[str, Any]:
    return list(desk.store.entries())[-1]


def everything(desk: Desk) -> dict[str, Any]:
    """All documents of a folder, as they are stored."""
    store = desk.store
    return {
        file: {name: dict(page.own) for name, page in store.tables(file).items() if page.own}
        for file in store.state.file_names()
    }


def restored(found: Backup, path: Path, clock: FixedClock, user: str = "dsl", **more: Any) -> Restored:
    return backups.restore(found, path, user, PASSPHRASE, clock, **more)


def test_a_backup_is_named_after_school_time_and_head_and_is_in_the_log(
    desk_for: DeskFor, stick: Path
) -> None:
    desk = desk_for("dsl")
    before = logbook.head(desk)
    made = backups.make(desk, str(stick))
    assert made.head == before
    wanted = rf"[A-Za-z0-9-]+-20261123T\d{{4}}-{before.seq}-{before.hash[:12]}\.backup"
    assert re.fullmatch(wanted, made.path.name), made.path.name
    entry = newest(desk)
    assert (entry["act"], entry["actor"], entry["why"]) == ("backup.made", "dsl", before.hash)
    assert made.private
    assert made.left_out == ()


def test_only_the_dsl_and_the_leader_make_and_prove_backups(desk_for: DeskFor, stick: Path) -> None:
    found = backups.make(desk_for("leader"), str(stick)).path
    for user in ("staff", "attendance", "auditor"):
        with pytest.raises(RefusedError):
            backups.make(desk_for(user), str(stick / user))
        with pytest.raises(RefusedError):
            backups.verify(desk_for(user), str(found))
        assert newest(desk_for("dsl"))["act"] == "verb.refused"
    assert [one.name for one in stick.iterdir()] == [found.name]


def test_proving_a_backup_is_logged_and_a_bad_one_named(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    made = backups.make(desk, str(stick / "x.backup"))
    found = backups.verify(desk, str(made.path), made.head.hash)
    assert (newest(desk)["act"], newest(desk)["why"]) == ("backup.verified", found.head.hash)
    raw = bytearray(made.path.read_bytes())
    raw[found.places["pupils.json"] + 100] ^= 4
    made.path.write_bytes(raw)
    with pytest.raises(FolderError, match=r"digest.*pupils\.json"):
        backups.verify(desk, str(made.path))
    with pytest.raises(FolderError, match="no such file"):
        backups.verify(desk, str(stick / "nothing"))


def test_a_backup_restored_holds_what_it_held_and_says_where_it_came_from(
    desk_for: DeskFor, stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    before = everything(desk)
    made = backups.make(desk, str(stick))
    roll.edit(desk, roll.pupils(desk)[0].id, {"forename": "Later"})
    done = restored(backups.look(str(made.path), made.head.hash), tmp_path / "new", clock)
    again = sign_in(open_folder(tmp_path / "new", clock), "dsl", PASSPHRASE, fold=True)
    assert everything(again) == before
    entry = newest(again)
    assert (entry["act"], entry["actor"], entry["role"]) == ("backup.restored", "dsl", "dsl")
    assert (entry["subject"], entry["why"]) == (made.head.hash, "none")
    assert done.head.seq == made.head.seq + 1
    assert again.store.verify(made.head).whole
    assert not [one for one in checks.check(again) if one.level == "fault"]
    again.close()


def test_replacing_names_both_heads_and_keeps_the_old_folder(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("leader")
    made = backups.make(desk, str(stick))
    old = logbook.head(desk)
    found = backups.look(str(made.path))
    with pytest.raises(FolderError, match="never merges"):
        restored(found, folder, clock, "leader")
    with pytest.raises(FolderError, match="never merges"):
        backups.refuse(folder, False)
    done = restored(found, folder, clock, "leader", replace=True)
    assert done.aside is not None
    assert done.replaced == old.hash
    kept = open_folder(done.aside, clock)
    assert kept.store.head == old
    kept.close()
    desk.store.refresh()
    assert (newest(desk)["subject"], newest(desk)["why"]) == (made.head.hash, old.hash)
    assert desk.store.verify(made.head).whole


@pytest.mark.parametrize(
    ("user", "passphrase"),
    [("dsl", "wrong"), ("nobody", PASSPHRASE), ("staff", PASSPHRASE), ("attendance", PASSPHRASE),
     ("auditor", PASSPHRASE)],
)  # fmt: skip
def test_without_a_dsl_or_leader_of_the_backup_nothing_is_left_behind(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock, user: str, passphrase: str
) -> None:
    made = backups.make(desk_for("dsl"), str(stick))
    found = backups.look(str(made.path))
    before = sorted(folder.parent.iterdir())
    for target in (folder, folder.parent / "new"):
        with pytest.raises(RefusedError):
            backups.restore(found, target, user, passphrase, clock, replace=True)
    assert sorted(folder.parent.iterdir()) == before


def test_with_rules_of_ones_own_a_refused_or_cut_off_restore_leaves_nothing_in_the_way(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock
) -> None:
    """A sign-in writes the rules' texts beside what was unpacked: they go with it."""
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    made = backups.make(desk_for("dsl"), str(stick))
    found = backups.look(str(made.path))
    new, held = folder.parent / "new", folder.parent / ".new.restoring"
    with pytest.raises(RefusedError):
        restored(found, new, clock, "staff")
    assert not held.exists()
    shutil.copytree(folder, held)  # what a kill would have left there
    assert (held / "rules" / "la" / "north.toml").exists()
    restored(found, new, clock)
    assert not held.exists()
    assert (new / "rules" / "la" / "north.toml").exists()


def test_a_restore_cut_off_between_the_renames_is_finished_only_by_who_may(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store import files

    class CutError(BaseException):
        """As a kill would."""

    real = files.rename_folder
    made = backups.make(desk_for("dsl"), str(stick))
    found = backups.look(str(made.path))
    held = folder.parent / ".data.restoring"

    def cut(source: Path, target: Path) -> None:
        if target == folder:
            shutil.copytree(source, folder.parent / "copy")
            raise CutError
        real(source, target)

    with monkeypatch.context() as patch:
        swap(patch, "rename_folder", cut)
        with pytest.raises(CutError):
            restored(found, folder, clock, replace=True)
    (folder.parent / "copy").rename(held)  # what a kill would have left there
    with pytest.raises(FolderError, match="cut off"):
        open_folder(folder, clock)
    with pytest.raises(RefusedError):
        backups.restore(found, folder, "dsl", "wrong", clock)
    assert held.exists()
    done = restored(found, folder, clock)
    assert done.aside is not None
    assert done.aside.name.startswith("data.replaced-")
    assert not held.exists()


def test_check_remarks_on_no_backup_and_on_one_older_than_a_day(
    desk_for: DeskFor, stick: Path, clock: FixedClock
) -> None:
    def remarks() -> list[str]:
        found = [one for one in checks.check(desk_for("auditor")) if "backup" in one.words]
        assert all(one.level == "remark" and one.todo for one in found)
        return [one.words for one in found]

    assert backups.last(desk_for("dsl")) is None
    assert remarks() == ["there is no backup of this folder yet"]
    made = backups.make(desk_for("dsl"), str(stick))
    assert remarks() == []
    clock.advance(days=1)
    assert remarks() == []
    clock.advance(minutes=1)
    assert remarks() == ["the newest backup is of 2026-11-23 09:12, older than a day"]
    last = backups.last(desk_for("dsl"))
    assert last is not None
    assert (last.by, last.head, last.old) == ("dsl", made.head.hash, True)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Szkoła w Łodzi & Co. ../x", "Szko-a-w-odzi-Co-x"), ("../..", "workbench"), ("A" * 99, "A" * 60)],
)
def test_the_name_of_a_school_becomes_plain_letters(name: str, wanted: str) -> None:
    assert backups.stem(name) == wanted


@pytest.mark.parametrize("number", FORMATS)
def test_a_backup_of_any_format_is_restored_as_that_format(
    number: int, tmp_path: Path, stick: Path, clock: FixedClock
) -> None:
    clock.set("2026-11-25T08:00:00")
    old = open_folder(copy_of(number, tmp_path / "old"), clock)
    before = everything(old)
    made = backups.make(sign_in(old, "dsl", PASSPHRASE, fold=True), str(stick))
    old.close()
    found = backups.look(str(made.path))
    assert found.manifest.folder_format == number
    done = restored(found, tmp_path / "new", clock)
    again = open_folder(tmp_path / "new", clock)
    assert again.store.format == number
    assert everything(again) == before
    assert newest(again)["act"] == "backup.restored"
    assert done.head == again.store.head
    assert not [one for one in again.store.check() if one.level == "fault"]
    again.close()


def test_rebuilding_writes_the_snapshots_from_the_log_and_is_logged(desk_for: DeskFor, folder: Path) -> None:
    desk = desk_for("dsl")
    place = folder / "pupils.json"
    place.write_bytes(place.read_bytes().replace(b'"year":9', b'"year":8', 1))
    assert [one.file for one in checks.check(desk) if one.level == "fault"] == ["pupils.json"]
    files = checks.rebuild(desk)
    assert {"pupils.json", "people.json", "school.json", "register-2026-27.json"} <= set(files)
    assert newest(desk)["act"] == "snapshots.rebuilt"
    assert not [one for one in checks.check(desk) if one.level == "fault"]
    for user in ("staff", "attendance", "auditor"):
        with pytest.raises(RefusedError):
            checks.rebuild(desk_for(user))


def test_snapshots_made_from_the_log_alone_equal_the_live_ones_byte_for_byte(
    desk_for: DeskFor, folder: Path
) -> None:
    desk = desk_for("dsl")
    roll.edit(desk, roll.pupils(desk)[0].id, {"forename": "Later"})
    desk.note("log.viewed")
    desk.store.snapshot()
    checks.rebuild(desk)
    live = {one.name: one.read_bytes() for one in folder.glob("*.json") if one.name != "vault.json"}
    from store.replay import replay

    log = [(one.name, one.read_bytes()) for one in sorted((folder / "log").iterdir())]
    assert {f"{name}.json": raw for name, raw in replay(log).snapshots().items()} == live


def test_check_lists_what_it_finds_beside_a_segment_that_cannot_be_read(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    desk.note("case.viewed")
    desk.store.rebuild()  # or the snapshots stand on that segment, and the folder is not opened
    first = desk.store.path / "log" / min(one.name for one in (desk.store.path / "log").iterdir())
    away = desk.store.path.parent / first.name
    first.rename(away)
    first.symlink_to(away)
    found = checks.check(desk)
    assert any((one.level, one.file) == ("fault", f"log/{first.name}") for one in found)
