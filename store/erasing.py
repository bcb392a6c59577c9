"""Erasing documents from the log, which still verifies: their parts are replaced by their digests.

The intent comes first: one line, act `records.erased`, drops the documents and so names them by file, table and doc id.
From then on nobody sees them. Then each segment that holds parts of them is written anew, whole or not at all, and at
last the snapshots. Whoever finds such a line behind the snapshots finishes the work: all of it can be done again.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from store import files
from store.canon import trusted
from store.change import Tx
from store.errors import DamagedError, StoreError
from store.lines import ERASED, Line, LineError, Part, part_digest, prove
from store.log import FOLDER, START, Log, Place, pieces
from store.pages import MALFORMED, Doc, file_of, ops_of
from store.seal import Seal
from store.spoken import spoken
from store.verifying import verify

if TYPE_CHECKING:
    from store.folder import Store
    from store.lock import Lock
    from store.state import State

__all__ = [
    "ERASED",
    "Counts",
    "Erased",
    "Named",
    "counted",
    "erase",
    "erasures",
    "ever",
    "finish",
    "subjects",
    "unfinished",
]

Want = Callable[[str, str, str], bool]
"""Whether a document, by file, table and own id, is to be erased."""
Change = Callable[[], AbstractContextManager[Tx]]
"""Opens the change with the act `records.erased`, whose subject is the id of what is erased."""
Numbers = dict[tuple[str, str], set[str]]
"""Doc ids by file and table."""
_PARTS = b',"parts":['
_NEEDLE = b'{"entry":{"act":"%s",' % ERASED.encode()


class Named(NamedTuple):
    """What the erasing entries of a log name: the doc ids, and the subjects, whose unfinished lines go too if they were
    cut off before that entry."""

    numbers: Numbers
    subjects: tuple[tuple[int, bytes], ...]


class Counts(Struct):
    """Parts of the log that were met: erased now, erased before, and shared with documents that are kept."""

    now: int = 0
    before: int = 0
    shared: int = 0


class Erased(Struct, frozen=True):
    """What an erasure did: documents it took, parts of the log replaced, parts that stay as others share them."""

    documents: int
    parts: int
    shared: int


# what is to go --------------------------------------------------------------------------------------------------


def ever(store: "Store", seal: Seal | None = None) -> Iterator[tuple[str, str, Doc]]:
    """Every version of every document that the log still holds, by file and table: those that were dropped too.

    Args:
        store: the open folder.
        seal: opens what is sealed; the store's own unless given.

    Raises:
        DamagedError: the log is damaged.
    """
    opened = seal or store.state.seal
    for found in Log(store.path).follow(START):
        for file, table, _, stored in _puts(found.line):
            yield file, table, opened.open(f"{file}/{table}", stored)


@spoken()
def counted(store: "Store", want: Want) -> Erased:
    """What `erase` would do now, without doing it."""
    numbers: Numbers = {}
    _gather(Log(store.path), START, want, numbers)
    counts = Counts()
    for found in Log(store.path).follow(START):
        for part in found.line.parts:
            _judged(part, found.line.entry.seq, Named(numbers, ()), counts)
    return Erased(sum(map(len, numbers.values())), counts.now, counts.shared)


@spoken()
def erase(store: "Store", change: Change, want: Want, more: Callable[[Tx], None] | None = None) -> Erased:
    """Erase every document that `want` names, as it stands and as it ever stood, from the folder.

    Args:
        store: the open folder.
        change: opens the change that says so; nothing else is to be in it but what `more` puts.
        want: asked of each document that the log holds; must always answer the same.
        more: called inside that change, under the lock, before anything is dropped: it may refuse by raising, and put
            what is to be kept about the erasure.

    Raises:
        DamagedError: the log is not whole; nothing is erased then.
        LockedError, ReadOnlyError, WriteError, FailedError: as for any change. What was begun is finished when the
            folder is next opened for writing.
    """
    _refuse_damaged(store)
    numbers: Numbers = {}
    read = _gather(Log(store.path), START, want, numbers)
    with change() as tx:
        _gather(Log(store.path), read, want, numbers)  # what others wrote since, now that nobody can
        if more is not None:
            more(tx)
            tx.next_part()
        for (file, table), wanted in sorted(numbers.items()):
            tx.erase(file, table, wanted)
    counts = store.finish_erasing()
    return Erased(sum(map(len, numbers.values())), counts.now, counts.shared)


def _refuse_damaged(store: "Store") -> None:
    with store.still("erasing records"):
        place, sizes = store.state.place, store.state.log.sizes()
        if place.segment:
            sizes[place.segment] = (
                place.end
            )  # what stands behind it was never acknowledged; the change cuts it off
    for problem in verify(store.path, None, sizes).problems:
        raise DamagedError(problem.file, problem.line, problem.reason)


def _gather(log: Log, place: Place, want: Want, numbers: Numbers) -> Place:
    for found in log.follow(place):
        place = found.place
        for file, table, number, stored in _puts(found.line):
            if want(file, table, stored["id"]):
                numbers.setdefault((file, table), set()).add(number)
    return place


def _puts(line: Line) -> Iterator[tuple[str, str, str, Doc]]:
    for part in line.parts:
        for op in ops_of(part):
            file = file_of(op)
            if file is not None:
                for number, stored in op.get("put", {}).items():
                    yield file, op["table"], number, stored


# finishing ------------------------------------------------------------------------------------------------------


@spoken()
def finish(state: "State", lock: "Lock", settle: Callable[[], None]) -> Counts:
    """Take out of the log what its erasing entries name, then write the snapshots; done twice it changes nothing.

    The lock is held for one segment at a time, so that others can go on with their work.

    Args:
        state: of the folder.
        lock: of the folder, not held.
        settle: makes sure that the line at which `state` stands is durable.

    Raises:
        DamagedError: a segment with a line that cannot be proven is left as it is, and the erasure unfinished.
    """
    named, counts = _named(state.log), Counts()
    with lock.held("erasing records"):
        state.refresh()
        settle()  # whoever wrote these entries may have been killed: they must not be lost with what they name
    for name in list(state.log.segments()):
        with lock.held("erasing records"):
            _rewrite(state.log, name, named, counts)
    with lock.held("erasing records"):
        state.load()
        if state.damage is not None:
            raise state.damage
        state.erased = state.erased or counts.now + counts.before > 0
        settle()
        state.write_snapshots()
    return counts


def unfinished(log: Log) -> Iterator[tuple[str, int]]:
    """Segment and line of each place that still holds what an erasing entry names; a damaged line is passed over."""
    named = _named(log)
    for name, number, raw in log.every_line() if named.subjects else ():
        try:
            line = prove(raw)
        except LineError:
            continue
        counts = Counts()
        for part in line.parts:
            _judged(part, line.entry.seq, named, counts)
        if counts.now:
            yield name, number


def erasures(log: Log) -> tuple[str, ...]:
    """When records were erased, ISO 8601 with offset, in the order of the log."""
    return tuple(line.entry.at for line in _entries(log))


def subjects(root: Path) -> set[str]:
    """Whose records the log of a folder says were erased, by id."""
    return {line.entry.subject for line in _entries(Log(root)) if line.entry.subject}


def _entries(log: Log) -> Iterator[Line]:
    """The lines that erase records; costs a look at each line's beginning."""
    for _, _, raw in log.every_line():
        if raw.startswith(_NEEDLE):
            with suppress(LineError):
                yield prove(raw)


def _named(log: Log) -> Named:
    """What all erasing entries of the log name."""
    numbers: Numbers = {}
    subjects: list[tuple[int, bytes]] = []
    for line in _entries(log):
        subjects.append((line.entry.seq, (line.entry.subject or "").encode()))
        for part in line.parts:
            for op in ops_of(part):
                file = file_of(op)
                if file is not None and "drop" in op:
                    numbers.setdefault((file, op["table"]), set()).update(op["drop"])
    return Named(numbers, tuple(subjects))


def _rewrite(log: Log, name: str, named: Named, counts: Counts) -> None:
    """Write one segment anew if it holds parts to be erased."""
    raws, altered = pieces(log.raw(name)), False
    last = len(raws) - 1 if name == log.segments()[-1] else -1
    for place, raw in enumerate(raws):
        if not raw.endswith(b"\n"):
            continue  # a line that was never acknowledged: the next writer cuts it off
        try:
            line = prove(raw)
            before = counts.now
            new = _without(raw, line, named, counts) if line.parts else raw
            if counts.now > before:
                prove(new)
                raws[place], altered = new, True
        except (LineError, *MALFORMED) as error:
            if isinstance(error, LineError) and error.torn and place == last:
                continue  # so is this one, of which a page was lost
            reason = (
                error.reason if isinstance(error, LineError) else "an operation that cannot be carried out"
            )
            raise DamagedError(f"{FOLDER}/{name}", place + 1, reason) from None
    if altered:
        files.atomic_write(log.path / name, raws)


def _without(raw: bytes, line: Line, named: Named, counts: Counts) -> bytes:
    """The line with its entry byte for byte, and parts to be erased replaced by their digests."""
    parts = [
        b'{"gone":"%b"}' % part_digest(trusted(part)).encode()
        if _judged(part, line.entry.seq, named, counts)
        else trusted(part)
        for part in line.parts
    ]
    # an entry holds ids alone, in which quotes are escaped: the first of these is the one
    return raw[: raw.index(_PARTS)] + _PARTS + b",".join(parts) + b"]}\n"


def _judged(part: Part, seq: int, named: Named, counts: Counts) -> bool:
    """Whether a part is to be erased; counts it if it holds anything of what is named."""
    if "gone" in part:
        counts.before += 1
        return False
    met = kept = False
    for op in ops_of(part):
        if "cut" in op:
            met = met or _mentions(op["cut"], seq, named.subjects)
            kept = kept or not met
        elif file_of(op) is None:
            kept = True
        else:
            wanted = named.numbers.get((op["file"], op["table"]), set())
            held = {*op.get("put", ()), *op.get("splice", ())}
            met = met or not held.isdisjoint(wanted)
            kept = kept or not held.union(op.get("drop", ())) <= wanted
    counts.now += met and not kept
    counts.shared += met and kept
    return met and not kept


def _mentions(cut: Doc, seq: int, subjects: Iterable[tuple[int, bytes]]) -> bool:
    """Whether the bytes of an unfinished line, kept where it was cut off, speak of a subject."""
    try:
        kept = b64decode(cut["base64"])
    except (ValueError, *MALFORMED):
        raise StoreError("an entry of a cut that cannot be read") from None
    return any(seq < at and subject and subject in kept for at, subject in subjects)
