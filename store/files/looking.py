"""What stands in the place of a file or folder: kind, size, time, modes, names. No file of ours is opened."""

import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

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
