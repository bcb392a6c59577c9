"""A thread that ends the program where the event loop cannot: the terminal is gone, or full, or the lock failed.

Textual's own loop spins for ever on a terminal that hung up, and stands still on one that takes nothing more: then no
timer runs and no signal is handled. Ending at once loses nothing that was acknowledged: changes are atomic, and locks
die with the process.
"""

import os
import select
import termios
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

GONE, STUCK = 129, 75
"""Exit codes: the line was cut, as a shell says it of SIGHUP; the program did not answer, or could not lock."""
LOOK = 0.5
"""Seconds between two looks. All patience is counted in looks, so that a program that was suspended is not taken for a
stuck one when it goes on."""
FULL = 8
"""Looks during which the loop stands still and the terminal takes nothing."""
GRACE = 10
"""Looks during which the lock was due and did not come."""
STILL = 120
"""Looks during which the loop stands still, or the terminal takes nothing, whatever else."""
LEAVING = 6
"""Looks that an orderly end after a signal may take."""
KEEPING = 2.0
"""Seconds that writing what was typed may take before the process ends: a disk may stand still as well."""
RESTORE = b"\x18\x1b[?2026l\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Back to the terminal's own screen and keys."""
WORDS = b"The workbench did not answer and was closed. What was acknowledged is kept.\n"


def boottime() -> float:
    """Seconds that also pass while the machine sleeps, where the system has such a clock: who opens a lid finds it
    locked."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Pulse:
    """What the app tells of itself; written by its event loop, read by the watchdog.

    Args:
        idle: seconds without a key until the screen must be locked.
        longest: seconds after signing in until it must be, whatever is typed.
        clock: seconds; injected in tests.
    """

    def __init__(self, idle: float, longest: float, clock: Callable[[], float]) -> None:
        self.idle, self.longest, self.clock = idle, longest, clock
        self.beats = 0
        """Counted up by the loop each second."""
        self.beating = False
        """Whether the loop runs, so that beats can be expected."""
        self.locked = False
        """Whether the lock is on the screen and the record screens are gone."""
        self.keep: Callable[[], object] = lambda: None
        """Writes what was typed and not saved; called from a thread of its own before the process is ended."""
        self.leaving = 0
        """The exit code that a signal asked for; 0 before."""
        self.touched = self.since = clock()

    def touch(self) -> None:
        """Somebody is there."""
        self.touched = self.clock()

    def signed_in(self) -> None:
        """Somebody signed in: both times begin anew."""
        self.touched = self.since = self.clock()
        self.locked = False

    def lock_due(self) -> bool:
        """Whether it ought to be locked by now, and is not."""
        now = self.clock()
        return not self.locked and (now - self.touched >= self.idle or now - self.since >= self.longest)


class Judge:
    """Counts looks, and says when it is enough."""

    def __init__(self) -> None:
        self._seen = -1
        self._still = self._full = self._due = self._leaving = 0

    def look(self, pulse: Pulse, takes: bool) -> int:
        """The exit code to end with, or 0.

        Args:
            takes: whether the terminal takes output at this moment.
        """
        self._leaving = self._leaving + 1 if pulse.leaving else 0
        if self._leaving >= LEAVING:
            return pulse.leaving
        if not pulse.beating:
            return 0
        self._still = self._still + 1 if pulse.beats == self._seen else 0
        self._seen = pulse.beats
        self._full = 0 if takes else self._full + 1
        self._due = self._due + 1 if pulse.lock_due() else 0
        stuck = min(self._still, self._full) >= FULL or max(self._still, self._full) >= STILL
        return STUCK if stuck or self._due >= GRACE else 0


class Watchdog(threading.Thread):
    """Watches terminals from its start to the end of the process; nothing is read from them.

    Args:
        fds: descriptors of the terminal.
        leave: ends the process; injected in tests.
    """

    def __init__(self, fds: Sequence[int] = (0, 1), leave: Callable[[int], object] = os._exit) -> None:
        super().__init__(daemon=True, name="watchdog")
        self.fds = [fd for fd in fds if os.isatty(fd)]
        self.leave = leave
        self.pulse: Pulse | None = None
        """Watched as well once the app has given it."""
        self._before = [(fd, termios.tcgetattr(fd)) for fd in self.fds]

    def run(self) -> None:
        """Look twice a second until there is a reason to end the process."""
        judge = Judge()
        while not hung_up(self.fds, LOOK):
            code = judge.look(self.pulse, self._takes()) if self.pulse is not None else 0
            if code:
                self._beside(self._restore, 0.5, code)
                self._end(code)
                return
        self._end(GONE)

    def _end(self, code: int) -> None:
        if self.pulse is not None:
            self._beside(self.pulse.keep, KEEPING)
        self.leave(code)

    def _takes(self) -> bool:
        poll = select.poll()
        for fd in self.fds:
            poll.register(fd, select.POLLOUT)
        return len(poll.poll(0)) == len(self.fds)

    def _beside(self, do: Callable[..., object], seconds: float, *args: object) -> None:
        """Do something that may never come back, and wait no longer than so for it."""
        doing = threading.Thread(target=do, args=args, daemon=True)
        doing.start()
        doing.join(seconds)

    def _restore(self, code: int) -> None:
        for fd, attributes in self._before:
            with suppress(termios.error):
                termios.tcsetattr(fd, termios.TCSANOW, attributes)
        if self.fds:
            with suppress(OSError):
                os.write(self.fds[-1], RESTORE + (WORDS if code == STUCK else b""))


def hung_up(fds: Sequence[int], seconds: float = 0) -> bool:
    """Whether a terminal is gone; told at once, else after so many seconds."""
    poll = select.poll()
    for fd in fds:
        poll.register(fd, 0)  # no event asked for: a hang-up is told anyway, and nothing else wakes it
    return bool(poll.poll(seconds * 1000))
