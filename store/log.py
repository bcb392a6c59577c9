"""The log: segments of lines. A line is one committed change, its audit entry and its data together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from store import files
from store.canon import ZERO, canonical, digest, quick, sha
from store.errors import Damaged

FOLDER = "log"
MAX_LINE = 64 << 20


class Head(Struct, frozen=True):
    """Where a log stands: the number and hash of its newest entry (0 and zeros when empty)."""

    seq: int
    hash: str


class Place(Struct, frozen=True):
    """A byte position in the log."""

    segment: str
    offset: int


class Line(Struct, frozen=True):
    """One line that was read and found right."""

    entry: dict[str, Any]
    parts: list[dict[str, Any]]
    segment: str
    number: int
    end: int


def segment_name(at: str) -> str:
    """`2026-11-23T0855.jsonl` for an entry of that minute."""
    return f"{at[:13]}{at[14:16]}.jsonl"


def segments(folder: Path) -> list[str]:
    """The names of all segments in order."""
    return [name for name in files.names(folder / FOLDER) if name.endswith(".jsonl")]


def make_line(
    head: Head, fields: dict[str, Any], parts: list[dict[str, Any]]
) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the next line and its entry."""
    entry = {**fields, "seq": head.seq + 1, "prev": head.hash, "digest": parts_digest(parts)}
    entry["hash"] = sha(canonical(entry))
    return canonical({"entry": entry, "parts": parts}) + b"\n", entry


def parts_digest(parts: list[dict[str, Any]]) -> str:
    """The digest of the list of the parts' digests; an erased part stands with the digest it had."""
    return digest([part["gone"] if set(part) == {"gone"} else digest(part) for part in parts])


def read_line(raw: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Entry and parts of one line without its newline.

    Raises:
        ValueError: if the line is not exactly what would be written.
    """
    value = quick(raw)
    if not isinstance(value, dict) or set(value) != {"entry", "parts"} or canonical(value) != raw:
        raise ValueError("not a line that this program writes")
    entry, parts = value["entry"], value["parts"]
    body = dict(entry)
    if sha(canonical({k: v for k, v in body.items() if k != "hash"})) != entry.get("hash"):
        raise ValueError("the entry's hash is wrong")
    if parts_digest(parts) != entry.get("digest"):
        raise ValueError("the data do not match the entry's digest")
    return entry, parts


def read_tail(folder: Path, place: Place, head: Head, number: int = 0) -> Iterator[Line | Damaged]:
    """Every line after `place`, in order, chained to `head`.

    The last thing yielded may be a `Damaged`: reading stops there. A last line without its newline, or one that cannot be
    read at all, is yielded so as well; `is_torn` tells which damage is only a torn tail.
    """
    names = [name for name in segments(folder) if name >= place.segment]
    for name in names:
        offset = place.offset if name == place.segment else 0
        count = number if name == place.segment else 0
        raw = files.read_from(folder / FOLDER / name, offset)
        position = offset
        if not raw:
            continue
        for piece in raw.split(b"\n")[:-1] if raw.endswith(b"\n") else raw.split(b"\n"):
            count += 1
            whole = position + len(piece) + 1 <= offset + len(raw)
            problem = _problem(piece, whole, head)
            if isinstance(problem, str):
                yield Damaged(f"{FOLDER}/{name}", count, problem)
                return
            entry, parts = problem
            position += len(piece) + 1
            head = Head(entry["seq"], entry["hash"])
            yield Line(entry, parts, name, count, position)


def _problem(piece: bytes, whole: bool, head: Head) -> str | tuple[dict[str, Any], list[dict[str, Any]]]:
    if not whole:
        return "the line is not complete"
    try:
        entry, parts = read_line(piece)
    except Exception as error:  # every decoder error means the same here
        return str(error) or type(error).__name__
    if entry["seq"] != head.seq + 1 or entry["prev"] != head.hash:
        return f"entry {entry['seq']} does not follow entry {head.seq}"
    return entry, parts


START = Place("", 0)
EMPTY = Head(0, ZERO)


def is_torn(folder: Path, found: Damaged) -> bool:
    """Whether damage is only an append that never finished: the last line of the last segment, cut or filled with zeros.

    A last line that ends in its newline and is readable JSON was once whole: if it is wrong now, it was altered.
    """
    names = segments(folder)
    if not names or found.file != f"{FOLDER}/{names[-1]}":
        return False
    raw = files.read_from(folder / FOLDER / names[-1], 0)
    if found.line is None or raw.count(b"\n") > found.line:
        return False
    lines = raw.split(b"\n")
    last = lines[found.line - 1]
    rest = b"".join(lines[found.line :])
    if rest:
        return False
    try:
        quick(last)
    except Exception:
        return True
    return not raw.endswith(b"\n")
