"""Passphrases and their slots: who cannot sign in any more is told who can help, and a new one is one's own."""

from pathlib import Path

import pytest

from store.vault import NAME, render
from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from workbench.desk import accounts, cases, concerns, duties, enquiries, kdf, roll, signin, unproven
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.slots import as_slot
from workbench.domain.cases import Note
from workbench.domain.errors import FolderError, InvalidError, RefusedError

NEW = "other plain words"


def vault(desk: Desk) -> Path:
    return desk.store.path / NAME


def acts(desk: Desk) -> list[tuple[str, str]]:
    return [(entry["actor"], entry["act"]) for entry in desk.store.entries()]


def test_an_account_holds_a_fingerprint_and_nothing_else_of_its_passphrase(empty_for: DeskFor) -> None:
    people, costs = empty_for("dsl").docs("people", "people"), {"memory_kib", "passes", "lanes"}
    for user, held in (("dsl", "box"), ("staff", "hash")):
        doc = people[user]
        assert set(doc) == {
            "id", "user", "name", "post", "roles", "slot", "seals", "signs", "signed_with", "rev",
        }  # fmt: skip
        assert (doc["seals"] is None) == (doc["signs"] is None) == (user == "staff")
        assert set(empty_for("dsl").store.vault.slot(doc["slot"])) == {"salt", held} | costs


def test_without_the_vault_nobody_signs_in_and_the_words_say_who_can_help(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    vault(desk).unlink()
    with pytest.raises(FolderError, match="dsl cannot sign in") as caught:
        signin.sign_in(desk, "dsl", PASSPHRASE)
    assert "ask deputy or leader" in str(caught.value)
    assert "newest backup" in str(caught.value)
    assert acts(desk)[-1] == ("dsl", "signin.refused")


def test_an_unknown_name_is_refused_in_the_same_words_without_a_vault(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    vault(desk).unlink()
    with pytest.raises(RefusedError, match="The user name or the passphrase is wrong"):
        signin.sign_in(desk, "nobody", PASSPHRASE)


def test_a_slot_put_in_by_hand_opens_nothing(empty_for: DeskFor, clock: FixedClock) -> None:
    """Somebody who can write the files, but not the log, chooses a passphrase for the leader."""
    desk = empty_for("dsl")
    own = desk.docs("people", "people")["leader"]["slot"]
    slots, keys, _ = desk.store.vault.content()
    vault(desk).write_bytes(render({**slots, own: as_slot(kdf.make("mine", CHEAP))}, keys))
    for passphrase in ("mine", PASSPHRASE):
        with pytest.raises(RefusedError, match="The user name or the passphrase is wrong"):
            signin.sign_in(desk, "leader", passphrase)
        clock.advance(seconds=60)
    assert "altered" in str([one for one in desk.store.check() if one.level == "fault"])
    assert signin.sign_in(desk, "dsl", PASSPHRASE).user() == "dsl"


def test_a_slot_that_holds_something_else_is_as_a_wrong_passphrase(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    with desk.change("person.added") as tx:
        own = tx.keep({"hash": "x"})
        tx.put("people", "people", {**desk.docs("people", "people")["staff"], "slot": own})
    with pytest.raises(RefusedError, match="The user name or the passphrase is wrong"):
        signin.sign_in(desk, "staff", PASSPHRASE)


@pytest.mark.parametrize(
    "wrong", [{"memory_kib": 1 << 30}, {"salt": "no hex"}, {"hash": "00"}, {"passes": 0}]
)
def test_a_slot_that_cannot_be_used_is_as_a_wrong_passphrase(
    empty_for: DeskFor, wrong: dict[str, object]
) -> None:
    desk = empty_for("dsl")
    with desk.change("person.added") as tx:
        own = tx.keep({**as_slot(kdf.make(PASSPHRASE, CHEAP)), **wrong})
        tx.put("people", "people", {**desk.docs("people", "people")["staff"], "slot": own})
    with pytest.raises(RefusedError, match="The user name or the passphrase is wrong"):
        signin.sign_in(desk, "staff", PASSPHRASE)
    assert acts(desk)[-1] == ("staff", "signin.refused")


def test_a_new_passphrase_takes_the_place_of_the_old(empty_for: DeskFor) -> None:
    desk = empty_for("staff")
    accounts.set_passphrase(desk, NEW, CHEAP)
    assert acts(desk)[-1] == ("staff", "person.passphrase-set")
    assert signin.sign_in(desk, "staff", NEW).user() == "staff"
    with pytest.raises(RefusedError):
        signin.sign_in(desk, "staff", PASSPHRASE)
    assert signin.sign_in(desk, "dsl", PASSPHRASE).user() == "dsl"
    assert not [one for one in desk.store.check() if one.level == "fault"]


@pytest.mark.parametrize("words", ["", "   ", "x" * 2000, PASSPHRASE])
def test_one_that_is_empty_too_long_or_the_same_is_refused(empty_for: DeskFor, words: str) -> None:
    desk = empty_for("staff")
    before = acts(desk)
    with pytest.raises(InvalidError):
        accounts.set_passphrase(desk, words, CHEAP)
    assert acts(desk) == before


def test_signing_in_reads_the_vault_once(empty_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, read = empty_for("dsl"), []
    whole = desk.store.vault.slots
    monkeypatch.setattr(desk.store.vault, "slots", lambda: read.append(1) or whole())
    signin.sign_in(desk, "staff", PASSPHRASE)
    assert len(read) == 1


def test_names_are_told_without_reading_the_vault(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    vault(desk).unlink()
    assert len(signin.names(desk)) == 6


@pytest.mark.parametrize("raw", [b"", b"{}", b"no vault", None])
def test_a_vault_that_cannot_be_read_keeps_nobody_from_writing_a_concern_or_into_a_case(
    desk_for: DeskFor, raw: bytes | None
) -> None:
    """Sealing needs public keys alone, and those stand with the accounts and the cases."""
    staff, office, dsl = (desk_for(user) for user in ("staff", "attendance", "dsl"))
    child, other = roll.pupils(dsl)[:2]
    case = cases.open_case(dsl, child.id, "other").id
    good = vault(dsl).read_bytes()
    vault(dsl).unlink() if raw is None else vault(dsl).write_bytes(raw)
    concern = concerns.report(staff, child.id, "a worry")
    unproven.report(dsl.signed_out(), "staff", child.id, "another worry")
    enquiries.add(office, case, "contact_parents", "no answer")
    cases.note(dsl, case, "a note")
    assert concerns.show(dsl, concern).text == "a worry", "the DSL's own key opens it, not the vault"
    assert not [one for one in dsl.store.path.rglob("*.json*") if b"a worry" in one.read_bytes()]
    with pytest.raises(FolderError, match=r"vault\.json"):
        signin.sign_in(dsl, "deputy", PASSPHRASE)
    with pytest.raises(FolderError, match=r"vault\.json"):
        cases.open_case(dsl, other.id, "other")
    assert vault(dsl).exists() == (raw is not None)
    vault(dsl).write_bytes(good)
    again = signin.sign_in(dsl, "deputy", PASSPHRASE)
    assert [note.text for note in again.records("cases", "notes", Note)] == ["a note"]
    assert len(concerns.concerns(again)) == 2
    assert not [one for one in dsl.store.check() if one.level == "fault"]


def test_a_case_has_its_outline_from_the_moment_it_is_opened(desk_for: DeskFor) -> None:
    """Whoever lacks its key would otherwise see no duty of it until somebody writes into it."""
    dsl = desk_for("dsl")
    case = cases.open_case(dsl, roll.pupils(dsl)[0].id, "other").id
    mine = {duty.id for duty in duties.due(dsl) if duty.case == case}
    assert case in dsl.docs("cases", "outlines")
    assert {line["id"] for line in dsl.docs("cases", "outlines")[case]["duties"]} >= mine
    accounts.set_roles(dsl, "deputy", ["staff"])
    assert desk_for("dsl").docs("cases", "cases")[case]["seals"][1:], "a new key, which the DSL holds"
    assert cases.note(desk_for("dsl"), case, "sealed to it").text == "sealed to it"
