"""The one seam through which every document passes on its way into a change and out of a page."""

from typing import Any, Protocol


class Seal(Protocol):
    """What a folder format does to a document."""

    def seal(self, kind: str, id_: str, rev: int, doc: dict[str, Any]) -> dict[str, Any]:
        """The document as it is stored."""
        ...

    def open(self, kind: str, id_: str, rev: int, stored: dict[str, Any]) -> dict[str, Any]:
        """The document as it was given."""
        ...


class Clear:
    """Format 0: documents are stored as they are."""

    def seal(self, kind: str, id_: str, rev: int, doc: dict[str, Any]) -> dict[str, Any]:
        """The document itself."""
        return doc

    def open(self, kind: str, id_: str, rev: int, stored: dict[str, Any]) -> dict[str, Any]:
        """The stored document itself."""
        return stored
