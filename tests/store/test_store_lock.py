"""The lock: held shortly, given up with its process, its holder named."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from storekit import head

from store.errors import LockedError, ReadOnlyError
from store.folder import Store

HOLD = """
import sys
from pathlib import Path
from store.lock import Lock
lock = Lock(Path(sys.argv[1]) / ".lock")
with lock.held("deputy"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    return child


def test_a_stalled_holder_is_named_and_a_killed_one_frees_at_once(store: Store, path: Path) -> None:
    child = holder(path)
    try:
        child.send_signal(signal.SIGSTOP)
        other = Store.open(path, lock_limit=0.05)
        begun = time.monotonic()
        with pytest.raises(LockedError, match=rf"process {child.pid} \(deputy\)"):
            other.note(**head())
        assert time.monotonic() - begun < 2
        child.kill()
        child.wait()
        assert other.note(**head())["seq"] == store.head.seq + 1
        other.close()
    finally:
        child.kill()
        child.communicate()


def test_a_lock_that_is_given_back_in_time_is_waited_for(store: Store, path: Path) -> None:
    child = holder(path)
    other = Store.open(path, lock_limit=5)
    timer = threading.Timer(0.05, child.kill)
    timer.start()
    assert other.note(**head())["seq"] == store.head.seq + 1
    timer.join()
    child.communicate()
    other.close()


def test_a_change_inside_a_change_is_refused_not_waited_for(store: Store) -> None:
    with store.change(**head()) as tx:
        with pytest.raises(ReadOnlyError, match="inside another"):
            store.note(**head())
        tx.put("cases", "cases", {"id": "C-1"})
    assert store.get("cases", "cases", "C-1") is not None


def test_threads_of_one_process_wait_for_each_other(store: Store) -> None:
    first = store.head.seq

    def work(name: str) -> None:
        for number in range(20):
            with store.change(**head()) as tx:
                tx.put("cases", "notes", {"id": f"{name}-{number}"})

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.head.seq == first + 40
    assert len(store.docs("cases", "notes")) == 40
    assert store.verify().whole


def test_a_folder_replaced_beneath_us_does_not_swallow_changes(store: Store, path: Path) -> None:
    store.note(**head())
    aside = path.parent / "aside"
    path.rename(aside)
    again = Store.create(path)
    again.note(**head("folder.made"))
    entry = store.note(**head())
    assert entry["seq"] == 2
    assert again.refresh()
    assert again.head.seq == 2
    again.close()
