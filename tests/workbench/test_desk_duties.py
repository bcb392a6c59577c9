"""What must be done: order, roles, days asked about, and the acts that settle a duty."""

from datetime import date

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import TEN_DAYS, absent, acts, opened
from workbench.desk import amendments, cases, concerns, contacts, duties, events, removals, returns, roll
from workbench.desk.clock import FixedClock
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError


def test_late_duties_stand_first_and_then_the_date_counts(desk_for: DeskFor) -> None:
    found = duties.due(desk_for("dsl"))
    states = [d.state for d in found]
    assert states == sorted(states, key=["overdue", "due", "advisory"].index)
    late = [d.due for d in found if d.state == "overdue"]
    assert late == sorted(late)
    assert all(d.trace.facts and d.citation.text for d in found)


def test_danger_stands_before_what_is_late(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    assert duties.due(desk)[0].state == "overdue"
    cases.answer(desk, case.id, "danger.level", "immediate", "said so to a friend")
    first = duties.due(desk)[0]
    assert (first.rule, first.pupil, first.due) == ("case.danger-referral", case.pupil, date(2026, 11, 23))
    assert set(first.recipients) >= {"social-care:Torbay", "police"}


def test_every_role_sees_its_own(desk_for: DeskFor) -> None:
    dsl = duties.due(desk_for("dsl"))
    office = duties.due(desk_for("attendance"))
    staff = duties.due(desk_for("staff"))
    assert {d.owner for d in office} == {"attendance"}
    assert {d.rule for d in staff} == {"register.take"}
    assert duties.due_hidden(desk_for("attendance")) == len(dsl) - len(office) > 0
    assert duties.due_hidden(desk_for("dsl")) == 0
    assert [d.id for d in duties.due(desk_for("auditor"))] == [d.id for d in dsl]


def test_a_duty_that_is_not_on_ones_list_is_not_found(desk_for: DeskFor) -> None:
    hidden = next(d for d in duties.due(desk_for("dsl")) if d.owner == "dsl")
    for verb in (duties.find, duties.why):
        with pytest.raises(NotFoundError):
            verb(desk_for("attendance"), hidden.id)
    with pytest.raises(NotFoundError):
        duties.done(desk_for("attendance"), hidden.id, "I did it")


def test_why_says_the_days_counted_the_source_and_whom_to_reach(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    words = "\n".join(duties.why(desk, absent(desk).id))
    for part in (
        "Counted",
        "(10)",
        "weekend",
        "SI 2024/208 reg 13",
        "Standing: law",
        "P. Rowe",
        "cme@la.invalid",
    ):
        assert part in words


def test_a_duty_is_done_once_and_with_a_reason(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = absent(desk)
    with pytest.raises(InvalidError, match="reason"):
        duties.done(desk, duty.id, "  ")
    before = desk.store.head.seq
    made = duties.done(desk, duty.id, "told by telephone")
    assert (made.by, made.state, made.pupil) == ("attendance", "done", duty.pupil)
    assert acts(desk, before) == ["duty.done"]
    now = duties.find(desk, duty.id)
    assert now.state == "done"
    assert now.settled is not None
    assert "told by telephone" in now.settled
    assert duty.id not in {d.id for d in duties.due(desk)}
    assert duty.id in {d.id for d in duties.due(desk, everything=True)}
    with pytest.raises(InvalidError, match="already"):
        duties.done(desk, duty.id, "again")


def test_only_policy_is_overridden_and_only_by_a_leader(desk_for: DeskFor) -> None:
    leader = desk_for("leader")
    law = absent(leader)
    policy = next(d for d in duties.due(leader) if d.standing == "policy" and d.pupil)
    with pytest.raises(RefusedError, match="only policy"):
        duties.override(leader, law.id, "no time")
    with pytest.raises(RefusedError):
        duties.override(desk_for("dsl"), policy.id, "no time")
    assert duties.override(leader, policy.id, "agreed with the EWO").state == "overridden"
    assert duties.find(leader, policy.id).state == "overridden"


def test_a_register_to_take_cannot_be_talked_away(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = duties.due(desk, rule="register.take")[0]
    with pytest.raises(InvalidError, match="register is taken"):
        duties.done(desk, duty.id, "no time")


def test_a_deletion_return_is_never_done_by_saying_so(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    removals.start(desk, absent(desk).pupil or "", "F")
    duty = duties.due(desk, rule="roll.deletion-return")[0]
    with pytest.raises(InvalidError, match="return is marked sent"):
        duties.done(desk, duty.id, "posted")
    returns.sent(desk, duty.id, "posted, second class")
    assert duties.find(desk, duty.id).state == "done"


def test_an_earlier_day_is_answered_as_at_its_end(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    assert duty.trigger == date(2026, 11, 18)
    assert duty.id not in {d.id for d in duties.due(desk, on=date(2026, 11, 17), rule=TEN_DAYS)}
    same = duties.find(desk, duty.id, on=date(2026, 11, 18))
    assert same.state == "due"


def test_an_answer_given_later_is_not_known_earlier(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    cases.answer(desk, case.id, "danger.level", "immediate", "a call")
    clock.advance(days=1)
    cases.answer(desk, case.id, "danger.level", "none", "a mistake: she is at home")
    rule = "case.danger-referral"
    assert [d.state for d in duties.due(desk, on=date(2026, 11, 23), rule=rule)] == ["due"]
    assert duties.due(desk, rule=rule) == []


def test_what_was_known_is_read_from_the_log(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    clock.advance(days=1)
    assert duty.pupil is not None
    amendments.amend(desk, duty.pupil, date(2026, 11, 13), "AM", "I", "the doctor's letter came")
    with pytest.raises(NotFoundError, match="amended away"):
        duties.find(desk, duty.id)
    then = duties.due(desk, known=date(2026, 11, 23), pupil=duty.pupil, rule=TEN_DAYS)
    assert [d.id for d in then] == [duty.id]
    with pytest.raises(InvalidError, match="Nothing was recorded"):
        duties.due(desk, known=date(2020, 1, 1))


def test_why_says_what_was_known_on_a_day(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    duty = duties.due(desk, rule=TEN_DAYS)[0]
    then, known = duties.why(desk, duty.id), date(2026, 11, 23)
    clock.set("2026-11-25T10:00:00")
    day = duty.trace.counted[0].first
    amendments.amend(desk, duty.pupil or "", day, "AM", "I", "a letter came")
    with pytest.raises(NotFoundError):
        duties.why(desk, duty.id)
    was = duties.find(desk, duty.id, on=known, known=known)
    assert (was.trigger, was.due) == (duty.trigger, duty.due)
    assert duties.why(desk, duty.id, known, known)[0] == then[0]
    with pytest.raises(InvalidError):
        duties.why(desk, duty.id, known=date(2020, 1, 1))


def test_a_pupil_added_later_has_no_duties_in_what_was_known(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    clock.advance(days=1)
    fields = {
        "surname": "New",
        "forename": "Ada",
        "born": "2014-05-01",
        "year": "7",
        "class": "7A",
        "starts": "2026-11-24",
    }
    new = roll.add(desk, fields)
    assert duties.due(desk, pupil=new.id)
    assert duties.due(desk, known=date(2026, 11, 23), pupil=new.id) == []


def test_a_call_settles_the_first_day_contact(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = duties.due(desk, rule="absence.first-day-contact")[0]
    assert duty.pupil is not None
    contacts.add(desk, duty.pupil, "mother", "no answer")
    assert duties.due(desk, pupil=duty.pupil, rule="absence.first-day-contact") == []


def test_an_event_that_is_corrected_no_longer_counts(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = absent(desk).pupil
    assert pupil is not None
    wrong = events.record(desk, pupil, "danger", {"what": "a threat"})
    assert duties.due(desk, pupil=pupil, rule="case.danger-referral")
    events.record(desk, pupil, "danger", {"what": "another child", "corrects": wrong.id, "on": "2026-11-23"})
    assert len(duties.due(desk, pupil=pupil, rule="case.danger-referral")) == 1


def test_triage_shows_only_to_those_the_concern_is_not_about(desk_for: DeskFor) -> None:
    pupil = absent(desk_for("dsl")).pupil
    assert pupil is not None
    concerns.report(desk_for("staff"), pupil, "bruises", about=["dsl"])
    seen = {
        u: len(duties.due(desk_for(u), rule="concern.triage"))
        for u in ("dsl", "deputy", "leader", "attendance", "auditor")
    }
    assert seen == {"dsl": 0, "deputy": 1, "leader": 0, "attendance": 0, "auditor": 0}


def test_duties_of_a_case_are_hidden_from_those_it_is_about(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"), about=("deputy",))
    cases.answer(desk_for("dsl"), case.id, "danger.level", "risk", "said by a sibling")
    assert [d.case for d in duties.due(desk_for("leader"), rule="case.danger-referral")] == [case.id]
    assert duties.due(desk_for("deputy"), rule="case.danger-referral") == []


def test_runs_near_a_trigger_are_warned_of_and_figures_counted(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    pupil = absent(desk).pupil
    assert pupil is not None
    amendments.amend(desk, pupil, date(2026, 11, 9), "AM", "I", "a note from the doctor")
    assert [(w.day, w.of) for w in duties.warnings(desk) if w.pupil == pupil] == [(9, 10)]
    assert duties.due(desk, pupil=pupil, rule=TEN_DAYS) == []
    counted = duties.figures(desk, pupil, on=date(2026, 11, 20))
    assert counted.possible == counted.attended + counted.absent
    assert counted.severe


def test_a_return_that_was_sent_is_done(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    duty = absent(desk)
    returns.sent(desk, duty.id, "secure form, T-1")
    assert duties.find(desk, duty.id).state == "done"
