"""Concerns: written by anybody, read by the DSLs they are not about, never told by the log."""

import json

import pytest

from tests.conftest import USERS, DeskFor
from tests.workbench.story import acts
from workbench.desk import accounts, concerns, duties, logbook, roll
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

CANARY = "canary bruises on both arms"


def child(desk: Desk) -> str:
    return roll.pupils(desk)[0].id


def readers(desk_for: DeskFor, own: str) -> set[str]:
    found = set()
    for user in USERS:
        try:
            concerns.show(desk_for(user), own)
        except (RefusedError, NotFoundError):
            continue
        found.add(user)
    return found


@pytest.mark.parametrize("user", USERS)
def test_anybody_reports_and_only_a_dsl_reads(desk_for: DeskFor, user: str) -> None:
    own = concerns.report(desk_for(user), child(desk_for("dsl")), CANARY)
    assert readers(desk_for, own) == {"dsl", "deputy"}


@pytest.mark.parametrize(
    ("about", "readers_left"),
    [
        (["dsl"], {"deputy"}),
        (["staff"], {"dsl", "deputy"}),
        (["dsl", "deputy"], {"leader"}),
        (["dsl", "deputy", "leader"], set()),
    ],
)
def test_whom_it_is_about_never_reads_it(desk_for: DeskFor, about: list[str], readers_left: set[str]) -> None:
    own = concerns.report(desk_for("staff"), child(desk_for("dsl")), CANARY, about=about)
    assert readers(desk_for, own) == readers_left
    for user in ("dsl", "deputy", "leader"):
        assert bool(concerns.concerns(desk_for(user))) == (user in readers_left)
        assert bool(duties.due(desk_for(user), rule="concern.triage")) == (user in readers_left)


def test_a_leader_who_is_a_dsl_too_reads_as_one(desk_for: DeskFor) -> None:
    accounts.set_roles(desk_for("dsl"), "leader", ["leader", "dsl"])
    own = concerns.report(desk_for("staff"), child(desk_for("dsl")), CANARY, about=["dsl", "deputy"])
    assert readers(desk_for, own) == {"leader"}


def test_the_log_says_only_that_one_was_reported(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = child(desk)
    own = concerns.report(desk_for("staff"), pupil, CANARY, about=["deputy"])
    entry = logbook.entries(desk)[-1]
    assert (entry["act"], entry["subject"], entry["why"]) == ("concern.reported", own, None)
    assert not any(word in json.dumps(entry) for word in (pupil, "canary", "deputy"))
    assert own not in {e["subject"] for e in logbook.entries(desk, pupil=pupil)}


def test_a_list_holds_no_text_and_a_look_is_logged(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own = concerns.report(desk_for("staff"), child(desk), CANARY)
    before = desk.store.head.seq
    assert [(c.id, c.text) for c in concerns.concerns(desk)] == [(own, "")]
    assert concerns.show(desk, own).text == CANARY
    assert acts(desk, before) == ["concern.viewed"]


def test_triage_writes_what_was_decided_and_ends_the_duty(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    own = concerns.report(desk_for("staff"), child(desk), CANARY)
    assert duties.due(desk, rule="concern.triage")
    with pytest.raises(InvalidError):
        concerns.triage(desk, own, " ")
    made = concerns.triage(desk, own, "talked to the child; early help")
    assert (made.outcome, made.triaged_by) == ("talked to the child; early help", "dsl")
    assert duties.due(desk, rule="concern.triage") == []
    with pytest.raises(NotFoundError):
        concerns.triage(desk, "CN-000000", "x")


def test_an_empty_concern_or_a_stranger_is_refused_with_the_reason(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    pupil = child(desk_for("dsl"))
    with pytest.raises(InvalidError, match="missing"):
        concerns.report(desk, pupil, "\n ")
    with pytest.raises(InvalidError, match="no account"):
        concerns.report(desk, pupil, CANARY, about=["nobody"])
    with pytest.raises(NotFoundError):
        concerns.report(desk, "P-NOBODY", CANARY)
    with pytest.raises(InvalidError, match="at most"):
        concerns.report(desk, pupil, "x" * 20_001)
