"""Every screen and every entry of the palette tried by those who may not read safeguarding records."""

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from screens.palette import WITHOUT_KEY
from screens.places import PLACES
from tests.conftest import DeskFor
from tests.screens.places import at, drawn, front, press, settle
from tests.workbench.story import UPN, absent
from workbench.desk import cases, concerns, duties, enquiries, events, referrals, removals, roll
from workbench.desk.context import Desk
from workbench.domain.errors import WorkbenchError

CANARY = "Quollhaven"
CLOSED = {
    "staff": {
        "call-list", "case", "cases", "concerns", "handovers", "log", "people", "referral", "referrals", "removal",
        "removals", "retention", "return", "returns", "sender", "step",
    },
    "attendance": {
        "case", "cases", "concerns", "handovers", "log", "referral", "referrals", "removal", "removals", "retention",
        "sender", "step",
    },
}  # fmt: skip
"""Places that do not open, at least."""


def plant(desk_for: DeskFor) -> dict[str, str]:
    """A case, a concern, a referral, a removal and an event, each with a word of its own; what each place is given."""
    dsl = desk_for("dsl")
    pupil, duty = roll.find(dsl, UPN).id, absent(dsl).id
    case = cases.open_case(dsl, pupil, duty).id
    cases.answer(dsl, case, "danger.level", "risk", f"{CANARY} danger")
    cases.note(dsl, case, f"{CANARY} note")
    enquiries.add(dsl, case, "home_visit", "nobody in")
    referral = referrals.add(dsl, case, "lado", "refer", f"{CANARY} reason").id
    concerns.report(desk_for("staff"), pupil, f"{CANARY} concern")
    events.record(dsl, pupil, "danger", {"what": f"{CANARY} seen"})
    removal = removals.start(dsl, pupil, "G", case=case).removal.id
    return {
        "pupil": pupil,
        "case": case,
        "step": "danger",
        "referral": referral,
        "removal": removal,
        "duty": next(d.id for d in duties.due(dsl, pupil=pupil) if d.rule == "absence.ten-day-return"),
        "rule": "absence.severe",
        "class_": roll.find(dsl, UPN).class_,
    }


GIVEN = {
    "pupil": ("pupil",), "case": ("case",), "step": ("case", "step"), "removal": ("removal",),
    "referral": ("referral",), "return": ("duty",), "rule": ("rule",), "sender": ("case",), "grid": ("class_",),
}  # fmt: skip
"""Place to what it is about."""


def shows_nothing(pilot: Pilot[Any], ids: dict[str, str]) -> None:
    text = drawn(pilot)
    assert CANARY not in text
    assert [ids[name] for name in ("case", "referral", "removal") if ids[name] in text] == []


async def go(pilot: Pilot[Any], place: str, **args: str) -> None:
    """Open a place as a key or the palette does: what the desk refuses is shown."""
    assert isinstance(pilot.app, WorkbenchApp)
    try:
        pilot.app.go(place, **args)
    except WorkbenchError as error:
        front(pilot).show_error(error)
    await settle(pilot)


def refusals(desk: Desk, before: int) -> list[tuple[str, str]]:
    entries = [e for e in desk.store.entries() if e["seq"] > before and e["act"] == "verb.refused"]
    return [(e["actor"], e["why"]) for e in entries]


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("user", ["staff", "attendance"])
async def test_a_place_opens_or_says_no_and_the_log_has_it(desk_for: DeskFor, user: str, place: str) -> None:
    ids, desk = plant(desk_for), desk_for(user)
    async with at(desk, "today") as pilot:
        before = desk.store.head.seq
        await go(pilot, place, **{name: ids[name] for name in GIVEN.get(place, ())})
        assert pilot.app.is_running
        shows_nothing(pilot, ids)
        if place in CLOSED[user]:
            assert refusals(desk, before), place
            assert {actor for actor, _ in refusals(desk, before)} == {user}
            assert "is for" in drawn(pilot)
        await press(pilot, "down", "enter")
        shows_nothing(pilot, ids)


@pytest.mark.parametrize("user", ["staff", "attendance"])
async def test_the_palette_offers_nothing_that_is_refused(desk_for: DeskFor, user: str) -> None:
    ids, desk = plant(desk_for), desk_for(user)
    acts = [act for act, _, verb in WITHOUT_KEY]
    async with at(desk, "today") as pilot:
        await press(pilot, "ctrl+p")
        shows_nothing(pilot, ids)
        for hidden in ("Concerns", "Referrals", "Retention", "Removals"):
            assert hidden not in drawn(pilot)
        await press(pilot, "escape")
        for act in acts:  # each tried all the same, as if it were offered
            if act == "act:veil":
                continue
            kind, _, what = act.partition(":")
            if kind == "go":
                await go(pilot, what)
            else:
                front(pilot).run_worker(front(pilot).action_act(what))
                await settle(pilot)
            shows_nothing(pilot, ids)
            await press(pilot, "escape")
            assert pilot.app.is_running


async def test_a_key_for_another_role_does_nothing_but_say_so(desk_for: DeskFor) -> None:
    ids, desk = plant(desk_for), desk_for("staff")
    async with at(desk, "pupil", pupil=ids["pupil"]) as pilot:
        for key in ("c", "r", "v", "w", "i", "m", "e", "n", "a", "x", "d", "left", "right"):
            await press(pilot, key)
            shows_nothing(pilot, ids)
            assert isinstance(pilot.app, WorkbenchApp)
            assert isinstance(pilot.app.screen, WorkScreen)
            await press(pilot, "escape")
            if front(pilot).SECTION != "pupil":
                await go(pilot, "pupil", pupil=ids["pupil"])


@pytest.mark.parametrize("user", ["staff", "attendance"])
async def test_the_card_on_a_pupils_page(desk_for: DeskFor, user: str) -> None:
    desk, dsl = desk_for(user), desk_for("dsl")
    pupil = roll.find(dsl, UPN).id
    async with at(desk, "pupil", pupil=pupil) as pilot:
        assert "peak to the DSL" not in drawn(pilot)
    ids = plant(desk_for)
    async with at(desk, "pupil", pupil=pupil) as pilot:
        (card,) = [line for line in drawn(pilot).split("\n") if "peak to the DSL" in line]
        assert card.split() == ["!", "Speak", "to", "the", "DSL"]
        shows_nothing(pilot, ids)
    async with at(dsl, "pupil", pupil=pupil) as pilot:
        assert "peak to the DSL" not in drawn(pilot)


@pytest.mark.parametrize("about", ["dsl", "leader"])
async def test_whom_it_is_about_sees_none_of_it_on_any_screen(desk_for: DeskFor, about: str) -> None:
    other, desk = desk_for("deputy"), desk_for(about)
    pupil = roll.find(other, UPN).id
    own = concerns.report(desk_for("staff"), pupil, f"{CANARY} concern", about=[about])
    case = cases.open_case(other, pupil, "concern", about=(about,)).id
    cases.note(other, case, f"{CANARY} note")
    referral = referrals.add(other, case, "lado", "refer", f"{CANARY} reason").id
    removal = removals.start(other, pupil, "G", case=case).removal.id
    ids = {"case": case, "referral": referral, "removal": removal}
    async with at(desk, "today", (120, 40)) as pilot:
        for place in (
            "today",
            "cases",
            "concerns",
            "referrals",
            "removals",
            "returns",
            "call-list",
            "retention",
        ):
            await go(pilot, place)
            shows_nothing(pilot, ids)
            assert own not in drawn(pilot)
        await go(pilot, "pupil", pupil=pupil)
        shows_nothing(pilot, ids)
        assert "peak to the DSL" not in drawn(pilot)
        for place, args in (
            ("case", {"case": case}),
            ("referral", {"referral": referral}),
            ("removal", {"removal": removal}),
        ):
            await go(pilot, place, **args)
            assert CANARY not in drawn(pilot)
