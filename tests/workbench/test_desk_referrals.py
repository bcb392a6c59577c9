"""Referrals: a decision with its reason, the answer, the clock that runs until there is one."""

from datetime import date

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import acts, opened
from workbench.desk import cases, duties, referrals
from workbench.desk.clock import FixedClock
from workbench.domain.errors import InvalidError, NotFoundError

FOLLOW_UP = "referral.follow-up"


@pytest.mark.parametrize("decision", ["refer", "not-referred"])
def test_either_decision_needs_its_reason(desk_for: DeskFor, decision: str) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    with pytest.raises(InvalidError, match="reason"):
        referrals.add(desk, case.id, "social-care", decision, "")
    before = desk.store.head.seq
    made = referrals.add(desk, case.id, "social-care", decision, "what was seen on Friday", threshold="3")
    assert (made.case, made.pupil, made.decision, made.threshold, made.by) == (
        case.id,
        case.pupil,
        decision,
        "3",
        "dsl",
    )
    assert acts(desk, before) == ["referral.added"]
    assert referrals.referrals(desk) == [made]


def test_what_is_unknown_is_refused(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    for to, decision, more in (
        ("the-king", "refer", {}),
        ("police", "perhaps", {}),
        ("police", "refer", {"consent": "maybe"}),
        ("police", "refer", {"consent": "refused"}),
    ):
        with pytest.raises(InvalidError):
            referrals.add(desk, case.id, to, decision, "a reason", **more)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        referrals.add(desk, "C-000000", "police", "refer", "a reason")
    assert referrals.referrals(desk) == []


def test_the_follow_up_runs_until_somebody_answers(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    day = date(2026, 11, 25)
    made = referrals.add(desk, case.id, "social-care", "refer", "risk of harm", follow_up=day)
    assert [d.due for d in duties.due(desk, rule=FOLLOW_UP)] == [day]
    clock.advance(days=3)
    assert [d.state for d in duties.due(desk, rule=FOLLOW_UP)] == ["overdue"]
    answered = referrals.reply(desk, made.id, "an assessment begins", outcome="accepted", by="duty desk")
    assert [(r.by, r.outcome) for r in answered.replies] == [("duty desk", "accepted")]
    assert duties.due(desk, rule=FOLLOW_UP) == []


def test_not_to_refer_starts_no_clock(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    referrals.add(desk, opened(desk).id, "social-care", "not-referred", "below the threshold")
    assert duties.due(desk, rule=FOLLOW_UP) == []


def test_an_escalation_is_kept_beside_the_answers(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    made = referrals.add(desk, case.id, "social-care", "refer", "risk of harm")
    referrals.reply(desk, made.id, "no further action")
    referrals.escalate(desk, made.id, "to the team manager: risk goes on")
    twice = referrals.escalate(desk, made.id, "to the partnership")
    assert twice.escalated.count("\n") == 1
    assert "team manager" in twice.escalated
    assert len(twice.replies) == 1
    kinds = [line.kind for line in cases.show(desk, case.id).chronology]
    assert kinds.count("reply") == 1
    with pytest.raises(NotFoundError):
        referrals.reply(desk, "F-000000", "hello")
