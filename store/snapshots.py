"""Snapshots: TinyDB files that any TinyDB can open, and the small index that says how far they go.

`school.json` is written last. Its `_meta` holds where in the log all snapshots stand and which entry last changed each
file, so that another year's register is read only when it is asked for, and only then caught up.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from store import files, log
from store.canon import canonical, loads, quick
from store.errors import Damaged, StoreError
from store.log import EMPTY, START, Head
from store.pages import Doc, Docs, Page

if TYPE_CHECKING:
    from store.folder import Store

INDEX = "school"
META = "_meta"
CAP = 512 << 20


def read_index(store: "Store") -> dict[str, Any]:
    """Where the snapshots stand; the beginning of the log where the index is missing or unreadable."""
    try:
        meta = quick(files.read_capped(store.path / f"{INDEX}.json", CAP))[META]["1"]
        wanted = {"format", "seq", "hash", "segment", "offset", "line", "changed"}
        if wanted <= set(meta):
            return dict(meta)
        store.remarks.append(f"{INDEX}.json: no usable `{META}` table; the state was built from the log.")
    except FileNotFoundError:
        store.remarks.append(f"{INDEX}.json is missing; the state was built from the log.")
    except (StoreError, ValueError, KeyError, TypeError) as error:
        store.remarks.append(
            f"{INDEX}.json could not be read ({type(error).__name__}); the state was built from the log."
        )
    return {
        "format": 0,
        "seq": 0,
        "hash": EMPTY.hash,
        "segment": "",
        "offset": 0,
        "line": 0,
        "changed": {},
        "rebuild": True,
    }


def read_page_file(store: "Store", file: str) -> tuple[dict[str, Page], int]:
    """The tables of one snapshot and the number of the entry it stands at (0 and nothing where there is none)."""
    try:
        raw = files.read_capped(store.path / f"{file}.json", CAP)
        data = quick(raw)
        seq = int(data[META]["1"]["seq"])
        return {name: Page(docs) for name, docs in data.items() if name != META}, seq
    except FileNotFoundError:
        return {}, 0
    except (ValueError, KeyError, TypeError, StoreError) as error:
        store.remarks.append(
            f"{file}.json could not be read ({type(error).__name__}); it was built from the log."
        )
        return {}, -1


def rebuilt(store: "Store", wanted: Iterable[str]) -> dict[str, dict[str, Page]]:
    """Files as the log alone adds them up to."""
    names = set(wanted)
    pages: dict[str, dict[str, Page]] = {name: {} for name in names}
    for entry, parts in store.changes():
        if entry["seq"] > store.head.seq:
            break
        _apply(pages, parts, names)
    return pages


def _apply(pages: dict[str, dict[str, Page]], parts: list[dict[str, Any]], names: set[str] | None) -> None:
    for part in parts:
        for op in part.get("op", ()):
            if names is None or op["file"] in names:
                pages.setdefault(op["file"], {}).setdefault(op["table"], Page()).apply(op)


def write_all(store: "Store") -> None:
    """Write every file that changed since the last snapshots, then the index."""
    stale = [f for f, seq in store._changed.items() if seq > store._base.seq and f != INDEX]
    for file in stale:
        store.page(file, META)
        files.atomic_write(store.path / f"{file}.json", _bytes(store, file, {}))
    write_index(store)


def write_index(store: "Store") -> None:
    """Write `school.json`, which says how far all snapshots go."""
    place = store._place
    extra = {
        "segment": place.segment,
        "offset": place.offset,
        "line": store._number,
        "changed": dict(store._changed),
    }
    files.atomic_write(store.path / f"{INDEX}.json", _bytes(store, INDEX, extra))
    store._base = store.head


def _bytes(store: "Store", file: str, extra: dict[str, Any]) -> bytes:
    store.page(file, META)
    head = store.head
    meta = {"id": "meta", "format": store.format, "seq": head.seq, "hash": head.hash, **extra}
    tables = {
        name: page.docs
        for name, page in store._pages[file].items()
        if name != META and (page.docs or file == INDEX)
    }
    return canonical({META: {"1": meta}, **tables}) + b"\n"


class Known:
    """Documents as they were recorded up to a moment."""

    def __init__(self, pages: dict[str, dict[str, Page]], head: Head, gone: int) -> None:
        self._pages, self.head, self.gone = pages, head, gone

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by their own id."""
        return Docs(self._pages.get(file, {}).get(table) or Page())

    def get(self, file: str, table: str, id_: str, /) -> Doc | None:
        """One document, or None."""
        return self.docs(file, table).get(id_)


def known(store: "Store", until: str) -> Known:
    """Replay the log up to the last entry made at or before `until` (an ISO timestamp with offset)."""
    from datetime import datetime

    limit = datetime.fromisoformat(until)
    pages: dict[str, dict[str, Page]] = {}
    head, gone = EMPTY, 0
    for found in log.read_tail(store.path, START, EMPTY):
        if isinstance(found, Damaged):
            if log.is_torn(store.path, found):
                break
            raise found
        if datetime.fromisoformat(found.entry["at"]) > limit:
            break
        _apply(pages, found.parts, None)
        gone += sum(1 for part in found.parts if "gone" in part)
        head = Head(found.entry["seq"], found.entry["hash"])
    return Known(pages, head, gone)


def strictly(raw: bytes, name: str) -> Any:
    """A snapshot read with every strictness, for `check`."""
    return loads(raw, name)
