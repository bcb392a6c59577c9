"""A day's work in small: changes of every kind, what each must leave behind, and how they are played on a folder."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from store.erasing import ERASED, erase
from store.errors import FailedError, StoreError
from store.folder import Store
from store.vault import SLOT
from tests.store.storekit import FILE

Kind = Literal["create", "change", "torn", "erase", "snapshot", "rebuild", "reopen"]
CHANGES = ("change", "torn", "erase")
"""The kinds of steps that are found again in the log."""
Documents = dict[tuple[str, str, str], dict[str, Any]]
"""Documents by file, table and own id."""


class Put(NamedTuple):
    """A document is written."""

    file: str
    table: str
    id: str
    text: str


class Mark(NamedTuple):
    """Characters of a pupil's codes are replaced."""

    id: str
    position: int
    codes: str


class Secret(NamedTuple):
    """An account gets a slot in the vault, in place of the one that it had."""

    id: str
    secret: str

    def slot(self) -> dict[str, Any]:
        """What the vault keeps."""
        return {"secret": self.secret}

    def fingerprint(self) -> str:
        """What the account says of it, worked out without the store."""
        return sha256(b'{"secret":"%s"}' % self.secret.encode()).hexdigest()


class Key(NamedTuple):
    """A case gets another key: its public part is named by the case, its wrapped one is in the vault alone."""

    file: str
    table: str
    id: str
    text: str
    """Stands for the wrapped key."""

    def public(self) -> str:
        """What the case names."""
        return sha256(self.text.encode()).hexdigest()

    def own(self) -> str:
        """The key's id, worked out without the store."""
        return sha256(bytes.fromhex(self.public())).hexdigest()[:32]


class Gone(NamedTuple):
    """A document is dropped."""

    file: str
    table: str
    id: str


class Erase(NamedTuple):
    """A document goes, and everything that the log ever held of it."""

    file: str
    table: str
    id: str


Op = Put | Mark | Secret | Key | Gone | Erase


@dataclass(frozen=True)
class Step:
    """One thing done to the folder. Changes are found again in the log by their subject, the step's `id`.

    Attributes:
        id: the step's own name.
        ops: what a change does; none for a view.
        day: 23 November 2026 is 0.
        kind: `torn` is a change whose write the disk leaves half done, if the disk can be told to.
    """

    id: str
    ops: tuple[Op, ...] = ()
    day: int = 0
    kind: Kind = "change"


CODES = "." * 12
SHORT = (
    Step("S-01", (Put("school", "school", "settings", "Riverside é"), Secret("dsl", "one"))),
    Step("S-02", (Put("pupils", "pupils", "P-1", "Ana\nMaria"), Put(FILE, "marks", "M-1", CODES))),
    Step("S-03", (Mark("M-1", 3, "N"),)),
    Step(
        "S-04",
        (
            Put("cases", "answers", "A-1", "yes"),
            Gone("pupils", "pupils", "P-1"),
            Key("cases", "cases", "C-1", "key of a case"),
        ),
    ),
    Step("S-05", (Mark("M-1", 4, "N"),), day=1),
    Step("S-06", (Put("cases", "answers", "A-2", "y" * 9000),), day=1, kind="torn"),
    Step("S-07", (Mark("M-1", 5, "/L"),), day=1),
    Step(
        "S-07e",
        (Erase("pupils", "pupils", "P-1"), Erase("cases", "answers", "A-1"), Erase("cases", "cases", "C-1")),
        day=1,
        kind="erase",
    ),
)
"""An account, marks, an answer, a case's key, a new day, a half-done write and the cut of it, an erasure."""
LONG = (
    *SHORT,
    Step("S-08", kind="snapshot"),
    Step("S-09", (Put("cases", "answers", "A-3", "z" * 9000),), day=1),
    Step("S-10", day=1),
    Step("S-10k", (Key("cases", "cases", "C-2", "first key of it"),), day=1),
    Step("S-11", (Mark("M-1", 6, "N"), Secret("dsl", "two")), day=1, kind="torn"),
    Step("S-12", (Put("people", "people", "head", "x"), Secret("dsl", "three")), day=2),
    Step("S-13", kind="reopen"),
    Step(
        "S-13k", (Key("cases", "cases", "C-2", "next key of it"), Key("cases", "cases", "C-3", "kept")), day=2
    ),
    Step("S-14", (Mark("M-1", 7, "N"), Put("pupils", "pupils", "P-2", "Ben")), day=3),
    Step("S-14e", (Erase("pupils", "pupils", "P-2"),), day=3, kind="erase"),
    Step("S-15", (Put("cases", "answers", "A-4", "no"),), day=3, kind="torn"),
    Step("S-16", kind="reopen"),
    Step("S-17", (Gone("cases", "answers", "A-3"),), day=4),
    Step("S-18", kind="rebuild"),
    Step("S-19", (Mark("M-1", 8, "NN"), Secret("head", "four")), day=4),
    Step("S-20", (Put("cases", "answers", "A-5", "w" * 5000),), day=4, kind="torn"),
    Step("S-21", kind="snapshot"),
    Step("S-22", (Mark("M-1", 0, "//"), Put("cases", "answers", "A-3", "again")), day=4),
    Step(
        "S-22e",
        (Erase("cases", "answers", "A-3"), Erase(FILE, "marks", "M-1"), Erase("cases", "cases", "C-2")),
        day=5,
        kind="erase",
    ),
)
"""The same, and snapshots in between, a tail cut on a new day, new secrets and keys, a reopening on a torn end."""


def documents(steps: Iterable[Step]) -> Documents:
    """What a plain dict holds after the steps, worked out without the store."""
    held: Documents = {}
    for step in steps:
        touched: dict[tuple[str, str, str], int] = {}
        for op in step.ops:
            key = _key(op)
            if isinstance(op, Gone | Erase):
                held.pop(key, None)
                continue
            before = held.get(key, {"rev": 0})
            if isinstance(op, Put):
                held[key] = {"id": op.id, "codes" if op.table == "marks" else "text": op.text}
            elif isinstance(op, Secret):
                held[key] = {"id": op.id, "slot": op.fingerprint()}
            elif isinstance(op, Key):
                held[key] = {"id": op.id, "seals": [*before.get("seals", ()), op.public()]}
            else:
                codes = before["codes"]
                end = op.position + len(op.codes)
                held[key] = {**before, "codes": codes[: op.position] + op.codes + codes[end:]}
            held[key]["rev"] = touched.setdefault(key, before["rev"] + 1)
    return held


def _key(op: Op) -> tuple[str, str, str]:
    """The document that is touched."""
    if isinstance(op, Mark):
        return FILE, "marks", op.id
    if isinstance(op, Secret):
        return "people", "people", op.id
    return op.file, op.table, op.id


def heading(step: Step) -> dict[str, Any]:
    """The heading of a step's change."""
    at = f"2026-11-{23 + step.day}T08:55:00+00:00"
    return {
        "at": at,
        "actor": "dsl",
        "role": "dsl",
        "act": ERASED if step.kind == "erase" else "fault.tried" if step.ops else "case.viewed",
        "subject": step.id,
    }


def change(store: Store, step: Step) -> None:
    """Do what a step says in one change."""
    with store.change(**heading(step)) as tx:
        for op in step.ops:
            if isinstance(op, Put):
                name = "codes" if op.table == "marks" else "text"
                tx.put(op.file, op.table, {"id": op.id, name: op.text})
            elif isinstance(op, Mark):
                tx.splice(FILE, "marks", op.id, op.position, op.codes)
            elif isinstance(op, Secret):
                tx.put("people", "people", {"id": op.id, SLOT: tx.keep(op.slot())})
            elif isinstance(op, Key):
                stored = tx.get(op.file, op.table, op.id) or {"seals": []}
                tx.keep_key(op.own(), {"holder": op.text})
                tx.put(op.file, op.table, {"id": op.id, "seals": [*stored["seals"], op.public()]})
            elif isinstance(op, Gone):
                tx.drop(op.file, op.table, op.id)
            tx.next_part()


def take_out(store: Store, step: Step) -> None:
    """Erase what a step names."""
    wanted = {(op.file, op.table, op.id) for op in step.ops if isinstance(op, Erase)}
    erase(store, lambda: store.change(**heading(step)), lambda *named: named in wanted)


class Player:
    """Plays steps on a folder as a program would: goes on after a refusal, opens anew after a failed sync.

    Salts are zeros, so that the same steps write the same bytes.

    Args:
        path: the data folder.
        begun: called before each step.
        told: called when a step was acknowledged.
        half: what makes the disk leave writes half done.
    """

    def __init__(
        self,
        path: Path,
        begun: Callable[[Step], None] = lambda _: None,
        told: Callable[[Step], None] = lambda _: None,
        half: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.path, self.begun, self.told, self.half = path, begun, told, half
        self.refused: dict[str, str] = {}
        """Steps that were refused, each with the reason."""
        self._store: Store | None = None

    def play(self, steps: Iterable[Step]) -> None:
        """Do every step, then close with snapshots."""
        for step in steps:
            self.begun(step)
            try:
                self._do(step)
            except (StoreError, OSError) as error:
                self.refused[step.id] = f"{type(error).__name__}: {error}"
                if isinstance(error, FailedError):
                    self._close()
            else:
                self.told(step)
        self._close()

    def _do(self, step: Step) -> None:
        if step.kind == "create":
            self._store = Store.create(self.path, random=bytes)
            return
        if step.kind == "reopen":
            self._close()
        if self._store is None:
            self._store = Store.open(self.path, random=bytes)
        if step.kind == "snapshot":
            self._store.snapshot()
        elif step.kind == "rebuild":
            self._store.rebuild()
        elif step.kind == "torn":
            with self.half():
                change(self._store, step)
        elif step.kind == "erase":
            take_out(self._store, step)
        elif step.kind == "change":
            change(self._store, step)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close(snapshot=True)
            self._store = None
