"""The drill: every slot gone, and everything read again by the key on paper. And what a wrong or a new key does."""

from datetime import date
from pathlib import Path

import pytest

from store.canon import canonical
from store.envelope import SEALED
from tests.conftest import CHEAP, PASSPHRASE, DeskFor, signer
from tests.folderkit import RECOVERY
from tests.workbench.story import UPN, opened
from workbench.desk import accounts, cases, concerns, recovering, rekeying
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.demo.school import PASSPHRASE as DEMO_PASSPHRASE
from workbench.desk.folders import open_folder
from workbench.desk.keyring import Keyring
from workbench.desk.recovery import as_text
from workbench.desk.sealing import RECOVERY as PLACE
from workbench.desk.signin import sign_in
from workbench.domain.errors import FolderError, InvalidError, RefusedError, WaitError

PAPER = as_text(RECOVERY)
NEW = "seven quiet otters swim"


def acts(desk: Desk) -> list[tuple[str, str, str]]:
    return [(e["act"], e["actor"], e["role"]) for e in desk.store.entries()]


def with_work(desk_for: DeskFor) -> tuple[str, list[str]]:
    """A case with a note, and a concern about each of the people who read some."""
    case = opened(desk_for("dsl")).id
    cases.note(desk_for("dsl"), case, "quokka note")
    staff = desk_for("staff")
    about: tuple[tuple[str, ...], ...] = ((), ("dsl",), ("dsl", "deputy"), ("dsl", "deputy", "leader"))
    return case, [concerns.report(staff, UPN, "quokka worry", whom) for whom in about]


def texts(desk: Desk) -> list[str]:
    """The concerns that open for the person signed in, whole."""
    return [concerns.show(desk, each.id).text for each in concerns.concerns(desk)]


def lose_all_slots(folder: Path) -> None:
    """As if the vault's slots had been lost: the wrapped keys of cases stay."""
    import json

    path = folder / "vault.json"
    vault = json.loads(path.read_bytes())
    path.write_bytes(canonical({**vault, "slots": {}}) + b"\n")


def test_all_slots_lost_and_everything_is_read_again(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    case, reported = with_work(desk_for)
    lose_all_slots(folder)
    desk = open_folder(folder, clock)
    for user in ("dsl", "deputy", "leader"):
        with pytest.raises(FolderError, match="cannot sign in"):
            sign_in(desk, user, PASSPHRASE)
    for user in ("deputy", "leader"):
        recovering.recover(desk, user, PAPER, NEW, CHEAP)
    deputy, leader = sign_in(desk, "deputy", NEW), sign_in(desk, "leader", NEW)
    assert [n.text for n in cases.show(deputy, case).notes] == ["quokka note"]
    assert texts(deputy) == ["quokka worry"] * 2
    assert texts(leader) == ["quokka worry"]
    keys = Keyring("recovery", RECOVERY, b"", desk.store.vault)
    every = desk.signed(None, keys=keys).docs("concerns", "concerns").values()
    assert [doc["text"] for doc in every] == ["quokka worry"] * len(reported)
    done = [act for act in acts(desk) if act[0] == "person.recovered"]
    assert done == [("person.recovered", "deputy", "recovery"), ("person.recovered", "leader", "recovery")]
    desk.close()
    again = open_folder(folder, clock)  # the people are those that the log says
    assert not [f for f in again.store.check() if f.file == "people.json" and f.level == "fault"]
    again.close()


def test_the_recovered_one_lets_the_others_in_again(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    case, _ = with_work(desk_for)
    lose_all_slots(folder)
    desk = open_folder(folder, clock)
    recovering.recover(desk, "leader", PAPER, NEW, CHEAP)
    first = rekeying.reset(sign_in(desk, "leader", NEW, fold=True), "dsl", CHEAP)
    accounts.set_passphrase(sign_in(desk, "dsl", first, fold=True), PASSPHRASE, CHEAP)
    assert [n.text for n in cases.show(signer(desk)("dsl"), case).notes] == ["quokka note"]
    desk.close()


def test_a_slot_that_is_whole_stays_as_it_is(desk_for: DeskFor) -> None:
    case, _ = with_work(desk_for)
    desk = desk_for("dsl")
    before = desk.store.vault.slots()
    recovering.recover(desk.signed_out(), "deputy", PAPER, NEW, CHEAP)
    after = desk_for("dsl").store.vault.slots()
    assert len(after.keys() - before.keys()) == 1
    assert cases.show(desk_for("dsl"), case).notes[0].text == "quokka note"
    with pytest.raises(RefusedError, match="passphrase is wrong"):
        desk_for("deputy")


def test_wrong_keys_give_one_text_and_wait_longer_each_time(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl").signed_out()
    wrong = as_text(bytes(32))
    for user, seconds in (("dsl", 1), ("nobody.here", 2), ("staff", 4)):
        with pytest.raises(RefusedError, match=f"not the recovery key of this folder.*{seconds} s"):
            recovering.recover(desk, user, wrong, NEW, CHEAP)
        with pytest.raises(WaitError):
            recovering.recover(desk, user, PAPER, NEW, CHEAP)
        clock.advance(seconds=seconds)
    assert acts(desk)[-3:] == [("signin.refused", "-", "recovery")] * 3
    recovering.recover(desk, "dsl", PAPER, NEW, CHEAP)
    told = sign_in(desk, "dsl", NEW).store.remarks
    assert any("3 failed tries for the recovery key" in remark for remark in told)


@pytest.mark.parametrize(
    ("user", "typed", "secret", "error"),
    [
        ("dsl", PAPER[:-1], NEW, InvalidError),
        ("dsl", PAPER.replace("1", "2"), NEW, InvalidError),
        ("dsl", PAPER, "password1234", InvalidError),
        ("staff", PAPER, NEW, RefusedError),
    ],
)
def test_what_is_not_recovered_changes_nothing(
    desk_for: DeskFor, user: str, typed: str, secret: str, error: type[Exception]
) -> None:
    desk = desk_for("dsl").signed_out()
    before = desk.store.head
    with pytest.raises(error):
        recovering.recover(desk, user, typed, secret, CHEAP)
    assert desk.store.head == before
    assert desk_for("dsl").who is not None


def test_a_wrap_that_was_damaged_is_told_and_does_not_stop_the_rest(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    import json

    case, _ = with_work(desk_for)
    lose_all_slots(folder)
    path = folder / "vault.json"
    vault = json.loads(path.read_bytes())
    ((own, wraps),) = vault["keys"].items()
    vault["keys"][own] = {holder: "A" * len(text) for holder, text in wraps.items()}
    path.write_bytes(canonical(vault) + b"\n")
    desk = open_folder(folder, clock)
    recovering.recover(desk, "deputy", PAPER, NEW, CHEAP)
    deputy = sign_in(desk, "deputy", NEW)
    assert texts(deputy) == ["quokka worry"] * 2
    assert cases.show(deputy, case).notes == ()
    desk.close()


# proven, and made anew ------------------------------------------------------------------------------------------------


def test_typed_back_it_is_proven(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    desk.clock.advance(hours=1)  # type: ignore[attr-defined]
    recovering.prove(desk, PAPER.lower().replace("-", " "))
    paper = recovering.paper(desk)
    assert (paper.proven, paper.proven_by, paper.behind) == (desk.stamp(), "dsl", 0)
    assert acts(desk)[-1] == ("recovery.proven", "dsl", "dsl")


def test_another_key_proves_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    with pytest.raises(RefusedError, match="not the recovery key"):
        recovering.prove(desk, as_text(bytes(32)))
    assert acts(desk)[-1][0] != "recovery.proven"


def test_a_new_one_opens_everything_and_the_old_one_nothing_new(desk_for: DeskFor) -> None:
    case, _ = with_work(desk_for)
    leader = desk_for("leader")
    recovering.prove(desk_for("dsl"), PAPER)
    before = recovering.make_new(desk_for("dsl"), bytes(32))
    assert before.proven is None
    assert before.behind == 3  # the concerns that do not open for this DSL
    desk_for("deputy")
    assert (
        recovering.paper(desk_for("leader")).behind == 1
    )  # what is about everybody: the old paper alone opens it
    cases.note(desk_for("dsl"), case, "written afterwards")
    old, new = (
        leader.signed(None, keys=Keyring("recovery", key, b"", leader.store.vault))
        for key in (RECOVERY, bytes(32))
    )
    assert [n["text"] for n in new.docs("cases", "notes").values()] == ["quokka note", "written afterwards"]
    assert [n["text"] for n in old.docs("cases", "notes").values()] == ["sealed", "sealed"]
    assert sum(SEALED not in doc for doc in new.docs("concerns", "concerns").values()) == 3
    assert any("made a new recovery key" in remark for remark in desk_for("leader").store.remarks)


def test_a_new_one_wants_the_passphrase_where_somebody_may_have_walked_up(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before = desk.get(*PLACE)
    with pytest.raises(RefusedError, match="wrong"):
        recovering.make_new(desk, bytes(32), "not my passphrase")
    assert desk.get(*PLACE) == before


# the demo -------------------------------------------------------------------------------------------------------------


def test_a_demo_tells_its_own_the_same_for_the_same_seed(tmp_path: Path, clock: FixedClock) -> None:
    """It counts as proven: the demo says it to everybody, and opens by it."""
    from workbench.desk.demo.build import build, recovery_key

    desk = build(tmp_path / "demo", pupils=10, seed=7, on=date(2026, 9, 4), clock=clock, kdf=CHEAP)
    assert recovery_key(7) == recovery_key(7) != recovery_key(8)
    signed = sign_in(desk, "dsl", DEMO_PASSPHRASE)
    assert recovering.paper(signed).proven is not None
    recovering.recover(desk, "leader", as_text(recovery_key(7)), NEW, CHEAP)
    assert sign_in(desk, "leader", NEW).user() == "leader"
    desk.close()
