from pathlib import Path

import pytest

from tests.conftest import CHEAP, PASSPHRASE, USERS, DeskFor, make_folder, signer
from workbench.desk import folders, roll
from workbench.desk.clock import FixedClock
from workbench.domain.errors import FolderError, InvalidError


def test_a_new_folder_holds_school_people_and_half_terms(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    assert desk.school().name == "Riverside Centre"
    assert desk.school().registers_since.isoformat() == "2026-11-23"
    assert sorted(desk.docs("people", "people")) == sorted(USERS)
    assert len(desk.docs("register-2026-27", "blocks")) == 6
    assert desk.docs("register-2026-27", "codes")["C1"]["char"] == "c"


def test_making_it_is_one_entry(empty_for: DeskFor) -> None:
    entries = list(empty_for("dsl").store.entries())
    assert [(entry["seq"], entry["act"]) for entry in entries] == [(1, "folder.made")]


def test_it_opens_again(tmp_path: Path, school_toml: str, clock: FixedClock) -> None:
    make_folder(tmp_path / "new", school_toml, clock).close(snapshot=True)
    desk = folders.open_folder(tmp_path / "new", clock)
    assert roll.pupils(signer(desk)("dsl")) == []
    desk.close()


@pytest.mark.parametrize("what", ["file", "full", "folder of ours"])
def test_an_existing_folder_is_refused_and_left_alone(
    tmp_path: Path, school_toml: str, clock: FixedClock, what: str
) -> None:
    path = tmp_path / "there"
    if what == "file":
        path.write_text("mine")
    elif what == "full":
        path.mkdir()
        (path / "letter.txt").write_text("mine")
    else:
        make_folder(path, school_toml, clock).close()
    before = sorted((p, p.stat().st_size) for p in tmp_path.rglob("*"))
    with pytest.raises(FolderError):
        make_folder(path, school_toml, clock)
    assert sorted((p, p.stat().st_size) for p in tmp_path.rglob("*")) == before


def test_a_file_that_is_not_in_order_makes_no_folder(
    tmp_path: Path, school_toml: str, clock: FixedClock
) -> None:
    with pytest.raises(InvalidError, match="colour"):
        make_folder(tmp_path / "new", 'colour = "red"\n' + school_toml, clock)
    assert not (tmp_path / "new").exists()


def test_a_missing_passphrase_makes_no_folder(tmp_path: Path, school_toml: str, clock: FixedClock) -> None:
    with pytest.raises(InvalidError, match="auditor"):
        folders.init(tmp_path / "new", school_toml, dict.fromkeys(USERS[:-1], PASSPHRASE), clock, kdf=CHEAP)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("make", [lambda p: None, lambda p: p.mkdir(), lambda p: p.write_text("x")])
def test_what_is_no_folder_of_ours_does_not_open(tmp_path: Path, clock: FixedClock, make: object) -> None:
    path = tmp_path / "other"
    make(path)  # type: ignore[operator]
    with pytest.raises(FolderError):
        folders.open_folder(path, clock)


def test_reading_works_on_a_folder_that_cannot_be_written_to(folder: Path, clock: FixedClock) -> None:
    desk = folders.open_folder(folder, clock, readonly=True)
    signed = signer(desk)("dsl")
    assert len(roll.pupils(signed)) == 96
    signed.finish()
    with pytest.raises(FolderError):
        roll.edit(signed, roll.pupils(signed)[0].id, {"class": "9A"})
    desk.close()


def test_the_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert folders.default_path().name == "cme-workbench"
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path))
    assert folders.default_path() == tmp_path
