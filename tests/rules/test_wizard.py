"""The wizard's data: nine steps, seven groups, stable keys, sources; and which questions are asked of whom."""

import re
from datetime import date

from rules.packs import RuleSet
from rules.wizard import asked, enquiry_steps, groups, question, questions, trigger_for, wizard
from tests.rules.groundkit import pupil
from tests.rules.rulekit import RULES

ON = date(2026, 11, 23)
GROUPS = "harm_neglect grt service missing_runaway youth_justice ceased_attending new_migrant".split()


def test_nine_steps_in_the_order_of_the_design() -> None:
    assert [s.key for s in wizard().step] == (
        "happened danger groups enquiries know referral outcome removal close".split()
    )


def test_the_policy_s_seven_groups_each_with_action_and_words() -> None:
    assert [g.key for g in groups(RULES, ON)] == GROUPS
    assert all(g.action and g.quote for g in groups(RULES, ON))
    assert all(question(RULES, ON, f"groups.{key}") is not None for key in GROUPS)


def test_keys_are_stable_and_belong_to_their_step() -> None:
    steps = {s.key for s in wizard().step}
    keys = [q.key for q in questions(RULES, ON)]
    assert len(keys) == len(set(keys))
    for q in questions(RULES, ON):
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", q.key)
        assert q.step in steps
        assert (q.kind in ("choice", "told", "group")) == bool(q.choices)


def test_every_enquiry_step_of_the_guidance_is_there_with_its_certainty() -> None:
    found = {s.key: s for s in enquiry_steps(RULES, ON)}
    assert len(found) == 18
    assert found["local_databases"].certainty == "verified"
    assert found["home_visit"].limit == "home_visit"
    assert {s.by for s in found.values()} == {"school", "la", "joint"}


def test_every_trigger_names_rules_that_exist() -> None:
    known = set(RuleSet().rule_ids)
    assert [r for t in wizard().trigger for r in t.rules if r not in known] == []
    assert trigger_for("absence.ten-day-return") == "ten-days"
    assert trigger_for("absence.persistent") == "other"


def test_who_must_know_depends_on_the_child() -> None:
    def told(**facts: object) -> set[str]:
        who = pupil(**facts)
        return {q.key for q in questions(RULES, ON) if q.step == "know" and asked(q, who, {})}

    assert "know.social_worker" not in told()
    assert "know.social_worker" in told(social_worker=True)
    assert "know.virtual_school" in told(looked_after_by="South")
    assert "know.yot" in told(groups=frozenset({"youth_justice"}))
    assert "know.placing_la" in told(placing_la="South")
    assert {"know.la", "know.parents", "know.ewo"} <= told()


def test_an_answer_can_bring_a_question() -> None:
    plan = question(RULES, ON, "outcome.attendance_plan")
    assert plan is not None
    assert not asked(plan, pupil(), {"outcome.kind": "abroad"})
    assert asked(plan, pupil(), {"outcome.kind": "returned"})
    worker = question(RULES, ON, "know.social_worker")
    assert worker is not None
    assert asked(worker, pupil(), {"groups.social_worker": "yes"})


def test_every_question_is_asked_of_somebody_and_none_of_the_extra_ones_of_everybody() -> None:
    everything = pupil(
        social_worker=True, looked_after_by="South", placing_la="South", groups=frozenset({"youth_justice"})
    )
    answers = {"outcome.kind": "returned"}
    assert [q.key for q in questions(RULES, ON) if not asked(q, everything, answers)] == []
    assert {q.key for q in questions(RULES, ON) if not asked(q, pupil(), {})} == {
        q.key for q in questions(RULES, ON) if q.when
    }


def test_groups_and_steps_carry_the_policy_s_words_and_their_source() -> None:
    assert all(
        s.policy and s.law for s in wizard().step if s.key in ("danger", "groups", "enquiries", "know")
    )
    assert wizard().law
    assert wizard().quote
    assert question(RULES, ON, "close.retention") is not None
