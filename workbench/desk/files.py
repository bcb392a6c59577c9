"""Files of the people who use the workbench: what they bring in and what they take away. The store reads and
writes
them, as it does everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store import files
from store.errors import StoreError
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is refused before it is read."""


def read_input(path: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file that somebody named. Links, folders and pipes are refused.

    Raises:
        InvalidError: if it cannot be read or is larger than `most` bytes.
    """
    where = Path(path).expanduser()
    try:
        return files.read_capped(where, most)
    except FileNotFoundError:
        raise InvalidError(
            f"There is no file {harmless(path, 200)}.", todo="Look at its name and folder."
        ) from None
    except StoreError as error:
        raise InvalidError(_named(path, error), todo=error.todo) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise InvalidError(f"{harmless(path, 200)} cannot be read: {reason}.") from error


def write_output(
    path: str, data: bytes, overwrite: bool = False, prove: Callable[[Path], object] | None = None
) -> Path:
    """Write a file that only its owner may read, whole or not at all. Returns where it is.

    Args:
        path: where.
        data: what.
        overwrite: whether a file that is there may be replaced.
        prove: given the file once it is durable, before it has its name; what it raises keeps it from that.

    Raises:
        InvalidError: if it exists and `overwrite` is not set, or cannot be written.
    """
    where = Path(path).expanduser()
    try:
        files.write_private(where, data, overwrite, prove)
    except StoreError as error:
        raise InvalidError(_named(path, error), todo=error.todo) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise InvalidError(f"{harmless(path, 200)} cannot be written: {reason}.") from error
    return where


def outside(path: str, folder: Path) -> Path:
    """Where a file may be written that people carry away: anywhere but in the data folder, where no backup holds it.

    Args:
        path: as somebody named it.
        folder: the data folder.

    Raises:
        InvalidError: if it lies in the data folder, however deep.
    """
    where = Path(path).expanduser()
    try:
        inside = files.is_within(where.parent, folder)
    except (OSError, ValueError):
        inside = False  # what is wrong with it, the writing says
    if inside:
        raise InvalidError(f"{harmless(path, 200)} is in the data folder.", todo="Name a file elsewhere.")
    return where


@contextmanager
def taken_back(path: str) -> Iterator[Callable[[Path], object]]:
    """Within it a file is written that goes again if what follows fails; gives the `prove` for `write_output`.

    Args:
        path: where the file is written: only the very one that was made there is removed, never another.
    """
    inodes: list[int] = []
    where = Path(path).expanduser()
    try:
        yield lambda temp: inodes.append(files.extent(str(temp))[1])
    except BaseException:
        with suppress(OSError, ValueError):
            if files.extent(str(where))[1] in inodes:
                files.remove(where)
        raise


def _named(path: str, error: StoreError) -> str:
    """What the store says, with the name that was given, once."""
    said = harmless(error.what.rstrip("."), 400)
    shown = harmless(path, 200)
    return f"{said}." if shown in said else f"{shown}: {said}."
