"""The one family of errors that a person can act on: what happened, to what, what was kept, what to do
next."""

from collections.abc import Sequence
from typing import Any


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
    """Somebody else changed the record first; both versions are here to choose from."""

    title = "Changed meanwhile"

    def __init__(self, what: str, theirs: dict[str, Any], yours: dict[str, Any]) -> None:
        super().__init__(what, todo="Look at both and decide; then write again on the newer revision.")
        self.theirs, self.yours = theirs, yours


class FolderError(WorkbenchError):
    """The data folder cannot be used: missing, foreign, newer, damaged, locked or not writable."""

    title = "Data folder"


class FileFaultsError(WorkbenchError):
    """An input file was refused whole; `faults` list line, column and reason."""

    title = "File refused"

    def __init__(self, what: str, faults: Sequence[Any], **rest: str) -> None:
        super().__init__(what, **rest)
        self.faults = tuple(faults)
