"""TinyDB over a folder, through its own hooks: reading and queries are TinyDB's, writes go into the open change.

A storage alone cannot be O(changed): TinyDB rebuilds the whole table above it. So the table is ours as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from store.change import Tx
from store.errors import ReadOnlyError
from store.pages import Doc

if TYPE_CHECKING:
    from store.folder import Store

Rows = dict[str, dict[str, Any]]


class LogStorage(Storage):
    """One file of a folder as a TinyDB storage. Any TinyDB table works on it; LogTable costs what it changes."""

    def __init__(self, store: "Store", file: str) -> None:
        self.store, self.file = store, file

    def read(self) -> dict[str, Rows] | None:
        """All tables as TinyDB wants them, copied: what is done to them reaches nothing before `write`."""
        names = list(self.store.tables(self.file))
        return {
            name: {number: deepcopy(doc) for number, doc in self.rows(name).items()} for name in names
        } or None

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Put what differs into the open change.

        Raises:
            ReadOnlyError: no change is open.
        """
        for name in self.store.tables(self.file):
            self.put_rows(name, data.get(name, {}))
        for name, rows in data.items():
            self.put_rows(name, rows)

    def rows(self, table: str) -> Mapping[str, Doc]:
        """The documents of a table by doc id, those of the open change included. Not to be altered."""
        page = self.store.page(self.file, table)
        tx = self.store.transaction
        return page.rows if tx is None else tx.rows(self.file, table)

    def put_rows(self, table: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the rows of a table those given, through the open change."""
        before = self.rows(table)
        gone = [number for number in before if number not in rows]
        new = {number: dict(doc) for number, doc in rows.items() if before.get(number) != doc}
        self.alter(table, new, gone)

    def alter(self, table: str, new: Mapping[str, Doc], gone: Iterable[str]) -> None:
        """Put and drop rows by doc id in the open change."""
        tx = self.transaction()
        for number in gone:
            tx.drop(self.file, table, self.rows(table)[number]["id"])
        for number, doc in new.items():
            tx.put_row(self.file, table, number, doc)

    def transaction(self) -> Tx:
        """The open change; ReadOnlyError if there is none."""
        tx = self.store.transaction
        if tx is None:
            raise ReadOnlyError("nothing is written outside a change", f"{self.file}.json")
        return tx

    def version(self) -> tuple[int, int] | None:
        """Moves when a document of the file does; None while a change is open, in which any may move."""
        if self.store.transaction is not None:
            return None
        return self.store.state.loads, self.store.state.changed.get(self.file, 0)

    def next_id(self, table: str) -> int:
        """A doc id that was never used in the table."""
        return self.transaction().next_number(self.file, table)


class LogTable(Table):
    """TinyDB's Table whose writes cost what they change; plain TinyDB on any other storage."""

    _asked_at: object = None
    """What the storage held when the cached answers were found."""

    def search(self, cond: QueryLike) -> list[Document]:
        """As TinyDB's; an answer that was kept is given again only while nobody has written, here or elsewhere."""
        if isinstance(self._storage, LogStorage):
            now = self._storage.version()
            if now is None or now != self._asked_at:
                self.clear_cache()
            self._asked_at = now
        return super().search(cond)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        if isinstance(self._storage, LogStorage):
            return self._storage.rows(self.name)  # type: ignore[return-value]  # TinyDB only reads it
        return super()._read_table()

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        storage = self._storage
        if not isinstance(storage, LogStorage):
            super()._update_table(updater)
            return
        storage.transaction()
        overlay = _Rows(storage.rows(self.name))
        updater(overlay)  # type: ignore[arg-type]  # a mapping of the same keys, copied on access
        storage.alter(self.name, *overlay.outcome())
        self.clear_cache()

    def _get_next_id(self) -> int:
        if isinstance(self._storage, LogStorage):
            return self._storage.next_id(self.name)
        return int(super()._get_next_id())  # type: ignore[no-untyped-call]

    # a condition is judged on the live documents, so that only those it fits are copied

    def update(
        self,
        fields: Mapping[Any, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """As TinyDB's."""
        return super().update(fields, *self._by_number(cond, doc_ids))

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """As TinyDB's."""
        return super().remove(*self._by_number(cond, doc_ids))

    def _by_number(
        self, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> tuple[QueryLike | None, Iterable[int] | None]:
        if cond is None or doc_ids is not None or not isinstance(self._storage, LogStorage):
            return cond, doc_ids
        return None, [int(number) for number, doc in self._read_table().items() if cond(doc)]


class _Rows(MutableMapping[int, Any]):
    """What an updater sees: whole-number ids, copies made on access, nothing reaching the rows beneath."""

    def __init__(self, base: Mapping[str, Doc]) -> None:
        self._base = base
        self._new: dict[int, Any] = {}
        self._gone: set[int] = set()

    def __getitem__(self, number: int) -> Any:
        if number in self._gone:
            raise KeyError(number)
        if number not in self._new:
            self._new[number] = deepcopy(self._base[str(number)])
        return self._new[number]

    def __setitem__(self, number: int, doc: Any) -> None:
        self._gone.discard(number)
        self._new[number] = doc

    def __delitem__(self, number: int) -> None:
        if number not in self:
            raise KeyError(number)
        self._new.pop(number, None)
        if str(number) in self._base:
            self._gone.add(number)

    def __contains__(self, number: object) -> bool:
        return number not in self._gone and (number in self._new or str(number) in self._base)

    def __iter__(self) -> Iterator[int]:
        yield from [int(key) for key in self._base if int(key) not in self._gone]
        yield from [number for number in self._new if str(number) not in self._base]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def outcome(self) -> tuple[dict[str, Doc], list[str]]:
        """What is new or changed by doc id, and the doc ids that are gone."""
        new = {str(key): doc for key, doc in self._new.items() if self._base.get(str(key)) != doc}
        return new, [str(number) for number in self._gone]


class LogDB(TinyDB):
    """TinyDB wired to a folder's file: `LogDB(store, "pupils")`."""

    table_class = LogTable
    default_storage_class = LogStorage  # type: ignore[assignment]  # TinyDB names the class of its own default
