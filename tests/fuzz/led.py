"""`python -m tests.fuzz.led NAME SECONDS`: atheris leads the inputs by what they reach. Needs atheris."""

import sys
import tempfile
from pathlib import Path

import atheris

PACKAGES = ["store", "rules", "workbench", "tomllib", "csv", "json"]
ROOM = 100
"""MiB beside what the process has when it begins."""
PAGES = 256
"""In a MiB."""

with atheris.instrument_imports(include=PACKAGES):
    from tests.fuzz.targets import BY_NAME
    from tests.fuzz.trial import attempt


class FoundError(Exception):
    """An input that no loader should come to grief on."""


def main(name: str, seconds: str) -> None:
    """Try one loader; the process ends with another code than 0 at the first finding, which is kept."""
    target = BY_NAME[name]
    seeds = target.corpus()
    for one in seeds:
        attempt(target, one.read_bytes())  # what is loaded late is loaded now, before memory is counted

    def one_input(data: bytes) -> None:
        words = attempt(target, data)
        if words:
            raise FoundError(words)

    most = int(Path("/proc/self/statm").read_text("ascii").split()[1]) // PAGES + ROOM
    folder = seeds[0].parent
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={most}", "-timeout=10", "-max_len=20000"]
    with tempfile.TemporaryDirectory() as new:
        words = [*limits, f"-artifact_prefix={folder}/found-", "-print_final_stats=1", "-verbosity=0"]
        atheris.Setup([name, *words, new, str(folder)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
