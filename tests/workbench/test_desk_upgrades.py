"""Folders of every format at the desk: the same people, marks and cases, before and after the upgrade."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.snapshots import FORMAT, LAST_UNSEALED
from tests.conftest import CHEAP, PASSPHRASE, USERS, DeskFor, signer
from tests.folderkit import CONCERN, FORMATS, NOTE, RECOVERY, copy_of
from tests.make_folder import CHILDREN, FIRST, SECOND
from workbench.desk import (
    accounts,
    backups,
    cases,
    checks,
    concerns,
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
from workbench.desk.keyring import Keyring
from workbench.desk.sealing import Sealer
from workbench.domain.cases import Concern, Note
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


def test_the_sealed_folder_opens_with_its_passphrase_and_its_recovery_key(tmp_path: Path) -> None:
    """Made once by the program of then: whoever comes later must open it."""
    desk = folders.open_folder(copy_of(2, tmp_path / "data"), FixedClock(NOW))
    dsl = signer(desk)("dsl")
    (note,) = dsl.records("cases", "notes", Note)
    (concern,) = concerns.concerns(dsl)
    assert (note.text, concerns.show(dsl, concern.id).text) == (NOTE, CONCERN)
    assert signer(desk)("attendance").records("cases", "notes", Note) == []
    then = dsl.as_known(FIRST)
    assert [note.text for note in then.records("cases", "notes", Note)] == [NOTE]
    assert then.records("concerns", "concerns", Concern) == []
    ring = Keyring("recovery", RECOVERY, b"", desk.store.vault)
    read = desk.store.opened(Sealer(ring, desk.store, desk.random, pytest.fail))
    assert [one["text"] for one in read.docs("cases", "notes").values()] == [NOTE]
    assert [one["text"] for one in read.docs("concerns", "concerns").values()] == [CONCERN]
    desk.close()


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
    assert (saved is None) == (number >= LAST_UNSEALED)
    if saved is not None:
        backups.restore(backups.look(str(saved)), tmp_path / "back", "dsl", PASSPHRASE, FixedClock(NOW))
        back = folders.open_folder(tmp_path / "back", FixedClock(NOW))
        assert back.store.format == number
        assert seen(upgraded(signer(back)("dsl"))) == before
        back.close()


def test_the_entry_says_who_did_it(tmp_path: Path) -> None:
    desk = folders.open_folder(copy_of(0, tmp_path / "data"), FixedClock(NOW))
    upgraded(signer(desk)("leader"))
    last = list(desk.store.entries())[-1]
    assert (last["act"], last["actor"], last["role"], last["why"]) == (
        "folder.upgraded", "leader", "leader", "0>1",
    )  # fmt: skip
    assert logbook.words(last) == "upgraded the folder"
    desk.close()


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
