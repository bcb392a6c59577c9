"""Power cuts in a restore; and a restore that was broken on purpose is caught."""

from pathlib import Path
from typing import Any

import pytest

from store import files
from store.files import writing
from store.restoring import ASIDE
from tests.faults import moves
from tests.filekit import swap


def test_a_power_cut_in_a_restore_loses_neither_folder() -> None:
    counts = moves.run(long=False)
    assert counts.faults() == []
    assert counts.done["images"] > 100


def test_a_restore_that_does_not_sync_its_moves_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename_folder(source: Path, target: Path) -> None:
        system: Any = vars(writing)["os"]
        system.rename(source, target)

    swap(monkeypatch, "rename_folder", rename_folder)
    counts = moves.run(long=False)
    assert counts.broken


def test_a_restore_that_removes_what_it_replaces_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = files.rename_folder

    def rename_folder(source: Path, target: Path) -> None:
        if ASIDE in target.name:
            files.remove_folder(source, within=["log"])
        else:
            real(source, target)

    swap(monkeypatch, "rename_folder", rename_folder)
    assert any("what was replaced" in one for one in moves.run(long=False).lost)
