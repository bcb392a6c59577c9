"""Files that are not what they should be: each recognised and named, and nothing is written over them."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from storekit import FILE, NEXT, everything, head

from store.backup import backup
from store.canon import canonical
from store.errors import (
    DamagedError,
    ForeignError,
    NetworkError,
    ReadOnlyError,
    StoreError,
    UnsafeError,
)
from store.folder import Store
from store.lines import build
from store.log import Head
from tests.filekit import swap

HEAD = "2026-11-23T0855.jsonl"
LAST = "2026-11-24T0850.jsonl"
Alter = Callable[[bytes], bytes]


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Whatever waits longer is ended with an error."""

    def too_long(*_: object) -> None:
        raise AssertionError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def picture(path: Path) -> dict[str, bytes]:
    """Every plain file of the log, and its bytes."""
    return {one.name: one.read_bytes() for one in (path / "log").iterdir() if one.is_file()}


def faults(store: Store) -> list[tuple[str, int]]:
    return [(one.file, one.line) for one in store.check() if one.level == "fault"]


ALTERED: dict[str, Alter] = {
    "truncated": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: b"",
    "foreign": lambda raw: b"%PDF-1.7\n\x00\xff\xfe",
    "other JSON": lambda raw: b'{"name": "something else"}\n',
    "a list": lambda raw: b"[1, 2]\n",
    "duplicate key": lambda raw: raw.replace(b'"id":"P-1"', b'"id":"P-1","id":"P-9"', 1),
    "NaN": lambda raw: raw.replace(b'"rev":1', b'"rev":NaN', 1),
    "fraction": lambda raw: raw.replace(b'"rev":1', b'"rev":1.5', 1),
    "hand-edited": lambda raw: raw.replace(b"Maria", b"Marta", 1),
    "byte order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "carriage returns": lambda raw: raw.replace(b"\n", b"\r\n"),
    "deep": lambda raw: b"[" * 100_000 + b"]" * 100_000 + b"\n",
    "deep object": lambda raw: b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n",
    "huge number": lambda raw: raw.replace(b'"rev":1', b'"rev":' + b"9" * 5000, 1),
    "zeros": lambda raw: bytes(len(raw)),
    "not UTF-8": lambda raw: raw.replace(b"Ana", b"An\xff", 1),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_snapshot_is_named_and_the_log_has_its_records(store: Store, path: Path, how: str) -> None:
    store.close(snapshot=True)
    before, log = everything(store), picture(path)
    place = path / "pupils.json"
    place.write_bytes(ALTERED[how](place.read_bytes()))
    with within(5):
        again = Store.open(path)
        assert again.get("school", "school", "settings") is not None
        found = [one for one in again.check() if one.file == "pupils.json"]
        if how == "carriage returns":  # blanks between values mean nothing in JSON
            assert not found
        else:
            assert found
            assert found[0].level == "fault"
        again.rebuild()
    assert everything(Store.open(path)) == before
    assert Store.open(path).check() == []
    assert picture(path) == log


def tried(path: Path) -> tuple[Store | None, StoreError | None]:
    """The folder opened, or why not."""
    try:
        return Store.open(path), None
    except StoreError as error:
        return None, error


@pytest.mark.parametrize("snapshot", [False, True])
@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_first_segment_is_named_and_stays(
    store: Store, path: Path, how: str, snapshot: bool
) -> None:
    before = everything(store)
    store.close(snapshot=snapshot)
    place = path / "log" / HEAD
    bad = ALTERED[how](place.read_bytes())
    assert bad != place.read_bytes()
    place.write_bytes(bad)
    log = picture(path)
    with within(5):
        again, refused = tried(path)
        if again is None:  # the entry that vouches for the accounts is gone with it
            assert isinstance(refused, DamagedError)
            assert refused.file == f"log/{HEAD}"
            assert "vouches for the accounts" in refused.reason
        else:
            assert f"log/{HEAD}" in {file for file, _ in faults(again)}
            assert f"log/{HEAD}" in {one.file for one in again.verify().problems}
            if snapshot:
                assert everything(again) == before
            else:
                assert again.damage is not None
                assert again.damage.file == f"log/{HEAD}"
                with pytest.raises(ReadOnlyError):
                    again.note(**head(at=NEXT))
            again.close()
    assert picture(path) == log


@pytest.mark.parametrize("how", sorted(ALTERED.keys() - {"truncated", "empty", "zeros"}))
def test_an_altered_last_segment_is_named_and_nothing_is_written_to_it(
    store: Store, path: Path, how: str
) -> None:
    with store.change(**head("pupils.imported", NEXT)) as tx:
        tx.put("pupils", "pupils", {"id": "P-1", "name": "Ana Maria"}, rev=1)
        tx.put("pupils", "pupils", {"id": "P-3", "name": "Ana Maria"})
    store.note(**head(at=NEXT))
    place = path / "log" / LAST
    bad = ALTERED[how](place.read_bytes())
    assert bad != place.read_bytes()
    place.write_bytes(bad)
    with within(5):
        again = Store.open(path)
        assert again.damage is not None
        assert again.damage.file == f"log/{LAST}"
        assert again.damage.line >= 1
        assert any(one.file == f"log/{LAST}" for one in again.verify().problems)
        assert again.get("pupils", "pupils", "P-2") is not None
        with pytest.raises(ReadOnlyError):
            again.note(**head(at=NEXT))
    assert place.read_bytes() == bad


def test_a_huge_file_is_refused_by_its_size_and_not_read(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    for place in (path / "pupils.json", path / "log" / "2026-11-25T0800.jsonl"):
        with place.open("wb") as file:
            file.truncate(3 << 30)  # a hole: it takes no room
        with within(5):
            again = Store.open(path)
            found = [(one.file, one.words) for one in again.check() if one.level == "fault"]
            assert any(file.endswith(place.name) and "more than" in words for file, words in found), found
            again.close()
        assert place.stat().st_size == 3 << 30
        place.unlink()


def stand(place: Path, kind: str, elsewhere: Path) -> None:
    """Something else in the place of a file."""
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    if kind == "link":
        place.symlink_to(elsewhere)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "dangling link":
        place.symlink_to(elsewhere.with_name("nowhere"))
    else:
        place.mkdir()


PLACES = ("school.json", "people.json", "pupils.json", f"log/{HEAD}", f"log/{LAST}", ".lock", "log")


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
@pytest.mark.parametrize("name", PLACES)
def test_something_else_in_the_place_of_a_file_is_named_and_not_followed(
    store: Store, path: Path, name: str, kind: str
) -> None:
    if (name, kind) == ("log", "folder"):
        return  # a folder is what should stand there
    store.close(snapshot=True)
    elsewhere = path.parent / "elsewhere"
    elsewhere.write_bytes((path / name).read_bytes() if (path / name).is_file() else b"")
    held = elsewhere.read_bytes()
    stand(path / name, kind, elsewhere)
    with within(5):
        again, refused = tried(path)
        if again is None:
            assert isinstance(refused, UnsafeError | ForeignError | DamagedError)
            assert name.rpartition("/")[2] in str(refused)
        else:
            assert ("fault", name) in {(one.level, one.file) for one in again.check()}
            if not name.startswith("log/"):
                with pytest.raises(UnsafeError), again.change(**head(at=NEXT)) as tx:
                    tx.put("pupils", "pupils", {"id": "P-9"})
            again.close(snapshot=True)
    assert elsewhere.read_bytes() == held
    assert not elsewhere.with_name("nowhere").exists()
    assert not (path / name).is_file() or (path / name).is_symlink()


def test_a_folder_that_is_read_only_is_read_and_says_why(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close(snapshot=True)
    before, log = everything(store), picture(path)
    swap(monkeypatch, "is_writable", lambda folder: False)
    again = Store.open(path)
    assert everything(again) == before
    with pytest.raises(ReadOnlyError, match="disk is read-only"):
        again.note(**head(at=NEXT))
    again.close()
    assert picture(path) == log


def test_a_network_folder_is_refused_by_its_kind(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    swap(monkeypatch, "network_kind", lambda folder: "nfs4")
    with pytest.raises(NetworkError, match="nfs4"):
        Store.open(path)
    with pytest.raises(NetworkError, match="nfs4"):
        Store.create(path.parent / "new")


def test_a_clock_set_back_is_remarked_and_the_order_stays(store: Store, path: Path) -> None:
    early = "2026-11-22T08:50:00+00:00"
    before = store.head.seq
    assert store.note(**head(at=early))["seq"] == before + 1
    assert store.note(**head(at=NEXT))["seq"] == before + 2
    assert sorted(picture(path)) == [HEAD, LAST]
    assert store.verify().whole
    found = [one for one in store.check() if "clock" in one.words]
    assert [(one.level, one.file, one.line) for one in found] == [("remark", f"log/{LAST}", 3)]
    again = Store.open(path)
    assert again.head.seq == before + 2
    assert not faults(again)


COPIES = (
    "pupils (conflicted copy).json",
    "pupils (Ben's conflicted copy 2026-11-24).json",
    "pupils.sync-conflict-20261124-085000-ABCDEFG.json",
    "pupils-DESKTOP-1.json",
    "log/2026-11-24T0850 (1).jsonl",
    "log/2026-11-24T0850.sync-conflict-20261124-085000-ABCDEFG.jsonl",
    "log/2026-11-24T0850 (conflicted copy).jsonl",
)


@pytest.mark.parametrize("name", COPIES)
def test_what_a_sync_tool_left_is_a_fault_with_its_name_and_stays(
    store: Store, path: Path, name: str
) -> None:
    store.snapshot()
    before = everything(store)
    twin = path / "log" / LAST if name.startswith("log/") else path / "pupils.json"
    copy = path / name
    copy.write_bytes(twin.read_bytes())
    copy.chmod(0o600)
    again = Store.open(path)
    found = [one for one in again.check() if one.file == name]
    assert found
    assert found[0].level == "fault"
    assert "sync tool" in found[0].words
    again.note(**head(at=NEXT))
    again.close(snapshot=True)
    assert copy.read_bytes()
    assert everything(Store.open(path)) == before


def test_two_histories_in_one_log_are_named_and_neither_is_overwritten(store: Store, path: Path) -> None:
    """Another machine wrote a segment of its own with numbers that are taken, and a sync tool put it here."""
    other = path.parent / "other"
    shutil.copytree(path, other)
    with Store.open(other).change(**head("case.answered", "2026-11-25T08:40:00+00:00")) as tx:
        tx.put("cases", "answers", {"id": "A-other"})
    with store.change(**head("case.answered", "2026-11-25T08:41:00+00:00")) as tx:
        tx.put("cases", "answers", {"id": "A-own"})
    shutil.copy(other / "log" / "2026-11-25T0840.jsonl", path / "log")
    log = picture(path)
    again = Store.open(path)
    assert again.damage is not None
    assert again.damage.file == "log/2026-11-25T0841.jsonl"
    assert "another history" in again.damage.reason
    with pytest.raises(ReadOnlyError):
        again.note(**head(at=NEXT))
    assert any(one.file == "log/2026-11-25T0841.jsonl" for one in again.verify().problems)
    assert picture(path) == log


def test_two_histories_in_one_segment_are_named(store: Store, path: Path) -> None:
    other = path.parent / "other"
    shutil.copytree(path, other)
    Store.open(other).note(**head("case.viewed", NEXT, "ben"))
    store.note(**head("case.viewed", NEXT, "ana"))
    merged = (path / "log" / LAST).read_bytes() + (other / "log" / LAST).read_bytes().splitlines(True)[-1]
    (path / "log" / LAST).write_bytes(merged)
    again = Store.open(path)
    assert again.damage is not None
    assert (again.damage.file, again.damage.line) == (f"log/{LAST}", 4)
    assert "another history" in again.damage.reason
    assert (path / "log" / LAST).read_bytes() == merged


def test_a_duplicate_id_in_one_table_of_a_snapshot_is_a_fault(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    place = path / f"{FILE}.json"
    data = json.loads(place.read_bytes())
    data["marks"]["9"] = {**data["marks"]["1"], "codes": "?" * 12}
    place.write_text(json.dumps(data))
    again = Store.open(path)
    assert any(file == place.name for file, _ in faults(again))
    again.rebuild()
    assert not faults(Store.open(path))


@pytest.mark.parametrize("file", ["../../outside", "log/../x", "vault", "", ".lock", "X", 7, ["a"], None])
def test_a_line_that_names_a_path_as_its_file_is_refused_and_nothing_is_written_outside(
    store: Store, path: Path, file: object
) -> None:
    """Whoever can write to the folder, or hands us a backup, can forge a line: chain and digests are right."""
    store.close(snapshot=True)
    forge(path, store.head, {"file": file, "table": "x", "put": {"1": {"id": "a", "rev": 1}}})
    before = {
        one: one.read_bytes() for one in path.parent.rglob("*") if one.is_file() and one.name != ".lock"
    }
    again = Store.open(path)
    assert again.damage is not None
    assert (again.damage.file, again.damage.line) == (f"log/{LAST}", 3)
    assert (f"log/{LAST}", 3) in faults(again)
    with pytest.raises(ReadOnlyError):
        again.note(**head(at=NEXT))
    with suppress(StoreError):
        again.rebuild()
    with pytest.raises(DamagedError):
        backup(again, path.parent / "x.backup", "x", NEXT)
    after = {one: one.read_bytes() for one in path.parent.rglob("*") if one.is_file() and one.name != ".lock"}
    assert after == before


def test_an_index_that_names_a_path_is_named_and_made_anew(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    place = path / "school.json"
    data = json.loads(place.read_bytes())
    data["_meta"]["1"]["changed"]["../outside"] = 99
    place.write_text(json.dumps(data))
    again = Store.open(path)
    assert any(file == place.name for file, _ in faults(again))
    again.rebuild()
    assert not (path.parent / "outside.json").exists()
    assert not faults(Store.open(path))


def forge(path: Path, newest: Head, op: dict[str, object]) -> None:
    """Put a line behind the newest one whose chain and digests are right."""
    given = {**head("mark.drafted", NEXT), "subject": None, "why": None}
    raw, _ = build(given, newest.seq + 1, newest.hash, [canonical({"op": [op], "salt": "0"})])
    with (path / "log" / LAST).open("ab") as file:
        file.write(raw)


@pytest.mark.parametrize("name", ["people.json", "school.json"])
def test_a_snapshot_that_was_filled_up_is_named_and_its_records_come_from_the_log(
    store: Store, path: Path, name: str
) -> None:
    before = everything(store)
    store.close(snapshot=True)
    os.truncate(path / name, 3 << 30)  # sparse: it takes no room
    again = Store.open(path, readonly=True)
    assert everything(again) == before
    assert any(name in words and "3,221,225,472 bytes" in words for words in again.remarks)
    assert any(one.level == "fault" and one.file == name for one in again.check())


@pytest.mark.parametrize("name", [HEAD, LAST])
def test_a_segment_that_was_filled_up_is_named_with_what_to_do(store: Store, path: Path, name: str) -> None:
    store.close(snapshot=True)
    os.truncate(path / "log" / name, 3 << 30)
    with pytest.raises(DamagedError, match=r"3,221,225,472 bytes.*restore the newest backup") as caught:
        Store.open(path)
    assert caught.value.file == f"log/{name}"
