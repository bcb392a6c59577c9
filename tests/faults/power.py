"""A power cut after every call of a day's work: every legal crash image is opened, written to, checked and proven."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.faults.counts import Counts
from tests.faults.images import Disk, Image
from tests.faults.judge import Judgement, judge
from tests.faults.shim import Said, Trace, recorded
from tests.faults.workload import CHANGES, LONG, SHORT, Player, Put, Secret, Step

CREATE = Step("S-00", kind="create")
MENDINGS = (
    Step("S-next", (Put("cases", "answers", "A-next", "on a new day"),), day=5),
    Step("S-same", (Put("cases", "answers", "A-same", "on the same day"),)),
    Step("S-secret", (Secret("dsl", "new"),)),
    Step("S-snapshot", kind="snapshot"),
)
"""What is done first after a power cut or a kill, while the power is cut again."""
DATA = Path("kept", "here", "data")
"""Where the data folder lies on the disk: in folders that are made with it."""
FAST = Path("/dev/shm")
"""Where images are laid out if it is there: what they hold counts, not the disk they lie on."""
EVERY = {True: 300, False: 150}
"""Of so many images, one is mended under a second series of power cuts; for the long and the short form."""
KILL = {True: 2, False: 3}
"""After every so-many-th call that leaves something unsynced the program is killed, and the power is cut while another
goes on."""


@dataclass
class Moment:
    """What had begun and what was acknowledged when the power was cut."""

    made: bool = False
    begun: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def hears(self, said: Said, kind: str) -> None:
        """Take in a word of the workload about a step of some kind."""
        if kind == "create":
            self.made = said.told
        elif kind in CHANGES:
            (self.told if said.told else self.begun).append(said.step)

    def copy(self) -> "Moment":
        """The moment as it is now."""
        return Moment(self.made, list(self.begun), list(self.told))


class Left(NamedTuple):
    """An image that is to be mended while the power is cut again."""

    where: str
    image: Image
    moment: Moment


def run(long: bool) -> Counts:
    """Record a day's work and cut the power after each call of it; then again, while what is left is mended; and
    while another program goes on after a kill, which makes nothing durable.

    Args:
        long: the long day, and each write cut at many lengths.
    """
    counts = Counts("power cuts")
    cut(counts, [CREATE, *(LONG if long else SHORT)], long, EVERY[long], KILL[long])
    return counts


def cut(counts: Counts, steps: Sequence[Step], fine: bool, every: int = 0, kill: int = 0) -> None:
    """Play steps on an empty disk and judge every crash image.

    Args:
        counts: where the outcome is put.
        steps: what is done.
        fine: whether writes are cut at many lengths.
        every: of so many images, one is mended while the power is cut again; none if 0.
        kill: after every so-many-th call that leaves something unsynced the program is killed; never if 0.
    """
    with tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as made:
        base = Path(made)
        (base / "disk").mkdir()
        trace = _played(counts, base / "disk", steps)
        first = Cutter(counts, [*steps, *MENDINGS], base / "image", fine, every)
        first.all(trace, Moment())
        second = Cutter(counts, [*steps, *MENDINGS], base / "image", fine=False)
        for left, step in product(first.left, MENDINGS):
            mending = _mended(counts, base / "again", left.image, step)
            second.before = f"{left.where}; then "
            second.all(mending, left.moment.copy())
        if kill:
            _killed(counts, second, trace, base / "again", kill)


def _killed(counts: Counts, cutter: "Cutter", trace: Trace, place: Path, every: int) -> None:
    """Kill the program after its calls; another goes on with what the system still knows, and the power is cut."""
    disk, moment, calls = Disk(trace), Moment(), 0
    for number, event in enumerate(trace.events):
        if isinstance(event, Said):
            moment.hears(event, cutter.kinds[event.step])
            continue
        disk.apply(event)
        if not moment.made or not disk.waits():
            continue
        calls += 1
        for step in MENDINGS if calls % every == 0 else ():
            mending = _mended(counts, place, disk.left(), step)
            counts.add("kills with a power cut after")
            cutter.before = f"killed after call {number}, then {step.id}; "
            cutter.all(mending, moment.copy(), disk.go_on(mending))


def _mended(counts: Counts, place: Path, image: Image, step: Step) -> Trace:
    """What happened while the first thing was done on an image."""
    place.mkdir()
    image.write(place)
    trace = _played(counts, place, [step])
    shutil.rmtree(place)
    counts.add("mendings")
    return trace


def _played(counts: Counts, disk: Path, steps: Sequence[Step]) -> Trace:
    """What happened on a disk while steps were played; only what the disk left half done may be refused."""
    with recorded(disk) as shim:
        player = Player(disk / DATA, shim.begun, shim.told, shim.half)
        player.play(steps)
    for step in steps:
        if step.id in player.refused and step.kind != "torn":
            counts.wrong.append(f"{step.id} was refused without a fault: {player.refused[step.id]}")
    return shim.trace


class Cutter:
    """Judges the crash images of a trace; one that was seen before is not opened again.

    Args:
        counts: where the outcome is put.
        steps: every step that an image may hold.
        place: a folder to be made, in which an image is laid out.
        fine: whether writes are cut at many lengths.
        every: of so many images, one is kept in `left`; none if 0.
    """

    def __init__(
        self,
        counts: Counts,
        steps: Sequence[Step],
        place: Path,
        fine: bool,
        every: int = 0,
    ) -> None:
        self._counts, self._steps, self._place = counts, steps, place
        self._fine, self._every = fine, every
        self._seen: dict[tuple[object, ...], Judgement] = {}
        self.kinds = {step.id: step.kind for step in steps}
        """What each step is."""
        self.before = ""
        """What happened before, in words."""
        self.left: list[Left] = []
        """Some of the images, to be mended."""

    def all(self, trace: Trace, moment: Moment, disk: Disk | None = None) -> None:
        """Cut the power after every call and after every word.

        Args:
            trace: what happens.
            moment: what had happened before.
            disk: what was not yet durable before; nothing of that kind if None.
        """
        disk = disk or Disk(trace)
        for number, event in enumerate(trace.events):
            if isinstance(event, Said):
                moment.hears(event, self.kinds[event.step])
            else:
                disk.apply(event)
                self._counts.add("calls")
            place = moment.begun[-1] if moment.begun else "the making"
            where = f"{self.before}after call {number} ({type(event).__name__} in {place})"
            for image in disk.images(self._fine):
                self._look(f"{where}, {image.words}", image, moment)

    def _look(self, where: str, image: Image, moment: Moment) -> None:
        self._counts.add("images")
        fresh = len(self._seen)
        verdict = self._judge(image)
        if verdict.empty and moment.made:
            self._counts.lost.append(f"{where}: the new folder")
        verdict.report(self._counts, where, moment.told, moment.begun)
        chosen = self._every and len(self._seen) > fresh and len(self._seen) % self._every == 0
        if chosen and not verdict.empty:
            self.left.append(Left(where, image, moment.copy()))

    def _judge(self, image: Image) -> Judgement:
        key = image.key()
        found = self._seen.get(key)
        if found is None:
            self._place.mkdir()
            image.write(self._place)
            found = self._seen[key] = judge(self._place / DATA, self._steps)
            shutil.rmtree(self._place)
            self._counts.add("folders opened")
        return found
