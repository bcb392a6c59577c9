"""Backups from the palette: made, proven, restored beside the folder in use; what is wrong is said."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.palette import palette_rows
from tests.conftest import PASSPHRASE, DeskFor
from tests.screens.golden import SIZES
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.desk import backups, logbook, retention, roll
from workbench.desk.clock import FixedClock
from workbench.desk.folders import open_folder


async def flow(pilot: Pilot[None], what: str) -> None:
    """Run a line of the palette."""
    await front(pilot).action_act(f"folder:{what}")
    await settle(pilot)


async def until(pilot: Pilot[None], words: str) -> str:
    """The window once it shows some words: copying is done beside the screen."""
    for _ in range(200):
        shown = drawn(pilot)
        if words in shown:
            return shown
        await pilot.pause(0.02)
    raise AssertionError(drawn(pilot))


async def test_a_backup_is_made_and_its_head_shown(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today", size=(120, 40)) as pilot:
        head = logbook.head(desk)
        await flow(pilot, "backup")
        assert "There is none yet." in drawn(pilot)
        await type_in(pilot, str(tmp_path / "x.backup"))
        await press(pilot, "ctrl+s")
        shown = await until(pilot, "Read back and proven")
        spaced = " ".join(head.hash[place : place + 4] for place in range(0, 32, 4))
        assert spaced in shown
        assert f"entry {head.seq}" in shown
        await press(pilot, "escape")
    assert backups.look(str(tmp_path / "x.backup"), head.hash).head == head
    newest = backups.last(desk)
    assert newest is not None
    assert newest.head == head.hash


async def test_one_that_is_there_is_not_written_over(desk_for: DeskFor, tmp_path: Path) -> None:
    place = tmp_path / "x.backup"
    place.write_text("mine")
    async with at(desk_for("dsl"), "today", size=(120, 40)) as pilot:
        await flow(pilot, "backup")
        await type_in(pilot, str(place))
        await press(pilot, "ctrl+s")
        await until(pilot, "exists already")
    assert place.read_text() == "mine"


async def test_a_backup_is_proven_against_a_head(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    made = backups.make(desk, str(tmp_path / "x.backup"))
    async with at(desk, "today", size=(120, 40)) as pilot:
        for head, words in (
            (made.head.hash[:16], "It has the head"),
            ("0" * 16, "its head is"),
            ("", "Compare"),
        ):
            await flow(pilot, "prove")
            await type_in(pilot, str(made.path))
            await press(pilot, "tab")
            if head:
                await type_in(pilot, head)
            await press(pilot, "ctrl+s")
            await until(pilot, words if words != "its head is" else "Its head is")
            await press(pilot, "escape")


async def test_a_backup_is_restored_beside_the_folder_in_use(
    desk_for: DeskFor, tmp_path: Path, folder: Path, clock: FixedClock
) -> None:
    desk = desk_for("leader")
    made = backups.make(desk, str(tmp_path / "x.backup"))
    pupil = roll.pupils(desk)[0].id
    retention.hold(desk, pupil, "an inquiry")
    async with at(desk, "today", size=(120, 40)) as pilot:
        for target, words in ((folder, "never merges"), (tmp_path / "new", "The backup is restored")):
            await flow(pilot, "restore")
            await type_in(pilot, str(made.path))
            await press(pilot, "tab", "tab")
            await type_in(pilot, str(target))
            await press(pilot, "tab")
            await type_in(pilot, PASSPHRASE)
            await press(pilot, "ctrl+s")
            shown = await until(pilot, words)
            assert PASSPHRASE not in shown
            if target != folder:
                assert "The folder in use holds this as well" in shown
                assert "put a legal hold on records: 1" in shown
            await press(pilot, "escape")
    again = open_folder(tmp_path / "new", clock)
    assert next(again.store.entries(newest_first=True))["act"] == "backup.restored"
    again.close()


@pytest.mark.parametrize("user", ["staff", "attendance", "auditor"])
async def test_other_roles_are_not_offered_them(desk_for: DeskFor, user: str) -> None:
    async with at(desk_for(user), "today") as pilot:
        offered = {row.key for row in palette_rows(front(pilot))}
        assert not {"act:folder:backup", "act:folder:prove", "act:folder:restore"} & offered
        await flow(pilot, "backup")
        assert front(pilot).desk.store.newest("backup.made") is None
        assert "for dsl or leader" in await until(pilot, "for dsl or leader")


async def test_the_check_names_places_and_what_to_do(desk_for: DeskFor, folder: Path) -> None:
    (folder / "pupils.json").write_bytes(b"{")
    async with at(desk_for("dsl"), "today", size=(120, 40)) as pilot:
        await front(pilot).action_act("check")
        shown = await until(pilot, "fault: pupils.json")
        assert "workbench check --rebuild" in shown
        assert "there is no backup of this folder yet" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_the_form_fits_and_says_how_the_folder_in_use_is_replaced(
    desk_for: DeskFor, size: tuple[int, int]
) -> None:
    async with at(desk_for("dsl"), "people", size=size) as pilot:
        await flow(pilot, "restore")
        shown = drawn(pilot)
        for words in ("Backup *", "Head", "New folder *", "Passphrase *", "Ctrl+S save"):
            assert words in shown
        assert "close the workbench everywhere and run `workbench restore FILE" in shown
