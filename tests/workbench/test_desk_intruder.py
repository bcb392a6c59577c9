"""Somebody with the folder's files, and a program that writes into its log: what they put there reaches nobody's keys,
stops no concern, and is named."""

from typing import Any

import pytest

from store.envelope import SEALED, sealed_to
from store.folder import Store
from store.vault import key_id
from tests.conftest import DeskFor
from tests.workbench.story import opened
from workbench.desk import accounts, cases, concerns, roll
from workbench.desk.context import Desk

UNUSABLE = ("zz", "ab", "", "00" * 32, None)
"""What is no public key: no hex, too short, none, one of low order."""


def appended(desk: Desk, file: str, table: str, doc: dict[str, Any], act: str = "register.taken") -> None:
    """A document as somebody writes it who has the store alone: no verb, no key, no seal."""
    store = Store.open(desk.store.path)
    with store.change(at=desk.stamp(), actor="staff", role="staff", act=act, subject=None, why=None) as tx:
        tx.put(file, table, {name: value for name, value in doc.items() if name != "rev"})
    store.close()


@pytest.mark.parametrize("key", UNUSABLE)
def test_a_key_that_is_none_stops_no_concern(desk_for: DeskFor, key: object) -> None:
    staff = desk_for("staff")
    pupil = roll.pupils(staff)[0].id
    for user in ("dsl", "leader"):
        person = dict(staff.store.page("people", "people").own[user])
        appended(staff, "people", "people", {**person, "seals": key}, "person.added")
    own = concerns.report(staff, pupil, "a word")
    assert concerns.show(desk_for("deputy"), own).text == "a word"


@pytest.mark.parametrize("key", UNUSABLE)
def test_a_recovery_key_that_is_none_stops_no_concern(desk_for: DeskFor, key: object) -> None:
    staff = desk_for("staff")
    stored = dict(staff.store.page("people", "recovery").own["recovery"])
    appended(staff, "people", "recovery", {**stored, "seals": key})
    own = concerns.report(staff, roll.pupils(staff)[0].id, "a word")
    assert concerns.show(desk_for("deputy"), own).text == "a word"


@pytest.mark.parametrize(("name", "value"), [("about", []), ("granted", ["auditor"]), ("owner", "staff")])
def test_a_box_holds_nothing_of_what_stands_in_clear(desk_for: DeskFor, name: str, value: object) -> None:
    deputy = desk_for("deputy")
    case = opened(deputy, about=("dsl",)).id
    stored = dict(deputy.store.page("cases", "cases").own[case])
    key, rev = bytes.fromhex(stored["seals"][-1]), stored["rev"] + 1
    stored[SEALED] = sealed_to(key, "cases/cases", case, rev, {"linked": [], "closings": [], name: value})
    appended(deputy, "cases", "cases", stored)
    assert cases.cases(desk_for("dsl")) == []
    again = desk_for("deputy")
    assert [row.case.about for row in cases.cases(again)] == [("dsl",)]
    assert any(f"cases/cases/{case}" in remark for remark in again.store.remarks)


def test_a_case_about_whoever_takes_a_role_away_gets_its_new_key_from_the_next_who_opens_it(
    desk_for: DeskFor,
) -> None:
    case = opened(desk_for("deputy"), about=("leader",)).id
    left = key_id(desk_for("deputy").store.page("people", "people").own["deputy"]["seals"])
    accounts.remove(desk_for("leader"), "deputy")
    dsl = desk_for("dsl")
    keys = dsl.docs("cases", "cases")[case]["seals"]
    wraps = dsl.store.vault.keys()
    assert len(keys) == 2
    assert all(left not in wraps[key_id(key)] for key in keys)
    cases.note(dsl, case, "after")
    assert dsl.store.page("cases", "notes").own.popitem()[1][SEALED]["key"] == key_id(keys[-1])
    again = desk_for("dsl")
    assert len(again.docs("cases", "cases")[case]["seals"]) == 2
