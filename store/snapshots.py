"""Snapshots: TinyDB files that any TinyDB can open, each with the entry it stands at in its `_meta` table.

`school.json` is written last: its `_meta` also says how far the log was read and which entry last changed each file, so
that another year's register is read only when asked for, and only then caught up.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from store import files
from store.errors import DamagedError, HugeError, NewerError
from store.log import START, Place
from store.pages import Page, Tables, is_file

INDEX = "school"
META = "_meta"
CAP = 512 << 20
FORMAT = 2
LAST_UNSEALED = 1
"""Folders up to this format are in the clear, and never sealed in place: their texts would stand on in their logs."""
_encode = msgspec.json.encode


class Meta(Struct, omit_defaults=True):
    """The one document of a snapshot's `_meta` table. The fields from `segment` on stand in `school.json` alone."""

    id: str
    format: int
    seq: int
    hash: str
    next: dict[str, int]
    segment: str | None = None
    begin: int | None = None
    end: int | None = None
    changed: dict[str, int] | None = None
    erased: bool = False

    def place(self) -> Place:
        """How far into the log the snapshots go."""
        if self.segment is None or self.begin is None or self.end is None:
            return START
        return Place(self.segment, self.begin, self.end, self.seq, self.hash)


class Snapshot(NamedTuple):
    """One TinyDB file as read."""

    meta: Meta
    tables: Tables


_decode = msgspec.json.Decoder(dict[str, dict[str, dict[str, Any]]]).decode


def read(root: Path, file: str) -> Snapshot | None:
    """The snapshot of a file, None if there is none.

    Raises:
        DamagedError: it is not a snapshot of ours.
        NewerError: a newer program wrote it.
        UnsafeError: a link, FIFO or folder stands there.
    """
    name = f"{file}.json"
    try:
        raw = files.read_capped(root / name, CAP)
    except FileNotFoundError:
        return None
    except HugeError as error:
        raise DamagedError(name, 0, error.what) from None
    return parse(raw, name)


def parse(raw: bytes, name: str) -> Snapshot:
    """A snapshot from its bytes; raises as `read`."""
    try:
        data = _decode(raw)
        meta = msgspec.convert(data.pop(META)["1"], Meta)
    except (msgspec.MsgspecError, ValueError, RecursionError, KeyError) as error:
        raise DamagedError(name, line_of(raw, error), "not a TinyDB file of the workbench") from None
    if meta.format > FORMAT:
        raise NewerError(name, meta.format, FORMAT)
    if not all(map(is_file, meta.changed or ())):
        raise DamagedError(name, 1, "it names a file that no folder has")
    try:
        return Snapshot(meta, {table: Page(rows, meta.next.get(table, 1)) for table, rows in data.items()})
    except (KeyError, TypeError, ValueError):
        raise DamagedError(name, 0, "a document without its own id, or a doc id that is no number") from None


def line_of(raw: bytes, error: Exception) -> int:
    """The line (1-based) that a decoding error speaks of, 0 if it names no byte."""
    _, found, place = str(error).rpartition("(byte ")
    digits = place.split(")")[0]
    return raw[: int(digits)].count(b"\n") + 1 if found and digits.isdigit() else 0


def render(meta: Meta, tables: Mapping[str, Page]) -> Iterator[bytes]:
    """The bytes of a snapshot: one document a line, so that damage has a line to be named by."""
    yield b'{"%s":{"1":%s}' % (META.encode(), _encode(meta))
    for name, page in tables.items():
        rows = b",\n".join(
            [b'"%s":%s' % (number.encode(), _encode(doc)) for number, doc in page.rows.items()]
        )
        yield b',\n"%s":{\n%s\n}' % (name.encode(), rows) if rows else b',\n"%s":{}' % name.encode()
    yield b"}\n"


def write(root: Path, file: str, meta: Meta, tables: Mapping[str, Page]) -> None:
    """Write a snapshot, whole or not at all."""
    files.atomic_write(root / f"{file}.json", [b"".join(render(meta, tables))])


def numbers(tables: Mapping[str, Page]) -> dict[str, int]:
    """The next doc id of each table: a number once used is not used again, even after a drop."""
    return {name: page.next_id for name, page in tables.items()}


def is_snapshot(name: str) -> bool:
    """Whether a TinyDB file of ours may have such a name; a sync tool's copies have others, and are not read."""
    return name.endswith(".json") and is_file(name[:-5])


def file_names(root: Path) -> list[str]:
    """Names (without `.json`) of the TinyDB files in a folder; `vault.json` is none."""
    return [name[:-5] for name in files.names(root) if is_snapshot(name)]
