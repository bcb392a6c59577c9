"""Every state a disk may be in after a power cut: what was not synced is there, lost, cut short or zeroed."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.faults.shim import (
    FOLDER,
    Cut,
    Event,
    Moved,
    Named,
    Synced,
    SyncedFolder,
    Trace,
    Written,
    moved_name,
    moved_names,
)

PAGE = 4096
MOST = 96
"""Images of one moment; where there are more, each choice is tried alone against nothing and against everything."""
NAMES = 4
"""Names that are not durable and of which every subset is tried; of more, each prefix and each lost alone."""


class Content(NamedTuple):
    """One state of a file after a crash, in words and in bytes."""

    words: str
    raw: bytes


class Image(NamedTuple):
    """One state of the whole disk after a crash: folders, and the bytes of each file, by path."""

    words: str
    folders: tuple[str, ...]
    files: dict[str, bytes]

    def write(self, base: Path) -> None:
        """Put it into an empty folder."""
        for name in self.folders:
            (base / name).mkdir(mode=0o700)
        for name, raw in self.files.items():
            (base / name).write_bytes(raw)
            (base / name).chmod(0o600)

    def key(self) -> tuple[object, ...]:
        """What tells it from others, whatever its temporary files hold, which nobody reads."""
        held = {name: b"" if name.endswith(".tmp") else raw for name, raw in self.files.items()}
        return self.folders, tuple(sorted(held.items()))


class Disk:
    """A disk while calls happen: what is durable, and what still waits for a sync."""

    def __init__(self, trace: Trace) -> None:
        self._names: dict[str, int] = dict(trace.names)
        self._named: list[Named | Moved] = []
        self._durable = dict(trace.contents)
        self._waiting: dict[int, list[Written | Cut]] = {}
        self._same: dict[int, int] = {}
        self._first = 0

    def apply(self, event: Event) -> None:
        """One more call."""
        if isinstance(event, Named):
            names = {name: self._known(inode) for name, inode in event.names.items()}
            self._named.append(event._replace(names=names))
            return
        if isinstance(event, Written | Cut | Synced):
            event = event._replace(inode=self._known(event.inode) or FOLDER)
        if isinstance(event, Moved):
            self._named.append(event)
        elif isinstance(event, Written | Cut):
            self._waiting.setdefault(event.inode, []).append(event)
        elif isinstance(event, Synced):
            self._durable[event.inode] = self._whole(event.inode)
            self._waiting.pop(event.inode, None)
        elif isinstance(event, SyncedFolder):
            self._synced(event.name)

    def _synced(self, folder: str) -> None:
        """The names in a folder are durable; what waits in a folder that was moved waits under its new name."""
        rest: list[Named | Moved] = []
        for one in self._named:
            if _home(one) != folder:
                rest.append(one)
                continue
            self._names = _renamed(self._names, one)
            if isinstance(one, Moved):
                rest = [_carried(other, one) for other in rest]
        self._named = rest

    def _whole(self, inode: int) -> bytes:
        raw = self._durable.get(inode, b"")
        for one in self._waiting.get(inode, ()):
            raw = _done(raw, one)
        return raw

    def waits(self) -> bool:
        """Whether anything that matters is not yet durable."""
        dull = {inode for name, inode in self._now().items() if _is_dull(name)}
        return bool(self._waiting.keys() - dull) or any(not _is_idle(one) for one in self._named)

    def left(self) -> Image:
        """What a killed program leaves: all of it, synced or not, for whoever goes on before the power is cut."""
        names = self._now()
        held = {name: self._whole(inode) for name, inode in names.items() if inode != FOLDER}
        return Image("left by a kill", _reached(names), held)

    def go_on(self, trace: Trace) -> "Disk":
        """This disk, on which the calls of another trace can be applied, which began with `left`.

        What was not synced before still is not: the kill of a program makes nothing durable.
        """
        names = self._now()
        other = Disk(trace)
        other._names, other._named = dict(self._names), list(self._named)
        other._durable, other._waiting = (
            dict(self._durable),
            {one: list(w) for one, w in self._waiting.items()},
        )
        other._same = {theirs: names[name] for name, theirs in trace.names.items() if theirs != FOLDER}
        other._first = max([*self._durable, *self._waiting, *names.values(), 0]) + 1
        return other

    def _now(self) -> dict[str, int]:
        names = dict(self._names)
        for one in self._named:
            names = _renamed(names, one)
        return names

    def _known(self, inode: int | None) -> int | None:
        """An inode of a trace as it is numbered here."""
        if inode is None or inode == FOLDER:
            return inode
        return self._same.setdefault(inode, self._first + len(self._same) if self._first else inode)

    def images(self, fine: bool) -> Iterator[Image]:
        """Every legal crash image of this moment, within `MOST`.

        Args:
            fine: whether writes are cut at many lengths, not only at a few.
        """
        for lost in _subsets(len(self._named)):
            names = dict(self._names)
            for at, one in enumerate(self._named):
                if at not in lost:
                    names = _renamed(names, one)
            words = [f"{_words(self._named[at])} lost" for at in lost]
            yield from self._contents(names, words, fine)

    def _contents(self, names: dict[str, int], words: list[str], fine: bool) -> Iterator[Image]:
        folders = _reached(names)
        reached = {
            name: inode
            for name, inode in names.items()
            if inode != FOLDER and _folder(name) in ("", *folders)
        }
        # a name for each inode that waits; the lock's words and temporary files are read by nobody
        waits = {inode: name for name, inode in reached.items() if inode in self._waiting}
        options = {
            inode: list(self._options(inode, fine and not _is_dull(name)))
            if not _is_dull(name)
            else [Content("lost", self._durable.get(inode, b"")), Content("", self._whole(inode))]
            for inode, name in waits.items()
        }
        for chosen in _choices(list(options.values())):
            content = dict(zip(options, chosen, strict=True))
            said = [f"{waits[inode]} {one.words}" for inode, one in content.items() if one.words]
            held = {
                name: content[inode].raw if inode in content else self._durable.get(inode, b"")
                for name, inode in reached.items()
            }
            yield Image(", ".join([*words, *said]) or "all of it", folders, held)

    def _options(self, inode: int, fine: bool) -> Iterator[Content]:
        """The states that a file with unsynced writes may have: first nothing of them, last all of them."""
        start = before = self._durable.get(inode, b"")
        waiting = self._waiting[inode]
        yield Content("lost", start)
        for number, one in enumerate(waiting):
            if number:
                yield Content(f"without the last {len(waiting) - number} writes", before)
                yield Content("with a later write only", _done(start, one))
            if isinstance(one, Written):
                yield from _broken(before, one, fine)
            before = _done(before, one)
        yield Content("", before)


def _is_dull(name: str) -> bool:
    return name.endswith((".lock", ".tmp"))


def _is_idle(one: Named | Moved) -> bool:
    return isinstance(one, Named) and all(_is_dull(name) for name in one.names)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _reached(names: dict[str, int]) -> tuple[str, ...]:
    """The folders that hang together with the top: what lies in a lost one is lost with it."""
    found: list[str] = []
    for name in sorted(name for name, inode in names.items() if inode == FOLDER):
        if _folder(name) in ("", *found):
            found.append(name)
    return tuple(found)


def _renamed(names: dict[str, int], one: Named | Moved) -> dict[str, int]:
    """The names after one stroke."""
    if isinstance(one, Moved):
        return moved_names(names, one)
    gone = [name for name, inode in one.names.items() if inode is None]
    kept = {name: inode for name, inode in names.items() if name not in gone}
    return kept | {name: inode for name, inode in one.names.items() if inode is not None}


def _home(one: Named | Moved) -> str | None:
    """The folder whose sync makes a stroke durable; None where it takes more than one."""
    homes = {_folder(name) for name in ((one.old, one.new) if isinstance(one, Moved) else one.names)}
    return homes.pop() if len(homes) == 1 else None


def _carried(one: Named | Moved, moved: Moved) -> Named | Moved:
    if isinstance(one, Moved):
        return Moved(moved_name(one.old, moved), moved_name(one.new, moved))
    return Named(one.call, {moved_name(name, moved): inode for name, inode in one.names.items()})


def _words(one: Named | Moved) -> str:
    return f"move {one.old} {one.new}" if isinstance(one, Moved) else f"{one.call} {' '.join(one.names)}"


def _done(raw: bytes, one: Written | Cut) -> bytes:
    if isinstance(one, Cut):
        return raw[: one.size].ljust(one.size, b"\0")
    raw = raw.ljust(one.offset, b"\0")
    return raw[: one.offset] + one.data + raw[one.offset + len(one.data) :]


def _broken(before: bytes, one: Written, fine: bool) -> Iterator[Content]:
    """A write that was interrupted: its end is not there, or is zeros, or its beginning is, or a page of it."""
    size = len(one.data)

    def with_(data: bytes) -> bytes:
        return _done(before, Written(one.inode, one.offset, data))

    for cut in _lengths(one.offset, size, fine):
        yield Content(f"cut after {cut} of {size} bytes", with_(one.data[:cut]))
        yield Content(f"zeros after {cut} of {size} bytes", with_(one.data[:cut].ljust(size, b"\0")))
        yield Content(f"zeros up to {cut} of {size} bytes", with_(b"\0" * cut + one.data[cut:]))
    yield Content("nothing but zeros", with_(b"\0" * size))
    for begin in range(PAGE - one.offset % PAGE, size - PAGE, PAGE):
        hole = one.data[:begin] + b"\0" * PAGE + one.data[begin + PAGE :]
        yield Content(f"a page of zeros at {begin}", with_(hole))


def _lengths(offset: int, size: int, fine: bool) -> list[int]:
    """Where a write is cut: at its ends, in the middle, at pages; if `fine`, at some thirty lengths."""
    wanted = {1, size // 2, size - 1, *range(PAGE - offset % PAGE, size, PAGE)}
    if fine:
        wanted |= {2, size - 2, *range(1, size, max(size // 24, 1))}
    return sorted(one for one in wanted if 0 < one < size)


def _subsets(count: int) -> list[tuple[int, ...]]:
    """Which of some unsynced names are lost: none, and every subset or, of many, each tail and each alone."""
    if count <= NAMES:
        return [tuple(at for at in range(count) if bits >> at & 1) for bits in range(1 << count)]
    tails = [tuple(range(first, count)) for first in range(count, -1, -1)]
    return list(dict.fromkeys([*tails, *[(at,) for at in range(count)]]))


def _choices(options: list[list[Content]]) -> Iterator[tuple[Content, ...]]:
    """All combinations within `MOST`; of more, each option alone against nothing and against everything written."""
    total = 1
    for one in options:
        total *= len(one)
    if total <= MOST:
        yield from product(*options)
        return
    for pick in _ENDS:
        rest = [pick(choice) for choice in options]
        for at, many in enumerate(options):
            for other in many:
                yield (*rest[:at], other, *rest[at + 1 :])


_ENDS: tuple[Callable[[list[Content]], Content], ...] = (lambda many: many[0], lambda many: many[-1])
