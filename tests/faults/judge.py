"""What is left after a fault: opened, written to, checked, proven, and compared with a plain dict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from store.canon import canonical
from store.errors import ForeignError, MissingError, StoreError
from store.folder import Store
from tests.faults.counts import Counts
from tests.faults.workload import Documents, Erase, Key, Put, Step, change, documents
from tests.store.storekit import everything

AFTER = Step("S-after", (Put("cases", "answers", "A-after", "still here"),), day=5)
"""The recovering write."""

OURS = ("log.tail-cut", "backup.restored")
"""Acts that are no steps."""


@dataclass
class Judgement:
    """What a folder holds, and what is wrong with it.

    Attributes:
        found: the ids of the steps in its log, in their order.
        empty: whether there is no folder of ours yet.
        unreadable: why it cannot be opened, written to or proven; empty if it can.
        wrong: what it holds that was never written; empty if there is none.
    """

    found: list[str] = field(default_factory=list)
    empty: bool = False
    unreadable: str = ""
    wrong: str = ""

    def report(self, counts: Counts, where: str, told: Collection[str], begun: Sequence[str]) -> None:
        """Put what is broken into the counts, seen from a moment.

        Args:
            counts: where it is put.
            where: the moment and the fault, in words.
            told: ids of the steps that were acknowledged; a new folder is one too.
            begun: ids of the steps that had begun, in their order.
        """
        if self.unreadable:
            counts.unreadable.append(f"{where}: {self.unreadable}")
            return
        missing = [one for one in told if one not in self.found]
        if self.empty and told:
            counts.lost.append(f"{where}: the whole folder")
        elif missing:
            counts.lost.append(f"{where}: {', '.join(missing)}")
        if self.wrong:
            counts.wrong.append(f"{where}: {self.wrong}")
        elif self.found != [one for one in begun if one in self.found]:
            counts.wrong.append(f"{where}: found {self.found} where {list(begun)} had begun")


def judge(path: Path, steps: Sequence[Step]) -> Judgement:
    """Open a folder, look, write to it, check and prove it, and look again. The folder is used up by that.

    Args:
        path: the data folder as the fault left it.
        steps: every step that may have been begun.
    """
    verdict = Judgement()
    try:
        store = Store.open(path)
    except (MissingError, ForeignError):
        verdict.empty = True
        return verdict
    except (StoreError, OSError) as error:
        verdict.unreadable = f"opening: {type(error).__name__}: {error}"
        return verdict
    try:
        _look(store, verdict, {step.id: step for step in (*steps, AFTER)})
    except (StoreError, OSError) as error:
        verdict.unreadable = f"{type(error).__name__}: {error}"
    finally:
        store.close()
    return verdict


def _look(store: Store, verdict: Judgement, known: dict[str, Step]) -> None:
    verdict.unreadable = _damage(store)
    if verdict.unreadable:
        return
    verdict.found = _found(store)
    strange = [one for one in verdict.found if one not in known]
    if strange:
        verdict.wrong = f"entries of nobody: {strange}"
        return
    done = [known[one] for one in verdict.found]
    try:
        verdict.wrong = _difference(store, documents(done))
    except KeyError:
        verdict.wrong = f"found {verdict.found}, where one needs another that is not there"
        return
    change(store, AFTER)
    verdict.wrong = (
        verdict.wrong or _difference(store, documents([*done, AFTER])) or _still_there(store, done)
    )
    verdict.unreadable = _faults(store)
    if verdict.unreadable:
        return
    store.close(snapshot=True)
    again = Store.open(store.path)
    try:
        verdict.unreadable = _damage(again) or _faults(again)
        if _found(again) != [*verdict.found, AFTER.id]:
            verdict.wrong = verdict.wrong or f"after the recovering write: {_found(again)}"
        verdict.wrong = verdict.wrong or _difference(again, documents([*done, AFTER]))
    finally:
        again.close()


def _still_there(store: Store, done: Sequence[Step]) -> str:
    """What was erased and can still be read, or the wrapped key that would open it; empty if nothing. Only texts that
    nobody else wrote are sought."""
    steps = list(done)
    for at, step in enumerate(steps):
        for gone in [op for op in step.ops if isinstance(op, Erase)]:
            texts = {
                op.text
                for one in steps[:at]
                for op in one.ops
                if isinstance(op, Put | Key) and op[:3] == gone[:3]
            }
            later = {op.text for one in steps[at:] for op in one.ops if isinstance(op, Put | Key)}
            for text in texts - later:
                needle = canonical(text)
                if any(needle in path.read_bytes() for path in store.path.rglob("*.json*")):
                    return f"{gone.id} was erased by {step.id} and can still be read"
    return ""


def _damage(store: Store) -> str:
    return "" if store.damage is None else f"damage: {store.damage}"


def _faults(store: Store) -> str:
    """What `verify` and `check` name; empty if nothing."""
    proof = store.verify()
    named = [f"verify: {one.file} line {one.line}: {one.reason}" for one in proof.problems]
    named += [f"check: {one.file} {one.record} {one.words}" for one in store.check() if one.level == "fault"]
    return "; ".join(named)


def _found(store: Store) -> list[str]:
    return [str(entry["subject"]) for entry in store.entries() if entry["act"] not in OURS]


def _difference(store: Store, expected: Documents) -> str:
    """Where the documents differ from a plain dict's; empty if nowhere."""
    found = {
        (file, table, own): doc
        for file, tables in everything(store).items()
        for table, docs in tables.items()
        for own, doc in docs.items()
    }
    other = [key for key in {*found, *expected} if found.get(key) != expected.get(key)]
    return "" if not other else f"other than written: {', '.join('/'.join(key) for key in sorted(other))}"
