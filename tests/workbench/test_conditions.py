"""Each condition of the table is tried; the page that shows them is the one that the table makes."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CHEAP, DeskFor
from tests.draftkit import Keyed
from tests.workbench.leaver import left_long_ago
from tests.workbench.story import UPN, all_but_authorised
from workbench.desk import (
    accounts,
    cases,
    concerns,
    drafts,
    duties,
    events,
    granting,
    notices,
    permitspage,
    rekeying,
    removals,
    retention,
    roll,
    signin,
    unfinished,
    views,
)
from workbench.desk.clock import FixedClock
from workbench.desk.conditions import CONDITIONS, WHEN
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import Signed

NEW = "eleven slow green herons"
PROOFS: dict[str, Callable[..., None]] = {}


def proves(condition: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Name the condition that a test tries."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        PROOFS[condition] = test
        return test

    return mark


def child(desk: Desk) -> str:
    return roll.find(desk, UPN).id


@proves("own passphrase only")
def test_a_passphrase_is_ones_own(empty_for: DeskFor) -> None:
    assert "user" not in inspect.signature(accounts.set_passphrase).parameters
    staff = empty_for("staff")
    bare = staff.signed(Signed(user="staff", name="T. Ellis", post="-", roles=frozenset()), folded=True)
    accounts.set_passphrase(bare, NEW, CHEAP)
    assert signin.sign_in(staff, "staff", NEW).user() == "staff"
    assert empty_for("dsl").user() == "dsl"
    with pytest.raises(RefusedError):
        roll.pupils(bare)


@proves("not about this user")
def test_a_case_about_somebody_is_not_there_for_them(desk_for: DeskFor) -> None:
    """`test_about_user` tries everything; this is the short of it."""
    case = cases.open_case(desk_for("deputy"), child(desk_for("dsl")), "concern", about=("dsl",))
    with pytest.raises(NotFoundError):
        cases.show(desk_for("dsl"), case.id)
    assert cases.show(desk_for("leader"), case.id).case == case


@proves("sealed to them")
def test_what_was_cut_off_opens_for_whom_it_is_sealed_to(desk_for: DeskFor) -> None:
    keyed = Keyed(desk_for, "dsl", "deputy")
    name, values = f"{drafts.CONCERN}{child(desk_for('dsl'))}", {"text": "x", "about": "dsl"}
    own = drafts.keep(desk_for("staff"), "staff", name, values, proven=False)
    assert unfinished.look(keyed("deputy"), own).text == "x"
    assert unfinished.unfinished(keyed("dsl")) == []
    with pytest.raises(NotFoundError):
        unfinished.look(keyed("dsl"), own)


@proves("opens for those left")
def test_a_concern_opens_for_those_left(desk_for: DeskFor) -> None:
    own = concerns.report(desk_for("staff"), child(desk_for("dsl")), "x", about=["dsl"])
    assert concerns.show(desk_for("deputy"), own).text == "x"
    for user in ("dsl", "leader"):
        with pytest.raises(NotFoundError):
            concerns.show(desk_for(user), own)


@proves("own list only")
def test_a_duty_of_anothers_list_is_not_there(desk_for: DeskFor) -> None:
    assert {duty.rule for duty in duties.due(desk_for("staff"))} <= {duties.REGISTER}
    theirs = next(d for d in duties.due(desk_for("dsl")) if d.owner == "dsl")
    for attempt in (duties.find, duties.why):
        with pytest.raises(NotFoundError):
            attempt(desk_for("attendance"), theirs.id)
    with pytest.raises(NotFoundError):
        duties.done(desk_for("attendance"), theirs.id, "x")


@proves("name, class and year")
@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_some_see_names_classes_and_years(desk_for: DeskFor, user: str) -> None:
    own = child(desk_for("dsl"))
    roll.edit(desk_for("dsl"), own, {"address": "2 Quay Lane", "social_worker": "yes"})
    for found in (roll.find(desk_for(user), own), *roll.pupils(desk_for(user))):
        assert (found.address, found.social_worker, found.groups) == ("", False, ())


@proves("private kinds")
def test_what_happened_to_a_child_is_for_some(desk_for: DeskFor) -> None:
    own = child(desk_for("dsl"))
    made = events.record(desk_for("dsl"), own, "danger", {"what": "canary bruises"})
    assert events.event(desk_for("leader"), own, made.id).fields
    seen = [*events.events(desk_for("attendance"), own), events.event(desk_for("attendance"), own, made.id)]
    assert [e.fields for e in seen if e.kind == "danger"] == [{}, {}]
    assert "handover_sent" not in {kind.kind for kind in events.kinds(desk_for("attendance"))}
    with pytest.raises(RefusedError):
        events.record(desk_for("attendance"), own, "handover_sent", {"to": "x"})
    entry = list(desk_for("dsl").store.entries())[-1]
    assert (entry["act"], entry["why"], entry["actor"]) == ("verb.refused", "event.record", "attendance")


@proves("policy only")
def test_the_law_is_overridden_by_nobody(desk_for: DeskFor) -> None:
    law = next(d for d in duties.due(desk_for("leader")) if d.standing == "law")
    with pytest.raises(RefusedError, match="only policy and local rules"):
        duties.override(desk_for("leader"), law.id, "x")


@proves("not one's own request")
def test_nobody_authorises_their_own_request(desk_for: DeskFor) -> None:
    accounts.set_roles(desk_for("leader"), "deputy", ["leader"])
    both = desk_for("deputy")
    events.record(
        desk_for("dsl"),
        child(both),
        "parent_letter",
        {"on": "2026-11-18", "intent": "home-education", "in_writing": "yes", "last_day": "2026-11-20"},
    )
    who = Signed(user="deputy", name="x", post="x", roles=frozenset({"dsl", "leader"}))
    desk = both.signed(who, folded=True, keys=both.keys)
    own = all_but_authorised(desk, child(desk)).removal.id
    with pytest.raises(RefusedError, match="asked for"):
        removals.authorise(desk, own)
    assert removals.authorise(desk_for("leader"), own).removal.authorisation is not None


@proves("not who released")
def test_whoever_released_a_hold_does_not_erase(desk_for: DeskFor, clock: FixedClock) -> None:
    own = left_long_ago(desk_for, clock)
    retention.hold(desk_for("dsl"), own, "a claim")
    retention.release(desk_for("leader"), own, "settled")
    with pytest.raises(RefusedError, match="released"):
        retention.erase(desk_for("leader"), own, "the years are over")


@proves("nobody their own role")
def test_nobody_gives_themselves_a_role_or_makes_a_leader(empty_for: DeskFor) -> None:
    with pytest.raises(RefusedError, match="themselves"):
        accounts.set_roles(empty_for("dsl"), "dsl", ["dsl", "leader"])
    with pytest.raises(RefusedError, match="Only a leader"):
        accounts.set_roles(empty_for("dsl"), "staff", ["leader"])
    with pytest.raises(RefusedError, match="Only a leader"):
        accounts.add(empty_for("dsl"), {"user": "x", "name": "X", "post": "x", "roles": "leader"}, NEW, CHEAP)


@proves("a DSL is left")
def test_the_last_dsl_stays_one(empty_for: DeskFor) -> None:
    accounts.set_roles(empty_for("leader"), "deputy", ["staff"])
    with pytest.raises(InvalidError, match="would be left"):
        accounts.set_roles(empty_for("leader"), "dsl", ["staff"])


@proves("granted per case")
def test_an_auditor_reads_what_was_granted(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    mine, other = (cases.open_case(dsl, p.id, "other").id for p in roll.pupils(dsl)[:2])
    granting.grant(dsl, mine, "auditor")
    assert cases.show(desk_for("auditor"), mine).case.id == mine
    with pytest.raises(NotFoundError):
        cases.show(desk_for("auditor"), other)


@proves("to an auditor")
def test_a_case_is_granted_to_auditors_alone(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    own = cases.open_case(dsl, child(dsl), "other").id
    with pytest.raises(InvalidError, match="no auditor"):
        granting.grant(dsl, own, "attendance")


@proves("not one's own account")
def test_nobody_resets_themselves_or_without_being_one_a_leader(empty_for: DeskFor) -> None:
    with pytest.raises(RefusedError, match="their own"):
        rekeying.reset(empty_for("dsl"), "dsl", CHEAP)
    with pytest.raises(RefusedError, match="Only a leader"):
        rekeying.reset(empty_for("dsl"), "leader", CHEAP)


@proves("what others did")
def test_who_did_it_is_not_told(empty_for: DeskFor) -> None:
    accounts.set_roles(empty_for("dsl"), "staff", ["staff", "dsl"])
    assert notices.notices(empty_for("dsl")) == []
    assert [line.user for line in notices.notices(empty_for("leader"))] == ["staff"]


@proves("not one's own looks")
def test_looks_at_what_is_about_somebody_are_not_told_them(desk_for: DeskFor) -> None:
    own = child(desk_for("dsl"))
    case = cases.open_case(desk_for("deputy"), own, "concern", about=("dsl",)).id
    cases.show(desk_for("leader"), case)
    concern = concerns.report(desk_for("staff"), own, "x", about=["dsl"])
    concerns.show(desk_for("deputy"), concern)
    assert views.looks(desk_for("dsl")) == []
    told = [(look.act, look.pupil) for look in views.looks(desk_for("auditor"))]
    assert told == [("case.viewed", own), ("concern.viewed", None)]
    assert [look.pupil for look in views.looks(desk_for("deputy"))] == [own, own]


def test_every_condition_has_a_proof() -> None:
    assert set(PROOFS) == set(CONDITIONS) == {key for keys in WHEN.values() for key in keys}


def test_the_page_is_made_from_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert page.read_text("utf-8") == permitspage.page(), (
        "python -m workbench.desk.permitspage > docs/permissions.md"
    )
