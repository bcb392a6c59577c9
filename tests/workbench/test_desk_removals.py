"""Removals: nothing leaves the roll before every gate is open, and never by one person alone."""

from datetime import date

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import absent, acts, all_but_authorised, gate, opened
from workbench.desk import accounts, duties, events, removals, returns, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import GatesOpenError, InvalidError, NotFoundError, RefusedError

TODAY = date(2026, 11, 23)


def child(desk: Desk) -> str:
    pupil = absent(desk).pupil
    assert pupil is not None
    return pupil


def test_a_ground_outside_the_rule_set_is_said_so(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    with pytest.raises(InvalidError, match="Ground P is not in this rule set"):
        removals.start(desk, child(desk), "P")
    with pytest.raises(InvalidError):
        removals.start(desk, child(desk), "Z")
    listed = {g.letter: g.available for g in removals.grounds(desk)}
    assert list(listed) == [*"ABCDEFGHIJKLMNO", "LEFT"]
    assert all(listed.values())
    assert removals.removals(desk) == []


def test_a_pupil_has_one_open_removal(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    first = removals.start(desk, pupil, "F")
    with pytest.raises(RefusedError, match=first.removal.id):
        removals.start(desk_for("leader"), pupil, "A")
    removals.withdraw(desk, first.removal.id, "they stay")
    assert removals.start(desk, pupil, "A").removal.state == "open"


def test_a_request_alone_creates_the_deletion_return_and_its_withdrawal_ends_it(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    rules = {"roll.deletion-return", "roll.la-confirmation"}
    assert not rules & {d.rule for d in duties.due(desk, pupil=pupil, everything=True)}
    made = removals.start(desk, pupil, "F")
    assert rules <= {d.rule for d in duties.due(desk, pupil=pupil)}
    removals.withdraw(desk, made.removal.id, "a mistake")
    assert not rules & {d.rule for d in duties.due(desk, pupil=pupil, everything=True)}


def test_a_day_in_the_past_is_refused_at_both_ends(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    with pytest.raises(InvalidError, match="back-dated"):
        removals.start(desk, pupil, "F", effective=date(2026, 11, 20))
    seen = all_but_authorised(desk, pupil)
    removals.authorise(desk_for("leader"), seen.removal.id)
    with pytest.raises(GatesOpenError) as refused:
        removals.complete(desk, seen.removal.id, date(2026, 11, 20))
    assert refused.value.gates == ("date",)
    assert roll.find(desk, pupil).left is None


def test_completion_is_refused_with_the_open_gates_named_and_logged(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    made = removals.start(desk, pupil, "F").removal.id
    before = desk.store.head.seq
    with pytest.raises(GatesOpenError) as refused:
        removals.complete(desk, made, TODAY)
    assert refused.value.gates == ("conditions", "la-confirmation", "return-sent", "authorisation")
    assert all(name in str(refused.value) for name in refused.value.gates)
    assert acts(desk, before) == ["removal.refused"]
    assert roll.find(desk, pupil).left is None


def test_a_completed_removal_shows_its_gates_as_they_stood(desk_for: DeskFor, clock: FixedClock) -> None:
    """Years later the child is over compulsory age: the ground held then, and that is what is shown."""
    desk = desk_for("dsl")
    own = all_but_authorised(desk, child(desk)).removal.id
    removals.authorise(desk_for("leader"), own)
    then = removals.complete(desk, own, TODAY).gates
    clock.advance(days=366 * 8)
    assert removals.show(desk, own).gates == then


def test_the_whole_way_to_a_deleted_name(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    seen = all_but_authorised(desk, pupil)
    assert seen.open_gates == ("authorisation", "date")
    assert seen.earliest == TODAY
    signed = removals.authorise(desk_for("leader"), seen.removal.id)
    assert signed.open_gates == ("date",)
    before = desk.store.head.seq
    gone = removals.complete(desk, seen.removal.id, TODAY)
    assert acts(desk, before) == ["removal.completed"]
    assert (gone.removal.state, gone.removal.ended_by, gone.open_gates) == ("completed", "dsl", ())
    left = roll.find(desk, pupil)
    assert (left.left, left.left_ground) == (TODAY, "F")
    assert pupil not in {p.id for p in roll.pupils(desk)}
    with pytest.raises(RefusedError, match="completed"):
        removals.withdraw(desk, seen.removal.id, "too late")
    with pytest.raises(RefusedError, match="left on"):
        removals.start(desk, pupil, "A")


def test_nobody_authorises_what_they_asked_for(desk_for: DeskFor) -> None:
    head = desk_for("leader")
    seen = all_but_authorised_by_leader(desk_for)
    with pytest.raises(RefusedError, match="nobody authorises what they asked for"):
        removals.authorise(head, seen)
    with pytest.raises(RefusedError):
        removals.authorise(desk_for("dsl"), seen)


def all_but_authorised_by_leader(desk_for: DeskFor) -> str:
    head, dsl = desk_for("leader"), desk_for("dsl")
    made = removals.start(head, child(dsl), "F").removal.id
    removals.evidence(head, made, "letter_says_home_education", "yes")
    removals.evidence(head, made, "last_day_passed", "2026-11-20")
    removals.confirm(head, made, "P. Rowe", "T-9", "yes")
    duty = removals.show(head, made).return_duty
    assert duty is not None
    returns.sent(dsl, duty, "secure form")
    return made


def test_someone_with_both_roles_is_still_one_person(desk_for: DeskFor) -> None:
    accounts.set_roles(desk_for("leader"), "dsl", ["dsl", "leader"])
    both = desk_for("dsl")
    seen = all_but_authorised(both, child(both))
    with pytest.raises(RefusedError, match="nobody authorises"):
        removals.authorise(both, seen.removal.id)


@pytest.mark.parametrize("change", ["evidence", "confirm"])
def test_any_later_change_voids_the_authorisation(desk_for: DeskFor, change: str) -> None:
    desk = desk_for("dsl")
    own = all_but_authorised(desk, child(desk)).removal.id
    removals.authorise(desk_for("leader"), own)
    if change == "evidence":
        seen = removals.evidence(desk, own, "last_day_passed", "2026-11-19")
    else:
        seen = removals.confirm(desk, own, "P. Rowe", "T-99", "yes")
    assert "authorisation" in seen.open_gates
    with pytest.raises(GatesOpenError) as refused:
        removals.complete(desk, own, TODAY)
    assert refused.value.gates == ("authorisation",)


def test_authorising_is_refused_while_other_gates_stand_open(desk_for: DeskFor) -> None:
    own = removals.start(desk_for("dsl"), child(desk_for("dsl")), "F").removal.id
    with pytest.raises(GatesOpenError) as refused:
        removals.authorise(desk_for("leader"), own)
    assert refused.value.gates == ("conditions", "la-confirmation", "return-sent")


def test_a_policy_gate_is_overridden_by_a_leader_with_a_reason(desk_for: DeskFor) -> None:
    desk, head = desk_for("dsl"), desk_for("leader")
    pupil = child(desk)
    own = removals.start(desk, pupil, "F").removal.id
    removals.evidence(desk, own, "letter_says_home_education", "yes")
    removals.evidence(desk, own, "last_day_passed", "2026-11-20")
    duty = removals.show(desk, own).return_duty
    assert duty is not None
    returns.sent(desk, duty, "secure form")
    with pytest.raises(InvalidError, match="reason"):
        removals.authorise(head, own, ["la-confirmation"])
    with pytest.raises(RefusedError, match="cannot be overridden"):
        removals.authorise(head, own, ["return-sent"], "no time")
    with pytest.raises(InvalidError, match="no gate"):
        removals.authorise(head, own, ["the-door"], "no time")
    seen = removals.authorise(head, own, ["la-confirmation"], "the law asks for the deletion")
    assert gate(seen, "la-confirmation").state == "overridden"
    assert seen.removal.overrides[0].reason == "the law asks for the deletion"
    assert removals.complete(desk, own, TODAY).removal.state == "completed"


def test_an_authority_that_says_no_leaves_the_gate_open(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own = removals.start(desk, child(desk), "F").removal.id
    seen = removals.confirm(desk, own, "P. Rowe", "T-1", "no")
    assert "la-confirmation" in seen.open_gates
    with pytest.raises(InvalidError, match="answer"):
        removals.confirm(desk, own, "P. Rowe", "T-1", "perhaps")
    with pytest.raises(InvalidError, match="asks for no answer"):
        removals.confirm(desk, own, "P. Rowe", "T-1", "yes", gate="la-consent")
    assert "la-confirmation" not in removals.confirm(desk, own, "P. Rowe", "T-2", "yes").open_gates


def test_a_school_attendance_order_blocks(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    seen = all_but_authorised(desk, pupil)
    events.record(desk, pupil, "school_attendance_order", {"state": "in-force"})
    blocked = removals.show(desk, seen.removal.id)
    assert gate(blocked, "school-attendance-order").state == "open"
    with pytest.raises(GatesOpenError):
        removals.authorise(desk_for("leader"), seen.removal.id)


def test_evidence_is_asked_for_by_the_ground(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own = removals.start(desk, child(desk), "F").removal.id
    keys = {k.key for k in removals.evidence_questions(desk, own)}
    assert keys == {"letter_says_home_education", "last_day_passed"}
    assert keys < {k.key for k in removals.keys(desk)}
    with pytest.raises(InvalidError, match="no condition"):
        removals.evidence(desk, own, "a_feeling", "yes")
    with pytest.raises(NotFoundError):
        removals.evidence(desk, "R-000000", "last_day_passed", "2026-11-20")


def test_a_removal_belongs_to_a_case_of_the_same_child(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    other = next(p.id for p in roll.pupils(desk) if p.id != case.pupil)
    with pytest.raises(InvalidError, match="is not about"):
        removals.start(desk, other, "F", case.id)
    assert removals.start(desk, case.pupil, "F", case.id).removal.case == case.id


def test_a_return_sent_for_a_withdrawn_removal_says_nothing_about_the_next(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    first = all_but_authorised(desk, pupil)
    clock.advance(hours=1)
    removals.withdraw(desk, first.removal.id, "they stay")
    clock.advance(hours=1)
    second = removals.start(desk, pupil, "F")
    assert gate(second, "return-sent").state == "open"


def test_every_gate_shows_its_standing_and_source(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    seen = removals.start(desk, child(desk), "F")
    assert [g.id for g in seen.gates] == [
        "conditions",
        "school-attendance-order",
        "la-consent",
        "la-confirmation",
        "return-sent",
        "authorisation",
        "date",
    ]
    assert all(g.citation.text and g.why and g.title for g in seen.gates)
    assert (gate(seen, "la-confirmation").standing, gate(seen, "conditions").standing) == ("policy", "law")
