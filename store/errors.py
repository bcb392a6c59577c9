"""What the store says when something goes wrong: what, where, what was kept, what to do; never a document's text."""

from collections.abc import Mapping
from typing import Any


class StoreError(Exception):
    """Something the store could not do.

    Args:
        what: what happened, in plain words.
        where: the file, folder or record it happened to.
        kept: what is still whole.
        todo: what a person can do next.
    """

    def __init__(
        self, what: str, where: str = "", kept: str = "Nothing was changed.", todo: str = ""
    ) -> None:
        super().__init__(what)
        self.what, self.where, self.kept, self.todo = what, where, kept, todo

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join(part for part in (head, self.kept, self.todo) if part)


class MissingError(StoreError):
    """The folder or file does not exist."""


class ForeignError(StoreError):
    """The folder is not a workbench folder, or not an empty one where a new one was wanted."""


class NewerError(StoreError):
    """A newer program made it; `format` is its format number, `what` says whose: the folder's, a backup's."""

    def __init__(self, where: str, format_: int, known: int, what: str = "this folder") -> None:
        super().__init__(
            f"{what} has format {format_}, this program knows formats up to {known}",
            where,
            todo="Use the newer program.",
        )
        self.format = format_


class NetworkError(StoreError):
    """The folder lies on a network file system, where locks and syncs cannot be relied on."""


class UnsafeError(StoreError):
    """A link, FIFO, folder or device stands where a plain file of ours should be."""


class HugeError(StoreError):
    """A file is larger than any that a program of ours writes: filled up, or another's."""


class DamagedError(StoreError):
    """A file does not hold what it must: `file`, `line` (1-based, 0 = the whole file) and `reason`."""

    def __init__(self, file: str, line: int, reason: str, todo: str = "") -> None:
        where = f"{file} line {line}" if line else file
        super().__init__(
            reason, where, todo=todo or "Run `workbench check`; restore from a backup if need be."
        )
        self.file, self.line, self.reason = file, line, reason


class LockedError(StoreError):
    """Somebody else holds the folder; `holder` names the process and what it is doing."""

    def __init__(self, where: str, holder: str, seconds: float) -> None:
        super().__init__(
            f"the folder has been held for {seconds:g} s by {holder}",
            where,
            todo="Try again, or end that program.",
        )
        self.holder = holder


class ReadOnlyError(StoreError):
    """A change was asked of a folder that is open for reading only."""


class StaleRevisionError(StoreError):
    """The record was changed since `rev` was read: `stored` is what it is now, `yours` what was to be written."""

    def __init__(self, where: str, stored: Mapping[str, Any] | None, yours: Mapping[str, Any]) -> None:
        super().__init__(
            "somebody changed this record first", where, todo="Look at both versions and decide."
        )
        self.stored, self.yours = stored, yours


class InvalidDocError(StoreError):
    """A document or entry cannot be stored: a float, a control character, a number beyond 2^53, a bad id ..."""


class MalformedError(StoreError):
    """A JSON text from outside was refused (size, encoding, duplicate keys, NaN, depth ...)."""


class WriteError(StoreError):
    """The disk refused (full, I/O error). The change is not done; what was acknowledged before is whole."""


class FailedError(WriteError):
    """A sync failed: this handle takes no further change. Whether the last change is kept shows after reopening."""


class SealError(StoreError):
    """What is sealed does not open: another key, another place, or altered."""
