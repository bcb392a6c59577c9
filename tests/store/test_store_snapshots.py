"""Snapshots: readable by any TinyDB, never the truth, made anew from the log whenever they are wrong."""

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from storekit import FILE, NEXT, everything, head
from tinydb import TinyDB, where

from store import files, snapshots
from store.errors import DamagedError, WriteError
from store.folder import LAG, Store
from tests.filekit import swap


def test_stock_tinydb_reads_every_snapshot(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    for file in ("school", "people", "pupils", FILE):
        db = TinyDB(path / f"{file}.json")
        assert "_meta" in db.tables()
        assert db.table("_meta").all()[0]["hash"] == store.head.hash
        for table in db.tables() - {"_meta"}:
            assert {doc["id"]: dict(doc) for doc in db.table(table).all()} == store.docs(file, table)
        db.close()
    db = TinyDB(path / "pupils.json")
    found = db.table("pupils").get(where("id") == "P-2")
    assert found is not None
    assert found.doc_id == 2
    assert db.table("pupils").get(doc_id=2) == found
    db.close()


def test_a_rebuild_that_the_disk_refuses_half_way_can_be_gone_on_with(
    store: Store, path: Path, reopened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close(snapshot=True)
    again = reopened()
    with monkeypatch.context() as patch:
        swap(patch, "write_all", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(WriteError, match="full"):
            again.rebuild()
    with again.change(**head(at=NEXT)) as tx:
        tx.splice(FILE, "marks", "M-1", 5, "N")
    assert again.verify().whole
    assert everything(reopened()) == everything(again)


def test_rebuilt_from_the_log_alone_equals_live(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    kept = {one.name: one.read_bytes() for one in path.glob("*.json")}
    for name in kept:
        (path / name).unlink()
    again = Store.open(path)
    assert everything(again) == everything(store)
    again.rebuild()
    assert {one.name: json.loads(one.read_bytes()) for one in path.glob("*.json")} == {
        name: json.loads(raw) for name, raw in kept.items()
    }
    assert not [one for one in again.check() if one.level == "fault"]
    again.close()


@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[]", b'{"_meta":{}}', b'{"pupils":{"1":{"id":"x"}}}', b"\xff", b"[" * 9000]
)
@pytest.mark.parametrize("file", ["school", "pupils", FILE])
def test_an_unreadable_snapshot_is_named_and_replaced_by_the_log(
    store: Store, path: Path, file: str, bad: bytes
) -> None:
    store.close(snapshot=True)
    (path / f"{file}.json").write_bytes(bad)
    again = Store.open(path)
    assert everything(again) == everything(store)
    assert any(f"{file}.json" in words for words in again.remarks)
    assert any(one.level == "fault" and one.file == f"{file}.json" for one in again.check())
    again.rebuild()
    assert not [one for one in again.check() if one.level == "fault"]
    again.close()


def test_a_year_that_nobody_asks_for_is_not_read(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close(snapshot=True)
    read: list[str] = []
    real = files.read_capped
    monkeypatch.setattr(
        files, "read_capped", lambda place, cap: (read.append(place.name), real(place, cap))[1]
    )
    again = Store.open(path)
    assert set(read) == {"school.json", "people.json"}
    with again.change(**head(at=NEXT)) as tx:
        tx.put("cases", "cases", {"id": "C-1"})
    assert f"{FILE}.json" not in read
    assert again.docs(FILE, "marks")["M-1"]["codes"] == "...N........"
    assert f"{FILE}.json" in read
    again.close()


def test_a_file_read_late_is_caught_up_with_what_came_meanwhile(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    late, other = Store.open(path), Store.open(path)
    with other.change(**head(at=NEXT)) as tx:
        tx.splice(FILE, "marks", "M-1", 0, "/")
    late.refresh()
    with other.change(**head(at=NEXT)) as tx:
        tx.splice(FILE, "marks", "M-1", 1, "L")
    other.close(snapshot=True)  # now the snapshot is ahead of what `late` has followed
    assert late.docs(FILE, "marks")["M-1"] == other.docs(FILE, "marks")["M-1"]
    assert late.docs(FILE, "marks")["M-1"]["codes"] == "/L.N........"
    assert late.damage is None
    late.refresh()
    assert late.docs(FILE, "marks")["M-1"]["rev"] == 4
    late.close()


def test_a_crash_between_two_snapshots_is_caught_up_not_applied_twice(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    index = (path / "school.json").read_bytes()
    again = Store.open(path)
    for _ in range(3):
        with again.change(**head(at=NEXT)) as tx:
            tx.splice(FILE, "marks", "M-1", 0, "/")
    again.close(snapshot=True)
    (path / "school.json").write_bytes(index)  # as if killed before the last file
    after = Store.open(path)
    assert everything(after) == everything(again)
    assert after.docs(FILE, "marks")["M-1"]["rev"] == 5
    assert not [one for one in after.check() if one.level == "fault"]
    after.close()


def test_an_older_file_put_back_is_named_and_not_believed(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    old = (path / "pupils.json").read_bytes()
    again = Store.open(path)
    with again.change(**head(at=NEXT)) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
    again.close(snapshot=True)
    (path / "pupils.json").write_bytes(old)
    after = Store.open(path)
    assert set(after.docs("pupils", "pupils")) == {"P-1", "P-2", "P-3"}
    assert any("older than entry 7" in words for words in after.remarks)
    after.close(snapshot=True)


def test_a_hand_edited_record_is_named_with_file_line_and_id(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    place = path / "pupils.json"
    place.write_bytes(place.read_bytes().replace(b"Ana", b"Eva", 1))
    again = Store.open(path)
    found = [one for one in again.check() if one.level == "fault"]
    assert [(one.file, one.line, one.record) for one in found] == [("pupils.json", 3, "pupils/P-1")]
    assert b"Eva" in place.read_bytes().splitlines()[2]
    again.close()


def test_a_log_shorter_than_its_snapshots_is_read_only(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    segment = sorted((path / "log").iterdir())[-1]
    segment.write_bytes(segment.read_bytes().splitlines(keepends=True)[0])
    again = Store.open(path)
    assert again.readonly
    assert again.damage is not None
    assert "cut off" in again.damage.reason
    assert again.docs(FILE, "marks")["M-2"]["codes"] == "../L........"
    assert any(one.level == "fault" for one in again.check())
    again.close(snapshot=True)


def test_closing_writes_snapshots_only_when_asked_or_far_behind(path: Path) -> None:
    store = Store.create(path)
    for _ in range(3):
        store.note(**head("folder.made"))
    store.close()
    found = snapshots.read(path, "school")
    assert found is not None
    assert found.meta.seq == 0
    again = Store.open(path)
    with again.change(**head()) as tx:
        tx.put("cases", "cases", {"id": "C-1"})
    again.state.base = again.state.base._replace(seq=-LAG)
    again.close()
    found = snapshots.read(path, "school")
    assert found is not None
    assert found.meta.seq == 4


def test_snapshots_that_cannot_be_written_lose_nothing(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch, reopened: Callable[..., Store]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        swap(patch, "atomic_write", full)
        store.close(snapshot=True)
    assert any("were not written" in words for words in store.remarks)
    assert everything(reopened()) == everything(store)


def test_a_closed_folder_may_be_copied(store: Store, path: Path, tmp_path: Path) -> None:
    import shutil

    store.close(snapshot=True)
    shutil.copytree(path, tmp_path / "copy")
    copy = Store.open(tmp_path / "copy")
    assert everything(copy) == everything(store)
    copy.note(**head(at=NEXT))
    assert copy.verify().whole
    copy.close()


def test_a_snapshot_with_documents_that_have_no_id_is_not_ours() -> None:
    good = b'{"_meta":{"1":{"id":"meta","format":0,"seq":0,"hash":"","next":{}}},"t":{"1":{"a":1}}}'
    with pytest.raises(DamagedError, match="own id"):
        snapshots.parse(good, "x.json")
