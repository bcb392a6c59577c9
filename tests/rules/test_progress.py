"""Progress is computed from evidence: danger before everything, and nothing is closed that stands open."""

from datetime import date
from typing import Any

from rules.progress import Given, closing, danger_open, next_step, progress
from rules.wizard import enquiry_steps, questions
from tests.rules.groundkit import pupil
from tests.rules.rulekit import RULES

ON = date(2026, 11, 23)


def given(**more: Any) -> Given:
    blank: dict[str, Any] = {
        "rules": RULES, "on": ON, "pupil": pupil(), "answers": {}, "notes": {}, "enquiries": {},
        "referrals": (), "removal": None,
        "closed": False,
    }  # fmt: skip
    return Given(**{**blank, **more})


def states(known: Given) -> dict[str, str]:
    return {s.key: s.state for s in progress(known)}


def test_an_empty_case_begins_at_the_beginning() -> None:
    found = progress(given())
    assert [s.number for s in found] == list(range(1, 10))
    assert states(given())["removal"] == "does-not-apply"
    first = next_step(found)
    assert first is not None
    assert first.key == "happened"


def test_danger_makes_everything_else_wait_never_the_reverse() -> None:
    for level in ("immediate", "risk"):
        known = given(answers={"danger.level": level}, notes={"danger.level": "seen"})
        assert danger_open(known)
        assert {k for k, v in states(known).items() if v == "waits"} == {
            "groups",
            "enquiries",
            "know",
            "outcome",
            "close",
        }
        for to, decision in (("police", "refer"), ("social-care", "not-referred")):
            assert danger_open(given(answers={"danger.level": level}, referrals=((to, decision),)))
        referred = given(answers={"danger.level": level}, referrals=(("social-care", "refer"),))
        assert "waits" not in states(referred).values()


def test_no_danger_needs_what_it_relied_on_and_not_known_stays_open() -> None:
    assert states(given(answers={"danger.level": "none"}))["danger"] == "begun"
    assert states(given(answers={"danger.level": "none"}, notes={"danger.level": "seen"}))["danger"] == "done"
    assert (
        states(given(answers={"danger.level": "unknown"}, notes={"danger.level": "x"}))["danger"] == "begun"
    )


def test_not_told_needs_its_reason() -> None:
    answers = {q.key: "told" for q in questions(RULES, ON) if q.step == "know"} | {"know.parents": "not-told"}
    assert states(given(answers=answers))["know"] == "begun"
    assert (
        states(given(answers=answers, notes={"know.parents": "it would put her at risk"}))["know"] == "done"
    )


def test_enquiries_are_done_when_each_step_is_done_or_says_why_not() -> None:
    steps = [s.key for s in enquiry_steps(RULES, ON)]
    assert states(given(enquiries=dict.fromkeys(steps[:-1], "done")))["enquiries"] == "begun"
    assert states(given(enquiries=dict.fromkeys(steps, "not-done")))["enquiries"] == "done"


def test_a_referral_step_needs_decision_and_level() -> None:
    level = {"answers": {"referral.threshold_level": "3"}, "notes": {"referral.threshold_level": "neglect"}}
    assert states(given(**level))["referral"] == "begun"
    assert states(given(**level, referrals=(("social-care", "not-referred"),)))["referral"] == "done"


def test_the_removal_step_follows_the_removal() -> None:
    assert states(given(answers={"removal.claimed": "yes"}))["removal"] == "begun"
    assert states(given(removal="open"))["removal"] == "begun"
    assert states(given(removal="completed"))["removal"] == "done"
    assert states(given(removal="withdrawn"))["removal"] == "does-not-apply"


def test_closing_names_all_that_is_not_true_yet() -> None:
    found = {c.key: c.met for c in closing(given(removal="open"))}
    assert found == {
        "danger-answered": False, "danger-referred": True, "groups": False, "enquiries": True,
        "referral-decided": False, "told": False, "outcome": False, "removal-ended": False, "summary": False,
    }  # fmt: skip


def test_everything_answered_can_be_closed() -> None:
    answers = {q.key: "told" for q in questions(RULES, ON) if q.step == "know"}
    answers |= {q.key: "no" for q in questions(RULES, ON) if q.kind == "group" and q.required}
    answers |= {"danger.level": "none", "outcome.kind": "abroad", "close.summary": "they moved"}
    known = given(
        answers=answers,
        notes={"danger.level": "seen", "outcome.kind": "a letter"},
        referrals=(("social-care", "not-referred"),),
    )
    assert all(c.met for c in closing(known))
    assert states(known)["close"] == "begun"
    assert states(given(closed=True))["close"] == "done"


def unmet(**known: Any) -> set[str]:
    return {c.key for c in closing(given(**known)) if not c.met}


def test_a_case_is_not_closed_before_each_group_was_looked_at() -> None:
    seven = [q.key for q in questions(RULES, ON) if q.kind == "group" and q.required]
    assert "groups" in unmet(answers=dict.fromkeys(seven[:-1], "no"))
    assert "groups" not in unmet(answers=dict.fromkeys(seven, "no"))


def test_a_child_not_found_closes_only_on_the_whole_of_the_enquiries() -> None:
    steps = [s.key for s in enquiry_steps(RULES, ON)]
    lost = {"outcome.kind": "not-found"}
    assert "enquiries" in unmet(answers=lost, enquiries=dict.fromkeys(steps[:-1], "done"))
    assert "enquiries" not in unmet(answers=lost, enquiries=dict.fromkeys(steps, "not-done"))
    assert "enquiries" not in unmet(answers={"outcome.kind": "returned"})


def test_a_child_who_is_back_has_an_attendance_plan_before_the_case_closes() -> None:
    back = {"outcome.kind": "returned"}
    notes = {"outcome.kind": "back since Monday"}
    assert "outcome" in unmet(answers=back, notes=notes)
    assert "outcome" not in unmet(answers={**back, "outcome.attendance_plan": "met at the gate"}, notes=notes)
