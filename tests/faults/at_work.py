"""A process on a shared folder, for `processes`: writes, reads or holds the lock.

With `broken` it takes no lock at all; with `meet` two writers try to be inside a change at once.
"""

import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from store import files
from store.folder import Store

HEAD = {"at": "2026-11-24T09:00:00+00:00", "role": "dsl", "act": "case.answered"}
WIDE = 3
"""Documents of 4,000 characters in each change: a line spans pages."""


def write(path: Path, name: str, most: int) -> None:
    """When told to, make changes, `most` of them (0 = until killed), and say each once it is acknowledged."""
    store = Store.open(path)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(most) if most else count():
        with store.change(actor=name, **HEAD) as tx:
            if number == 0 and "meet" in sys.argv:
                meet(path.parent, name)
            for one in range(WIDE):
                tx.put("cases", "answers", {"id": f"{name}-{number}-{one}", "text": "x" * 4000})
            before = tx.get("cases", "cases", "C-1") or {"count": 0}
            tx.put("cases", "cases", {"id": "C-1", "count": before["count"] + 1})
        print(f"{name}-{number}", flush=True)
    store.close(snapshot=True)


def meet(folder: Path, name: str) -> None:
    """Wait inside a change until another writer is inside one, which a lock does not let happen; for 0.5 s."""
    (folder / f"inside-{name}").touch()
    end = time.monotonic() + 0.5
    while len(list(folder.glob("inside-*"))) < 2 and time.monotonic() < end:
        time.sleep(0.002)


def read(path: Path, name: str, most: int) -> None:
    """Look again and again until the input ends or the folder is wrong; then say how often, and what was wrong."""
    store = Store.open(path, readonly=True)
    seen, head, looks = 0, 0, 0
    while not (path.parent / "enough").exists():
        store.refresh()
        looks += 1
        counted = store.get("cases", "cases", "C-1") or {"count": 0, "rev": 0}
        wrong = ""
        if store.damage is not None:
            wrong = str(store.damage)
        elif counted["count"] != counted["rev"] or counted["rev"] < seen or store.head.seq < head:
            wrong = f"revision {counted['rev']} with {counted['count']} after {seen}"
        elif len(store.docs("cases", "answers")) != WIDE * counted["count"]:
            wrong = f"{len(store.docs('cases', 'answers'))} documents of {counted['count']} changes"
        if wrong:
            print("wrong", wrong, flush=True)
            return
        seen, head = counted["rev"], store.head.seq
        time.sleep(0.0005)  # the others are to have the processor
    print("looks", looks, flush=True)


def hold(path: Path, name: str, most: int) -> None:
    """Hold the lock until killed."""
    with Store.open(path)._lock.held(name):
        print("held", flush=True)
        sys.stdin.read()


DEEDS: dict[str, Callable[[Path, str, int], None]] = {"write": write, "read": read, "hold": hold}

if __name__ == "__main__":
    if "broken" in sys.argv:
        files.lock_now = lambda fd: True
    DEEDS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
