"""What can go wrong with a folder: what, where, what was kept, what to do."""

from typing import Any


class StoreError(Exception):
    """Base of all that the store raises. `str()` is a whole message for a person."""

    def __init__(
        self, what: str, *, where: str = "", kept: str = "Nothing was changed.", todo: str = ""
    ) -> None:
        super().__init__(what)
        self.what, self.where, self.kept, self.todo = what, where, kept, todo

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.kept, self.todo) if part)


class StaleRevision(StoreError):
    """The record was changed since it was shown."""

    def __init__(
        self, file: str, table: str, id_: str, stored: dict[str, Any], yours: dict[str, Any]
    ) -> None:
        super().__init__(f"{id_} was changed by somebody else meanwhile.", where=f"{file}/{table}/{id_}")
        self.stored, self.yours = stored, yours


class Damaged(StoreError):
    """A file does not hold what was written to it."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(
            f"{place}: {reason}.", where=place, todo="Run `workbench check`; restore a backup if it says so."
        )
        self.file, self.line, self.reason = file, line, reason


class Foreign(StoreError):
    """The folder is not one of ours, or not usable as one."""


class Newer(StoreError):
    """The folder was written by a newer program."""


class Locked(StoreError):
    """Another process holds the lock for too long."""


class ReadOnly(StoreError):
    """The folder is open for reading only."""
