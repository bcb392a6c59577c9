"""A disk that fills up: byte by byte under a limit on file sizes, in a process of its own, and a small real one."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from store.errors import StoreError, WriteError
from store.folder import Store
from tests.faults.counts import Counts
from tests.faults.told import Told, lost, note, unreadable, wrong
from tests.store.storekit import NEXT, fill, head

ROOT = Path(__file__).parents[2]
LATER = "2026-11-25T08:50:00+00:00"
SPAN = 700
"""More bytes than the line that is written takes."""


def run(counts: Counts, root: Path, step: int) -> None:
    """Every limit (each `step` bytes) from an empty file to one that holds the line."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults.filling", str(step)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    *faults, last = child.stdout.splitlines() or [""]
    if child.returncode or not last.isdigit():
        note(counts, "a full disk", [unreadable(f"the process ended: {child.stderr[-300:]}")])
        return
    counts.add("bytes of a full disk", int(last))
    for fault in faults:
        where, kind, words = json.loads(fault)
        note(counts, where, [Told(kind, words)])
    small_disk(counts, root)


def main(step: int) -> None:
    """In the child: say each fault, then how many limits were tried."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        with closing(Store.create(path)) as store:
            fill(store)
        size = sorted((path / "log").iterdir())[-1].stat().st_size
        for at, first in ((NEXT, size), (LATER, 0)):
            for limit in range(first, first + SPAN, step):
                copy = Path(folder) / "copy"
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(path, copy)
                tried += 1
                for kind, words in at_limit(copy, limit, at):
                    print(json.dumps([f"full at byte {limit} ({at[:10]})", kind, words]))
    print(tried)


def at_limit(path: Path, limit: int, at: str) -> Iterator[Told]:
    """One change while no file may grow beyond `limit`, one more when there is room again."""
    with closing(Store.open(path)) as store:
        before = store.head.seq
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            with store.change(**head("case.answered", at)) as tx:
                tx.put("cases", "answers", {"id": "A-1", "text": "x" * 50})
            before += 1
        except WriteError as error:
            if "Free space" not in error.todo or store.head.seq != before:
                yield wrong(f"not told to free space: {error}")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if store.note(**head(at=at))["seq"] != before + 1:
            yield unreadable("after room was made the next change is not the next")
        store.snapshot()
    yield from whole(path, before + 1)


def whole(path: Path, seq: int) -> Iterator[Told]:
    """What is wrong with a folder that should stand at `seq`."""
    with closing(Store.open(path)) as store:
        if store.head.seq != seq or not store.verify().whole:
            yield lost(f"reopened, it stands at {store.head.seq}, not at {seq}")
        for one in store.check():
            if one.level == "fault":
                yield unreadable(f"check: {one}")


def small_disk(counts: Counts, root: Path) -> None:
    """A real disk of 300 KiB, filled until it refuses, then with room again. Needs the right to mount."""
    mount = root / "disk"
    mount.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(mount)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        counts.skipped.append(f"a small disk: {made.stderr.strip() or 'may not mount'}")
        return
    try:
        counts.add("filled disks")
        note(counts, "a disk of 300 KiB", on_small_disk(mount))
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def on_small_disk(mount: Path) -> Iterator[Told]:
    """Write until it is full, be refused, make room, go on."""
    ballast = mount / "ballast"
    ballast.write_bytes(bytes(60_000))
    with closing(Store.create(mount / "data")) as store:
        done = 0
        refused: StoreError | None = None
        while refused is None and done < 2000:
            try:
                with store.change(**head("case.answered", NEXT)) as tx:
                    tx.put("cases", "answers", {"id": f"A-{done}", "text": "x" * (done * 37 % 5000)})
                done += 1
            except StoreError as error:
                refused = error
        if not isinstance(refused, WriteError) or "Free space" not in refused.todo:
            yield wrong(f"it said {refused}")
        try:
            store.snapshot()
            yield wrong("snapshots were written on a full disk")
        except StoreError as error:
            if "Errno" in str(error):
                yield wrong(f"no plain words: {error}")
        yield from whole(mount / "data", done)
        ballast.unlink()
        store.note(**head(at=NEXT))
    yield from whole(mount / "data", done + 1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
