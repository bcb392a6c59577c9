"""The only module that calls the operating system for files, so that a test can put faults beneath it.

Files are made 0600 and folders 0700 whatever the umask; links, FIFOs, folders and devices in the place of a file are
refused; nothing here waits for ever.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store.errors import ForeignError, StoreError, UnsafeError, WriteError

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
TEMP_END = ".tmp"
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_NETWORKS = (
    "nfs",
    "cifs",
    "smb",
    "afs",
    "ceph",
    "ncpfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs",
    "fuse.gluster",
)


class Stamp(NamedTuple):
    """What tells one state of a file from another: inode, bytes, time of change in ns."""

    inode: int
    size: int
    changed: int


class SyncError(OSError):
    """A sync failed: what was to be durable may be or not, and no later sync will say."""


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
        StoreError: it holds more than `cap` bytes.
    """
    return read_range(path, 0, None, cap)


def read_range(path: Path, start: int, end: int | None = None, cap: int = 1 << 30) -> bytes:
    """The bytes of a plain file from `start` up to `end` (None = its end), at most `cap` of them."""
    fd = open_file(path)
    try:
        if end is None:
            end = os.fstat(fd).st_size
        if end - start > cap:
            raise StoreError(f"more than {cap} bytes are not read", str(path))
        chunks = []
        while start < end and (chunk := os.pread(fd, min(end - start, 8 << 20), start)):
            chunks.append(chunk)
            start += len(chunk)
        return b"".join(chunks)
    finally:
        os.close(fd)


def stamp(path: Path | str) -> Stamp | None:
    """What stands at `path` now (links are not followed); None if nothing does."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


def extent(path: str) -> tuple[int, int]:
    """Bytes and inode of what stands at `path` now (links are not followed); -1 and 0 if nothing does."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return -1, 0
    return found.st_size, found.st_ino


def changed(path: str) -> int:
    """When what stands at `path` was changed, in ns; -1 if nothing does."""
    try:
        return os.lstat(path).st_mtime_ns
    except FileNotFoundError:
        return -1


def names(folder: Path) -> list[str]:
    """The names in a folder, sorted; empty where there is none."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


def kind(path: Path) -> str:
    """`file`, `folder`, `link`, `other` or `nothing`."""
    try:
        mode = os.stat(path, follow_symlinks=False).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def is_loose(path: Path) -> bool:
    """Whether others than the owner may read or write it."""
    return bool(os.stat(path, follow_symlinks=False).st_mode & 0o077)


def is_writable(folder: Path) -> bool:
    """Whether this process may write into a folder (modes, read-only disks)."""
    return os.access(folder, os.W_OK | os.X_OK)


def make_folder(path: Path) -> None:
    """Make a private folder, and those above it; an empty one may be there already.

    Raises:
        ForeignError: something else is there.
    """
    if kind(path) not in ("nothing", "folder") or names(path):
        raise ForeignError("something is there already, and it is not an empty folder", str(path))
    make_parents(path)
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)


def make_parents(path: Path) -> None:
    """Make the folders above a path, private and durable ones, where they are missing."""
    missing, above = [], path.parent
    while kind(above) == "nothing":
        missing.append(above)
        above = above.parent
    for folder in reversed(missing):
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(folder.parent)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte at once; a short write, as near a full disk, is an error."""
    if os.write(fd, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


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


def _sync(fd: int) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        raise SyncError(error.errno, error.strerror) from error


def sync_file(path: Path) -> None:
    """Make the bytes of a plain file durable, whoever wrote them.

    Raises:
        SyncError: the disk failed.
    """
    fd = open_file(path)
    try:
        _sync(fd)
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
            _sync(fd)
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
        _sync(fd)
    finally:
        os.close(fd)


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


def inode(fd: int) -> int:
    """The inode of an open file: no other file has it while it is open."""
    return os.fstat(fd).st_ino


def write_start(fd: int, data: bytes) -> None:
    """Write over the beginning of an open file, unsynced: a hint for people; a full disk is let be."""
    with suppress(OSError):
        os.pwrite(fd, data, 0)


def read_start(fd: int, count: int) -> bytes:
    """The first `count` bytes of an open file."""
    return os.pread(fd, count, 0)


def close(fd: int) -> None:
    """Close a descriptor."""
    os.close(fd)


def process() -> int:
    """The number of this process."""
    return os.getpid()


class Appender:
    """An open segment of the log, for writing."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name
        self._fd = open_file(path, os.O_RDWR | os.O_APPEND)
        self.inode = os.fstat(self._fd).st_ino

    def append(self, data: bytes, size: int) -> None:
        """Append `data` to the file, which holds `size` bytes, with one sync.

        Raises:
            WriteError: not written; what was written of it is cut off again, so the handle can go on.
            SyncError: whether the data are kept is not known.
        """
        try:
            write_all(self._fd, data)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._fd, size)
            raise WriteError(f"the disk refused: {error.strerror}", self.path.name) from error
        try:
            os.fdatasync(self._fd)
        except OSError as error:
            raise SyncError(error.errno, error.strerror) from error

    def close(self) -> None:
        """Close the descriptor; again is nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextmanager
def folder_held(path: Path) -> Iterator[bool]:
    """Hold a lock on a folder itself, which leaves no file behind; False if somebody else holds it."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield lock_now(fd)
    finally:
        os.close(fd)


def rename_folder(source: Path, target: Path) -> None:
    """Give a folder another name, durably; an empty folder may stand there, nothing else.

    Raises:
        OSError: as the system says.
    """
    os.rename(source, target)
    sync_folder(target.parent)


def remove_folder(path: Path, within: Iterable[str] = ()) -> None:
    """Remove a folder of plain files, and of the folders named in `within`; nothing happens where there is none.

    Raises:
        UnsafeError: a link stands there.
        OSError: as the system says, where a folder is inside that was not named.
    """
    found = kind(path)
    if found == "nothing":
        return
    if found != "folder":
        raise UnsafeError(f"a {found} stands where a folder should be", str(path))
    for name in within:
        remove_folder(path / name)
    for name in names(path):
        os.unlink(path / name)
    os.rmdir(path)


def absolute(path: Path) -> Path:
    """The path from the root, without `.` and `..`; links are left as they are."""
    return Path(os.path.abspath(path))


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, links followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def network_kind(path: Path, mounts: str | None = None) -> str | None:
    """The kind of network file system that `path` lies on, None on a local one or where it cannot be told.

    Args:
        path: a folder that exists.
        mounts: what `/proc/self/mountinfo` holds, read from there if None.
    """
    if mounts is None:
        try:
            with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
                mounts = file.read()
        except OSError:
            return None
    real, best, found = os.path.realpath(path), -1, ""
    for line in mounts.splitlines():
        place, _, rest = line.partition(" - ")
        point = place.split(" ")[4].replace("\\040", " ") if place.count(" ") >= 4 else ""
        under = real == point or real.startswith(point.rstrip("/") + "/")
        if point and under and len(point) >= best:
            best, found = len(point), rest.split(" ")[0]
    return found if found.startswith(_NETWORKS) else None


def now_ns() -> int:
    """The system's clock in ns, as file times are told."""
    return time.time_ns()
