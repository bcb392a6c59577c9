"""Any run of changes, erasures and erasures that were cut off equals a plain dict, and the log verifies."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule
from test_store_property import IDS, Folder

from store.erasing import ERASED, erase
from store.folder import Store


class Erasing(Folder):
    """The folder of two programs, in which records are erased as well."""

    @rule(who=st.integers(0, 1), wanted=st.sets(IDS, min_size=1, max_size=3))
    def erase(self, who: int, wanted: set[str]) -> None:
        """All versions of some documents, in every file."""
        store = self.handles[who]
        heading = {**self.at(), "act": ERASED}
        erase(store, lambda: store.change(**heading, subject="X"), lambda _file, _table, own: own in wanted)
        self._forget(wanted)
        raw = b"".join(one.read_bytes() for one in (self.path / "log").iterdir())
        assert not [own for own in wanted if b'"id":"%s"' % own.encode() in raw and not self._shared(own)]

    @rule(who=st.integers(0, 1), own_id=IDS)
    def begin_to_erase(self, who: int, own_id: str) -> None:
        """The program is killed right behind its intent; the next that opens the folder finishes the work."""
        store = self.handles[who]
        with store.change(**{**self.at(), "act": ERASED}, subject="X") as tx:
            for file in ("pupils", "register-2026-27", "register-2025-26"):
                page = store.page(file, "marks")
                if own_id in page.own:
                    tx.erase(file, "marks", [page.numbers[own_id]])
        self.handles[who] = Store.open(self.path)
        self._forget({own_id})

    @rule(who=st.integers(0, 1))
    def look_from_outside(self, who: int) -> None:
        """Whatever was begun, a reader finds a whole log."""
        store = Store.open(self.path, readonly=True)
        assert store.damage is None
        store.close()

    def _forget(self, wanted: set[str]) -> None:
        for docs in self.right.values():
            for own_id in wanted:
                docs.pop(own_id, None)

    def _shared(self, own_id: str) -> bool:
        """Whether a part that holds another document too speaks of it."""
        store = self.handles[0]
        return any(
            own_id in {doc["id"] for doc in puts.values()} and len(puts) > 1
            for _, parts in store.changes()
            for part in parts
            for op in part.get("op", ())
            for puts in [op.get("put", {})]
        )


TestErasing = Erasing.TestCase
TestErasing.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
