"""`python -m tests.fuzz --seconds 60 [NAME ...]`: each loader in a process of its own, with 100 MiB more than it has.

With atheris at hand the inputs are led by what they reach; else they are mutated by chance. A finding is kept in the
corpus, where every later run, and the tests, try it first.
"""

import argparse
import hashlib
import importlib.util
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutate import inputs
from tests.fuzz.targets import BY_NAME, TARGETS, Target
from tests.fuzz.trial import attempt

ROOT = Path(__file__).parents[2]
ROOM = 100 << 20
"""Bytes that one input may take."""


def main(arguments: Sequence[str]) -> int:
    """0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--here", action="store_true", help="in this process: what the others are started with"
    )
    parser.add_argument("names", nargs="*", choices=[[], *BY_NAME], default=[])
    asked = parser.parse_args(arguments)
    if asked.here:
        return alone(BY_NAME[asked.names[0]], asked.seconds, asked.seed)
    broken = [
        target.name
        for target in [BY_NAME[name] for name in asked.names] or TARGETS
        if subprocess.run(child(target, asked.seconds, asked.seed), cwd=ROOT, check=False).returncode
    ]
    print(f"{len(broken)} loaders with findings: {', '.join(broken) or 'none'}")
    return int(bool(broken))


def child(target: Target, seconds: float, seed: int) -> list[str]:
    """The command of the process that tries one loader."""
    if importlib.util.find_spec("atheris") is not None:
        return [sys.executable, "-m", "tests.fuzz.led", target.name, str(max(1, int(seconds)))]
    words = [sys.executable, "-m", "tests.fuzz", "--here", f"--seconds={seconds}", f"--seed={seed}"]
    return [*words, target.name]


def alone(target: Target, seconds: float, seed: int) -> int:
    """One loader, in a process that may take `ROOM` more than it has."""
    seeds = [one.read_bytes() for one in target.corpus()]
    found = {words for data in seeds if (words := attempt(target, data))}
    limited()
    tried, end = len(seeds), time.monotonic() + seconds
    for data in inputs(seeds, random.Random(seed)):
        if time.monotonic() > end or len(found) >= 20:
            break
        tried += 1
        words = attempt(target, data)
        if words and words.split(":")[0] not in {one.split(":")[0] for one in found}:
            found.add(words)
            keep(target, data)
    print(f"{target.name}: {tried:,} inputs, {len(found)} findings", flush=True)
    for words in sorted(found):
        print(f"    {words}")
    return int(bool(found))


def limited() -> None:
    """From here on the process may not take more than `ROOM` beside what it has."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def keep(target: Target, data: bytes) -> None:
    """Put an input into the corpus."""
    (target.corpus()[0].parent / f"found-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
