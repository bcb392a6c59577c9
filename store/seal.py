"""The one seam where documents are sealed. Every put and every read goes through it; format 0 keeps them in clear."""

from collections.abc import Iterator, Mapping
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


class Documents(Protocol):
    """Where stored documents are read."""

    def page(self, file: str, table: str, /) -> Any:
        """One table as it is stored, with its documents by own id in `own`."""
        ...


class Opened:
    """Documents of a folder as one seal opens them: what a person reads is opened by the keys that they hold.

    Args:
        under: where the stored documents are.
        seal: opens them.
    """

    def __init__(self, under: Documents, seal: Seal) -> None:
        self._under, self._seal = under, seal

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id: live, not to be altered."""
        return self._seal.view(f"{file}/{table}", self._under.page(file, table).own)

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, None if it is not there. Not to be altered."""
        stored = self._under.page(file, table).own.get(own_id)
        return None if stored is None else self._seal.open(f"{file}/{table}", stored)


class Opening(Mapping[str, Doc]):
    """A table that is opened document by document, as it is looked at.

    Args:
        kind: `file/table`.
        stored: stored documents by own id.
        seal: opens them.
    """

    def __init__(self, kind: str, stored: Mapping[str, Doc], seal: Seal) -> None:
        self._kind, self._stored, self._seal = kind, stored, seal

    def __getitem__(self, own_id: str) -> Doc:
        return self._seal.open(self._kind, self._stored[own_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)
