"""The only module that calls the operating system for files. A test can put a fault model beneath it."""

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import Foreign, Locked, StoreError

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
LOCK_SECONDS = 5.0
_NETWORK = {
    0x6969: "NFS",
    0xFF534D42: "SMB",
    0xFE534D42: "SMB",
    0x517B: "SMB",
    0x65735546: "FUSE",
    0x01021997: "9P",
}


def make_folder(path: Path) -> None:
    """Make a private folder; it may exist already if it is empty."""
    if path.is_symlink():
        raise Foreign(f"{path} is a link; a data folder must be a real folder.")
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    os.chmod(path, PRIVATE_FOLDER)


def names(folder: Path) -> list[str]:
    """Names in a folder, sorted; empty where it does not exist."""
    with suppress(FileNotFoundError):
        return sorted(os.listdir(folder))
    return []


def open_read(path: Path) -> int:
    """A descriptor for a regular file.

    Raises:
        FileNotFoundError: if it is not there.
        Foreign: if it is a link, a folder, a pipe or a device.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Foreign(f"{path.name} is a link; only real files are read.") from error
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Foreign(f"{path.name} is not a regular file.")
    return fd


def read_capped(path: Path, cap: int) -> bytes:
    """The bytes of a regular file of at most `cap` bytes."""
    return read_from(path, 0, cap)


def read_from(path: Path, offset: int, cap: int = 1 << 30) -> bytes:
    """The bytes of a regular file from `offset` to its end."""
    fd = open_read(path)
    try:
        size = os.fstat(fd).st_size - offset
        if size > cap:
            raise StoreError(f"{path.name} has {size} bytes; at most {cap} are read.")
        os.lseek(fd, offset, os.SEEK_SET)
        parts = []
        while chunk := os.read(fd, 1 << 20):
            parts.append(chunk)
        return b"".join(parts)
    finally:
        os.close(fd)


def size_of(path: Path) -> int:
    """Bytes in a file, -1 where there is none."""
    try:
        return os.stat(path, follow_symlinks=False).st_size
    except FileNotFoundError:
        return -1


def write_all(fd: int, data: bytes) -> None:
    """Write every byte; a short write is an error."""
    if os.write(fd, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def atomic_write(path: Path, data: bytes) -> None:
    """Replace a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    fd = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(fd, view) :]
            os.fsync(fd)
        finally:
            os.close(fd)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def write_private(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write an export: 0600, whole or not at all.

    Raises:
        StoreError: if the file exists and may not be replaced.
    """
    if not overwrite and os.path.lexists(path):
        raise StoreError(f"{path} exists already.", todo="Choose another name.")
    atomic_write(path, data)


class Appender:
    """One open segment of the log. After a failed sync it takes nothing more."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        fresh = not os.path.lexists(path)
        self.fd = os.open(path, flags, PRIVATE_FILE)
        self.path, self.dead = path, False
        if not stat.S_ISREG(os.fstat(self.fd).st_mode):
            os.close(self.fd)
            raise Foreign(f"{path.name} is not a regular file.")
        if fresh:
            sync_folder(path.parent)

    def append(self, data: bytes, size: int) -> None:
        """Append after exactly `size` bytes and sync once; on an error the tail is cut back."""
        if self.dead:
            raise StoreError(
                "An earlier write could not be made durable; this handle takes no more.",
                todo="Open the folder again.",
            )
        try:
            write_all(self.fd, data)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self.fd, size)
            raise
        try:
            os.fdatasync(self.fd)
        except OSError:
            self.dead = True
            with suppress(OSError):
                os.ftruncate(self.fd, size)
            raise

    def cut(self, size: int) -> None:
        """Cut the file to `size` bytes and sync."""
        os.ftruncate(self.fd, size)
        os.fsync(self.fd)

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.fd)


@contextmanager
def locked(path: Path, owner: str, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the folder's lock. Never across a prompt.

    Raises:
        Locked: after `seconds`, naming the holder.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        _wait(fd, seconds)
        with suppress(OSError):
            os.pwrite(fd, owner.encode().ljust(64)[:64], 0)
        yield
    finally:
        os.close(fd)


def _wait(fd: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                holder = os.pread(fd, 64, 0).decode("utf-8", "replace").strip() or "another process"
                raise Locked(
                    f"The folder is held by {holder} for more than {seconds:g} s.",
                    todo="Try again, or end that process.",
                ) from None
            time.sleep(0.002)
        else:
            return


def network_kind(path: Path) -> str | None:
    """`NFS`, `SMB`, ... where the folder lies on a network file system (Linux); None on a local disk."""
    import ctypes

    class Statfs(ctypes.Structure):
        _fields_ = (("f_type", ctypes.c_long), ("rest", ctypes.c_byte * 256))

    buffer = Statfs()
    if ctypes.CDLL(None, use_errno=True).statfs(os.fsencode(path), ctypes.byref(buffer)) != 0:
        return None
    return _NETWORK.get(buffer.f_type & 0xFFFFFFFF)


def mtime(path: Path) -> int:
    """When a file or folder last changed, in nanoseconds; 0 where there is none."""
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0


def age(path: Path) -> float:
    """Seconds since a file last changed."""
    return time.time() - mtime(path) / 1e9


def remove(path: Path) -> None:
    """Remove a file; nothing happens where there is none."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def loose(path: Path) -> bool:
    """Whether others than the owner may read or write it."""
    return bool(os.stat(path, follow_symlinks=False).st_mode & 0o077)


def is_link(path: Path) -> bool:
    """Whether a path is a symbolic link."""
    return path.is_symlink()
