"""`python -m tests.faults`: every family of faults at full length; ends with 0 if every promise was kept."""

import importlib
import sys
import time
from collections.abc import Sequence

from tests.faults.counts import Counts

FAMILIES = ("power", "moves", "strace", "bytes", "full", "processes", "people")
"""Modules of this package, each with `run(long: bool) -> Counts`, in the order in which they are run."""


def main(arguments: Sequence[str]) -> int:
    """Run the families named in the arguments, all of them if none is; 0 if every promise was kept.

    Args:
        arguments: names of families, and `--short` for the short form that the tests run.
    """
    long = "--short" not in arguments
    named = [one for one in arguments if one != "--short"]
    strange = [one for one in named if one not in FAMILIES]
    if strange:
        print(f"no such family of faults: {', '.join(strange)}; there are {', '.join(FAMILIES)}")
        return 2
    total = Counts("in all")
    for family in named or FAMILIES:
        start = time.monotonic()
        found: Counts = importlib.import_module(f"tests.faults.{family}").run(long)
        first, *rest = found.lines()
        print("\n".join([f"{first} ({time.monotonic() - start:.0f} s)", *rest]), flush=True)
        _join(total, found)
    print(total.lines(most=0)[0])
    return 1 if total.broken else 0


def _join(total: Counts, found: Counts) -> None:
    for what, times in found.done.items():
        total.add(what, times)
    total.lost += found.lost
    total.unreadable += found.unreadable
    total.wrong += found.wrong
    total.skipped += found.skipped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
