"""Locks of open files, which end with the process that holds them."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from store.files.reading import open_file


def open_lock(path: Path) -> int:
    """A descriptor of a lock file, made if it is not there."""
    return open_file(path, os.O_RDWR | os.O_CREAT)


def lock_now(fd: int) -> bool:
    """Take the exclusive lock of an open file; False if somebody else has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(fd: int) -> None:
    """Give the lock back."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def write_start(fd: int, data: bytes) -> None:
    """Write over the beginning of an open file, unsynced: a hint for people; a full disk is let be."""
    with suppress(OSError):
        os.pwrite(fd, data, 0)


def process() -> int:
    """The number of this process."""
    return os.getpid()
