"""The one family of errors that a person can act on: what happened, to what, what was kept, what to do
next."""

from collections.abc import Sequence
from typing import Any

import msgspec

EVERY_WRITING = ("rev", "at", "by", "earlier")
"""Fields that differ in any two versions."""


class WorkbenchError(Exception):
    """Something an operator must know. The message never holds a child's name, only ids.

    Args:
        what: what happened, to what, in plain words.
        kept: what was kept or left unchanged.
        todo: what to do next.
    """

    title = "Not done"

    def __init__(self, what: str, *, kept: str = "Nothing was changed.", todo: str = "") -> None:
        super().__init__(what)
        self.what, self.kept, self.todo = what, kept, todo

    def __str__(self) -> str:
        return " ".join(_sentence(part) for part in (self.what, self.kept, self.todo) if part)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


class RefusedError(WorkbenchError):
    """The signed-in person's roles do not allow the verb, or four eyes or a gate stand in the way."""

    title = "Refused"


class WaitError(RefusedError):
    """Earlier tries to sign in failed: the next one is looked at in `seconds`, and nothing was checked now."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many tries failed just now: wait {seconds} s.",
            todo="Then type the name and the passphrase again; nobody is locked out for good.",
        )
        self.seconds = seconds


class NotFoundError(WorkbenchError):
    """No record has this id."""

    title = "Not found"


class InvalidError(WorkbenchError):
    """A value cannot be taken: it names the field, what was wrong and what would be right."""

    title = "Not accepted"


class GatesOpenError(RefusedError):
    """A removal cannot go on; `gates` are the ids of the gates that stand open."""

    def __init__(self, what: str, gates: Sequence[str], **rest: str) -> None:
        super().__init__(what, **rest)
        self.gates = tuple(gates)


class ConflictError(WorkbenchError):
    """Somebody else changed the record first; both versions are here to choose from.

    Args:
        what: what was changed meanwhile.
        theirs: the version that stands; empty if the record is gone.
        yours: the version that was not written.
        by: the user who wrote theirs, where it is known.
        at: when, as ISO 8601.
        where: `file/table/id` of the record, to look its writer up.
    """

    title = "Changed meanwhile"

    def __init__(
        self, what: str, theirs: dict[str, Any], yours: dict[str, Any], *, by: str = "", at: str = "",
        where: str = "",
    ) -> None:  # fmt: skip
        rev = theirs.get("rev")
        again = f" on the revision that stands now, {rev}" if rev is not None else ""
        super().__init__(
            what, todo=f"Look at both versions and decide; to write yours over it, write again{again}."
        )
        self.theirs: dict[str, Any] = _as_kept(theirs)
        self.yours: dict[str, Any] = _as_kept(yours)
        self.by, self.at, self.where = by, at, where

    @property
    def rev(self) -> int:
        """The revision that stands; 0 where nothing does."""
        return int(self.theirs.get("rev", 0))

    def differing(self) -> list[str]:
        """Fields in which the two differ, without those that every writing changes."""
        names = [name for name in {**self.theirs, **self.yours} if name not in EVERY_WRITING]
        found = [name for name in names if self.theirs.get(name) != self.yours.get(name)]
        # since when a class holds says nothing more where the class itself differs
        said = not {"class_", "year"}.isdisjoint(found)
        return [name for name in found if not (said and name == "places")]


def _as_kept(version: dict[str, Any]) -> Any:
    """A version as JSON has it, so that a tuple and the list that was read of it are the same."""
    return msgspec.json.decode(msgspec.json.encode(version))


class FolderError(WorkbenchError):
    """The data folder cannot be used: missing, foreign, newer, damaged, locked or not writable."""

    title = "Data folder"


class FileFaultsError(WorkbenchError):
    """An input file was refused whole; `faults` list line, column and reason."""

    title = "File refused"

    def __init__(self, what: str, faults: Sequence[Any], **rest: str) -> None:
        super().__init__(what, **rest)
        self.faults = tuple(faults)
