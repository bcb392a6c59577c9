"""How a line becomes durable: a new segment whole or not at all, an old one grown by one write and one sync."""

import errno

from store import files
from store.errors import FailedError, StoreError, WriteError
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
        try:
            if new:
                files.atomic_write(self._log.path / segment, [raw], overwrite=False)
                self._settled = segment
            else:
                if young and segment != self._settled:
                    files.sync_folder(self._log.path)
                    self._settled = segment
                self._appending(segment).append(raw, size)
        except (WriteError, OSError) as error:
            raise self._told(segment, error) from error
        self._durable = (segment, size + len(raw))

    def settle(self, segment: str, end: int) -> None:
        """Make durable what stands in the newest segment (empty = there is none) up to its end, whoever wrote it and
        was killed: a new segment, a snapshot or the vault is about to stand on it. Raises as `store`."""
        if segment and (segment, end) != self._durable:
            try:
                files.sync_file(self._log.path / segment)
                files.sync_folder(self._log.path)
            except (WriteError, OSError) as error:
                raise self._told(segment, error) from error
            self._durable = (segment, end)

    def _told(self, segment: str, error: WriteError | OSError) -> StoreError:
        """What is told of a refusal; a sync that failed is final."""
        kept = "Everything acknowledged before is kept. Whether this change is there shows when it is read again."
        if isinstance(error, WriteError):
            return WriteError(error.what, error.where, "Nothing was changed.", "Free space, then try again.")
        if error.errno in _FULL and not isinstance(error, files.SyncError):
            return WriteError(f"the disk refused: {error.strerror}", segment, kept, "Free space.")
        self.failed = True
        todo = "Close the program, open it again and look before you repeat it."
        return FailedError(f"the disk failed: {error.strerror}", segment, kept, todo)

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
