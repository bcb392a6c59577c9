"""The log's files: segments named by their first entry, read from a place on, grown by whole lines."""

import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store import files
from store.errors import DamagedError, HugeError, StoreError
from store.lines import ZERO, Line, LineError, chunks, prove, prove_lines
from store.spoken import PASSING, spoken

FOLDER = "log"
END = ".jsonl"
NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{4}\.jsonl")
CAP = 1 << 30
LARGE = "Look at the file's size and what fills it; restore the newest backup (`workbench restore FILE --replace`)."
EMPTY = "the segment is empty, and others come after it"
RACY_NS = 1_000_000_000
"""A folder's time of change this near to now may hide a later change in the same tick of the file system's clock."""


class Head(NamedTuple):
    """The newest entry: its number (0 in an empty log) and hash."""

    seq: int
    hash: str


class Place(NamedTuple):
    """How far the log was read: segment (empty = before the first), byte offsets of the last line's begin and end."""

    segment: str
    begin: int
    end: int
    seq: int
    hash: str


START = Place("", 0, 0, 0, ZERO)


class Found(NamedTuple):
    """A proven line and the place behind it."""

    line: Line
    place: Place


class Torn(NamedTuple):
    """An unfinished or unreadable last line: where it begins and the bytes from there to the end."""

    segment: str
    begin: int
    raw: bytes
    reason: str


def segment_name(at: str) -> str:
    """`2026-11-23T0855.jsonl` for an entry made at 08:55 of that day."""
    return f"{at[:13]}{at[14:16]}{END}"


def misfit(seq: int, prev: str, before: Head) -> str:
    """Why an entry cannot stand behind the one before it; empty if it can."""
    if seq == before.seq + 1 and prev == before.hash:
        return ""
    words = f"entry {seq} does not follow entry {before.seq}"
    if 0 < seq <= before.seq:
        return f"{words}: another history stands here as well, as when a sync tool merges two folders"
    return words


def pieces(raw: bytes) -> list[bytes]:
    """Lines with their newlines; the last one may have none."""
    lines = [line + b"\n" for line in raw.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


class Log:
    """The segments in a folder. Reading takes no lock; `follow` tells a torn end from damage."""

    def __init__(self, root: Path) -> None:
        self.path = root / FOLDER
        self._folder = str(
            self.path
        )  # a Path joined and turned to text again costs more than the call it is for
        self._names: list[str] = []
        self.inode = 0
        """The file behind the newest segment when it was last looked at."""
        self._listed = -1
        self.torn: Torn | None = None

    def segments(self) -> list[str]:
        """Names of all segments in order; listed anew when the folder changed."""
        changed = files.changed(self._folder)
        if changed != self._listed or changed < 0:
            self._names = [name for name in files.names(self.path) if NAMED.fullmatch(name)]
            # a segment made in the same tick as the last one seen would leave the time as it is: list again then
            self._listed = changed if abs(files.now_ns() - changed) > RACY_NS else -1
        return self._names

    def where(self, name: str) -> str:
        """How a segment is named to people."""
        return f"{FOLDER}/{name}"

    def sizes(self) -> dict[str, int]:
        """Bytes of each file in the log folder as they stand now."""
        found = {name: files.stamp(self.path / name) for name in files.names(self.path)}
        return {name: seen.size for name, seen in found.items() if seen is not None}

    def raw(self, name: str, start: int = 0) -> bytes:
        """The bytes of a segment from `start` on; DamagedError for one that nothing of ours wrote so large."""
        try:
            return files.read_range(self.path / name, start, None, CAP)
        except HugeError as error:
            raise DamagedError(self.where(name), 0, error.what, LARGE) from None

    def is_behind(self, place: Place) -> bool:
        """Whether there is something after `place`, or less than there was."""
        names = self.segments()
        if not names:
            return bool(place.segment)
        if names[-1] != place.segment:
            self.inode = 0  # not looked at: a file that was opened before may have been replaced
            return True
        before = self.inode
        size, self.inode = files.extent(f"{self._folder}/{place.segment}")
        return size != place.end or before not in (0, self.inode)

    def newest(self) -> str:
        """The newest segment as last listed, empty if there is none."""
        return self._names[-1] if self._names else ""

    def follow(self, place: Place) -> Iterator[Found]:
        """Every proven line after `place`, chained to it. A torn end is put into `torn` and ends the reading.

        Raises:
            DamagedError: a line that is not what was written, or does not follow the one before.
        """
        self.torn = None
        names = [name for name in self.segments() if name >= place.segment]
        if place.segment and (not names or names[0] != place.segment):
            raise DamagedError(self.where(place.segment), 0, "the segment is missing")
        empty = ""
        for name in names:
            start = place.end if name == place.segment else 0
            try:
                raw = self.raw(name, start)
            except DamagedError:
                raise
            except StoreError as error:
                raise DamagedError(self.where(name), 0, f"cannot be read: {error.what}") from None
            except OSError as error:
                if error.errno in PASSING:
                    raise
                raise DamagedError(self.where(name), 0, f"cannot be read: {error.strerror}") from None
            if start and not raw and self._is_shorter(name, start):
                raise DamagedError(self.where(name), 0, f"the segment is shorter than {start} bytes")
            if empty and raw:
                raise DamagedError(self.where(empty), 0, EMPTY)
            if not start and not raw:
                empty = name
            place = yield from self._lines(name, start, raw, place, name == names[-1])

    def _is_shorter(self, name: str, size: int) -> bool:
        found = files.stamp(self.path / name)
        return found is None or found.size < size

    def _lines(
        self, name: str, start: int, raw: bytes, place: Place, newest: bool
    ) -> Generator[Found, None, Place]:
        """The proven lines of a segment from a byte offset on; returns the place behind the last."""
        done, seq, prev = 0, place.seq, place.hash
        for chunk in chunks(raw):
            begin, first = 0, start + done
            done += len(chunk)
            many, more = prove_lines(chunk), len(raw) - done
            pairs = zip(*many, strict=True) if many else self._one_by_one(name, first, chunk, newest, more)
            for line, behind in pairs:
                entry = line.entry
                if entry.seq != seq + 1 or entry.prev != prev:
                    reason = misfit(entry.seq, entry.prev, Head(seq, prev))
                    raise DamagedError(self.where(name), self.number(name, first + begin), reason)
                seq, prev = entry.seq, entry.hash
                place = Place(name, first + begin, first + behind, seq, prev)
                yield Found(line, place)
                begin = behind
        return place

    def _one_by_one(
        self, name: str, first: int, chunk: bytes, newest: bool, more: int
    ) -> Iterator[tuple[Line, int]]:
        """The lines of a chunk and the offset behind each, up to the one that is not whole; that one is named."""
        begin = 0
        for piece in pieces(chunk):
            try:
                line = prove(piece)
            except LineError as error:
                if newest and not more and begin + len(piece) == len(chunk) and error.torn:
                    self.torn = Torn(name, first + begin, piece, error.reason)
                    return
                raise DamagedError(self.where(name), self.number(name, first + begin), error.reason) from None
            begin += len(piece)
            yield line, begin

    def number(self, name: str, offset: int) -> int:
        """The line (1-based) that begins at a byte offset."""
        return self.raw(name)[:offset].count(b"\n") + 1

    @spoken()
    def every_line(self, newest_first: bool = False) -> Iterator[tuple[str, int, bytes]]:
        """Every line as it stands, unproven: segment, number, bytes with the newline."""
        names = list(self.segments())
        for name in reversed(names) if newest_first else names:
            numbered = list(enumerate(pieces(self.raw(name)), 1))
            for number, raw in reversed(numbered) if newest_first else numbered:
                yield name, number, raw

    def holds(self, place: Place) -> DamagedError | None:
        """Why the log cannot be the one that was read up to `place`; None if it can."""
        if not place.segment:
            return None
        where, found = self.where(place.segment), files.stamp(self.path / place.segment)
        if found is None:
            return DamagedError(where, 0, "the segment that the snapshots stand on is missing")
        if found.size < place.end:
            reason = "the log is shorter than the snapshots say: its end was cut off"
            return DamagedError(where, 0, reason)
        # proven whole, its newline too: the next line would be written behind what stands there
        raw = files.read_range(self.path / place.segment, place.begin, place.end, CAP)
        try:
            entry = prove(raw).entry
        except LineError as error:
            reason = f"entry {place.seq}, on which the snapshots stand, is damaged: {error.reason}"
        else:
            if (entry.seq, entry.hash) == (place.seq, place.hash):
                return None
            reason = f"entry {place.seq} is not the one that the snapshots stand on"
        return DamagedError(where, self.number(place.segment, place.begin), reason)

    def moved(self, place: Place) -> Place | None:
        """Where the entry of a place stands now: an erasure that shortened lines before it moves it within its
        segment. None if the segment does not hold it."""
        if files.stamp(self.path / place.segment) is None:
            return None
        begin = 0
        for raw in pieces(self.raw(place.segment)):
            if b'"hash":"%b"' % place.hash.encode() in raw:
                with suppress(LineError):
                    entry = prove(raw).entry
                    if (entry.seq, entry.hash) == (place.seq, place.hash):
                        return place._replace(begin=begin, end=begin + len(raw))
            begin += len(raw)
        return None

    def last_with(self, needle: bytes, place: Place) -> tuple[str, int, bytes] | None:
        """The newest line up to `place` that holds `needle`: segment, byte offset, bytes. Costs the bytes behind it."""
        for name in reversed([name for name in self.segments() if name <= place.segment]):
            raw = self.raw(name)
            if name == place.segment:
                raw = raw[: place.end]
            at = raw.rfind(needle)
            if at >= 0:
                begin = raw.rfind(b"\n", 0, at) + 1
                return name, begin, raw[begin : raw.find(b"\n", at) + 1 or len(raw)]
        return None
