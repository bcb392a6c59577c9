"""The one seam where documents are sealed. Every put and every read goes through it; format 0 keeps them in clear."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

Doc = dict[str, Any]


class Seal(Protocol):
    """How documents become what is stored, and back. A stored document keeps `id` and `rev` in clear."""

    def seal(self, kind: str, own_id: str, rev: int, doc: Doc, /) -> Doc:
        """What is stored for `doc`; `kind` is `file/table`."""
        ...

    def open(self, kind: str, stored: Doc, /) -> Doc:
        """The document that `stored` holds; may share parts with it."""
        ...

    def view(self, kind: str, stored: Mapping[str, Doc], /) -> Mapping[str, Doc]:
        """A read-only view of many stored documents by own id, opened as they are looked at."""
        ...


class Clear:
    """Format 0: nothing is sealed, so a view costs nothing."""

    def seal(self, _kind: str, _own_id: str, _rev: int, doc: Doc, /) -> Doc:
        """`doc` itself."""
        return doc

    def open(self, _kind: str, stored: Doc, /) -> Doc:
        """`stored` itself."""
        return stored

    def view(self, _kind: str, stored: Mapping[str, Doc], /) -> Mapping[str, Doc]:
        """`stored` behind a read-only proxy."""
        return MappingProxyType(stored) if isinstance(stored, dict) else stored
