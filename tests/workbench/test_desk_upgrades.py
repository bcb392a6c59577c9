"""Folders of every format at the desk: the same people, marks and cases, before and after the upgrade."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.snapshots import FORMAT
from tests.conftest import CHEAP, PASSPHRASE, USERS, DeskFor, signer
from tests.folderkit import FORMATS, copy_of
from tests.make_folder import CHILDREN, FIRST, SECOND
from workbench.desk import (
    accounts,
    backups,
    cases,
    checks,
    contacts,
    folders,
    logbook,
    registers,
    roll,
    signin,
    upgrades,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError, RefusedError

NOW = "2026-11-25T08:00:00"
EVERYBODY = (*USERS, "newcomer")
OLDER = [number for number in FORMATS if number < FORMAT]


@pytest.fixture(params=FORMATS)
def number(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def desk_for(number: int, tmp_path: Path) -> Iterator[DeskFor]:
    """Signs in at a copy of the folder of a format."""
    desk = folders.open_folder(copy_of(number, tmp_path / "data"), FixedClock(NOW))
    yield signer(desk)
    desk.close()


def seen(desk: Desk) -> dict[str, Any]:
    """What the folder says of children, marks, calls and cases."""
    pupils = roll.pupils(desk)
    shown = [cases.show(desk, row.case.id) for row in cases.cases(desk)]
    return {
        "pupils": pupils,
        "marks": {p.id: registers.marks_of(desk, p.id) for p in pupils},
        "contacts": {p.id: contacts.contacts(desk, p.id) for p in pupils},
        "cases": [(view.case, view.answers) for view in shown],
    }


def upgraded(desk: Desk) -> Desk:
    upgrades.upgrade(desk)
    return desk


def test_every_format_tells_the_same_story(desk_for: DeskFor) -> None:
    found = seen(desk_for("dsl"))
    assert [(p.surname, p.forename) for p in found["pupils"]] == list(CHILDREN)
    second = found["pupils"][1].id
    assert [code for _, _, code in found["marks"][second]] == ["N", "/"]
    assert [day for day, _, _ in found["marks"][second]] == [FIRST, SECOND]
    assert [c.result for c in found["contacts"][second]] == ["no answer"]
    ((case, answers),) = found["cases"]
    assert (case.pupil, answers["danger.level"].value) == (second, "none")


def test_an_upgrade_changes_nothing_that_is_recorded(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before = seen(desk)
    assert logbook.verify(desk).whole
    upgraded(desk)
    assert seen(desk) == before
    assert logbook.verify(desk).whole
    assert [one for one in checks.check(desk) if one.level == "fault"] == []
    again = folders.open_folder(desk.store.path, FixedClock(NOW))
    assert seen(signer(again)("dsl")) == before
    again.close()


def test_everybody_signs_in_before_and_after(desk_for: DeskFor) -> None:
    clock = desk_for("dsl").clock
    assert isinstance(clock, FixedClock)
    for _ in range(2):
        for user in EVERYBODY:
            desk_for(user)
            with pytest.raises(RefusedError):
                signin.sign_in(desk_for("leader" if user == "dsl" else "dsl"), user, "wrong")
            clock.advance(seconds=1)
        upgraded(desk_for("leader"))


def test_a_day_before_the_upgrade_is_still_known(desk_for: DeskFor) -> None:
    desk = upgraded(desk_for("dsl"))
    assert len(roll.pupils(desk.as_known(date(2026, 11, 22)))) == 3


def test_the_backup_puts_the_older_folder_back(desk_for: DeskFor, number: int, tmp_path: Path) -> None:
    """Who must go back to the older program can, and may upgrade again."""
    desk = desk_for("dsl")
    before = seen(desk)
    saved = upgrades.upgrade(desk).backup
    assert (saved is None) == (number == FORMAT)
    if saved is not None:
        backups.restore(backups.look(str(saved)), tmp_path / "back", "dsl", PASSPHRASE, FixedClock(NOW))
        back = folders.open_folder(tmp_path / "back", FixedClock(NOW))
        assert back.store.format == number
        assert seen(upgraded(signer(back)("dsl"))) == before
        back.close()


class TestOlder:
    """What holds of older folders alone."""

    @pytest.fixture(params=OLDER)
    def number(self, request: pytest.FixtureRequest) -> int:
        return int(request.param)

    def test_nothing_is_written_and_the_words_say_what_to_do(self, desk_for: DeskFor) -> None:
        desk = desk_for("attendance")
        before = desk.store.head
        with pytest.raises(FolderError, match="workbench upgrade"):
            roll.edit(desk, roll.pupils(desk)[0].id, {"class": "9A"})
        with pytest.raises(FolderError, match="workbench upgrade"):
            accounts.set_passphrase(desk, "other plain words", CHEAP)
        desk.finish()
        assert desk.store.head == before

    @pytest.mark.parametrize("user", ["staff", "attendance", "auditor"])
    def test_only_heads_upgrade(self, desk_for: DeskFor, user: str) -> None:
        with pytest.raises(RefusedError, match="dsl or leader"):
            upgrades.upgrade(desk_for(user))

    def test_the_entry_says_who_did_it(self, desk_for: DeskFor) -> None:
        upgraded(desk_for("leader"))
        last = list(desk_for("dsl").store.entries())[-1]
        assert (last["act"], last["actor"], last["role"], last["why"]) == (
            "folder.upgraded",
            "leader",
            "leader",
            "0>1",
        )
        assert logbook.words(last) == "upgraded the folder"

    def test_who_signs_in_is_asked_for_a_new_passphrase_until_they_chose_one(self, desk_for: DeskFor) -> None:
        desk = desk_for("dsl")
        asked = "workbench people passphrase"
        assert not any(asked in remark for remark in desk.store.remarks)
        upgraded(desk)
        del desk.store.remarks[:]
        accounts.set_passphrase(desk_for("dsl"), "other plain words", CHEAP)
        assert [r for r in desk.store.remarks if asked in r and "dsl" in r]
        del desk.store.remarks[:]
        signin.sign_in(desk, "dsl", "other plain words")
        assert desk.store.remarks == []
        desk_for("staff")
        assert [r for r in desk.store.remarks if asked in r and "staff" in r]

    def test_a_folder_without_its_snapshots_is_upgraded_from_its_log(
        self, number: int, tmp_path: Path
    ) -> None:
        path = copy_of(number, tmp_path / "bare")
        for one in path.glob("*.json"):
            if one.name != "vault.json":
                one.unlink()
        desk = folders.open_folder(path, FixedClock(NOW))
        upgraded(signer(desk)("dsl"))
        assert logbook.verify(signer(desk)("dsl")).whole
        desk.close()
