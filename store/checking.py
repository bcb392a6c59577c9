"""Whether a folder is whole: log against snapshots, the accounts, modes, leftovers. Changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from store import files, snapshots
from store.errors import DamagedError, StoreError
from store.lock import NAME
from store.log import END, FOLDER, NAMED, START, Log
from store.pages import GUARDED, Tables, carry_out
from store.snapshots import Snapshot
from store.spoken import spoken
from store.state import State
from store.tail import is_temporary
from store.vault import NAME as VAULT
from store.vault import SLOT, Vault, fault, named_by
from store.verifying import Verdict

Level = Literal["fault", "remark"]


class Finding(Struct, frozen=True):
    """One thing found: a fault, or a remark that asks for nothing at once. `record` is `table/id` or empty."""

    level: Level
    file: str
    line: int
    record: str
    words: str


@spoken()
def check(state: State, verdict: Verdict, guard: Callable[[], None]) -> list[Finding]:
    """All findings, faults first. An unfinished last line is a remark: it was never acknowledged."""
    found = [*_log(state, verdict), *_snapshots(state), *_people(guard), *_vault(state), *_places(state.root)]
    found += [Finding("remark", "", 0, "", words) for words in dict.fromkeys(state.remarks)]
    return sorted(found, key=lambda one: one.level != "fault")


def _log(state: State, verdict: Verdict) -> Iterator[Finding]:
    torn = state.log.torn
    for problem in verdict.problems:
        is_end = torn is not None and problem.file == state.log.where(torn.segment)
        if torn is not None and is_end and problem.line == state.log.number(torn.segment, torn.begin):
            words = (
                f"an unfinished last line ({problem.reason}): never acknowledged; the next change cuts it off"
            )
            yield Finding("remark", problem.file, problem.line, "", words)
        else:
            yield Finding("fault", problem.file, problem.line, "", problem.reason)
    if state.damage is not None and not any(p.file == state.damage.file for p in verdict.problems):
        yield Finding("fault", state.damage.file, state.damage.line, "", state.damage.reason)


def _snapshots(state: State) -> Iterator[Finding]:
    read: dict[str, Snapshot] = {}
    for file in snapshots.file_names(state.root):
        try:
            found = snapshots.read(state.root, file)
        except StoreError as error:
            line = error.line if isinstance(error, DamagedError) else 0
            yield Finding(
                "fault", f"{file}.json", line, "", f"{error.what}; remove it: the log has its records"
            )
            continue
        if found is not None:
            read[file] = found
    for file in state.changed:
        if files.kind(state.root / f"{file}.json") == "nothing" and state.changed[file] <= state.base.seq:
            yield Finding("remark", f"{file}.json", 0, "", "is missing; the log has its records")
    yield from _compared(state, read)


def _compared(state: State, read: dict[str, Snapshot]) -> Iterator[Finding]:
    """Replay the log once; whenever it stands where a snapshot stands, compare the two."""
    waiting = {file for file, one in read.items() if one.meta.seq > 0}
    made: dict[str, Tables] = {}
    erased = False
    try:
        for found in Log(state.root).follow(START):
            erased = carry_out(made, found.line.parts, erased)
            for file in [name for name in waiting if read[name].meta.seq == found.place.seq]:
                waiting.discard(file)
                yield from _compare(state.root, file, read[file], made.get(file, {}), found.place.hash)
    except StoreError:
        return  # the proof of the log names the place; what comes behind it cannot be compared
    for file in sorted(waiting):
        words = f"stands at entry {read[file].meta.seq}, which is not in the log"
        yield Finding("fault", f"{file}.json", 1, "", words)
    for file, one in read.items():
        last = state.changed.get(file, 0)
        if one.meta.seq < last:
            yield Finding(
                "remark",
                f"{file}.json",
                1,
                "",
                f"lags: entry {one.meta.seq} of {last}",
            )


def _compare(root: Path, file: str, ours: Snapshot, theirs: Tables, hash_: str) -> Iterator[Finding]:
    name = f"{file}.json"
    if ours.meta.hash != hash_:
        yield Finding("fault", name, 1, "", f"stands at another entry {ours.meta.seq} than the log's")
    for table in sorted({*ours.tables, *theirs}):
        left = ours.tables[table].rows if table in ours.tables else {}
        right = theirs[table].rows if table in theirs else {}
        if left == right:
            continue
        for number in sorted({*left, *right}, key=int):
            if left.get(number) != right.get(number):
                own = (right.get(number) or left[number])["id"]
                words = "is not as the log says; remove the file: the log has its records"
                yield Finding("fault", name, _line(root, name, table, number), f"{table}/{own}", words)


def _line(root: Path, name: str, table: str, number: str) -> int:
    """The line of a document in a snapshot: we write one a line. 0 if it is not there."""
    inside = False
    for count, line in enumerate(files.read_capped(root / name, snapshots.CAP).split(b"\n"), 1):
        if line.endswith((b":{", b":{}")):
            inside = line.startswith(b'"%s":' % table.encode())
        elif inside and line.startswith(b'"%s":' % number.encode()):
            return count
    return 0


def _people(guard: Callable[[], None]) -> Iterator[Finding]:
    try:
        guard()
    except StoreError as error:
        yield Finding("fault", "people.json", 0, "", error.what)


def _vault(state: State) -> Iterator[Finding]:
    """Slots that accounts name but that are not there or were altered; and any other that is not what it is called."""
    try:
        slots = Vault(state.root).slots()
    except StoreError as error:
        yield Finding("fault", VAULT, 0, "", f"{error.what}; put it back from the newest backup")
        return
    people = state.page(GUARDED, GUARDED).own
    for own_id, doc in people.items():
        wrong = fault(slots, doc[SLOT]) if doc.get(SLOT) else ""
        if wrong:
            yield Finding("fault", VAULT, 0, f"{GUARDED}/{own_id}", f"{wrong}; {own_id} cannot sign in")
    for own in sorted(slots.keys() - named_by(people.values())):
        if fault(slots, own):
            yield Finding("remark", VAULT, 0, own[:16], "a slot that nobody names is not what it is called")


def _places(root: Path) -> Iterator[Finding]:
    """Links and pipes, loose modes, files that are not ours."""
    known = {NAME, FOLDER, VAULT}
    for folder in (root, root / FOLDER):
        if files.is_loose(folder):
            yield Finding("remark", folder.name, 0, "", "others than its owner may look in; chmod 0700")
        for name in files.names(folder):
            kind, shown = files.kind(folder / name), name if folder is root else f"{FOLDER}/{name}"
            wanted = "folder" if shown == FOLDER else "file"
            ours = name in known or name.endswith(".json") if folder is root else bool(NAMED.fullmatch(name))
            if kind not in ("nothing", wanted):
                yield Finding("fault", shown, 0, "", f"a {kind} stands where a {wanted} should be")
            elif kind == "file" and files.is_loose(folder / name):
                yield Finding("remark", shown, 0, "", "others than its owner may read it; chmod 0600")
            if is_temporary(name):
                yield Finding("remark", shown, 0, "", "a temporary file of an interrupted write")
            elif not ours and not name.endswith(END):
                yield Finding("remark", shown, 0, "", "is no file of ours; nothing reads it")
