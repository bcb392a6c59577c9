"""Two people on one folder, in short; and builds that forget one of them are found out."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from store.change import Tx
from tests.faults import people


def test_two_people_lose_nothing_and_are_told_what_is_stale() -> None:
    counts = people.run(long=False)
    assert counts.faults() == []
    for what in ("crashes", "reopenings", "case.answered", "mark.drafted", "stale edits told", "checks"):
        assert counts.done[what] > 0, what


def test_a_build_that_takes_a_stale_edit_is_caught() -> None:
    real = Tx.put

    def careless(self: Tx, file: str, table: str, doc: Mapping[str, Any], rev: int | None = None) -> Any:
        return real(self, file, table, doc)

    with patch.object(Tx, "put", careless):
        assert people.run(long=False).broken


def test_a_build_that_leaves_a_torn_line_where_it_is_is_caught() -> None:
    with patch("store.folder.cut_tail", lambda state, write: None):
        assert people.run(long=False).broken
