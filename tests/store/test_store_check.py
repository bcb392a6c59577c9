"""Check: every disagreement is a fault with its place, what is only untidy a remark."""

from pathlib import Path

import pytest
from storekit import FILE, NEXT, head

from store.finding import Finding
from store.folder import Store


def found(store: Store, level: str) -> list[Finding]:
    return [one for one in store.check() if one.level == level]


def test_a_whole_folder_has_no_findings(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    assert Store.open(path).check() == []


def test_a_lagging_snapshot_is_a_remark(store: Store) -> None:
    store.snapshot()
    assert store.check() == []
    with store.change(**head(at=NEXT)) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
    assert [(one.level, one.file) for one in store.check()] == [("remark", "pupils.json")]
    assert not found(store, "fault")


def test_loose_modes_are_remarks(store: Store, path: Path) -> None:
    store.snapshot()
    path.chmod(0o750)
    (path / "log" / "2026-11-23T0855.jsonl").chmod(0o644)
    (path / "pupils.json").chmod(0o640)
    assert {one.file for one in found(store, "remark")} == {
        "data",
        "log/2026-11-23T0855.jsonl",
        "pupils.json",
    }
    assert not found(store, "fault")


def test_a_record_dropped_added_or_moved_by_hand_is_a_fault(store: Store, path: Path) -> None:
    store.snapshot()
    place = path / f"{FILE}.json"
    good = place.read_bytes()
    for bad, record in (
        (good.replace(b'"2":{"codes"', b'"9":{"codes"'), "marks/M-2"),
        (good.replace(b"...N........", b"...N...../.."), "marks/M-1"),
        (good.replace(b'"marks":{', b'"extra":{"1":{"id":"X"}},"marks":{'), "extra/X"),
    ):
        assert bad != good
        place.write_bytes(bad)
        assert {(one.file, one.record) for one in found(store, "fault")} == {(place.name, record)}
    place.write_bytes(good)
    assert store.check() == []


def test_a_snapshot_of_another_history_is_a_fault(store: Store, path: Path) -> None:
    store.snapshot()
    for file in ("pupils", "school"):
        place = path / f"{file}.json"
        good = place.read_bytes()
        place.write_bytes(good.replace(store.head.hash.encode(), b"0" * 64))
        assert any(one.file == place.name for one in found(Store.open(path), "fault"))
        place.write_bytes(good)


def test_a_record_lost_or_added_is_told_from_an_altered_one(store: Store, path: Path) -> None:
    store.snapshot()
    place = path / "pupils.json"
    good = place.read_bytes()
    place.write_bytes(good.replace(b'"1":{"id":"P-1"', b'"7":{"id":"P-1"'))
    assert {one.words for one in found(store, "fault")} == {
        "is not in the log",
        "is in the log, but not here",
    }


def test_what_a_snapshot_says_of_itself_and_of_others_is_compared(store: Store, path: Path) -> None:
    store.snapshot()
    for file, old, new in (
        ("pupils.json", b'"next":{"pupils":3}', b'"next":{"pupils":9}'),
        ("school.json", b'"pupils":2', b'"pupils":1'),
    ):
        place = path / file
        good = place.read_bytes()
        assert old in good
        place.write_bytes(good.replace(old, new))
        assert [(one.file, one.record) for one in found(store, "fault")] == [(file, "_meta/meta")]
        place.write_bytes(good)
    assert store.check() == []


def test_every_finding_says_what_to_do_next(store: Store, path: Path) -> None:
    store.snapshot()
    path.chmod(0o750)
    (path / "notes.txt").write_text("x")
    (path / "stray.json").write_bytes((path / "pupils.json").read_bytes())
    (path / "link").symlink_to("/etc")
    (path / ".x.json.0000.tmp").write_bytes(b"")
    (path / "vault.json").write_bytes(b"{")
    (path / f"{FILE}.json").unlink()
    for name, old in (("pupils.json", b"Ana"), ("people.json", b"dsl"), ("school.json", b"entre")):
        place = path / name
        place.write_bytes(place.read_bytes().replace(old, old[::-1], 1))
    told = store.check()
    assert {one.file for one in told} > {"data", "notes.txt", "link", "vault.json", "pupils.json"}
    assert all(one.todo.endswith(".") for one in told)
    assert "Move people.json away" in {one.file: one.todo for one in told}["people.json"]
    segment = path / "log" / "2026-11-23T0855.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"case.viewed", b"case.veiwed"))
    assert "restore the newest backup" in {one.file: one.todo for one in store.check()}[f"log/{segment.name}"]


def test_a_snapshot_ahead_of_the_log_is_a_fault(store: Store, path: Path) -> None:
    store.snapshot()
    place = path / "pupils.json"
    place.write_bytes(place.read_bytes().replace(b'"seq":6', b'"seq":600'))
    assert any("not in the log" in one.words for one in found(store, "fault"))


@pytest.mark.parametrize("place", ["stray.json", "log/2026-11-25T0800.jsonl"])
def test_a_link_in_the_folder_is_a_fault(store: Store, path: Path, place: str) -> None:
    store.snapshot()
    (path / place).symlink_to("/etc/hostname")
    assert any("link" in one.words for one in found(store, "fault"))


def test_a_file_that_is_not_ours_is_a_remark(store: Store, path: Path) -> None:
    store.snapshot()
    (path / "notes.txt").write_text("x")
    (path / "notes.txt").chmod(0o600)
    assert [(one.level, one.file) for one in store.check()] == [("remark", "notes.txt")]


def test_a_missing_snapshot_is_a_remark_and_the_state_whole(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    (path / "pupils.json").unlink()
    again = Store.open(path)
    assert again.docs("pupils", "pupils") == store.docs("pupils", "pupils")
    assert not found(again, "fault")
    assert any(one.file == "pupils.json" for one in found(again, "remark"))
    again.rebuild()
    assert not found(Store.open(path), "remark")


def test_an_altered_account_is_a_fault_while_the_folder_is_open(store: Store, path: Path) -> None:
    store.snapshot()
    place = path / "people.json"
    place.write_bytes(place.read_bytes().replace(b'"roles":["dsl"]', b'"roles":["leader"]'))
    assert any(one.file == "people.json" and one.record == "people/dsl" for one in found(store, "fault"))
