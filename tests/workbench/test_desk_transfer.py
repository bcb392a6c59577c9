"""Transfer files: for whom, to where, under which number; what the log says; what a failing disk leaves behind."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from tests.conftest import DeskFor
from tests.faults.disk import failing, writing_short
from tests.workbench.story import UPN, acts, all_but_authorised
from workbench.desk import duties, events, removals, returns, roll, transfer
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain import ctf
from workbench.domain.errors import FolderError, InvalidError, NotFoundError, RefusedError, WorkbenchError

FIRST = "8806001_CTF_XXXXXXX_001.xml"
HOSTILE = '</Surname>&<![CDATA[ "x" ]]>'


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def gone(desk_for: DeskFor) -> str:
    """The id of a child whose name came off today."""
    dsl = desk_for("dsl")
    pupil = next(p.id for p in roll.pupils(dsl) if p.upn != UPN)
    made = all_but_authorised(dsl, pupil).removal
    removals.authorise(desk_for("leader"), made.id)
    removals.complete(dsl, made.id, dsl.today())
    return pupil


def as_kind(desk: Desk, **fields: str) -> None:
    """Make the school another one."""
    with desk.change("school.edited") as tx:
        desk.save(tx, "school", "school", msgspec.structs.replace(desk.school(), **fields))


def newest(desk: Desk) -> dict[str, Any]:
    return list(desk.store.entries())[-1]


def test_the_file_holds_who_it_is_and_says_so_in_the_log(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("attendance")
    pupil = roll.find(desk, gone(desk_for))
    made = transfer.write(desk, pupil.id, str(stick))
    assert (made.id, made.destination, made.ahead) == (FIRST, "XXXXXXX", False)
    path = stick / FIRST
    assert Path(made.path) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = ctf.read(path.read_bytes())
    who = (pupil.upn, pupil.surname, pupil.forename, pupil.born.isoformat())
    assert (read.pupil.upn, read.pupil.surname, read.pupil.forename, read.pupil.dob) == who
    assert (read.source.number, read.school) == ("8806001", "Riverside Centre")
    assert (read.made, read.academic_year, read.version) == ("2026-11-23T09:12:33", "2026", "25.0")
    entry = newest(desk)
    assert (entry["act"], entry["subject"], entry["why"]) == ("transfer-file.written", pupil.id, FIRST)
    assert (entry["actor"], entry["role"]) == ("attendance", "attendance")
    assert [each.name for each in stick.iterdir()] == [FIRST]


def test_numbers_go_on_by_destination_and_begin_anew_with_the_year(
    desk_for: DeskFor, stick: Path, clock: FixedClock
) -> None:
    desk, pupil = desk_for("dsl"), gone(desk_for)
    names = [
        transfer.write(desk, pupil, str(stick), to).id for to in (None, "8801234", "XXXXXXX", "880/1234")
    ]
    assert names == [
        FIRST, "8806001_CTF_8801234_001.xml", "8806001_CTF_XXXXXXX_002.xml", "8806001_CTF_8801234_002.xml",
    ]  # fmt: skip
    clock.set("2027-09-10T09:00:00")
    (stick / "next").mkdir()
    assert transfer.write(desk, pupil, str(stick / "next")).id == FIRST


def test_a_name_that_stands_needs_the_word_ahead_and_stays(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match="--ahead"):
        transfer.write(desk, UPN, str(stick))
    assert acts(desk, before) == []
    made = transfer.write(desk, UPN, str(stick), ahead=True)
    assert made.ahead
    assert any("takes nobody off roll" in remark for remark in made.remarks)
    assert roll.find(desk, UPN).left is None
    assert acts(desk, before) == ["transfer-file.written"]


def test_the_words_that_mark_it_sent_discharge_the_duty(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    as_kind(desk, kind="maintained", maintained_by="Torbay")
    pupil = gone(desk_for)
    made = transfer.write(desk, pupil, str(stick))
    assert made.duty == f"roll.transfer-file:{pupil}:2026-11-23"
    assert made.next == f'Once it is sent: workbench return sent {made.duty} --how "school2school, REFERENCE"'
    leaders = transfer.write(desk_for("leader"), pupil, str(stick))
    assert leaders.next.startswith("Once it is sent (for attendance or dsl): workbench return sent")
    assert duties.find(desk, made.duty).state == "due"  # written is not sent
    returns.sent(desk, made.duty, "school2school, 1")
    assert duties.find(desk, made.duty).state == "done"
    assert transfer.write(desk, pupil, str(stick)).duty is None


def test_a_recorded_school_is_not_written_as_unknown_unsaid(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    events.record(desk, UPN, "moved_school", {"to": "Hillside School"})
    with pytest.raises(InvalidError, match=r"next school of P-.* is recorded"):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert transfer.write(desk, UPN, str(stick), "XXXXXXX", ahead=True).id == FIRST


def test_a_code_says_what_it_means_and_how_certain_it_is(desk_for: DeskFor, stick: Path) -> None:
    said = " ".join(transfer.write(desk_for("dsl"), UPN, str(stick), "mmmmmmm", ahead=True).remarks)
    assert "MMMMMMM (unverified): a school outside the maintained sector" in said
    assert all(each.certainty in ("verified", "unverified") for each in transfer.choices().destinations)


def test_without_a_upn_the_file_has_none_and_says_so(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    fields = {"surname": HOSTILE, "forename": "Ada", "born": "2013-05-14", "year": "9", "class": "9B"}
    child = roll.add(desk, {**fields, "starts": "2026-11-23", "sex": "Female"})
    made = transfer.write(desk, child.id, str(stick), ahead=True)
    assert "No UPN is recorded: the file has none." in made.remarks
    read = ctf.read(Path(made.path).read_bytes()).pupil
    assert (read.upn, read.surname, read.sex) == (None, HOSTILE, "F")


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_staff_and_auditors_write_none(desk_for: DeskFor, stick: Path, user: str) -> None:
    desk = desk_for(user)
    with pytest.raises(RefusedError):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert (newest(desk)["act"], newest(desk)["why"]) == ("verb.refused", "transfer.write")
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("to", ["880123", "88012345", "88O1234", "XXXXXX", "\x1b[2J", "../../x"])
def test_a_destination_that_is_none_is_named(desk_for: DeskFor, stick: Path, to: str) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match="Destination") as refused:
        transfer.write(desk, UPN, str(stick), to, ahead=True)
    assert "\x1b" not in str(refused.value)
    assert (acts(desk, before), list(stick.iterdir())) == ([], [])


def test_a_school_without_such_a_number_sends_none(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    as_kind(desk, number="Riverside")
    with pytest.raises(InvalidError, match="school's number Riverside"):
        transfer.write(desk, UPN, str(stick), ahead=True)


def test_the_folder_must_be_one_and_not_ours(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    (stick / "file").write_text("mine")
    for out in (stick / "none", stick / "file", "", "a\x00b"):
        with pytest.raises(InvalidError, match="There is no folder"):
            transfer.write(desk, UPN, str(out), ahead=True)
    for inside in (desk.store.path, desk.store.path / "log"):
        with pytest.raises(InvalidError, match="data folder"):
            transfer.write(desk, UPN, str(inside), ahead=True)
    with pytest.raises(NotFoundError):
        transfer.write(desk, "P-NOBODY", str(stick), ahead=True)


def test_a_file_that_is_there_is_never_written_over(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    (stick / FIRST).write_text("mine")
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match="exists already"):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert (stick / FIRST).read_text() == "mine"
    assert acts(desk, before) == []


def test_a_full_disk_leaves_neither_file_nor_entry(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    with writing_short(100), pytest.raises(InvalidError, match=r"cannot be written: No space left"):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert (acts(desk, before), list(stick.iterdir())) == ([], [])
    assert transfer.write(desk, UPN, str(stick), ahead=True).id == FIRST


def test_a_log_that_is_full_takes_the_file_away_again(desk_for: DeskFor, stick: Path) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    with failing("write", errno.ENOSPC, nth=2) as fault, pytest.raises(FolderError, match="disk refused"):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert fault.hit
    assert (acts(desk, before), list(stick.iterdir())) == ([], [])
    assert transfer.write(desk, UPN, str(stick), ahead=True).id == FIRST


@pytest.mark.parametrize("call", ["write", "fsync", "link", "pread", "open"])
def test_whatever_fails_leaves_nothing_half_written(desk_for: DeskFor, stick: Path, call: str) -> None:
    """Every time the call is made on the way there it fails once."""
    desk = desk_for("dsl")
    for nth in range(1, 30):
        before = desk.store.head.seq
        with failing(call, errno.EIO, nth) as fault, suppress(WorkbenchError):
            transfer.write(desk, UPN, str(stick), ahead=True)
        written = acts(desk, before).count("transfer-file.written")
        left = [path.name for path in stick.iterdir()]
        assert not [name for name in left if name.endswith(".tmp")]
        assert len(left) == written
        for name in left:
            (stick / name).unlink()
        if not fault.hit:
            return
    raise AssertionError(call)


def test_what_is_not_read_back_as_written_gets_no_name(desk_for: DeskFor, stick: Path) -> None:
    desk, real = desk_for("dsl"), os.write
    before = desk.store.head.seq

    def rotten(fd: int, data: bytes) -> int:
        return real(fd, data.replace(b"<DOB>20", b"<DOB>19"))

    with patch.object(os, "write", rotten), pytest.raises(InvalidError, match="not what was written"):
        transfer.write(desk, UPN, str(stick), ahead=True)
    assert (acts(desk, before), list(stick.iterdir())) == ([], [])


def test_two_who_write_at_once_get_two_numbers(desk_for: DeskFor, stick: Path) -> None:
    """The other one writes after the first has looked for its number."""
    desk, real = desk_for("dsl"), ctf.file_name
    other = stick / "other"
    other.mkdir()
    waiting = [True]

    def slow(*given: Any) -> str:
        name = real(*given)
        if waiting.pop() if waiting else False:
            transfer.write(desk_for("attendance"), UPN, str(other), ahead=True)
        return name

    with patch.object(ctf, "file_name", slow):
        made = transfer.write(desk, UPN, str(stick), ahead=True)
    assert [path.name for path in other.iterdir()] == [FIRST]
    assert made.id == "8806001_CTF_XXXXXXX_002.xml"
