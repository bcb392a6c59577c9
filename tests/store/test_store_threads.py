"""A program that works ahead in a thread: two that ask for a file at once get the same tables, caught up once."""

import threading
from pathlib import Path

import pytest
from storekit import NEXT, head

from store import snapshots
from store.folder import Store
from store.pages import Tables


def test_a_file_that_two_threads_ask_for_at_once_is_caught_up_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Store.create(path)
    with made.change(**head("folder.made")) as tx:
        tx.put("cases", "notes", {"id": "N-1", "text": "in the snapshot"})
    made.close(snapshot=True)
    made = Store.open(path)
    with made.change(**head(at=NEXT)) as tx:
        tx.put("cases", "notes", {"id": "N-2", "text": "only in the log"})
    made.close()
    store = Store.open(path)
    reading, both = threading.Event(), threading.Event()
    real = snapshots.read

    def slow(root: Path, file: str) -> object:
        if file == "cases":
            reading.set()
            both.wait(5)
        return real(root, file)

    monkeypatch.setattr(snapshots, "read", slow)
    found: list[Tables] = []
    first = threading.Thread(target=lambda: found.append(store.tables("cases")))
    first.start()
    assert reading.wait(5)
    second = threading.Thread(target=lambda: (both.set(), found.append(store.tables("cases"))))
    second.start()
    first.join(10)
    second.join(10)
    assert found[0] is found[1]
    assert set(store.page("cases", "notes").own) == {"N-1", "N-2"}
    store.close()
