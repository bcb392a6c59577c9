"""A disk that is full, fails or has no handles left: plain words, old data whole, and the next change works."""

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import NamedTuple

from store.errors import FailedError, StoreError
from store.folder import Store
from tests.faults import disk, filling
from tests.faults.counts import Counts
from tests.faults.told import Told, lost, note, unreadable, wrong
from tests.store.storekit import NEXT, everything, fill, head

LATER = "2026-11-25T08:50:00+00:00"
CALLS = {
    "open": (errno.EMFILE, errno.EIO, errno.ENOSPC),
    "write": (errno.ENOSPC, errno.EIO, errno.EDQUOT),
    "fsync": (errno.EIO, errno.ENOSPC),
    "fdatasync": (errno.EIO, errno.ENOSPC),
    "replace": (errno.EIO, errno.ENOSPC),
    "link": (errno.EIO, errno.ENOSPC),
    "unlink": (errno.EIO,),
    "ftruncate": (errno.EIO,),
    "fstat": (errno.EIO,),
    "lstat": (errno.EIO,),
    "listdir": (errno.EMFILE, errno.EIO),
    "pread": (errno.EIO,),
    "pwrite": (errno.ENOSPC,),
}
"""Each call of the file module, and what the system may answer."""
WORST = 60
"""More calls of one kind than one deed makes."""


class Deed(NamedTuple):
    """Something a program does with an open folder; `torn` leaves an unfinished last line before it."""

    name: str
    do: Callable[[Store], object]
    torn: bool = False


def _change(store: Store, at: str = NEXT) -> None:
    with store.change(**head("case.answered", at)) as tx:
        tx.put("cases", "answers", {"id": "A-1", "text": "x" * 300})


def _change_later(store: Store) -> None:
    _change(store, LATER)


DEEDS = (
    Deed("change", _change),
    Deed("first change of a day", _change_later),
    Deed("change behind a torn line", _change, torn=True),
    Deed("snapshots", lambda store: store.snapshot()),
    Deed("refresh and read", lambda store: (store.refresh(), everything(store))),
    Deed("check", lambda store: store.check()),
    Deed("open", lambda store: Store.open(store.path).close()),
)
FINAL = DEEDS[:2]
"""Those in which a failed sync leaves it open whether a change is kept."""


def run(long: bool) -> Counts:
    """All of it; a short run leaves out most of the bytes and all but the first errors of a call."""
    counts = Counts("full")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for deed in DEEDS:
            for call, codes in CALLS.items():
                for code in codes if long else codes[:1]:
                    every_call(counts, root, deed, call, code)
        short_writes(counts, root, 1 if long else 97)
        filling.run(counts, root, 1 if long else 61)
    return counts


def every_call(counts: Counts, root: Path, deed: Deed, call: str, code: int) -> None:
    """Fail the first call of a kind, the second, and so on, until the deed is done without."""
    for nth in count(1):
        path = fresh(root)
        with closing(Store.open(path)) as store:
            if deed.torn:
                torn(store)
            with disk.failing(call, code, nth) as fault:
                failed, leaked = attempt(deed, store)
            where = f"{deed.name}, {call} {nth} {errno.errorcode[code]}"
            note(counts, where, leaked)
            if not fault.hit:
                return
            counts.add(errno.errorcode[code])
            note(counts, where, judge(store, path, deed, failed))
            if call in ("fsync", "fdatasync") and deed in FINAL and not isinstance(failed, FailedError):
                note(counts, where, [wrong("a failed sync was not final")])
        if nth > WORST:
            note(counts, where, [wrong("it never ends")])
            return


def fresh(root: Path) -> Path:
    """A small folder, copied from one that is made once."""
    master, path = root / "master", root / "data"
    if not master.exists():
        store = Store.create(master)
        fill(store)
        store.close(snapshot=True)
        with closing(Store.open(master)) as later:
            later.note(**head("case.viewed", NEXT))
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(master, path)
    return path


def torn(store: Store) -> None:
    """Leave what a killed writer leaves."""
    with (store.path / "log" / store.state.log.newest()).open("ab") as segment:
        segment.write(b'{"entry":{"act":"case.ans')


def attempt(deed: Deed, store: Store) -> tuple[StoreError | None, list[Told]]:
    """Do it; the refusal of ours, and what is not as a refusal should be."""
    try:
        deed.do(store)
    except StoreError as error:
        blunt = not error.what or "Errno" in str(error) or "Traceback" in str(error)
        return error, [wrong(f"no plain words: {error}")] if blunt else []
    except Exception as error:  # noqa: BLE001
        return StoreError("leaked"), [wrong(f"{type(error).__name__} came out: {error}")]
    return None, []


def judge(store: Store, path: Path, deed: Deed, failed: StoreError | None) -> Iterator[Told]:
    """After a failure: nothing acknowledged is lost, the next change works, on this handle unless a sync failed."""
    acknowledged = 7
    if isinstance(failed, FailedError):
        try:
            store.note(**head(at=LATER))
            yield wrong("a success was told after a failed sync")
        except FailedError:
            pass
    else:
        try:
            acknowledged = store.note(**head(at=LATER))["seq"]
        except StoreError as error:
            yield unreadable(f"the next change did not work: {error}")
    with closing(Store.open(path)) as again:
        if again.damage is not None or again.head.seq < acknowledged:
            yield lost(f"reopened, it stands at {again.head.seq} of {acknowledged} ({again.damage})")
        if again.get("school", "school", "settings") is None:
            yield lost("old data are gone")
        changed = failed is None and deed.do in (_change, _change_later)
        if changed and again.get("cases", "answers", "A-1") is None:
            yield lost("an acknowledged change is gone")
        if again.note(**head(at=LATER))["seq"] <= acknowledged or not again.verify().whole:
            yield unreadable("the log is not whole")
        faults = [str(one) for one in again.check() if one.level == "fault"]
        if faults:
            yield unreadable(f"check: {faults}")


def short_writes(counts: Counts, root: Path, step: int) -> None:
    """A write that stores so many bytes and no more, in both of a segment's ways, cut off again or not."""
    for deed in FINAL:
        for cut_fails in (False, True):
            for kept in range(0, 900, step):
                path = fresh(root)
                with closing(Store.open(path)) as store:
                    with disk.writing_short(kept, cut_fails):
                        failed, leaked = attempt(deed, store)
                    counts.add("short writes")
                    if failed is None and kept < 300:
                        leaked.append(wrong("a short write was taken for a success"))
                    note(counts, f"{deed.name}, {kept} bytes", [*leaked, *judge(store, path, deed, failed)])
