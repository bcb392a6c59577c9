"""The deviations are named in the documentation as the run names them."""

import pytest

from tests.tinydb_own.__main__ import DEVIATIONS, LEAST, ROOT, judge


def outcomes(failing: set[str]) -> dict[str, str]:
    passing = {f"test_x.py::test_{number}": "passed" for number in range(LEAST)}
    return passing | {name: "failed" if name in failing else "passed" for name in DEVIATIONS}


def test_documented() -> None:
    text = (ROOT / "docs" / "tinydb.md").read_text("utf-8")
    for name, reason in DEVIATIONS.items():
        assert f"| `{name}` | {reason} |" in text
    assert f"{LEAST} pass" in text


def test_only_the_named_may_fail(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(DEVIATIONS)
    assert judge("4.9.0", outcomes(named), 86) == 0
    assert judge("4.9.0", outcomes(named - {"test_storages.py::test_encoding"}), 86) == 1
    assert judge("4.9.0", outcomes(named) | {"test_x.py::test_0": "failed"}, 86) == 1
    assert judge("4.9.0", outcomes(named) | {"test_x.py::test_0": "skipped"}, 86) == 1
    said = capsys.readouterr().out
    assert "named, and does not fail: test_storages.py::test_encoding" in said
    assert "fails, and is not named: test_x.py::test_0" in said
