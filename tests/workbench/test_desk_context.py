from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import DeskFor, signer
from tests.filekit import swap
from workbench.desk import folders, registers, roll
from workbench.desk.clock import FixedClock, end_of, london, read_stamp, stamp
from workbench.desk.context import Desk
from workbench.desk.marks import book
from workbench.domain.errors import FolderError, InvalidError, NotFoundError
from workbench.domain.pupils import Contact

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
KOFI = "G880600123946"


@pytest.fixture
def two_desks(folder: Path, clock: FixedClock) -> Iterator[tuple[Desk, Desk]]:
    """Two programs on one folder."""
    one, other = folders.open_folder(folder, clock), folders.open_folder(folder, clock)
    yield signer(one)("attendance"), signer(other)("dsl")
    one.close()
    other.close()


def test_each_program_sees_the_others_changes_at_its_next_verb(two_desks: tuple[Desk, Desk]) -> None:
    one, other = two_desks
    kofi = roll.find(one, KOFI)
    roll.edit(other, kofi.id, {"class": "9B"})
    assert roll.find(one, kofi.id).class_ == "9B"
    registers.mark(one, kofi.id, MONDAY, "AM", "N")
    assert (MONDAY, "AM", "N") in registers.marks_of(other, kofi.id)


def test_marks_of_two_programs_in_one_half_term_both_survive(two_desks: tuple[Desk, Desk]) -> None:
    one, other = two_desks
    kofi = roll.find(one, KOFI).id
    registers.mark(one, kofi, MONDAY, "AM", "N")
    registers.mark(other, kofi, date(2026, 11, 24), "AM", "M")
    registers.mark(one, kofi, date(2026, 11, 24), "PM", "C")
    found = registers.marks_of(one, kofi)[-3:]
    assert [code for *_, code in found] == ["N", "M", "C"]


def test_what_was_known_on_an_earlier_day(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("attendance")
    kofi = roll.find(desk, KOFI).id
    clock.set("2026-11-24T09:00")
    registers.amend(desk, kofi, FRIDAY, "AM", "I", "ill after all")
    then, now = desk.as_known(MONDAY), desk.as_known(date(2026, 11, 24))
    assert (FRIDAY, "AM", "/") in registers.marks_of(then, kofi)
    assert (FRIDAY, "AM", "I") in registers.marks_of(now, kofi)
    assert registers.amendments(then, kofi) == []
    with pytest.raises(InvalidError, match="read, not written"):
        registers.mark(then, kofi, MONDAY, "AM", "N")
    with pytest.raises(InvalidError, match="Nothing was recorded"):
        desk.as_known(date(2026, 1, 1))


def test_marks_are_handed_to_the_rules_one_byte_a_session(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    kofi = roll.find(desk, KOFI).id
    registers.mark(desk, kofi, MONDAY, "AM", "C1")
    marks, sessions = book(desk).as_bytes(kofi), desk.calendar().sessions
    assert len(marks) == len(sessions)
    assert marks[sessions.index((MONDAY, "AM"))] == ord("c")
    assert marks[sessions.index((FRIDAY, "PM"))] == ord("\\")
    assert marks[sessions.index((date(2026, 9, 3), "AM"))] == ord(".")


def test_a_damaged_log_can_still_be_read(folder: Path, clock: FixedClock) -> None:
    desk = folders.open_folder(folder, clock)
    signed = signer(desk)("dsl")
    kofi = roll.edit(signed, KOFI, {"class": "9B"})
    roll.edit(signed, KOFI, {"class": "9A"})
    desk.close()
    segment = sorted((folder / "log").iterdir())[-1]
    raw = segment.read_bytes()
    segment.write_bytes(raw.replace(b'"class_":"9B"', b'"class_":"9X"', 1))
    again = signer(folders.open_folder(folder, clock))("dsl")
    assert roll.find(again, kofi.id).class_ == "10A"  # the state before the damage
    again.finish()
    with pytest.raises(FolderError, match=segment.name):
        roll.edit(again, kofi.id, {"class": "9B"})


def test_a_failing_disk_is_told_in_words(desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_for("attendance")

    def fail(fd: int, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    swap(monkeypatch, "write_all", fail)
    with pytest.raises(FolderError, match="No space left"):
        roll.edit(desk, KOFI, {"class": "9B"})
    monkeypatch.undo()
    assert roll.find(desk, KOFI).class_ == "10A"
    assert roll.edit(desk, KOFI, {"class": "9B"}).class_ == "9B"


def test_ids_are_fresh_even_if_chance_repeats_itself(folder: Path, clock: FixedClock) -> None:
    draws = iter([b"\0\0\0\1", b"\0\0\0\1", b"\0\0\0\2"])
    desk = folders.open_folder(folder, clock, random=lambda n: next(draws) if n == 4 else bytes(n))
    signed = signer(desk)("attendance")
    fields = {"surname": "Lis", "forename": "Ada", "born": "2013-02-01", "year": "8", "class": "8A"}
    ids = [roll.add(signed, {**fields, "starts": "2026-11-23"}).id for _ in range(2)]
    assert ids == ["P-000001", "P-000002"]
    desk.close()


def test_a_record_of_another_shape_names_its_place(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    with desk.change("pupil.edited") as tx:
        tx.put("pupils", "pupils", {"id": "P-BROKEN", "surname": 7})
    with pytest.raises(FolderError, match=r"pupils\.json, table pupils, P-BROKEN"):
        roll.find(desk, "P-BROKEN")


def test_stamps_carry_londons_offset() -> None:
    assert end_of(date(2026, 7, 1)) == "2026-07-01T23:59:59+01:00"
    assert stamp(read_stamp("2026-11-23T09:12:33+00:00")) == "2026-11-23T09:12:33+00:00"
    assert stamp(read_stamp("2026-07-01T08:00:00+00:00")) == "2026-07-01T09:00:00+01:00"
    assert london(read_stamp("2026-11-23T09:12:33").naive()).isoformat() == "2026-11-23T09:12:33+00:00"


def test_the_hour_that_comes_twice_is_one_day(clock: FixedClock) -> None:
    clock.set("2026-10-25T00:59:58")
    clock.advance(hours=25)
    assert clock.now().isoformat() == "2026-10-26T00:59:58+00:00"


def test_nothing_is_written_about_a_child_whose_records_are_gone(desk_for: DeskFor) -> None:
    """Erased by another program between the look and the lock: no record is left that no list would show."""
    desk = desk_for("dsl")
    call = Contact(
        id="CT-GONE",
        pupil="P-GONE",
        at=desk.stamp(),
        recorded=desk.stamp(),
        by="dsl",
        who="mother",
        result="no answer",
    )
    before = desk.store.head.seq
    with pytest.raises(NotFoundError, match="no pupil P-GONE any more"), desk.change("contact.added") as tx:
        desk.save(tx, "pupils", "contacts", call)
    assert desk.store.head.seq == before
