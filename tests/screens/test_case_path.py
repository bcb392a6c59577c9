"""The main job by keyboard alone: from a duty to a case, through the wizard, to a referral and a removal."""

import json
from datetime import date
from pathlib import Path

from textual.pilot import Pilot

from screens.case import CaseScreen
from screens.removal import RemovalScreen
from screens.wizard import StepScreen
from tests.conftest import PASSPHRASE, DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from workbench.desk import cases, duties, removals, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk

BOYLE = "Boyle, Sancho"
"""Ten school days absent by the test data's registers."""


def pupil_id(desk: Desk, name: str = BOYLE) -> str:
    return next(pupil.id for pupil in roll.pupils(desk) if pupil.name == name)


def ten_days(desk: Desk) -> str:
    own = pupil_id(desk)
    return next(d.id for d in duties.due(desk, pupil=own) if d.rule == "absence.ten-day-return")


def case_of(desk: Desk) -> str:
    """The one open case; one is opened where there is none."""
    found = cases.cases(desk, open_only=True)
    return found[0].case.id if found else cases.open_case(desk, pupil_id(desk), ten_days(desk)).id


def step(pilot: Pilot[None]) -> StepScreen:
    screen = front(pilot)
    assert isinstance(screen, StepScreen)
    return screen


def states(desk: Desk, case: str) -> dict[str, str]:
    return {each.key: each.state for each in cases.show(desk, case).steps}


async def write(pilot: Pilot[None], text: str) -> None:
    """Type into the dialog that is open, and accept it."""
    assert front(pilot).dialogs, "no dialog is open"
    await type_in(pilot, text)
    await press(pilot, "ctrl+s")


async def test_a_case_is_opened_from_a_duty_on_today(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        front(pilot).query_one("#duties").go_to(ten_days(desk))  # type: ignore[attr-defined]
        await press(pilot, "c")
        assert "Open a case for Boyle, Sancho" in drawn(pilot)
        await press(pilot, "ctrl+s")
        assert isinstance(front(pilot), CaseScreen)
    (row,) = cases.cases(desk)
    assert row.case.trigger == "ten-days"
    assert row.case.duty is not None
    assert cases.show(desk, row.case.id).answers["happened.how"].value == "ten-days"


async def test_the_wizard_from_first_to_last_step(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "step", case=case, step="happened") as pilot:
        assert states(desk, case)["happened"] == "done", "filled in from register and duty"
        await press(pilot, "right", "down", "down", "enter")
        await write(pilot, "seen by a neighbour")
        assert states(desk, case)["danger"] == "done"
        await press(pilot, "right", *"nnnnyyn")
        assert states(desk, case)["groups"] == "done"
        assert cases.show(desk, case).answers["groups.youth_justice"].value == "yes"
        await press(pilot, "right", "enter", *["tab"] * 5)
        await write(pilot, "no answer")
        assert "school 1 of" in next(s.summary for s in cases.show(desk, case).steps if s.key == "enquiries")
        await press(pilot, "right")
        while unanswered := [
            q for q in step(pilot).questions if q.required and q.key not in step(pilot).answers
        ]:
            step(pilot).query_one("#questions").go_to(f"q:{unanswered[0].key}")  # type: ignore[attr-defined]
            await press(pilot, "y")
        assert states(desk, case)["know"] == "done"
        await press(pilot, "right", "down", "enter")
        await write(pilot, "early help fits")
        await press(pilot, "r", "tab")
        await press(pilot, "e", "tab")  # early help
        await write(pilot, "the family asked for help")
        assert states(desk, case)["referral"] == "done"
        await press(pilot, "right", "enter")
        await write(pilot, "back since today")
        assert cases.show(desk, case).answers["outcome.kind"].value == "returned"
        await press(pilot, "right", "right")
        assert step(pilot).step == "close"
        await press(pilot, "escape")
        assert isinstance(front(pilot), StepScreen) is False


async def test_danger_comes_first_and_the_other_steps_wait(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "step", case=case) as pilot:
        assert step(pilot).step == "danger", "a case without a given step opens at its next one"
        await press(pilot, "enter")
        await write(pilot, "she said she is taken on a trip on Friday")
        assert "Refer to children's social care now" in front(pilot).message
        assert states(desk, case)["groups"] == "waits"
        shown = drawn(pilot)
        assert "01632 960101" in shown
        assert "999" in shown
        await press(pilot, "r", "tab", "tab")
        await write(pilot, "taken abroad on Friday")
    assert states(desk, case)["groups"] == "open"
    assert cases.show(desk, case).referrals[0].to == "social-care"


async def test_the_wizard_is_left_anywhere_and_nothing_is_lost(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "step", case=case, step="groups") as pilot:
        await press(pilot, "y", "escape")
        await press(pilot, "1")
    async with at(desk, "step", case=case, step="groups") as pilot:
        first = step(pilot).questions[0]
        assert step(pilot).answers[first.key].value == "yes"
        assert "Yes · follow child-" in drawn(pilot)


async def test_an_answer_without_what_it_relies_on_says_so(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "step", case=case, step="danger") as pilot:
        await press(pilot, "down", "down", "enter", "escape")
        assert cases.show(desk, case).answers["danger.level"].value == "none", (
            "saved before the reason was asked"
        )
        assert "! say what it relies on" in drawn(pilot)
        await press(pilot, "e")
        await write(pilot, "seen this morning")
        assert "! say" not in drawn(pilot)
    assert states(desk, case)["danger"] == "done"


async def test_the_case_page_writes_notes_and_corrects_them(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    clock.advance(minutes=5)
    async with at(desk, "case", case=case) as pilot:
        await press(pilot, "n")
        await write(pilot, "the uncle called")
        assert "the uncle called" in drawn(pilot)
        screen = front(pilot)
        assert isinstance(screen, CaseScreen)
        place = next(n for n, line in enumerate(screen.view.chronology) if line.kind == "note")
        screen.query_one("#case").go_to(f"line:{place}")  # type: ignore[attr-defined]
        await press(pilot, "n", "down", "enter")
        await write(pilot, " at noon")
    notes = cases.show(desk, case).notes
    assert [note.text for note in notes] == ["the uncle called", "the uncle called at noon"] or len(
        notes
    ) == 2
    assert notes[1].corrects == notes[0].id


async def test_the_owner_is_assigned_and_a_call_logged(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "case", case=case) as pilot:
        await press(pilot, "o", "tab", "l", "ctrl+s")
        assert "waits for the LA" in drawn(pilot)
        await press(pilot, "t")
        await type_in(pilot, "mother")
        await press(pilot, "tab", "tab", "tab", "tab")
        await write(pilot, "no answer")
    assert cases.show(desk, case).case.waits_for == "la"
    assert any(line.kind == "contact" for line in cases.show(desk, case).chronology)


async def test_closing_is_refused_with_what_is_missing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    async with at(desk, "case", case=case) as pilot:
        await press(pilot, "c")
        assert "Still open: danger is answered" in drawn(pilot)
        await write(pilot, "done")
        assert "cannot be closed yet" in drawn(pilot)
    assert cases.show(desk, case).case.is_open


async def test_the_export_is_written_where_it_was_asked_for(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    case = case_of(desk)
    target = tmp_path / "case.json"
    async with at(desk, "case", case=case) as pilot:
        await press(pilot, "x")
        field = pilot.app.focused
        field.value = str(target)  # type: ignore[union-attr]
        await press(pilot, "enter")
        await settle(pilot)
    document = json.loads(target.read_text("utf-8"))
    assert document["case"]["id"] == case
    assert target.stat().st_mode & 0o777 == 0o600


async def test_completion_is_refused_with_the_open_gates_and_goes_on_when_they_are_open(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    desk, leader = desk_for("dsl"), desk_for("leader")
    case = case_of(desk)
    own = pupil_id(desk)
    async with at(desk, "case", case=case) as pilot:
        await press(pilot, "m", "f", "ctrl+s")
        assert isinstance(front(pilot), RemovalScreen)
        removal = front(pilot).removal  # type: ignore[attr-defined]
        await press(pilot, "x", "tab")
        await write(pilot, "boyle")
        shown = drawn(pilot)
        assert "These gates stand open" in shown
        assert "confirmation of the local authority" in shown
        assert roll.find(desk, own).left is None
        await press(pilot, "escape", "x", "tab")
        await write(pilot, "somebody")
        assert "nothing was changed" in front(pilot).message
    questions = removals.evidence_questions(desk, removal)
    async with at(desk, "removal", removal=removal) as pilot:
        for place, question in enumerate(questions):
            await press(pilot, "e", *["down"] * place, "enter")
            await type_in(pilot, "2026-11-20" if question.kind == "date" else "y")
            await press(pilot, "ctrl+s")
        await press(pilot, "a", "tab", "y", "tab")
        await type_in(pilot, "P. Rowe")
        await press(pilot, "tab")
        await write(pilot, "CME-17")
        await press(pilot, "d", "s")
        await write(pilot, "secure form T-1")
        await press(pilot, "u")
        assert "leader" in front(pilot).message, "the requester's role does not allow it"
    view = removals.show(desk, removal)
    assert view.open_gates == ("authorisation",) or set(view.open_gates) <= {"authorisation", "date"}
    async with at(leader, "removal", removal=removal) as pilot:
        await press(pilot, "u")
        await write(pilot, "somebody else's words")
        assert "wrong" in drawn(pilot), "whoever found the terminal open signs nothing"
        assert removals.show(leader, removal).removal.authorisation is None
        clock.advance(seconds=5)
        await press(pilot, "escape", "u")
        await write(pilot, PASSPHRASE)
        assert "Authorised." in front(pilot).message
        await press(pilot, "x", "tab")
        await write(pilot, "Boyle")
        assert "off the roll" in front(pilot).message
    assert roll.find(desk, own).left == date(2026, 11, 23)


async def test_a_policy_gate_is_overridden_by_a_leader_with_a_reason(desk_for: DeskFor) -> None:
    desk, leader = desk_for("dsl"), desk_for("leader")
    own = pupil_id(desk)
    view = removals.start(desk, own, "F")
    removal = view.removal.id
    for question in removals.evidence_questions(desk, removal):
        removals.evidence(desk, removal, question.key, "2026-11-20" if question.kind == "date" else "yes")
    from workbench.desk import returns

    assert view.return_duty is not None
    returns.sent(desk, view.return_duty, "secure form")
    async with at(leader, "removal", removal=removal) as pilot:
        await press(pilot, "o")
        shown = drawn(pilot)
        assert "Policy:" in shown
        assert "Law:" in shown
        await press(pilot, "tab")
        await type_in(pilot, "the authority does not answer")
        await press(pilot, "tab")
        await write(pilot, PASSPHRASE)
        assert "Authorised." in front(pilot).message
        assert "overridden" in drawn(pilot)


async def test_a_removal_is_withdrawn_with_a_reason(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    removal = removals.start(desk, pupil_id(desk), "F").removal.id
    async with at(desk, "removal", removal=removal) as pilot:
        await press(pilot, "z")
        await write(pilot, "the family stays")
        assert "Withdrawn" in drawn(pilot)


async def test_gates_under_the_fold_are_counted_until_they_are_seen(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    removal = removals.start(desk, pupil_id(desk), "H").removal.id
    async with at(desk, "removal", removal=removal) as pilot:
        same("removal-h", pilot)
        view = removals.show(desk, removal)
        hidden = [
            gate for gate in view.gates if gate.state == "open" and f" {gate.title[:30]}" not in drawn(pilot)
        ]
        assert hidden, "the last gates of ground H have no room in 80x24"
        assert f"{len(hidden)} open gate" in drawn(pilot)
        await press(pilot, "G")
        assert "more line" not in drawn(pilot)
        assert view.gates[-1].title[:30] in drawn(pilot)
        await press(pilot, "g")
        assert "more line" in drawn(pilot)
    async with at(desk, "removal", (120, 40), removal=removal) as pilot:
        assert "more line" not in drawn(pilot)
