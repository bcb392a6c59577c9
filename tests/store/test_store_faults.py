"""A disk that is full or fails: clear words, old data whole, no success told after a failed sync."""

import errno
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from storekit import NEXT, everything, head

from store import files
from store.erasing import ERASED, erase
from store.errors import FailedError, StoreError, WriteError
from store.folder import Store
from store.state import State
from tests.filekit import swap

FULL = """
import resource, sys
from pathlib import Path
from store.errors import WriteError
from store.folder import Store
store = Store.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
head = {"at": "2026-11-24T09:00:00+00:00", "actor": "dsl", "role": "dsl", "act": "case.answered"}
done = 0
for number in range(100):
    try:
        with store.change(**head) as tx:
            tx.put("cases", "answers", {"id": f"A-{number}"})
        done += 1
    except WriteError as error:
        assert "Free space" in error.todo, error
        break
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with store.change(**head) as tx:
    tx.put("cases", "answers", {"id": "A-after"})
print(done)
"""


def full_at(path: Path, size: int) -> int:
    child = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(size)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        check=True,
    )
    return int(child.stdout)


def test_a_full_disk_loses_nothing_acknowledged_and_the_program_goes_on(store: Store, path: Path) -> None:
    segment = sorted((path / "log").iterdir())[-1]
    size = segment.stat().st_size
    total = 0
    for more in (1, 300, 1200, 2000):
        done = full_at(path, segment.stat().st_size + more)
        total += done + 1
        again = Store.open(path)
        assert len(again.docs("cases", "answers")) >= done + 1
        assert again.verify().whole
        assert again.verify().entries == 6 + total
        assert not again.check()[:1] or again.check()[0].level == "remark"
        again.close()
    assert segment.stat().st_size > size


def test_a_failed_sync_is_final_for_the_handle_and_never_a_success(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    before = everything(store)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", fails)
        with pytest.raises(FailedError, match="Input/output"), store.change(**head(at=NEXT)) as tx:
            tx.put("cases", "cases", {"id": "C-1"})
        assert tx.entry == {}
    assert everything(store) == before
    with pytest.raises(FailedError, match="could not be made durable"):
        store.note(**head(at=NEXT))
    assert store.readonly
    assert store.refresh()  # the change is in the file: shown by a reread, not by belief
    assert store.get("cases", "cases", "C-1") is not None
    again = Store.open(path)
    assert again.note(**head(at=NEXT))["seq"] == 8
    assert again.verify().whole
    again.close()


def test_a_failed_first_line_of_a_day_leaves_the_folder_whole(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = "2026-11-25T08:50:00+00:00"
    for call, code, kind in (("fsync", errno.EIO, FailedError), ("replace", errno.EIO, FailedError)):
        one = Store.open(path)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, lambda *_, code=code: (_ for _ in ()).throw(OSError(code, "failed")))
            if call == "replace":
                patch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "failed")))
            with pytest.raises(kind):
                one.note(**head(at=later))
        one.close()
        assert Store.open(path).verify().whole
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _no_handles(os.open))
        with pytest.raises(StoreError):
            store.note(**head(at=later))
    assert store.note(**head(at=later))["seq"] == 7
    assert sorted(one.name for one in (path / "log").iterdir())[-1] == "2026-11-25T0850.jsonl"


def _no_handles(real: object) -> object:
    def refused(path: object, flags: int, *rest: object) -> object:
        if flags & os.O_CREAT and str(path).endswith(".tmp"):
            raise OSError(errno.EMFILE, "Too many open files")
        return real(path, flags, *rest)  # type: ignore[operator]

    return refused


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_a_short_write_is_an_error_and_its_rest_is_cut(
    store: Store, path: Path, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note(**head(at=NEXT))
    before, real = store.head, os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: real(fd, data[:kept]))
        with pytest.raises(WriteError, match="disk refused"):
            store.note(**head(at=NEXT))
    assert store.verify().whole
    assert store.head == before
    assert store.note(**head(at=NEXT))["seq"] == before.seq + 1
    assert store.verify().whole


def test_a_short_write_that_cannot_be_cut_is_cut_by_the_next_writer(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.note(**head(at=NEXT))
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: real(fd, data[:50]))
        patch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "no")))
        with pytest.raises(WriteError):
            store.note(**head(at=NEXT))
    other = Store.open(path)
    other.note(**head(at=NEXT))
    assert [entry["act"] for entry in other.entries()][-2] == "log.tail-cut"
    store.note(**head(at=NEXT))
    assert store.head.seq == other.head.seq + 1
    assert store.verify().whole
    other.close()


def test_after_an_erasure_that_could_not_be_read_back_nothing_is_written_into_the_replaced_file(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.change(**head(at=NEXT)) as tx:
        tx.put("cases", "answers", {"id": "A-1"})

    def refused(self: State) -> None:
        self._clear()
        raise WriteError("the disk refused", "school.json")

    with monkeypatch.context() as patch:
        patch.setattr(State, "load", refused)
        with pytest.raises(WriteError, match="disk refused"):
            erase(store, lambda: store.change(**head(ERASED, NEXT)), lambda *named: named[2] == "A-1")
    assert store.note(**head(at=NEXT)) in list(Store.open(path).entries())


def test_an_erasure_that_cannot_list_the_log_says_so_in_our_words(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, refusals = files.names, 0
    for nth in range(1, 40):
        left = [nth]

        def refused(folder: Path, left: list[int] = left) -> list[str]:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.EMFILE, "Too many open files", str(folder))
            return real(folder)

        with monkeypatch.context() as patch:
            swap(patch, "names", refused)
            with suppress(WriteError):  # nothing else may come out
                erase(store, lambda: store.change(**head(ERASED, NEXT)), lambda *named: named[2] == "P-1")
        if left[0] > 0:
            break
        refusals += 1
    assert refusals >= 3
    assert store.verify().whole


def test_an_erasure_passes_over_a_last_line_of_which_a_page_was_lost(store: Store, path: Path) -> None:
    segment = sorted((path / "log").iterdir())[-1]
    with segment.open("ab") as file:
        file.write(b"\0" * 40 + b'"parts":[]}\n')
    found = erase(store, lambda: store.change(**head(ERASED)), lambda *named: named[2] == "P-1")
    assert found.documents == 1
    with segment.open("ab") as file:
        file.write(b"\0" * 40 + b'"parts":[]}\n')
    assert store.finish_erasing().now == 0
