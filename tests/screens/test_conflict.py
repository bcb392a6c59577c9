"""Somebody else wrote first: the second sees both versions, chooses, and loses nothing that was typed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.conflict import ConflictDialog
from screens.wizard import StepScreen
from tests.conftest import PASSPHRASE, DeskFor, signer
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import all_but_authorised, opened
from workbench.desk import accounts, cases, folders, removals, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk

SIZES = ((60, 20), (80, 24), (120, 40))
DANGER = "danger.level"


@pytest.fixture
def other(folder: Path, clock: FixedClock, desk_for: DeskFor) -> DeskFor:
    """Signs people in at a second handle on the same folder, as another process has one."""
    desk_for("dsl")
    return signer(folders.open_folder(folder, clock))


def newest(desk: Desk) -> tuple[str, str | None]:
    """Act and reason of the newest entry that changed something."""
    entries = desk.store.entries(newest_first=True)
    found = next(entry for entry in entries if entry["act"] not in ("case.viewed", "person.signed-in"))
    return found["act"], found["why"]


def overlay(pilot: Pilot[None]) -> ConflictDialog:
    (dialog,) = front(pilot).dialogs
    assert isinstance(dialog, ConflictDialog)
    return dialog


def on_the_child(pilot: Pilot[None]) -> None:
    """Put the cursor of a pupil's page on the child's own data."""
    page = front(pilot).query_one("#page")
    page.go_to(next(row.key for row in page.all_rows if row.key.startswith("pupil")))  # type: ignore[attr-defined]


async def answered_twice(pilot: Pilot[None], other: DeskFor, case: str) -> None:
    """The deputy answers; then the person at the screen, who has not seen it, answers something else."""
    front(pilot).query_one("#questions").go_to(f"c:{DANGER}:risk")  # type: ignore[attr-defined]
    await pilot.pause()
    cases.answer(other("deputy"), case, DANGER, "none", note="met at the gate with her aunt")
    await press(pilot, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_both_answers_are_on_the_screen(
    desk_for: DeskFor, other: DeskFor, size: tuple[int, int]
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", size, case=case, step="danger") as pilot:
        await answered_twice(pilot, other, case)
        same("conflict-answer", pilot)
        await press(pilot, "e")
        same("conflict-answer-again", pilot)


async def test_theirs_is_kept(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="danger") as pilot:
        await answered_twice(pilot, other, case)
        await press(pilot, "t")
        assert "Yours is dropped. Stands now: A. Bello, today 09:12." in front(pilot).message
        screen = front(pilot)
        assert isinstance(screen, StepScreen)
        assert screen.answers[DANGER].value == "none"
    assert cases.show(desk, case).answers[DANGER].rev == 1


async def test_mine_is_written_on_top_and_the_log_names_what_it_replaced(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="danger") as pilot:
        await answered_twice(pilot, other, case)
        await press(pilot, "m")
        assert newest(desk) == ("case.answered", f"{DANGER}:over:1")
    answer = cases.show(desk, case).answers[DANGER]
    assert (answer.value, answer.rev, answer.earlier[-1]["value"]) == ("risk", 2, "none")


async def test_edited_again_with_both_in_view(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="danger") as pilot:
        await answered_twice(pilot, other, case)
        await press(pilot, "e")
        assert "met at the gate" in drawn(pilot)
        await press(pilot, "tab")
        await type_in(pilot, "a call from the aunt")
        await press(pilot, "ctrl+s")
        assert newest(desk) == ("case.answered", f"{DANGER}:over:1")
        assert "Refer to children's social care now" in front(pilot).message
    answer = cases.show(desk, case).answers[DANGER]
    assert (answer.value, answer.note, answer.rev) == ("risk", "a call from the aunt", 2)


async def test_a_third_writer_is_shown_too(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="danger") as pilot:
        await answered_twice(pilot, other, case)
        cases.answer(other("deputy"), case, DANGER, "unknown", note="the aunt called")
        await press(pilot, "m")
        assert "the aunt called" in drawn(pilot)
        await press(pilot, "m")
    assert cases.show(desk, case).answers[DANGER].rev == 3
    assert newest(desk) == ("case.answered", f"{DANGER}:over:2")


async def test_later_keeps_what_was_typed_for_the_next_time(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    cases.answer(desk, case, DANGER, "unknown", note="nobody at home")
    async with at(desk, "step", case=case, step="danger") as pilot:
        front(pilot).query_one("#questions").go_to(f"n:{DANGER}")  # type: ignore[attr-defined]
        await press(pilot, "e")
        cases.answer(other("deputy"), case, DANGER, "none", note="met at the gate")
        await type_in(pilot, "a call since; ")
        await press(pilot, "ctrl+s", "escape")
        assert "Nothing is written" in front(pilot).message
        pilot.app.lock()  # type: ignore[attr-defined]
        await pilot.pause()
        pilot.app.unlocked(
            desk_for("dsl"), "dsl", [("today", {}), ("step", {"case": case, "step": "danger"})]
        )  # type: ignore[attr-defined]
        await pilot.pause()
        assert "Typed, not written yet; Enter on it goes on: " in front(pilot).message
        front(pilot).query_one("#questions").go_to(f"n:{DANGER}")  # type: ignore[attr-defined]
        await press(pilot, "e")
        assert "a call since" in drawn(pilot)
        await press(pilot, "ctrl+s")
        assert "met at the gate" in drawn(pilot), "it stands on the revision that was seen: the overlay again"
        await press(pilot, "m")
    answer = cases.show(desk_for("dsl"), case).answers[DANGER]  # the lock let go of the keys of the first
    assert (answer.value, answer.note) == ("unknown", "a call since; nobody at home")


@pytest.mark.parametrize("size", SIZES)
async def test_a_pupil_edited_at_two_desks(desk_for: DeskFor, other: DeskFor, size: tuple[int, int]) -> None:
    desk = desk_for("dsl")
    child = roll.pupils(desk)[0]
    async with at(desk, "pupil", size, pupil=child.id) as pilot:
        on_the_child(pilot)
        await press(pilot, "x")
        roll.edit(other("attendance"), child.id, {"class": "8B", "postcode": "TQ9 9ZZ", "home_la": "Devon"})
        await press(pilot, "tab", "tab", *["backspace"] * 8)
        await type_in(pilot, "8C")
        await press(pilot, "ctrl+s")
        same("conflict-pupil", pilot)
        await press(pilot, "e")
        same("conflict-pupil-again", pilot)
        await press(pilot, "ctrl+s")
    now = roll.find(desk, child.id)
    assert (now.class_, now.postcode, now.home_la) == ("8C", "TQ9 9ZZ", "Devon")
    assert newest(desk) == ("pupil.edited", f"over:{now.rev - 1}")


async def test_a_draft_taken_up_later_undoes_nothing_that_others_wrote(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    child = roll.pupils(desk)[0]
    async with at(desk, "pupil", pupil=child.id) as pilot:
        on_the_child(pilot)
        await press(pilot, "x", "tab", "tab", *["backspace"] * 8)
        await type_in(pilot, "8C")
        await press(pilot, "escape")
        roll.edit(other("attendance"), child.id, {"postcode": "TQ9 9ZZ"})
        await press(pilot, "x", "ctrl+s")
        assert [(pair.theirs, pair.mine) for pair in overlay(pilot).pairs] == [("9A", "8C")]
        await press(pilot, "m")
    now = roll.find(desk, child.id)
    assert (now.class_, now.postcode) == ("8C", "TQ9 9ZZ")


async def test_somebody_around_a_child_and_an_owner_and_roles(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    person = roll.around_add(desk, case.pupil, {"kind": "parent", "name": "R. Vale"})
    async with at(desk, "pupil", pupil=case.pupil) as pilot:
        front(pilot).query_one("#page").go_to(f"around {person.id}")  # type: ignore[attr-defined]
        await press(pilot, "x", "enter", "tab")
        roll.around_edit(other("attendance"), person.id, {"phone": "01803 555 0101"})
        await type_in(pilot, "e")
        await press(pilot, "ctrl+s")
        assert "Telephone: 01803 555 0101" in drawn(pilot)
        await press(pilot, "m")
    (now,) = (each for each in roll.around(desk, case.pupil) if each.id == person.id)
    assert (now.phone, now.name.replace("e", "")) == ("01803 555 0101", "R. Val")
    async with at(desk, "case", case=case.id) as pilot:
        await press(pilot, "o")
        cases.assign(other("deputy"), case.id, waits_for="police")
        await press(pilot, "tab", "right", "ctrl+s")
        assert "the police" in drawn(pilot)
        await press(pilot, "t")
    assert cases.show(desk, case.id).case.waits_for == "police"
    async with at(desk, "people") as pilot:
        front(pilot).query_one("#people").go_to("staff")  # type: ignore[attr-defined]
        await press(pilot, "enter")
        accounts.set_roles(other("leader"), "staff", ["attendance"])
        await type_in(pilot, " auditor")
        await press(pilot, "ctrl+s", "down", "enter")
        assert overlay(pilot).pairs[0].theirs == "attendance"
        await press(pilot, "m")
    roles = next(p.roles for p in accounts.people(desk) if p.user == "staff")
    assert roles == ("staff", "auditor")


async def test_a_person_taken_off_meanwhile_loses_nothing_that_was_typed(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    child = roll.pupils(desk)[0]
    person = roll.around_add(desk, child.id, {"kind": "parent", "name": "R. Vale"})
    async with at(desk, "pupil", pupil=child.id) as pilot:
        front(pilot).query_one("#page").go_to(f"around {person.id}")  # type: ignore[attr-defined]
        await press(pilot, "x", "enter", "tab")
        roll.around_remove(other("attendance"), person.id)
        await type_in(pilot, "nt")
        await press(pilot, "ctrl+s")
        assert "Nobody around a pupil has the id" in drawn(pilot)
        assert pilot.app.draft(f"around {person.id}")["name"].replace("nt", "") == "R. Vale"  # type: ignore[attr-defined]


async def test_the_same_answer_of_both_is_nothing_to_decide(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="danger") as pilot:
        front(pilot).query_one("#questions").go_to(f"c:{DANGER}:risk")  # type: ignore[attr-defined]
        await pilot.pause()
        cases.answer(other("deputy"), case, DANGER, "risk")
        await press(pilot, "enter")
        assert front(pilot).dialogs == []
        assert "It says what yours says. Stands now: A. Bello" in front(pilot).message
    assert cases.show(desk, case).answers[DANGER].rev == 1


async def test_a_long_answer_is_scrolled_and_every_key_stays_in_view(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", (60, 20), case=case, step="danger") as pilot:
        front(pilot).query_one("#questions").go_to(f"c:{DANGER}:risk")  # type: ignore[attr-defined]
        await pilot.pause()
        cases.answer(other("deputy"), case, DANGER, "none", note="\n".join(f"line {n}" for n in range(60)))
        await press(pilot, "enter")
        assert "↓ more  t theirs  m mine  e edit again  Esc later" in drawn(pilot)
        assert "Yes, at risk of harm" not in drawn(pilot)
        await press(pilot, "end")
        assert "Yes, at risk of harm" in drawn(pilot)


async def test_evidence_for_other_conditions_merges_and_for_the_same_is_told(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    removal = removals.start(desk, case.pupil, "F", case.id).removal.id
    asked = [each.key for each in removals.evidence_questions(desk, removal)]
    letter = "letter_says_home_education"
    elsewhere = next(key for key in asked if key != letter)
    async with at(desk, "removal", (80, 40), removal=removal) as pilot:
        for theirs in (elsewhere, letter):
            front(pilot).query_one("#gates").go_to(f"conditions:{letter}")  # type: ignore[attr-defined]
            await press(pilot, "e")
            day = "2026-11-20" if theirs == elsewhere else "no"
            removals.evidence(other("leader"), removal, theirs, day, "said at the door")
            await press(pilot, "y", "tab")
            await type_in(pilot, f"the letter; {theirs} ")
            await press(pilot, "ctrl+s")
            assert bool(front(pilot).dialogs) == (theirs == letter), drawn(pilot)
        assert "said at the door" in drawn(pilot)
        await press(pilot, "m")
    found = {each.key: each for each in removals.show(desk, removal).removal.evidence}
    assert (found[letter].by, found[elsewhere].by) == ("dsl", "leader")
    assert newest(desk)[0] == "removal.evidenced"
    assert ":over:" in str(newest(desk)[1])


async def test_a_leader_authorises_only_what_they_have_read(desk_for: DeskFor, other: DeskFor) -> None:
    case = opened(desk_for("dsl"))
    removal = all_but_authorised(desk_for("dsl"), case.pupil, case.id).removal.id
    desk = desk_for("leader")
    async with at(desk, "removal", removal=removal) as pilot:
        await press(pilot, "u")
        removals.evidence(other("dsl"), removal, "letter_says_home_education", "yes", "another letter")
        await type_in(pilot, PASSPHRASE)
        await press(pilot, "ctrl+s")
        assert "Changed meanwhile" in drawn(pilot)
        assert removals.show(desk, removal).removal.authorisation is None
        await press(pilot, "escape", "u")
        await type_in(pilot, PASSPHRASE)
        await press(pilot, "ctrl+s")
        assert "Authorised." in front(pilot).message
    assert removals.show(desk, removal).removal.authorisation is not None
