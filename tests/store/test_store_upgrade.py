"""Older folders become this program's, whatever cuts the upgrade off; newer ones are refused and left alone."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from dyingkit import HOWS, Dying, Killed
from storekit import everything, head

from store import archive, files
from store.change import Tx
from store.errors import LockedError, NewerError, ReadOnlyError, StoreError
from store.folder import Store
from store.snapshots import FORMAT, LAST_UNSEALED
from store.upgrade import STEPS, Upgraded, upgrade
from store.vault import NAME, fingerprint
from tests.filekit import swap
from tests.folderkit import FORMATS, copy_of

AT = "2026-11-25T08:00:00+00:00"
OLDER = [number for number in FORMATS if number < FORMAT]
STEPPING = list(range(LAST_UNSEALED))
"""The formats that a step in place begins with."""


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Store]]:
    """Opens folders; all are closed at the end."""
    stores: list[Store] = []

    def again(path: Path) -> Store:
        stores.append(Store.open(path))
        return stores[-1]

    yield again
    for one in stores:
        one.close()


def run(store: Store) -> Upgraded:
    def change(act: str, why: str) -> AbstractContextManager[Tx]:
        return store.change(**head(act, AT), why=why)

    return upgrade(store, change, store.path.parent, AT)


def records(store: Store) -> dict[str, Any]:
    """All that does not belong to an account."""
    found = everything(store)
    del found["people"]
    return found


def log(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted((path / "log").glob("*.jsonl")))


def tree(path: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file() and p.name != ".lock"}


def faults(store: Store) -> list[str]:
    return [f"{one.file} {one.words}" for one in store.check() if one.level == "fault"]


def test_there_is_a_fixture_of_every_format_and_a_step_to_each_unsealed_one() -> None:
    assert list(range(FORMAT + 1)) == FORMATS
    assert [step.number for step in STEPS] == list(range(LAST_UNSEALED))
    assert LAST_UNSEALED < FORMAT, "what is in the clear is never sealed in place"


@pytest.mark.parametrize("number", FORMATS)
def test_every_format_opens_and_is_whole(
    tmp_path: Path, opened: Callable[[Path], Store], number: int
) -> None:
    store = opened(copy_of(number, tmp_path / "data"))
    assert store.format == number
    assert store.verify().whole
    assert faults(store) == []
    assert len(store.docs("pupils", "pupils")) == 3


@pytest.mark.parametrize("number", OLDER)
def test_an_older_folder_is_read_only_and_says_what_to_do(
    tmp_path: Path, opened: Callable[[Path], Store], number: int
) -> None:
    path = copy_of(number, tmp_path / "data")
    before = tree(path)
    store = opened(path)
    assert store.readonly
    assert any("workbench upgrade --into NEW" in remark for remark in store.remarks)
    with pytest.raises(ReadOnlyError, match="workbench upgrade --into NEW"):
        store.note(**head("case.viewed"))
    store.close(snapshot=True)
    assert tree(path) == before


@pytest.mark.parametrize("number", STEPPING)
def test_the_upgrade_keeps_every_record_and_every_line(
    tmp_path: Path, opened: Callable[[Path], Store], number: int
) -> None:
    path = copy_of(number, tmp_path / "data")
    store = opened(path)
    before, lines = records(store), log(path)
    done = run(store)
    assert (done.before, done.after, len(done.steps)) == (number, LAST_UNSEALED, LAST_UNSEALED - number)
    for one in (store, opened(path)):
        assert (one.format, one.readonly) == (LAST_UNSEALED, True)
        assert records(one) == before
        assert one.verify().whole
        assert faults(one) == []
    assert log(path).startswith(lines), "what was written stays as it was"
    new = [json.loads(line)["entry"] for line in log(path)[len(lines) :].splitlines()]
    assert [(e["act"], e["why"], e["actor"]) for e in new] == [
        ("folder.upgraded", f"{n}>{n + 1}", "dsl") for n in range(number, LAST_UNSEALED)
    ]


@pytest.mark.parametrize("number", STEPPING)
def test_before_the_first_step_a_backup_is_made_of_the_folder_as_it_was(
    tmp_path: Path, opened: Callable[[Path], Store], number: int
) -> None:
    store = opened(copy_of(number, tmp_path / "data"))
    was = store.head
    saved = run(store).backup
    assert saved is not None
    assert saved.parent == tmp_path
    assert saved.stat().st_mode & 0o077 == 0
    manifest = archive.read(saved, was.hash).manifest
    assert (manifest.folder_format, manifest.head.seq) == (number, was.seq)


def test_a_backup_that_cannot_be_made_stops_the_upgrade(
    tmp_path: Path, opened: Callable[[Path], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy_of(0, tmp_path / "data")
    before = tree(path)
    store = opened(path)

    def change(act: str, why: str) -> AbstractContextManager[Tx]:
        return store.change(**head(act, AT), why=why)

    with pytest.raises(StoreError, match="no such folder"):
        upgrade(store, change, tmp_path / "nowhere", AT)
    assert tree(path) == before


def test_run_again_there_is_nothing_to_do(tmp_path: Path, opened: Callable[[Path], Store]) -> None:
    store = opened(copy_of(0, tmp_path / "data"))
    run(store)
    before = log(store.path)
    again = run(store)
    assert (again.before, again.after, again.steps, again.backup) == (1, 1, (), None)
    assert log(store.path) == before
    assert len(list(tmp_path.glob("*.backup"))) == 1


def test_secrets_move_from_the_accounts_into_the_vault(
    tmp_path: Path, opened: Callable[[Path], Store]
) -> None:
    store = opened(copy_of(0, tmp_path / "data"))
    old = {own: doc["verifier"] for own, doc in store.docs("people", "people").items()}
    lines = log(store.path)
    run(store)
    assert len(old) == 7
    for own, doc in store.docs("people", "people").items():
        assert "verifier" not in doc
        assert store.vault.slot(doc["slot"]) == {**old[own], "logged": True}
        assert doc["slot"] == fingerprint({**old[own], "logged": True})
    new = log(store.path)[len(lines) :]
    assert not [own for own, one in old.items() if one["hash"].encode() in new]
    assert all(one["hash"].encode() in lines for one in old.values()), "they stay provable where they were"
    assert b"verifier" not in (store.path / "people.json").read_bytes()
    assert (store.path / NAME).read_bytes().startswith(b'{"format":1,"slots":{'), (
        "as the program of format 1 reads it"
    )


@pytest.mark.parametrize("number", STEPPING)
def test_the_backup_that_another_run_is_writing_is_left_alone(
    tmp_path: Path, opened: Callable[[Path], Store], number: int
) -> None:
    store = opened(copy_of(number, tmp_path / "data"))
    head_ = store.head
    temp = tmp_path / f".data-format-{number}-{head_.seq}-{head_.hash[:12]}.backup.0badcafe.tmp"
    temp.write_bytes(b"half")
    before = log(store.path)
    with files.folder_held(tmp_path) as alone:
        assert alone
        with pytest.raises(LockedError, match="another upgrade"):
            run(store)
    assert temp.exists()
    assert log(store.path) == before
    assert run(store).backup is not None
    assert not temp.exists()


def test_a_folder_that_is_open_elsewhere_follows(tmp_path: Path, opened: Callable[[Path], Store]) -> None:
    path = copy_of(0, tmp_path / "data")
    one, other = opened(path), opened(path)
    run(one)
    other.refresh()
    assert (other.format, other.head) == (1, one.head)
    with pytest.raises(ReadOnlyError, match="--into"):
        other.note(**head("case.viewed", AT))
    assert other.verify().whole


def test_the_last_unsealed_folder_is_left_as_it_is(tmp_path: Path, opened: Callable[[Path], Store]) -> None:
    """What is in the clear in its log cannot be sealed there: a new folder is made."""
    path = copy_of(LAST_UNSEALED, tmp_path / "data")
    before = tree(path)
    done = run(opened(path))
    assert (done.before, done.after, done.steps, done.backup) == (LAST_UNSEALED, LAST_UNSEALED, (), None)
    assert tree(path) == before


def test_two_runs_at_once_take_each_step_once(tmp_path: Path, opened: Callable[[Path], Store]) -> None:
    """The second looked at the folder before the first took its step, and gets the lock after it."""
    path = copy_of(0, tmp_path / "data")
    one, other = opened(path), opened(path)

    def change(act: str, why: str) -> AbstractContextManager[Tx]:
        run(one)
        return other.change(**head(act, AT), why=why)

    done = upgrade(other, change, tmp_path, AT)
    assert done.after == 1
    assert [e["act"] for e in other.entries()].count("folder.upgraded") == 1
    assert everything(other) == everything(opened(path))
    assert other.verify().whole
    assert faults(other) == []


# cut off -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HOWS)
def test_cut_off_anywhere_the_next_run_ends_the_same(
    tmp_path: Path, opened: Callable[[Path], Store], how: str
) -> None:
    whole = opened(copy_of(0, tmp_path / "whole" / "data"))
    was = records(whole)
    run(whole)
    wanted, vault = everything(whole), (whole.path / NAME).read_bytes()
    for nth in range(1, 200):
        path = copy_of(0, tmp_path / str(nth) / "data")
        lines = log(path)
        if not _cut_off(path, Dying(nth, how)):
            break
        between = opened(path)
        assert (between.format in (0, 1), records(between)) == (True, was)
        between.close()
        store = opened(path)
        run(store)
        assert everything(store) == wanted
        assert (path / NAME).read_bytes() == vault
        assert log(path).startswith(lines)
        assert [e["why"] for e in store.entries() if e["act"] == "folder.upgraded"] == ["0>1"]
        assert store.verify().whole
        assert faults(store) == []
        store.close()
        opened(path).close()
        assert list(path.parent.rglob("*.tmp")) == []
    assert nth > 20, "so many calls alter something in one upgrade"
    print(f"upgrade, {how}: cut off at {nth - 1} calls, 0 lost")


def _cut_off(path: Path, dying: Dying) -> bool:
    """Run an upgrade that fails; whether it was cut off."""
    with pytest.MonkeyPatch.context() as patch:
        store = Store.open(path)
        swap(patch, "os", dying)
        try:
            run(store)
        except (Killed, StoreError):
            return True
        finally:
            patch.undo()
            store.close()
    return dying.count >= dying.nth


# newer -------------------------------------------------------------------------------------------------------


def newer(store: Store) -> None:
    """What a later program would write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.state.FORMAT", FORMAT + 1)
        with store.change(**head("folder.upgraded", AT), why="2>3") as tx:
            tx.raise_format(FORMAT + 1)


def test_a_newer_format_that_only_the_last_line_tells_is_refused_and_nothing_written(
    tmp_path: Path,
) -> None:
    path = copy_of(FORMAT, tmp_path / "data")
    later = Store.open(path)
    newer(later)
    later.close()
    before = tree(path)
    with pytest.raises(NewerError, match=f"format {FORMAT + 1}"):
        Store.open(path)
    (path / "school.json").unlink()
    with pytest.raises(NewerError):
        Store.open(path)
    (path / "school.json").write_bytes(before[str(path / "school.json")])
    assert tree(path) == before


def test_a_program_that_has_the_folder_open_writes_nothing_once_it_is_newer(
    tmp_path: Path, opened: Callable[[Path], Store]
) -> None:
    path = copy_of(FORMAT, tmp_path / "data")
    ours, later = opened(path), opened(path)
    newer(later)
    before = tree(path)
    for _ in range(2):
        with pytest.raises(NewerError):
            ours.note(**head("case.viewed", AT))
    with pytest.raises(NewerError):
        run(ours)
    ours.close(snapshot=True)
    assert tree(path) == before
