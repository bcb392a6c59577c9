"""The engine: states, moments, ids, traces, and what its triggers do that examples cannot show."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import engine
from rules.facts import (
    CaseFacts,
    ConcernFacts,
    ContactMade,
    Moment,
    PupilFacts,
    ReferralFacts,
    RegistersTaken,
    SchoolFile,
    Settled,
)
from tests.rules.rulekit import FILE, RULES, SCHOOL, YEAR, D, ask, event, pupil

TEN, N, FIRST = "absence.ten-day-return", "absence.resolve-n", "absence.first-day-contact"
AWAY = {(D(2024, 9, 4), D(2024, 9, 17)): "O"}
ON = D(2024, 9, 17)


def settled(duty: str, state: str = "done", on: date = ON) -> SchoolFile:
    act = Settled(duty=duty, state=state, on=on, by="R. Novak", reason="sent by hand")  # type: ignore[arg-type]
    return SchoolFile(school=SCHOOL, settled={duty: act})


# states ---------------------------------------------------------------------------------------------------------


def test_a_duty_is_due_until_its_day_has_passed() -> None:
    def state(on: date) -> str:
        return ask(on, pupil(on, AWAY), TEN)[0].state

    assert [state(ON), state(D(2024, 9, 18))] == ["due", "overdue"]


@pytest.mark.parametrize("state", ["done", "overridden"])
def test_an_act_settles_a_duty_from_its_day_on(state: str) -> None:
    file = settled(f"{TEN}:P-1:2024-09-04", state, D(2024, 9, 19))
    before, after = D(2024, 9, 18), D(2024, 9, 19)
    assert ask(before, pupil(before, AWAY), TEN, file=file)[0].state == "overdue"
    duty = ask(after, pupil(after, AWAY), TEN, file=file)[0]
    assert duty.state == state
    assert duty.settled == f"{state} on Thu 19 Sep 2024 by R. Novak: sent by hand"


def test_a_return_sent_settles_only_the_duty_that_it_names() -> None:
    on = D(2024, 10, 18)
    rows = {**AWAY, (D(2024, 10, 7), on): "O"}
    sent = event("return_sent", on, rule=TEN, duty=f"{TEN}:P-1:2024-09-04")
    states = {d.id: d.state for d in ask(on, pupil(on, rows, events=(sent,)), TEN)}
    assert states == {f"{TEN}:P-1:2024-09-04": "done", f"{TEN}:P-1:2024-10-07": "due"}


def test_a_cause_that_was_amended_away_leaves_no_duty_even_if_settled() -> None:
    rows = {**AWAY, D(2024, 9, 10): "I"}
    assert ask(ON, pupil(ON, rows), TEN, file=settled(f"{TEN}:P-1:2024-09-04")) == []


def test_the_id_is_stable_while_the_run_grows() -> None:
    ids = {
        duty.id
        for on in YEAR.between(D(2024, 9, 16), D(2024, 10, 4))
        for duty in ask(on, pupil(on, {(D(2024, 9, 4), on): "O"}), TEN)
    }
    assert ids == {f"{TEN}:P-1:2024-09-04"}


# moments --------------------------------------------------------------------------------------------------------


def now(clock: str) -> Moment:
    return Moment(on=ON, at="now", now=datetime.fromisoformat(f"{ON.isoformat()}T{clock}"))


def test_now_sees_the_sessions_that_have_opened() -> None:
    school = msgspec.structs.replace(SCHOOL, register_opens={"AM": "08:55", "PM": "13:10"})
    file = SchoolFile(school=school)
    who = pupil(ON, AWAY)
    assert ask(ON, who, TEN, file=file, moment=Moment(on=ON, at="start")) == []
    assert ask(ON, who, TEN, file=file, moment=now("13:09")) == []
    assert len(ask(ON, who, TEN, file=file, moment=now("13:10"))) == 1
    assert len(ask(ON, who, TEN, file=file)) == 1


def test_marks_entered_ahead_do_not_count() -> None:
    who = pupil(D(2024, 12, 20), {(D(2024, 9, 4), D(2024, 12, 20)): "O"})
    assert ask(D(2024, 9, 16), who, TEN) == []


def test_a_day_without_school_sees_the_days_before() -> None:
    assert len(ask(D(2024, 9, 21), pupil(D(2024, 9, 21), AWAY), TEN)) == 1
    assert ask(D(2024, 8, 30), pupil(D(2024, 8, 30))) == []


def test_an_event_at_the_start_of_the_day_is_known_before_the_first_session() -> None:
    early = msgspec.structs.replace(event("danger", ON), at_start=True)
    moment = Moment(on=ON, at="start")
    rule = "case.danger-referral"
    assert len(ask(ON, pupil(ON, events=(early,)), rule, moment=moment)) == 1
    assert ask(ON, pupil(ON, events=(event("danger", ON),)), rule, moment=moment) == []


def test_a_rule_that_was_not_yet_in_force_asks_nothing() -> None:
    assert ask(D(2024, 8, 18), pupil(ON), "absence.resolve-n") == []


# age ------------------------------------------------------------------------------------------------------------


def test_the_age_of_the_trigger_day_counts_not_that_of_today() -> None:
    """Compulsory age ends on 27 June 2025: a run full on that day is law, one full on the next is policy."""

    def standing(first: date, last: date) -> list[str]:
        on = D(2025, 7, 18)
        return [d.standing for d in ask(on, pupil(on, {(first, last): "O"}, born=D(2009, 5, 1)), TEN)]

    assert standing(D(2025, 6, 16), D(2025, 6, 27)) == ["law"]
    assert standing(D(2025, 6, 17), D(2025, 6, 30)) == ["policy"]


# what triggers do -----------------------------------------------------------------------------------------------


def test_missing_marks_are_passed_over_and_named() -> None:
    on = D(2024, 9, 18)
    duty = ask(on, pupil(on, {(D(2024, 9, 4), on): "O", D(2024, 9, 10): ".."}), TEN)[0]
    assert duty.trigger == on
    assert "missing-marks" in duty.trace.flags
    assert any(span.why == "a mark is missing" for span in duty.trace.skipped)


def test_a_due_date_past_the_calendar_is_its_last_day_and_says_so() -> None:
    on = D(2025, 7, 17)
    duty = ask(on, pupil(on, {on: "N"}), N)[0]
    assert duty.due == D(2025, 7, 21)
    assert "calendar-ends" in duty.trace.flags
    assert any("Enter the next terms" in fact for fact in duty.trace.facts)
    earlier = D(2025, 7, 14)
    assert "calendar-ends" not in ask(earlier, pupil(earlier, {earlier: "N"}), N)[0].trace.flags


def test_a_run_that_begins_with_the_calendar_says_that_it_sees_no_further() -> None:
    words = "The calendar begins on Wed 4 Sep 2024: days before it are not seen."
    assert words in ask(ON, pupil(ON, AWAY), TEN)[0].trace.facts
    assert words not in ask(ON, pupil(ON, AWAY, starts=D(2024, 9, 4)), TEN)[0].trace.facts


def test_one_duty_a_day_with_n() -> None:
    on = D(2024, 9, 19)
    got = ask(on, pupil(on, {D(2024, 9, 17): "N", D(2024, 9, 19): "/N"}), N)
    assert [d.id for d in got] == [f"{N}:P-1:2024-09-17", f"{N}:P-1:2024-09-19"]
    assert got[1].action == "Replace N of Thu 19 Sep: fifth school day"


def test_a_child_with_a_social_worker_is_told_to_the_dsl_on_the_first_day() -> None:
    rows = {ON: "N"}
    assert "tell-dsl-today" in ask(ON, pupil(ON, rows, social_worker=True), FIRST)[0].trace.flags
    assert "tell-dsl-today" not in ask(ON, pupil(ON, rows), FIRST)[0].trace.flags


def test_registers_are_asked_class_by_class_from_since_on() -> None:
    registers = RegistersTaken(
        classes={"8A": 2, "9B": 1, "empty": 0},
        since=D(2024, 9, 16),
        taken=frozenset({("8A", D(2024, 9, 16), "AM")}),
    )
    file = SchoolFile(school=SCHOOL, registers=registers)
    got = engine.register_duties(RULES, YEAR, file, Moment(on=ON))
    assert [d.id for d in got] == [
        f"register.take:{c}:{day}{s}"
        for day in ("2024-09-16", "2024-09-17")
        for s in ("AM", "PM")
        for c in ("8A", "9B")
        if (c, day, s) != ("8A", "2024-09-16", "AM")
    ]
    assert all(d.pupil is None and d.state == "overdue" for d in got)
    assert engine.register_duties(RULES, YEAR, FILE, Moment(on=ON)) == []
    assert ask(ON, pupil(ON), "register.take", file=file) == []


def test_professionals_who_were_told_drop_out_until_nobody_is_left() -> None:
    rule = "case.inform-professionals"

    def told(**answers: str) -> list[tuple[str, tuple[str, ...]]]:
        case = CaseFacts(id="C-1", opened=ON, told={k.replace("_", "-"): v for k, v in answers.items()})
        who = pupil(ON, AWAY, social_worker=True, placing_la="South", cases=(case,))
        return [(d.state, d.recipients) for d in ask(ON, who, rule)]

    assert told() == [("due", ("social-worker", "la:South"))]
    assert told(social_worker="told") == [("due", ("la:South",))]
    assert told(social_worker="told", la="told") == [("due", ("la:South",))]
    assert told(social_worker="told", placing_la="not-told") == [("done", ("social-worker", "la:South"))]


def test_an_open_case_carries_its_enquiries_until_each_is_recorded() -> None:
    rule = "case.enquiries"
    steps = RULES.rule(rule).base.version[0].params["steps"]

    def state(*done: str, trigger: str = "ten-days", closed: date | None = None) -> list[str]:
        case = CaseFacts(
            id="C-1", opened=ON, closed=closed, trigger=trigger, enquiries=dict.fromkeys(done, "done")
        )
        return [d.state for d in ask(ON, pupil(ON, cases=(case,)), rule)]

    assert state() == ["due"]
    assert state(*steps[:-1]) == ["due"]
    assert state(*steps) == ["done"]
    assert state(trigger="suspension") == []
    assert state(closed=ON) == []


def test_the_steps_and_groups_of_duties_are_those_of_the_wizard() -> None:
    from rules import wizard

    steps = RULES.rule("case.enquiries").base.version[0].params
    assert set(steps["steps"]) <= {step.key for step in wizard.enquiry_steps(RULES, ON)}
    assert set(steps["case_triggers"]) <= {trigger.key for trigger in wizard.wizard().trigger}
    groups = RULES.rule("case.group-action").base.version[0].params["groups"]
    keys = [
        question.key.partition(".")[2] for question in wizard.questions(RULES, ON) if question.kind == "group"
    ]
    assert [group["key"] for group in groups] == keys


def test_confirmation_ends_when_the_name_came_off_without_it() -> None:
    letter = event("parent_letter", ON, intent="home-education", last_day="2024-09-20")
    gone = event("removed", D(2024, 9, 20), ground="F")
    on = D(2024, 9, 23)
    rule = "roll.la-confirmation"
    assert [d.due for d in ask(ON, pupil(ON, events=(letter,)), rule)] == [D(2024, 9, 20)]
    assert [d.state for d in ask(on, pupil(on, events=(letter, gone)), rule)] == ["overridden"]


def test_what_ends_with_the_roll() -> None:
    who = pupil(ON, AWAY, left=ON, groups=frozenset({"service"}))
    rules = {d.rule for d in ask(ON, who)}
    assert TEN in rules
    assert not rules & {"case.enquiries", "case.group-action", "absence.persistent", "roll.no-show"}


# every duty -----------------------------------------------------------------------------------------------------

CASES = (
    CaseFacts(
        id="C-1",
        opened=D(2024, 9, 6),
        trigger="ten-days",
        danger="immediate",
        danger_on=D(2024, 9, 9),
        groups={"grt": "yes"},
    ),
)
RICH: dict[str, Any] = {
    "baseline": False,
    "starts": D(2024, 9, 4),
    "social_worker": True,
    "looked_after_by": "West",
    "home_la": "South",
    "groups": frozenset({"service", "youth_justice", "missing_runaway"}),
    "cases": CASES,
    "referrals": (ReferralFacts(id="RF-1", case="C-1", to="police", decision="refer", on=D(2024, 9, 9)),),
    "concerns": (ConcernFacts(id="CO-1", on=D(2024, 9, 9)),),
    "contacts": (ContactMade(on=D(2024, 9, 5), who="mother", result="no answer"),),
    "events": (
        event("danger", D(2024, 9, 10), what="x"),
        event("parent_letter", D(2024, 9, 11), intent="home-education", last_day=D(2024, 9, 20)),
        event("removal_requested", D(2024, 9, 12), ground="F", effective=D(2024, 9, 27)),
        event("suspension", D(2024, 9, 4), **{"from": D(2024, 9, 4), "days": 7}),
    ),
}


def every(on: date) -> list[Any]:
    registers = RegistersTaken(classes={"8A": 1}, since=on)
    keys = {"keys_since": D(2024, 9, 4), "key_holders": 1, "recovery_made": D(2024, 9, 4)}
    file = SchoolFile(school=msgspec.structs.replace(SCHOOL, **keys), registers=registers)
    rows = {(D(2024, 9, 4), D(2024, 9, 5)): "N", (D(2024, 9, 6), on): "O"}
    return [
        *ask(on, pupil(on, rows, **RICH), file=file),
        *ask(on, pupil(on, {(D(2024, 9, 4), on): "OI"}, id="P-2"), file=file),
        *ask(on, pupil(on, id="P-3", section_47=True, events=AT_SCHOOL), file=file),
        *ask(on, pupil(on, id="P-4", section_47=True, left=D(2024, 10, 1), events=GONE), file=file),
        *ask(on, pupil(on, id="P-5", left=D(2012, 7, 20)), file=file),
        *engine.register_duties(RULES, YEAR, file, Moment(on=on)),
        *engine.school_duties(RULES, YEAR, file, Moment(on=on)),
    ]


AT_SCHOOL = (
    event("sickness_forecast", D(2024, 9, 10), days=15),
    event("suspension", D(2024, 9, 10), **{"from": D(2024, 9, 10), "days": 46}),
    event("part_time_timetable", D(2024, 9, 10), **{"from": D(2024, 9, 11)}),
    event("attendance_plan", D(2024, 9, 10), strategies="x", review=D(2024, 9, 30)),
)
GONE = (
    event("removed", D(2024, 10, 1), ground="A"),
    event("handover_sent", D(2024, 10, 2), to="Hill School"),
)


def test_every_rule_can_make_a_duty_and_each_has_trace_and_source() -> None:
    found = every(D(2024, 10, 8))
    assert {duty.rule for duty in found} == set(RULES.rule_ids)
    for duty in found:
        assert duty.trace.facts, duty.id
        assert duty.trace.counted, duty.id
        assert duty.trace.ends, duty.id
        assert duty.citation.text, duty.id
        assert duty.citation.quote, duty.id
        assert duty.recipient == (duty.recipients[0] if duty.recipients else None)
        assert "{" not in duty.action
        assert duty.trigger <= duty.due


def test_ids_are_rule_subject_anchor_and_unique() -> None:
    ids = [duty.id for duty in every(D(2024, 10, 8))]
    assert len(ids) == len(set(ids))
    assert all(
        duty.id.startswith(f"{duty.rule}:") and duty.id.count(":") == 2 for duty in every(D(2024, 10, 8))
    )


def test_asking_for_some_rules_gives_what_asking_for_all_gives_of_them() -> None:
    on = D(2024, 10, 8)
    rows = {(D(2024, 9, 4), D(2024, 9, 5)): "N", (D(2024, 9, 6), on): "O"}
    who = pupil(on, rows, **RICH)
    whole = ask(on, who)
    for rule in RULES.rule_ids:
        assert ask(on, who, rule) == [duty for duty in whole if duty.rule == rule]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(b"/\\NOOUGI#X."), max_size=120), st.sampled_from(YEAR.days[:80]))
def test_no_register_makes_the_engine_stumble(codes: list[int], on: date) -> None:
    who = msgspec.structs.replace(pupil(on, **RICH), marks=bytes(codes))
    for duty in ask(on, who):
        assert duty.trigger <= on
        assert engine.explain(duty)


# ahead ----------------------------------------------------------------------------------------------------------


def ahead(on: date, who: PupilFacts) -> list[str]:
    return [w.text for w in engine.warnings(RULES, YEAR, FILE, who, Moment(on=on))]


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (D(2024, 9, 9), []),
        (D(2024, 9, 10), ["day 5 of 10"]),
        (D(2024, 9, 16), ["day 9 of 10"]),
        (D(2024, 9, 17), []),
    ],
)
def test_a_run_is_warned_of_before_it_is_full(on: date, text: list[str]) -> None:
    assert ahead(on, pupil(on, {(D(2024, 9, 4), on): "O"})) == text


def test_a_run_that_ended_is_not_warned_of() -> None:
    on = D(2024, 9, 13)
    assert ahead(on, pupil(on, {(D(2024, 9, 4), D(2024, 9, 12)): "O"})) == []
    assert ahead(on, pupil(on, {(D(2024, 9, 4), on): "O"}, left=on)) == []
