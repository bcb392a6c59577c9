"""Several processes on one folder: nothing is lost, nothing is seen half, a kill leaves before or after."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from storekit import head

from store.folder import Store

WRITE = """
import sys
from pathlib import Path
from store.folder import Store
path, name, count, wide = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = Store.open(path)
head = {"at": "2026-11-24T09:00:00+00:00", "actor": name, "role": "dsl", "act": "case.answered"}
for number in range(count):
    with store.change(**head) as tx:
        for one in range(wide):
            tx.put("cases", "answers", {"id": f"{name}-{number}-{one}", "text": "x" * (4000 if wide > 1 else 10)})
        count = (tx.get("cases", "cases", "C-1") or {"count": 0})["count"]
        tx.put("cases", "cases", {"id": "C-1", "count": count + 1})
    print(number, flush=True)
store.close(snapshot=number % 2 == 0)
"""


def writer(path: Path, name: str, count: int, wide: int = 1) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path), name, str(count), str(wide)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )


def test_two_writers_lose_nothing_and_a_reader_only_sees_more(store: Store, path: Path) -> None:
    children = [writer(path, name, 250) for name in "ab"]
    seen = 0
    while any(child.poll() is None for child in children):
        store.refresh()
        assert store.damage is None
        count = (store.get("cases", "cases", "C-1") or {"count": 0})["count"]
        assert count >= seen
        assert len(store.docs("cases", "answers")) == count
        seen = count
    for child in children:
        out, _ = child.communicate()
        assert child.returncode == 0
        assert len(out.split()) == 250
    store.refresh()
    assert store.docs("cases", "cases")["C-1"] == {"id": "C-1", "count": 500, "rev": 500}
    assert len(store.docs("cases", "answers")) == 500
    assert store.verify().whole
    assert store.verify().entries == 506
    assert not [one for one in store.check() if one.level == "fault"]


def test_kills_aimed_at_the_write_lose_nothing_acknowledged(store: Store, path: Path) -> None:
    """Two writers of lines that span pages, killed while the log is growing; after each: check, then go on."""
    rng = random.Random(7)
    log = path / "log" / "2026-11-24T0850.jsonl"
    acknowledged: set[str] = set()
    kills = 0
    end = time.monotonic() + 4
    while kills < 40 and time.monotonic() < end:
        name = f"w{kills}"
        child = writer(path, name, 10_000, wide=rng.choice([1, 4, 30]))
        size = log.stat().st_size
        while log.stat().st_size == size and child.poll() is None:
            pass  # wait for the first byte of a write: the kill is to fall into the next ones
        time.sleep(rng.random() * 0.006)
        child.send_signal(signal.SIGKILL)
        out, _ = child.communicate()
        acknowledged |= {f"{name}-{number}-0" for number in out.split() if number.isdigit()}
        kills += 1
        reader = Store.open(path, readonly=True)
        assert reader.damage is None
        docs = reader.docs("cases", "answers")
        assert acknowledged <= set(docs)
        assert not [one for one in reader.check() if one.level == "fault"]
    assert kills >= 5
    assert acknowledged
    store.note(**head(at="2026-11-24T10:00:00+00:00"))
    assert store.verify().whole
    assert store.docs("cases", "cases")["C-1"]["count"] == len(
        {own.rsplit("-", 1)[0] for own in store.docs("cases", "answers")}
    )


def test_a_kill_while_snapshots_are_written_leaves_a_whole_folder(store: Store, path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from store import files\n"
        "from store.folder import Store\n"
        "store, real, left = Store.open(Path(sys.argv[1])), os.{call}, [int(sys.argv[2])]\n"
        "def dies(*args, **rest):\n"
        "    left[0] -= 1\n"
        "    if left[0] < 0:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*args, **rest)\n"
        "os.{call} = dies\n"
        "store.close(snapshot=True)\n"
    )
    expected = {own: dict(doc) for own, doc in store.docs("pupils", "pupils").items()}
    for call in ("write", "fsync", "replace"):
        for count in range(4):
            subprocess.run(
                [sys.executable, "-c", code.replace("{call}", call), str(path), str(count)],
                env={**os.environ, "PYTHONPATH": os.getcwd()},
                check=False,
            )
            again = Store.open(path)
            assert dict(again.docs("pupils", "pupils")) == expected
            assert not [one for one in again.check() if one.level == "fault"]
            assert not list(path.rglob("*.tmp"))
            again.close()
