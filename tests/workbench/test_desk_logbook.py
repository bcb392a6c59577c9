"""The log as people read it: filtered, in words, and proven."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import opened
from workbench.desk import cases, checks, concerns, events, logbook, registers, removals, roll
from workbench.desk.clock import FixedClock
from workbench.desk.proofs import proof_words
from workbench.domain.acts import WORDS, act_words
from workbench.domain.errors import NotFoundError, RefusedError

DESK = Path(logbook.__file__).parent
ACT = re.compile(r"""(?:change|note|note_if_possible|_write)\((?:\s*desk, \w+,)?\s*"([a-z-]+\.[a-z-]+)\"""")
"""An act where it is written to the log."""


def test_a_filter_by_pupil_finds_what_belongs_to_them(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    removal = removals.start(desk, case.pupil, "F", case.id).removal.id
    cases.note(desk, case.id, "a note")
    other = next(p.id for p in roll.pupils(desk) if p.id != case.pupil)
    events.record(desk, other, "parent_letter", {"intent": "moving"})
    found = {(e["act"], e["subject"]) for e in logbook.entries(desk, pupil=case.pupil)}
    assert {("case.opened", case.id), ("removal.started", removal), ("note.added", case.id)} <= found
    assert other not in {subject for _, subject in found}


def test_a_filter_by_pupil_does_not_give_away_a_case_about_the_reader(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"), about=("deputy",))
    cases.note(desk_for("dsl"), case.id, "a note")
    subjects = {
        e["subject"]
        for e in logbook.entries(desk_for("deputy"), pupil=case.pupil)
        if e["act"] == "note.added"
    }
    assert subjects == set()


def test_filters_by_person_act_and_day(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    clock.advance(days=1)
    cases.note(desk_for("deputy"), case.id, "a note")
    assert {e["actor"] for e in logbook.entries(desk, person="deputy")} == {"deputy"}
    assert {e["act"] for e in logbook.entries(desk, act="note")} == {"note.added"}
    assert {e["act"] for e in logbook.entries(desk, act="case.opened")} == {"case.opened"}
    assert [e["act"] for e in logbook.entries(desk, day=date(2026, 11, 24))] == ["note.added"]
    every = logbook.entries(desk)
    assert [e["seq"] for e in every] == list(range(1, len(every) + 1))
    assert every[-1]["hash"] == logbook.head(desk).hash


def test_entries_read_as_words(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    registers.rest_present(desk, "9B", date(2026, 11, 23), "AM")
    registers.take(desk, "9B", date(2026, 11, 23), "AM")
    entry = logbook.entries(desk_for("dsl"))[-1]
    assert logbook.words(entry) == "took register 9B AM"
    assert act_words("something.new-made") == "something new made"


def test_every_act_that_the_desk_writes_has_its_words() -> None:
    sources = [p.read_text("utf-8") for p in DESK.glob("*.py")]
    written = {act for text in sources for act in ACT.findall(text)}
    assert len(written) > 30
    assert written - set(WORDS) == set()


def test_the_log_is_whole_until_a_byte_is_changed(desk_for: DeskFor, folder: Path) -> None:
    desk = desk_for("auditor")
    opened(desk_for("dsl"))
    assert logbook.verify(desk).whole
    assert not logbook.verify(desk, "ab" * 32).whole
    (segment, *_) = sorted((folder / "log").iterdir())
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    verdict = logbook.verify(desk)
    assert not verdict.whole
    assert segment.name in str(verdict.problems[0][0])


def test_who_reads_the_log_and_who_checks_the_folder(desk_for: DeskFor) -> None:
    for user in ("staff", "attendance"):
        for verb in (logbook.entries, logbook.verify, logbook.head):
            with pytest.raises(RefusedError):
                verb(desk_for(user))
    with pytest.raises(RefusedError):
        checks.check(desk_for("staff"))
    for user in ("dsl", "leader", "auditor", "attendance"):
        assert [f for f in checks.check(desk_for(user)) if f.level == "fault"] == []


def test_an_auditor_changes_nothing(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"))
    desk = desk_for("auditor")
    for attempt in (
        lambda: cases.note(desk, case.id, "x"),
        lambda: removals.removals(desk),
        lambda: concerns.concerns(desk),
        lambda: events.record(desk, case.pupil, "not_arrived", {}),
    ):
        with pytest.raises(RefusedError):
            attempt()
    with pytest.raises(NotFoundError, match="grants a case"):
        cases.show(desk, case.id)  # as one that is not there: it was not granted to them


def test_an_unfinished_last_line_is_a_remark_of_a_log_that_is_whole(desk_for: DeskFor, folder: Path) -> None:
    desk = desk_for("auditor")
    newest, segment = logbook.head(desk), sorted((folder / "log").iterdir())[-1]
    with segment.open("ab") as file:
        file.write(b'{"entry":{"act":"mark.dra')
    verdict = logbook.verify(desk)
    assert verdict.whole
    assert verdict.head == newest
    assert "was never acknowledged" in logbook.tail_words(verdict)
    assert logbook.tail_words(logbook.verify(desk)) == ""  # the entry of the proof cut it off


def test_a_proof_older_than_a_week_is_told_to_whoever_may_make_one(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    assert proof_words(desk) == ""  # the folder is new
    clock.advance(days=8)
    assert "was never proven whole: run `workbench log verify`" in proof_words(desk)
    assert proof_words(desk_for("attendance")) == ""
    assert logbook.verify(desk_for("auditor")).whole
    assert logbook.entries(desk)[-1]["act"] == "log.verified"
    proven = clock.now().date()
    clock.advance(days=7)
    assert proof_words(desk) == ""
    clock.advance(days=1)
    assert f"was last proven whole on {proven.isoformat()}:" in proof_words(desk)
    segment = sorted((folder / "log").iterdir())[0]
    good = segment.read_bytes()
    segment.write_bytes(good.replace(b'"class_":"9B"', b'"class_":"9X"', 1))
    assert not logbook.verify(desk).whole
    assert proof_words(desk) != ""  # a proof that found damage is none
    segment.write_bytes(good)
    assert logbook.verify(desk).whole
    assert proof_words(desk) == ""
