"""A day's work in a process of its own, to be killed or refused:
`python -m tests.faults.worker FOLDER long|short [broken]`.

Says on its standard output, a line each, which step began and which was acknowledged. `broken` writes files in place,
not beside it: so is the harness shown to notice.
"""

import itertools
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from store import files
from tests.faults.workload import LONG, SHORT, Player, Step
from tests.filekit import swapped


class Counted:
    """The module `os` with random bytes that are the same in each run: so are the names of temporary files."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def urandom(self, size: int) -> bytes:
        """As `os.urandom`, but counted."""
        return next(self._numbers).to_bytes(size, "big")


def say(word: str, step: Step) -> None:
    """Tell the parent at once, past every buffer."""
    os.write(1, f"{word} {step.id}\n".encode())


def in_place(path: Path, chunks: Iterable[bytes], overwrite: bool = True) -> None:
    """What `files.atomic_write` must not be."""
    fd = files.open_file(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    for chunk in chunks:
        files.write_all(fd, chunk)
    os.fsync(fd)
    files.close(fd)
    files.sync_folder(path.parent)


def main() -> None:
    """Play the steps on the folder."""
    path, steps = Path(sys.argv[1]), LONG if sys.argv[2] == "long" else SHORT
    write = in_place if "broken" in sys.argv[3:] else files.atomic_write
    with swapped(os=Counted(), atomic_write=write):
        player = Player(path, lambda step: say("begun", step), lambda step: say("told", step))
        player.play(steps)
    for step, reason in player.refused.items():
        print(f"refused {step} {reason}", flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main()
