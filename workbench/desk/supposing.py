"""A desk on documents that do not stand: what would follow if they did. It can be read, never written."""

from collections.abc import Mapping
from typing import Any

from store.change import Tx
from workbench.desk.context import BY_KEYS, Desk, Reader
from workbench.desk.shelves import shelves

Doc = dict[str, Any]
Docs = Mapping[tuple[str, str], Mapping[str, Doc]]
"""File and table to documents by their own id."""


class Supposed:
    """The documents of a reader with some others in their place.

    Args:
        under: where all other documents are read.
        docs: the documents that are supposed; each replaces the one with its id, or is new.
    """

    def __init__(self, under: Reader, docs: Docs) -> None:
        self._under = under
        self._docs = docs
        self._tables = {key: {**under.docs(*key), **put} for key, put in docs.items()}

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id. Not to be altered."""
        found = self._tables.get((file, table))
        return self._under.docs(file, table) if found is None else found

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, None if it is not there."""
        put = self._docs.get((file, table), {}).get(own_id)
        return self._under.get(file, table, own_id) if put is None else put


def suppose(desk: Desk, docs: Docs) -> Desk:
    """The desk as it would read if these documents stood. What is supposed must be none of a pupil's own records
    beside marks: those are taken over as they are sorted now.
    """
    made = Desk(
        desk.store,
        desk.clock,
        desk.who,
        folded=desk.folded,
        reader=Supposed(desk.reader, docs),
        keys=desk.keys,
    )
    made._rules, made._rules_at = desk.rules, desk._rules_at
    made.cache["shelves"] = shelves(desk)
    return made


def inside(desk: Desk, tx: Tx) -> Desk:
    """The desk as it will read once a change is written, from inside it."""
    made = Desk(desk.store, desk.clock, desk.who, folded=desk.folded, reader=tx, keys=desk.keys)
    made._rules, made._rules_at, made._calendars = desk.rules, desk._rules_at, desk._calendars
    made.kept = desk.kept  # kept by the document they were made of: what the change alters is made anew
    made.cache = {key: value for key, value in desk.cache.items() if key not in BY_KEYS and key != "duties"}
    return made
