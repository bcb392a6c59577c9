"""Two people, one record: the second is told and sees both; what is only added merges."""

from pathlib import Path

import pytest

from tests.conftest import DeskFor, signer
from tests.workbench.story import opened
from workbench.desk import accounts, cases, folders, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import ConflictError, RefusedError

LATER = "2026-11-23T09:20:00+00:00"


@pytest.fixture
def second(folder: Path, clock: FixedClock, desk_for: DeskFor) -> DeskFor:
    """Signs people in at a second handle on the same folder, as another process has one."""
    desk_for("dsl")  # the first handle is open by then
    return signer(folders.open_folder(folder, clock))


def conflict(error: pytest.ExceptionInfo[ConflictError]) -> tuple[str, str, int, list[str]]:
    found = error.value
    return found.by, found.at, found.rev, found.differing()


def edited_by(second: DeskFor, clock: FixedClock) -> tuple[Desk, roll.Pupil]:
    """A child whose class the attendance officer changed at another desk, and that desk."""
    desk = second("attendance")
    child = roll.pupils(desk)[0]
    clock.set(LATER)
    return desk, roll.edit(desk, child.id, {"postcode": "TQ9 9ZZ"})


def test_who_wrote_a_pupil_first_and_when_is_found_in_the_log(
    desk_for: DeskFor, second: DeskFor, clock: FixedClock
) -> None:
    child = roll.pupils(desk_for("dsl"))[0]
    edited_by(second, clock)
    accounts.people(second("leader"))
    cases.cases(desk_for("leader"))
    with pytest.raises(ConflictError) as error:
        roll.edit(desk_for("dsl"), child.id, {"postcode": "TQ1 1AA"}, rev=child.rev)
    assert conflict(error) == ("attendance", LATER, child.rev + 1, ["postcode"])
    assert (error.value.theirs["postcode"], error.value.yours["postcode"]) == ("TQ9 9ZZ", "TQ1 1AA")


def test_writing_over_it_knowingly_is_an_entry_that_names_the_revision(
    desk_for: DeskFor, second: DeskFor, clock: FixedClock
) -> None:
    _, theirs = edited_by(second, clock)
    mine = roll.edit(desk_for("dsl"), theirs.id, {"postcode": "TQ1 1AA"}, rev=theirs.rev, over=True)
    entry = next(desk_for("dsl").store.entries(newest_first=True))
    assert (mine.rev, entry["act"], entry["why"]) == (theirs.rev + 1, "pupil.edited", f"over:{theirs.rev}")


def test_without_a_revision_the_fields_are_written_on_top_of_what_stands(
    desk_for: DeskFor, second: DeskFor, clock: FixedClock
) -> None:
    child = roll.pupils(desk_for("dsl"))[0]
    edited_by(second, clock)
    mine = roll.edit(desk_for("dsl"), child.id, {"address": "1 Quay"})
    assert (mine.address, mine.postcode) == ("1 Quay", "TQ9 9ZZ")


def test_an_account_is_changed_on_the_revision_that_was_seen_and_no_secret_is_shown(
    desk_for: DeskFor, second: DeskFor
) -> None:
    seen = next(p for p in accounts.people(desk_for("dsl")) if p.user == "staff")
    accounts.set_roles(second("leader"), "staff", ["attendance"], rev=seen.rev)
    with pytest.raises(ConflictError) as error:
        accounts.set_roles(desk_for("dsl"), "staff", ["staff", "dsl"], rev=seen.rev)
    assert (error.value.by, error.value.differing()) == ("leader", ["roles"])
    assert not {"verifier", "slot"} & {*error.value.theirs, *error.value.yours}
    accounts.set_roles(desk_for("dsl"), "staff", ["staff"], rev=error.value.rev, over=True)
    entry = next(desk_for("dsl").store.entries(newest_first=True))
    assert (entry["act"], entry["why"]) == ("person.roles-set", f"over:{error.value.rev}")


def test_somebody_around_a_child_is_changed_on_the_revision_that_was_seen(
    desk_for: DeskFor, second: DeskFor
) -> None:
    desk = desk_for("dsl")
    made = roll.around_add(desk, roll.pupils(desk)[0].id, {"kind": "parent", "name": "R. Vale"})
    theirs = roll.around_edit(second("attendance"), made.id, {"phone": "01"}, rev=made.rev)
    with pytest.raises(ConflictError) as error:
        roll.around_edit(desk, made.id, {"phone": "02"}, rev=made.rev)
    assert (error.value.by, error.value.rev) == ("attendance", theirs.rev)
    roll.around_edit(desk, made.id, {"phone": "02"}, rev=theirs.rev, over=True)
    entry = next(desk.store.entries(newest_first=True))
    assert entry["why"] == f"{made.id}:over:{theirs.rev}"


def test_an_answer_written_over_another_names_question_and_revision(
    desk_for: DeskFor, second: DeskFor
) -> None:
    case = opened(desk_for("dsl"))
    theirs = cases.answer(second("deputy"), case.id, "danger.level", "none", "seen", rev=0)
    with pytest.raises(ConflictError) as error:
        cases.answer(desk_for("dsl"), case.id, "danger.level", "risk", "a call", rev=0)
    assert (error.value.by, error.value.at, error.value.rev) == ("deputy", theirs.at, 1)
    mine = cases.answer(desk_for("dsl"), case.id, "danger.level", "risk", "a call", rev=1, over=True)
    entry = next(desk_for("dsl").store.entries(newest_first=True))
    assert (mine.rev, entry["why"]) == (2, "danger.level:over:1")
    assert mine.earlier[-1]["note"] == "seen"


def test_children_linked_by_two_people_are_both_linked(desk_for: DeskFor, second: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    first, other = [p.id for p in roll.pupils(desk) if p.id != case.pupil][:2]
    cases.link(desk, case.id, first, "sibling")
    cases.link(second("deputy"), case.id, other, "witness")
    assert {x.pupil for x in cases.show(desk, case.id).case.linked} == {first, other}


def test_an_owner_given_without_a_revision_leaves_what_others_wrote(
    desk_for: DeskFor, second: DeskFor
) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    cases.assign(second("deputy"), case.id, waits_for="la", rev=case.rev)
    mine = cases.assign(desk, case.id, owner="deputy")
    assert (mine.owner, mine.waits_for) == ("deputy", "la")
    with pytest.raises(ConflictError) as error:
        cases.assign(desk, case.id, waits_for="us", rev=case.rev)
    assert (error.value.by, error.value.differing()) == ("dsl", ["waits_for"])


def test_a_case_that_was_closed_meanwhile_takes_no_owner(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    doc = {**desk.store.docs("cases", "cases")[case.id]}
    doc["closings"] = [{"at": LATER, "by": "dsl", "act": "closed", "reason": "found"}]
    with desk.change("case.closed", subject=case.id) as tx:
        tx.put("cases", "cases", doc)
    with pytest.raises(RefusedError):
        cases.assign(desk, case.id, owner="deputy")
