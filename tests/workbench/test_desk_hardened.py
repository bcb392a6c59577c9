"""What a hostile hour at the desk found: each door stays shut."""

from collections.abc import Callable

import pytest

from tests.conftest import DeskFor
from workbench.desk import (
    amendments,
    cases,
    concerns,
    duties,
    exports,
    logbook,
    referrals,
    registers,
    removals,
    returns,
    roll,
)
from workbench.desk import events as happenings
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Pupil


@pytest.fixture
def dsl(desk_for: DeskFor) -> Desk:
    return desk_for("dsl")


@pytest.fixture
def pupil(dsl: Desk) -> Pupil:
    return roll.pupils(dsl)[0]


def test_a_start_put_off_takes_nobody_off_the_registers(desk_for: DeskFor, pupil: Pupil) -> None:
    with pytest.raises(InvalidError, match="take the name off the registers"):
        roll.edit(desk_for("attendance"), pupil.id, {"starts": "2027-01-05"})
    with pytest.raises(InvalidError, match="take the name off the registers"):
        roll.edit(desk_for("attendance"), pupil.id, {"starts": "2026-11-20"})


@pytest.mark.parametrize("value", ["none", "unknown"])
def test_danger_is_not_taken_back_without_a_word(dsl: Desk, pupil: Pupil, value: str) -> None:
    case = cases.open_case(dsl, pupil.id, "concern")
    cases.answer(dsl, case.id, "danger.level", "immediate", note="heard it herself")
    with pytest.raises(InvalidError, match="taking it back needs"):
        cases.answer(dsl, case.id, "danger.level", value)
    (duty,) = duties.due(dsl, rule="case.danger-referral")
    with pytest.raises(InvalidError, match="referral to social care is recorded"):
        duties.done(dsl, duty.id, "because")
    cases.answer(dsl, case.id, "danger.level", "none", note="seen at home by the social worker")
    assert duties.due(dsl, rule="case.danger-referral") == []


def test_an_n_is_not_resolved_by_a_word(dsl: Desk) -> None:
    duty = duties.due(dsl, rule="absence.resolve-n")[0]
    with pytest.raises(InvalidError, match="another code"):
        duties.done(dsl, duty.id, "x")


def letter(dsl: Desk, pupil: Pupil) -> str:
    fields = {"on": "2026-11-18", "intent": "home-education", "in_writing": "yes", "last_day": "2026-11-20"}
    happenings.record(dsl, pupil.id, "parent_letter", fields)
    return removals.start(dsl, pupil.id, "F").removal.id


def test_a_no_against_the_record_opens_the_gate_again(dsl: Desk, pupil: Pupil) -> None:
    own = letter(dsl, pupil)
    assert "conditions" not in removals.show(dsl, own).open_gates
    view = removals.evidence(dsl, own, "letter_says_home_education", "no", note="retracted by telephone")
    assert "conditions" in view.open_gates
    assert "stated: no, against the record" in next(g for g in view.gates if g.id == "conditions").why


@pytest.mark.parametrize("value", ["maybe", "retracted", "1.5"])
def test_evidence_is_yes_no_or_a_day(dsl: Desk, pupil: Pupil, value: str) -> None:
    own = letter(dsl, pupil)
    with pytest.raises(InvalidError, match="is no answer"):
        removals.evidence(dsl, own, "last_day_passed", value)


def test_a_yes_that_the_register_does_not_bear_out_is_said(dsl: Desk, pupil: Pupil) -> None:
    view = removals.start(dsl, pupil.id, "I")
    view = removals.evidence(dsl, view.removal.id, "continuous_absence", "yes")
    assert "which the record does not bear out" in next(g for g in view.gates if g.id == "conditions").why


def test_a_hidden_case_is_in_no_export_no_list_and_no_duty(
    desk_for: DeskFor, dsl: Desk, pupil: Pupil
) -> None:
    deputy = desk_for("deputy")
    secret = cases.open_case(deputy, pupil.id, "concern", about=("dsl",))
    referrals.add(deputy, secret.id, "lado", "refer", "told by a pupil")
    removal = removals.start(deputy, pupil.id, "G", case=secret.id).removal.id
    own = cases.open_case(dsl, pupil.id, "other")
    file = exports.export_case(dsl, own.id)
    shown = (
        str(file)
        + str(logbook.entries(dsl, pupil=pupil.id))
        + str(duties.due(dsl, pupil=pupil.id, everything=True))
    )
    assert [word for word in (secret.id, removal) if word in shown] == []
    assert [d for d in duties.due(dsl, pupil=pupil.id) if d.rule == "roll.deletion-return"] == []
    assert [d for d in duties.due(deputy, pupil=pupil.id) if d.rule == "roll.deletion-return"]


def test_a_draft_is_never_back_dated(dsl: Desk, pupil: Pupil, clock: object) -> None:
    view = removals.start(dsl, pupil.id, "G", effective=dsl.today())
    clock.set("2026-11-25T10:00:00")  # type: ignore[attr-defined]
    assert view.return_duty is not None
    assert "2026-11-25" in returns.draft(dsl, view.return_duty).text


def test_a_decision_on_a_concern_stays(dsl: Desk, pupil: Pupil) -> None:
    own = concerns.report(dsl, pupil.id, "always hungry")
    concerns.triage(dsl, own, "early help")
    with pytest.raises(InvalidError, match="decided on by dsl"):
        concerns.triage(dsl, own, "nothing")
    assert concerns.show(dsl, own).outcome == "early help"


@pytest.mark.parametrize("code", ["Z", "#"])
def test_codes_of_no_pupil_are_no_marks(dsl: Desk, pupil: Pupil, code: str) -> None:
    day, session, _ = registers.marks_of(dsl, pupil.id)[-1]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: registers.mark(dsl, pupil.id, dsl.today(), "AM", code),
        lambda: amendments.amend(dsl, pupil.id, day, session, code, "x"),
    )
    for attempt in attempts:
        with pytest.raises(InvalidError, match="no mark of a child on roll"):
            attempt()


@pytest.mark.parametrize("name", ["A\x1b[31mB", "A\u202eB", "A\x00B"])
def test_a_name_with_control_characters_is_refused(dsl: Desk, pupil: Pupil, name: str) -> None:
    with pytest.raises(InvalidError, match="no terminal should get"):
        roll.edit(dsl, pupil.id, {"surname": name})


def test_what_happened_does_not_lie_ahead(dsl: Desk, pupil: Pupil) -> None:
    case = cases.open_case(dsl, pupil.id, "other")
    with pytest.raises(InvalidError, match="lies ahead"):
        cases.answer(dsl, case.id, "happened.when", "2099-01-01")
