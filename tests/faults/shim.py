"""A shim under `store.files`: every call that alters the disk is done and written down, in its order."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from tests.faults.workload import Step
from tests.filekit import swapped

FOLDER = 0
"""Stands for a folder where an inode is asked for; files are numbered from 1."""


class Named(NamedTuple):
    """Names come to stand for inodes, or for nothing (None), in one stroke: a creation, rename, link or removal."""

    call: str
    names: dict[str, int | None]


class Moved(NamedTuple):
    """A folder gets another name, with all that is in it."""

    old: str
    new: str


class Written(NamedTuple):
    """Bytes are written to an inode, unsynced."""

    inode: int
    offset: int
    data: bytes


class Cut(NamedTuple):
    """An inode is cut to a size, unsynced."""

    inode: int
    size: int


class Synced(NamedTuple):
    """What was written to an inode is durable."""

    inode: int


class SyncedFolder(NamedTuple):
    """The names in a folder are durable."""

    name: str


class Said(NamedTuple):
    """A step of the workload has begun, or was acknowledged (`told`)."""

    step: str
    told: bool


Event = Named | Moved | Written | Cut | Synced | SyncedFolder | Said
UNKNOWN = frozenset(
    "truncate symlink mkfifo mknod pwritev writev sendfile copy_file_range posix_fallocate renames removedirs".split()
)
"""Calls that alter the disk and that the shim does not know: `store.files` may not use them unseen."""


def moved_name(name: str, moved: Moved) -> str:
    """What a path is called after a folder was moved."""
    inside = name == moved.old or name.startswith(f"{moved.old}/")
    return moved.new + name[len(moved.old) :] if inside else name


def moved_names(names: dict[str, int], moved: Moved) -> dict[str, int]:
    """All names after a folder was moved, onto an empty one if one stood there."""
    if moved.old not in names:
        return names
    return {moved_name(name, moved): inode for name, inode in names.items() if name != moved.new}


@dataclass
class Trace:
    """What was done to the disk, from what stood there before.

    Attributes:
        names: the names that stood there, each with its inode.
        contents: the bytes of each of these inodes.
        events: every call and every word, in their order.
    """

    names: dict[str, int]
    contents: dict[int, bytes]
    events: list[Event]


class Shim:
    """Stands in for the module `os` in `store.files`.

    Args:
        base: the folder that is watched, the data folder's parent; what happens outside it is not written down.
    """

    def __init__(self, base: Path) -> None:
        self._base = os.path.realpath(base)
        self._names: dict[str, int] = {}
        self._sizes: dict[int, int] = {}
        self._fds: dict[int, tuple[str, int, bool]] = {}
        self._half = False
        contents = self._start()
        self.trace = Trace(dict(self._names), contents, [])

    def _start(self) -> dict[int, bytes]:
        """Take what stands there as durable."""
        contents: dict[int, bytes] = {}
        for folder, folders, plain in os.walk(self._base):
            self._names |= {self._key(os.path.join(folder, name)): FOLDER for name in folders}
            for name in plain:
                inode = self._number()
                self._names[self._key(os.path.join(folder, name))] = inode
                contents[inode] = Path(folder, name).read_bytes()
                self._sizes[inode] = len(contents[inode])
        return contents

    def __getattr__(self, name: str) -> Any:
        if name in UNKNOWN:
            raise AssertionError(
                f"store.files calls os.{name}: the shim of tests/faults has to know it first"
            )
        return getattr(os, name)

    # what the workload says ---------------------------------------------------------------------------------

    def begun(self, step: Step) -> None:
        """A step begins."""
        self.trace.events.append(Said(step.id, False))

    def told(self, step: Step) -> None:
        """A step was acknowledged."""
        self.trace.events.append(Said(step.id, True))

    @contextmanager
    def half(self) -> Iterator[None]:
        """Inside, the disk takes half of each write and cannot cut a file: a torn end is left."""
        self._half = True
        try:
            yield
        finally:
            self._half = False

    # the calls ----------------------------------------------------------------------------------------------

    def open(self, path: str | Path, flags: int, mode: int = 0o777) -> int:
        """As `os.open`."""
        key = self._key(path)
        fd = os.open(path, flags, mode)
        if key is None:
            return fd
        if key not in self._names and key:
            inode = self._number()
            self._sizes[inode] = 0
            self._names[key] = inode
            self.trace.events.append(Named("create", {key: inode}))
        self._fds[fd] = (key, self._names.get(key, FOLDER), bool(flags & os.O_APPEND))
        return fd

    def close(self, fd: int) -> None:
        """As `os.close`."""
        self._fds.pop(fd, None)
        os.close(fd)

    def write(self, fd: int, data: bytes) -> int:
        """As `os.write`."""
        if self._half:
            data = data[: len(data) // 2]
        offset = os.lseek(fd, 0, os.SEEK_CUR)
        done = os.write(fd, data)
        self._wrote(fd, offset, data[:done])
        return done

    def pwrite(self, fd: int, data: bytes, offset: int) -> int:
        """As `os.pwrite`."""
        done = os.pwrite(fd, data, offset)
        self._wrote(fd, offset, data[:done])
        return done

    def ftruncate(self, fd: int, size: int) -> None:
        """As `os.ftruncate`."""
        if self._half:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.ftruncate(fd, size)
        if fd in self._fds:
            inode = self._fds[fd][1]
            self._sizes[inode] = size
            self.trace.events.append(Cut(inode, size))

    def fsync(self, fd: int) -> None:
        """As `os.fsync`."""
        os.fsync(fd)
        self._synced(fd)

    def fdatasync(self, fd: int) -> None:
        """As `os.fdatasync`."""
        os.fdatasync(fd)
        self._synced(fd)

    def replace(self, old: str | Path, new: str | Path) -> None:
        """As `os.replace`."""
        os.replace(old, new)
        if self._names.get(self._key(old)) == FOLDER:
            moved = Moved(self._key(old), self._key(new))
            self._names = moved_names(self._names, moved)
            self._fds = {
                fd: (moved_name(key, moved), inode, appends)
                for fd, (key, inode, appends) in self._fds.items()
            }
            self.trace.events.append(moved)
            return
        self._named("rename", {self._key(old): None, self._key(new): self._names.get(self._key(old))})

    rename = replace

    def link(self, old: str | Path, new: str | Path) -> None:
        """As `os.link`."""
        os.link(old, new)
        self._named("link", {self._key(new): self._names.get(self._key(old))})

    def unlink(self, path: str | Path) -> None:
        """As `os.unlink`."""
        os.unlink(path)
        self._named("unlink", {self._key(path): None})

    def rmdir(self, path: str | Path) -> None:
        """As `os.rmdir`."""
        os.rmdir(path)
        self._named("rmdir", {self._key(path): None})

    def mkdir(self, real: Callable[..., None]) -> Callable[..., None]:
        """`os.mkdir`, which `pathlib` calls, with a look at it."""

        def made(path: str | Path, mode: int = 0o777, **rest: Any) -> None:
            real(path, mode, **rest)
            self._named("mkdir", {self._key(path): FOLDER})

        return made

    # writing down -------------------------------------------------------------------------------------------

    def _key(self, path: str | Path) -> Any:
        """The path from the watched folder, empty for itself; None outside it."""
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        if real == self._base:
            return ""
        return real[len(self._base) + 1 :] if real.startswith(self._base + os.sep) else None

    def _number(self) -> int:
        self._last = getattr(self, "_last", 0) + 1
        return self._last

    def _named(self, call: str, names: dict[Any, int | None]) -> None:
        inside = {name: inode for name, inode in names.items() if name is not None}
        for name, inode in inside.items():
            if inode is None:
                self._names.pop(name, None)
            else:
                self._names[name] = inode
        if inside:
            self.trace.events.append(Named(call, inside))

    def _wrote(self, fd: int, offset: int, data: bytes) -> None:
        if fd in self._fds and data:
            _, inode, appends = self._fds[fd]
            offset = self._sizes[inode] if appends else offset
            self._sizes[inode] = max(self._sizes[inode], offset + len(data))
            self.trace.events.append(Written(inode, offset, data))

    def _synced(self, fd: int) -> None:
        if fd in self._fds:
            key, inode, _ = self._fds[fd]
            self.trace.events.append(SyncedFolder(key) if inode == FOLDER else Synced(inode))


@contextmanager
def recorded(base: Path) -> Iterator[Shim]:
    """Inside, what `store` does below `base` is written down."""
    shim = Shim(base)
    with swapped(os=shim), patch.object(os, "mkdir", shim.mkdir(os.mkdir)):
        yield shim
