"""Files written whole or not at all, cut and removed, durably."""

import errno
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from store.errors import StoreError, UnsafeError
from store.files.looking import kind
from store.files.reading import PRIVATE_FILE, open_file

TEMP_END = ".tmp"


class SyncError(OSError):
    """A sync failed: what was to be durable may be or not, and no later sync will say."""


def write_all(fd: int, data: bytes) -> None:
    """Write every byte at once; a short write, as near a full disk, is an error."""
    if os.write(fd, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sync(fd: int) -> None:
    """Make the bytes of an open file durable.

    Raises:
        SyncError: the disk failed.
    """
    try:
        os.fsync(fd)
    except OSError as error:
        raise SyncError(error.errno, error.strerror) from error


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable; a file system that knows no such sync is let be.

    Raises:
        SyncError: they may not be.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise SyncError(error.errno, error.strerror, str(path)) from error


def sync_file(path: Path) -> None:
    """Make the bytes of a plain file durable, whoever wrote them.

    Raises:
        SyncError: the disk failed.
    """
    fd = open_file(path)
    try:
        sync(fd)
    finally:
        os.close(fd)


def atomic_write(
    path: Path,
    chunks: Iterable[bytes],
    overwrite: bool = True,
    prove: Callable[[Path], object] | None = None,
) -> None:
    """Write a file whole or not at all: temporary file, sync, rename, sync of the folder.

    Args:
        path: where it shall stand.
        chunks: its bytes.
        overwrite: whether a file that is there may be replaced.
        prove: given the temporary file once it is durable and out of the system's cache; what it raises keeps the
            file from its name.

    Raises:
        UnsafeError: a link, FIFO or folder stands at `path`.
        FileExistsError: `overwrite` is False and something is there.
        OSError: as the system says; the temporary file is gone then.
    """
    if kind(path) not in ("nothing", "file"):
        raise UnsafeError("a link, pipe or folder stands where a file should be", str(path))
    temp = path.with_name(f".{path.name}.{os.urandom(4).hex()}{TEMP_END}")
    fd = open_file(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        try:
            with suppress(PermissionError):  # a stick whose file system knows no modes
                os.fchmod(fd, PRIVATE_FILE)
            for chunk in chunks:
                write_all(fd, chunk)
            sync(fd)
            if prove is not None:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)
        if prove is not None:
            prove(temp)
        _put_in_place(temp, path, overwrite)
    except BaseException:
        with suppress(OSError):
            os.unlink(temp)
        raise
    sync_folder(path.parent)


def _put_in_place(temp: Path, path: Path, overwrite: bool) -> None:
    """Rename, or link where nothing may be replaced; a disk without hard links gets a look before the rename."""
    if overwrite:
        os.replace(temp, path)
        return
    try:
        os.link(temp, path)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.replace(temp, path)
        return
    os.unlink(temp)


def write_private(
    path: Path, data: bytes, overwrite: bool = False, prove: Callable[[Path], object] | None = None
) -> None:
    """Write an export: 0600, whole or not at all; `prove` as for `atomic_write`.

    Raises:
        StoreError: the file exists and `overwrite` is False.
        UnsafeError: a link, FIFO or folder stands there.
        OSError: as the system says.
    """
    try:
        atomic_write(path, [data], overwrite, prove)
    except FileExistsError:
        raise StoreError(f"{path} exists already.", str(path), todo="Choose another name.") from None


def remove(path: Path) -> None:
    """Remove a file; nothing happens where there is none."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def truncate(path: Path, size: int) -> None:
    """Cut a plain file to `size` bytes, durably."""
    fd = open_file(path, os.O_RDWR)
    try:
        os.ftruncate(fd, size)
        sync(fd)
    finally:
        os.close(fd)
