"""Returns: drafts with what the law prescribes, what is missing, and the sending that discharges the duty."""

import csv
import io
import json

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import absent, acts
from workbench.desk import around, duties, events, removals, returns, roll
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError


def deletion(desk: Desk) -> str:
    pupil = absent(desk).pupil
    assert pupil is not None
    duty = removals.start(desk, pupil, "A").return_duty
    assert duty is not None
    return duty


def test_an_attendance_return_says_who_where_and_since_when(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = absent(desk)
    pupil = roll.find(desk, duty.pupil or "")
    text = returns.draft(desk, duty.id).text
    for part in (
        "Torbay",
        f"{pupil.forename} {pupil.surname}",
        pupil.address,
        "2026-11-05",
        "2026-11-18",
        "P. Rowe",
    ):
        assert part in text


def test_a_deletion_return_names_the_ground_and_what_is_not_known(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = deletion(desk)
    drafted = returns.draft(desk, duty, "json")
    body = json.loads(drafted.text)
    assert body["ground"].startswith("A  ")
    assert body["new_address"] == body["next_school"] == "unknown"
    assert {"new address: unknown", "next school: unknown"} <= set(drafted.missing)
    fields = {"to": "Hillside School", "starts": "2026-11-30", "new_address": "4 The Rise, Exeter"}
    events.record(desk, duties.find(desk, duty).pupil or "", "moved_school", fields)
    again = returns.draft(desk, duty, "json")
    body = json.loads(again.text)
    assert (body["next_school"], body["next_start"]) == ("Hillside School", "2026-11-30")
    assert body["new_address"] == "4 The Rise, Exeter"
    assert not {"new address: unknown", "next school: unknown"} & set(again.missing)


def test_a_missing_parent_is_named_as_missing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    for person in around.around(desk, duty.pupil or ""):
        around.around_remove(desk, person.id)
    assert "parent the pupil lives with: unknown" in returns.draft(desk, duty.id).missing


def test_an_unknown_address_of_a_parent_is_missing_from_a_deletion_return_and_from_no_attendance_return(
    desk_for: DeskFor,
) -> None:
    desk = desk_for("dsl")
    absence, duty = absent(desk), deletion(desk)
    roll.edit(desk, absence.pupil or "", {"address": "", "postcode": ""})
    assert "address of parent 1: unknown" in returns.draft(desk, duty).missing
    assert "address of parent 1: unknown" not in returns.draft(desk, absence.id).missing
    person = next(one for one in around.around(desk, absence.pupil or "") if one.kind == "parent")
    around.around_edit(desk, person.id, {"address": "9 The Quay, Exeter"})
    assert "address of parent 1: unknown" not in returns.draft(desk, duty).missing


def test_safeguarding_concerns_are_for_the_dsl_to_say(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    duty = deletion(dsl)
    roll.edit(dsl, duties.find(dsl, duty).pupil or "", {"social_worker": "yes"})
    assert "social worker" in json.loads(returns.draft(dsl, duty, "json").text)["safeguarding"]
    assert (
        "speak to the DSL"
        in json.loads(returns.draft(desk_for("attendance"), duty, "json").text)["safeguarding"]
    )


def test_a_draft_as_csv_runs_nowhere(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    roll.edit(desk, duty.pupil or "", {"address": '=HYPERLINK("http://x"), "4", line'})
    text = returns.draft(desk, duty.id, "csv").text
    assert text.startswith("\ufeff")
    head, row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert dict(zip(head, row, strict=True))["address"].startswith("'=HYPERLINK")


def test_sending_discharges_the_duty_and_is_said_once(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = absent(desk)
    with pytest.raises(InvalidError, match="How it was sent"):
        returns.sent(desk, duty.id, " ")
    before = desk.store.head.seq
    made = returns.sent(desk, duty.id, "secure form, T-4471")
    assert acts(desk, before) == ["return.sent"]
    assert (made.duty, made.rule, made.pupil) == (duty.id, duty.rule, duty.pupil)
    row = next(r for r in returns.returns(desk) if r.id == duty.id)
    assert (row.duty.state, row.sent) == ("done", made)
    with pytest.raises(InvalidError, match="already"):
        returns.sent(desk, duty.id, "again")


def test_only_returns_are_drafted_in_known_formats_by_those_who_may(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    other = duties.due(desk, rule="absence.resolve-n")[0]
    with pytest.raises(InvalidError, match="no return"):
        returns.draft(desk, other.id)
    with pytest.raises(InvalidError, match="format"):
        returns.draft(desk, absent(desk).id, "pdf")
    with pytest.raises(NotFoundError):
        returns.sent(desk, "absence.ten-day-return:P-000000:2026-11-05", "x")
    with pytest.raises(RefusedError):
        returns.sent(desk_for("staff"), absent(desk).id, "x")
