"""The line is cut, the program is ended, a wrong byte is typed: a real process on a pseudo-terminal."""

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

from tests.conftest import PASSPHRASE

LIMIT = 20.0
"""Seconds that anything here may take at most."""
PROGRAM = """
import sys
from pathlib import Path
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock
from screens.app import run
desk = signin.sign_in(folders.open_folder(Path(sys.argv[1]), FixedClock("2026-11-23T09:12:33")), "dsl", sys.argv[2])
sys.exit(run(desk))
"""


class Session:
    """The app in a pseudo-terminal of 80x24; it is not its controlling terminal, so that no SIGHUP tells of its end."""

    def __init__(self, folder: Path) -> None:
        self.fd, inside = pty.openpty()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        root = Path(__file__).parents[2]
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", PROGRAM, str(folder), PASSPHRASE]
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

    def code(self) -> int:
        """The exit code, once the process is gone; what it still writes is read."""
        end = time.monotonic() + LIMIT
        while self.process.poll() is None and time.monotonic() < end:
            if self.fd < 0:
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(LIMIT)
            elif select.select([self.fd], [], [], 0.05)[0]:
                with suppress(OSError):
                    os.read(self.fd, 65_536)
        if self.process.poll() is None:
            self.process.kill()
        return self.process.wait()

    def hang_up(self) -> None:
        """The terminal is gone."""
        os.close(self.fd)
        self.fd = -1


def opened(folder: Path) -> Session:
    session = Session(folder)
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
