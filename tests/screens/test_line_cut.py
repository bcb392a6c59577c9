"""The line is cut or stalls, the program is ended, a wrong byte is typed: a real process on a pseudo-terminal."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import NOW, PASSPHRASE, long_form
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock

LIMIT = 20.0
"""Seconds that anything here may take at most."""
PROGRAM = """
import sys, time
from pathlib import Path
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock
from screens import app, watchdog
from screens.app import WorkbenchApp, run
exec(sys.argv[3])
desk = signin.sign_in(folders.open_folder(Path(sys.argv[1]), FixedClock("2026-11-23T09:12:33")), "dsl", sys.argv[2])
sys.exit(run(desk))
"""
QUICK = "watchdog.LOOK = 0.02"
"""The watchdog looks 25 times as often, and is patient for as many looks: 4 seconds pass in a sixth of one."""
FLOOD_AT_P = """
def flood(self):
    for _ in range(1000):
        self._driver.write("x" * 10_000)
WorkbenchApp.action_palette = flood
"""
STUCK_AT_P = """
def stuck(self):
    while True:
        time.sleep(0.05)
WorkbenchApp.action_palette = stuck
"""
"""Ctrl+P never comes back: the loop stands still."""


class Session:
    """The app in a pseudo-terminal of 80x24; it is not its controlling terminal, so that no SIGHUP tells of its end."""

    def __init__(self, folder: Path, changes: str = "", program: str = PROGRAM) -> None:
        self.fd, inside = pty.openpty()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        root = Path(__file__).parents[2]
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", program, str(folder), PASSPHRASE, changes]
        self.process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside, cwd=root, env=env, start_new_session=True
        )
        os.close(inside)
        self.seen = b""

    def until(self, done: Callable[[bytes], bool]) -> bytes:
        """Read until something was painted."""
        end = time.monotonic() + LIMIT
        while not done(self.seen) and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 65_536)
                except OSError:
                    break
        return self.seen

    def code(self, reads: bool = True) -> int:
        """The exit code, once the process is gone; what it still writes is read unless the terminal is stalled."""
        end = time.monotonic() + LIMIT
        while self.process.poll() is None and time.monotonic() < end:
            if self.fd < 0 or not reads:
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(LIMIT)
            elif select.select([self.fd], [], [], 0.05)[0]:
                with suppress(OSError):
                    self.seen += os.read(self.fd, 65_536)
        if self.process.poll() is None:
            self.process.kill()
        with suppress(OSError):
            while self.fd >= 0 and reads and select.select([self.fd], [], [], 0)[0]:
                self.seen += os.read(self.fd, 65_536)
        return self.process.wait()

    def quiet(self, seconds: float) -> int:
        """Bytes written within so many seconds, after those that were under way."""
        while select.select([self.fd], [], [], 1.0)[0]:
            os.read(self.fd, 65_536)
        return len(os.read(self.fd, 65_536)) if select.select([self.fd], [], [], seconds)[0] else 0

    def ticks(self) -> int:
        """CPU that the process used so far, in 1/100 s."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def hang_up(self) -> None:
        """The terminal is gone."""
        os.close(self.fd)
        self.fd = -1


def opened(folder: Path, changes: str = "") -> Session:
    session = Session(folder, changes)
    assert b"? help" in session.until(lambda seen: b"? help" in seen)
    return session


def test_ctrl_q_leaves_with_0(folder: Path) -> None:
    session = opened(folder)
    os.write(session.fd, b"\x11")
    assert session.code() == 0


def test_sigterm_leaves_in_good_order(folder: Path) -> None:
    session = opened(folder)
    session.process.send_signal(signal.SIGTERM)
    assert session.code() == 143


def test_a_terminal_that_is_gone_ends_a_program_that_does_not_hear_of_it(folder: Path) -> None:
    session = opened(folder)
    session.hang_up()
    assert session.code() == 129


def test_wrong_bytes_and_a_paste_with_an_escape_end_nothing(folder: Path) -> None:
    session = opened(folder)
    os.write(session.fd, bytes(range(0x80, 0x100)))
    os.write(session.fd, b"\x1b[200~ab\x1b[201~c")
    os.write(session.fd, b"3")
    assert b"names on roll" in session.until(lambda seen: b"names on roll" in seen)
    os.write(session.fd, b"\x11")
    assert session.code() == 0


def whole(folder: Path) -> None:
    """Nobody holds the folder, and all of it agrees."""
    desk = signin.sign_in(folders.open_folder(folder, FixedClock(NOW)), "dsl", PASSPHRASE)
    assert [finding for finding in desk.store.check() if finding.level == "fault"] == []
    desk.close(snapshot=True)


def test_sighup_leaves_in_good_order(folder: Path) -> None:
    session = opened(folder)
    session.process.send_signal(signal.SIGHUP)
    assert session.code() == 129
    assert b"\x1b[?1049l" in session.seen
    whole(folder)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_program_whose_loop_stands_still(folder: Path, number: int, code: int) -> None:
    session = opened(folder, QUICK + STUCK_AT_P)
    os.write(session.fd, b"\x10")
    session.quiet(0.1)
    session.process.send_signal(number)
    assert session.code() == code
    assert b"\x1b[?1049l" in session.seen
    whole(folder)


def test_a_hang_up_ends_a_program_whose_loop_stands_still_and_that_ignores_sighup(folder: Path) -> None:
    ignored = (
        "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nWorkbenchApp.told = signal.SIG_IGN"
    )
    session = opened(folder, STUCK_AT_P + ignored)
    os.write(session.fd, b"\x10")
    session.quiet(0.1)
    began = time.monotonic()
    session.hang_up()
    assert session.code() == 129
    assert time.monotonic() - began < 5
    whole(folder)


def test_a_terminal_that_takes_nothing_more_ends_the_program(folder: Path) -> None:
    """Nobody reads, and more is to be painted than fits: the loop stands still in writing."""
    session = opened(folder, QUICK + FLOOD_AT_P)
    os.write(session.fd, b"\x10")
    assert session.code(reads=False) == 75
    whole(folder)


def test_the_idle_lock_is_kept_though_the_loop_stands_still(folder: Path) -> None:
    session = opened(folder, QUICK + "; app.IDLE_LOCAL = 1.0" + STUCK_AT_P)
    os.write(session.fd, b"\x10")
    assert session.code() == 75
    assert session.seen.rstrip().endswith(b"What was acknowledged is kept.")
    whole(folder)


def test_a_lock_that_fails_is_kept_by_the_watchdog(folder: Path) -> None:
    session = opened(folder, QUICK + "; app.IDLE_LOCAL = 1.0\nWorkbenchApp.lock = lambda self: None")
    assert session.code() == 75
    whole(folder)


def test_the_idle_lock_comes_and_then_nothing_ends_it(folder: Path) -> None:
    session = opened(folder, QUICK + "; app.IDLE_LOCAL = 1.0; app.IDLE_LOOK = 0.02")
    assert b"Who is it?" in session.until(lambda seen: b"Who is it?" in seen)
    assert session.quiet(1.0) == 0
    os.write(session.fd, b"\x11")
    assert session.code() == 0


def idle(session: Session, seconds: float) -> None:
    """Nothing is written and next to no CPU is used while nobody touches a key."""
    session.quiet(0.1)
    before = session.ticks()
    assert session.quiet(seconds) == 0
    assert session.ticks() - before <= 1 + seconds  # 1 % of one core
    os.write(session.fd, b"\x11")
    assert session.code() == 0


def test_nothing_is_written_and_no_time_burnt_while_idle(folder: Path) -> None:
    idle(opened(folder), 5)


@long_form("a minute without a byte")
def test_nothing_is_written_in_a_minute(folder: Path) -> None:
    idle(opened(folder), 60)


def test_a_hang_up_burns_no_time(folder: Path) -> None:
    session = opened(folder)
    session.hang_up()
    began = time.monotonic()
    assert session.code() == 129
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("asked", [b"User: ", b"Passphrase: "])
def test_a_line_that_is_cut_at_the_prompt_says_so(folder: Path, asked: bytes) -> None:
    prompt = "from screens.cli import run as door\nsys.exit(door(['--data', sys.argv[1]]))"
    session = Session(folder, prompt)
    assert asked in session.until(lambda seen: b"User: " in seen) or asked != b"User: "
    if asked == b"Passphrase: ":
        os.write(session.fd, b"dsl\n")
        assert asked in session.until(lambda seen: asked in seen)
    session.hang_up()
    assert session.code() == 129


def test_an_end_of_input_typed_too_early_ends_nothing(folder: Path) -> None:
    session = Session(folder, "time.sleep(0.5)")
    os.write(session.fd, b"\x04\x04")
    assert b"? help" in session.until(lambda seen: b"? help" in seen)
    before = session.ticks()
    assert session.quiet(1) == 0
    assert session.ticks() - before < 50
    os.write(session.fd, b"\x11")
    assert session.code() == 0
