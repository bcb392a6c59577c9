"""Failed tries to sign in: a small file beside the lock, so that a restart forgets none. It is in no log and no backup.

Strict JSON, `{"format":1,"tries":{NAME:{...}}}`; what a record holds is its owner's matter. Whoever can take the file
away can also read the vault and guess without this program: it holds off those at the keyboard.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import msgspec

from store import files
from store.canon import canonical
from store.errors import StoreError
from store.lock import NAME as LOCK
from store.lock import Lock
from store.spoken import spoken

NAME = ".tries"
FORMAT = 1
CAP = 1 << 18
"""Most bytes that are read: some thousand names."""

Counts = dict[str, dict[str, int]]
_decode = msgspec.json.Decoder(dict[str, int | Counts]).decode


class Tries:
    """The file of a folder.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._path, self._at = root / NAME, root / LOCK

    def read(self) -> Counts:
        """The record of each name. A file that is missing or no such file counts as none: it locks nobody out."""
        try:
            raw = files.read_capped(self._path, CAP)
            found = _decode(raw)
        except (OSError, StoreError, msgspec.MsgspecError, ValueError, RecursionError):
            return {}
        tries = found.get("tries")
        return tries if found.get("format") == FORMAT and isinstance(tries, dict) else {}

    @contextmanager
    def changing(self) -> Iterator[Counts]:
        """The records under the folder's lock; what was altered when it is left is written, whole or not at all.

        Raises:
            LockedError: another process holds the folder too long.
            WriteError: the disk refused.
        """
        lock = Lock(self._at)  # a handle of its own: nobody has to close one that is seldom used
        try:
            with spoken(), lock.held("sign-in"):
                tries = self.read()
                before = deepcopy(tries)
                yield tries
                if tries != before:
                    files.atomic_write(self._path, [canonical({"format": FORMAT, "tries": tries}) + b"\n"])
        finally:
            lock.close()
