"""Processes on one folder, in short; and a build without the lock is found out."""

from pathlib import Path

from tests.faults import processes
from tests.faults.counts import Counts


def test_processes_lose_nothing_to_each_other_nor_to_kills() -> None:
    counts = processes.run(long=False)
    assert counts.faults() == []
    assert counts.done["kills aimed at a write"] == 4
    assert counts.done["changes of racing writers"] == 24
    assert counts.done["looks of a reader"] > 20


def test_a_build_without_the_lock_is_caught(tmp_path: Path) -> None:
    counts = Counts("broken build")
    processes.racing(counts, processes.made(tmp_path), 2, 2, "meet", "broken")
    assert counts.broken


def test_a_build_with_the_lock_passes_the_same_trial(tmp_path: Path) -> None:
    counts = Counts("whole build")
    processes.racing(counts, processes.made(tmp_path), 2, 2, "meet")
    assert counts.faults() == []
    assert counts.done["changes of racing writers"] == 4
