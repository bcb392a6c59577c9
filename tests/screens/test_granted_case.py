"""A case granted on its page, and read by the auditor: what is theirs to see and to do."""

from tests.conftest import DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, type_in
from tests.workbench.story import opened
from workbench.desk import cases, granting


async def test_a_case_is_granted_and_taken_back(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    async with at(dsl, "case", case=case) as pilot:
        await press(pilot, "u", "enter")
        assert front(pilot).message == "auditor may read this case."
        assert cases.show(dsl, case).case.granted == ("auditor",)
        await press(pilot, "u", "enter")
        assert "reads nothing any more" in front(pilot).message
        assert cases.show(dsl, case).case.granted == ()


async def test_the_auditor_reads_it_and_changes_nothing(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "an invented note")
    auditor = desk_for("auditor")
    async with at(auditor, "log") as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "granted to you")
        await press(pilot, "enter")
        await type_in(pilot, case.lower())
        await press(pilot, "enter")
        assert "There is no case" in front(pilot).message
        granting.grant(dsl, case, "auditor")
        await press(pilot, "ctrl+p")
        await type_in(pilot, "granted to you")
        await press(pilot, "enter")
        await type_in(pilot, case)
        await press(pilot, "enter")
        same("case-granted", pilot)
        await press(pilot, "G")
        assert "an invented note" in drawn(pilot)
        for key in ("n", "e", "r", "m", "x", "h", "b", "s", "o", "c", "l", "u", "t"):
            before = auditor.store.head.seq
            await press(pilot, key)
            assert front(pilot).SECTION == "case", key
            assert auditor.store.head.seq - before <= 1, key
    acts = [entry["act"] for entry in auditor.store.entries() if entry["actor"] == "auditor"]
    assert set(acts) <= {"case.viewed", "verb.refused", "person.signed-in"}
