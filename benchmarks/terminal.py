"""Drive a full-screen program in a pseudo-terminal: what it paints for each key, in bytes and milliseconds.

No screen is emulated while timing; chunks are stamped as they arrive and replayed into pyte when asked for.
"""

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PRIVATE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP.*?\x1b\\", re.S)
"""Sequences that pyte does not know: keyboard protocol, mode queries."""


@dataclass(frozen=True)
class Burst:
    """What one key painted."""

    first_ms: float
    done_ms: float
    size: int
    raw: bytes


class Terminal:
    """A program on a terminal of its own.

    Args:
        argv: what to run.
        cols: width in columns.
        rows: height in rows.
        env: added to the environment; a value of None removes one.
    """

    def __init__(
        self, argv: Sequence[str], cols: int = 80, rows: int = 24, env: Mapping[str, str | None] | None = None
    ) -> None:
        self.cols, self.rows = cols, rows
        base: dict[str, str | None] = {
            **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "LINES": str(rows), "COLUMNS": str(cols), "NO_COLOR": None, **(env or {}),
        }  # fmt: skip
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
                os.execvpe(argv[0], list(argv), {k: v for k, v in base.items() if v is not None})
            finally:
                os._exit(127)
        self.raw = bytearray()
        self.log: list[tuple[float, bytes]] = []

    def pump(self, timeout: float) -> bytes:
        """Read what comes within `timeout` seconds; empty when nothing did."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.log.append((time.perf_counter(), data))
        self.raw += data
        if b"\x1b[6n" in data:
            os.write(self.fd, b"\x1b[1;1R")
        return data

    def until(self, token: bytes, timeout: float = 30.0) -> float:
        """Seconds from the start until `token` stands on the screen (raw bytes)."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if token in self.raw:
                return self.log[-1][0] - self.began
            self.pump(0.05)
        raise TimeoutError(f"{token!r} never appeared; the end is {bytes(self.raw[-300:])!r}")

    def settle(self, quiet: float = 0.3, limit: float = 5.0) -> None:
        """Read until nothing came for `quiet` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end and self.pump(quiet):
            pass

    def key(self, keys: bytes, quiet: float = 0.08, limit: float = 3.0) -> Burst:
        """Send keys and read the burst they cause; a silence of `quiet` seconds ends it."""
        before, sent = len(self.log), time.perf_counter()
        os.write(self.fd, keys)
        end, wait = sent + limit, limit
        while time.perf_counter() < end and self.pump(wait):
            wait = quiet
        new = self.log[before:]
        if not new:
            return Burst(float("nan"), float("nan"), 0, b"")
        raw = b"".join(data for _, data in new)
        return Burst((new[0][0] - sent) * 1e3, (new[-1][0] - sent) * 1e3, len(raw), raw)

    def display(self) -> list[str]:
        """The screen as it stands, line by line."""
        import pyte

        screen = pyte.Screen(self.cols, self.rows)
        pyte.ByteStream(screen).feed(PRIVATE.sub(b"", bytes(self.raw)))
        return list(screen.display)

    def close(self) -> None:
        """End the program at once."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)


def middle(bursts: Sequence[Burst]) -> tuple[float, float, int]:
    """Median milliseconds, median bytes and the most bytes of the bursts that painted anything."""
    painted = [burst for burst in bursts if burst.size]
    if not painted:
        return float("nan"), 0.0, 0
    return (
        statistics.median(burst.done_ms for burst in painted),
        statistics.median(burst.size for burst in painted),
        max(burst.size for burst in painted),
    )
