"""Snapshots against the log: every record in which they differ, with its file and line."""

from collections.abc import Iterator
from pathlib import Path

from store import files, snapshots
from store.errors import DamagedError, StoreError
from store.finding import Finding
from store.log import START, Log
from store.pages import GUARDED, Page, Tables, carry_out, file_of, ops_of
from store.snapshots import INDEX, Snapshot
from store.state import State

ANEW = "Run `workbench check --rebuild`: the file is made anew from the log."
GUARDED_ANEW = "Move people.json away and open the folder again: it is made anew from the log."
FOREIGN = "Move it away: the log knows of no such file."
LATER = "Nothing: it is written when a program closes, or by `workbench check --rebuild`."
CUT = (
    "Prove the log against a head noted elsewhere (`workbench log verify --head HASH`). If it is whole, move every "
    ".json file but vault.json away: they are made anew from the log; if its end is missing, restore the newest backup."
)


def compared(state: State) -> Iterator[Finding]:
    """Everything in which the snapshots and the log differ."""
    read: dict[str, Snapshot] = {}
    for file in snapshots.file_names(state.root):
        try:
            found = snapshots.read(state.root, file)
        except StoreError as error:
            line = error.line if isinstance(error, DamagedError) else 0
            yield Finding("fault", f"{file}.json", line, "", error.what, _todo(state, file))
            continue
        if found is not None:
            read[file] = found
    for file in state.changed:
        if files.kind(state.root / f"{file}.json") == "nothing" and state.changed[file] <= state.base.seq:
            yield Finding("remark", f"{file}.json", 0, "", "is missing; the log has its records", LATER)
    yield from _followed(state, read)


def _todo(state: State, file: str) -> str:
    if file == GUARDED:
        return GUARDED_ANEW
    return ANEW if file in state.changed or file == INDEX else FOREIGN


def _followed(state: State, read: dict[str, Snapshot]) -> Iterator[Finding]:
    """Replay the log once; whenever it stands where a snapshot stands, compare the two."""
    waiting = {file for file, one in read.items() if one.meta.seq > 0}
    made: dict[str, Tables] = {}
    changed: dict[str, int] = {}
    erased = False
    try:
        for found in Log(state.root).follow(START):
            erased = carry_out(made, found.line.parts, erased)
            seq = found.place.seq
            changed |= {
                f: seq for p in found.line.parts for op in ops_of(p) if (f := file_of(op)) is not None
            }
            for file in [name for name in waiting if read[name].meta.seq == seq]:
                waiting.discard(file)
                yield from _stands(state, file, read[file], found.place.hash, changed)
                yield from _compare(state, file, read[file].tables, made.get(file, {}))
    except StoreError:
        return  # the proof of the log names the place; what comes behind it cannot be compared
    for file in sorted(waiting):
        words = f"stands at entry {read[file].meta.seq}, which is not in the log"
        yield Finding("fault", f"{file}.json", 1, "", words, CUT)
    for file, one in read.items():
        last = state.changed.get(file, 0)
        if one.meta.seq < last:
            yield Finding("remark", f"{file}.json", 1, "", f"lags: entry {one.meta.seq} of {last}", LATER)


def _stands(
    state: State, file: str, ours: Snapshot, hash_: str, changed: dict[str, int]
) -> Iterator[Finding]:
    """What a snapshot says of itself and, in the index, of the others."""
    name, meta = f"{file}.json", ours.meta
    if meta.hash != hash_:
        yield Finding("fault", name, 1, "", f"stands at another entry {meta.seq} than the log's", CUT)
    if file == INDEX and meta.changed is not None:
        for other in sorted({*meta.changed, *changed}):
            said, was = meta.changed.get(other, 0), changed.get(other, 0)
            if said != was:
                words = f"says that entry {said} last changed {other}.json; the log says entry {was}"
                yield Finding("fault", name, 1, "_meta/meta", words, ANEW)


def _compare(state: State, file: str, ours: Tables, theirs: Tables) -> Iterator[Finding]:
    name, todo = f"{file}.json", _todo(state, file)
    for table in sorted({*ours, *theirs}):
        left, right = ours.get(table) or Page(), theirs.get(table) or Page()
        if left.rows != right.rows:
            for number in sorted({*left.rows, *right.rows}, key=int):
                if left.rows.get(number) != right.rows.get(number):
                    own = (right.rows.get(number) or left.rows[number])["id"]
                    line, words = _line(state.root, name, table, number), _difference(left, right, number)
                    yield Finding("fault", name, line, f"{table}/{own}", words, todo)
        elif left.next_id != right.next_id:
            words = f"gives the next record of {table} the number {left.next_id}, the log {right.next_id}"
            yield Finding("fault", name, 1, "_meta/meta", words, todo)


def _difference(ours: Page, theirs: Page, number: str) -> str:
    if number not in theirs.rows:
        return "is not in the log"
    return "is not as the log says" if number in ours.rows else "is in the log, but not here"


def _line(root: Path, name: str, table: str, number: str) -> int:
    """The line of a document in a snapshot: we write one a line. 0 if it is not there."""
    inside = False
    for count, line in enumerate(files.read_capped(root / name, snapshots.CAP).split(b"\n"), 1):
        if line.endswith((b":{", b":{}")):
            inside = line.startswith(b'"%s":' % table.encode())
        elif inside and line.startswith(b'"%s":' % number.encode()):
            return count
    return 0
