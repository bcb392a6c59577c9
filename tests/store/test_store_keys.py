"""Wrapped keys in the vault: kept while a case names them, gone for good once none does, whatever cuts it off."""

import errno
from collections.abc import Iterable
from pathlib import Path

import pytest
from dyingkit import HOWS, Dying, Killed
from storekit import fill, head

from store import files
from store.backup import backup
from store.envelope import wrapped
from store.erasing import ERASED, erase, unfinished
from store.errors import DamagedError, InvalidDocError, StoreError, WriteError
from store.folder import Store
from store.sealing import public_of
from store.vault import CAP, NAME, WrappedKey, key_id
from tests.filekit import swap

HOLDER = public_of(bytes(range(32)))
ONE, TWO = bytes([1] * 32), bytes([2] * 32)
CASE = ("cases", "cases")


def own(key: bytes) -> str:
    return key_id(public_of(key))


def kept(store: Store) -> set[str]:
    """The ids of the keys that the vault has."""
    return set(store.vault.keys())


def wrap(key: bytes) -> WrappedKey:
    return wrapped(key, [HOLDER])


def give(store: Store, case: str, *keys: bytes) -> None:
    """A case with its keys, the newest last."""
    with store.change(**head("case.opened")) as tx:
        for key in keys:
            if own(key) not in kept(store):
                tx.keep_key(own(key), wrap(key))
        tx.put(*CASE, {"id": case, "seals": [public_of(key).hex() for key in keys]})


def take_out(store: Store, case: str) -> None:
    erase(
        store,
        lambda: store.change(**head(ERASED), subject=case),
        lambda file, table, own_id: (file, table, own_id) == (*CASE, case),
    )


def faults(store: Store) -> list[str]:
    return [f"{one.file} {one.words}" for one in store.check() if one.level == "fault"]


def test_a_key_stands_in_the_vault_and_in_no_log(store: Store, path: Path) -> None:
    give(store, "C-1", ONE)
    store.close(snapshot=True)
    assert store.vault.keys().keys() == {own(ONE)}
    box = store.vault.keys()[own(ONE)][key_id(HOLDER)]
    assert [p.name for p in path.rglob("*") if p.is_file() and box in p.read_text("utf-8")] == [NAME]
    assert faults(store) == []


def test_a_case_keeps_its_earlier_keys_and_one_that_no_case_names_is_dropped(store: Store) -> None:
    give(store, "C-1", ONE)
    give(store, "C-1", ONE, TWO)
    assert store.vault.keys().keys() == {own(ONE), own(TWO)}
    give(store, "C-1", TWO)
    assert store.drop_keys("dsl") == 1
    assert store.vault.keys().keys() == {own(TWO)}
    assert store.drop_keys("dsl") == 0


def test_dropping_a_key_leaves_every_slot(store: Store) -> None:
    with store.change(**head("person.added")) as tx:
        slot = tx.keep({"kind": "a"})
        tx.put("people", "people", {"id": "ann", "slot": slot})
    give(store, "C-1", ONE)
    take_out(store, "C-1")
    assert store.vault.keys() == {}
    assert store.vault.slot(slot) == {"kind": "a"}


def test_the_wraps_of_a_key_can_be_replaced(store: Store) -> None:
    give(store, "C-1", ONE)
    with store.change(**head("keys.shared")) as tx:
        tx.keep_key(own(ONE), {"someone": "AAAA"})
    assert store.vault.keys()[own(ONE)] == {"someone": "AAAA"}


def test_a_change_that_is_given_up_leaves_no_key(store: Store) -> None:
    def given_up() -> None:
        with store.change(**head("case.opened")) as tx:
            tx.keep_key(own(ONE), wrap(ONE))
            raise KeyError

    with pytest.raises(KeyError):
        given_up()
    assert store.vault.keys() == {}


def test_it_has_a_bound(store: Store) -> None:
    with pytest.raises(InvalidDocError, match="bytes of secrets"), store.change(**head("case.opened")) as tx:
        tx.keep_key(own(ONE), {"a": "x" * CAP})


@pytest.mark.parametrize("how", HOWS)
def test_cut_off_anywhere_each_case_has_the_keys_that_it_names(tmp_path: Path, how: str) -> None:
    """The vault is written before the line: a key may stand there that nobody names, never the other way round."""
    nth = 0
    for nth in range(1, 100):
        path = tmp_path / str(nth)
        store, dying = Store.create(path), Dying(nth, how)
        fill(store)
        give(store, "C-1", ONE)
        acknowledged = _done(store, dying, lambda store=store: give(store, "C-1", ONE, TWO))
        again = Store.open(path)
        named = {key_id(public) for public in again.get(*CASE, "C-1")["seals"]}  # type: ignore[index]
        assert named in ([{own(ONE), own(TWO)}] if acknowledged else [{own(ONE)}, {own(ONE), own(TWO)}])
        assert named <= again.vault.keys().keys()
        assert faults(again) == []
        give(again, "C-2", bytes([3] * 32))
        assert again.vault.keys().keys() == named | {own(bytes([3] * 32))}, "what nobody names is gone"
        again.close()
        if dying.count < nth:
            break
    assert nth > 6


@pytest.mark.parametrize("how", HOWS)
def test_cut_off_anywhere_an_erasure_ends_with_its_key_destroyed_and_the_log_whole(
    tmp_path: Path, how: str
) -> None:
    nth = taken = 0
    for nth in range(1, 200):
        path = tmp_path / str(nth)
        store, dying = Store.create(path), Dying(nth, how)
        fill(store)
        give(store, "C-1", ONE)
        give(store, "C-2", TWO)
        store.snapshot()
        _done(store, dying, lambda store=store: take_out(store, "C-1"))
        again = Store.open(path)  # which finishes what was begun
        gone = again.get(*CASE, "C-1") is None
        taken += gone
        assert (own(ONE) in kept(again)) == (not gone)
        assert own(TWO) in kept(again)
        assert own(ONE) not in (path / NAME).read_text("utf-8") or not gone
        assert list(unfinished(again.state.log)) == []
        assert again.verify().whole
        assert faults(again) == []
        again.close()
        if dying.count < nth:
            break
    assert nth > 15
    assert taken > 5
    print(f"erasing a case, {how}: cut off at {nth - 1} calls, no key left behind")


def _done(store: Store, dying: Dying, act: object) -> bool:
    """Do something that may be cut off; whether it was acknowledged."""
    with pytest.MonkeyPatch.context() as patch:
        swap(patch, "os", dying)
        try:
            act()  # type: ignore[operator]
        except (Killed, StoreError):
            return False
        finally:
            patch.undo()
            store.close()
    return True


def test_a_backup_made_before_has_the_key_still(store: Store, path: Path, tmp_path: Path) -> None:
    give(store, "C-1", ONE)
    made = backup(store, tmp_path / "one.backup", "", "2026-11-24T09:00:00+00:00")
    take_out(store, "C-1")
    assert own(ONE).encode() not in (path / NAME).read_bytes()
    assert made.path.exists()


def test_a_damaged_vault_keeps_a_key_from_being_dropped_and_the_erasure_unfinished(
    store: Store, path: Path
) -> None:
    """What cannot be read cannot be cleaned: it is said, and done once the vault is back."""
    give(store, "C-1", ONE)
    good = (path / NAME).read_bytes()
    (path / NAME).write_bytes(b"{}")
    with pytest.raises(DamagedError):
        take_out(store, "C-1")
    store.close()
    again = Store.open(path)
    assert any("not finished yet" in remark for remark in again.remarks)
    again.close()
    (path / NAME).write_bytes(good)
    last = Store.open(path)
    assert last.vault.keys() == {}
    assert faults(last) == []
    assert last.verify().whole
    last.close()


def test_an_erasure_that_the_disk_refused_is_finished_with_the_snapshots_keys_first(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Snapshots that stand behind its entry say that it is done: nobody would look at the vault again."""
    give(store, "C-1", ONE)
    write = files.atomic_write

    def full(where: Path, chunks: Iterable[bytes], overwrite: bool = True) -> None:
        if where.name == NAME:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(where, chunks, overwrite)

    with monkeypatch.context() as patch:
        swap(patch, "atomic_write", full)
        with pytest.raises(WriteError):
            take_out(store, "C-1")
    assert kept(store) == {own(ONE)}
    store.snapshot()
    assert kept(store) == set()
    assert list(unfinished(store.state.log)) == []
