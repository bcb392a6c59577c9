"""A pytest plugin: TinyDB's tests, unchanged, meet a data folder where they ask for a JSON file.

Loaded with `-p`, so before the tests import TinyDB: `JSONStorage` and `TinyDB.table_class` are replaced there. The
table is ours everywhere, the storage where a test opens a file. What stands between the two worlds is small: a write
of TinyDB's becomes one change of its own, and its documents, which have no `id` and may be anything, are wrapped.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import tinydb
import tinydb.database
import tinydb.storages
from tinydb.storages import JSONStorage as Stock
from tinydb.storages import touch

from store.errors import InvalidDocError, ReadOnlyError
from store.folder import Store
from store.pages import Doc
from store.tables import LogStorage, LogTable

FILE = "tests"
HEAD = {"at": "2026-11-23T09:00:00+00:00", "actor": "tests", "role": "staff", "act": "tests.written"}
REPORT = "TINYDB_OWN_REPORT"
"""Names the file that the outcomes are written to."""
TABLE = "t-"
"""Stands before the name of each table: TinyDB's `_default` is none that the store takes."""
WHOLE = "whole"
"""The table that holds what a test hands to a storage though it is no table of documents."""

_folders: dict[str, Path] = {}
opened: list[str] = []
"""Every path at which a test met a data folder."""


class FolderStorage(LogStorage):
    """`JSONStorage(path)`, kept in a data folder. `path` itself is the snapshot, as any TinyDB would find it."""

    def __init__(
        self,
        path: Any,
        create_dirs: bool = False,
        encoding: str | None = None,
        access_mode: str = "r+",
        **kwargs: Any,
    ) -> None:
        name, self._writes = str(path), "+" in access_mode
        if access_mode not in ("r", "rb", "r+", "rb+"):
            Stock(name, access_mode=access_mode).close()  # TinyDB's own warning
        if self._writes:
            touch(name, create_dirs)
        else:
            Stock(name, access_mode=access_mode).close()  # TinyDB's own error where there is none
        if name not in _folders:
            _folders[name] = Path(tempfile.mkdtemp(dir=_home.name)) / "data"
            Store.create(_folders[name]).close()
        opened.append(name)
        self._path, self._next = Path(name), dict[str, int]()
        super().__init__(Store.open(_folders[name], readonly=not self._writes), FILE)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One write of TinyDB's is one change; what the store cannot keep is TypeError, as TinyDB says it."""
        try:
            with self.store.change(**HEAD):
                yield
        except ReadOnlyError as error:
            raise OSError(str(error)) from error
        except InvalidDocError as error:
            raise TypeError(str(error)) from error

    def read(self) -> dict[str, Any] | None:
        """As JSONStorage: None where nothing was ever written."""
        whole = self.store.get(self.file, WHOLE, "1")
        if whole is not None:
            return dict(json.loads(whole["text"]))
        made = super().read() or {}
        return {name.removeprefix(TABLE): rows for name, rows in made.items() if name != WHOLE} or None

    def write(self, data: Mapping[str, Any]) -> None:
        """As JSONStorage."""
        with self.changing():
            if all(_is_table(rows) for rows in data.values()):
                super().write({TABLE + name: rows for name, rows in data.items()})
            else:
                row = {"id": "1", "text": json.dumps(data)}
                self.transaction().put(self.file, WHOLE, row)
        self._next.clear()

    def rows(self, table: str) -> Mapping[str, Any]:
        """The documents as TinyDB gave them."""
        return {number: row["doc"] for number, row in super().rows(_named(table)).items()}

    def alter(self, table: str, new: Mapping[str, Doc], gone: Iterable[str]) -> None:
        """Wrapped, the documents have an own id: the doc id."""
        tx = self.transaction()
        for number in gone:
            tx.drop(self.file, _named(table), str(number))
        for number, doc in new.items():
            tx.put_row(self.file, _named(table), str(number), {"id": str(number), "doc": _plain(doc)})

    def next_id(self, table: str) -> int:
        """TinyDB counts from 1 again in an emptied table; the store would never give a number twice."""
        number = max(self._next.get(table, 1), max(map(int, self.rows(table)), default=0) + 1)
        self._next[table] = number + 1
        return number

    def close(self) -> None:
        """Leave a snapshot, which stands at the path from then on."""
        self.store.close(snapshot=self._writes)
        snapshot = self.store.path / f"{FILE}.json"
        if self._writes and snapshot.exists():
            self._path.unlink()
            self._path.symlink_to(snapshot)


class Table(LogTable):
    """LogTable; each write is a change of its own. It has TinyDB's name, which one test reads."""

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        storage = self._storage
        if not isinstance(storage, FolderStorage):
            super()._update_table(updater)
            return
        with storage.changing():
            super()._update_table(updater)

    def truncate(self) -> None:
        """As TinyDB's, which then counts from 1 again."""
        super().truncate()
        if isinstance(self._storage, FolderStorage):
            self._storage._next.pop(self.name, None)


def _named(table: str) -> str:
    return table if table.startswith(TABLE) or table == WHOLE else TABLE + table


def _is_table(rows: Any) -> bool:
    return isinstance(rows, Mapping) and all(isinstance(row, Mapping) for row in rows.values())


def _plain(value: Any) -> Any:
    """A document of any mapping type as a dict; what is left is judged by the store."""
    return {key: _plain(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


_home = tempfile.TemporaryDirectory(prefix="tinydb-own-")
tinydb.storages.JSONStorage = FolderStorage  # type: ignore[misc, assignment]
tinydb.database.JSONStorage = FolderStorage  # type: ignore[attr-defined]
tinydb.JSONStorage = FolderStorage  # type: ignore[misc, assignment]
tinydb.TinyDB.default_storage_class = FolderStorage  # type: ignore[assignment]
tinydb.TinyDB.table_class = Table


class Report:
    """What became of each test, and which of them met a data folder; written where the runner asked for it."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.folders: set[str] = set()

    def pytest_report_header(self) -> str:
        return f"tinydb {tinydb.__version__}: JSONStorage -> a data folder (LogStorage), Table -> LogTable"

    def pytest_runtest_setup(self) -> None:
        opened.clear()

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if opened:
            self.folders.add(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("/")[2]
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[name] = report.outcome if report.when != "teardown" else "failed"

    def pytest_unconfigure(self) -> None:
        _home.cleanup()
        place = os.environ.get(REPORT)
        if place:
            found = {"outcomes": self.outcomes, "folders": len(self.folders)}
            Path(place).write_text(json.dumps(found), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """The report is a plugin of its own."""
    config.pluginmanager.register(Report())
