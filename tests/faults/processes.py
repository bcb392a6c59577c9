"""Several processes on one folder: kills aimed at the write, a reader beside them, a holder that stands still."""

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from store.errors import LockedError, StoreError
from store.folder import Store
from tests.faults.at_work import WIDE
from tests.faults.counts import Counts
from tests.faults.told import Told, lost, note, unreadable, wrong
from tests.store.storekit import NEXT, fill, head

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds after which a process that should write is taken for dead."""


LONG = ((2, 60, 250), (4, 30, 120))
"""How many writers, how many rounds of kills, how many changes of each that races."""
SHORT = ((2, 0, 12), (4, 1, 0))


def run(long: bool) -> Counts:
    """Two writers, then four; at full length some hundred kills of each."""
    counts = Counts("processes")
    for writers, rounds, most in LONG if long else SHORT:
        with tempfile.TemporaryDirectory() as folder:
            if most:
                racing(counts, made(Path(folder) / "race"), writers, most)
            if rounds:
                killing(counts, made(Path(folder) / "kills"), writers, rounds)
    with tempfile.TemporaryDirectory() as folder:
        standing(counts, made(Path(folder)), 5.0 if long else 0.3)
    return counts


def made(folder: Path) -> Path:
    """A small folder to work on."""
    with closing(Store.create(folder / "data")) as store:
        fill(store)
    return folder / "data"


def start(deed: str, path: Path, name: str, most: int = 0, *how: str) -> "subprocess.Popen[str]":
    """A process at work on the folder, or ready for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.at_work", deed, str(path), name, str(most), *how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def go(children: "list[subprocess.Popen[str]]") -> None:
    """Let writers begin at once, when all are ready."""
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()


@contextmanager
def reader(counts: Counts, path: Path) -> Iterator[None]:
    """A process that looks on, and says what it saw that cannot be."""
    enough = path.parent / "enough"
    enough.unlink(missing_ok=True)
    child = start("read", path, "reader")
    try:
        yield
    finally:
        enough.touch()
        out, err = child.communicate(timeout=PATIENCE)
        kind, _, words = out.strip().partition(" ")
        if kind == "looks":
            counts.add("looks of a reader", int(words))
        else:
            note(counts, "a reader", [wrong(words or err[-300:])])


def racing(counts: Counts, path: Path, writers: int, most: int, *how: str) -> None:
    """Writers that each make `most` changes at once, and a reader."""
    with reader(counts, path):
        children = [start("write", path, f"w{number}", most, *how) for number in range(writers)]
        go(children)
        said: set[str] = set()
        for child in children:
            out, err = child.communicate(timeout=300)
            said |= set(out.split())
            if child.returncode:
                note(counts, f"{writers} writers", [unreadable(f"one ended: {err[-200:]}")])
    counts.add("changes of racing writers", len(said))
    note(counts, f"{writers} writers", judge(path, said, len(said) == writers * most))


def killing(counts: Counts, path: Path, writers: int, rounds: int) -> None:
    """Writers without end, killed one after the other, each within 6 ms after the log began to grow."""
    chance = random.Random(11)
    said: set[str] = set()
    with reader(counts, path):
        for round_ in range(rounds):
            children = [start("write", path, f"k{round_}x{number}") for number in range(writers)]
            try:
                go(children)
                for victim in children:
                    aim(path, chance)
                    victim.kill()
                    counts.add("kills aimed at a write")
            finally:
                for child in children:
                    child.kill()
                    said |= finished(child)
            note(counts, f"{writers} writers killed", judge(path, said, exact=False))
    with closing(Store.open(path)) as store:
        store.note(**head(at=NEXT))
    note(counts, f"{writers} writers killed, at last", judge(path, said, exact=True))


def aim(path: Path, chance: random.Random) -> None:
    """Wait until the log grows, then up to 6 ms more."""
    end = time.monotonic() + PATIENCE
    before = size(path)
    while size(path) == before and time.monotonic() < end:
        pass
    time.sleep(chance.random() * 0.006)


def size(path: Path) -> int:
    """Bytes of the newest segment."""
    return max((path / "log").iterdir()).stat().st_size


def finished(child: "subprocess.Popen[str]") -> set[str]:
    """What a process had acknowledged; a word cut by the kill was not."""
    out, _ = child.communicate()
    return {
        line for line in out.splitlines(keepends=False) if line.count("-") == 1 and out.count(line + "\n")
    }


def judge(path: Path, said: set[str], exact: bool) -> Iterator[Told]:
    """Everything that was said to be done is there, whole; and nothing by halves."""
    try:
        with closing(Store.open(path, readonly=True)) as store:
            if store.damage is not None:
                yield unreadable(str(store.damage))
                return
            found = list(store.docs("cases", "answers"))
            kept = {own.rsplit("-", 1)[0] for own in found}
            if said - kept:
                yield lost(f"{len(said - kept)} acknowledged changes: {sorted(said - kept)[:3]}")
            count = (store.get("cases", "cases", "C-1") or {"count": 0})["count"]
            if len(found) != WIDE * len(kept) or count != len(kept):
                yield wrong(
                    f"{len(found)} documents of {len(kept)} changes, {count} counted, {len(said)} said"
                )
            if exact:
                faults = [str(one) for one in store.check() if one.level == "fault"]
                if faults or not store.verify().whole:
                    yield unreadable(f"check: {faults[:2]}")
    except StoreError as error:
        yield unreadable(str(error))


def standing(counts: Counts, path: Path, limit: float) -> None:
    """A holder of the lock is stopped: another waits for `limit` seconds at most and is told who; killed, it frees."""
    child = start("hold", path, "deputy")
    try:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGSTOP)
        counts.add("stopped holders")
        with closing(Store.open(path, lock_limit=limit)) as store:
            note(counts, "a stopped holder", waiting(store, child.pid, limit))
            child.kill()
            child.wait()
            store.note(**head(at=NEXT))
    except StoreError as error:
        note(counts, "a stopped holder", [unreadable(f"not freed: {error}")])
    finally:
        child.kill()
        child.communicate()


def waiting(store: Store, pid: int, limit: float) -> Iterator[Told]:
    """What is wrong with the wait for a holder that does nothing."""
    begun = time.monotonic()
    try:
        store.note(**head(at=NEXT))
        yield wrong("a change was taken while another held the lock")
    except LockedError as error:
        if f"process {pid} (deputy)" not in str(error):
            yield wrong(f"the holder is not named: {error}")
    if time.monotonic() - begun > limit + 1:
        yield wrong(f"the wait took {time.monotonic() - begun:.1f} s")
    if store.get("school", "school", "settings") is None:
        yield unreadable("nothing can be read meanwhile")
