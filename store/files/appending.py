"""The end of a segment of the log, grown by whole lines."""

import os
from contextlib import suppress
from pathlib import Path

from store.errors import WriteError
from store.files.reading import open_file
from store.files.writing import SyncError, write_all


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
