"""Who looked at which record: one entry a look, and whether whoever looked had anything to do with the child."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import UPN, acts, all_but_authorised, opened
from workbench.desk import (
    cases,
    clipboard,
    concerns,
    contacts,
    duties,
    events,
    exports,
    handover_out,
    printing,
    referrals,
    removals,
    retention,
    returns,
    roll,
    sheets,
    views,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import RefusedError

BY_HAND = handover_out.Way(channel="a courier, by hand")


def quiet(desk: Desk) -> str:
    """A child about whom nothing is due."""
    busy = {duty.pupil for duty in duties.due(desk)}
    return next(one.id for one in roll.pupils(desk) if one.id not in busy)


def lonely(desk_for: DeskFor, clock: FixedClock) -> str:
    """A closed case of a child about whom nothing was done for a long time, with nothing due; its id."""
    dsl = desk_for("dsl")
    case = cases.open_case(dsl, quiet(dsl), "other").id
    cases.note(dsl, case, "seen, and well")
    clock.advance(days=views.choices().days + 1)
    return case


def without(desk_for: DeskFor) -> list[tuple[str, str]]:
    return [(look.actor, look.act) for look in views.looks(desk_for("auditor"), without_duty=True)]


# one entry each -----------------------------------------------------------------------------------------------


def test_each_look_leaves_one_entry_and_a_second_reading_none(desk_for: DeskFor, tmp_path: Path) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    referral = referrals.add(dsl, case, "early-help", "refer", "a family under strain").id
    concern = concerns.report(desk_for("staff"), UPN, "tired")
    pupil = roll.find(dsl, UPN).id
    danger = events.record(dsl, pupil, "danger", {"what": "bruises"}).id
    removals.start(dsl, pupil, "G", case=case)
    clipboard.put(dsl, allowed=True)
    deletion = next(d.id for d in duties.due(dsl, pupil=pupil) if d.rule == "roll.deletion-return")
    looks: dict[str, Callable[[], object]] = {
        "case.viewed": lambda: cases.show(dsl, case),
        "concern.viewed": lambda: concerns.show(dsl, concern),
        "referral.viewed": lambda: referrals.show(dsl, referral),
        "referral.listed": lambda: referrals.referrals(dsl),
        "case.exported": lambda: exports.export_case(dsl, case),
        "handover.exported": lambda: handover_out.export(dsl, case, str(tmp_path / "b.zip"), BY_HAND),
        "event.viewed": lambda: events.event(dsl, pupil, danger),
        "return.drafted": lambda: returns.draft(dsl, deletion),
        "return.printed": lambda: printing.make(dsl, sheets.return_(dsl, deletion, again=True)),
        "return.copied": lambda: printing.copy(dsl, sheets.return_(dsl, deletion, again=True)),
        "case.printed": lambda: printing.make(dsl, sheets.case_chronology(dsl, case, again=True)),
    }
    assert set(looks) == set(views.choices().looks)
    for act, look in looks.items():
        before = dsl.store.head.seq
        look()
        assert acts(dsl, before) == [act]
    before = dsl.store.head.seq
    cases.show(dsl, case, again=True)
    referrals.show(dsl, referral, again=True)
    returns.draft(dsl, deletion, again=True)
    referrals.referrals(dsl, texts=False)
    events.events(dsl, pupil, texts=False)
    cases.cases(dsl)
    concerns.concerns(dsl)
    assert acts(dsl, before) == []


def test_a_list_without_an_entry_holds_no_texts(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    own = referrals.add(dsl, case, "lado", "refer", "canary", consent="refused", consent_why="canary").id
    referrals.reply(dsl, own, "canary")
    referrals.escalate(dsl, own, "canary")
    events.record(dsl, UPN, "danger", {"what": "canary"})
    assert "canary" not in str(referrals.referrals(dsl, texts=False))
    assert "canary" not in str(events.events(dsl, UPN, texts=False))


def test_a_return_that_says_nothing_of_concerns_leaves_no_look(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    own = next(d.id for d in duties.due(dsl) if d.rule == "absence.ten-day-return")
    before = dsl.store.head.seq
    returns.draft(dsl, own)
    removals.start(dsl, UPN, "G")
    deletion = next(d.id for d in duties.due(dsl, pupil=UPN) if d.rule == "roll.deletion-return")
    assert "speak to the DSL" in returns.draft(desk_for("attendance"), deletion).text
    assert acts(dsl, before) == ["removal.started"]


# without a duty -----------------------------------------------------------------------------------------------


def test_a_look_by_somebody_with_nothing_to_do_with_the_child_is_listed(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    case = lonely(desk_for, clock)
    cases.show(desk_for("leader"), case)
    (look,) = views.looks(desk_for("auditor"), without_duty=True)
    assert (look.actor, look.role, look.act, look.subject) == ("leader", "leader", "case.viewed", case)
    assert look.pupil == desk_for("dsl").get("cases", "cases", case)["pupil"]  # type: ignore[index]
    assert "within 14 days" in views.words(look)


def test_whoever_owns_the_case_looks_with_one(desk_for: DeskFor, clock: FixedClock) -> None:
    case = lonely(desk_for, clock)
    cases.show(desk_for("dsl"), case)
    assert without(desk_for) == []
    (look,) = views.looks(desk_for("dsl"))
    assert look.because == "owns the case"


@pytest.mark.parametrize("days", [0, 14, 15])
def test_an_act_of_theirs_ties_them_for_some_days(desk_for: DeskFor, clock: FixedClock, days: int) -> None:
    case = lonely(desk_for, clock)
    pupil = cases.show(desk_for("dsl"), case).pupil.id
    retention.hold(desk_for("leader"), pupil, "a claim")
    clock.advance(days=days)
    cases.show(desk_for("leader"), case)
    assert without(desk_for) == ([("leader", "case.viewed")] if days > views.choices().days else [])


def test_to_act_afterwards_ties_them_too(desk_for: DeskFor, clock: FixedClock) -> None:
    case = lonely(desk_for, clock)
    cases.show(desk_for("leader"), case)
    clock.advance(days=3)
    retention.hold(desk_for("leader"), cases.show(desk_for("dsl"), case).pupil.id, "a claim")
    assert without(desk_for) == []


def test_to_look_again_and_again_is_no_act(desk_for: DeskFor, clock: FixedClock) -> None:
    case = lonely(desk_for, clock)
    for _ in range(3):
        cases.show(desk_for("leader"), case)
    assert without(desk_for) == [("leader", "case.viewed")] * 3


def test_a_duty_of_their_role_ties_them(desk_for: DeskFor) -> None:
    """Ten days absent: duties of the DSLs stand, the leader has none."""
    case = opened(desk_for("dsl")).id
    cases.show(desk_for("deputy"), case)
    cases.show(desk_for("leader"), case)
    assert without(desk_for) == [("leader", "case.viewed")]
    found = views.looks(desk_for("dsl"))
    assert [look.because for look in found if look.actor == "deputy"] == ["a duty about the child is theirs"]


def test_who_waits_for_an_answer_is_tied(desk_for: DeskFor, clock: FixedClock) -> None:
    case = lonely(desk_for, clock)
    own = referrals.add(desk_for("deputy"), case, "early-help", "refer", "strain").id
    clock.advance(days=40)
    cases.show(desk_for("deputy"), case)
    looks = [look.because for look in views.looks(desk_for("dsl")) if look.actor == "deputy"]
    assert looks == ["waits for an answer to a referral"]
    assert own


def test_a_list_that_was_read_whole_counts_for_each_child(desk_for: DeskFor, clock: FixedClock) -> None:
    case = lonely(desk_for, clock)
    referrals.add(desk_for("dsl"), case, "early-help", "not-referred", "no sign of harm")
    referrals.referrals(desk_for("leader"))
    (look,) = views.looks(desk_for("auditor"), without_duty=True)
    assert look.act == "referral.listed"
    assert look.id.endswith(f":{look.pupil}")


def test_nobody_but_dsls_and_auditors_reads_the_list(desk_for: DeskFor) -> None:
    for user in ("staff", "attendance", "leader"):
        with pytest.raises(RefusedError):
            views.looks(desk_for(user))
    contacts.add(desk_for("attendance"), UPN, "mother", "no answer")
    assert views.looks(desk_for("dsl")) == []


def test_the_deletion_return_of_a_removal_says_what_is_known(desk_for: DeskFor) -> None:
    """The line that makes it a look: for a DSL it says what there is."""
    dsl = desk_for("dsl")
    roll.edit(dsl, UPN, {"social_worker": "yes"})
    events.record(
        dsl,
        UPN,
        "parent_letter",
        {"on": "2026-11-18", "intent": "home-education", "in_writing": "yes", "last_day": "2026-11-20"},
    )
    view = all_but_authorised(dsl, UPN)
    assert view.return_duty is not None
    assert "social worker" in returns.draft(dsl, view.return_duty).text
