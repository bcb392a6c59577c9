"""What a restore undoes is named before it does it, kept with its entry, and of what is about who restores, nothing."""

from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE, DeskFor
from tests.workbench.story import opened
from workbench.desk import accounts, backups, concerns, logbook, retention
from workbench.desk.backups import After, Undone
from workbench.desk.clock import FixedClock
from workbench.desk.folders import open_folder
from workbench.desk.undone import since, undone_words
from workbench.domain.errors import FolderError, RefusedError


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def by_act(undone: tuple[Undone, ...] | None) -> dict[str, Undone]:
    assert undone is not None
    return {each.act: each for each in undone}


def test_what_was_entered_after_the_backup_is_told_first_and_kept_with_the_entry(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    made = backups.make(desk, str(stick))
    case = opened(desk)
    hold = retention.hold(desk, case.pupil, "an inquiry")
    accounts.set_roles(desk, "staff", ["none"])
    accounts.set_roles(desk, "staff", ["attendance"])
    heard: list[After | None] = []

    def tell(after: After | None) -> None:
        assert (folder / "log").exists()  # nothing was done yet
        assert not list(folder.parent.glob("data.replaced-*"))
        heard.append(after)

    head = logbook.head(desk).hash
    desk.close()
    done = backups.restore(
        backups.look(str(made.path)), folder, "leader", PASSPHRASE, clock, replace=True, tell=tell
    )
    (after,) = heard
    assert after is not None
    assert after.head == done.replaced == head
    found = by_act(after.undone)
    assert found["case.opened"].ids == (case.id,)
    assert found["records.held"].count == 1
    assert set(found["records.held"].ids) <= {hold.id, case.pupil}
    assert (found["person.roles-set"].count, found["person.roles-set"].ids) == (2, ("staff",))
    assert found["backup.made"].ids == ()
    assert after.count == sum(each.count for each in found.values())
    assert f"opened case: 1 ({case.id})" in undone_words(after.undone)
    assert done.aside is not None
    assert backups.undone(done) == after.undone
    kept = open_folder(done.aside, clock)
    assert kept.get("cases", "cases", case.id) is not None  # the folder is beside, whole
    assert [one for one in kept.store.check() if one.level == "fault"] == []
    kept.close()


def test_who_says_no_when_it_is_told_leaves_everything_as_it_was(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    found = backups.look(str(backups.make(desk, str(stick)).path))
    desk.close()
    before = {one.name: one.read_bytes() for one in (folder / "log").iterdir()}

    class NoError(Exception):
        """As an answer at a terminal."""

    def refuse(after: After | None) -> None:
        raise NoError

    with pytest.raises(NoError):
        backups.restore(found, folder, "dsl", PASSPHRASE, clock, replace=True, tell=refuse)
    assert {one.name: one.read_bytes() for one in (folder / "log").iterdir()} == before
    assert [one.name for one in folder.parent.iterdir() if "data" in one.name] == ["data"]


def test_what_others_write_while_it_is_asked_is_not_undone_untold(
    desk_for: DeskFor, stick: Path, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    found = backups.look(str(backups.make(desk, str(stick)).path))

    def tell(after: After | None) -> None:
        desk.note("case.viewed")

    with pytest.raises(FolderError, match="Somebody wrote into the folder meanwhile"):
        backups.restore(found, folder, "dsl", PASSPHRASE, clock, replace=True, tell=tell)
    assert not list(folder.parent.glob("data.replaced-*"))


def test_of_what_is_about_who_restores_nothing_is_told(desk_for: DeskFor) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    head = logbook.head(dsl)
    case = opened(dsl, about=("leader",))
    concern = concerns.report(dsl, case.pupil, "words about somebody", about=("leader",))
    told = [name for each in since(leader, head).undone or () for name in each.ids]
    assert case.id not in told
    assert concern not in told
    assert case.id in by_act(since(dsl, head).undone)["case.opened"].ids


def test_a_folder_that_does_not_hold_the_head_cannot_be_compared(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    head = logbook.head(desk)
    assert since(desk, head).undone == ()
    other = since(desk, head._replace(hash="0" * 64))
    assert (other.undone, other.count) == (None, 0)
    assert since(desk, head._replace(seq=head.seq + 9)).undone is None
    assert "cannot be compared" in undone_words(other.undone)[0]
    with pytest.raises(RefusedError):
        since(desk_for("attendance"), head)
