"""What a log adds up to, read from its first line: the documents, and the snapshots that would hold them."""

from collections.abc import Iterable, Mapping

from store import snapshots
from store.errors import DamagedError, StoreError
from store.lines import Line, LineError, prove
from store.log import FOLDER, START, Head, Place, pieces, segment_name
from store.pages import MALFORMED, Tables, carry_out, file_of, ops_of
from store.snapshots import INDEX, Meta


class Replay:
    """The state behind a log's lines, taken in one after the other from the first.

    Args:
        format_: of a folder whose log is empty; the log's lines say it otherwise.
    """

    def __init__(self, format_: int = 0) -> None:
        self.files: dict[str, Tables] = {}
        self.changed: dict[str, int] = {}
        """The entry that last changed each file."""
        self.place = START
        self.erased = False
        self.format = format_
        self.newest = ""
        """When the last entry was made, ISO 8601 with offset."""

    @property
    def head(self) -> Head:
        """The last entry taken in."""
        return Head(self.place.seq, self.place.hash)

    def segment(self, name: str, raw: bytes) -> None:
        """Take in all lines of the next file of the log.

        Raises:
            DamagedError: a line that is not what was written, or does not follow the one before; with its place.
        """
        begin = 0
        for number, piece in enumerate(pieces(raw), 1):
            try:
                line = prove(piece)
                self._refuse_strange(name, number, line)
                entry = line.entry
                self._take(line, Place(name, begin, begin + len(piece), entry.seq, entry.hash))
            except LineError as error:
                raise DamagedError(f"{FOLDER}/{name}", number, error.reason) from None
            except (*MALFORMED, StoreError) as error:
                reason = (
                    error.what if isinstance(error, StoreError) else "an operation that cannot be carried out"
                )
                raise DamagedError(f"{FOLDER}/{name}", number, reason) from None
            begin += len(piece)

    def _refuse_strange(self, name: str, number: int, line: Line) -> None:
        entry = line.entry
        if entry.seq != self.place.seq + 1 or entry.prev != self.place.hash:
            raise LineError(f"entry {entry.seq} does not follow entry {self.place.seq}", torn=False)
        if number == 1 and segment_name(entry.at) != name:
            raise LineError("the segment does not have the name of its first entry", torn=False)

    def _take(self, line: Line, place: Place) -> None:
        self.erased = carry_out(self.files, line.parts, self.erased)
        for part in line.parts:
            for op in ops_of(part):
                file = file_of(op)
                if file is not None:
                    self.changed[file] = place.seq
                elif "folder" in op:
                    self.format = int(op["folder"]["format"])
        self.place, self.newest = place, line.entry.at

    def snapshots(self) -> dict[str, bytes]:
        """The TinyDB files that hold the state, by name without `.json`; the one that is written last comes last."""
        names = [*sorted({*self.changed} - {INDEX}), INDEX]
        return {file: self._rendered(file) for file in names}

    def _rendered(self, file: str) -> bytes:
        tables = {name: page for name, page in self.files.get(file, {}).items() if page.next_id > 1}
        meta = Meta(
            id="meta",
            format=self.format,
            seq=self.place.seq,
            hash=self.place.hash,
            next=snapshots.numbers(tables),
            erased=self.erased,
        )
        if file == INDEX and self.place.segment:
            meta.segment, meta.begin, meta.end = self.place[:3]
            meta.changed = self.changed
        return b"".join(snapshots.render(meta, tables))


def replay(segments: Iterable[tuple[str, bytes]], format_: int = 0) -> Replay:
    """The state behind a whole log, given as names and bytes of its files in order; raises as `Replay.segment`."""
    made = Replay(format_)
    for name, raw in segments:
        made.segment(name, raw)
    return made


def same(left: Mapping[str, Tables], right: Mapping[str, Tables]) -> str:
    """The first `file/table` in which two states differ, empty if they hold the same documents."""
    for file in sorted({*left, *right}):
        ours, theirs = left.get(file, {}), right.get(file, {})
        for table in sorted({*ours, *theirs}):
            mine = ours[table].rows if table in ours else {}
            yours = theirs[table].rows if table in theirs else {}
            if mine != yours:
                return f"{file}/{table}"
    return ""
