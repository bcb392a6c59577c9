"""Unfinished texts, sealed, in the folder `drafts`: what stood in an open form is there after a line that was cut.

They are in no log and no backup. A file is called by a random id, and says in clear whose text it holds, when it was
last typed and whose keys open it; the text is sealed to each of those.
"""

import re
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from store import files
from store.canon import canonical
from store.errors import StoreError, UnsafeError
from store.spoken import spoken
from store.tail import is_temporary

FOLDER = "drafts"
END = ".draft"
NAMED = re.compile(r"DR-[A-Z2-7]{16}\.draft")
FORMAT = 1
CAP = 4 << 20
"""Most bytes of one that are read: the longest text, sealed to two dozen keys."""
LEFT_OVER = 3_600 * 10**9
"""Age in ns from which a temporary file is one of a write that was interrupted; nobody writes for an hour."""


class SealedDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unfinished text as it is kept."""

    id: str
    kind: Literal["own", "concern"]
    """`own`: sealed to who typed it. `concern`: sealed to those who may read it, whoever typed it."""
    user: str
    at: str
    """When it was last typed, as it says itself: the clear text is proof of nothing."""
    sealed: dict[str, bytes]
    """Account to the text, sealed to its key."""
    format: int = FORMAT


_decode = msgspec.json.Decoder(SealedDraft).decode


def fresh(random: Callable[[int], bytes]) -> str:
    """An id for another one, from a source of random bytes."""
    return f"DR-{b32encode(random(10)).decode('ascii')}"


class Drafts:
    """The unfinished texts of a folder.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / FOLDER

    def all(self) -> Iterator[SealedDraft]:
        """Each of them; a file that is none of ours or cannot be read is passed over: `check` names it."""
        if files.kind(self.path) != "folder":
            return
        for name in files.names(self.path):
            if NAMED.fullmatch(name) and (found := self.get(name.removesuffix(END))) is not None:
                yield found

    def get(self, own: str) -> SealedDraft | None:
        """One of them; None where it is gone or cannot be read."""
        try:
            found = _decode(files.read_capped(self.path / f"{own}{END}", CAP))
        except (OSError, StoreError, msgspec.MsgspecError, ValueError, RecursionError):
            return None
        return found if found.format == FORMAT and found.id == own else None

    @spoken()
    def put(self, draft: SealedDraft) -> None:
        """Write one, whole or not at all, in the place of what stood under its id.

        Raises:
            UnsafeError: a link or file stands where the folder should be.
            WriteError: the disk refused.
        """
        where = self.path / f"{draft.id}{END}"
        files.make_parents(where)
        if files.kind(self.path) != "folder":
            raise UnsafeError("something else stands where a folder should be", str(self.path))
        files.atomic_write(where, [canonical(msgspec.to_builtins(draft)) + b"\n"])

    @spoken()
    def remove(self, own: str) -> None:
        """Remove one; nothing happens where it is gone.

        Raises:
            WriteError: the disk refused.
        """
        files.remove(self.path / f"{own}{END}")

    def sweep(self) -> None:
        """Remove temporary files of writes that were interrupted long ago."""
        for name in files.names(self.path) if files.kind(self.path) == "folder" else ():
            one = self.path / name
            if is_temporary(name) and files.now_ns() - files.changed(str(one)) > LEFT_OVER:
                with suppress(OSError):
                    files.remove(one)
