"""The store against its peers, taken in turn in one run; ratios are medians of per-round ratios (design 10).

python benchmarks/bench_store.py [--rounds 400] [--pupils 2000] [--dir DIR]
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import rfc8785

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from store.canon import trusted
from store.folder import Store
from store.lines import build, entry_head
from store.log import segment_name
from store.verifying import verify

FRESH = 1.2
"""Seconds after which a segment's time of change tells of every later one: a mark in a folder that was made just now
lists the log each time, which no mark later in the day does."""

CODES, LENGTH, TERMS = "/\\NLICMOBTV", 70, 6
NOW = "2026-11-24T09:{:02d}:{:02d}+00:00"


# data --------------------------------------------------------------------------------------------------------


def year_file(year: int) -> str:
    return f"register-{year}-{(year + 1) % 100:02d}"


def mark_id(pupil: int, term: int) -> str:
    return f"M-{pupil:05d}{term}X"


def fill(path: Path, pupils: int, years: int) -> None:
    """A folder with the marks of some years, snapshots written."""
    rng = random.Random(5)
    store = Store.create(path)
    with store.change(**head("folder.made", "2016-09-01T08:00:00+01:00")) as tx:
        tx.put("people", "people", {"id": "attendance", "roles": ["attendance"]})
        tx.put("school", "school", {"id": "settings", "name": "Riverside"})
        for pupil in range(pupils):
            tx.put(
                "pupils",
                "pupils",
                {"id": f"P-{pupil:05d}XX", "name": f"Pupil {pupil}", "class": f"{pupil // 30}A"},
            )
    store.close()
    if years > 1:
        history(path, store, years * 190, {30: 10, 1: 5, 0: 3})
    store = Store.open(path)
    for year in range(2027 - years, 2027):
        with store.change(**head("register.imported", NOW.format(0, 0))) as tx:
            for pupil in range(pupils):
                for term in range(TERMS):
                    codes = "".join(rng.choices(CODES, k=LENGTH))
                    doc = {
                        "id": mark_id(pupil, term),
                        "pupil": f"P-{pupil:05d}XX",
                        "from": f"{year}-09-01",
                        "codes": codes,
                    }
                    tx.put(year_file(year), "marks", doc)
    store.note(**head("checkpoint.made", NOW.format(0, 1)))
    store.close(snapshot=True)


def head(act: str, at: str) -> dict[str, Any]:
    return {"act": act, "at": at, "actor": "attendance", "role": "attendance"}


def history(path: Path, store: Store, days: int, kinds: dict[int, int]) -> None:
    """A segment a school day, chained as the store would; `kinds` = how many lines of how many marks a day."""
    seq, prev = store.head
    day = date(2016, 9, 2)
    acts = {30: "register.taken", 1: "mark.drafted", 0: "case.viewed"}
    wide = [width for width, count in kinds.items() for _ in range(count)]
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
        rows = []
        for number, width in enumerate(wide):
            at = f"{day}T08:{number // 60 % 60:02d}:{number % 60:02d}+00:00"
            splices = {str(number * 30 + one + 10_000): [[7, "/"]] for one in range(width)}
            op = {"file": "register-2016-17", "note": splices}
            entry = entry_head(at, "attendance", "attendance", acts[width], f"P-7Q2M4X{number:03d}", None)
            parts = [trusted({"op": [op], "salt": "A" * 22})] if width else []
            raw, made = build(entry, seq + 1, prev, parts)
            seq, prev = made.seq, made.hash
            rows.append(raw)
        place = path / "log" / segment_name(f"{day}T08:00:00")
        place.write_bytes(b"".join(rows))
        place.chmod(0o600)


# contestants -------------------------------------------------------------------------------------------------


class Marks:
    """One durable mark through the store: a splice with its entry."""

    def __init__(self, path: Path, pupils: int) -> None:
        self.store, self.pupils, self.count = Store.open(path), pupils, 0
        self.store.docs(year_file(2026), "marks")

    def __call__(self) -> None:
        self.count += 1
        at = NOW.format(self.count // 60 % 60, self.count % 60)
        pupil = self.count * 7 % self.pupils
        with self.store.change(**head("mark.drafted", at), subject=f"P-{pupil:05d}XX") as tx:
            tx.splice(
                year_file(2026),
                "marks",
                mark_id(pupil, 1),
                self.count % LENGTH,
                "LN"[self.count // LENGTH % 2],
            )


class Sqlite:
    """The same in sqlite3: WAL, synchronous=FULL, update and chained audit row in one transaction."""

    def __init__(self, path: Path, pupils: int) -> None:
        self.db, self.pupils, self.count, self.prev = (
            sqlite3.connect(path, isolation_level=None),
            pupils,
            0,
            "0" * 64,
        )
        self.db.executescript(
            "pragma journal_mode=wal; pragma synchronous=full;"
            "create table marks (pupil integer, term integer, pos integer, code text,"
            " primary key (pupil, term, pos)) without rowid;"
            "create table audit (seq integer primary key, at, actor, act, subject, prev, hash);"
        )
        rows = ((p, t, n, "/") for p in range(pupils) for t in range(TERMS) for n in range(LENGTH - 6))
        self.db.execute("begin")
        self.db.executemany("insert into marks values (?,?,?,?)", rows)
        self.db.execute("commit")
        self.db.execute("pragma wal_checkpoint(truncate)")

    def __call__(self) -> None:
        self.count += 1
        pupil, place = self.count * 7 % self.pupils, self.count % (LENGTH - 6)
        at = NOW.format(self.count // 60 % 60, self.count % 60)
        row = (at, "attendance", "mark.drafted", f"P-{pupil:05d}XX", self.prev)
        self.prev = hashlib.sha256(repr(row).encode()).hexdigest()
        change = "update marks set code = case code when 'L' then 'N' else 'L' end where pupil=? and term=1 and pos=?"
        self.db.execute("begin immediate")
        self.db.execute(change, (pupil, place))
        self.db.execute("insert into audit values (null,?,?,?,?,?,?)", (*row, self.prev))
        self.db.execute("commit")


class Append:
    """The floor: append as many bytes as a mark's line has, and sync."""

    def __init__(self, path: Path, count: int) -> None:
        self.fd, self.data = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), b"x" * count

    def __call__(self) -> None:
        os.write(self.fd, self.data)
        os.fdatasync(self.fd)


def in_turn(rounds: int, contestants: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    """Microseconds of each contestant in each round, in turn; a few rounds to warm up are left out."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 20):
        for name, act in contestants.items():
            begun = time.perf_counter()
            act()
            if number >= 20:
                times[name].append((time.perf_counter() - begun) * 1e6)
    return times


def ratio(one: list[float], other: list[float]) -> float:
    """The median of the ratios round by round."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def best_ms(act: Callable[[], object], times: int = 7) -> float:
    """The median time of an act in ms, by the clock: it may wait for another program."""
    return statistics.median(timed(act, time.perf_counter) for _ in range(times))


def timed(act: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Milliseconds of one act; of the processor if not said otherwise, so that others' turns do not count."""
    begun = clock()
    act()
    return (clock() - begun) * 1e3


def peer_verify(path: Path) -> int:
    """What `json.loads` and `rfc8785` need for the same proof: canonical to the byte, digests, hashes, chain."""
    prev, count = "0" * 64, 0
    for place in sorted((path / "log").iterdir()):
        for raw in place.read_bytes().splitlines():
            line = json.loads(raw)
            entry = line["entry"]
            parts = [rfc8785.dumps(part) for part in line["parts"]]
            assert b'{"entry":%b,"parts":[%b]}' % (rfc8785.dumps(entry), b",".join(parts)) == raw
            digests = [hashlib.sha256(part).hexdigest() for part in parts]
            body = {key: value for key, value in entry.items() if key != "hash"}
            assert hashlib.sha256(rfc8785.dumps(digests)).hexdigest() == entry["digest"]
            assert hashlib.sha256(rfc8785.dumps(body)).hexdigest() == entry["hash"]
            assert entry["prev"] == prev
            prev, count = entry["hash"], count + 1
    return count


def rows(args: argparse.Namespace, home: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured: name, figure, goal."""
    fill(home / "one", args.pupils, 1)
    fill(home / "ten", args.pupils, 10)
    one, ten = Marks(home / "one", args.pupils), Marks(home / "ten", args.pupils)
    size = last_line(home / "one", one)
    time.sleep(FRESH)
    contestants = {
        "mark": one,
        "sqlite": Sqlite(home / "peer.db", args.pupils),
        "append": Append(home / "append", size),
        "ten": ten,
    }
    times = in_turn(args.rounds, contestants)
    for name, values in times.items():
        yield f"  {name}, median", f"{statistics.median(values):.0f} us", ""
    yield (
        "mark : sqlite WAL FULL, update + audit row",
        f"{ratio(times['mark'], times['sqlite']):.2f}",
        "<= 0.9",
    )
    yield "mark : bare append + fdatasync", f"{ratio(times['mark'], times['append']):.2f}", "<= 1.35"
    yield "ten years in the folder : first", f"{ratio(times['ten'], times['mark']):.2f}", "<= 1.15"
    yield "bytes of a mark with its entry", str(size), "<= 600"
    yield "bytes of a register of 30", str(register(one)), "<= 1536"
    yield from counted(home)
    yield from opening(home, one, ten)
    yield from remembered(home)
    yield from proving(home)
    yield "import store.folder, over tinydb and msgspec", f"{importing():.0f} ms", "<= 15 ms"


def last_line(path: Path, mark: Marks) -> int:
    mark()
    return len(sorted((path / "log").iterdir())[-1].read_bytes().splitlines(keepends=True)[-1])


def register(mark: Marks) -> int:
    before = mark.store.state.place.end
    with mark.store.change(**head("register.taken", NOW.format(59, 59)), subject="9B:2026-11-24AM") as tx:
        for pupil in range(30):
            tx.splice(year_file(2026), "marks", mark_id(pupil, 2), 5, "X")
        tx.put(
            year_file(2026),
            "taken",
            {"id": "T-7Q2M4X", "class": "9B", "session": "2026-11-24AM", "by": "attendance"},
        )
    return mark.store.state.place.end - before


def counted(home: Path) -> Iterator[tuple[str, str, str]]:
    """Syncs and bytes written, as the system saw them: strace beside a process that marks and takes a register."""
    strace = shutil.which("strace")
    told = home / "calls"
    command = [strace or "", "-f", "-e", "trace=write,pwrite64,writev,fsync,fdatasync,msync", "-o", str(told)]
    ours = [sys.executable, __file__, "--deeds", str(home / "ten")]
    if strace is None or subprocess.run([*command, *ours], capture_output=True, check=False).returncode:
        yield "syncs and bytes (strace)", "skipped: no strace, or no ptrace", "one sync"
        return
    _, *deeds = re.split(r"write\(2, .deed (\w+).*\n", told.read_text("utf-8", "replace"))
    for name, calls in zip(deeds[::2], deeds[1::2], strict=True):
        if name == "end":
            return
        syncs = len(re.findall(r"(?:sync)\(", calls))
        written = sum(map(int, re.findall(r"write(?:64|v)?\(.* = (\d+)$", calls, re.MULTILINE)))
        goal = "1 sync, <= 600 B" if name == "mark" else "1 sync, <= 1536 B"
        yield f"strace: a {name}", f"{syncs} sync, {written} B", goal


def deeds(path: Path) -> None:
    """What `counted` watches; each deed is announced on stderr."""
    mark = Marks(path, 30)
    mark()
    for name, act in (("mark", mark), ("register", lambda: register(mark)), ("end", lambda: None)):
        os.write(2, f"deed {name}\n".encode())
        act()
    os._exit(0)


EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self): yield Static("x")
    def on_mount(self): self.exit()
"""
LOADED = """
from pathlib import Path
from store.folder import Store
store = Store.open(Path({path!r}), readonly=True)
for file in ("school", "people", "pupils", "register-2026-27"):
    store.tables(file)
"""
RUN = """
import asyncio, re
async def main():
    async with Empty().run_test(): pass
asyncio.run(main())
# not getrusage: its peak is that of the parent before this program took its place
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def remembered(home: Path) -> Iterator[tuple[str, str, str]]:
    """Peak memory of an empty Textual app with the year loaded, against one without, in turn."""
    loaded = LOADED.format(path=str(home / "one"))

    def peak(code: str) -> int:
        command = [sys.executable, "-c", code]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        return int(subprocess.run(command, capture_output=True, env=env, check=True).stdout.split()[-1])

    pairs = [(peak(EMPTY_APP + loaded + RUN), peak(EMPTY_APP + RUN)) for _ in range(5)]
    ours, empty = (statistics.median(column) / 1024 for column in zip(*pairs, strict=True))
    yield "  peak memory with the year, without", f"{ours:.0f}, {empty:.0f} MiB", ""
    yield (
        "peak memory with the year : empty Textual app",
        f"{statistics.median(a / b for a, b in pairs):.2f}",
        "<= 1.8",
    )


def opening(home: Path, one: Marks, ten: Marks) -> Iterator[tuple[str, str, str]]:
    one.store.close(snapshot=True)
    ten.store.close(snapshot=True)

    def ready(name: str) -> Callable[[], None]:
        def act() -> None:
            store = Store.open(home / name, readonly=True)  # a writer would write the snapshots at its end
            store.page(year_file(2026), "marks").numbers  # noqa: B018 - what the first mark needs
            store.close()

        return act

    shutil.copytree(home / "one", home / "base")
    real, os.fdatasync = os.fdatasync, lambda fd: None
    try:
        act = Marks(home / "one", one.pupils)
        for _ in range(10_000):
            act()
    finally:
        os.fdatasync = real
    acts = {name: ready(name) for name in ("base", "ten", "one")}
    times = [{name: timed(act) for name, act in acts.items()} for _ in range(15)]
    yield "open, ready to mark", f"{statistics.median(t['base'] for t in times):.0f} ms", "<= 50 ms"
    yield "the same with ten years in the folder", f"{statistics.median(t['ten'] for t in times):.0f} ms", ""
    added = statistics.median(t["one"] - t["base"] for t in times)
    yield "10,000 changes not in a snapshot add", f"{added:.0f} ms", "<= 60 ms"


def proving(home: Path) -> Iterator[tuple[str, str, str]]:
    """Forty days of a school of 2,000: 67 classes twice a day, late marks and views between them."""
    store = Store.create(home / "proof")
    store.note(**head("folder.made", "2016-09-01T08:00:00+01:00"))
    store.close()
    history(home / "proof", store, 40, {30: 134, 1: 60, 0: 40})
    ours, theirs, ratios = [], [], []
    for _ in range(5):
        # processor time: neither waits for a disk, and other programs' turns are not theirs
        begun = time.process_time()
        verdict = verify(home / "proof")
        ours.append(time.process_time() - begun)
        begun = time.process_time()
        count = peer_verify(home / "proof")
        theirs.append(time.process_time() - begun)
        ratios.append(theirs[-1] / ours[-1])
        assert verdict.whole, verdict.problems[:3]
        assert verdict.entries == count
    yield f"log verify, {count} entries", f"{count / min(ours):,.0f} entries/s", ""
    yield "json.loads + rfc8785 : log verify", f"{statistics.median(ratios):.1f}", ">= 10"


def importing() -> float:
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def run(code: str) -> float:
        return best_ms(
            lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True), 15
        )

    return run("import store.folder") - run("import tinydb, msgspec")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--pupils", type=int, default=2000)
    parser.add_argument("--dir", default=None)
    parser.add_argument("--deeds", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.deeds:
        deeds(args.deeds)
    with tempfile.TemporaryDirectory(dir=args.dir) as home:
        print(f"The store, {args.pupils} pupils, {args.rounds} rounds in turn")
        for name, figure, goal in rows(args, Path(home)):
            print(f"  {name:<48}{figure:>22}   {goal}", flush=True)


if __name__ == "__main__":
    main()
