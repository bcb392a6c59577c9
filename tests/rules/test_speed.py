"""A bound that only a change of order can break: the whole school in a fraction of a second."""

import time
from datetime import date

from rules import engine
from rules.facts import Moment
from tests.rules.rulekit import FILE, RULES, YEAR, pupil

ON = date(2025, 7, 21)
PUPILS = 400
LIMIT = 0.6
"""Seconds for 400 pupils; about 20 ms are usual (`benchmarks/` measures against a peer)."""


def test_the_whole_school_takes_one_pass_a_pupil() -> None:
    every = [
        pupil(ON, {YEAR.days[n % 180]: "NO", YEAR.days[(7 * n) % 180]: "I"}, id=f"P-{n}")
        for n in range(PUPILS)
    ]
    began = time.process_time()
    found = [duty for who in every for duty in engine.duties(RULES, YEAR, FILE, who, Moment(on=ON))]
    assert time.process_time() - began < LIMIT
    assert len(found) >= PUPILS
