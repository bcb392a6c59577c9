"""Any run of changes, reopenings, snapshots and second handles equals a plain dict."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from storekit import head

from store.errors import StaleRevisionError
from store.folder import Store

FILES = st.sampled_from(["pupils", "register-2026-27", "register-2025-26"])
IDS = st.sampled_from([f"X-{number}" for number in range(6)])
CODES = st.text("/\\NL.", min_size=1, max_size=3)


class Folder(RuleBasedStateMachine):
    """Two handles on one folder, as two programs have them, and the dict that says what must be there."""

    @initialize()
    def begin(self) -> None:
        self._home = tempfile.TemporaryDirectory()
        self.path = Path(self._home.name) / "data"
        self.handles = [Store.create(self.path), Store.open(self.path)]
        self.right: dict[str, dict[str, Any]] = {}
        self.count = 0

    def at(self) -> dict[str, Any]:
        self.count += 1
        day = 1 + self.count // 4
        return head(at=f"2026-10-{min(day, 31):02d}T09:00:00+00:00")

    @rule(who=st.integers(0, 1), file=FILES, own_id=IDS, codes=CODES)
    def put(self, who: int, file: str, own_id: str, codes: str) -> None:
        before = self.right.get(file, {}).get(own_id)
        with self.handles[who].change(**self.at()) as tx:
            tx.put(file, "marks", {"id": own_id, "codes": codes})
        rev = before["rev"] + 1 if before else 1
        self.right.setdefault(file, {})[own_id] = {"id": own_id, "codes": codes, "rev": rev}

    @rule(who=st.integers(0, 1), file=FILES, own_id=IDS)
    def drop(self, who: int, file: str, own_id: str) -> None:
        with self.handles[who].change(**self.at()) as tx:
            tx.drop(file, "marks", own_id)
        self.right.get(file, {}).pop(own_id, None)

    @rule(who=st.integers(0, 1), file=FILES, first=IDS, second=IDS, code=st.sampled_from("/N"))
    def many(self, who: int, file: str, first: str, second: str, code: str) -> None:
        """Several operations on maybe the same documents, in two parts."""
        docs = self.right.setdefault(file, {})
        with self.handles[who].change(**self.at()) as tx:
            if first in docs:
                tx.splice(file, "marks", first, 0, code)
                docs[first] = {
                    **docs[first],
                    "codes": code + docs[first]["codes"][1:],
                    "rev": docs[first]["rev"] + 1,
                }
            tx.next_part()
            tx.drop(file, "marks", second)
            docs.pop(second, None)
            tx.put(file, "marks", {"id": second, "codes": code})
            tx.splice(file, "marks", second, 0, "L")
            docs[second] = {"id": second, "codes": "L", "rev": 1}

    @rule(who=st.integers(0, 1), file=FILES, own_id=IDS, wrong=st.integers(1, 3))
    def stale(self, who: int, file: str, own_id: str, wrong: int) -> None:
        now = self.right.get(file, {}).get(own_id, {}).get("rev", 0)
        try:
            with self.handles[who].change(**self.at()) as tx:
                tx.put(file, "marks", {"id": "X-9"})
                tx.put(file, "marks", {"id": own_id}, rev=now + wrong)
        except StaleRevisionError:
            return
        raise AssertionError("a stale revision was written")

    @rule(who=st.integers(0, 1), snapshot=st.booleans())
    def reopen(self, who: int, snapshot: bool) -> None:
        self.handles[who].close(snapshot=snapshot)
        self.handles[who] = Store.open(self.path)

    @rule(who=st.integers(0, 1))
    def snapshot(self, who: int) -> None:
        self.handles[who].snapshot()

    @rule(who=st.integers(0, 1), file=st.sampled_from(["school", "pupils", "register-2026-27"]))
    def lose_a_snapshot(self, who: int, file: str) -> None:
        if self.handles[0].head.seq or self.handles[1].head.seq:
            (self.path / f"{file}.json").unlink(missing_ok=True)

    @rule(text=st.binary(min_size=1, max_size=30))
    def crash(self, text: bytes) -> None:
        """An append that never finished."""
        names = sorted((self.path / "log").iterdir())
        if names:
            with names[-1].open("ab") as file:
                file.write(b'{"entry":{"act":"' + text.replace(b"\n", b""))

    @invariant()
    def every_handle_says_the_same(self) -> None:
        for store in self.handles:
            store.refresh()
            for file in ("pupils", "register-2026-27", "register-2025-26"):
                assert dict(store.docs(file, "marks")) == self.right.get(file, {})

    def teardown(self) -> None:
        if not hasattr(self, "handles"):
            return
        last = self.handles[0]
        last.note(**self.at())
        assert last.verify().whole
        last.rebuild()
        assert not [one for one in last.check() if one.level == "fault"]
        for file in ("pupils", "register-2026-27", "register-2025-26"):
            page = last.page(file, "marks")
            again = last.state.replayed(file)[file].get("marks")
            assert (again.rows if again else {}) == page.rows
        for store in self.handles:
            store.close()
        self._home.cleanup()


TestFolder = Folder.TestCase
TestFolder.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
