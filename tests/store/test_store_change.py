"""A change: all or nothing, one line, one sync, revisions, parts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from storekit import DAY, FILE, NEXT, everything, head

from store.canon import digest
from store.errors import InvalidDocError, StaleRevisionError
from store.folder import Store


def last_line(path: Path) -> bytes:
    newest = sorted((path / "log").iterdir())[-1]
    return newest.read_bytes().splitlines(keepends=True)[-1]


def test_an_exception_inside_leaves_nothing(store: Store, path: Path) -> None:
    before, log = everything(store), store.verify()

    def break_off() -> None:
        with store.change(**head()) as tx:
            tx.put("cases", "cases", {"id": "C-1"})
            tx.splice(FILE, "marks", "M-1", 0, "////")
            tx.drop("pupils", "pupils", "P-1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert everything(store) == before
    assert store.verify() == log
    assert store.note(**head())["seq"] == log.entries + 1


def test_inside_a_change_its_own_state_is_seen_and_outside_not(store: Store) -> None:
    with store.change(**head()) as tx:
        tx.put("cases", "cases", {"id": "C-1", "owner": "dsl"})
        tx.drop("pupils", "pupils", "P-2")
        tx.splice(FILE, "marks", "M-1", 0, "/")
        assert tx.get("cases", "cases", "C-1") == {"id": "C-1", "owner": "dsl", "rev": 1}
        assert tx.get("pupils", "pupils", "P-2") is None
        assert set(tx.docs("pupils", "pupils")) == {"P-1"}
        assert len(tx.docs("pupils", "pupils")) == 1
        assert tx.docs(FILE, "marks")["M-1"]["codes"] == "/..N........"
        assert tx.taken_id("C-1")
        assert tx.taken_id("P-1", "pupils")
        assert not tx.taken_id("P-2", "pupils")
        assert store.get("cases", "cases", "C-1") is None
        assert "P-2" in store.docs("pupils", "pupils")
    assert store.get("cases", "cases", "C-1") == {"id": "C-1", "owner": "dsl", "rev": 1}
    assert "P-2" not in store.docs("pupils", "pupils")


def test_a_stale_revision_is_refused_with_both_versions(store: Store, path: Path) -> None:
    other = Store.open(path)
    with other.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-1", "name": "theirs"}, rev=1)
    with pytest.raises(StaleRevisionError) as caught, store.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-1", "name": "mine"}, rev=1)
    assert caught.value.stored == {"id": "P-1", "name": "theirs", "rev": 2}
    assert caught.value.yours == {"id": "P-1", "name": "mine"}
    assert store.get("pupils", "pupils", "P-1") == caught.value.stored
    with pytest.raises(StaleRevisionError) as caught, store.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-9"}, rev=3)
    assert caught.value.stored is None
    with pytest.raises(StaleRevisionError), store.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-1"}, rev=0)
    with store.change(**head()) as tx:
        assert tx.put("pupils", "pupils", {"id": "P-9"}, rev=0)["rev"] == 1
    other.close()


def test_marks_and_documents_share_revisions(store: Store) -> None:
    assert store.docs(FILE, "marks")["M-1"]["rev"] == 2
    with store.change(**head()) as tx:
        tx.splice(FILE, "marks", "M-1", 0, "/")
        tx.splice(FILE, "marks", "M-1", 5, "L")
    assert store.docs(FILE, "marks")["M-1"] == {
        "id": "M-1",
        "pupil": "P-1",
        "codes": "/..N.L......",
        "rev": 3,
    }


@pytest.mark.parametrize(("pos", "chars"), [(-1, "/"), (12, "/"), (11, "//"), (0, "\x1b")])
def test_a_splice_beyond_the_codes_or_of_controls_is_refused(store: Store, pos: int, chars: str) -> None:
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.splice(FILE, "marks", "M-1", pos, chars)
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.splice(FILE, "marks", "M-99", 0, "/")
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.splice("pupils", "pupils", "P-1", 0, "/")


@pytest.mark.parametrize(
    "doc", [{}, {"id": 5}, {"id": ""}, {"id": "a\nb"}, {"id": "é"}, {"id": "x" * 201}, {"id": "a", "n": 1.5}]
)
def test_a_document_that_cannot_be_kept_is_refused(store: Store, doc: Mapping[str, Any]) -> None:
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.put("pupils", "pupils", doc)


@pytest.mark.parametrize("name", ["", "../pupils", "a/b", "A", "_meta", ".x", "con.txt", "x" * 70])
def test_a_name_that_could_leave_the_folder_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.put(name, "pupils", {"id": "a"})
    with pytest.raises(InvalidDocError), store.change(**head()) as tx:
        tx.put("pupils", name, {"id": "a"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "2026-11-23"},
        {"at": "2026-11-23T08:55:00"},
        {"act": "Marked"},
        {"act": "mark"},
        {"actor": "a\nb"},
    ],
)
def test_an_ill_formed_entry_is_refused_before_the_lock(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocError):
        store.note(**{**head(), **wrong})
    with pytest.raises(InvalidDocError):
        store.note(**head(), subject="\x1b]0;x")
    with pytest.raises(InvalidDocError):
        store.note(**head(), why="x" * 401)


def test_the_line_is_the_published_form(store: Store, path: Path) -> None:
    with store.change(**head("case.answered", NEXT), subject="C-1", why="danger") as tx:
        tx.put("cases", "answers", {"id": "A-1", "text": 'He said "no"\n},"parts":[ é'})
        tx.next_part()
        tx.put("cases", "answers", {"id": "A-2"})
    raw = last_line(path)
    line = json.loads(raw)
    assert rfc8785.dumps(line) + b"\n" == raw
    entry, parts = line["entry"], line["parts"]
    assert set(entry) == {"seq", "at", "actor", "role", "act", "subject", "why", "digest", "prev", "hash"}
    assert entry["digest"] == digest(rfc8785.dumps([digest(rfc8785.dumps(part)) for part in parts]))
    assert entry["hash"] == digest(rfc8785.dumps({key: entry[key] for key in entry if key != "hash"}))
    assert tx.entry == entry
    assert [set(part) for part in parts] == [{"op", "salt"}] * 2
    assert parts[0]["salt"] != parts[1]["salt"]
    assert list(store.entries())[-1] == entry


def test_a_day_has_its_segment_and_a_clock_set_back_none(store: Store, path: Path) -> None:
    names = ["2026-11-23T0855.jsonl", "2026-11-24T0850.jsonl"]
    assert sorted(os.listdir(path / "log")) == names
    store.note(**head(at=DAY))
    store.note(**head(at="2020-01-01T00:00:00+00:00"))
    assert sorted(os.listdir(path / "log")) == names
    assert [entry["seq"] for entry in store.entries()] == list(range(1, 9))
    assert [entry["seq"] for entry in store.entries(newest_first=True)] == list(range(8, 0, -1))
    assert store.verify().whole


def test_one_sync_and_few_bytes(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mark: one sync, at most 600 bytes. A register of 30: one sync, at most 1.5 KiB (design 10)."""
    with store.change(**head("pupils.imported", NEXT)) as tx:
        for number in range(10_000, 10_030):
            tx.put(
                FILE, "marks", {"id": f"K-7Q2M4X{number}", "pupil": f"P-7Q2M4X{number}", "codes": "." * 80}
            )
    syncs: list[int] = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (syncs.append(fd), real(fd))[1])
    monkeypatch.setattr(os, "fsync", lambda fd: syncs.append(fd))
    with store.change(**head("mark.drafted", NEXT, "attendance"), subject="P-7Q2M4X10000") as tx:
        tx.splice(FILE, "marks", "K-7Q2M4X10000", 41, "N")
    assert len(syncs) == 1
    assert len(last_line(path)) <= 600
    with store.change(**head("register.taken", NEXT, "attendance"), subject="9B:2026-11-24AM") as tx:
        for number in range(10_000, 10_030):
            tx.splice(FILE, "marks", f"K-7Q2M4X{number}", 42, "/")
        tx.put(
            FILE, "taken", {"id": "T-7Q2M4X", "class": "9B", "session": "2026-11-24AM", "by": "a", "at": NEXT}
        )
    assert len(syncs) == 2
    assert len(last_line(path)) <= 1536


def test_salts_come_from_the_injected_source(path: Path) -> None:
    made = []
    for name in ("a", "b"):
        store = Store.create(path / name, random=lambda count: b"\x00" * count)
        with store.change(**head("folder.made")) as tx:
            tx.put("school", "school", {"id": "settings"})
        made.append(store.head)
        store.close()
    assert made[0] == made[1]


def test_what_a_caller_does_to_its_document_afterwards_reaches_nothing(store: Store) -> None:
    mine: dict[str, Any] = {"id": "C-1", "list": [1]}
    with store.change(**head()) as tx:
        tx.put("cases", "cases", mine)
        mine["list"].append(2)
    mine["list"].append(3)
    assert store.docs("cases", "cases")["C-1"]["list"] == [1]
    with pytest.raises(TypeError):
        store.docs("cases", "cases")["C-2"] = {}  # type: ignore[index]


def test_a_number_once_used_is_not_used_again(store: Store, path: Path) -> None:
    with store.change(**head()) as tx:
        tx.drop("pupils", "pupils", "P-2")
    store.close(snapshot=True)
    again = Store.open(path)
    with again.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
        tx.put("pupils", "pupils", {"id": "P-4"})
        tx.drop("pupils", "pupils", "P-4")
        tx.drop("pupils", "pupils", "P-1")
        tx.put("pupils", "pupils", {"id": "P-1"})
    assert again.page("pupils", "pupils").numbers == {"P-3": "3", "P-1": "5"}
    assert again.state.replayed()["pupils"]["pupils"].rows == again.page("pupils", "pupils").rows
    again.close()
