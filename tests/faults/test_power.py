"""Power cuts: the store loses nothing, and a store that was broken on purpose is caught."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from store import erasing, files
from store.errors import WriteError
from store.files import writing
from store.writing import Writer
from tests.faults import power
from tests.faults.counts import Counts
from tests.faults.power import CREATE
from tests.faults.shim import recorded
from tests.faults.workload import SHORT, Player, Put, Secret, Step
from tests.filekit import swap


def test_nothing_acknowledged_is_lost_in_any_crash_image() -> None:
    counts = power.run(long=False)
    assert counts.faults() == []
    assert counts.done["images"] > 500
    assert counts.done["folders opened"] > 200
    assert counts.done["kills with a power cut after"] >= 5
    assert counts.done["mendings"] > counts.done["kills with a power cut after"]


def system() -> Any:
    """What `store.files` takes for the module `os`: the shim while a workload is played."""
    return vars(writing)["os"]


def broken(monkeypatch: pytest.MonkeyPatch, steps: Sequence[Step], kill: int = 0, **parts: object) -> Counts:
    """What the harness says of a store with parts of `store.files` put in another's place."""
    for name, part in parts.items():
        swap(monkeypatch, name, part)
    counts = Counts("a broken build")
    power.cut(counts, steps, fine=False, kill=kill)
    return counts


def test_a_build_that_does_not_sync_the_log_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def append(self: files.Appender, data: bytes, size: int) -> None:
        files.write_all(self._fd, data)

    monkeypatch.setattr(files.Appender, "append", append)
    counts = broken(monkeypatch, [CREATE, *SHORT[:3]])
    assert any("S-03" in one for one in counts.lost)


def test_a_build_that_does_not_sync_folders_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = broken(monkeypatch, [CREATE, *SHORT[:2], SHORT[4]], sync_folder=lambda path: None)
    assert any("S-05" in one for one in counts.lost)
    assert any("the new folder" in one for one in counts.lost)


def test_a_build_that_does_not_sync_the_folders_above_a_new_one_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def make_parents(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)

    counts = broken(monkeypatch, [CREATE, *SHORT[:1]], make_parents=make_parents)
    assert any("mkdir kept lost: the new folder" in one for one in counts.lost)


def test_a_build_that_renames_before_it_syncs_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def atomic_write(path: Path, chunks: Iterable[bytes], overwrite: bool = True) -> None:
        temp = path.with_name(f".{path.name}{files.TEMP_END}")
        fd = files.open_file(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        for chunk in chunks:
            files.write_all(fd, chunk)
        files.close(fd)
        writing._put_in_place(temp, path, overwrite)
        files.sync_folder(path.parent)

    counts = broken(monkeypatch, [CREATE, *SHORT[:1]], atomic_write=atomic_write)
    assert counts.lost
    assert counts.unreadable


def test_a_build_that_writes_snapshots_in_place_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def atomic_write(path: Path, chunks: Iterable[bytes], overwrite: bool = True) -> None:
        fd = files.open_file(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        for chunk in chunks:
            files.write_all(fd, chunk)
        system().fsync(fd)
        files.close(fd)
        files.sync_folder(path.parent)

    assert broken(monkeypatch, [CREATE, *SHORT[:1]], atomic_write=atomic_write).unreadable


def test_a_build_that_takes_a_short_write_for_a_whole_one_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = broken(monkeypatch, [CREATE, *SHORT], write_all=lambda fd, data: system().write(fd, data))
    assert any("S-06" in one for one in counts.lost)


def test_a_build_that_does_not_sync_what_it_cut_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tail is cut and the next line begins a new day: the old file's end would be there again after a power cut."""

    def truncate(path: Path, size: int) -> None:
        fd = files.open_file(path, os.O_RDWR)
        system().ftruncate(fd, size)
        files.close(fd)

    torn = Step("S-06", (Put("cases", "answers", "A-2", "y"),), kind="torn")
    steps = [CREATE, *SHORT[:2], torn, SHORT[4]]
    assert broken(monkeypatch, steps).faults() == []
    assert any("S-05" in one for one in broken(monkeypatch, steps, truncate=truncate).unreadable)


def test_a_build_that_stands_on_what_a_killed_program_did_not_sync_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new day, new secrets or snapshots, after a program was killed between its write and its sync."""
    monkeypatch.setattr(Writer, "settle", lambda *_: None)
    steps = [CREATE, SHORT[0], Step("S-02", (Secret("dsl", "two"),))]
    said = broken(monkeypatch, steps, kill=1).unreadable
    assert any("in S-next" in one and "does not follow" in one for one in said)
    assert any("in S-secret" in one and "check: vault.json" in one for one in said)
    assert any("then S-snapshot" in one for one in said)


def test_a_build_that_leaves_erased_records_in_the_log_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_rewrite", lambda *_: None)
    steps = [CREATE, *SHORT[:2], *SHORT[-1:]]
    assert any("erased records still stand here" in one for one in broken(monkeypatch, steps).unreadable)


def test_the_shim_refuses_a_call_that_it_does_not_know(tmp_path: Path) -> None:
    with recorded(tmp_path), pytest.raises(AssertionError, match=r"os\.truncate"):
        system().truncate(tmp_path / "x", 1)


def test_a_torn_write_is_refused_in_the_workload_not_told(tmp_path: Path) -> None:
    with recorded(tmp_path) as shim:
        player = Player(tmp_path / "data", shim.begun, shim.told, shim.half)
        player.play([CREATE, *SHORT])
    assert list(player.refused) == ["S-06"]
    assert WriteError.__name__ in player.refused["S-06"]
