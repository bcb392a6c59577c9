"""A power cut after every call of a restore: what was replaced is kept whole, what was put back is whole."""

import shutil
import tempfile
from pathlib import Path

from store import archive
from store.backup import backup
from store.errors import StoreError
from store.folder import Store
from store.restoring import ASIDE, RESTORED, restoring
from tests.faults.counts import Counts
from tests.faults.images import Disk, Image
from tests.faults.judge import judge
from tests.faults.power import CREATE, FAST
from tests.faults.shim import Said, Trace, recorded
from tests.faults.workload import SHORT, Player, Step
from tests.store.storekit import NEXT, head

RESTORE = Step("S-restore")
KEPT, LATER = SHORT[:4], SHORT[4]
"""What the backup holds, and what only the folder that is replaced does."""
HOME, OLD, FILE = "home", "data", "x.backup"


def run(long: bool) -> Counts:
    """Cut the power after each call of a restore, in the place of a folder and beside it.

    Args:
        long: both, and each write cut at many lengths; else the first.
    """
    counts = Counts("power cuts in a restore")
    for name in (OLD, "new") if long else (OLD,):
        with tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as made:
            _cut(counts, Path(made), name, long)
    return counts


def _cut(counts: Counts, base: Path, name: str, fine: bool) -> None:
    disk = base / "disk"
    _prepare(disk / HOME)
    trace = _restored(disk / HOME, name)
    told, seen = False, set[tuple[object, ...]]()
    state = Disk(trace)
    for number, event in enumerate(trace.events):
        if isinstance(event, Said):
            told = event.told
        else:
            state.apply(event)
            counts.add("calls")
        for image in state.images(fine):
            counts.add("images")
            key = (told, *image.key())
            if key not in seen:
                seen.add(key)
                _look(counts, f"after call {number}, {image.words}", base / "image", image, name, told)


def _prepare(home: Path) -> None:
    """A folder, its backup, and a change after it."""
    home.mkdir(parents=True)
    Player(home / OLD).play([CREATE, *KEPT])
    store = Store.open(home / OLD)
    backup(store, home / FILE, "x", NEXT)
    store.close()
    Player(home / OLD).play([LATER])


def _restored(home: Path, name: str) -> Trace:
    with recorded(home.parent) as shim:
        shim.begun(RESTORE)
        restore(home, name)
        shim.told(RESTORE)
    return shim.trace


def restore(home: Path, name: str) -> None:
    """What the desk does, without its sign-in: the backup is put into a folder, what stood there moved aside."""
    found = archive.read(home / FILE)
    with restoring(found, home / name, replace=True) as work:
        if work.resumed is not None:
            work.go_on()
            return
        with work.replacing() as replaced:
            store = Store.open(work.temp)
            store.note(**head(RESTORED, NEXT), subject=found.head.hash, why=replaced)
            store.close(snapshot=True)
            work.put_in_place("20261124T085000", replaced)


def _look(counts: Counts, where: str, place: Path, image: Image, name: str, told: bool) -> None:
    """Lay the image out, restore again if the restore was not acknowledged, and judge every folder that is there."""
    counts.add("folders opened")
    place.mkdir()
    image.write(place)
    home = place / HOME
    try:
        if not told:
            restore(home, name)
    except (StoreError, OSError) as error:
        counts.unreadable.append(f"{where}: restoring again: {type(error).__name__}: {error}")
    else:
        kept = [step.id for step in KEPT]
        found = judge(home / name, KEPT)
        found.report(counts, where, kept, kept)
        if found.empty:
            counts.lost.append(f"{where}: what was put back")
        _old(counts, where, home, name)
    shutil.rmtree(place)


def _old(counts: Counts, where: str, home: Path, name: str) -> None:
    """What was replaced is kept beside, to its last change; what was not stands where it was."""
    begun = [step.id for step in (*KEPT, LATER)]
    asides = [path for path in home.iterdir() if ASIDE in path.name]
    for path in asides if name == OLD else [home / OLD]:
        verdict = judge(path, (*KEPT, LATER))
        verdict.report(counts, f"{where}: {path.name}", [], begun)
        if verdict.found == begun:
            return
    counts.lost.append(f"{where}: what was replaced")
