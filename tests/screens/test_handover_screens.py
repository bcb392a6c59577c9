"""A case that was imported, what its sender wrote, the bundles that left, and how they look."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.handovers import chase
from screens.palette import palette_rows
from screens.widgets.lines import Lines
from tests import bundlekit
from tests.bundlekit import NOTE, Signer
from tests.conftest import DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from tests.workbench.story import opened
from workbench.desk import cases, handover_in, handover_out, handover_receipts, roll
from workbench.desk.context import Desk
from workbench.domain.handover import Handover

BY_HAND = handover_out.Way(channel="a courier, by hand")
HOSTILE = "[/] [@click=app.quit]x[/] \x1b]0;y\x07"


@pytest.fixture
def desk(desk_for: DeskFor) -> Desk:
    return desk_for("dsl")


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    path = tmp_path / "hill.zip"
    path.write_bytes(bundlekit.bundle())
    return str(path)


@pytest.fixture
def left(desk: Desk, tmp_path: Path) -> Handover:
    case = opened(desk)
    return handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND, "Hill School").handover


def lines(pilot: Pilot[None], name: str) -> str:
    return "\n".join(front(pilot).query_one(name, Lines).plain)


# coming in --------------------------------------------------------------------------------------------------------


async def test_a_bundle_is_proven_on_screen_and_then_imported(desk: Desk, bundle: str) -> None:
    async with at(desk, "cases", (100, 30)) as pilot:
        await press(pilot, "i")
        await type_in(pilot, bundle)
        await press(pilot, "tab")
        await type_in(pilot, Signer().fingerprint)
        await press(pilot, "ctrl+s")
        shown = drawn(pilot)
        assert "The bundle is whole" in shown
        assert "C-HHHHH1 of Hill School 880/4001" in shown
        assert "the one that you were told" in shown
        await press(pilot, "enter")
        assert "Import it?" in drawn(pilot)
        assert not [row for row in cases.cases(desk) if row.case.imported]
        await press(pilot, "down", "enter")
        assert "Imported as C-" in drawn(pilot)
        await press(pilot, "enter")
        assert "imported, s reads theirs · no receipt made · Hill School 880/4001" in drawn(pilot)
    (made,) = [row.case for row in cases.cases(desk) if row.case.imported]
    assert made.imported is not None
    assert made.imported.compared


async def test_the_first_answer_is_no_and_imports_nothing(desk: Desk, bundle: str) -> None:
    async with at(desk, "cases", (100, 30)) as pilot:
        await press(pilot, "i")
        await type_in(pilot, bundle)
        await press(pilot, "ctrl+s", "enter", "enter")
    assert not [row for row in cases.cases(desk) if row.case.imported]


async def test_a_bundle_that_was_changed_is_said_and_nothing_is_imported(desk: Desk, bundle: str) -> None:
    data = bytearray(Path(bundle).read_bytes())
    data[300] ^= 1
    Path(bundle).write_bytes(data)
    async with at(desk, "cases", (100, 30)) as pilot:
        await press(pilot, "i")
        await type_in(pilot, bundle)
        await press(pilot, "ctrl+s")
        assert "case.json" in drawn(pilot)
        assert "The bundle is whole" not in drawn(pilot)
    assert not [row for row in cases.cases(desk) if row.case.imported]


async def test_what_the_sender_wrote_stands_apart_from_our_chronology(desk: Desk, bundle: str) -> None:
    case = handover_in.bring_in(desk, bundle).case.id
    async with at(desk, "case", (120, 40), case=case) as pilot:
        assert "key not compared" in drawn(pilot)
        assert NOTE not in drawn(pilot)
        await press(pilot, "s")
        assert "written at Hill School, not here" in drawn(pilot)
        assert NOTE in lines(pilot, "#sender")
        await press(pilot, "enter")
        assert NOTE in drawn(pilot)
        await press(pilot, "escape", "c")
        assert NOTE not in drawn(pilot)


async def test_the_receipt_is_made_from_the_senders_page(desk: Desk, bundle: str, tmp_path: Path) -> None:
    case = handover_in.bring_in(desk, bundle).case.id
    async with at(desk, "sender", (100, 30), case=case) as pilot:
        await press(pilot, "a", "ctrl+u")
        front_file = tmp_path / "receipt.json"
        await press(pilot, *["backspace"] * 40)
        await type_in(pilot, str(front_file))
        await press(pilot, "ctrl+s")
        assert "read them this fingerprint by telephone" in drawn(pilot)
    assert front_file.exists()
    made = cases.show(desk, case, again=True).case.imported
    assert made is not None
    assert made.accepted


async def test_a_case_of_ours_says_that_it_has_no_sender(desk: Desk) -> None:
    async with at(desk, "case", case=opened(desk).id) as pilot:
        await press(pilot, "s")
        assert "came from no other school" in drawn(pilot)


async def test_hostile_words_of_a_sender_are_shown_harmless(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "h.zip"
    line = {"at": "2026-11-20", "recorded": "x", "kind": "note", "text": HOSTILE, "by": HOSTILE}
    school = {**bundlekit.SCHOOL, "name": HOSTILE}
    path.write_bytes(
        bundlekit.bundle(
            bundlekit.case_file(chronology=[line], redactions=[HOSTILE], school=school, made_at=HOSTILE)
        )
    )
    case = handover_in.bring_in(desk, str(path)).case.id
    for place in ("case", "sender"):
        async with at(desk, place, (120, 40), case=case) as pilot:
            await press(pilot, "enter")
            shown = drawn(pilot)
            assert "\x1b" not in shown
            assert "\x07" not in shown
            assert pilot.app.is_running


# going out --------------------------------------------------------------------------------------------------------


async def test_steps_are_recorded_from_the_list_of_a_case(desk: Desk, left: Handover) -> None:
    async with at(desk, "case", (100, 36), case=left.case) as pilot:
        await press(pilot, "b")
        assert "made, not sent yet" in lines(pilot, "#handovers")
        await press(pilot, "r", "tab")
        await type_in(pilot, "J. Okafor")
        await press(pilot, "tab")
        await type_in(pilot, "DSL")
        await press(pilot, "ctrl+s")
        assert "sent, no receipt yet" in lines(pilot, "#handovers")
        await press(pilot, "enter")
        shown = drawn(pilot)
        assert left.sha256 in shown
        assert "sent: J. Okafor, DSL" in shown
    (kept,) = handover_receipts.handovers(desk)
    assert kept.state == "sent"


async def test_a_receipts_file_is_taken_in(desk: Desk, left: Handover, tmp_path: Path) -> None:
    handover_receipts.record(desk, left.id, "sent", "J. Okafor", "DSL")
    path = tmp_path / "theirs.json"
    path.write_bytes(bundlekit.receipt(bundle=left.sha256, case=left.case, at="2026-11-23T09:12:33+00:00"))
    async with at(desk, "handovers", (100, 30)) as pilot:
        await press(pilot, "f", *["backspace"] * 40)
        await type_in(pilot, str(path))
        await press(pilot, "ctrl+s")
        assert "The receipt is recorded" in drawn(pilot)
        assert Signer().fingerprint in drawn(pilot)
        await press(pilot, "enter")
        assert "accepted" in lines(pilot, "#handovers")
    assert handover_receipts.handovers(desk)[0].is_accepted


async def test_a_check_sum_that_is_not_ours_is_said(desk: Desk, left: Handover) -> None:
    handover_receipts.record(desk, left.id, "sent", "J. Okafor", "DSL")
    async with at(desk, "handovers", (100, 30)) as pilot:
        await press(pilot, "r", "tab")
        for text in ("P. Achebe", "DSL", "", "0" * 64):
            await type_in(pilot, text)
            await press(pilot, "tab")
        await press(pilot, "ctrl+s")
        assert "they have another file" in " ".join(drawn(pilot).split())
    assert handover_receipts.handovers(desk)[0].state == "sent"


async def test_an_empty_list_says_why(desk: Desk) -> None:
    async with at(desk, "handovers") as pilot:
        assert "No bundle was written yet" in drawn(pilot)


async def test_a_leader_sees_the_list_and_is_offered_no_writing(desk_for: DeskFor, left: Handover) -> None:
    async with at(desk_for("leader"), "handovers") as pilot:
        acts = [row.key for row in palette_rows(front(pilot))]
        assert "act:open" in acts
        assert "act:receipt" not in acts
        assert "made, not sent yet" in drawn(pilot)


async def test_a_duty_leads_to_the_bundles_else_to_the_case_else_to_the_event(
    desk: Desk, tmp_path: Path
) -> None:
    case = opened(desk)
    async with at(desk, "today", (100, 30)) as pilot:
        await do(pilot, case.pupil)
        assert f"{case.id} ·" in drawn(pilot)
        handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND, "Hill School")
        await do(pilot, case.pupil)
        assert f"Handovers of {case.id}" in drawn(pilot)
        other = next(p.id for p in roll.pupils(desk) if p.id != case.pupil)
        pilot.app.run_worker(chase(front(pilot), other))
        await press(pilot)
        await press(pilot, "down")
        assert "event" in drawn(pilot).casefold()


async def do(pilot: Pilot[None], pupil: str) -> None:
    """Enter on the duty to hand a child's file over."""
    await chase(front(pilot), pupil)
    await settle(pilot)


# how they look ----------------------------------------------------------------------------------------------------


async def test_the_senders_page_looks_so(desk: Desk, bundle: str) -> None:
    case = handover_in.bring_in(desk, bundle).case.id
    async with at(desk, "sender", case=case) as pilot:
        same("sender", pilot)


async def test_an_imported_case_looks_so(desk: Desk, bundle: str) -> None:
    case = handover_in.bring_in(desk, bundle).case.id
    async with at(desk, "case", case=case) as pilot:
        same("case-imported", pilot)


async def test_the_list_of_handovers_looks_so(desk: Desk, left: Handover) -> None:
    handover_receipts.record(desk, left.id, "sent", "J. Okafor", "DSL")
    async with at(desk, "handovers") as pilot:
        same("handovers", pilot)
