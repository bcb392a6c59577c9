"""A data folder: opened, read, changed under its lock, closed."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from store import checking, files, log, snapshots
from store.canon import digest
from store.change import GUARDED, Tx
from store.errors import Damaged, Foreign, Newer, ReadOnly, StoreError
from store.log import Head, Line, Place
from store.pages import Doc, Docs, Page
from store.seal import Clear, Seal
from store.tables import database

FORMAT = 0
LAG = 1000
"""Changes that a snapshot may lag behind before a closing program writes it anew."""


class Store:
    """An open folder. Make one with `create` or `open`."""

    def __init__(self, path: Path, readonly: bool, random: Callable[[int], bytes]) -> None:
        self.path, self.readonly, self._random = path, readonly, random
        self.seal: Seal = Clear()
        self.format = FORMAT
        self.remarks: list[str] = []
        self.damage: Damaged | None = None
        self._pages: dict[str, dict[str, Page]] = {}
        self._tail: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self._changed: dict[str, int] = {}
        self._base, self._head, self._place = log.EMPTY, log.EMPTY, log.START
        self._number = 0
        self._seen: tuple[int, int] = (-1, -1)
        self._appender: files.Appender | None = None
        self._tx: Tx | None = None
        self._torn = False

    # making and opening -------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, format_: int = FORMAT, random: Callable[[int], bytes] = os.urandom
    ) -> "Store":
        """A new folder at `path`, which must not exist or be empty.

        Raises:
            Foreign: if something is there, or it is a link or on a network.
        """
        if (path.exists() or path.is_symlink()) and (
            path.is_symlink() or not path.is_dir() or files.names(path)
        ):
            raise Foreign(f"{path} is not empty.", todo="Choose another folder.")
        files.make_folder(path)
        files.make_folder(path / log.FOLDER)
        store = cls._checked(path, readonly=False, random=random)
        store.format = format_
        snapshots.write_index(store)
        return store

    @classmethod
    def open(cls, path: Path, readonly: bool = False, random: Callable[[int], bytes] = os.urandom) -> "Store":
        """The folder at `path` as its log says it stands.

        Raises:
            Foreign: if it is not one of our folders.
            Newer: if a newer program wrote it.
            Damaged: if the people file was edited by hand.
        """
        store = cls._checked(path, readonly, random)
        index = snapshots.read_index(store)
        if index["format"] > FORMAT:
            raise Newer(
                f"{path.name} has folder format {index['format']}; this program knows {FORMAT}.",
                todo="Use a newer version.",
            )
        store._base = store._head = Head(index["seq"], index["hash"])
        store._place, store._number = Place(index["segment"], index["offset"]), index["line"]
        store._changed = dict(index["changed"])
        store.refresh()
        store._sweep()
        checking.guard_people(store)
        return store

    @classmethod
    def _checked(cls, path: Path, readonly: bool, random: Callable[[int], bytes]) -> "Store":
        if path.is_symlink():
            raise Foreign(f"{path} is a link; a data folder must be a real folder.")
        if not path.is_dir():
            raise Foreign(
                f"There is no data folder at {path}.",
                todo="Make one with `workbench init`, or say where with --data.",
            )
        if not (path / log.FOLDER).is_dir() or (path / log.FOLDER).is_symlink():
            raise Foreign(
                f"{path} is not a workbench folder: it has no log.",
                todo="Say where the folder is with --data.",
            )
        kind = files.network_kind(path)
        if kind in {"NFS", "SMB", "9P"}:
            raise Foreign(
                f"{path} lies on a network file system ({kind}), whose locks cannot be relied on.",
                todo="Use a local disk.",
            )
        return cls(path, readonly or not os.access(path, os.W_OK), random)

    # reading --------------------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The number and hash of the newest entry."""
        return self._head

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by their own id: live, not to be changed."""
        return Docs(self.page(file, table))

    def get(self, file: str, table: str, id_: str, /) -> Doc | None:
        """One document, or None."""
        return self.page(file, table).get(id_)

    def page(self, file: str, table: str) -> Page:
        """One table of a file; the file is read when it is first asked for."""
        if file not in self._pages:
            self._pages[file] = self._load(file)
        return self._pages[file].setdefault(table, Page())

    def db(self, file: str) -> Any:
        """The file as a TinyDB; writing needs an open change."""
        return database(self, file)

    def file_names(self) -> list[str]:
        """The names of all TinyDB files, without `.json`."""
        on_disk = {n[:-5] for n in files.names(self.path) if n.endswith(".json") and not n.startswith(".")}
        return sorted(on_disk | set(self._pages) | set(self._tail))

    def refresh(self) -> bool:
        """Take in what other processes wrote since; whether there was anything."""
        if self.damage is not None:
            return False
        seen = (
            files.size_of(self.path / log.FOLDER / self._place.segment) if self._place.segment else -1,
            files.mtime(self.path / log.FOLDER),
        )
        if seen == self._seen:
            return False
        before = self._head.seq
        self._torn = False
        for found in log.read_tail(self.path, self._place, self._head, self._number):
            if isinstance(found, Damaged):
                self._meet(found)
                break
            self._take(found)
        self._seen = seen
        return self._head.seq != before

    def _meet(self, found: Damaged) -> None:
        """A torn end is ignored until somebody writes; anything else leaves the folder readable only."""
        if log.is_torn(self.path, found):
            self._torn = True
            self.remarks.append(
                f"{found.file}, line {found.line}: the last line is not complete; it was never acknowledged."
            )
        else:
            self.damage, self.readonly = found, True
            self.remarks.append(str(found))

    def _take(self, line: Line) -> None:
        for part in line.parts:
            for op in part.get("op", ()):
                self._changed[op["file"]] = line.entry["seq"]
                if op["file"] in self._pages:
                    self._pages[op["file"]].setdefault(op["table"], Page()).apply(op)
                else:
                    self._tail.setdefault(op["file"], []).append((line.entry["seq"], op))
        self._head = Head(line.entry["seq"], line.entry["hash"])
        self._place, self._number = Place(line.segment, line.end), line.number

    def _load(self, file: str) -> dict[str, Page]:
        pages, seq = snapshots.read_page_file(self, file)
        base_changed = max((s for s in [self._changed.get(file, 0)] if s <= self._base.seq), default=0)
        if seq < base_changed:
            return snapshots.rebuilt(self, [file])[file]
        for number, op in self._tail.pop(file, ()):
            if number > seq:
                pages.setdefault(op["table"], Page()).apply(op)
        return pages

    # writing --------------------------------------------------------------------------------------------------

    @contextmanager
    def change(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> Iterator[Tx]:
        """One change: what is put inside becomes one line, synced once, or nothing of it does.

        Raises:
            ReadOnly: if the folder is open for reading only.
            StaleRevision: if a record was changed meanwhile.
            Locked: if another process holds the lock for more than five seconds.
        """
        self._writable()
        with files.locked(self.path / ".lock", f"{actor}, process {os.getpid()}"):
            self.refresh()
            self._writable()
            if self._torn:
                self._cut_tail(at)
            tx = self._tx = Tx(self, self._random)
            try:
                yield tx
                fields = {"at": at, "actor": actor, "role": role, "act": act, "subject": subject, "why": why}
                tx.entry = self._append(fields, tx.parts())
            finally:
                self._tx = None

    def note(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> dict[str, Any]:
        """An entry with no data."""
        with self.change(at=at, actor=actor, role=role, act=act, subject=subject, why=why) as tx:
            pass
        return tx.entry

    def transaction(self) -> Tx | None:
        """The change that is open, if one is."""
        return self._tx

    def _writable(self) -> None:
        if self.damage is not None:
            raise ReadOnly(f"The folder is open for reading only: {self.damage.what}")
        if self.readonly:
            raise ReadOnly("The folder is open for reading only.", todo="Check who owns it and its modes.")

    def _append(self, fields: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
        raw, entry = log.make_line(self._head, fields, parts)
        name = (
            max(log.segment_name(fields["at"]), self._place.segment)
            if self._new_day(fields["at"])
            else self._place.segment
        )
        if self._appender is None or self._appender.path.name != name:
            if self._appender is not None:
                self._appender.close()
            self._appender = files.Appender(self.path / log.FOLDER / name)
        same = name == self._place.segment
        size = self._place.offset if same else 0
        try:
            self._appender.append(raw, size)
        except OSError as error:
            self._seen = (-1, -1)
            raise StoreError(
                f"The change could not be stored: {error.strerror or error}.",
                kept="Everything acknowledged before is kept; whether this change is there is not known.",
                todo="The state is read again; look before you repeat it.",
            ) from error
        number = self._number + 1 if same else 1
        self._take(Line(entry, parts, name, number, size + len(raw)))
        self._seen = (size + len(raw), files.mtime(self.path / log.FOLDER))
        return entry

    def _new_day(self, at: str) -> bool:
        return not self._place.segment or at[:10] > self._place.segment[:10]

    def _cut_tail(self, at: str) -> None:
        with suppress(FileNotFoundError):
            path = self.path / log.FOLDER / (self._place.segment or log.segments(self.path)[0])
            appender = files.Appender(path)
            appender.cut(self._place.offset)
            appender.close()
        self._torn = False
        self._append(
            {"at": at, "actor": "-", "role": "-", "act": "log.tail-cut", "subject": None, "why": None}, []
        )

    def _sweep(self) -> None:
        if self.readonly:
            return
        for name in files.names(self.path):
            if name.endswith(".tmp") and files.age(self.path / name) > 60:
                files.remove(self.path / name)
                self.remarks.append(f"{name}: a temporary file of an interrupted write was removed.")

    # proof ----------------------------------------------------------------------------------------------------

    def changes(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Every entry with its parts, from the first on; stops at damage."""
        for found in log.read_tail(self.path, log.START, log.EMPTY):
            if isinstance(found, Damaged):
                return
            yield found.entry, found.parts

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry, from the first on."""
        for entry, _ in self.changes():
            yield entry

    def verify(self, head: str | None = None) -> "checking.Verdict":
        """Whether the log is whole, and whether it holds the head given."""
        return checking.verify(self.path, head)

    def check(self) -> "list[checking.Finding]":
        """Every disagreement between log and snapshots, and what else is worth a remark."""
        return checking.check(self)

    def as_known(self, until: str) -> "snapshots.Known":
        """The documents as they were recorded up to `until` (an ISO timestamp), by replaying the log."""
        return snapshots.known(self, until)

    def people_digest(self) -> str:
        """The digest of the people table as it stands."""
        return digest({k: dict(v) for k, v in self.docs(GUARDED, "people").items()})

    # leaving --------------------------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Write the TinyDB files anew where they lag."""
        self._writable()
        with files.locked(self.path / ".lock", f"snapshot, process {os.getpid()}"):
            self.refresh()
            snapshots.write_all(self)

    def close(self, snapshot: bool = False) -> None:
        """Close the folder; snapshots are written if asked for or if they lag by more than a thousand changes."""
        with suppress(StoreError, OSError):
            if (
                not self.readonly
                and self._head.seq > self._base.seq
                and (snapshot or self._head.seq - self._base.seq > LAG)
            ):
                self.snapshot()
        if self._appender is not None:
            self._appender.close()
            self._appender = None
