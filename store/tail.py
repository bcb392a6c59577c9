"""What an interrupted write leaves behind: an unfinished last line, an empty segment, temporary files."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from store import files
from store.canon import digest
from store.errors import StoreError
from store.lines import Part
from store.lock import Lock
from store.log import FOLDER
from store.spoken import spoken
from store.state import State

KEPT = 64 << 10
"""Bytes of a cut tail that are kept in the log."""


def has_tail(state: State) -> bool:
    """Whether anything stands behind the last line."""
    return state.log.torn is not None or state.log.newest() > state.place.segment


@spoken()
def cut_tail(state: State, write: Callable[[list[Part]], Any]) -> None:
    """Cut an unfinished last line off, under the lock, and log that: its bytes stay in the entry's part."""
    if state.log.newest() > state.place.segment:
        _drop_empty(state)
    torn = state.log.torn
    if torn is None:
        return
    path = state.log.path / torn.segment
    if torn.begin:
        files.truncate(path, torn.begin)
    else:
        files.remove(path)
    state.log.torn = None
    cut = {
        "segment": torn.segment,
        "offset": torn.begin,
        "bytes": len(torn.raw),
        "sha256": digest(torn.raw),
        "base64": b64encode(torn.raw[:KEPT]).decode("ascii"),
    }
    write([{"op": [{"cut": cut}], "salt": ""}])
    state.remarks.append(
        f"{state.log.where(torn.segment)}: an unfinished last line ({len(torn.raw)} bytes) was cut off; "
        "it was never acknowledged."
    )


def _drop_empty(state: State) -> None:
    """A segment without a byte, newer than the last line, holds nothing: it would hide the one that is written to."""
    for name in reversed(state.log.segments()):
        if name <= state.place.segment:
            return
        found = files.stamp(state.log.path / name)
        if found is not None and found.size == 0:
            files.remove(state.log.path / name)


@spoken()
def sweep(path: Path, lock: Lock) -> list[str]:
    """Remove temporary files of writes that were interrupted; none if somebody is writing now. Returns remarks."""
    folders = [path, path / FOLDER]
    left = [folder / name for folder in folders for name in files.names(folder) if is_temporary(name)]
    if not left:
        return []
    try:
        with lock.held("sweeping", limit=0):
            for one in left:
                files.remove(one)
    except (StoreError, OSError):  # they do no harm: the next opening tries again
        return []
    return [f"{one.name}: a temporary file of an interrupted write was removed." for one in left]


def is_temporary(name: str) -> bool:
    """Whether a file is one of ours on its way to its name."""
    return name.startswith(".") and name.endswith(files.TEMP_END)
