"""Cases: opened from a duty, answered, hidden from those they are about, closed and opened again."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE, DeskFor
from tests.workbench.story import absent, acts, opened, walked
from workbench.desk import (
    amendments,
    cases,
    checks,
    concerns,
    contacts,
    duties,
    enquiries,
    events,
    folders,
    referrals,
    removals,
    roll,
    signin,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.cases import Case
from workbench.domain.errors import ConflictError, InvalidError, NotFoundError, RefusedError


def states(desk: object, case: str) -> dict[str, str]:
    return {s.key: s.state for s in cases.show(desk, case, again=True).steps}  # type: ignore[arg-type]


def test_a_case_opened_from_a_duty_is_filled_in(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    before = desk.store.head.seq
    case = opened(desk)
    assert acts(desk, before) == ["case.opened"]
    assert (case.duty, case.trigger, case.owner, case.waits_for) == (duty.id, "ten-days", "dsl", "us")
    answers = cases.show(desk, case.id).answers
    assert answers["happened.how"].value == "ten-days"
    assert "Ten school days in a row" in answers["happened.how"].note
    assert answers["happened.when"].value == "2026-11-18"
    assert answers["happened.last_seen"].value == "2026-11-04 PM, by the register"
    assert states(desk, case.id)["happened"] == "done"


def test_a_pupil_has_one_open_case(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    with pytest.raises(RefusedError, match=case.id):
        cases.open_case(desk_for("deputy"), case.pupil, "other")


def test_a_duty_must_be_about_the_pupil_and_a_trigger_known(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    duty = absent(desk)
    other = next(p.id for p in roll.pupils(desk) if p.id != duty.pupil)
    with pytest.raises(InvalidError, match="is not about"):
        cases.open_case(desk, other, duty.id)
    with pytest.raises(InvalidError, match="is no trigger"):
        cases.open_case(desk, other, "boredom")
    with pytest.raises(InvalidError, match="is no account"):
        cases.open_case(desk, other, "other", about=["nobody"])
    with pytest.raises(NotFoundError):
        cases.open_case(desk, "P-NOBODY", "other")
    assert cases.cases(desk) == []


def test_whom_a_case_is_about_does_not_find_it(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"), about=("deputy",))
    referrals.add(desk_for("dsl"), case.id, "lado", "refer", "an allegation")
    removal = removals.start(desk_for("dsl"), case.pupil, "F", case.id).removal.id
    desk = desk_for("deputy")
    assert cases.cases(desk) == []
    assert referrals.referrals(desk) == []
    assert removals.removals(desk) == []
    for verb, arguments in (
        (cases.show, (case.id,)),
        (cases.note, (case.id, "text")),
        (cases.answer, (case.id, "danger.level", "none")),
        (enquiries.enquiries, (case.id,)),
        (removals.show, (removal,)),
    ):
        with pytest.raises(NotFoundError):
            verb(desk, *arguments)  # type: ignore[operator]
    assert [row.case.id for row in cases.cases(desk_for("leader"))] == [case.id]


def test_a_case_about_its_opener_is_owned_by_another_dsl(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"), about=("dsl",))
    assert case.owner == "deputy"
    assert cases.cases(desk_for("dsl")) == []
    assert [row.case.id for row in cases.cases(desk_for("deputy"))] == [case.id]


def test_a_case_from_a_concern_is_hidden_from_those_it_is_about(desk_for: DeskFor) -> None:
    pupil = absent(desk_for("dsl")).pupil or ""
    concerns.report(desk_for("staff"), pupil, "bruises", about=["deputy"])
    duty = duties.due(desk_for("dsl"), rule="concern.triage")[0]
    case = cases.open_case(desk_for("dsl"), pupil, duty.id)
    assert (case.trigger, case.about) == ("concern", ("deputy",))
    assert cases.cases(desk_for("deputy")) == []


@pytest.mark.parametrize("what", ["case", "removal"])
def test_two_people_at_one_moment_start_one_thing_only(
    desk_for: DeskFor, folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    desk = desk_for("dsl")
    pupil = absent(desk).pupil or ""
    other = folders.open_folder(folder, clock)
    deputy = signin.sign_in(other, "deputy", PASSPHRASE, fold=True)
    start = {"case": cases.open_case, "removal": removals.start}[what]
    word = {"case": "other", "removal": "F"}[what]
    first, unused = [], desk.unused

    def meanwhile(file: str, table: str, prefix: str) -> str:
        first.append(start(deputy, pupil, word))
        return unused(file, table, prefix)

    monkeypatch.setattr(desk, "unused", meanwhile)
    with pytest.raises(RefusedError, match=f"has an open {what}"):
        start(desk, pupil, word)
    assert len(first) == 1
    assert len(desk.docs("cases", f"{what}s")) == 1
    other.close()


def test_every_look_is_in_the_log_once(desk_for: DeskFor) -> None:
    desk = desk_for("leader")
    case = opened(desk_for("dsl"))
    before = desk.store.head.seq
    cases.show(desk, case.id)
    cases.show(desk, case.id, again=True)
    assert acts(desk, before) == ["case.viewed"]


def test_an_answer_is_kept_at_once_with_those_before_it(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    first = cases.answer(desk, case.id, "danger.level", "unknown", "nobody at home", rev=0)
    clock.advance(hours=1)
    second = cases.answer(desk_for("deputy"), case.id, "danger.level", "none", "seen", rev=first.rev)
    assert (first.rev, second.rev) == (1, 2)
    assert second.earlier == ({"value": "unknown", "note": "nobody at home", "by": "dsl", "at": first.at},)
    with pytest.raises(ConflictError) as refused:
        cases.answer(desk, case.id, "danger.level", "risk", "a call", rev=first.rev)
    assert refused.value.theirs["value"] == "none"
    assert refused.value.yours["value"] == "risk"
    assert cases.show(desk, case.id).answers["danger.level"].value == "none"


def test_an_answer_that_is_no_answer_is_refused(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    for key, value in (
        ("danger.level", "perhaps"),
        ("nothing.such", "x"),
        ("happened.when", "soon"),
        ("close.summary", " "),
    ):
        with pytest.raises(InvalidError):
            cases.answer(desk, case.id, key, value)


def test_danger_makes_the_other_steps_wait_until_it_is_referred(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    cases.answer(desk, case.id, "danger.level", "risk", "said by a sibling")
    assert states(desk, case.id)["enquiries"] == "waits"
    assert states(desk, case.id)["referral"] != "waits"
    referrals.add(desk, case.id, "social-care", "refer", "risk of harm")
    assert states(desk, case.id)["enquiries"] == "open"
    assert duties.due(desk, pupil=case.pupil, rule="case.danger-referral") == []


def test_a_case_closes_only_when_everything_is_true(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    with pytest.raises(RefusedError, match="danger is answered"):
        cases.close(desk, case.id, "done")
    walked(desk, case.id)
    removal = removals.start(desk, case.pupil, "F", case.id).removal.id
    with pytest.raises(RefusedError, match="removal"):
        cases.close(desk, case.id, "done")
    removals.withdraw(desk, removal, "she came back")
    closed = cases.close(desk, case.id, "nothing is left to do")
    assert not closed.is_open
    assert cases.cases(desk, open_only=True) == []
    with pytest.raises(RefusedError, match="closed"):
        cases.answer(desk, case.id, "danger.level", "none", "x")
    with pytest.raises(RefusedError, match="closed"):
        enquiries.add(desk, case.id, "home_visit", "x")
    again = cases.reopen(desk_for("deputy"), case.id, "seen in another town")
    assert [(c.act, c.by, c.reason) for c in again.closings] == [
        ("closed", "dsl", "nothing is left to do"),
        ("reopened", "deputy", "seen in another town"),
    ]
    with pytest.raises(InvalidError, match="is open"):
        cases.reopen(desk, case.id, "again")


def test_a_case_has_an_owner_and_says_whom_it_waits_for(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk, about=("leader",))
    covered = cases.assign(desk, case.id, owner="deputy", waits_for="la")
    assert (covered.owner, covered.waits_for) == ("deputy", "la")
    for owner in ("staff", "leader", "nobody"):
        with pytest.raises(InvalidError, match="cannot own"):
            cases.assign(desk, case.id, owner=owner)
    with pytest.raises(InvalidError, match="waits_for"):
        cases.assign(desk, case.id, waits_for="godot")
    with pytest.raises(ConflictError):
        cases.assign(desk, case.id, waits_for="us", rev=case.rev)


def test_a_linked_child_has_a_role(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    other = next(p.id for p in roll.pupils(desk) if p.id != case.pupil)
    cases.link(desk, case.id, other, "witness")
    linked = cases.link(desk, case.id, other, "sibling").linked
    assert [(x.pupil, x.role) for x in linked] == [(other, "sibling")]
    with pytest.raises(InvalidError):
        cases.link(desk, case.id, other, "friend")
    with pytest.raises(InvalidError, match="subject"):
        cases.link(desk, case.id, case.pupil, "sibling")


def test_the_chronology_merges_everything_by_the_time_it_happened(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    wrong = cases.note(desk, case.id, "seen on Friday", at="2026-11-21T18:00")
    cases.note(desk, case.id, "seen on Saturday", at="2026-11-22T10:00", corrects=wrong.id)
    contacts.add(desk, case.pupil, "mother", "no answer", at="2026-11-20T15:20")
    events.record(desk, case.pupil, "parent_letter", {"on": "2026-11-19", "intent": "moving"})
    enquiries.add(desk, case.id, "home_visit", "nobody there", at="2026-11-20T16:00")
    referrals.add(desk, case.id, "early-help", "refer", "needs help")
    amendments.amend(desk, case.pupil, date(2026, 11, 20), "PM", "O", "nobody knows a reason")
    lines = cases.show(desk, case.id).chronology
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert {line.kind for line in lines} >= {
        "note",
        "contact",
        "event",
        "enquiry",
        "referral",
        "answer",
        "mark",
        "case",
    }
    texts = {line.text: line for line in lines}
    assert texts["seen on Friday (put right by a later note)"].at.startswith("2026-11-21T18:00")
    assert texts["seen on Friday (put right by a later note)"].recorded.startswith("2026-11-23T09:12")
    assert "last there PM, by the register" in texts
    assert any(text.startswith("Ten school days in a row") for text in texts)
    assert any("amended from N to O" in text for text in texts)


def test_a_note_corrects_only_a_note_of_its_case(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    with pytest.raises(NotFoundError):
        cases.note(desk, case.id, "text", corrects="L-000000")
    with pytest.raises(InvalidError, match="future"):
        cases.note(desk, case.id, "text", at="2026-12-01T10:00")


def test_attendance_writes_enquiries_into_a_case_and_reads_no_more_of_it(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"))
    desk = desk_for("attendance")
    made = enquiries.add(desk, case.id, "home_visit", "too dangerous", done=False)
    assert [e.id for e in enquiries.enquiries(desk, case.id)] == [made.id]
    assert cases.show(desk_for("dsl"), case.id).enquiries[0].by == "attendance"
    for verb in (cases.show, cases.close):
        with pytest.raises(RefusedError):
            verb(desk, case.id, "x")
    with pytest.raises(InvalidError, match="no step"):
        enquiries.add(desk, case.id, "crystal_ball", "x")
    with pytest.raises(InvalidError, match="reason"):
        enquiries.add(desk, case.id, "home_visit", "", done=False)


def test_the_keys_are_the_questions_of_nine_steps(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    found = cases.keys(desk)
    assert len({q.key for q in found}) == len(found)
    assert {q.step for q in found} >= {
        "happened",
        "danger",
        "groups",
        "know",
        "referral",
        "outcome",
        "removal",
        "close",
    }
    assert sum(q.key.startswith("groups.") for q in found) >= 7
    assert len(cases.show(desk, opened(desk).id).steps) == 9


def orphaned(desk: Desk) -> Case:
    """A case whose pupil's record went without it, as an editor of files could leave it."""
    case = opened(desk)
    with desk.change("pupil.edited", subject=case.pupil) as tx:
        tx.drop("pupils", "pupils", case.pupil)
    return case


def test_a_case_whose_pupil_is_missing_is_listed_by_id_and_named_by_check(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = orphaned(desk)
    (row,) = cases.cases(desk)
    assert (row.case.id, row.pupil.id, row.steps) == (case.id, case.pupil, ())
    assert case.pupil in row.pupil.name
    assert "run `workbench check`" in row.next
    (found,) = [one for one in checks.check(desk) if one.record == f"cases/{case.id}"]
    assert (found.level, found.words) == ("fault", f"its pupil {case.pupil} is missing")
    with pytest.raises(NotFoundError, match=case.pupil):
        cases.show(desk, case.id)
    assert duties.due(desk) is not None  # the other children's stand


def test_a_case_about_whoever_checks_is_not_named_to_them(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk, about=("leader",))
    with desk.change("pupil.edited", subject=case.pupil) as tx:
        tx.drop("pupils", "pupils", case.pupil)
    assert not any(case.id in one.record for one in checks.check(desk_for("leader")))
