"""Case duties while the case is sealed: whoever lacks the key reads their outlines, never what they rest on."""

from tests.conftest import DeskFor
from tests.workbench.story import UPN, opened, walked
from workbench.desk import cases, concerns, duties, enquiries, events, referrals, stats
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk


def danger(desk: Desk) -> str:
    case = opened(desk).id
    cases.answer(desk, case, "danger.level", "immediate", "quokka was seen")
    return case


def ids(desk: Desk, **asked: bool) -> dict[str, str]:
    return {duty.id: duty.state for duty in duties.due(desk, everything=asked.get("everything", False))}


def test_an_auditor_has_the_same_duties_as_the_dsl(desk_for: DeskFor) -> None:
    danger(desk_for("dsl"))
    assert ids(desk_for("auditor")) == ids(desk_for("dsl"))
    assert any(own.startswith("case.danger-referral:") for own in ids(desk_for("auditor")))


def test_its_trace_and_source_are_said_to_be_sealed_and_it_says_no_more(desk_for: DeskFor) -> None:
    case = danger(desk_for("dsl"))
    seen = [duty for duty in duties.due(desk_for("auditor")) if duty.case == case]
    assert seen
    for duty in seen:
        assert duty.trace.facts == ("sealed; outline of 2026-11-23",)
        assert duty.citation.text
        assert "quokka" not in repr(duty)
        assert all(":" not in whom for whom in duty.recipients), "the kind of recipient, not who it is"
        assert duties.why(desk_for("auditor"), duty.id)


def test_a_whole_case_walked_through_leaves_the_same_duties_to_both(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    walked(dsl, case)
    assert ids(desk_for("auditor"), everything=True) == ids(dsl, everything=True)


def test_a_duty_is_overdue_by_the_day_though_nobody_opened_the_case(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    danger(desk_for("dsl"))
    clock.advance(days=1)
    late = {own for own, state in ids(desk_for("auditor")).items() if state == "overdue"}
    assert any(own.startswith("case.danger-referral:") for own in late)
    assert late == {own for own, state in ids(desk_for("dsl")).items() if state == "overdue"}


def test_an_act_that_settles_it_takes_it_away_for_both(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = danger(dsl)
    referrals.add(dsl, case, "social-care", "refer", "at once")
    referrals.add(dsl, case, "police", "refer", "at once")
    assert ids(desk_for("auditor")) == ids(dsl)
    assert not any(own.startswith("case.danger-referral:") for own in ids(desk_for("auditor")))


def test_attendance_has_as_many_for_the_dsl_as_when_it_could_read_them(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    danger(dsl)
    others = [d for d in duties.due(dsl) if d.owner != "attendance" and d.rule != duties.TRIAGE]
    assert duties.due_hidden(desk_for("attendance")) == len(others)


def test_what_attendance_writes_into_a_case_it_cannot_read_back(desk_for: DeskFor) -> None:
    dsl, office = desk_for("dsl"), desk_for("attendance")
    case = opened(dsl).id
    step = enquiries.steps(dsl)[0][0]
    enquiries.add(office, case, step, "quokka at the door", how="visit")
    assert [e.result for e in enquiries.enquiries(office, case)] == ["sealed"]
    assert [e.step for e in enquiries.enquiries(office, case)] == [step], "that it was done is in the clear"
    assert [e.result for e in enquiries.enquiries(dsl, case)] == ["quokka at the door"]


def test_a_case_about_a_dsl_opens_for_the_others_alone(desk_for: DeskFor) -> None:
    case = opened(desk_for("deputy"), ("dsl",)).id
    cases.note(desk_for("deputy"), case, "quokka")
    stored = desk_for("dsl").get("cases", "notes", next(iter(desk_for("dsl").docs("cases", "notes"))))
    assert stored is not None
    assert stored["text"] == "sealed", "the key itself is not theirs, whatever a verb would let through"
    assert cases.show(desk_for("leader"), case).notes[0].text == "quokka"


def test_signs_of_danger_are_sealed_and_still_seen_to_be_there(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    pupil = duties.due(dsl, rule="absence.ten-day-return")[0].pupil
    assert pupil is not None
    made = events.record(dsl, pupil, "danger", {"what": "quokka"})
    stored = desk_for("attendance").get("pupils", "events", made.id)
    assert stored is not None
    assert (stored["kind"], stored["fields"]) == ("danger", {})
    assert desk_for("leader").get("pupils", "events", made.id)["fields"] == {"what": "quokka"}  # type: ignore[index]


def test_the_numbers_are_the_same_without_the_keys(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = danger(dsl)
    made = referrals.add(dsl, case, "social-care", "refer", "at once")
    referrals.reply(dsl, made.id, "quokka: they came", outcome="assessment")
    concerns.triage(dsl, concerns.report(desk_for("staff"), UPN, "quokka"), "spoken to")
    assert stats.read(desk_for("auditor")).tables == stats.read(dsl).tables
