"""A line that is cut, stalls or is killed, over a real SSH server on this machine: what is left of the session.

It takes some seconds: `pytest -m "not slow"` leaves it out. Without an SSH server it is skipped, and says so.
"""

import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NOW, signer
from tests.screens.sshkit import LIMIT, Server, Session, missing
from tests.screens.test_ssh import sign_in
from workbench.desk import folders, registers
from workbench.desk.clock import FixedClock

ROOT = Path(__file__).parents[2]
WITHIN = 5.0
"""Seconds after it can be known in which the program is gone."""
PROGRAM = """
import os, signal, sys, time
mine = os.fork()
if mine:                                   # outlives the line, to tell how the program ended
    for number in (signal.SIGHUP, signal.SIGCONT):
        signal.signal(number, signal.SIG_IGN)
    with open(sys.argv[3], "w") as notes:
        print(mine, os.getppid(), os.getpid(), file=notes, flush=True)
        _, status, used = os.wait4(mine, 0)
        code = os.waitstatus_to_exitcode(status)
        print(code, time.monotonic(), used.ru_utime + used.ru_stime, file=notes)
    sys.exit(code)
from screens.cli import harden, run
from screens.commands.session import World
from workbench.desk.clock import FixedClock
harden()
code = run(["--data", sys.argv[1]], World(FixedClock(sys.argv[2])))
os._exit(code)
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=f"no SSH server: {missing()}")]


class Alive(Server):
    """A server that asks its clients every second whether they are there, as docs/ssh.md has it with longer times."""

    def _configuration(self, command: str) -> str:
        return super()._configuration(command) + "ClientAliveInterval 1\nClientAliveCountMax 2\n"


class Notes:
    """What the parent of the program wrote down of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self, count: int) -> list[list[str]]:
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            found = self.path.read_text().splitlines() if self.path.exists() else []
            if len(found) >= count:
                return [line.split() for line in found]
            os.sched_yield()
        raise AssertionError(f"the program did not end: {found}")

    @property
    def pids(self) -> tuple[int, int, int]:
        """The program, the server's process for the session, and the process that writes this."""
        first = self.lines(1)[0]
        return int(first[0]), int(first[1]), int(first[2])

    @property
    def end(self) -> tuple[int, float, float]:
        """Exit code, when it ended, CPU seconds that it used."""
        last = self.lines(2)[1]
        return int(last[0]), float(last[1]), float(last[2])


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


@pytest.fixture
def working(folder: Path, tmp_path: Path, notes: Notes) -> Iterator[Session]:
    """A session in which two marks were made; the register is not taken."""
    program = tmp_path / "program.sh"
    words = [sys.executable, "-c", PROGRAM, str(folder), NOW, str(notes.path)]
    program.write_text(f"exec env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.join(words)}\n")
    with Alive(tmp_path / "ssh", f"/bin/sh {program}") as server:
        session = server.session()
        sign_in(session, "dsl")
        session.until("? help")
        session.keys("2")
        session.until("registers taken")
        session.keys("\r")
        session.until("to mark")
        session.keys("/n")
        session.until("2 marked")
        yield session
        with suppress(ProcessLookupError):
            os.kill(notes.pids[0], signal.SIGKILL)


def nothing_is_lost(folder: Path) -> None:
    """Both marks are there, nobody holds the folder, all of it agrees, and it can be written at once."""
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    rows = registers.view(desk, "7A").rows
    marks = [row.marks.get((date(2026, 11, 23), "AM")) for row in rows]
    assert marks == ["/", "N"] + [None] * (len(rows) - 2)
    registers.rest_present(desk, "7A", date(2026, 11, 23), "AM")
    assert [finding for finding in desk.store.check() if finding.level == "fault"] == []
    desk.close()


def test_a_client_that_is_killed(folder: Path, working: Session, notes: Notes) -> None:
    began = time.monotonic()
    working.process.kill()
    code, ended, _ = notes.end
    assert code == 129
    assert ended - began < WITHIN
    nothing_is_lost(folder)


def test_a_client_that_is_frozen(folder: Path, working: Session, notes: Notes) -> None:
    began = time.monotonic()
    os.kill(working.process.pid, signal.SIGSTOP)
    code, ended, used = notes.end
    assert code == 129
    assert ended - began < 3 + WITHIN  # after three seconds the server knows
    assert used < 10
    nothing_is_lost(folder)


def test_a_server_process_that_is_killed(folder: Path, working: Session, notes: Notes) -> None:
    began = time.monotonic()
    os.kill(notes.pids[1], signal.SIGKILL)
    code, ended, _ = notes.end
    assert code == 129
    assert ended - began < WITHIN
    nothing_is_lost(folder)


def test_a_window_that_is_closed(folder: Path, working: Session, notes: Notes) -> None:
    began = time.monotonic()
    os.kill(working.process.pid, signal.SIGHUP)
    code, ended, _ = notes.end
    assert code == 129
    assert ended - began < WITHIN
    nothing_is_lost(folder)


def test_the_exit_code_is_the_clients_too(working: Session, notes: Notes) -> None:
    os.kill(notes.pids[0], signal.SIGTERM)
    assert notes.end[0] == working.code() == 143
