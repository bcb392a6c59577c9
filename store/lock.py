"""The folder's lock: flock on a file of its own, held for milliseconds; who holds it too long is named."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import files
from store.errors import LockedError, ReadOnlyError
from store.spoken import refused

NAME = ".lock"
LIMIT = 5.0
_WIDTH = 120


class Lock:
    """One process's handle on the folder's lock; threads of the process wait for each other too.

    Args:
        path: the lock file; made if it is not there.
        limit: seconds to wait before the holder is named.
    """

    def __init__(self, path: Path, limit: float = LIMIT) -> None:
        self.path, self.limit = path, limit
        self._place = str(path)
        self._fd, self._inode = -1, 0
        self._who, self._text = "", b""
        self._threads = threading.Lock()
        self._thread = 0

    @contextmanager
    def held(self, who: str, limit: float | None = None) -> Iterator[None]:
        """Hold the lock; `who` is what others are told.

        Raises:
            LockedError: somebody held it for the whole limit.
            ReadOnlyError: this thread holds it already.
            WriteError: the system refused the lock file.
        """
        self.take(who, limit)
        try:
            yield
        finally:
            self.give()

    def give(self) -> None:
        """Give back what `take` took."""
        self._thread = 0
        if self._fd >= 0:
            files.unlock(self._fd)
        self._threads.release()

    def take(self, who: str, limit: float | None = None) -> None:
        """Take the lock until `give`; raises as `held`."""
        if limit is None:
            limit = self.limit
        if self._thread == threading.get_ident():
            raise ReadOnlyError("a change is open already; one cannot stand inside another", str(self.path))
        end = 0.0
        if not self._threads.acquire(blocking=False):
            end = time.monotonic() + limit
            if not self._threads.acquire(timeout=max(limit, 0)):
                raise LockedError(str(self.path.parent), "another part of this program", limit)
        try:
            self._flock(end, limit)
            self._sign(who)
            self._thread = threading.get_ident()
        except BaseException as error:
            if self._fd >= 0:
                self._close()
            self._threads.release()
            if isinstance(error, OSError):
                raise refused(error) from error
            raise

    def _sign(self, who: str) -> None:
        """Leave a name for those who wait. Written only if it is another's: a write would join the next sync."""
        if who != self._who:
            # padded, so that a shorter name overwrites a longer one without a truncate
            self._who = who
            self._text = f"process {files.process()} ({who})".encode()[: _WIDTH - 1].ljust(_WIDTH)
        if files.read_start(self._fd, _WIDTH) != self._text:
            files.write_start(self._fd, self._text)

    def _flock(self, end: float, limit: float) -> None:
        wait = 0.0005
        while True:
            if self._fd < 0:
                self._fd = files.open_lock(self.path)
                self._inode = files.inode(self._fd)
            if files.lock_now(self._fd):
                if files.extent(self._place)[1] == self._inode:
                    return
                self._close()  # the folder was replaced beneath us: the lock of the old one is worth nothing
                continue
            now = time.monotonic()
            end = end or now + limit
            if now >= end:
                raise LockedError(str(self.path.parent), self.holder(), limit)
            time.sleep(wait)
            wait = min(wait * 2, 0.02)

    def holder(self) -> str:
        """Who took the lock last, in words."""
        text = files.read_start(self._fd, _WIDTH).decode("utf-8", "replace").strip() if self._fd >= 0 else ""
        return text or "another process"

    def _close(self) -> None:
        files.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        """Let the handle go."""
        if self._fd >= 0:
            self._close()
