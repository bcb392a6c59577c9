"""TinyDB over a folder: reading and queries are TinyDB's own; writing goes into the change that is open."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from store.errors import StoreError

if TYPE_CHECKING:
    from store.folder import Store


class LogStorage(Storage):
    """A TinyDB storage whose state is a folder's; a whole-state write is refused, tables write by document."""

    def __init__(self, store: "Store", file: str) -> None:
        self.store, self.file = store, file

    def read(self) -> dict[str, dict[str, Any]]:
        """The file's tables, live; not to be changed."""
        self.store.page(self.file, "_default")
        return {name: page.docs for name, page in self.store._pages[self.file].items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Refused: a folder is changed document by document, inside a change."""
        raise StoreError("A whole file cannot be written at once; write documents inside a change.")


class LogTable(Table):
    """TinyDB's Table with writes that cost what they change."""

    default_query_cache_capacity = 0

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        storage = self._storage
        if not isinstance(storage, LogStorage):
            return super()._read_table()
        return storage.store.page(storage.file, self.name).docs  # type: ignore[return-value]

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        storage = self._storage
        if not isinstance(storage, LogStorage):
            super()._update_table(updater)
            return
        tx = storage.store.transaction()
        if tx is None:
            raise StoreError("Nothing can be written outside a change.")
        page = storage.store.page(storage.file, self.name)
        overlay = _Overlay(page.docs)
        updater(overlay)  # type: ignore[arg-type]
        for key, doc in overlay.new.items():
            tx.put(storage.file, self.name, {**doc, "id": doc.get("id", key)})
        for key in overlay.gone:
            tx.drop(storage.file, self.name, page.docs[str(key)]["id"])
        self.clear_cache()


class _Overlay(MutableMapping[int, Any]):
    """What an updater sees: integer ids, copies, nothing reaching the page."""

    def __init__(self, base: Mapping[str, Any]) -> None:
        self._base = base
        self.new: dict[int, Any] = {}
        self.gone: set[int] = set()

    def __getitem__(self, key: int) -> Any:
        if key in self.gone:
            raise KeyError(key)
        if key not in self.new:
            self.new[key] = dict(self._base[str(key)])
        return self.new[key]

    def __setitem__(self, key: int, doc: Any) -> None:
        self.gone.discard(key)
        self.new[key] = dict(doc)

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self.new.pop(key, None)
        if str(key) in self._base:
            self.gone.add(key)

    def __contains__(self, key: object) -> bool:
        return key not in self.gone and (key in self.new or str(key) in self._base)

    def __iter__(self) -> Iterator[int]:
        seen: Iterable[int] = (int(k) for k in self._base)
        yield from (k for k in seen if k not in self.gone)
        yield from (k for k in list(self.new) if str(k) not in self._base)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Database(TinyDB):
    table_class = LogTable
    default_storage_class = LogStorage


def database(store: "Store", file: str) -> TinyDB:
    """The file as a TinyDB."""
    return _Database(store, file)
