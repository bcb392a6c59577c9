"""Calls killed and refused: the short form; where strace cannot be used, the skip says why."""

import subprocess
from typing import Any

import pytest

from tests.faults import strace


def test_nothing_acknowledged_is_lost_when_a_call_is_killed_or_refused() -> None:
    counts = strace.run(long=False)
    if counts.skipped:
        pytest.skip(counts.skipped[0])
    assert counts.faults() == []
    assert counts.done["kills"] >= 10
    assert counts.done["calls refused"] >= 10
    assert counts.done["changes acknowledged"] > 100


def test_a_build_that_writes_files_in_place_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strace, "FEW", {"write": ("KILL",)})
    counts = strace.run(long=False, broken=True)
    if counts.skipped:
        pytest.skip(counts.skipped[0])
    assert counts.unreadable


def test_without_strace_the_skip_is_counted_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    counts = strace.run(long=True)
    assert counts.skipped == ["strace is not installed"]
    assert counts.lines()[1] == "    skipped: strace is not installed"


def test_where_ptrace_is_refused_the_skip_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        words = "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted\n"
        return subprocess.CompletedProcess(command, 1, "", words)

    monkeypatch.setattr(strace.shutil, "which", lambda _: "/usr/bin/strace")  # type: ignore[attr-defined]
    monkeypatch.setattr(strace.subprocess, "run", refused)  # type: ignore[attr-defined]
    (reason,) = strace.run(long=False).skipped
    assert "Operation not permitted" in reason
