"""Screens are tested in a tenth of the time: the pilot looks every 4 ms whether the app is idle, not every 20 ms."""

import pytest
from textual import _wait

LOOK = 1 / 250


@pytest.fixture(autouse=True)
def _impatient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", LOOK)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", LOOK / 20)
