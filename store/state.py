"""What a folder holds as its log says it stands: snapshots, caught up with the log's tail, each file when asked for."""

from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

from store import snapshots
from store.collecting import no_collecting
from store.errors import DamagedError, ForeignError, NewerError, StoreError
from store.lines import ERASED, Line, LineError, prove
from store.log import START, Head, Log, Place
from store.pages import GUARD, GUARDED, MALFORMED, Op, Page, Tables, apply_op, carry_out, file_of, ops_of
from store.seal import Clear, Seal
from store.snapshots import FORMAT, INDEX, Meta
from store.spoken import refused, spoken

_GUARD_NEEDLE = b'{"file":"%s","%s":"' % (GUARDED.encode(), GUARD.encode())


class State:
    """The documents of a folder. `damage` is set when the log cannot be followed further: read-only from then on."""

    def __init__(self, root: Path) -> None:
        self.root, self.log = root, Log(root)
        self._loading = RLock()
        """Held while files are read and lines taken in: a program may work ahead in a thread of its own."""
        self.seal: Seal = Clear()
        self.format = FORMAT
        self.remarks: list[str] = []
        self.damage: DamagedError | None = None
        self.loads = 0
        """How often the folder was read anew: after a restore, say, the same numbers name other entries."""
        self._clear()

    def _clear(self) -> None:
        self.place = self.base = START
        self.changed: dict[str, int] = {}
        """The entry that last changed each file."""
        self._base_changed: dict[str, int] = {}
        self.erased = False
        self.erasing = 0
        """The newest entry, behind the snapshots, that erases records: its work on the log may be unfinished."""
        self._fresh: dict[str, int] = {}
        self._files: dict[str, Tables] = {}
        self._floor: dict[str, int] = {}
        self._pending: dict[str, list[tuple[int, Op]]] = {}

    # opening ------------------------------------------------------------------------------------------------

    @spoken()
    def load(self) -> None:
        """Read where the snapshots stand and follow the log from there.

        Raises:
            ForeignError: neither snapshots nor a log of ours.
            NewerError: a newer program wrote the folder.
        """
        self._clear()
        self.loads += 1
        index = self._index()
        if index is None:
            self._first_line()
        else:
            self.format, self.erased = index.format, index.erased
            self.place = index.place()
            self.changed = dict(index.changed or {})
            self._base_changed = dict(self.changed)
            self.damage = self.log.holds(self.place)
            moved = None if self.damage is None else self.log.moved(self.place)
            if moved is not None:
                self.place, self.damage = moved, None
            self.base = self.place
        self._follow()

    def _index(self) -> Meta | None:
        try:
            found = snapshots.read(self.root, INDEX)
        except DamagedError as error:
            self.remarks.append(f"{error.where}: {error.reason}; its records were taken from the log.")
            return None
        if found is None:
            if not self.log.segments():
                raise ForeignError(
                    "this is not a workbench folder", str(self.root), todo="Look at the path given."
                )
            self.remarks.append(f"{INDEX}.json is missing; its records were taken from the log.")
            return None
        self._files[INDEX], self._floor[INDEX] = found.tables, found.meta.seq
        return found.meta

    def is_erased(self) -> bool:
        """Whether another process finished the newest erasure: the snapshots stand behind it by now."""
        try:
            found = snapshots.read(self.root, INDEX)
        except StoreError:
            return False
        return found is not None and found.meta.seq >= self.erasing

    def _first_line(self) -> None:
        """Without snapshots the first line says that the folder is ours, and its format."""
        for _, _, raw in self.log.every_line():
            try:
                ops = [op for part in prove(raw).parts for op in ops_of(part)]
            except LineError:
                ops = []
            try:
                self._formatted(next(op["folder"] for op in ops if "folder" in op)["format"])
            except (StopIteration, *MALFORMED):
                break
            return
        raise ForeignError("this is not a workbench folder", str(self.root), todo="Look at the path given.")

    def _formatted(self, number: int) -> None:
        """The log says which format the folder has from here on."""
        if number > FORMAT:
            raise NewerError(str(self.root), number, FORMAT)
        self.format = number

    # following ----------------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The newest entry that was taken in."""
        return Head(self.place.seq, self.place.hash)

    def refresh(self) -> bool:
        """Take in what was appended since; whether anything was. A log that shrank or changed is read anew, once."""
        with self._loading:
            before = self.place
            try:
                if self.damage is not None or not self.log.is_behind(self.place):
                    return False
                if not self._follow() or (self.place == before and self.log.holds(before)):
                    self.damage = None
                    self.load()
            except OSError as error:
                raise refused(error) from error
            return self.place != before

    def _follow(self) -> bool:
        """Take in every line after the place reached; False if the log is damaged there."""
        if self.damage is not None:
            return False
        with no_collecting():
            return self._take_all()

    def _take_all(self) -> bool:
        try:
            for found in self.log.follow(self.place):
                try:
                    self.take(found.line, found.place)
                except NewerError:
                    raise
                except (*MALFORMED, StoreError):
                    raise self._unusable(found.place.seq) from None
        except DamagedError as error:
            self.damage = error
        return self.damage is None

    def take(self, line: Line, place: Place) -> None:
        """Carry out a line's operations; those of files that nobody asked for yet are kept until then."""
        with self._loading:
            self._take(line, place)

    def _take(self, line: Line, place: Place) -> None:
        seq, files = place.seq, self._files
        if line.entry.act == ERASED:
            self.erasing = seq
        for part in line.parts:
            if "gone" in part:
                self.erased = True
            for op in ops_of(part):
                file = file_of(op)
                if file is None:
                    if "folder" in op:
                        self._formatted(op["folder"]["format"])
                    continue
                self.changed[file] = seq
                if file in files:
                    if seq > self._floor[file]:
                        apply_op(files[file], op, self.erased)
                elif file in self._pending:
                    self._pending[file].append((seq, op))
                else:
                    self._pending[file] = [(seq, op)]
        self.place = place

    # reading ------------------------------------------------------------------------------------------------

    def tables(self, file: str) -> Tables:
        """All tables of a file, read now if they were not before."""
        found = self._files.get(file)
        if found is not None:
            return found
        with self._loading:  # two threads that ask at once would each take half of what is to be caught up
            found = self._files.get(file)
            return self._load(file) if found is None else found

    def page(self, file: str, table: str) -> Page:
        """One table, empty if there is none."""
        tables = self.tables(file)
        page = tables.get(table)
        if page is None:
            page = tables[table] = Page()
        return page

    @spoken()
    def file_names(self) -> list[str]:
        """Every file that has a snapshot or is in the log."""
        return sorted({*snapshots.file_names(self.root), *self.changed, *self._files})

    @spoken()
    def _load(self, file: str) -> Tables:
        with no_collecting():
            return self._read(file)

    def _read(self, file: str) -> Tables:
        wanted = self._base_changed.get(file, 0)
        try:
            found = snapshots.read(self.root, file)
            words = "is missing" if found is None and wanted else ""
            if found is not None and wanted > found.meta.seq:
                words = f"is older than entry {wanted}, which changed it"
        except DamagedError as error:
            found, words = None, error.reason
        floor = 0
        tables: Tables = {}
        if words:
            self.remarks.append(f"{file}.json {words}; its records were taken from the log.")
            tables, floor = self.replayed(file)[file], self.place.seq
        elif found is not None:
            tables, floor = found.tables, found.meta.seq
            if floor > self.place.seq:
                self._ahead(file, floor)
        for seq, op in self._pending.pop(file, ()):
            try:
                if seq > floor:
                    apply_op(tables, op, self.erased, unseen=True)
            except (*MALFORMED, StoreError):
                self.damage = self._unusable(seq)
                break
        self._files[file], self._floor[file] = tables, floor
        if words:
            self._fresh[file] = -1
        return tables

    def _unusable(self, seq: int) -> DamagedError:
        """An entry that is whole, but not what a program of ours writes; named by its place."""
        for name, number, raw in self.log.every_line(newest_first=True):
            if b'"seq":%d,' % seq in raw:
                return DamagedError(self.log.where(name), number, "an operation that cannot be carried out")
        return DamagedError(self.log.where(self.place.segment), 0, "an operation that cannot be carried out")

    def _ahead(self, file: str, seq: int) -> None:
        """A snapshot newer than what was read: another process wrote it meanwhile, or the log's end was cut off."""
        self.refresh()
        if self.damage is None and seq > self.place.seq:
            reason = f"{file}.json stands at entry {seq}, the log ends at entry {self.place.seq}: its end was cut off"
            self.damage = DamagedError(self.log.where(self.place.segment), 0, reason)

    @spoken()
    def replayed(self, wanted: str | None = None) -> dict[str, Tables]:
        """Files as the log alone adds them up to, up to where it was read; all of them if `wanted` is None."""
        made: dict[str, Tables] = {} if wanted is None else {wanted: {}}
        erased = False
        for found in Log(self.root).follow(START):
            if found.place.seq > self.place.seq:
                break
            erased = carry_out(made, found.line.parts, erased, wanted)
        return made

    # writing snapshots --------------------------------------------------------------------------------------

    @spoken()
    def write_snapshots(self, everything: Mapping[str, Tables] | None = None) -> None:
        """Write the files that changed, `school.json` last. The lock is held, the log was read to its end, and what an
        entry erases is no longer in it."""
        if everything is not None:
            # all of it before the first write: a disk that refuses half-way leaves a state that can be gone on with
            self._files = {**self._files, **everything}
            self._floor |= dict.fromkeys(everything, self.place.seq)
            self._pending = {file: ops for file, ops in self._pending.items() if file not in everything}
        for file, seq in sorted(self.changed.items()):
            if file != INDEX and (everything is not None or seq > self._fresh.get(file, self.base.seq)):
                self._write(file)
        self._write(INDEX, **self._index_fields())
        self.base, self._base_changed = self.place, dict(self.changed)
        self.erasing = 0

    def _index_fields(self) -> dict[str, Any]:
        place = self.place
        return {"segment": place.segment, "begin": place.begin, "end": place.end, "changed": self.changed}

    def _write(self, file: str, **more: Any) -> None:
        tables = {name: page for name, page in self.tables(file).items() if page.next_id > 1}
        if file == INDEX and not self.place.segment:
            more = {}
        meta = Meta(
            id="meta",
            format=self.format,
            seq=self.place.seq,
            hash=self.place.hash,
            next=snapshots.numbers(tables),
            erased=self.erased,
            **more,
        )
        snapshots.write(self.root, file, meta, tables)
        self._floor[file] = self._fresh[file] = self.place.seq

    # the people guard ---------------------------------------------------------------------------------------

    @spoken()
    def guard_line(self) -> tuple[str, int, bytes] | None:
        """The newest line that carries the digest of the people file: segment, byte offset, bytes."""
        return self.log.last_with(_GUARD_NEEDLE, self.place)

    def people(self) -> dict[str, Mapping[str, dict[str, Any]]]:
        """The tables of the people file, documents by own id."""
        return {name: page.own for name, page in self.tables(GUARDED).items()}
