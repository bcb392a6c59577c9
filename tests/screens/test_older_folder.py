"""The app on a folder of an older format: everything can be looked at, and who writes is told what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.vault import NAME
from tests.conftest import PASSPHRASE
from tests.folderkit import copy_of
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A folder of format 0 on the morning after its last day, `dsl` signed in."""
    opened = folders.open_folder(copy_of(0, tmp_path / "data"), FixedClock("2026-11-25T09:00:00"))
    yield signin.sign_in(opened, "dsl", PASSPHRASE)
    opened.close(snapshot=True)


@pytest.mark.parametrize(
    ("place", "shows"),
    [("today", "Today"), ("pupils", "Alder"), ("cases", "Birch"), ("log", "reported a concern")],
)
async def test_every_list_can_be_looked_at(desk: Desk, place: str, shows: str) -> None:
    async with at(desk, place) as pilot:
        assert shows in drawn(pilot)


async def test_a_case_is_read_and_a_mark_is_refused_in_words(desk: Desk) -> None:
    before = desk.store.head
    async with at(desk, "cases") as pilot:
        await press(pilot, "enter")
        assert "Birch" in front(pilot).headline()
    async with at(desk, "register", size=(120, 40)) as pilot:
        await press(pilot, "enter", "n")
        assert "workbench upgrade" in drawn(pilot)
    assert desk.store.head == before


async def test_the_lock_says_who_can_help_where_the_vault_is_gone(tmp_path: Path) -> None:
    opened = folders.open_folder(copy_of(1, tmp_path / "data"), FixedClock("2026-11-25T09:00:00"))
    async with at(signin.sign_in(opened, "dsl", PASSPHRASE), "pupils") as pilot:
        (opened.store.path / NAME).unlink()
        await press(pilot, "f9")
        await type_in(pilot, PASSPHRASE)
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete([w for w in pilot.app.workers if w.group == "unlock"])
        await settle(pilot)
        assert "ask deputy or leader" in drawn(pilot)
        assert "Alder" not in drawn(pilot)
    opened.close()
