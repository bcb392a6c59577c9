"""Choosing a passphrase on a screen, and who is told of failed tries and of names that nobody proved."""

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.conftest import PASSPHRASE, DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, type_in
from workbench.desk import concerns, roll, signin, unproven
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import RefusedError

NEW = "kettle bramble orchid"


async def fill(pilot: Pilot[Any], *texts: str) -> None:
    for number, text in enumerate(texts):
        if number:
            await press(pilot, "tab")
        if text:
            await type_in(pilot, text)


async def open_own(pilot: Pilot[Any]) -> None:
    await press(pilot, "ctrl+p")
    await type_in(pilot, "own passphrase")
    await press(pilot, "enter")


async def test_one_changes_ones_own_from_the_palette(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    async with at(desk, "today") as pilot:
        await open_own(pilot)
        same("people-secret-own", pilot)
        await fill(pilot, PASSPHRASE, NEW, NEW)
        await press(pilot, "ctrl+s")
        assert "sign in with the new one" in front(pilot).message
        assert NEW not in drawn(pilot)
    assert signin.sign_in(desk, "staff", NEW).user() == "staff"


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("not mine", NEW, NEW, "is wrong"),
        (PASSPHRASE, NEW, NEW + "s", "The two differ"),
        (PASSPHRASE, "password1234", "password1234", "guessed early"),
        (PASSPHRASE, PASSPHRASE, PASSPHRASE, "the passphrase you have"),
    ],
)
async def test_what_is_refused_can_be_typed_again(
    desk_for: DeskFor, clock: FixedClock, old: str, new: str, again: str, says: str
) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        await open_own(pilot)
        await fill(pilot, old, new, again)
        await press(pilot, "ctrl+s")
        assert says in " ".join(drawn(pilot).replace("│", " ").split())
        assert new not in drawn(pilot)
        clock.advance(seconds=1)
        await fill(pilot, PASSPHRASE, NEW, NEW)
        await press(pilot, "ctrl+s")
        assert "sign in with the new one" in front(pilot).message


async def test_a_new_account_follows_the_rules_and_keeps_what_was_typed(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "people") as pilot:
        await press(pilot, "n")
        await fill(pilot, "ann", "A. New", "Teacher", "staff", "123456", "123456")
        await press(pilot, "ctrl+s")
        assert "guessed first" in drawn(pilot)
        assert "A. New" in drawn(pilot)
        await fill(pilot, "", "", "", "", "482915", "482915")
        await press(pilot, "ctrl+s")
        assert front(pilot).message == "ann can sign in."
    assert signin.sign_in(desk_for("dsl"), "ann", "482915").user() == "ann"


def guessed(desk: Desk, clock: FixedClock) -> None:
    for _ in range(3):
        with pytest.raises(RefusedError):
            signin.sign_in(desk, "attendance", "x")
        clock.advance(seconds=60)


@pytest.mark.parametrize("place", ["today", "log"])
async def test_the_dsl_sees_whose_passphrase_was_tried(
    desk_for: DeskFor, clock: FixedClock, place: str
) -> None:
    guessed(desk_for("dsl"), clock)
    async with at(desk_for("dsl"), place) as pilot:
        assert "3 failed tries for attendance since Mon 09:12" in " ".join(drawn(pilot).split())
        same(f"failed-tries-{place}", pilot)
    async with at(desk_for("attendance"), "today") as pilot:
        assert "failed tries" not in drawn(pilot)


async def test_the_dsl_sees_that_a_reporters_name_is_not_proven(desk_for: DeskFor) -> None:
    child = roll.pupils(desk_for("dsl"))[0].id
    unproven.report(desk_for("dsl"), "staff", child, "a worry")
    concerns.report(desk_for("staff"), child, "another")
    async with at(desk_for("dsl"), "concerns") as pilot:
        assert drawn(pilot).count("T. Ellis ?") == 1
        await press(pilot, "down", "enter")
        seen = drawn(pilot)
        await press(pilot, "escape", "escape", "up", "enter")
        assert sorted("picked at a locked terminal" in text for text in (seen, drawn(pilot))) == [False, True]
