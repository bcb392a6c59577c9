"""Promises about amendments: whatever the register, a mark that becomes one that breaks a run makes no duty."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import engine
from rules.facts import Moment, PupilFacts
from tests.rules.rulekit import FILE, RULES, YEAR, D

RUNS = frozenset({"absence.ten-day-return", "case.enquiries"})
BREAKING = ("/", "\\", "L", "I", "C", "M", "K", "V", "Y1")
ABSENT = st.sampled_from([b"O", b"N", b"G", b"U"])
DAYS = 40


def who(marks: bytes) -> PupilFacts:
    """A pupil of compulsory age, long on the roll, with these marks from the first day on."""
    rest = 2 * len(YEAR.days) - len(marks)
    return PupilFacts(
        id="P-1", born=D(2012, 5, 1), year=8, starts=D(2023, 9, 5), baseline=True, marks=marks + b"." * rest
    )


def triggers(marks: bytes, on: date) -> set[tuple[str, date]]:
    """Each duty of a run, by rule and the day it began to stand."""
    found = engine.duties(RULES, YEAR, FILE, who(marks), Moment(on=on), RUNS)
    return {(duty.rule, duty.trigger) for duty in found}


@st.composite
def registers(draw: st.DrawFn) -> bytes:
    """Weeks of marks with long absences in them."""
    marks = bytearray(b"/\\" * DAYS)
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, 2 * DAYS - 1))
        last = draw(st.integers(first, 2 * DAYS))
        code = draw(ABSENT)
        marks[first:last] = code * (last - first)
    return bytes(marks)


@settings(max_examples=200, deadline=None)
@given(registers(), st.integers(0, 2 * DAYS - 1), st.sampled_from(BREAKING))
def test_an_amendment_to_a_breaking_code_never_creates_a_trigger(marks: bytes, at: int, code: str) -> None:
    on = YEAR.days[DAYS - 1]
    before = triggers(marks, on)
    changed = bytearray(marks)
    changed[at : at + 1] = RULES.codes.encode(code)
    after = triggers(bytes(changed), on)
    for rule, trigger in after - before:
        # what is left of a run that was cut begins later: it was part of a longer one that stood before
        earlier = [each for each in before if each[0] == rule and each[1] <= trigger]
        assert earlier, f"{rule} began on {trigger}, and nothing stood before"


@settings(max_examples=200, deadline=None)
@given(registers(), st.integers(0, 2 * DAYS - 1), st.sampled_from(BREAKING))
def test_a_day_that_breaks_is_in_no_run(marks: bytes, at: int, code: str) -> None:
    on = YEAR.days[DAYS - 1]
    changed = bytearray(marks)
    changed[at : at + 1] = RULES.codes.encode(code)
    day = YEAR.days[at // 2]
    for duty in engine.duties(RULES, YEAR, FILE, who(bytes(changed)), Moment(on=on), RUNS):
        assert not any(span.first <= day <= span.last for span in duty.trace.counted)
