"""A command line in this process: a copied folder, a clock that stands, cheap passphrases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from screens.cli import run
from screens.commands.session import World
from tests.conftest import CHEAP, PASSPHRASE
from workbench.desk.clock import FixedClock


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result as the value it prints."""
        return json.loads(self.out)


Workbench = Callable[..., Said]


@pytest.fixture
def workbench(
    folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Workbench:
    """`workbench("due", user="dsl")`: runs a command on the folder with pupils."""
    monkeypatch.setenv("WORKBENCH_DATA", str(folder))
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: str, user: str | None = "dsl") -> Said:
        capsys.readouterr()
        named = ("--user", user) if user else ()
        code = run([*named, *words], World(clock, CHEAP))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call
