"""Folders made private, held, renamed and removed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import ForeignError, UnsafeError
from store.files.locking import lock_now
from store.files.looking import kind, names
from store.files.writing import sync_folder

PRIVATE_FOLDER = 0o700


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
