"""Somebody with the folder's files, and a program that writes into its log: what they put there reaches nobody's keys,
stops no concern, and is named."""

from typing import Any

import pytest

from store.envelope import SEALED, sealed_to, wrapped
from store.folder import Store
from store.sealing import LENGTH, public_of
from store.vault import key_id
from tests.conftest import DeskFor
from tests.workbench.story import opened
from workbench.desk import accounts, cases, checks, concerns, roll
from workbench.desk.context import Desk
from workbench.desk.vouching import is_vouched

MINE = bytes(range(100, 100 + LENGTH))
"""The private key of the intruder."""
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


def faults(desk: Desk, case: str) -> list[str]:
    """What the check says of a case's signature."""
    return [f.words for f in checks.check(desk) if f.record == f"cases/{case}" and "signed" in f.words]


def altered(desk: Desk, case: str, **changes: Any) -> None:
    """A case as somebody writes it who has the store alone: everything else as it stands, its box put right."""
    stored = {**desk.store.page("cases", "cases").own[case], **changes}
    key, rev = bytes.fromhex(stored["seals"][-1]), stored["rev"] + 1
    stored[SEALED] = sealed_to(key, "cases/cases", case, rev, {"linked": [], "closings": []})
    appended(desk, "cases", "cases", stored)


def put_in(desk: Desk, case: str) -> None:
    """The intruder's own key as the newest of a case, wrapped for everybody, so that nobody misses anything."""
    holders = [
        bytes.fromhex(doc["seals"])
        for doc in (
            *desk.store.page("people", "people").own.values(),
            *desk.store.page("people", "recovery").own.values(),
        )
        if doc.get("seals")
    ]
    store = Store.open(desk.store.path)
    with store.change(
        at=desk.stamp(), actor="dsl", role="dsl", act="case.noted", subject=None, why=None
    ) as tx:
        tx.keep_key(key_id(public_of(MINE)), wrapped(MINE, holders))
    store.close()
    stored = desk.store.page("cases", "cases").own[case]
    altered(desk, case, seals=[*stored["seals"], public_of(MINE).hex()])


def test_nothing_is_sealed_to_a_key_that_nobody_signed(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl")).id
    assert faults(desk_for("dsl"), case) == []
    put_in(desk_for("dsl"), case)
    dsl = desk_for("dsl")
    note = cases.note(dsl, case, "a word for the DSLs")
    envelope = dsl.store.page("cases", "notes").own[note.id][SEALED]
    assert envelope["key"] != key_id(public_of(MINE))
    assert key_id(public_of(MINE)) not in envelope["to"]
    assert "a word for the DSLs" in [n.text for n in cases.show(desk_for("deputy"), case).notes]
    assert len(faults(desk_for("deputy"), case)) == 1
    cases.assign(dsl, case, waits_for="la")
    assert len(faults(desk_for("deputy"), case)) == 1  # nobody who goes on working signs it unawares


@pytest.mark.parametrize(
    ("user", "changes"), [("deputy", {"about": []}), ("auditor", {"granted": ["auditor"]})]
)
def test_who_may_read_a_case_is_nobodys_to_write_into_the_log(
    desk_for: DeskFor, user: str, changes: dict[str, Any]
) -> None:
    case = opened(desk_for("dsl"), about=("deputy",)).id
    note = cases.note(desk_for("dsl"), case, "not for the deputy").id
    desk_for(user)  # has keys from here on
    altered(desk_for("dsl"), case, **changes)
    assert len(faults(desk_for("dsl"), case)) == 1  # who signs in shares what they may
    stolen = desk_for(user)
    assert SEALED in stolen.docs("cases", "notes")[note]


SIGNATURES: tuple[object, ...] = (
    None,
    7,
    {},
    {"by": "nobody", "key": "", "signature": ""},
    {"by": "dsl", "key": "zz", "signature": "zz"},
    {"by": [], "key": [], "signature": 1},
)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_that_is_none_vouches_for_nothing(desk_for: DeskFor, signature: object) -> None:
    dsl = desk_for("dsl")
    stored = dsl.store.page("cases", "cases").own[opened(dsl).id]
    assert is_vouched(dsl.reader, stored)
    assert not is_vouched(dsl.reader, {**stored, "vouched": signature})
    broken = {**stored["vouched"], "signature": "zz"}
    assert not is_vouched(dsl.reader, {**stored, "vouched": broken})


def test_a_concern_that_nobody_here_can_read_is_taken_and_that_is_said(desk_for: DeskFor) -> None:
    staff = desk_for("staff")
    pupil, heads = roll.pupils(staff)[0].id, ["dsl", "deputy", "leader"]
    own = concerns.report(staff, pupil, "a word", heads)
    assert concerns.goes_to(staff, ()) == concerns.TODAY
    assert "a leader" in concerns.goes_to(staff, heads[:2])
    assert concerns.goes_to(staff, heads) == concerns.NOBODY
    assert not [f for f in checks.check(desk_for("dsl")) if own in f.record or "recovery" in f.words]
    assert [f.record for f in checks.check(desk_for("auditor")) if "recovery" in f.words] == [
        f"concerns/{own}"
    ]


def test_an_account_that_comes_in_under_another_act_is_named(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    assert not [f for f in checks.check(dsl) if "alters accounts" in f.words]
    person = dict(dsl.store.page("people", "people").own["auditor"])
    appended(dsl, "people", "people", {**person, "id": "intruder", "user": "intruder", "roles": ["dsl"]})
    found = [f for f in checks.check(desk_for("dsl")) if "alters accounts" in f.words]
    assert [(f.level, f.file) for f in found] == [("fault", "people.json")]
    assert "register.taken" in found[0].words


def test_the_length_of_a_box_does_not_tell_the_answer(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    lengths = set()
    for value, note in (("immediate", ""), ("none", "it was a misunderstanding")):
        cases.answer(dsl, case, "danger.level", value, note)
        lengths.add(len(dsl.store.page("cases", "answers").own[f"{case}:danger.level"][SEALED]["box"]))
    assert len(lengths) == 1
