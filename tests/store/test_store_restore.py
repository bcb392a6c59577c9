"""Restoring: nothing is merged, nothing is lost, and a kill at any step leaves what can be gone on from."""

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from storekit import DAY, NEXT, everything, fill, head

from store import archive, files
from store.archive import Backup
from store.backup import backup
from store.errors import DamagedError, ForeignError, LockedError, MissingError, UnsafeError, WriteError
from store.folder import Store
from store.lock import Lock
from store.opening import unfinished
from store.restoring import NOTHING, RESTORED, UNREADABLE, Restored, restoring

Kept = dict[str, dict[str, Any]]


@pytest.fixture
def kept(store: Store) -> Kept:
    """What the folder held when the backup was made."""
    return everything(store)


@pytest.fixture
def found(store: Store, kept: Kept, tmp_path: Path) -> Backup:
    """A backup of the small folder, which goes on to be written to."""
    done = backup(store, tmp_path / "x.backup", "x", NEXT)
    with store.change(**head(at=NEXT)) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
    store.close(snapshot=True)
    return archive.read(done.path)


def restore(found: Backup, target: Path, replace: bool = False) -> Restored:
    """What the desk does, without its sign-in."""
    with restoring(found, target, replace) as work:
        if work.resumed is not None:
            return work.go_on()
        with work.replacing() as replaced:
            store = Store.open(work.temp)
            store.note(**head(RESTORED, NEXT), subject=found.head.hash, why=replaced)
            store.close(snapshot=True)
            return work.put_in_place("20261124T085000", replaced)


def held(path: Path) -> Kept:
    """What a folder holds; it is whole."""
    store = Store.open(path)
    faults = [one for one in store.check() if one.level == "fault"]
    assert not faults, faults
    got = everything(store)
    store.close()
    return got


def newest(path: Path) -> dict[str, Any]:
    store = Store.open(path, readonly=True)
    entry = next(store.entries(newest_first=True))
    store.close()
    return entry


def others(path: Path) -> set[str]:
    """What stands beside a folder."""
    return {one.name for one in path.parent.iterdir()} - {path.name}


def test_into_a_new_folder(found: Backup, kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "new"
    done = restore(found, target)
    assert held(target) == kept
    assert (done.path, done.aside, done.replaced, done.head.seq) == (target, None, NOTHING, 7)
    entry = newest(target)
    assert (entry["act"], entry["subject"], entry["why"]) == (RESTORED, found.head.hash, NOTHING)
    assert others(target) == set()
    for folder, _, names in os.walk(target):
        assert os.stat(folder).st_mode & 0o777 == 0o700
        assert {os.stat(Path(folder) / name).st_mode & 0o777 for name in names} == {0o600}
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_into_an_empty_folder(found: Backup, kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "empty"
    target.mkdir(mode=0o755)
    assert restore(found, target).aside is None
    assert held(target) == kept
    assert target.stat().st_mode & 0o777 == 0o700


def test_a_folder_with_something_in_it_is_never_merged(found: Backup, path: Path, tmp_path: Path) -> None:
    before = {one: one.read_bytes() for one in path.rglob("*") if one.is_file()}
    with pytest.raises(ForeignError, match="never merges"):
        restore(found, path)
    assert {one: one.read_bytes() for one in path.rglob("*") if one.is_file()} == before
    assert others(path) == {"x.backup"}


def test_with_replace_the_old_folder_is_kept_whole_and_named(
    found: Backup, kept: Kept, path: Path, store: Store
) -> None:
    before = {one.relative_to(path): one.read_bytes() for one in path.rglob("*.json*")}
    old = store.head.hash
    done = restore(found, path, replace=True)
    assert held(path) == kept
    assert done.aside == path.with_name(f"data.replaced-20261124T085000-{old[:12]}")
    assert {one.relative_to(done.aside): one.read_bytes() for one in done.aside.rglob("*.json*")} == before
    assert newest(path)["why"] == done.replaced == old
    assert others(path) == {"x.backup", done.aside.name}
    assert set(held(done.aside)["pupils"]["pupils"]) == {"P-1", "P-2", "P-3"}


@pytest.mark.parametrize("damage", ["middle", "people", "no log", "no index"])
def test_a_damaged_folder_can_be_replaced(found: Backup, kept: Kept, path: Path, damage: str) -> None:
    if damage == "middle":
        place = path / "log" / "2026-11-23T0855.jsonl"
        place.write_bytes(place.read_bytes().replace(b"pupils.imported", b"pupils.exported"))
    elif damage == "people":
        place = path / "people.json"
        place.write_bytes(place.read_bytes().replace(b'"dsl"', b'"all"'))
    elif damage == "no log":
        files.remove_folder(path / "log")
    else:
        (path / "school.json").write_bytes(b"")
    done = restore(found, path, replace=True)
    assert held(path) == kept
    assert done.aside is not None
    assert done.replaced == UNREADABLE or len(done.replaced) == 64
    assert (done.replaced == UNREADABLE) == (damage in ("people", "no log"))


def test_what_is_no_folder_of_ours_is_not_replaced(found: Backup, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("x")
    with pytest.raises(ForeignError, match="no workbench folder"):
        restore(found, home, replace=True)
    (tmp_path / "link").symlink_to(home)
    (tmp_path / "file").write_text("x")
    for name in ("link", "file"):
        with pytest.raises(UnsafeError):
            restore(found, tmp_path / name, replace=True)
    assert [one.name for one in home.iterdir()] == ["thesis.txt"]


def test_a_folder_that_somebody_writes_to_is_not_replaced(
    found: Backup, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Lock(path / ".lock")
    monkeypatch.setattr("store.lock.LIMIT", 0.0)
    monkeypatch.setattr(Lock.held, "__defaults__", (0.0,))
    with other.held("okafor"), pytest.raises(LockedError, match="okafor"):
        restore(found, path, replace=True)
    other.close()
    assert others(path) == {"x.backup"}
    assert "P-3" in held(path)["pupils"]["pupils"]


def test_two_restores_do_not_meet(found: Backup, tmp_path: Path) -> None:
    with (
        restoring(found, tmp_path / "new", False),
        pytest.raises(LockedError, match="another restore"),
        restoring(found, tmp_path / "other", False),
    ):
        pass
    assert not (tmp_path / "new").exists()
    assert not unfinished(tmp_path / "new").exists()


def test_what_fails_inside_leaves_nothing(found: Backup, path: Path, tmp_path: Path) -> None:
    for target in (tmp_path / "new", path):
        with pytest.raises(ValueError, match="no"), restoring(found, target, True):
            raise ValueError("no")
    assert others(path) == {"x.backup"}


def test_a_backup_that_changes_after_it_was_read_is_refused(found: Backup, tmp_path: Path) -> None:
    raw = bytearray(found.path.read_bytes())
    raw[found.places["pupils.json"] + 5] ^= 1
    found.path.write_bytes(raw)
    with pytest.raises(DamagedError, match="digest") as caught:
        restore(found, tmp_path / "new")
    assert "pupils.json" in str(caught.value)
    assert {one.name for one in tmp_path.iterdir()} == {"data", "x.backup"}


def test_an_open_program_goes_on_in_the_restored_folder(found: Backup, path: Path) -> None:
    other = Store.open(path)
    assert "P-3" in other.docs("pupils", "pupils")
    restore(found, path, replace=True)
    other.refresh()
    assert "P-3" not in other.docs("pupils", "pupils")
    other.note(**head(at=NEXT))
    assert other.damage is None
    assert newest(path)["seq"] == 8
    held(path)
    other.close()


def test_an_open_program_is_not_misled_by_a_log_of_the_same_length(
    store: Store, path: Path, tmp_path: Path
) -> None:
    """The log before and after may have the same names, lengths and numbers: only what is in it differs."""
    store.close(snapshot=True)
    shutil.copytree(path, tmp_path / "copy")
    here, there = Store.open(path), Store.open(tmp_path / "copy")
    for one, own in ((here, "C-1"), (there, "C-2")):
        with one.change(**head(at=NEXT)) as tx:
            tx.put("cases", "cases", {"id": own})
    there.close(snapshot=True)
    here.refresh()
    path.rename(tmp_path / "away")
    (tmp_path / "copy").rename(path)
    before = here.version
    assert here.refresh()
    assert here.version != before
    assert set(here.docs("cases", "cases")) == {"C-2"}
    here.note(**head(at=NEXT))
    here.close()
    assert set(held(path)["cases"]["cases"]) == {"C-2"}


MUTATING = ("open", "write", "fsync", "replace", "link", "unlink", "mkdir", "rename", "rmdir", "fdatasync")


def killed(count: int, work: Callable[[], Any]) -> bool:
    """Do `work` in a child that is killed before its `count`th call that can change a disk; whether it was killed."""
    child = os.fork()
    if child == 0:
        left = [count]

        def watched(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **more: Any) -> Any:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **more)

            return call

        for name in MUTATING:
            setattr(os, name, watched(getattr(os, name)))
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("replace", [False, True])
def test_a_kill_at_any_step_can_be_gone_on_from(tmp_path: Path, replace: bool) -> None:
    kills = moved = 0
    while True:
        place = tmp_path / str(kills)
        place.mkdir()
        target = place / "data"
        store = Store.create(target)
        fill(store)
        kept = everything(store)
        found = archive.read(backup(store, place / "x.backup", "x", NEXT).path)
        old = store.note(**head(at=NEXT))["hash"]
        store.close()
        if not replace:
            target.rename(place / "away")
        if not killed(kills + 1, lambda target=target, found=found: restore(found, target, replace)):
            break
        kills += 1
        if not target.exists() and unfinished(target).exists():
            with pytest.raises(MissingError, match="cut off"):
                Store.open(target)
        elif replace:
            assert newest(target)["hash"] == old or newest(target)["act"] == RESTORED
        before = set(place.glob("data.replaced-*"))
        done = None
        if not target.exists() or newest(target)["act"] != RESTORED:
            done = restore(found, target, replace and target.exists())
        assert held(target) == kept
        assert newest(target)["act"] == RESTORED
        if replace:
            [aside] = place.glob("data.replaced-*")
            assert newest(aside)["hash"] == old
            assert newest(target)["why"] == old
            if before and done is not None:
                moved += 1
                assert done.aside == aside
        assert {one.name for one in place.iterdir()} - {"x.backup", "away", "data"} == {
            one.name for one in place.glob("data.replaced-*")
        }
    assert kills > 60
    assert bool(moved) == replace


def test_an_older_unfinished_restore_of_another_backup_is_not_gone_on_with(
    found: Backup, store: Store, kept: Kept, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "new"
    other = Store.open(path)
    second = archive.read(backup(other, tmp_path / "y.backup", "y", NEXT).path)
    other.close()
    restore(second, target)
    target.rename(unfinished(target))
    assert restore(found, target).replaced == NOTHING
    assert held(target) == kept


def test_a_folder_without_entries_can_be_restored(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "empty")
    found = archive.read(backup(store, tmp_path / "e.backup", "x", DAY).path)
    store.close()
    done = restore(found, tmp_path / "new")
    assert done.head.seq == 1
    held(tmp_path / "new")


def test_a_full_disk_while_restoring_leaves_the_old_folder(
    found: Backup, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.write, [3_000]

    def short(fd: int, data: bytes) -> int:
        room = min(len(data), left[0])
        left[0] -= room
        return real(fd, data[:room])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", short)
        with pytest.raises(WriteError, match="no space"):
            restore(found, path, replace=True)
    assert others(path) == {"x.backup"}
    assert "P-3" in held(path)["pupils"]["pupils"]


@pytest.mark.parametrize("which", [1, 2])
def test_a_rename_that_fails_leaves_the_old_folder_in_its_place(
    found: Backup, path: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    real, calls = os.rename, [0]

    def fails(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == which:
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", fails)
        with pytest.raises(WriteError, match="input/output"):
            restore(found, path, replace=True)
    assert others(path) == {"x.backup"}
    assert "P-3" in held(path)["pupils"]["pupils"]
