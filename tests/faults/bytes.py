"""Every byte of the last three lines of the log, cut, flipped and zeroed: named as damage, or cut off and logged."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from store.errors import ReadOnlyError, StoreError
from store.folder import Store
from store.log import Head
from tests.faults.counts import Counts
from tests.faults.told import Told, lost, note, unreadable, wrong
from tests.store.storekit import NEXT, everything, fill, head

LINES = 3
SHORT_STEP = 41
"""A short run looks at every so-many-th byte, and at those beside a line's ends."""
KINDS = {"cut": "cuts", "flip": "flips", "zero": "zeroed bytes", "zeros": "zeroed ends"}


class Case(NamedTuple):
    """What was done to the log: its words, where, and the bytes that the segment holds then."""

    name: str
    offset: int
    raw: bytes


class Ground(NamedTuple):
    """A folder whose newest segment is written over again and again, and what each of its entries made of it."""

    path: Path
    segment: Path
    raw: bytes
    starts: list[int]
    states: list[dict[str, Any]]
    heads: list[Head]
    behind: bool
    """Whether the snapshots stand before the three lines, so that opening has to read them."""


def run(long: bool) -> Counts:
    """Every byte (long), or some of them; with snapshots before the three lines, and at their end."""
    counts = Counts("bytes")
    for snapshot in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            ground = prepare(Path(folder) / "data", snapshot)
            for case in cases(ground, 1 if long else SHORT_STEP):
                try_one(counts, ground, case)
    return counts


def prepare(path: Path, snapshot: bool) -> Ground:
    """A folder with two days of entries and three lines more in the newest segment, whose states are noted."""
    store = Store.create(path)
    fill(store)
    store.snapshot()
    segment = sorted((path / "log").iterdir())[-1]
    starts, states, heads = [], [everything(store)], [store.head]
    for number in range(LINES):
        starts.append(segment.stat().st_size)
        with store.change(**head("case.answered", NEXT)) as tx:
            tx.put("cases", "answers", {"id": f"A-{number}", "text": "é, \\ and a\nbreak"})
        states.append(everything(store))
        heads.append(store.head)
    store.close(snapshot=snapshot)
    return Ground(path, segment, segment.read_bytes(), starts, states, heads, not snapshot)


def cases(ground: Ground, step: int) -> Iterator[Case]:
    """Each byte cut off with all behind it, flipped in two ways, zeroed alone, and zeroed with all behind it."""
    raw = ground.raw
    ends = {*ground.starts, len(raw)}
    for at in range(ground.starts[0], len(raw)):
        near = any(abs(at - end) <= 1 for end in ends)
        if (at - ground.starts[0]) % step and not near:
            continue
        yield Case("cut", at, raw[:at])
        for bit in (0x01, 0x20):
            yield Case(f"flip {bit:#x}", at, raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :])
        yield Case("zero", at, raw[:at] + b"\0" + raw[at + 1 :])
        yield Case("zeros", at, raw[:at] + bytes(len(raw) - at))


def try_one(counts: Counts, ground: Ground, case: Case) -> None:
    """Damage, open, judge, put back."""
    ground.segment.write_bytes(case.raw)
    before = {one: one.read_bytes() for one in ground.path.glob("*.json")}
    where = f"{case.name} at byte {case.offset}"
    try:
        note(counts, where, judge(ground, case))
    except StoreError as error:
        note(counts, where, [unreadable(f"it could not be used: {error}")])
    finally:
        counts.add(KINDS[case.name.split()[0]])
        for one in (ground.path / "log").iterdir():
            if one.name > ground.segment.name:
                one.unlink()
        for one, held in before.items():
            one.write_bytes(held)


def judge(ground: Ground, case: Case) -> Iterator[Told]:
    """What is not as promised after one damage."""
    hurt = max(number for number, start in enumerate(ground.starts) if start <= case.offset)
    if not ground.behind:
        yield from _held_by_snapshots(ground, case, hurt)
        return
    with closing(Store.open(ground.path)) as store:
        lines = store.head.seq - ground.heads[0].seq
        if lines < hurt:
            yield lost(f"only {lines} of {hurt} whole lines were found")
        if lines != hurt or everything(store) != ground.states[hurt]:
            yield wrong("what was read is not what the whole lines say")
        verdict = store.verify(ground.heads[-1])
        if verdict.whole:
            yield wrong("the proof against the newest head does not name it")
        if store.damage is not None:
            yield from _damaged(ground, case, store, hurt)
        else:
            yield from _torn(ground, case, store, hurt)


def _held_by_snapshots(ground: Ground, case: Case, hurt: int) -> Iterator[Told]:
    """The records are whole, the damage has its place, and a change taken nevertheless is a line of its own."""
    wanted = ground.raw[: ground.starts[hurt]].count(b"\n") + 1
    with closing(Store.open(ground.path)) as store:
        if everything(store) != ground.states[-1]:
            yield lost("the snapshots' records are not as they were")
        before = store.verify().problems
        if not any(one.line in (wanted, 0) for one in before):
            yield wrong(f"verify names {before}, not line {wanted}")
        if not any(one.level == "fault" for one in store.check()):
            yield unreadable("check has no fault")
        try:
            entry = store.note(**head(at=NEXT))
        except ReadOnlyError:
            return
        if store.damage is not None or entry not in list(store.entries()):
            yield lost("a change that was taken is not found")
        if len(store.verify().problems) != len(before):
            yield unreadable("a change that was taken spread the damage")


def _damaged(ground: Ground, case: Case, store: Store, hurt: int) -> Iterator[Told]:
    """Damage has a file and line, refuses changes, and leaves every byte as it is."""
    damage = store.damage
    assert damage is not None
    wanted = ground.raw[: ground.starts[hurt]].count(b"\n") + 1
    is_short = len(case.raw) < len(ground.raw)
    if damage.file != f"log/{ground.segment.name}" or (damage.line != wanted and not is_short):
        yield wrong(f"named as {damage.where}, not as line {wanted}")
    found = {(one.file, one.line) for one in store.verify().problems}
    if not is_short and (damage.file, damage.line) not in found:
        yield wrong(f"verify names {sorted(found)}")
    if not any(one.level == "fault" for one in store.check()):
        yield unreadable("check has no fault")
    try:
        store.note(**head(at=NEXT))
        yield wrong("a change was taken")
    except ReadOnlyError:
        pass
    if ground.segment.read_bytes() != case.raw:
        yield wrong("the damaged file was altered")


def _torn(ground: Ground, case: Case, store: Store, hurt: int) -> Iterator[Told]:
    """A torn end is cut by the next change, which logs it; nothing else is."""
    rest = case.raw[ground.starts[hurt] :]
    torn = store.state.log.torn
    if torn is None and rest:
        yield wrong("the altered line was taken for whole")
        return
    if rest.strip(b"\0").count(b"\n") > 1 or (rest and rest.endswith(b"\n") and b"\0" not in rest):
        yield wrong("more than an unfinished last line was cut")
    entry = store.note(**head(at=NEXT))
    acts = [one["act"] for one in store.entries()]
    wanted = ["log.tail-cut", "mark.drafted"] if rest else ["mark.drafted"]
    if acts[ground.heads[hurt].seq :] != wanted:
        yield wrong(f"the acts behind the whole lines are {acts[ground.heads[hurt].seq :]}")
    if entry["seq"] != ground.heads[hurt].seq + len(wanted) or not store.verify().whole:
        yield unreadable("the log is not whole after the cut")
    if not ground.segment.read_bytes().startswith(ground.raw[: ground.starts[hurt]]):
        yield wrong("a line before it was touched")
    if any(one.level == "fault" for one in store.check()):
        yield unreadable("check has a fault after the cut")
    with closing(Store.open(ground.path)) as again:
        if everything(again) != ground.states[hurt]:
            yield lost("reopened, it does not hold what the whole lines say")
