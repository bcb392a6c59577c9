"""A data folder: made, opened, read, changed under its lock, proven, closed."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from store import files, lines
from store.canon import trusted
from store.change import Random, Tx
from store.checking import Finding, check
from store.errors import (
    DamagedError,
    FailedError,
    LockedError,
    NewerError,
    ReadOnlyError,
    StoreError,
    WriteError,
)
from store.guard import guard_people
from store.known import Known, known
from store.lines import Entry, Part
from store.lock import LIMIT, NAME, Lock
from store.log import FOLDER, Head, Place, segment_name
from store.opening import refuse_network, refuse_strange
from store.pages import Doc, Page, Tables
from store.snapshots import FORMAT
from store.state import State
from store.tables import LogDB
from store.tail import cut_tail, sweep
from store.verifying import Verdict, verify

LAG = 1000
"""Changes by which a snapshot may lag before a closing program writes it anew."""
CHECKPOINT = "checkpoint.made"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE}


class Store:
    """An open folder. Make one with `create` or `open`; close it when done."""

    def __init__(self, path: Path, readonly: str, random: Random, lock_limit: float) -> None:
        self.path = path
        self.state = State(path)
        self._readonly, self._random = readonly, random
        self._lock = Lock(path / NAME, lock_limit)
        self._appender: files.Appender | None = None
        self._failed = False
        self.transaction: Tx | None = None
        """The change that is open, if one is."""

    # making and opening -------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, format_: int = FORMAT, random: Random = os.urandom, lock_limit: float = LIMIT
    ) -> "Store":
        """A new folder at `path`, which must not be there or be empty.

        Raises:
            ForeignError: something is there.
            NewerError: this program cannot make such a format.
            NetworkError: it lies on a network file system.
        """
        if format_ > FORMAT:
            raise NewerError(str(path), format_, FORMAT)
        files.make_folder(path)
        refuse_network(path)
        files.make_folder(path / FOLDER)
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
        if not words:
            store.remarks.extend(sweep(path, store._lock))
        guard_people(store.state)
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
    def version(self) -> int:
        """The number of the newest entry that changed a document: views, refusals and sign-ins do not move it."""
        return max(self.state.changed.values(), default=0)

    @property
    def damage(self) -> DamagedError | None:
        """Why the log could not be followed to its end; None if it could."""
        return self.state.damage

    @property
    def readonly(self) -> bool:
        """Whether changes are refused."""
        return bool(self._readonly) or self.state.damage is not None or self._failed

    # reading ------------------------------------------------------------------------------------------------

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id: live, not to be altered."""
        return self.state.seal.view(f"{file}/{table}", self.page(file, table).own)

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, None if it is not there. Not to be altered."""
        stored = self.page(file, table).own.get(own_id)
        return None if stored is None else self.state.seal.open(f"{file}/{table}", stored)

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

    def as_known(self, until: str) -> Known:
        """What the log had recorded up to `until` (ISO 8601 with offset), by replaying it from the beginning."""
        return known(self.state, until)

    # changing -----------------------------------------------------------------------------------------------

    @contextmanager
    def change(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> Iterator[Tx]:
        """One change: what is done inside becomes one line with one sync, or nothing of it does.

        Args:
            at: ISO 8601 with offset.
            actor: who, an account's name.
            role: in what role.
            act: dotted name in the past tense.
            subject: an id, never a name.
            why: an id or code.

        Raises:
            LockedError: another process holds the folder too long; named.
            ReadOnlyError: nothing can be written.
            StaleRevisionError, InvalidDocError: from inside; nothing is written then.
            WriteError, FailedError: the disk refused.
        """
        head = lines.entry_head(at, actor, role, act, subject, why)
        self._refuse_readonly()
        with self._lock.held(actor):
            self.refresh()
            self._refuse_readonly()
            cut_tail(self.state, lambda parts: self._write({**head, "act": "log.tail-cut"}, parts))
            tx = Tx(self.state, self._random)
            if act == CHECKPOINT:
                tx.checkpoint()
            self.transaction = tx
            try:
                yield tx
            finally:
                self.transaction = None
            tx.entry = self._write(head, tx.parts())

    def note(
        self, *, at: str, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> Entry:
        """An entry without data, as `change` writes it; returns it as written."""
        with self.change(at=at, actor=actor, role=role, act=act, subject=subject, why=why) as tx:
            pass
        return tx.entry

    def _refuse_readonly(self) -> None:
        if self._failed:
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

    def _write(self, head: Entry, parts: list[Part]) -> Entry:
        place = self.state.place
        if place.seq == 0:
            parts = [{"op": [{"folder": {"format": self.format}}], "salt": ""}, *parts]
        raw, entry = lines.build(head, place.seq + 1, place.hash, [trusted(part) for part in parts])
        new = not place.segment or entry.at[:10] > place.segment[:10]
        segment = segment_name(entry.at) if new else place.segment
        begin = 0 if new else place.end
        self._store(segment, raw, begin, new)
        self.state.take(
            lines.Line(entry, parts), Place(segment, begin, begin + len(raw), entry.seq, entry.hash)
        )
        return lines.as_dict(entry)

    def _store(self, segment: str, raw: bytes, size: int, new: bool) -> None:
        """Make a line durable; the state is as before if that fails, and reread before the next change."""
        kept = "Everything acknowledged before is kept. Whether this change is there shows when it is read again."
        try:
            if new:
                files.atomic_write(self.state.log.path / segment, [raw], overwrite=False)
            else:
                self._appending(segment).append(raw, size)
        except WriteError as error:
            raise WriteError(
                error.what, error.where, "Nothing was changed.", "Free space, then try again."
            ) from error
        except OSError as error:
            if error.errno in _FULL and not (self._appender and self._appender.failed):
                raise WriteError(
                    f"the disk refused: {error.strerror}", segment, kept, "Free space."
                ) from error
            self._failed = True
            todo = "Close the program, open it again and look before you repeat it."
            raise FailedError(f"the disk failed: {error.strerror}", segment, kept, todo) from error

    def _appending(self, segment: str) -> files.Appender:
        """The newest segment, open for appending; opened anew if another file stands there now."""
        now = self._appender
        if now is None or now.name != segment or now.inode != self.state.log.inode:
            if now is not None:
                now.close()
            now = self._appender = files.Appender(self.state.log.path / segment)
        return now

    # proving ------------------------------------------------------------------------------------------------

    def entries(self, newest_first: bool = False) -> Iterator[Entry]:
        """Every entry as stored, by seq; lines that are damaged are passed over (`verify` names them)."""
        for entry, _ in self._readable(newest_first):
            yield entry

    def changes(self) -> Iterator[tuple[Entry, list[Part]]]:
        """Every entry with its parts, by seq; damaged lines are passed over."""
        return self._readable(False)

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

    # leaving ------------------------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Write the TinyDB files anew where they lag."""
        self._write_snapshots(lambda: None)

    def rebuild(self) -> None:
        """Write every TinyDB file anew from the log alone."""
        self._write_snapshots(self.state.replayed)

    def _write_snapshots(self, make: Callable[[], dict[str, Tables] | None]) -> None:
        self._refuse_readonly()
        with self._lock.held("writing snapshots"):
            self.refresh()
            self._refuse_readonly()
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
            if self._appender is not None:
                self._appender.close()
                self._appender = None
            self._lock.close()
