"""A thread that ends the program when its terminal is gone: Textual's own loop would spin for ever."""

import os
import select
import threading

GONE = 129
"""Exit code when the line was cut, as a shell says it of SIGHUP."""


def watch(fd: int, gone: int = GONE) -> threading.Thread:
    """Watch a terminal until it hangs up, then end the process at once. That loses nothing: what was acknowledged is
    stored, and locks die with the process.

    Args:
        fd: the terminal; nothing is read from it.
        gone: the exit code.
    """
    thread = threading.Thread(target=_watch, args=(fd, gone), daemon=True, name="watchdog")
    thread.start()
    return thread


def _watch(fd: int, gone: int) -> None:
    poll = select.poll()
    poll.register(fd, 0)  # no event asked for: a hang-up is told anyway, and nothing else wakes it
    poll.poll()
    os._exit(gone)
