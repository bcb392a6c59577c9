"""The runner of `make faults`: figures are printed, and a loss is an exit code."""

import importlib
from types import SimpleNamespace

import pytest

from tests.faults import __main__ as runner
from tests.faults.counts import Counts


def families(monkeypatch: pytest.MonkeyPatch, **found: Counts) -> None:
    """Other families of faults in the place of the real ones."""
    by_module = {
        f"tests.faults.{name}": SimpleNamespace(run=lambda _, one=one: one) for name, one in found.items()
    }
    monkeypatch.setattr(runner, "FAMILIES", tuple(found))
    monkeypatch.setattr(importlib, "import_module", by_module.__getitem__)


def test_figures_are_printed_for_each_family_and_in_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    families(
        monkeypatch,
        one=Counts("one", {"images": 1200, "cuts": 3}),
        two=Counts("two", {"images": 4}, skipped=["no strace"]),
    )
    assert runner.main([]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(
        "one: 1,200 images, 3 cuts; 0 lost, 0 unreadable, 0 readable but wrong; 0 skipped ("
    )
    assert "    skipped: no strace" in out
    assert out[-1] == "in all: 1,204 images, 3 cuts; 0 lost, 0 unreadable, 0 readable but wrong; 1 skipped"


@pytest.mark.parametrize("kind", ["lost", "unreadable", "wrong"])
def test_one_broken_promise_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    broken = Counts("one")
    getattr(broken, kind).append("S-03 after call 4")
    families(monkeypatch, one=broken, two=Counts("two"))
    assert runner.main([]) == 1
    assert f"    {kind}: S-03 after call 4" in capsys.readouterr().out


def test_a_family_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["fire"]) == 2
    assert "no such family of faults: fire" in capsys.readouterr().out


def test_many_broken_promises_are_told_shortly() -> None:
    lines = Counts("one", lost=[f"S-{number}" for number in range(50)]).lines(most=5)
    assert len(lines) == 7
    assert lines[-1] == "    and 45 more"
