"""The log's proof: every byte of every line, the chain, and a head held outside. Nothing is cut or mended."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from store import files, snapshots
from store.collecting import no_collecting
from store.errors import StoreError
from store.heads import typed_head
from store.lines import ZERO, LineEntry, LineError, chunks, prove, prove_lines
from store.log import CAP, EMPTY, END, FOLDER, NAMED, Head, misfit, pieces, segment_name
from store.spoken import PASSING, spoken

SET_BACK = timedelta(minutes=1)
"""Two processes may take the time and then wait for each other's lock; what is more is the clock."""


class Problem(NamedTuple):
    """One place that is not as it was written; `line` is 1-based, 0 = the whole file."""

    file: str
    line: int
    reason: str


class Verdict(Struct, frozen=True):
    """What verifying found: `whole`, how many entries were read, the newest head, and every problem."""

    whole: bool
    entries: int
    head: Head
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    """Places that are as they were written, and worth a look."""
    tail: Problem | None = None
    """An unfinished last line behind the head, as a write that was cut off leaves it: it was never acknowledged."""


@spoken()
def verify(root: Path, head: Head | str | None = None, sizes: dict[str, int] | None = None) -> Verdict:
    """Prove the whole log.

    Args:
        root: the folder.
        head: a hash noted elsewhere, or its beginning, which one of the entries must have.
        sizes: bytes of each segment to read; all there are if None.

    Raises:
        StoreError: `head` can be the head of no log.
    """
    wanted = head.hash if isinstance(head, Head) else None if head is None else typed_head(head)
    chain = _Chain(root, wanted)
    with no_collecting():
        for name in files.names(root / FOLDER):
            if sizes is None or name in sizes:
                chain.segment(name, None if sizes is None else sizes[name])
    if wanted is not None and not chain.met and wanted != ZERO:
        reason = f"the head {wanted[:16]} is in no entry: the log was cut, or written anew"
        chain.problems.append(Problem(FOLDER, 0, reason))
    chain.against_snapshots()
    return Verdict(
        whole=not chain.problems,
        entries=chain.count,
        head=Head(chain.seq, chain.hash),
        problems=tuple(chain.problems),
        remarks=tuple(chain.remarks),
        tail=chain.tail,
    )


def went_back(before: str, after: str) -> bool:
    """Whether an instant lies more than a minute before the one that was written before it."""
    if after >= before and after[19:] == before[19:]:  # the same offset: the texts are in order
        return False
    try:
        return datetime.fromisoformat(before) - datetime.fromisoformat(after) > SET_BACK
    except (ValueError, TypeError):
        return False


class _Chain:
    """The reading of a log from its first line to its last."""

    def __init__(self, root: Path, wanted: str | None) -> None:
        self.root, self.wanted, self.met = root, wanted, False
        self.problems: list[Problem] = []
        self.count, self.seq, self.hash = 0, 0, ZERO
        self._lost = False
        self._empty, self._at = "", ""
        self.remarks: list[Problem] = []
        self.tail: Problem | None = None
        self._noted = Head(0, ZERO)
        with suppress(StoreError):  # check tells; the proof stands without snapshots
            index = snapshots.read(root, snapshots.INDEX)
            if index is not None:
                self._noted = Head(index.meta.seq, index.meta.hash)
        self._noted_met = self._noted.seq == 0

    def segment(self, name: str, size: int | None) -> None:
        """Read one file of the log folder."""
        where = f"{FOLDER}/{name}"
        if not NAMED.fullmatch(name):
            if name.endswith(END):
                self._problem(where, 0, "this is not a segment's name: is it a copy that a sync tool left?")
            return
        self._tail_is_damage()  # only the newest segment can end in an unfinished line
        try:
            raw = files.read_range(self.root / FOLDER / name, 0, size, CAP)
        except StoreError as error:
            self._problem(where, 0, error.what)
            return
        except OSError as error:
            if error.errno in PASSING:
                raise
            self._problem(where, 0, f"cannot be read: {error.strerror}")
            return
        if self._empty and raw:
            self._problem(self._empty, 0, EMPTY)
        self._empty = "" if raw else where
        number, left = 0, len(raw)
        for chunk in chunks(raw):
            many, left = prove_lines(chunk), left - len(chunk)
            if many is None:
                number = self._one_by_one(where, number, chunk, ends=not left)
                continue
            for line in many[0]:
                number += 1
                self._entry(where, number, line.entry)

    def _one_by_one(self, where: str, number: int, chunk: bytes, ends: bool) -> int:
        """Name each line of a chunk that is not whole; returns its last line's number. `ends`: so does the segment."""
        done = 0
        for piece in pieces(chunk):
            number, done = number + 1, done + len(piece)
            try:
                entry = prove(piece).entry
            except LineError as error:
                if error.torn and ends and done == len(chunk):
                    self.tail = Problem(where, number, error.reason)
                else:
                    self._problem(where, number, error.reason)
            else:
                self._entry(where, number, entry)
        return number

    def _tail_is_damage(self) -> None:
        """What looked like the end of a write that was cut off is none: something stands on it."""
        if self.tail is not None:
            self._problem(*self.tail)
            self.tail = None

    def _entry(self, where: str, number: int, entry: LineEntry) -> None:
        self.count += 1
        if number == 1 and f"{FOLDER}/{segment_name(entry.at)}" != where:
            self._problem(where, number, "the segment does not have the name of its first entry")
        # behind a bad line the chain is taken up again, so that each damage is named once
        fits = entry.seq == self.seq + 1 and entry.prev == self.hash
        if not fits and not (self._lost and entry.seq > self.seq):
            self._problem(where, number, misfit(entry.seq, entry.prev, Head(self.seq, self.hash)))
        if entry.at < self._at or entry.at[19:] != self._at[19:]:
            self._clock(where, number, entry)
        self._at = entry.at
        self._lost = False
        self.seq, self.hash = entry.seq, entry.hash
        if self.wanted is not None and entry.hash.startswith(self.wanted):
            self.met = True
        if entry.seq == self._noted.seq and entry.hash == self._noted.hash:
            self._noted_met = True

    def _clock(self, where: str, number: int, entry: LineEntry) -> None:
        """Remark a clock that was set back; the order stays that of the numbers."""
        before = self._at
        if before and went_back(before, entry.at):
            words = f"the clock was set back: entry {entry.seq} says {entry.at[:16]}, the one before {before[:16]}"
            self.remarks.append(Problem(where, number, words))

    def _problem(self, where: str, number: int, reason: str) -> None:
        self.problems.append(Problem(where, number, reason))
        self._lost = True

    def against_snapshots(self) -> None:
        """The snapshots' own place is a head held beside the log: a cut end or another history shows."""
        if not self._noted_met:
            self._tail_is_damage()
        if not self._noted_met and not self.problems:
            reason = f"entry {self._noted.seq}, on which the snapshots stand, is not in the log as it was"
            self.problems.append(Problem(FOLDER, 0, reason))
