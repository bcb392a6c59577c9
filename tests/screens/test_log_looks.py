"""The log shows who looked at a record without a duty about the child, at one key."""

from tests.conftest import DeskFor
from tests.screens.places import at, drawn, front, press, settle
from tests.workbench.story import opened
from workbench.desk import cases, duties, referrals, removals
from workbench.desk.clock import FixedClock


async def test_one_key_shows_looks_without_a_duty_and_all_again(desk_for: DeskFor, clock: FixedClock) -> None:
    case = opened(desk_for("dsl")).id
    cases.show(desk_for("dsl"), case)
    cases.show(desk_for("leader"), case)
    async with at(desk_for("auditor"), "log") as pilot:
        await press(pilot, "l")
        (line,) = [line for line in drawn(pilot).split("\n") if "viewed case" in line]
        assert "M. Price" in line
        assert "looked at without a duty" in drawn(pilot)
        await press(pilot, "l")
        assert len([line for line in drawn(pilot).split("\n") if "viewed case" in line]) == 2
    clock.advance(days=1)
    async with at(desk_for("leader"), "log") as pilot:
        await press(pilot, "l")
        assert "looked at without a duty" not in drawn(pilot)
        assert "is for auditor or dsl" in drawn(pilot)


async def test_a_case_and_its_steps_are_one_look_however_often_they_are_read(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    before = dsl.store.head.seq
    async with at(dsl, "case", case=case) as pilot:
        front(pilot).reload()
        await press(pilot, "enter")
        assert front(pilot).SECTION == "step"
        front(pilot).reload()
        await press(pilot, "escape")
    assert [e["act"] for e in dsl.store.entries() if e["seq"] > before] == ["case.viewed"]


async def test_a_referral_and_a_draft_are_one_look_each(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl)
    own = referrals.add(dsl, case.id, "early-help", "refer", "strain").id
    removals.start(dsl, case.pupil, "G")
    deletion = next(d.id for d in duties.due(dsl, pupil=case.pupil) if d.rule == "roll.deletion-return")
    before = dsl.store.head.seq
    async with at(dsl, "referrals") as pilot:
        front(pilot).go("referral", referral=own)
        await settle(pilot)
        front(pilot).reload()
        front(pilot).go("return", duty=deletion)
        await settle(pilot)
        front(pilot).reload()
        front(pilot).go("pupil", pupil=case.pupil)
        await settle(pilot)
        front(pilot).reload()
    acts = [e["act"] for e in dsl.store.entries() if e["seq"] > before]
    assert acts == ["referral.viewed", "return.drafted"]
