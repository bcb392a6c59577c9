"""Every kept input, and a moment's worth of new ones, for each loader: nothing but our own errors comes out."""

import random
import time

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.mutate import inputs
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.trial import attempt

MOMENT = 0.15
"""Seconds."""


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_loader_raises_its_own_errors_alone(target: Target) -> None:
    seeds = [one.read_bytes() for one in target.corpus()]
    assert seeds
    found = [(one.name, words) for one in target.corpus() if (words := attempt(target, one.read_bytes()))]
    assert found == []
    end = time.monotonic() + MOMENT
    for tried, data in enumerate(inputs(seeds, random.Random(2026))):
        assert attempt(target, data) == "", data[:2000]
        if tried >= 20 and time.monotonic() > end:
            break


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_file_in_order_is_taken(target: Target) -> None:
    """Else all inputs might be refused at the door, and nothing behind it be tried."""
    taken = [
        one
        for one in target.corpus()
        if one.name.startswith("seed-") and not refused(target, one.read_bytes())
    ]
    assert taken


def refused(target: Target, data: bytes) -> bool:
    try:
        target.load(data)
    except target.errors:
        return True
    return False


def test_an_error_that_is_not_ours_is_a_finding() -> None:
    def careless(data: bytes) -> None:
        {}[data]

    assert "KeyError came out of careless" in attempt(Target("careless", careless, (ValueError,)), b"x")


def test_an_error_without_a_word_is_a_finding() -> None:
    def silent(data: bytes) -> None:
        raise ValueError

    assert "without a word" in attempt(Target("silent", silent, (ValueError,)), b"x")


def test_the_command_tries_a_loader_within_its_memory(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--seconds", "0.1", "strict"]) == 0
    assert "0 loaders with findings" in capfd.readouterr().out
