"""Bytes altered in the last lines, in short; and a store that believes what it reads is found out."""

from pathlib import Path
from unittest.mock import patch

from store import lines
from store.lines import LineError
from tests.faults import bytes as faults
from tests.faults.counts import Counts


def test_altered_bytes_are_named_or_cut_and_nothing_before_them_is_lost() -> None:
    counts = faults.run(long=False)
    assert counts.faults() == []
    assert counts.done["flips"] > 100
    assert min(counts.done.values()) > 50


def kinds(tmp_path: Path) -> Counts:
    counts = Counts("broken build")
    ground = faults.prepare(tmp_path / "data", snapshot=False)
    for case in faults.cases(ground, 97):
        faults.try_one(counts, ground, case)
    return counts


def test_a_build_that_proves_no_hash_is_caught(tmp_path: Path) -> None:
    with patch.object(lines, "_mismatch", lambda *_: ""):
        assert kinds(tmp_path).wrong


def test_a_build_that_cuts_whatever_it_cannot_read_is_caught(tmp_path: Path) -> None:
    real = lines.prove_row

    def forgiving(row: bytes) -> lines.Line:
        try:
            return real(row)
        except LineError as error:
            raise LineError(error.reason, torn=True) from None

    with patch.object(lines, "prove_row", forgiving):
        assert kinds(tmp_path).wrong
