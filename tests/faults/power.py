"""A power cut after every call of a day's work: every legal crash image is opened, written to, checked and proven."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.counts import Counts
from tests.faults.images import Disk, Image
from tests.faults.judge import Judgement, judge
from tests.faults.shim import Said, Trace, recorded
from tests.faults.workload import LONG, SHORT, Player, Step

CREATE = Step("S-00", kind="create")
DATA = Path("kept", "here", "data")
"""Where the data folder lies on the disk: in folders that are made with it."""
FAST = Path("/dev/shm")
"""Where images are laid out if it is there: what they hold counts, not the disk they lie on."""


def run(long: bool) -> Counts:
    """Record a day's work and cut the power after each call of it.

    Args:
        long: the long day, and each write cut at many lengths.
    """
    counts = Counts("power cuts")
    return cut(counts, [CREATE, *(LONG if long else SHORT)], fine=long)


def cut(counts: Counts, steps: Sequence[Step], fine: bool) -> Counts:
    """Play steps on a new disk and judge every crash image of it."""
    with tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as made:
        base = Path(made)
        (base / "disk").mkdir()
        with recorded(base / "disk") as shim:
            player = Player(base / "disk" / DATA, shim.begun, shim.told, shim.half)
            player.play(steps)
        for one, reason in player.refused.items():
            if not any(step.id == one and step.kind == "torn" for step in steps):
                counts.wrong.append(f"{one} was refused without a fault: {reason}")
        Cutter(counts, steps, base / "image", fine).all(shim.trace)
    return counts


class Cutter:
    """Judges the crash images of a trace; one that was seen before is not opened again."""

    def __init__(self, counts: Counts, steps: Sequence[Step], place: Path, fine: bool) -> None:
        self._counts, self._steps, self._place, self._fine = counts, steps, place, fine
        self._seen: dict[tuple[object, ...], Judgement] = {}
        self._kind = {step.id: step.kind for step in steps}

    def all(self, trace: Trace) -> None:
        """Cut the power after every call and after every word."""
        disk, begun, told = Disk(trace), list[str](), list[str]()
        made = False
        for number, event in enumerate(trace.events):
            if not isinstance(event, Said):
                disk.apply(event)
                self._counts.add("calls")
            elif self._kind[event.step] in ("change", "torn"):
                (told if event.told else begun).append(event.step)
            elif self._kind[event.step] == "create":
                made = event.told
            where = f"after call {number} ({type(event).__name__} in {begun[-1] if begun else 'the making'})"
            for image in disk.images(self._fine):
                self._counts.add("images")
                verdict = self._judge(image)
                if verdict.empty and made:
                    self._counts.lost.append(f"{where}, {image.words}: the new folder")
                verdict.report(self._counts, f"{where}, {image.words}", told, begun)

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
