"""Unfinished texts on disk: whole or not at all, nobody's name in a file name, and nothing read that is not ours."""

import os
import stat
from pathlib import Path

import pytest
from storekit import NEXT

from store.backup import backup
from store.drafts import CAP, FOLDER, LEFT_OVER, Drafts, SealedDraft, fresh
from store.errors import UnsafeError, WriteError
from store.folder import Store


def made(**changes: object) -> SealedDraft:
    values = {"id": fresh(os.urandom), "kind": "own", "user": "dsl", "at": "2026-11-23T09:12:33+00:00",
              "sealed": {"dsl": b"\x00\xff sealed"}}  # fmt: skip
    return SealedDraft(**{**values, **changes})  # type: ignore[arg-type]  # a table of what differs


def test_one_is_written_read_replaced_and_removed(tmp_path: Path) -> None:
    drafts, one = Drafts(tmp_path), made()
    assert list(drafts.all()) == []
    drafts.remove(one.id)
    drafts.put(one)
    assert list(drafts.all()) == [one] == [drafts.get(one.id)]
    later = made(id=one.id, sealed={"dsl": b"more"})
    drafts.put(later)
    assert list(drafts.all()) == [later]
    drafts.remove(one.id)
    assert list(drafts.all()) == []


def test_it_is_private_and_its_name_says_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Drafts(tmp_path).put(made(user="dunmore"))
    finally:
        os.umask(before)
    (name,) = os.listdir(tmp_path / FOLDER)
    assert "dunmore" not in name.casefold()
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / FOLDER / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'{"format":2}', b"[" * 100_000, b"\xff", b"x" * (CAP + 1),
     b'{"at":"","extra":1,"format":1,"id":"DR-AAAAAAAAAAAAAAAA","kind":"own","sealed":{},"user":""}',
     b'{"at":"","format":1,"id":"DR-BBBBBBBBBBBBBBBB","kind":"own","sealed":{},"user":""}',
     b'{"at":"","format":1,"id":"DR-AAAAAAAAAAAAAAAA","kind":"own","sealed":{"dsl":"no base64"},"user":""}'],
)  # fmt: skip
def test_what_is_no_such_file_is_passed_over(tmp_path: Path, raw: bytes) -> None:
    drafts, one = Drafts(tmp_path), made()
    drafts.put(one)
    (drafts.path / "DR-AAAAAAAAAAAAAAAA.draft").write_bytes(raw)
    (drafts.path / "notes.txt").write_text("not ours")
    assert list(drafts.all()) == [one]


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    drafts, one = Drafts(tmp_path), made()
    drafts.put(one)
    (drafts.path / "DR-AAAAAAAAAAAAAAAA.draft").symlink_to(drafts.path / f"{one.id}.draft")
    os.mkfifo(drafts.path / "DR-BBBBBBBBBBBBBBBB.draft")
    assert list(drafts.all()) == [one]


@pytest.mark.parametrize("what", ["link", "file"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, what: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if what == "link":
        (tmp_path / FOLDER).symlink_to(elsewhere)
    else:
        (tmp_path / FOLDER).write_text("")
    with pytest.raises(UnsafeError):
        Drafts(tmp_path).put(made())
    assert list(Drafts(tmp_path).all()) == []
    Drafts(tmp_path).sweep()
    assert os.listdir(elsewhere) == []


def test_a_disk_that_refuses_is_told_and_the_old_text_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts, one = Drafts(tmp_path), made()
    drafts.put(one)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(WriteError):
        drafts.put(made(id=one.id, sealed={"dsl": b"more"}))
    assert list(drafts.all()) == [one]
    assert len(os.listdir(drafts.path)) == 1


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    drafts, one = Drafts(tmp_path), made()
    drafts.put(one)
    old, young = drafts.path / ".DR-A.draft.0.tmp", drafts.path / ".DR-B.draft.0.tmp"
    for left in (old, young):
        left.write_bytes(b"")
    long_ago = young.stat().st_mtime_ns - LEFT_OVER - 10**9
    os.utime(old, ns=(long_ago, long_ago))
    drafts.sweep()
    assert (old.exists(), young.exists()) == (False, True)
    assert list(drafts.all()) == [one]


def test_check_knows_the_folder_and_names_strangers_in_it(store: Store, path: Path) -> None:
    drafts = Drafts(path)
    drafts.put(made())
    store.snapshot()
    assert store.check() == []
    drafts.path.chmod(0o750)
    (drafts.path / "pupils.json").write_text("{}")
    (drafts.path / "notes.jsonl").write_text("")
    (drafts.path / ".DR-A.draft.0.tmp").write_text("")
    (drafts.path / "DR-AAAAAAAAAAAAAAAA.draft").symlink_to(path / "school.json")
    (drafts.path / "DR-BBBBBBBBBBBBBBBB.draft").mkdir()
    levels = {(one.level, one.file) for one in store.check() if "chmod 0600" not in one.todo}
    assert levels == {
        ("remark", "drafts"),
        ("fault", "drafts/pupils.json"),
        ("remark", "drafts/notes.jsonl"),
        ("remark", "drafts/.DR-A.draft.0.tmp"),
        ("fault", "drafts/DR-AAAAAAAAAAAAAAAA.draft"),
        ("fault", "drafts/DR-BBBBBBBBBBBBBBBB.draft"),
    }


def test_check_names_what_stands_in_the_place_of_the_folder(store: Store, path: Path, tmp_path: Path) -> None:
    (path / FOLDER).symlink_to(tmp_path)
    assert [one.file for one in store.check() if one.level == "fault"] == [FOLDER]


def test_a_backup_holds_none_and_calls_none_a_stranger(store: Store, path: Path, tmp_path: Path) -> None:
    Drafts(path).put(made())
    target = tmp_path / "stick"
    target.mkdir()
    back = backup(store, target, "x", NEXT)
    assert back.left_out == ()
    assert b"DR-" not in back.path.read_bytes()
