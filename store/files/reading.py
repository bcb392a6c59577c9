"""Opening and reading plain files: nothing else is opened, and nothing waits for ever."""

import errno
import os
import stat
from pathlib import Path

from store.errors import HugeError, UnsafeError

PRIVATE_FILE = 0o600
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def open_file(path: Path, flags: int = _READ) -> int:
    """A descriptor of the plain file at `path`, made 0600 if `flags` make it.

    Raises:
        UnsafeError: a link, FIFO, folder or device stands there.
        OSError: as the system says, FileNotFoundError among them.
    """
    try:
        fd = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, PRIVATE_FILE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            raise UnsafeError("a link, pipe or folder stands where a file should be", str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise UnsafeError("a pipe, folder or device stands where a file should be", str(path))
    return fd


def read_capped(path: Path, cap: int = 64 << 20) -> bytes:
    """The bytes of a plain file.

    Raises:
        UnsafeError: it is a link, FIFO, folder or device.
        HugeError: it holds more than `cap` bytes.
    """
    return read_range(path, 0, None, cap)


def read_range(path: Path, start: int, end: int | None = None, cap: int = 1 << 30) -> bytes:
    """The bytes of a plain file from `start` up to `end` (None = its end), at most `cap` of them."""
    fd = open_file(path)
    try:
        if end is None:
            end = os.fstat(fd).st_size
        if end - start > cap:
            words = f"it has {end - start:,} bytes, and more than {cap:,} are not read: no program of ours writes that"
            raise HugeError(words, str(path))
        chunks = []
        while start < end and (chunk := os.pread(fd, min(end - start, 8 << 20), start)):
            chunks.append(chunk)
            start += len(chunk)
        return b"".join(chunks)
    finally:
        os.close(fd)


def read_start(fd: int, count: int) -> bytes:
    """The first `count` bytes of an open file."""
    return os.pread(fd, count, 0)


def inode(fd: int) -> int:
    """The inode of an open file: no other file has it while it is open."""
    return os.fstat(fd).st_ino


def close(fd: int) -> None:
    """Close a descriptor."""
    os.close(fd)
