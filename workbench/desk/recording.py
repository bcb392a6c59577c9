"""Documents made into records, and kept as long as the documents stay the same. No verbs here."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar, cast

import msgspec

from store.envelope import is_sealed
from workbench.desk.sealing import LEFT_OUT
from workbench.domain.errors import FolderError
from workbench.domain.pupils import Pupil

T = TypeVar("T", bound=msgspec.Struct)
Doc = dict[str, Any]
Table = tuple[str, str]
Today = Callable[[], date]
"""Asked only where a pupil is read."""

MANY = 50
"""Documents from which a table is converted at once."""


class Records:
    """Records by file, table and own id, each kept beside the document that it was made of."""

    def __init__(self) -> None:
        self._kept: dict[Table, dict[str, tuple[Doc, int, msgspec.Struct]]] = {}
        self._stands: date | None = None
        """The day on which the pupils that were converted stand in their classes."""

    def copied(self) -> "Records":
        """The same records, to be added to by another."""
        made = Records()
        made._kept = {table: dict(kept) for table, kept in self._kept.items()}
        made._stands = self._stands
        return made

    def clear(self) -> None:
        """Let go of all of them."""
        self._kept.clear()

    def one(self, table: Table, doc: Doc | None, type_: type[T], today: Today) -> T | None:
        """The record of a document; None without one, or where nothing of it is of use without a key.

        Raises:
            FolderError: it cannot be read.
        """
        self._turn(type_, today)
        return None if doc is None or _is_left_out(table, doc) else self._converted(table, doc, type_)

    def every(self, table: Table, docs: Mapping[str, Doc], type_: type[T], today: Today) -> list[T]:
        """The records of a table's documents in their order; those of which nothing is of use without a key are left
        out.

        Raises:
            FolderError: one cannot be read.
        """
        self._turn(type_, today)
        if f"{table[0]}/{table[1]}" in LEFT_OUT:
            docs = {own: doc for own, doc in docs.items() if not is_sealed(doc)}
        if len(docs) > MANY and not self._kept.get(table):
            self._convert_all(table, docs, type_)
        return [self._converted(table, doc, type_) for doc in docs.values()]

    def _convert_all(self, table: Table, docs: Mapping[str, Doc], type_: type[T]) -> None:
        """Convert a whole table at once, which takes half the time; a faulty one is left to `_converted` to name."""
        with suppress(msgspec.ValidationError):
            made = msgspec.convert(list(docs.values()), list[type_])  # type: ignore[valid-type]
            if issubclass(type_, Pupil):
                made = [self._today_of(record) for record in made]
            pairs = zip(docs.values(), made, strict=True)
            self._kept[table] = {doc["id"]: (doc, doc.get("rev", 0), record) for doc, record in pairs}

    def _converted(self, table: Table, doc: Doc, type_: type[T]) -> T:
        kept = self._kept.setdefault(table, {})
        rev, own_id = doc.get("rev", 0), doc["id"]
        known = kept.get(own_id)
        # the revision alone would not do: a document that was dropped and written anew begins at 1 again
        if known is not None and known[0] is doc and known[1] == rev and isinstance(known[2], type_):
            return known[2]
        try:
            record = self._today_of(msgspec.convert(doc, type_))
        except msgspec.ValidationError as error:
            raise FolderError(
                f"{table[0]}.json, table {table[1]}, {own_id}: {error}.", todo="Run `workbench check`."
            ) from error
        kept[own_id] = (doc, rev, record)
        return record

    def _turn(self, type_: type[msgspec.Struct], today: Today) -> None:
        """Let go of the pupils of another day: class and year group are those of today."""
        if issubclass(type_, Pupil) and self._stands != (day := today()):
            self._stands = day
            self._kept.pop(("pupils", "pupils"), None)

    def _today_of(self, record: T) -> T:
        if isinstance(record, Pupil) and self._stands is not None:
            return cast(T, record.at(self._stands))
        return record


def _is_left_out(table: Table, doc: Mapping[str, Any]) -> bool:
    """Whether nothing of a document is of use to who lacks its key."""
    return f"{table[0]}/{table[1]}" in LEFT_OUT and is_sealed(doc)
