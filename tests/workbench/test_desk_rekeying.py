"""New keys: one's own, another's whose passphrase is lost, and what somebody who left can still open."""

import json
from pathlib import Path

import pytest

from store.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from tests.workbench.story import UPN, opened, walked
from workbench.desk import accounts, cases, concerns, granting, roll
from workbench.desk.context import Desk
from workbench.desk.keyring import Keyring
from workbench.desk.rekeying import rekey, reset
from workbench.desk.signin import sign_in
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.people import Person

LEADER = {"user": "second", "name": "S. Econd", "post": "Head", "roles": "leader"}


class Thief:
    """Who copied somebody's private keys and the vault as it stood."""

    def __init__(self, desk: Desk, folder: Path, aside: Path) -> None:
        assert desk.keys is not None
        aside.mkdir()
        (aside / "vault.json").write_bytes((folder / "vault.json").read_bytes())
        self._old, self._kept, self._who = Vault(aside), desk.keys.kept, desk.who

    def notes(self, desk: Desk) -> list[str]:
        """The notes that the stolen keys open, by the old vault or by the one there is."""
        found = []
        for vault in (self._old, desk.store.vault):
            ghost = desk.signed(self._who, folded=True, keys=Keyring.of("dsl", self._kept, vault))
            found.append({doc["text"] for doc in ghost.docs("cases", "notes").values()} - {"sealed"})
        return sorted(found[0] | found[1])

    def concerns(self, desk: Desk) -> set[str]:
        """The concerns that they open."""
        ghost = desk.signed(self._who, folded=True, keys=Keyring.of("dsl", self._kept, self._old))
        return {doc["text"] for doc in ghost.docs("concerns", "concerns").values()} - {"sealed"}


def test_new_keys_read_what_was_and_old_ones_nothing_that_comes(
    desk_for: DeskFor, folder: Path, tmp_path: Path
) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "before")
    concerns.report(desk_for("staff"), UPN, "an old worry")
    thief = Thief(dsl, folder, tmp_path / "stolen")
    rekey(dsl, PASSPHRASE, CHEAP)
    cases.note(dsl, case, "after")  # the desk goes on with the new keys
    concerns.report(desk_for("staff"), UPN, "a new worry")
    assert [n.text for n in cases.show(desk_for("dsl"), case).notes] == ["before", "after"]
    assert [concerns.show(dsl, c.id).text for c in concerns.concerns(dsl)] == ["an old worry", "a new worry"]
    assert thief.notes(dsl) == ["before"]
    assert thief.concerns(dsl) == set()
    assert [n.text for n in cases.show(desk_for("deputy"), case).notes] == ["before", "after"]
    assert [e["act"] for e in dsl.store.entries()].count("person.rekeyed") == 1


def test_new_keys_want_the_passphrase_again(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    before = dsl.keys
    with pytest.raises(RefusedError, match="wrong"):
        rekey(dsl, "not my passphrase", CHEAP)
    assert dsl.keys is before


@pytest.mark.parametrize("again", ["reopened", "noted"])
def test_who_left_with_the_old_vault_reads_nothing_new_not_even_of_a_case_that_was_closed(
    desk_for: DeskFor, folder: Path, tmp_path: Path, again: str
) -> None:
    dsl, deputy = desk_for("dsl"), desk_for("deputy")
    first = opened(dsl).id
    closed = cases.open_case(dsl, next(p.id for p in roll.pupils(dsl) if p.upn != UPN), "other").id
    walked(dsl, closed)
    cases.close(dsl, closed, "settled")
    thief = Thief(deputy, folder, tmp_path / "stolen")
    accounts.remove(desk_for("leader"), "deputy")
    dsl = desk_for("dsl")
    cases.note(dsl, first, "after")
    if again == "reopened":
        cases.reopen(dsl, closed, "seen again")
    cases.note(dsl, closed, "after in the closed one")
    assert thief.notes(dsl) == []
    assert len(dsl.docs("cases", "notes")) == 2
    assert {doc["text"] for doc in dsl.docs("cases", "notes").values()} == {
        "after",
        "after in the closed one",
    }


def test_who_is_removed_signs_in_to_nothing_and_stays_in_the_log(desk_for: DeskFor) -> None:
    gone = accounts.remove(desk_for("leader"), "deputy")
    assert gone.roles == ()
    assert desk_for("deputy").who is not None
    with pytest.raises(RefusedError):
        cases.cases(desk_for("deputy"))
    with pytest.raises(InvalidError, match="no role already"):
        accounts.remove(desk_for("leader"), "deputy")
    with pytest.raises(InvalidError, match="No designated safeguarding lead"):
        accounts.remove(desk_for("leader"), "dsl")


# another's ------------------------------------------------------------------------------------------------------------


def test_who_lost_the_passphrase_gets_a_first_one_chooses_and_reads_at_once(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "before")
    first = reset(dsl, "deputy", CHEAP)
    with pytest.raises(RefusedError):
        desk_for("deputy")  # the old passphrase is none any more
    dsl.clock.advance(seconds=2)  # type: ignore[attr-defined]
    waiting = sign_in(dsl.signed_out(), "deputy", first, fold=True)
    assert waiting.who is not None
    assert waiting.who.roles == frozenset()
    with pytest.raises(RefusedError):
        cases.cases(waiting)
    with pytest.raises(InvalidError, match="the passphrase you have"):
        accounts.set_passphrase(waiting, first, CHEAP)
    accounts.set_passphrase(waiting, PASSPHRASE, CHEAP)
    assert [n.text for n in cases.show(desk_for("deputy"), case).notes] == ["before"]
    assert any("deputy was given a first passphrase by dsl" in r for r in desk_for("leader").store.remarks)


def test_the_first_passphrase_is_random_and_stands_nowhere(desk_for: DeskFor, folder: Path) -> None:
    first, other = (reset(desk_for("dsl"), "deputy", CHEAP) for _ in range(2))
    assert first != other
    assert len(first) == 19
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert first.encode() not in kept


def test_who_resets_whom(desk_for: DeskFor) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    with pytest.raises(RefusedError, match="Only a leader resets a leader"):
        reset(dsl, "leader", CHEAP)
    with pytest.raises(RefusedError, match="Nobody resets their own"):
        reset(leader, "leader", CHEAP)
    with pytest.raises(NotFoundError):
        reset(leader, "nobody.here", CHEAP)
    accounts.add(leader, LEADER, PASSPHRASE, CHEAP)
    reset(leader, "second", CHEAP)
    accounts.remove(leader, "staff")
    with pytest.raises(InvalidError, match="has no role"):
        reset(leader, "staff", CHEAP)


def test_a_reset_staff_account_holds_no_keys(desk_for: DeskFor) -> None:
    first = reset(desk_for("dsl"), "staff", CHEAP)
    accounts.set_passphrase(sign_in(desk_for("dsl").signed_out(), "staff", first, fold=True), "739154", CHEAP)
    desk = sign_in(desk_for("dsl").signed_out(), "staff", "739154", fold=True)
    assert desk.keys is None
    assert desk.who is not None
    assert desk.who.roles == {"staff"}


# told ----------------------------------------------------------------------------------------------------------------


def test_a_dsl_who_makes_a_dsl_is_told_to_the_leaders_for_a_week(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    accounts.add(dsl, {**LEADER, "roles": "dsl"}, PASSPHRASE, CHEAP)
    words = "second is now dsl, by dsl"
    assert not any(words in remark for remark in dsl.store.remarks)
    assert any(words in remark for remark in desk_for("leader").store.remarks)
    dsl.store.remarks.clear()
    desk_for("dsl")
    assert not any(words in remark for remark in dsl.store.remarks)
    dsl.clock.advance(days=8)  # type: ignore[attr-defined]
    desk_for("leader")
    assert not any(words in remark for remark in dsl.store.remarks)


def test_what_opens_nothing_is_not_told(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    accounts.add(dsl, {**LEADER, "roles": "attendance"}, PASSPHRASE, CHEAP)
    accounts.set_roles(dsl, "staff", ["staff", "attendance"])
    assert not any("is now" in remark for remark in desk_for("leader").store.remarks)


# granted -------------------------------------------------------------------------------------------------------------


def test_an_auditor_reads_the_case_that_was_granted_and_no_other(
    desk_for: DeskFor, folder: Path, tmp_path: Path
) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    other = cases.open_case(dsl, next(p.id for p in roll.pupils(dsl) if p.upn != UPN), "other").id
    cases.note(dsl, case, "before")
    for each in (case, other):
        with pytest.raises(NotFoundError, match="There is no case"):
            cases.show(desk_for("auditor"), each)
    granting.grant(dsl, case, "auditor")
    auditor = desk_for("auditor")
    assert [n.text for n in cases.show(auditor, case).notes] == ["before"]
    with pytest.raises(NotFoundError):
        cases.show(auditor, other)
    with pytest.raises(RefusedError):
        cases.note(auditor, case, "mine")
    thief = Thief(auditor, folder, tmp_path / "stolen")
    granting.withdraw(desk_for("dsl"), case, "auditor")
    cases.note(desk_for("dsl"), case, "after")
    with pytest.raises(NotFoundError):
        cases.show(desk_for("auditor"), case)
    assert thief.notes(dsl) == ["before"]
    assert [(e["act"], e["subject"], e["why"]) for e in dsl.store.entries() if "grant" in e["act"]] == [
        ("case.granted", case, "auditor"),
        ("case.grant-withdrawn", case, "auditor"),
    ]


def test_an_auditor_who_is_one_no_more_lost_the_grant(
    desk_for: DeskFor, folder: Path, tmp_path: Path
) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    granting.grant(dsl, case, "auditor")
    thief = Thief(desk_for("auditor"), folder, tmp_path / "stolen")
    accounts.set_roles(desk_for("leader"), "auditor", ["attendance"])
    cases.note(desk_for("dsl"), case, "after")
    assert thief.notes(dsl) == []


def test_a_case_is_granted_to_an_auditor_alone_whom_it_is_not_about(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl, ("auditor",)).id
    for user in ("auditor", "attendance", "nobody.here"):
        with pytest.raises(InvalidError, match="no auditor"):
            granting.grant(dsl, case, user)
    with pytest.raises(InvalidError, match="is not granted"):
        granting.withdraw(dsl, case, "auditor")


# two at once ---------------------------------------------------------------------------------------------------------


def test_two_people_adding_keys_at_once_lose_none(desk_for: DeskFor, folder: Path) -> None:
    """Two open folders, as of two processes; each opens a case and makes an account before it sees the other's."""
    from workbench.desk.folders import open_folder

    one, two = desk_for("dsl"), open_folder(folder, desk_for("dsl").clock)
    other = sign_in(two, "deputy", PASSPHRASE, fold=True)
    pupils = [p.id for p in roll.pupils(one)]
    made = [cases.open_case(desk, pupils[n], "other").id for n, desk in enumerate((one, other, one, other))]
    accounts.add(one, {**LEADER, "user": "third", "roles": "dsl"}, PASSPHRASE, CHEAP)
    accounts.add(other, {**LEADER, "user": "fourth", "roles": "dsl"}, PASSPHRASE, CHEAP)
    two.close()
    wraps = json.loads((folder / "vault.json").read_bytes())["keys"]
    assert len(wraps) == len(made)
    for user in ("third", "fourth", "dsl", "deputy"):
        assert all(cases.show(desk_for(user), case).case.id == case for case in made)
        keys = desk_for(user).keys
        assert keys is not None
        assert all(keys.own_id in wrap for wrap in wraps.values()), user


def test_a_promoted_one_with_a_passphrase_gets_keys_and_reads_what_is_old_once_another_signed_in(
    desk_for: DeskFor,
) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    cases.note(dsl, case, "old")
    accounts.set_roles(desk_for("leader"), "staff", ["dsl"])
    staff = desk_for("staff")
    assert [e["act"] for e in dsl.store.entries()].count("person.keyed") == 1
    assert staff.record("cases", "notes", next(iter(staff.docs("cases", "notes"))), Person) is None
    desk_for("deputy")
    assert [n.text for n in cases.show(desk_for("staff"), case).notes] == ["old"]
