"""The vault: what is in it, what is refused, and that a crash leaves nobody without their slot."""

import errno
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from dyingkit import HOWS, Dying, Killed
from storekit import fill, head

from store import files
from store.errors import DamagedError, InvalidDocError, NewerError, StoreError, UnsafeError, WriteError
from store.folder import Store
from store.vault import CAP, NAME, Vault, fingerprint, render
from tests.filekit import swap

ONE, TWO = {"kind": "a", "salt": "00"}, {"kind": "b", "salt": "ff"}


def give(store: Store, person: str, slot: dict[str, Any]) -> str:
    with store.change(**head("person.added")) as tx:
        own = tx.keep(slot)
        tx.put("people", "people", {"id": person, "slot": own})
    return own


def faults(store: Store) -> list[tuple[str, str, str]]:
    return [(one.file, one.record, one.words) for one in store.check() if one.level == "fault"]


def test_a_slot_is_found_by_the_fingerprint_that_the_account_names(store: Store, path: Path) -> None:
    own = give(store, "ann", ONE)
    assert own == fingerprint(ONE)
    assert store.vault.slot(own) == ONE
    assert (
        path / NAME
    ).read_bytes() == b'{"format":2,"keys":{},"slots":{"%s":{"kind":"a","salt":"00"}}}\n' % own.encode()
    assert stat.S_IMODE((path / NAME).stat().st_mode) == 0o600
    assert faults(store) == []


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE])
def test_a_vault_that_the_disk_does_not_give_is_told_in_our_words(
    store: Store, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = give(store, "ann", ONE)
    before, real = store.head, files.read_capped

    def refused(path: Path, cap: int) -> bytes:
        if path.name == NAME:
            raise OSError(code, "no", str(path))
        return real(path, cap)

    with monkeypatch.context() as patch:
        swap(patch, "read_capped", refused)
        with pytest.raises(WriteError, match="disk refused"):
            give(store, "ben", TWO)
        with pytest.raises(WriteError, match="disk refused"):
            store.vault.slot(own)
    assert store.head == before
    give(store, "ben", TWO)
    assert store.vault.slot(own) == ONE
    assert faults(store) == []


def test_the_log_and_the_snapshots_hold_fingerprints_only(store: Store, path: Path) -> None:
    own = give(store, "ann", {"secret": "canary"})
    store.close(snapshot=True)
    texts = {p.name: p.read_text("utf-8") for p in path.rglob("*") if p.is_file()}
    assert [name for name, text in texts.items() if "canary" in text] == [NAME]
    assert own in texts["people.json"]


def test_a_slot_that_nobody_names_is_dropped_when_the_vault_is_written_next(store: Store) -> None:
    first, second = give(store, "ann", ONE), give(store, "ann", TWO)
    assert set(store.vault.slots()) == {first, second}, "the old one stays until the switch was committed"
    third = give(store, "bob", {"kind": "c"})
    assert set(store.vault.slots()) == {second, third}


def test_a_change_that_is_not_stored_leaves_the_person_their_slot(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = give(store, "ann", ONE)

    def full(self: object, data: bytes, size: int) -> None:
        raise WriteError("the disk refused")

    monkeypatch.setattr(files.Appender, "append", full)
    with pytest.raises(WriteError):
        give(store, "ann", TWO)
    assert store.get("people", "people", "ann")["slot"] == first  # type: ignore[index]
    assert store.vault.slot(first) == ONE
    assert faults(store) == []


@pytest.mark.parametrize("how", HOWS)
def test_cut_off_anywhere_everybody_has_the_slot_that_their_account_names(tmp_path: Path, how: str) -> None:
    first, second = fingerprint(ONE), fingerprint(TWO)
    for nth in range(1, 100):
        path = tmp_path / str(nth)
        store, dying = Store.create(path), Dying(nth, how)
        fill(store)
        give(store, "ann", ONE)
        with pytest.MonkeyPatch.context() as patch:
            swap(patch, "os", dying)
            try:
                give(store, "ann", TWO)
            except (Killed, StoreError):
                acknowledged = False
            else:
                acknowledged = True
        store.close()
        again = Store.open(path)
        named = again.get("people", "people", "ann")["slot"]  # type: ignore[index]
        assert named in ([second] if acknowledged else [first, second])
        assert again.vault.slot(named) in (ONE, TWO)
        assert faults(again) == []
        give(again, "bob", {"kind": "c"})
        assert len(again.vault.slots()) == 2, "what nobody names is gone"
        again.close()
        if dying.count < nth:
            break
    assert nth > 6


def test_a_slot_is_dropped_only_once_the_line_that_dropped_it_is_durable(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote that line may have been killed before its sync: it could still be lost with the power."""
    give(store, "ann", ONE)
    steps: list[str] = []
    sync, write, append = files.sync_file, files.atomic_write, files.Appender.append

    def synced(path: Path) -> None:
        steps.append(f"sync {path.suffix}")
        sync(path)

    def written(path: Path, chunks: Any, *more: Any, **named: Any) -> None:
        steps.append(f"write {path.name}")
        write(path, chunks, *more, **named)

    def appended(self: files.Appender, data: bytes, size: int) -> None:
        steps.append("append")
        append(self, data, size)

    swap(monkeypatch, "sync_file", synced)
    swap(monkeypatch, "atomic_write", written)
    monkeypatch.setattr(files.Appender, "append", appended)
    other = Store.open(path)
    give(other, "ann", TWO)
    assert steps == ["sync .jsonl", f"write {NAME}", "append"]
    steps.clear()
    give(other, "ann", ONE)
    assert steps == [f"write {NAME}", "append"], "its own line was synced when it was written"
    other.close()


def test_a_change_that_is_given_up_writes_no_vault(store: Store, path: Path) -> None:
    def given_up() -> None:
        with store.change(**head()) as tx:
            tx.keep(ONE)
            raise KeyError

    with pytest.raises(KeyError):
        given_up()
    assert not (path / NAME).exists()


def test_a_vault_that_the_disk_refuses_keeps_the_change_out_of_the_log(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.head

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    swap(monkeypatch, "atomic_write", refuse)
    with pytest.raises(WriteError, match="No space"):
        give(store, "ann", ONE)
    assert store.head == before


def test_it_has_a_bound(store: Store) -> None:
    with pytest.raises(InvalidDocError, match="bytes of secrets"):
        give(store, "ann", {"long": "x" * CAP})
    assert store.get("people", "people", "ann") is None


def test_a_missing_slot_is_named(store: Store, path: Path) -> None:
    own = give(store, "ann", ONE)
    (path / NAME).unlink()
    with pytest.raises(DamagedError, match="is missing"):
        store.vault.slot(own)
    assert [(file, record) for file, record, _ in faults(store)] == [(NAME, "people/ann")]


def test_a_slot_that_was_exchanged_is_named_and_not_given_out(store: Store, path: Path) -> None:
    own = give(store, "ann", ONE)
    (path / NAME).write_bytes(render({own: TWO}, {}))
    with pytest.raises(DamagedError, match="altered"):
        store.vault.slot(own)
    ((file, record, words),) = faults(store)
    assert (file, record) == (NAME, "people/ann")
    assert "altered" in words


def test_a_strange_slot_that_nobody_names_is_a_remark(store: Store, path: Path) -> None:
    own = give(store, "ann", ONE)
    (path / NAME).write_bytes(render({own: ONE, "0" * 64: TWO}, {}))
    assert [one.level for one in store.check() if one.file == NAME] == ["remark"]


def test_a_loose_mode_is_a_remark(store: Store, path: Path) -> None:
    give(store, "ann", ONE)
    (path / NAME).chmod(0o644)
    assert [(one.level, one.words) for one in store.check() if one.file == NAME] == [
        ("remark", "others than its owner may read it")
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format":1,"slots":[]}\n',
        b'{"format":1,"slots":{"a":1}}\n',
        b'{"format":true,"slots":{}}\n',
        b'{"format":0,"slots":{}}\n',
        b'{"format":"1","slots":{}}\n',
        b'{"format":1,"more":1,"slots":{}}\n',
        b'{"format":1,"slots":{}}',
        b'{"slots":{},"format":1}\n',
        b'{"format":1, "slots":{}}\n',
        b'{"format":1,"slots":{"a":{},"a":{}}}\n',
        b'{"format":1,"slots":{"a":{"b":NaN}}}\n',
        b'{"format":1,"slots":{"a":{"b":1.5}}}\n',
        b'{"format":1,"slots":{"a":{"b":"\\u0001"}}}\n',
        b'{"format":1,"slots":' + b'{"a":' * 5000,
        b'{"format":1,"keys":{},"slots":{}}\n',
        b'{"format":2,"slots":{}}\n',
        b'{"format":2,"keys":[],"slots":{}}\n',
        b'{"format":2,"keys":{"a":1},"slots":{}}\n',
        b'{"format":2,"keys":{"a":{"b":1}},"slots":{}}\n',
        b'{"format":2,"keys":{"a":{"b":{}}},"slots":{}}\n',
        b'{"format":2,"keys":{"a":{},"a":{}},"slots":{}}\n',
        b'{"format":2,"keys":{},"more":1,"slots":{}}\n',
    ],
)
def test_what_is_no_vault_is_refused_and_left_alone(store: Store, path: Path, raw: bytes) -> None:
    (path / NAME).write_bytes(raw)
    with pytest.raises(DamagedError) as caught:
        Vault(path).slots()
    assert caught.value.file == NAME
    with pytest.raises(DamagedError):
        give(store, "ann", ONE)
    assert (path / NAME).read_bytes() == raw
    assert [file for file, _, _ in faults(store)] == [NAME]


def test_a_newer_vault_is_refused_and_left_alone(store: Store, path: Path) -> None:
    raw = json.dumps({"format": 3, "slots": {}}).encode()
    (path / NAME).write_bytes(raw)
    with pytest.raises(NewerError):
        give(store, "ann", ONE)
    assert (path / NAME).read_bytes() == raw


def test_one_that_is_too_long_or_a_link_is_refused(store: Store, path: Path, tmp_path: Path) -> None:
    (path / NAME).write_bytes(b" " * (CAP + 1))
    with pytest.raises(StoreError, match="not read"):
        Vault(path).slots()
    (path / NAME).rename(tmp_path / "aside")
    (path / NAME).symlink_to(tmp_path / "aside")
    with pytest.raises(UnsafeError):
        give(store, "ann", ONE)
