"""A data folder: made, opened, read, changed under its lock, proven, closed."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from store import files, lines
from store.canon import trusted
from store.change import Random, Tx
from store.checking import check
from store.erasing import Counts, finish, unfinished
from store.errors import (
    DamagedError,
    FailedError,
    LockedError,
    ReadOnlyError,
    StoreError,
)
from store.finding import Finding
from store.guard import guard_people
from store.known import Known, known
from store.lines import Entry, Part
from store.lock import LIMIT, NAME, Lock
from store.log import FOLDER, Head, Place, segment_name
from store.opening import refuse_network, refuse_strange
from store.pages import GUARD, GUARDED, Doc, Page, Tables, ops_of
from store.seal import Opened, Seal
from store.snapshots import FORMAT
from store.spoken import spoken
from store.state import State
from store.tables import LogDB
from store.tail import cut_tail, has_tail, sweep
from store.vault import FORMAT as VAULT_FORMAT
from store.vault import KEYED, Vault, keys_of, named_by
from store.verifying import Verdict, verify
from store.writing import Writer

LAG = 1000
"""Changes by which a snapshot may lag before a closing program writes it anew."""
CHECKPOINT = "checkpoint.made"
UPGRADE = (
    "A designated safeguarding lead or leader makes a new, sealed folder of all that stands in it: "
    "`workbench upgrade --into NEW`. The old one is kept as it is; its texts are in the clear."
)


class Store:
    """An open folder. Make one with `create` or `open`; close it when done."""

    def __init__(self, path: Path, readonly: str, random: Random, lock_limit: float) -> None:
        self.path = path
        self.state = State(path)
        self._readonly, self._random = readonly, random
        self._lock = Lock(path / NAME, lock_limit)
        self._writer = Writer(self.state.log)
        self._upgrading = False
        self.vault = Vault(path)
        self.transaction: Tx | None = None
        """The change that is open, if one is."""

    # making and opening -------------------------------------------------------------------------------------

    @classmethod
    @spoken()
    def create(cls, path: Path, random: Random = os.urandom, lock_limit: float = LIMIT) -> "Store":
        """A new folder at `path`, which must not be there or be empty.

        Raises:
            ForeignError: something is there.
            NetworkError: it lies on a network file system.
        """
        files.make_folder(path)
        refuse_network(path)
        files.make_folder(path / FOLDER)
        files.sync_folder(path)  # snapshots without a log would be taken for a folder whose log is gone
        store = cls(path, "", random, lock_limit)
        store.state.write_snapshots()
        files.sync_folder(path.parent)
        return store

    @classmethod
    def open(
        cls, path: Path, readonly: bool = False, random: Random = os.urandom, lock_limit: float = LIMIT
    ) -> "Store":
        """The folder at `path`, as its log says it stands. `remarks` and `damage` tell what was met.

        Args:
            path: the folder.
            readonly: change nothing, whatever is asked.
            random: gives the salts of parts, injected for tests and demos.
            lock_limit: seconds to wait for another process.

        Raises:
            MissingError, ForeignError, UnsafeError, NetworkError, NewerError: it cannot be used.
            DamagedError: `people.json` was altered outside the program.
        """
        refuse_strange(path)
        words = "it was opened for reading only" if readonly else ""
        if not words and not (files.is_writable(path) and files.is_writable(path / FOLDER)):
            words = "this account may not write there, or the disk is read-only"
        store = cls(path, words, random, lock_limit)
        store.state.load()
        if store.is_older:
            store.remarks.append(f"The folder has format {store.format}: it can only be read. {UPGRADE}")
        elif not words:
            store.remarks.extend(sweep(path, store._lock))
        guard_people(store.state)
        store._take_up_erasing()
        torn = store.state.log.torn
        if torn is not None:
            where = store.state.log.where(torn.segment)
            store.remarks.append(
                f"{where}: the last line is unfinished; it was never acknowledged and is not read."
            )
        return store

    # what it says of itself ---------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The newest entry: number and hash."""
        return self.state.head

    @property
    def format(self) -> int:
        """The folder's format number."""
        return self.state.format

    @property
    def remarks(self) -> list[str]:
        """What was met that nobody need act on at once."""
        return self.state.remarks

    @property
    def version(self) -> tuple[int, int]:
        """Moves when a document changed, not by views, refusals and sign-ins: how often the folder was read anew,
        and the number of the newest entry that changed one."""
        return self.version_without("")

    def version_without(self, file: str) -> tuple[int, int]:
        """`version`, but a change of this file does not move it."""
        newest = max((seq for name, seq in self.state.changed.items() if name != file), default=0)
        return self.state.loads, newest

    @property
    def damage(self) -> DamagedError | None:
        """Why the log could not be followed to its end; None if it could."""
        return self.state.damage

    @property
    def readonly(self) -> bool:
        """Whether changes are refused."""
        return bool(self._readonly) or self.state.damage is not None or self._writer.failed or self.is_older

    @property
    def is_older(self) -> bool:
        """Whether the folder has an older format, which is read, and altered by nothing but its upgrade."""
        return self.format < FORMAT and not self._upgrading

    @contextmanager
    def upgrading(self) -> Iterator[None]:
        """Within it, an older folder can be changed: for `store.upgrade` alone.

        Raises:
            ReadOnlyError, FailedError: it cannot be written to.
        """
        self._upgrading = True
        try:
            self.refresh()
            self._refuse_readonly()
            self.remarks.extend(sweep(self.path, self._lock))  # opening leaves an older folder as it is
            yield
        finally:
            self._upgrading = False

    # reading ------------------------------------------------------------------------------------------------

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id: live, not to be altered."""
        return self.state.seal.view(f"{file}/{table}", self.page(file, table).own)

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, None if it is not there. Not to be altered."""
        stored = self.page(file, table).own.get(own_id)
        return None if stored is None else self.state.seal.open(f"{file}/{table}", stored)

    def opened(self, seal: Seal) -> "Opened":
        """The same documents, opened by another seal."""
        return Opened(self, seal)

    def db(self, file: str) -> LogDB:
        """The file as a TinyDB (documents as stored); writing needs an open change."""
        return LogDB(self, file)

    def page(self, file: str, table: str) -> Page:
        """One table as it is stored."""
        return self.state.page(file, table)

    def tables(self, file: str) -> Tables:
        """All tables of a file as they are stored."""
        return self.state.tables(file)

    def refresh(self) -> bool:
        """Take in what other processes wrote; whether there was anything. A stat or two if not."""
        return self.state.refresh()

    def as_known(self, until: str, seal: Seal | None = None) -> Known:
        """What the log had recorded up to `until` (ISO 8601 with offset), by replaying it from the beginning; `seal`
        opens what is sealed."""
        return known(self.state, until, seal)

    # changing -----------------------------------------------------------------------------------------------

    def change(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None,
        seal: Seal | None = None,
    ) -> AbstractContextManager[Tx]:  # fmt: skip
        """One change: what is done inside becomes one line with one sync, or nothing of it does.

        Args:
            at: ISO 8601 with offset.
            actor: who, an account's name.
            role: in what role.
            act: dotted name in the past tense.
            subject: an id, never a name.
            why: an id or code.
            seal: seals what is put and opens what is read; the store's own unless given.

        Raises:
            LockedError: another process holds the folder too long; named.
            ReadOnlyError: nothing can be written.
            StaleRevisionError, InvalidDocError: from inside; nothing is written then.
            WriteError, FailedError: the disk refused.
        """
        return _Changing(self, lines.entry_head(at, actor, role, act, subject, why), seal)

    def _begin(self, head: Entry, seal: Seal | None) -> Tx:
        self._refuse_readonly()
        self._lock.take(head["actor"])
        try:
            self.state.refresh()
            self._refuse_readonly()
            if has_tail(self.state):
                cut_tail(self.state, lambda parts: self._write({**head, "act": "log.tail-cut"}, parts))
            tx = self.transaction = Tx(self.state, self._random, seal)
            if head["act"] == CHECKPOINT:
                tx.checkpoint()
        except BaseException:
            self.transaction = None
            self._lock.give()
            raise
        return tx

    def _end(self, head: Entry, tx: Tx, failed: bool) -> None:
        self.transaction = None
        try:
            if not failed:
                parts = tx.parts()
                if tx.slots or tx.keys:
                    self._settle()
                    form = min(tx.raised or self.format, VAULT_FORMAT)
                    self.vault.keep(tx.slots, tx.keys, *self._named(), form)
                tx.entry = self._write(head, parts)
        finally:
            self._lock.give()

    def _named(self) -> tuple[set[str], set[str]]:
        """The slots and the keys that documents name as they stand."""
        return named_by(self.page(GUARDED, GUARDED).own.values()), keys_of(self.page(*KEYED).own.values())

    @spoken()
    def drop_keys(self, who: str) -> int:
        """Take the keys that no document names any more out of the vault; returns how many there were. What was sealed
        to them can be read by nobody from then on.

        Raises:
            LockedError, ReadOnlyError, WriteError, DamagedError: as for a change.
        """
        with self._lock.held(who):
            self.refresh()
            self._refuse_readonly()
            self._settle()
            return self.vault.drop_keys(*self._named())

    def note(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> Entry:
        """An entry without data, as `change` writes it; returns it as written."""
        with self.change(at=at, actor=actor, role=role, act=act, subject=subject, why=why) as tx:
            pass
        return tx.entry

    def _refuse_readonly(self) -> None:
        if not self.readonly:
            return
        if self._writer.failed:
            raise FailedError(
                "an earlier change could not be made durable",
                kept="Everything acknowledged before it is kept.",
                todo="Close the program and open it again.",
            )
        if self.state.damage is not None:
            raise ReadOnlyError(
                f"the folder can only be read: {self.state.damage.reason}", self.state.damage.where
            )
        if self._readonly:
            raise ReadOnlyError(f"the folder can only be read: {self._readonly}", str(self.path))
        if self.is_older:
            raise ReadOnlyError(
                f"the folder has format {self.format} and can only be read", str(self.path), todo=UPGRADE
            )

    def _write(self, head: Entry, parts: list[Part]) -> Entry:
        place = self.state.place
        if place.seq == 0:
            parts = [{"op": [{"folder": {"format": self.format}}], "salt": ""}, *parts]
        raw, entry = lines.build(head, place.seq + 1, place.hash, [trusted(part) for part in parts])
        new = not place.segment or entry.at[:10] > place.segment[:10]
        segment = segment_name(entry.at) if new else place.segment
        begin = 0 if new else place.end
        if new:
            self._settle()
        self._writer.store(segment, raw, begin, new, young=place.begin == 0)
        self.state.take(
            lines.Line(entry, parts), Place(segment, begin, begin + len(raw), entry.seq, entry.hash)
        )
        return lines.as_dict(entry)

    def _settle(self) -> None:
        """Make sure that the newest line is durable before something else comes to stand on it."""
        self._writer.settle(self.state.place.segment, self.state.place.end)

    # proving ------------------------------------------------------------------------------------------------

    def entries(self, newest_first: bool = False) -> Iterator[Entry]:
        """Every entry as stored, by seq; lines that are damaged are passed over (`verify` names them)."""
        for entry, _ in self._readable(newest_first):
            yield entry

    def changes(self) -> Iterator[tuple[Entry, list[Part]]]:
        """Every entry with its parts, by seq; damaged lines are passed over."""
        return self._readable(False)

    def changes_of(self, act: str) -> Iterator[tuple[Entry, list[Part]]]:
        """The entries of one act with their parts, by seq; damaged lines are passed over. Costs the bytes of the log,
        and the proof of what is given."""
        begins = b'{"entry":{"act":"%s",' % act.encode()
        for _, _, raw in self.state.log.every_line():
            if raw.startswith(begins):
                with suppress(lines.LineError):
                    line = lines.prove(raw)
                    yield lines.as_dict(line.entry), line.parts

    def guarded(self) -> Iterator[Entry]:
        """The entries that alter accounts, by seq; damaged lines are passed over. Costs the bytes of the log, and the
        proof of what is given."""
        needle = b'"%s":"' % GUARD.encode()
        for _, _, raw in self.state.log.every_line():
            if needle in raw:
                with suppress(lines.LineError, TypeError):
                    line = lines.prove(raw)
                    if any(GUARD in op for part in line.parts for op in ops_of(part)):
                        yield lines.as_dict(line.entry)

    def _readable(self, newest_first: bool) -> Iterator[tuple[Entry, list[Part]]]:
        for _, _, raw in self.state.log.every_line(newest_first):
            with suppress(lines.LineError):
                line = lines.prove(raw)
                yield lines.as_dict(line.entry), line.parts

    def verify(self, head: Head | str | None = None) -> Verdict:
        """Prove the log, every byte of it; nothing is cut or mended.

        Args:
            head: a hash (or head) noted elsewhere, which the log must contain.
        """
        with suppress(LockedError, OSError, StoreError):
            if not self._readonly:
                with self._lock.held("log verify"):  # so that no half-written line is met
                    sizes = self.state.log.sizes()
                return verify(self.path, head, sizes)
        return verify(self.path, head)

    def check(self) -> list[Finding]:
        """Every disagreement of log, snapshots, people and modes; faults first."""
        self.refresh()
        return check(self.state, self.verify(), lambda: guard_people(self.state))

    @contextmanager
    def still(self, who: str) -> Iterator[None]:
        """Hold the lock with all taken in that others wrote: what stands then in the log was acknowledged.

        Where nothing can be written there is no lock to hold; what was read up to now stands all the same.
        """
        if self._readonly:
            self.refresh()
            yield
            return
        with self._lock.held(who):
            self.refresh()
            yield

    def newest(self, act: str) -> Entry | None:
        """The newest entry of an act, None if there is none. Costs the bytes behind it."""
        found = self.state.log.last_with(b'{"entry":{"act":"%s",' % act.encode(), self.state.place)
        if found is None:
            return None
        with suppress(lines.LineError):
            return lines.as_dict(lines.prove(found[2]).entry)
        return None

    # leaving ------------------------------------------------------------------------------------------------

    @spoken()
    def snapshot(self) -> None:
        """Write the TinyDB files anew where they lag."""
        self._write_snapshots(lambda: None)

    @spoken()
    def rebuild(self) -> None:
        """Write every TinyDB file anew from the log alone; what was erased, and an old copy of a segment brought back,
        goes out of the log again."""
        self.refresh()
        self._refuse_readonly()
        if any(unfinished(self.state.log)):
            self.finish_erasing()
        self._write_snapshots(self.state.replayed)

    def finish_erasing(self) -> Counts:
        """Take out of the log what its erasing entries name, and write the snapshots; nothing to do is no error.

        Raises:
            ReadOnlyError, LockedError, WriteError: it is taken up when the folder is next opened for writing.
            DamagedError: the log is damaged.
        """
        self._refuse_readonly()
        self.drop_keys("erasing records")  # before the log: what is cut off here is begun again, keys and all
        return finish(self.state, self._lock, self._settle)

    def _take_up_erasing(self) -> None:
        """Finish an erasure that was cut off, if this handle can write."""
        if not self.state.erasing or self.readonly:
            return
        try:
            counts = self.finish_erasing()
            self.remarks.append(f"An erasure that was cut off was finished: {counts.now} parts of the log.")
        except (StoreError, OSError) as error:
            self.remarks.append(f"An erasure that was cut off is not finished yet: {error}")

    def _write_snapshots(self, make: Callable[[], dict[str, Tables] | None]) -> None:
        self._refuse_readonly()
        self.refresh()
        if self.state.erasing and not self.state.is_erased():
            self.finish_erasing()  # snapshots that stand behind it would say that it is done
        with self._lock.held("writing snapshots"):
            self.refresh()
            self._refuse_readonly()
            self._settle()
            self.state.write_snapshots(make())

    def close(self, snapshot: bool = False) -> None:
        """Close the folder. Snapshots are written if asked for, or if they lag by more than 1,000 changes."""
        behind = self.head.seq - self.state.base.seq
        try:
            if not self.readonly and behind > (0 if snapshot else LAG):
                self.snapshot()
        except (StoreError, OSError) as error:
            self.remarks.append(f"The snapshots were not written ({error}); the log holds everything.")
        finally:
            self._writer.close()
            self._lock.close()


class _Changing:
    """`with store.change(...)`: a class, since a generator costs more than all else that is left of a change."""

    __slots__ = ("_head", "_seal", "_store", "_tx")

    def __init__(self, store: Store, head: Entry, seal: Seal | None) -> None:
        self._store, self._head, self._seal = store, head, seal

    def __enter__(self) -> Tx:
        self._tx = self._store._begin(self._head, self._seal)
        return self._tx

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._store._end(self._head, self._tx, kind is not None)
