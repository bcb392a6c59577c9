"""Plain text: tables, text that no terminal obeys, duties in words."""

import json
from datetime import date
from typing import Any

import pytest

from rules.duty import Certainty, Citation, Duty, State, Trace
from screens import plain
from screens.commands.due_lines import due_lines

DAY = date(2026, 11, 23)
HOSTILE = "\x1b]0;x\x07\x1b[2J\u202eName\x9b31m\x00\ud800"


def duty(
    state: State, due: date, anchor: str, certainty: Certainty = "verified", settled: str | None = None
) -> Duty:
    return Duty(
        id=f"absence.resolve-n:P-1:{anchor}",
        rule="absence.resolve-n",
        pupil="P-1",
        action="Replace N",
        recipient=None,
        recipients=(),
        trigger=due,
        due=due,
        standing="law",
        certainty=certainty,
        state=state,
        citation=Citation("a law"),
        trace=Trace(("a fact",)),
        settled=settled,
    )


def test_no_control_character_reaches_a_terminal() -> None:
    for text in (plain.safe(HOSTILE), plain.to_json({"name": HOSTILE})):
        assert not [c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\ud800"]
    assert json.loads(plain.to_json({"name": HOSTILE}))["name"] == HOSTILE


def test_line_breaks_of_a_text_stay() -> None:
    assert plain.safe("one\ntwo\r") == "one\ntwo\ufffd"


def test_a_table_is_aligned_and_cut_with_an_ellipsis() -> None:
    rows: list[dict[str, Any]] = [
        {"a": "x", "b": ["p", "q"], "c": None},
        {"a": "long" * 40, "b": True, "c": 3},
    ]
    lines = plain.table(rows, {"a": "A", "b": "B", "c": "C"})
    assert {line.index(cell) for line, cell in zip(lines, ("B", "p, q", "yes"), strict=True)} == {
        plain.CELL + 2
    }
    assert "…" in lines[2]
    assert "None" not in "".join(lines)


def test_moments_are_said_to_the_minute() -> None:
    assert plain.table([{"at": "2026-11-23T09:12:33+00:00"}], {"at": "When"})[1] == "2026-11-23 09:12"


def test_duties_stand_late_first_under_headings_that_count_them() -> None:
    duties = [
        duty("due", date(2026, 11, 25), "2026-11-18"),
        duty("overdue", date(2026, 11, 20), "2026-11-13", "unverified"),
        duty("due", DAY, "2026-11-16"),
        duty("done", DAY, "2026-11-02", settled="done on Mon 9 Nov by dsl"),
    ]
    lines = due_lines(duties, {"P-1": "Dunmore, Kai 9B"}, DAY)
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "Late (1)",
        "Today (1)",
        "To come (1)",
        "Settled (1)",
    ]
    assert lines[1:3] == [
        " ! Fri 20 Nov  Dunmore, Kai 9B  Replace N (law, unverified).",
        "               absence.resolve-n:P-1:2026-11-13",
    ]
    assert lines[-2].strip() == "done on Mon 9 Nov by dsl."


@pytest.mark.parametrize("name", ["x" * 500, "é" * 35])
def test_a_long_name_does_not_push_the_column_away(name: str) -> None:
    line = due_lines([duty("due", DAY, "2026-11-16")], {"P-1": name}, DAY)[1]
    assert "…  Replace N" in line
    assert len(line) < 90
