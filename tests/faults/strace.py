"""Every system call that alters the folder, killed or refused in turn by `strace`, until the day's work completes."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from store import errors
from store.folder import Store
from tests.faults.counts import Counts
from tests.faults.judge import judge
from tests.faults.power import FAST
from tests.faults.workload import CHANGES, LONG, SHORT, Put, Step, change

CALLS = (
    "openat write pwrite64 fsync fdatasync rename renameat renameat2 link linkat unlink unlinkat ftruncate fchmod"
).split()
FAULTS = {"KILL": "signal=KILL", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}
FEW = {"write": ("KILL", "ENOSPC"), "link": ("KILL",), "ftruncate": ("KILL", "EIO"), "fdatasync": ("EIO",)}
"""What the short form tries."""
BEFORE = Step("S-before", (Put("cases", "answers", "A-before", "kept"),))
TORN = b'{"entry":{"act":"case.answered","actor":"dsl","at":"2026-11-23T08'
STRACE = ("strace", "-f", "-qq", "-o")
"""Not --seccomp-bpf: with it, strace 6.1 sends no signal."""
WORKER = (sys.executable, "-m", "tests.faults.worker")
MOST = 3000
_PATH = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')


@dataclass
class Ground:
    """What all runs have in common.

    Attributes:
        place: a folder for all of them.
        steps: the day's work.
        long: which form of it the worker is to play.
        broken: whether it is to write files in place.
        paths: every path of the data folder that the work touches, from `{data}` on.
        calls: the calls that it makes there.
    """

    place: Path
    steps: tuple[Step, ...]
    long: bool
    broken: bool
    paths: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def fresh(self, name: str) -> Path:
        """A copy of the folder that the work begins with."""
        return Path(shutil.copytree(self.place / "base", self.place / name))

    def trace(self, data: Path, options: list[str]) -> "subprocess.CompletedProcess[str]":
        """The worker on a folder, under strace."""
        form = ["long" if self.long else "short", *(["broken"] if self.broken else [])]
        return subprocess.run(
            [*STRACE, f"{data}.trace", *options, *WORKER, str(data), *form],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": os.getcwd(),
                "PYTHONHASHSEED": "0",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )


def run(long: bool, broken: bool = False) -> Counts:
    """Kill or refuse each call in turn.

    Args:
        long: every call, killed and refused with a full disk and an I/O error; a few of them if not.
        broken: whether the worker writes files in place, which is to be noticed.
    """
    counts = Counts("calls killed or refused")
    reason = _reason()
    if reason:
        counts.skipped.append(reason)
        return counts
    with tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as made:
        ground = Ground(Path(made).resolve(), LONG if long else SHORT, long, broken)
        _base(ground.place / "base")
        _learn(ground, counts)
        plan = [
            (call, fault) for call in ground.calls for fault in FAULTS if long or fault in FEW.get(call, ())
        ]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for part in pool.map(lambda one: _each(ground, *one), plan):
                _add(counts, part)
    return counts


def _reason() -> str:
    """Why strace cannot be used here; empty if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode == 0:
        return ""
    return f"strace cannot trace here: {(tried.stderr.strip().splitlines() or ['no reason given'])[-1]}"


def _base(path: Path) -> None:
    """A folder with an entry, an unfinished last line and a forgotten temporary file: all are there to be mended."""
    store = Store.create(path)
    change(store, BEFORE)
    store.close()
    (segment,) = (path / "log").iterdir()
    with segment.open("ab") as file:
        file.write(TORN)
    (path / ".cases.json.0badf00d.tmp").write_bytes(b"{")


def _learn(ground: Ground, counts: Counts) -> None:
    """One run without a fault: which paths it touches, by which calls, and that nothing is wrong then."""
    data = ground.fresh("learn")
    done = ground.trace(data, ["-y", "-s", "0", "-e", f"trace={','.join(f'?{one}' for one in CALLS)}"])
    _look(ground, counts, "without a fault", data, done)
    lines = [line for line in Path(f"{data}.trace").read_text().splitlines() if str(data) in line]
    paths = {
        path for line in lines for pair in _PATH.findall(line) for path in pair if path.startswith(str(data))
    }
    ground.paths = sorted("{data}" + path.removesuffix(" (deleted)")[len(str(data)) :] for path in paths)
    used = {line.split(maxsplit=1)[1].split("(")[0] for line in lines}
    ground.calls = [one for one in CALLS if one in used]


def _each(ground: Ground, call: str, fault: str) -> Counts:
    """The first such call, the second, and so on until the work completes without meeting the fault."""
    counts = Counts("")
    for number in count(1):
        data = ground.fresh(f"{call}-{fault}-{number}")
        options = [option for path in ground.paths for option in ("-P", path.format(data=data))]
        options += ["-e", f"trace={call}", "-e", f"inject={call}:{FAULTS[fault]}:when={number}"]
        done = ground.trace(data, options)
        met = "done" not in done.stdout.split() or "(INJECTED)" in Path(f"{data}.trace").read_text()
        if met:
            counts.add("kills" if fault == "KILL" else "calls refused")
        _look(ground, counts, f"{call} {number} {fault}", data, done, killed=met and fault == "KILL")
        shutil.rmtree(data)
        if not met or number > MOST:
            return counts
    return counts


def _look(
    ground: Ground,
    counts: Counts,
    where: str,
    data: Path,
    done: "subprocess.CompletedProcess[str]",
    killed: bool = False,
) -> None:
    """Judge the folder against what the worker said that it was told."""
    if not killed and done.returncode:
        counts.unreadable.append(
            f"{where}: the worker ended with {done.returncode}: {done.stderr.strip()[-300:]}"
        )
    said = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    counts.wrong += [
        f"{where}: the system's own error came out of the store: {' '.join(words)}"
        for words in said
        if _is_raw(words)
    ]
    changes = {step.id for step in ground.steps if step.kind in CHANGES}
    begun, told = (
        [BEFORE.id, *(words[1] for words in said if words[0] == kind and words[1] in changes)]
        for kind in ("begun", "told")
    )
    counts.add("changes acknowledged", len(told) - 1)
    verdict = judge(data, [BEFORE, *ground.steps])
    verdict.report(counts, where, told, begun)
    if verdict.empty:
        counts.lost.append(f"{where}: the whole folder")


def _is_raw(words: list[str]) -> bool:
    """Whether a line of the worker tells of a refusal that is not the store's own."""
    return words[0] == "refused" and not hasattr(errors, words[2].split(":")[0])


def _add(counts: Counts, part: Counts) -> None:
    for what, times in part.done.items():
        counts.add(what, times)
    counts.lost += part.lost
    counts.unreadable += part.unreadable
    counts.wrong += part.wrong
