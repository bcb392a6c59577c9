"""Two people on one folder against a plain dict: edits, appends, marks, crashes and reopenings in any order."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from store.errors import StaleRevisionError, StoreError, WriteError
from store.folder import Store
from tests.faults import disk
from tests.faults.counts import Counts
from tests.faults.told import note, wrong
from tests.store.storekit import head

WHO = st.sampled_from(("ana", "ben"))
CASE = st.sampled_from(("C-1", "C-2"))
TEXT = st.text(st.sampled_from('aé"\\\n{},:0 '), max_size=12)
SESSIONS = 10


def run(long: bool) -> Counts:
    """Some hundred histories (long), or a few; each is undone to its shortest form if it breaks a promise."""
    counts = Counts("people")
    People.done = Counter()
    try:
        run_state_machine_as_test(People, settings=lengths(long))  # type: ignore[no-untyped-call]
    except (AssertionError, StoreError) as error:
        story = "; ".join(getattr(error, "__notes__", ()))
        note(counts, "two people", [wrong(f"{type(error).__name__} {error} {story}"[:1500])])
    for what, times in People.done.items():
        counts.add(what, times)
    return counts


def lengths(long: bool) -> settings:
    """How many histories of how many steps."""
    return settings(
        max_examples=150 if long else 8,
        stateful_step_count=40 if long else 20,
        deadline=None,
        derandomize=not long,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if long else (Phase.generate,),
    )


class People(RuleBasedStateMachine):
    """What two people do; `cases`, `answers` and `codes` are what must be there."""

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.path = self.root / "data"
        self.day = 23
        self.cases: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, str] = {}
        self.codes = "." * SESSIONS
        self.people: dict[str, Store] = {}
        self.shown: dict[str, dict[str, int]] = {"ana": {}, "ben": {}}
        self.dropped: list[Store] = []

    @initialize()
    def begin(self) -> None:
        self.people["ana"] = Store.create(self.path)
        with self.people["ana"].change(**self.heading("ana", "folder.made")) as tx:
            tx.put("people", "people", {"id": "ana"})
            tx.put("register-2026-27", "marks", {"id": "M-1", "codes": self.codes})
        self.people["ben"] = Store.open(self.path)

    def heading(self, who: str, act: str) -> dict[str, Any]:
        self.done[act] += 1
        return head(act, f"2026-11-{self.day}T08:55:00+00:00", who)

    @rule(who=WHO)
    def look(self, who: str) -> None:
        """What is on the screen of one of them is brought up to date."""
        self.people[who].refresh()
        docs = self.people[who].docs("cases", "cases")
        self.shown[who] = {own: doc["rev"] for own, doc in docs.items()}

    @rule(who=WHO, case=CASE, text=TEXT)
    def edit(self, who: str, case: str, text: str) -> None:
        """Write on the revision that is on the screen: a stale one is told with both versions, and writes nothing."""
        rev = self.shown[who].get(case, 0)
        now = self.cases.get(case)
        told: StaleRevisionError | None = None
        try:
            with self.people[who].change(**self.heading(who, "case.edited")) as tx:
                tx.put("cases", "cases", {"id": case, "text": text}, rev=rev)
        except StaleRevisionError as error:
            told = error
        if rev == (now["rev"] if now else 0):
            assert told is None, "told that it is stale, and it is not"
            self.cases[case] = {"id": case, "text": text, "rev": rev + 1}
            self.shown[who][case] = rev + 1
        else:
            assert told is not None, "a stale edit was taken"
            assert (told.stored, told.yours["text"]) == (now, text), "both versions are not shown"
            self.done["stale edits told"] += 1

    @rule(who=WHO, text=TEXT)
    def append(self, who: str, text: str) -> None:
        own = f"A-{len(self.answers)}"
        with self.people[who].change(**self.heading(who, "case.answered")) as tx:
            tx.put("cases", "answers", {"id": own, "text": text}, rev=0)
        self.answers[own] = text

    @rule(who=WHO, place=st.integers(0, SESSIONS - 1), code=st.sampled_from("/\\NO"))
    def mark(self, who: str, place: int, code: str) -> None:
        with self.people[who].change(**self.heading(who, "mark.drafted")) as tx:
            tx.splice("register-2026-27", "marks", "M-1", place, code)
        self.codes = self.codes[:place] + code + self.codes[place + 1 :]

    @rule(who=WHO, kept=st.integers(0, 200), cut_fails=st.booleans())
    def full_disk(self, who: str, kept: int, cut_fails: bool) -> None:
        """A write is refused half-way: nothing of it is there."""
        try:
            with (
                disk.writing_short(kept, cut_fails),
                self.people[who].change(**self.heading(who, "case.lost")) as tx,
            ):
                tx.put("cases", "answers", {"id": "A-lost", "text": "x"})
        except WriteError:
            return
        raise AssertionError("a short write was taken for a success")

    @rule(who=WHO, line=st.binary(max_size=30), zeros=st.integers(0, 20))
    def crash(self, who: str, line: bytes, zeros: int) -> None:
        """One of them is gone in the middle of a write: nothing closed, an unfinished line, perhaps zeros behind it."""
        self.done["crashes"] += 1
        self.dropped.append(self.people.pop(who))
        segment = max((self.path / "log").iterdir())
        with segment.open("ab") as file:
            file.write(b'{"entry":{"act":"' + line.replace(b"\n", b"") + bytes(zeros))
        self.back(who)

    @rule(who=WHO, snapshot=st.booleans())
    def reopen(self, who: str, snapshot: bool) -> None:
        self.done["reopenings"] += 1
        self.people.pop(who).close(snapshot=snapshot)
        self.back(who)

    def back(self, who: str) -> None:
        self.people[who], self.shown[who] = Store.open(self.path), {}

    @rule()
    def night(self) -> None:
        """Another day, and so another segment; the clock of the next month is of no interest."""
        self.day = min(self.day + 1, 30)

    @invariant()
    def all_is_there(self) -> None:
        """Both see what the dict holds, and `check` has no fault."""
        for store in self.people.values():
            store.refresh()
            assert dict(store.docs("cases", "cases")) == self.cases
            answers = {own: doc["text"] for own, doc in store.docs("cases", "answers").items()}
            assert answers == self.answers
            found = store.get("register-2026-27", "marks", "M-1")
            assert found is not None
            assert found["codes"] == self.codes
            faults = [str(one) for one in store.check() if one.level == "fault"]
            assert not faults, faults
        self.done["checks"] += len(self.people)

    def teardown(self) -> None:
        for store in (*self.people.values(), *self.dropped):
            store.close()
        shutil.rmtree(self.root, ignore_errors=True)
