"""How a line becomes durable: a new segment whole or not at all, an old one grown by one write and one sync."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from store import files
from store.errors import FailedError, WriteError
from store.log import Log

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE}


class Writer:
    """The hand that writes the log. `failed` is set when a sync failed, and final: nothing more is written."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._appender: files.Appender | None = None
        self._settled = ""
        self._durable = ("", 0)
        """The newest segment and its bytes when they were last synced by this hand."""
        self.failed = False

    def store(self, segment: str, raw: bytes, size: int, new: bool, young: bool) -> None:
        """Make a line durable. The lock is held.

        Args:
            segment: the name of its file.
            raw: the line.
            size: bytes that the file holds.
            new: whether the file is to be made.
            young: whether it holds one line: who made it may have been killed before its name was durable.

        Raises:
            WriteError: the disk refused; the line is not there, or shows when the log is read again.
            FailedError: a sync failed, so that nobody knows.
        """
        with self._told(segment):
            if new:
                files.atomic_write(self._log.path / segment, [raw], overwrite=False)
                self._settled = segment
            else:
                if young and segment != self._settled:
                    files.sync_folder(self._log.path)
                    self._settled = segment
                self._appending(segment).append(raw, size)
        self._durable = (segment, size + len(raw))

    def settle(self, segment: str, end: int) -> None:
        """Make durable what stands in the newest segment (empty = there is none) up to its end, whoever wrote it and
        was killed: a new segment, a snapshot or the vault is about to stand on it. Raises as `store`."""
        if segment and (segment, end) != self._durable:
            with self._told(segment):
                files.sync_file(self._log.path / segment)
                files.sync_folder(self._log.path)
            self._durable = (segment, end)

    @contextmanager
    def _told(self, segment: str) -> Iterator[None]:
        kept = "Everything acknowledged before is kept. Whether this change is there shows when it is read again."
        try:
            yield
        except WriteError as error:
            raise WriteError(
                error.what, error.where, "Nothing was changed.", "Free space, then try again."
            ) from error
        except OSError as error:
            if error.errno in _FULL and not isinstance(error, files.SyncError):
                raise WriteError(
                    f"the disk refused: {error.strerror}", segment, kept, "Free space."
                ) from error
            self.failed = True
            todo = "Close the program, open it again and look before you repeat it."
            raise FailedError(f"the disk failed: {error.strerror}", segment, kept, todo) from error

    def _appending(self, segment: str) -> files.Appender:
        """The newest segment, open for appending; opened anew if another file stands there now."""
        now = self._appender
        if now is None or now.name != segment or now.inode != self._log.inode:
            if now is not None:
                now.close()
            now = self._appender = files.Appender(self._log.path / segment)
        return now

    def close(self) -> None:
        """Close the segment; again is nothing."""
        if self._appender is not None:
            self._appender.close()
            self._appender = None
