"""Keys on the people screen: proven, made anew, reset, left."""

import re

import pytest

from screens.lock import refuse_without_role
from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from tests.folderkit import RECOVERY
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, type_in
from workbench.desk import accounts, recovering, rekeying, signin
from workbench.desk.clock import FixedClock
from workbench.desk.recovery import as_text
from workbench.domain.errors import RefusedError


async def test_the_list_says_who_holds_keys(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "people") as pilot:
        same("people-keys", pilot)


async def test_the_recovery_key_is_typed_back_and_not_shown(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    clock.advance(hours=1)
    async with at(desk, "people") as pilot:
        await press(pilot, "p")
        await type_in(pilot, as_text(bytes(32)))
        await press(pilot, "ctrl+s")
        assert "not the recovery key" in drawn(pilot)
        await type_in(pilot, as_text(RECOVERY))
        assert as_text(RECOVERY)[:4] not in drawn(pilot)
        await press(pilot, "ctrl+s")
        assert front(pilot).message.startswith("The recovery key is proven.")
    assert recovering.paper(desk).proven == desk.stamp()


async def test_a_new_one_wants_the_passphrase_and_is_shown_once(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    async with at(desk, "people") as pilot:
        await press(pilot, "v")
        await type_in(pilot, "not my passphrase")
        await press(pilot, "ctrl+s")
        assert "wrong" in drawn(pilot)
        clock.advance(seconds=1)
        await type_in(pilot, PASSPHRASE)
        await press(pilot, "ctrl+s")
        shown = re.search(r"(?:[0-9A-Z]{4}-){5,}[0-9A-Z-]+", drawn(pilot))
        assert shown is not None
        await press(pilot, "escape")
        assert shown.group() not in drawn(pilot)
    assert recovering.paper(desk).proven is None


async def test_who_lost_the_passphrase_gets_a_first_one(desk_for: DeskFor) -> None:
    desk = desk_for("leader")
    async with at(desk, "people") as pilot:
        front(pilot).query_one("#people").go_to("deputy")  # type: ignore[attr-defined]
        await press(pilot, "f", "down", "enter")
        found = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", drawn(pilot))
        assert found is not None
        await press(pilot, "escape")
    waiting = signin.sign_in(desk.signed_out(), "deputy", found.group(), fold=True)
    assert waiting.who is not None
    assert not waiting.who.roles


async def test_who_left_and_new_keys_of_ones_own(desk_for: DeskFor) -> None:
    desk = desk_for("leader")
    before = desk.keys
    async with at(desk, "people") as pilot:
        front(pilot).query_one("#people").go_to("deputy")  # type: ignore[attr-defined]
        await press(pilot, "d", "enter")
        assert accounts.people_known(desk)["deputy"].roles == ("dsl",)
        await press(pilot, "d", "down", "enter")
        assert front(pilot).message == "deputy is without a role."
        await press(pilot, "y")
        await type_in(pilot, PASSPHRASE)
        await press(pilot, "ctrl+s")
        assert front(pilot).message == "You have new keys."
    assert desk.keys is not before
    assert accounts.people_known(desk)["deputy"].roles == ()


async def test_what_is_refused_is_said(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "people") as pilot:
        front(pilot).query_one("#people").go_to("leader")  # type: ignore[attr-defined]
        await press(pilot, "f", "down", "enter")
        assert "Only a leader resets a leader" in front(pilot).message
    with pytest.raises(RefusedError):
        accounts.remove(desk_for("attendance"), "staff")


async def test_the_lock_says_that_a_first_passphrase_is_for_choosing_ones_own(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    first = rekeying.reset(desk, "attendance", CHEAP)
    waiting = signin.sign_in(desk.signed_out(), "attendance", first, fold=True)
    with pytest.raises(RefusedError, match="chooses their own passphrase first"):
        refuse_without_role(waiting)
    accounts.remove(desk, "staff")
    with pytest.raises(RefusedError, match="has no role"):
        refuse_without_role(signin.sign_in(desk.signed_out(), "staff", PASSPHRASE, fold=True))
