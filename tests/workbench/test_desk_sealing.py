"""What is sealed for whom, and that no table about cases was forgotten."""

import re
from pathlib import Path

import pytest

import workbench
from store.envelope import SEALED
from store.errors import SealError
from store.vault import key_id
from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from tests.workbench.story import UPN, opened
from workbench.desk import accounts, cases, concerns
from workbench.desk.context import Desk
from workbench.desk.sealing import FIELDS, IN_CLEAR
from workbench.desk.signin import sign_in
from workbench.domain.cases import Note

ROOT = Path(workbench.__file__).parent


def stored(desk: Desk, file: str, table: str) -> list[dict[str, object]]:
    return list(desk.store.page(file, table).own.values())


def holders(desk: Desk, doc: dict[str, object]) -> set[str]:
    """The users to whom a document is sealed, `recovery` for that key."""
    people = {doc["seals"]: doc["user"] for doc in desk.docs("people", "people").values()}
    recovery = desk.get("people", "recovery", "recovery")
    assert recovery is not None
    names = {
        key_id(public): user for public, user in {**people, recovery["seals"]: "recovery"}.items() if public
    }
    return {names[own] for own in doc[SEALED]["to"]}  # type: ignore[index]


def test_every_table_of_cases_and_concerns_is_sealed_or_said_to_be_in_the_clear() -> None:
    """Read off the code: whoever adds a table says which it is."""
    source = "".join(p.read_text("utf-8") for p in sorted(ROOT.rglob("*.py")))
    named = {f"{file}/{table}" for file, table in re.findall(r'"(cases|concerns)", "([a-z-]+)"', source)}
    assert named - {"concerns/cases"} <= set(FIELDS) | IN_CLEAR


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ((), {"dsl", "deputy", "recovery"}),
        (("dsl",), {"deputy", "recovery"}),
        (("dsl", "deputy"), {"leader", "recovery"}),
        (("dsl", "deputy", "leader"), {"recovery"}),
        (("leader",), {"dsl", "deputy", "recovery"}),
    ],
)
def test_a_concern_is_sealed_to_those_it_is_not_about(
    desk_for: DeskFor, about: tuple[str, ...], expected: set[str]
) -> None:
    concerns.report(desk_for("staff"), UPN, "quokka", about)
    (doc,) = stored(desk_for("staff"), "concerns", "concerns")
    assert holders(desk_for("dsl"), doc) == expected
    assert "quokka" not in repr(doc)
    assert doc["pupil"] == ""
    assert doc["about"] == []


def test_a_decision_on_it_is_sealed_to_the_same(desk_for: DeskFor) -> None:
    own = concerns.report(desk_for("staff"), UPN, "quokka", ["dsl"])
    concerns.triage(desk_for("deputy"), own, "quokka again")
    (doc,) = stored(desk_for("staff"), "concerns", "concerns")
    assert holders(desk_for("dsl"), doc) == {"deputy", "recovery"}
    assert (doc["rev"], doc["outcome"]) == (2, None)


def test_a_new_dsl_reads_what_is_old_as_soon_as_somebody_shares_it(desk_for: DeskFor) -> None:
    """Who makes the account holds the keys, and shares them at once."""
    dsl = desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "an old note")
    concern = concerns.report(desk_for("staff"), UPN, "an old concern")
    fields = {"user": "second", "name": "S. Econd", "post": "Deputy", "roles": "dsl"}
    accounts.add(dsl, fields, PASSPHRASE, kdf=CHEAP)
    new = desk_for("second")
    assert cases.show(new, case).notes[0].text == "an old note"
    assert concerns.show(new, concern).text == "an old concern"


def test_somebody_promoted_gets_keys_at_the_sign_in_and_reads_once_another_signed_in(
    desk_for: DeskFor,
) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    accounts.set_roles(desk_for("leader"), "staff", ["staff", "dsl"])
    assert desk_for("staff").keys is not None
    assert cases.cases(desk_for("staff"))[0].case.id == case
    desk_for("leader")  # a sign-in brings keys into line
    cases.note(desk_for("staff"), case, "mine")
    assert cases.show(desk_for("staff"), case).notes[0].text == "mine"


def test_who_left_reads_nothing_that_is_written_afterwards(desk_for: DeskFor) -> None:
    leaver, dsl = desk_for("deputy"), desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "before")
    keys = leaver.keys
    assert keys is not None
    accounts.set_roles(desk_for("leader"), "deputy", ["none"])
    cases.note(desk_for("dsl"), case, "after")
    concerns.report(desk_for("staff"), UPN, "after")
    ghost = dsl.signed(leaver.who, folded=True, keys=keys)
    assert [n["text"] for n in ghost.docs("cases", "notes").values()] == ["sealed", "sealed"]
    assert [n["text"] for n in desk_for("dsl").docs("cases", "notes").values()] == ["before", "after"]
    assert [SEALED in doc for doc in ghost.docs("concerns", "concerns").values()] == [True]


def test_a_box_moved_to_another_record_does_not_open_and_is_told(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    first, second = cases.note(dsl, case, "one").id, cases.note(dsl, case, "two").id
    page = dsl.store.page("cases", "notes")
    page.own[second] = {**page.own[second], SEALED: page.own[first][SEALED]}
    again = sign_in(dsl.signed_out(), "deputy", PASSPHRASE, fold=True)
    assert again.record("cases", "notes", second, Note) is None
    assert any(f"cases/notes/{second}" in remark for remark in dsl.store.remarks)


def test_without_anybody_to_seal_for_nothing_is_written(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    assert FIELDS["concerns/concerns"]

    class Nobody:
        def docs(self, file: str, table: str, /) -> dict[str, dict[str, object]]:
            return {}

        def get(self, file: str, table: str, own_id: str, /) -> None:
            return None

    with desk.seal.within(Nobody()), pytest.raises(SealError, match="nobody"):
        desk.seal.seal("concerns/concerns", "CN-1", 1, {"id": "CN-1", "about": [], "text": "x", "pupil": "P"})
