"""Whether what is kept is what was written: the log's proof, and log against snapshots."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct

from store import files, log, snapshots
from store.canon import digest
from store.errors import Damaged, StoreError
from store.log import EMPTY, START, Head
from store.pages import Page

if TYPE_CHECKING:
    from store.folder import Store


class Problem(NamedTuple):
    """One place in the log that is not as it was written."""

    file: str
    line: int | None
    reason: str


class Verdict(Struct, frozen=True):
    """What verifying the log found. `whole` is true when every line follows and the head asked for was met."""

    whole: bool
    entries: int
    head: Head
    problems: tuple[Problem, ...]


class Finding(Struct, frozen=True):
    """One finding of `check`: a fault, or a remark that asks for nothing urgent."""

    level: Literal["fault", "remark"]
    file: str
    line: int | None
    record: str | None
    words: str


def verify(path: Path, head: str | None = None) -> Verdict:
    """Read the whole log and prove every link; nothing is cut or mended."""
    newest, count, met = EMPTY, 0, head is None or head == EMPTY.hash
    problems: list[Problem] = []
    for found in log.read_tail(path, START, EMPTY):
        if isinstance(found, Damaged):
            problems.append(Problem(found.file, found.line, found.reason))
            break
        newest, count = Head(found.entry["seq"], found.entry["hash"]), count + 1
        met = met or newest.hash == head
    if not met:
        problems.append(
            Problem(
                log.FOLDER, None, f"the head {str(head)[:16]} is in no entry: the log was cut or written anew"
            )
        )
    if count == 0 and not problems:
        problems.append(Problem(log.FOLDER, None, "the log is empty"))
    return Verdict(not problems, count, newest, tuple(problems))


def check(store: "Store") -> list[Finding]:
    """Log against snapshots, modes, leftovers and the people guard; faults first."""
    findings = [Finding("fault", p.file, p.line, None, p.reason) for p in store.verify().problems]
    if not findings:
        findings += _against_log(store)
    findings += _modes(store) + [Finding("remark", "", None, None, words) for words in store.remarks]
    return sorted(findings, key=lambda f: f.level != "fault")


def _against_log(store: "Store") -> list[Finding]:
    found: list[Finding] = []
    states: dict[int, dict[str, dict[str, Page]]] = {}
    on_disk = {}
    for file in store.file_names():
        path = store.path / f"{file}.json"
        if files.size_of(path) < 0:
            continue
        try:
            data = snapshots.strictly(files.read_capped(path, snapshots.CAP), path.name)
            seq = data[snapshots.META]["1"]["seq"]
        except (StoreError, KeyError, TypeError, OSError) as error:
            found.append(
                Finding(
                    "fault", path.name, None, None, f"cannot be read: {error}; it can be built from the log"
                )
            )
            continue
        on_disk[file] = (seq, data)
        states[seq] = {}
    _replay(store, states)
    for file, (seq, data) in on_disk.items():
        found += _compare(file, data, states[seq].get(file, {}))
        if seq < store._changed.get(file, 0):
            found.append(
                Finding(
                    "remark",
                    f"{file}.json",
                    None,
                    None,
                    f"stands at entry {seq}; the log goes on to {store.head.seq}",
                )
            )
    return found


def _replay(store: "Store", states: dict[int, dict[str, dict[str, Page]]]) -> None:
    pages: dict[str, dict[str, Page]] = {}
    for entry, parts in store.changes():
        snapshots._apply(pages, parts, None)
        if entry["seq"] in states:
            states[entry["seq"]] = {
                f: {t: Page(dict(p.docs)) for t, p in tables.items()} for f, tables in pages.items()
            }


def _compare(file: str, data: dict[str, Any], right: dict[str, Page]) -> list[Finding]:
    found = []
    for table in sorted((set(data) | set(right)) - {snapshots.META}):
        ours, theirs = data.get(table, {}), right[table].docs if table in right else {}
        for key in sorted(set(ours) | set(theirs), key=lambda k: (len(k), k)):
            if ours.get(key) != theirs.get(key):
                own = (theirs.get(key) or ours.get(key) or {}).get("id", key)
                found.append(
                    Finding(
                        "fault",
                        f"{file}.json",
                        None,
                        own,
                        f"table {table}: the record is not as the log says",
                    )
                )
    return found


def _modes(store: "Store") -> list[Finding]:
    places = [store.path, store.path / log.FOLDER]
    places += [store.path / n for n in files.names(store.path)]
    places += [store.path / log.FOLDER / n for n in files.names(store.path / log.FOLDER)]
    found = []
    for place in places:
        name = str(place.relative_to(store.path)) if place != store.path else "."
        if files.is_link(place):
            found.append(Finding("fault", name, None, None, "is a link; real files only"))
        elif files.loose(place):
            found.append(
                Finding(
                    "remark",
                    name,
                    None,
                    None,
                    "can be read by others than its owner; chmod it to 0600 or 0700",
                )
            )
    return found


def guard_people(store: "Store") -> None:
    """Refuse a people file that is not what the log last said.

    Raises:
        Damaged: if it was edited by hand.
    """
    said = last_people_digest(store)
    if said is not None and said != store.people_digest():
        raise Damaged("people.json", None, "accounts or roles were altered outside the program")


def last_people_digest(store: "Store") -> str | None:
    """The newest digest of the people table that the log carries; None where it carries none."""
    mark = b'"people_digest":"'
    for name in reversed(log.segments(store.path)):
        raw = files.read_from(store.path / log.FOLDER / name, 0)
        at = raw.rfind(mark)
        if at >= 0:
            return raw[at + len(mark) : at + len(mark) + 64].decode("ascii", "replace")
    return None


def table_digest(docs: dict[str, Any]) -> str:
    """The digest of a table by own ids."""
    return digest(docs)
