"""Opening and making a folder: what is not ours, newer, linked or read-only is recognised and left alone."""

import os
from pathlib import Path

import pytest
from storekit import FILE, everything, head

from store.errors import (
    ForeignError,
    MissingError,
    NetworkError,
    NewerError,
    ReadOnlyError,
    StoreError,
    UnsafeError,
)
from store.folder import Store
from tests.filekit import swap


def tree(path: Path) -> dict[str, bytes]:
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()}


def test_a_missing_folder_a_file_and_a_foreign_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such folder"):
        Store.open(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ForeignError):
        Store.open(tmp_path / "file")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x")
    before = tree(tmp_path)
    for act in (Store.open, Store.create):
        with pytest.raises(ForeignError):
            act(tmp_path / "other")
    (tmp_path / "log").mkdir()
    with pytest.raises(ForeignError):
        Store.open(tmp_path)
    (tmp_path / "log" / "2026-11-23T0855.jsonl").write_text("{}\n")
    with pytest.raises(ForeignError):
        Store.open(tmp_path)
    (tmp_path / "log" / "2026-11-23T0855.jsonl").unlink()
    assert tree(tmp_path) == before


def test_a_newer_folder_is_refused_and_nothing_written(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    index = path / "school.json"
    index.write_bytes(index.read_bytes().replace(b'"format":2', b'"format":7'))
    before = tree(path)
    with pytest.raises(NewerError, match="format 7") as caught:
        Store.open(path)
    assert caught.value.format == 7
    assert tree(path) == before


def test_a_newer_folder_is_known_by_its_log_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.state.FORMAT", 3)
    store = Store.create(path)
    store.state.format = 3
    store.note(**head("folder.made"))
    store.close()
    (path / "school.json").unlink()
    monkeypatch.setattr("store.state.FORMAT", 1)
    with pytest.raises(NewerError, match="format 3"):
        Store.open(path)


@pytest.mark.parametrize(
    "place", ["", "log", "school.json", "people.json", ".lock", "log/2026-11-24T0850.jsonl"]
)
def test_links_are_refused_and_nothing_is_written_through_them(store: Store, path: Path, place: str) -> None:
    store.close(snapshot=True)
    target = path / place
    aside = path.parent / "aside"
    target.rename(aside)
    target.symlink_to(aside)
    before = tree(path.parent)
    with pytest.raises(StoreError):
        Store.open(path).note(**head())
    assert tree(path.parent) == before


def test_a_pipe_does_not_hang(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    place = path / f"{FILE}.json"
    place.unlink()
    os.mkfifo(place)
    again = Store.open(path)
    with pytest.raises(UnsafeError):
        again.docs(FILE, "marks")
    assert any(one.level == "fault" and one.file == place.name for one in again.check())
    again.close()


def test_a_network_folder_is_refused(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(monkeypatch, "network_kind", lambda place: "nfs4")
    with pytest.raises(NetworkError, match="nfs4"):
        Store.open(path)
    with pytest.raises(NetworkError):
        Store.create(path.parent / "new")


def test_reading_only_changes_nothing_at_all(store: Store, path: Path) -> None:
    store.close()
    (path / ".pupils.json.0123.tmp").write_text("left")
    before = tree(path)
    again = Store.open(path, readonly=True)
    assert again.readonly
    assert everything(again) == everything(store)
    with pytest.raises(ReadOnlyError):
        again.note(**head())
    assert again.verify().whole
    again.check()
    again.close(snapshot=True)
    assert tree(path) == before


def test_a_folder_that_may_not_be_written_opens_for_reading(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap(monkeypatch, "is_writable", lambda folder: False)
    again = Store.open(path)
    with pytest.raises(ReadOnlyError, match="may not write there"):
        again.note(**head())
    assert again.verify().whole
    again.close()


def test_temporary_files_of_a_killed_writer_are_swept_and_said(store: Store, path: Path) -> None:
    left = [path / ".pupils.json.0123.tmp", path / "log" / ".2026-11-25T0800.jsonl.77.tmp"]
    for one in left:
        one.write_text("half")
    again = Store.open(path)
    assert not [one for one in left if one.exists()]
    assert len([words for words in again.remarks if "temporary" in words]) == 2
    again.close()


def test_temporary_files_of_a_writer_at_work_are_let_be(store: Store, path: Path) -> None:
    left = path / ".pupils.json.0123.tmp"
    left.write_text("half")
    with store.change(**head()):
        Store.open(path).close()
        assert left.exists()


def test_an_empty_new_folder_opens(path: Path) -> None:
    Store.create(path).close()
    again = Store.open(path)
    assert again.head.seq == 0
    assert again.verify().whole
    assert again.check() == []
    assert list(again.entries()) == []
    again.close()


def test_two_folders_merged_by_a_sync_tool_are_recognised(store: Store, path: Path) -> None:
    """A conflict copy in the log folder is no segment; a foreign segment breaks the chain and stops writing."""
    segment = sorted((path / "log").iterdir())[0]
    (path / "log" / "2026-11-23T0855 (conflicted copy).jsonl").write_bytes(segment.read_bytes())
    again = Store.open(path)
    assert everything(again) == everything(store)
    assert not again.verify().whole
    again.close()
    (path / "log" / "2026-11-23T0856.jsonl").write_bytes(segment.read_bytes())
    merged = Store.open(path)
    assert merged.readonly
    with pytest.raises(ReadOnlyError):
        merged.note(**head())
    merged.close()
