"""Calls, returns, referrals, concerns, lists of cases and removals: what is shown, what keys do, how it looks."""

import pytest
from textual.pilot import Pilot

from screens.widgets.lines import Lines
from tests.conftest import DeskFor
from tests.screens.golden import SIZES, same
from tests.screens.places import at, class_of_thirty, drawn, front, press, type_in
from workbench.desk import (
    cases,
    concerns,
    contacts,
    duties,
    events,
    referrals,
    registers,
    removals,
    returns,
    roll,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk

NEVER, TEN = "McDonagh, Niamh", "Boyle, Sancho"


def pupil_id(desk: Desk, name: str = TEN) -> str:
    return next(pupil.id for pupil in roll.pupils(desk) if pupil.name == name)


def ten_days(desk: Desk, name: str = TEN) -> str:
    found = duties.due(desk, pupil=pupil_id(desk, name), rule="absence.ten-day-return")
    return found[0].id


def absent_today(desk: Desk) -> str:
    """A pupil with a mother to call, marked N this morning."""
    own = pupil_id(desk)
    roll.around_add(
        desk, own, {"kind": "parent", "name": "B. Boyle", "role": "mother", "phone": "07700 900222"}
    )
    registers.mark(desk, own, desk.today(), "AM", "N")
    return own


def lines(pilot: Pilot[None], name: str) -> list[str]:
    return front(pilot).query_one(name, Lines).plain


# -- calls -------------------------------------------------------------------------------------------------


async def test_a_call_is_logged_from_the_list(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    own = absent_today(desk)
    async with at(desk, "call-list") as pilot:
        shown = drawn(pilot)
        assert "Boyle, Sancho 11B" in shown
        assert "mother B. Boyle 07700 900222" in shown
        assert "not yet" in shown
        await press(pilot, "enter", "tab", "tab", "tab", "tab")
        await type_in(pilot, "no answer")
        await press(pilot, "ctrl+s")
        assert "no answer" in lines(pilot, "#calls")[0]
    (contact,) = contacts.contacts(desk, own)
    first = contacts.call_list(desk)[0].numbers[0]
    assert (contact.number, contact.result) == (first.phone, "no answer")


async def test_what_was_typed_survives_leaving_the_dialog(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    absent_today(desk)
    async with at(desk, "call-list") as pilot:
        await press(pilot, "enter", "tab", "tab", "tab", "tab")
        await type_in(pilot, "half a sen")
        await press(pilot, "escape", "enter")
        assert "half a sen" in drawn(pilot)


async def test_no_calls_says_why(desk_for: DeskFor, clock: FixedClock) -> None:
    async with at(desk_for("dsl"), "call-list") as pilot:
        assert "no mark today is N" in drawn(pilot)
    clock.set("2026-11-22T10:00:00")
    async with at(desk_for("dsl"), "call-list") as pilot:
        assert "no session today" in drawn(pilot)


# -- returns -----------------------------------------------------------------------------------------------


async def test_a_return_is_drafted_and_marked_sent(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = ten_days(desk)
    async with at(desk, "returns") as pilot:
        front(pilot).query_one("#returns", Lines).go_to(duty)
        await press(pilot, "enter")
        shown = drawn(pilot)
        assert "Attendance return" in shown
        assert "Missing:" in shown or "Nothing is missing" in shown
        await press(pilot, "f")
        assert '"' in "".join(lines(pilot, "#draft"))
        await press(pilot, "s")
        await type_in(pilot, "secure form T-4471")
        await press(pilot, "enter")
        assert front(pilot).place[0] == "returns"
    row = next(row for row in returns.returns(desk) if row.duty.id == duty)
    assert row.sent is not None
    assert row.duty.state == "done"


# -- referrals ---------------------------------------------------------------------------------------------


async def test_a_referral_is_answered_and_escalated(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = cases.open_case(desk, pupil_id(desk), ten_days(desk))
    made = referrals.add(desk, case.id, "social-care", "refer", "not seen for ten days")
    async with at(desk, "referrals") as pilot:
        assert "no answer yet" in lines(pilot, "#referrals")[0]
        await press(pilot, "enter", "e")
        await type_in(pilot, "to the manager: no answer for two days")
        await press(pilot, "ctrl+s", "r")
        await type_in(pilot, "A. Reid")
        await press(pilot, "tab")
        await type_in(pilot, "an assessment begins")
        await press(pilot, "ctrl+s")
        assert "an assessment begins" in drawn(pilot)
    found = next(each for each in referrals.referrals(desk) if each.id == made.id)
    assert [reply.text for reply in found.replies] == ["an assessment begins"]
    assert "to the manager" in found.escalated


async def test_refusing_consent_needs_its_reason(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = cases.open_case(desk, pupil_id(desk), ten_days(desk))
    async with at(desk, "case", case=case.id) as pilot:
        await press(pilot, "r", "tab", "s", "tab")
        await type_in(pilot, "not seen for ten days")
        await press(pilot, "tab", "tab", "tab", "r", "ctrl+s")
        assert "needs its reason" in drawn(pilot)
        await press(pilot, "escape", "r")
        assert "not seen for ten days" in drawn(pilot), "what was typed is kept for the second try"
    assert cases.show(desk, case.id).referrals == ()


# -- concerns ----------------------------------------------------------------------------------------------


async def test_a_concern_is_reported_by_anybody_and_read_by_the_dsl(desk_for: DeskFor) -> None:
    staff, desk = desk_for("staff"), desk_for("dsl")
    async with at(staff, "today") as pilot:
        await press(pilot, "ctrl+r", *"boyle")
        await press(pilot, "enter")
        await type_in(pilot, "a bruise on the left arm")
        await press(pilot, "ctrl+s")
        assert "concern is recorded" in front(pilot).message
    async with at(desk, "concerns") as pilot:
        assert "not decided" in lines(pilot, "#concerns")[0]
        await press(pilot, "enter")
        assert "a bruise on the left arm" in drawn(pilot)
        await press(pilot, "escape")
        await type_in(pilot, "talked to the mother; watch")
        await press(pilot, "ctrl+s")
        assert "J. Okafor, " in lines(pilot, "#concerns")[0]
        assert "talked to" not in drawn(pilot)
    (concern,) = concerns.concerns(desk)
    assert concern.triaged_by == "dsl"


async def test_staff_see_no_concern(desk_for: DeskFor) -> None:
    concerns.report(desk_for("staff"), pupil_id(desk_for("staff")), "a worry")
    async with at(desk_for("staff"), "concerns") as pilot:
        assert "concern.list is for" in drawn(pilot)
        assert "a worry" not in drawn(pilot)


# -- lists -------------------------------------------------------------------------------------------------


async def test_empty_lists_say_why(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    for place, words in (
        ("cases", "No case is open."),
        ("removals", "No removal was ever asked for."),
        ("referrals", "No referral was recorded yet."),
        ("concerns", "No concern that you may read"),
    ):
        async with at(desk, place) as pilot:
            assert words in drawn(pilot)


async def test_a_case_with_danger_open_comes_first_and_says_so(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    calm = cases.open_case(desk, pupil_id(desk, NEVER), "other").id
    cases.answer(desk, calm, "danger.level", "none", note="seen at home")
    urgent = cases.open_case(desk, pupil_id(desk), ten_days(desk)).id
    cases.answer(desk, urgent, "danger.level", "immediate", note="taken abroad on Friday")
    async with at(desk, "cases") as pilot:
        first, second = lines(pilot, "#cases")
        assert first.startswith(urgent)
        assert "refer now" in first
        assert second.startswith(calm)


async def test_a_case_about_a_colleague_is_hidden_from_them(desk_for: DeskFor) -> None:
    desk, deputy = desk_for("dsl"), desk_for("deputy")
    cases.open_case(desk, pupil_id(desk), "other", about=("deputy",))
    async with at(deputy, "cases") as pilot:
        assert "No case is open." in drawn(pilot)


async def test_a_referral_from_today_opens_the_case_it_needs(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    events.record(
        desk, pupil_id(desk), "danger", {"on": "2026-11-23", "what": "said she is taken abroad on Friday"}
    )
    duty = duties.due(desk, pupil=pupil_id(desk), rule="case.danger-referral")[0].id
    async with at(desk, "today") as pilot:
        front(pilot).query_one("#duties", Lines).go_to(duty)
        await press(pilot, "enter", "ctrl+s")
        assert "children's social care" in drawn(pilot).casefold()
        await press(pilot, "tab", "tab")
        await type_in(pilot, "taken abroad on Friday")
        await press(pilot, "ctrl+s")
    (row,) = cases.cases(desk)
    assert cases.show(desk, row.case.id).referrals[0].to == "social-care"


# -- how it looks ------------------------------------------------------------------------------------------


def story(desk: Desk) -> tuple[str, str]:
    """A case and a removal with something in every place; their ids."""
    own = absent_today(desk)
    case = cases.open_case(desk, own, ten_days(desk)).id
    cases.answer(desk, case, "danger.level", "none", note="seen by a neighbour on Sunday")
    for key in ("harm_neglect", "grt", "service", "missing_runaway", "new_migrant"):
        cases.answer(desk, case, f"groups.{key}", "no")
    cases.answer(desk, case, "groups.youth_justice", "yes", note="order since May")
    cases.answer(desk, case, "groups.ceased_attending", "unknown")
    referrals.add(desk, case, "early-help", "not-referred", "the family has help already")
    cases.note(desk, case, "the uncle called: they moved")
    removal = removals.start(desk, own, "F", case=case).removal.id
    removals.confirm(desk, removal, "P. Rowe", "CME-17", "no")
    return case, removal


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_pages_of_a_case_look(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    case, removal = story(desk)
    for name, place, args in (
        ("case", "case", {"case": case}),
        ("cases", "cases", {}),
        ("removal", "removal", {"removal": removal}),
        ("removals", "removals", {}),
        ("referrals", "referrals", {}),
        ("call-list", "call-list", {}),
        *((f"step-{step}", "step", {"case": case, "step": step}) for step in STEPS),
    ):
        async with at(desk, place, size, **args) as pilot:
            same(name, pilot)


STEPS = ("happened", "danger", "groups", "enquiries", "know", "referral", "outcome", "removal", "close")


@pytest.mark.parametrize("size", SIZES)
async def test_how_registers_returns_and_dialogs_look(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    duty = ten_days(desk)
    class_of_thirty(desk)
    async with at(desk, "register", size) as pilot:
        same("register", pilot)
    async with at(desk, "return", size, duty=duty) as pilot:
        same("return", pilot)
    async with at(desk, "grid", size, class_="9Z") as pilot:
        await press(pilot, "1", "7", "n", "l", "1", "2", "enter")
        same("grid", pilot)
        await press(pilot, "c")
        same("grid-chooser", pilot)
        await press(pilot, "escape", "asterisk", "ctrl+s")
        same("grid-taken", pilot)
        await press(pilot, "n")
        same("grid-amend", pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_how_one_referral_returns_and_concerns_look(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    case, removal = story(desk)
    made = referrals.add(desk, case, "social-care", "refer", "not seen for ten days", "3", consent="given")
    referrals.reply(desk, made.id, "an assessment begins", outcome="assessment", by="A. Reid")
    concerns.report(desk_for("staff"), pupil_id(desk), "a bruise on the left arm")
    async with at(desk, "referral", size, referral=made.id) as pilot:
        same("referral", pilot)
    async with at(desk, "returns", size) as pilot:
        await press(pilot, "slash", *"boyle")
        await press(pilot, "enter")
        same("returns", pilot)
    async with at(desk, "concerns", size) as pilot:
        same("concerns", pilot)
        await press(pilot, "enter")
        same("concern", pilot)
    for name, keys in (
        ("case-referral", "r"),
        ("case-enquiry", "e"),
        ("case-note", "n"),
        ("case-export", "x"),
    ):
        async with at(desk, "case", size, case=case) as pilot:
            await press(pilot, keys)
            same(name, pilot)
    async with at(desk, "removal", size, removal=removal) as pilot:
        await press(pilot, "x")
        same("removal-complete", pilot)
        await press(pilot, "tab")
        await type_in(pilot, "Boyle")
        await press(pilot, "ctrl+s")
        same("removal-refused", pilot)


# -- hostile text ------------------------------------------------------------------------------------------

HOSTILE = "[/b] [@click=app.quit]x[/] \u738b\u5c0f\u660e " + "x" * 180


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_hostile_text_is_harmless_everywhere(desk_for: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    fields = {"surname": HOSTILE[:100], "forename": "[red]", "born": "2013-02-01", "year": "9", "class": "9X"}
    own = roll.add(desk, {**fields, "starts": "2026-09-03"}).id
    roll.around_add(
        desk, own, {"kind": "parent", "name": HOSTILE[:80], "role": "mother", "phone": "07700 900222"}
    )
    registers.mark(desk, own, desk.today(), "AM", "N")
    case = cases.open_case(desk, own, "other").id
    cases.answer(desk, case, "danger.level", "none", note=HOSTILE)
    cases.note(desk, case, HOSTILE)
    referral = referrals.add(desk, case, "other", "refer", HOSTILE, reference=HOSTILE[:80]).id
    concerns.report(desk_for("staff"), own, HOSTILE)
    removal = removals.start(desk, own, "F", case=case).removal.id
    removals.confirm(desk, removal, HOSTILE[:100], HOSTILE[:100], "no")
    for place, args in (
        ("call-list", {}),
        ("cases", {}),
        ("case", {"case": case}),
        ("step", {"case": case, "step": "danger"}),
        ("referrals", {}),
        ("referral", {"referral": referral}),
        ("concerns", {}),
        ("removals", {}),
        ("removal", {"removal": removal}),
        ("returns", {}),
    ):
        async with at(desk, place, size, **args) as pilot:
            assert "[/b]" in drawn(pilot) or "[red]" in drawn(pilot) or "x" in drawn(pilot)
            await press(pilot, "enter")
            assert front(pilot).is_attached
