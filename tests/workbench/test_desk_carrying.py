"""A new, sealed folder made of an unsealed one: all that stood there, sealed, and the old one as it was."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from store import files
from store.errors import StoreError
from store.seal import Clear
from store.snapshots import FORMAT, LAST_UNSEALED
from store.vault import key_id
from tests.conftest import CHEAP, PASSPHRASE, USERS, signer
from tests.filekit import swap
from tests.folderkit import CONCERN, RECOVERY, copy_of
from tests.store.dyingkit import HOWS, Dying, Killed
from workbench.desk import (
    accounts,
    cases,
    checks,
    concerns,
    folders,
    logbook,
    registers,
    removals,
    retention,
    roll,
    signin,
    upgrades,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.keyring import Keyring
from workbench.desk.localrules import Packs
from workbench.desk.sealing import Sealer
from workbench.domain.errors import FolderError, InvalidError, RefusedError, WorkbenchError

NOW = "2026-11-25T08:00:00"
OLDER = list(range(LAST_UNSEALED + 1))
ANSWER, SECRET, EVENT = "seen by a neighbour", "an invented worry about a lead", "an invented danger"
PACK = """
from = 2026-09-01
certainty = "verified"
law = "North protocol"
quote = "as agreed with schools"
checked = 2026-09-01
[[rule]]
id = "absence.ten-day-return"
[[rule.version]]
params = {days = 8}
"""


@pytest.fixture(params=OLDER)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An unsealed folder with nobody signed in."""
    desk = folders.open_folder(copy_of(request.param, tmp_path / "old"), FixedClock(NOW))
    yield desk
    desk.close()


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Desk]]:
    """Opens folders; all are closed at the end."""
    desks: list[Desk] = []

    def again(path: Path) -> Desk:
        desks.append(folders.open_folder(path, FixedClock(NOW)))
        return desks[-1]

    yield again
    for one in desks:
        one.close()


def tree(path: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file() and p.name != ".lock"}


def write_more(old: Desk) -> str:
    """What the program of then could have written: a hold, a private event, a concern and a case about people."""
    child = next(iter(old.docs("pupils", "pupils")))
    common = {"pupil": child, "at": "2026-11-24T09:00:00+00:00", "by": "dsl"}
    head = {"at": "2026-11-24T10:00:00+00:00", "actor": "dsl", "role": "dsl", "act": "records.held"}
    with old.store.upgrading(), old.store.change(**head, seal=Clear()) as tx:
        tx.put("pupils", "holds", {**common, "id": "H-1", "reason": "an inquiry"})
        event = {"kind": "danger", "on": "2026-11-24", "fields": {"note": EVENT}}
        tx.put(
            "pupils", "events", {**common, **event, "id": "N-1", "recorded": common["at"], "session": None}
        )
        tx.put("concerns", "concerns", {**common, "id": "CN-1", "text": SECRET, "about": ["dsl"]})
        case = {"id": "C-1", "pupil": child, "opened": common["at"], "opened_by": "dsl", "trigger": "other"}
        tx.put("cases", "cases", {**case, "owner": "dsl", "about": ["leader"], "linked": [], "closings": []})
    old.store.refresh()
    return str(child)


def made(old: Desk, new: Path, user: str = "dsl") -> upgrades.Carried:
    return upgrades.into(signer(old)(user), str(new), PASSPHRASE, RECOVERY)


def faults(desk: Desk) -> list[str]:
    return [f"{one.file} {one.words}" for one in checks.check(desk) if one.level == "fault"]


@pytest.mark.parametrize("user", ["dsl", "leader"])
def test_all_that_stood_there_stands_in_the_new_folder_and_the_old_one_is_as_it_was(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk], user: str
) -> None:
    write_more(old)
    before, head = tree(old.store.path), old.store.head.hash
    done = made(old, tmp_path / "new", user)
    assert tree(old.store.path) == before
    assert old.store.readonly
    desk = opened(tmp_path / "new")
    assert (desk.store.format, desk.store.readonly) == (FORMAT, False)
    assert (done.old_head, done.head, done.cases) == (head, desk.store.head.hash, 2)
    first, *others = desk.store.entries()
    assert (first["act"], first["why"], first["actor"], first["role"]) == ("folder.carried", head, user, user)
    assert {entry["act"] for entry in others} == {"person.keyed", "records.carried"}
    assert logbook.words(first) == "made the folder from an older one"
    ring = Keyring("recovery", RECOVERY, b"", desk.store.vault)
    read = desk.store.opened(Sealer(ring, desk.store, desk.random, pytest.fail))
    for file in ("pupils", "register-2026-27", "concerns", "cases"):
        for table, page in old.store.tables(file).items():
            new = read.docs(file, table)
            assert [one for one in new if one not in page.own] == []
            for own, doc in page.own.items():
                for name in doc.keys() - {"rev", "seals"}:
                    assert new[own][name] == doc[name]
    assert faults(signer(desk)("dsl")) == []
    assert logbook.verify(signer(desk)("dsl")).whole


def test_no_text_that_is_to_be_sealed_stands_in_the_clear(old: Desk, tmp_path: Path) -> None:
    write_more(old)
    made(old, tmp_path / "new")
    was, now = (b"".join(tree(tmp_path / name).values()) for name in ("old", "new"))
    for text in (ANSWER, CONCERN, SECRET, EVENT):
        assert text.encode() in was
        assert text.encode() not in now
    for one in (tmp_path / "new").rglob("*"):
        assert one.stat().st_mode & 0o077 == 0


def test_everybody_signs_in_and_gets_what_is_theirs(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    write_more(old)
    made(old, tmp_path / "new", "leader")
    desk_for = signer(desk := opened(tmp_path / "new"))
    people = desk.docs("people", "people")
    assert [user for user, doc in people.items() if doc.get("seals")] == ["leader"]
    dsl = desk_for("dsl")
    assert concerns.concerns(dsl) == [], "who could open it has not given them the key yet"
    desk_for("leader")
    assert [concerns.show(dsl, one.id).text for one in concerns.concerns(desk_for("dsl"))] == [CONCERN]
    (row,) = [row for row in cases.cases(desk_for("dsl")) if row.case.id != "C-1"]
    answers = cases.show(desk_for("dsl"), row.case.id).answers
    assert (answers["danger.level"].value, answers["danger.level"].note) == ("none", ANSWER)
    for user in USERS:
        assert desk_for(user).user() == user
        with pytest.raises(RefusedError):
            signin.sign_in(desk_for("leader"), user, "wrong")
        desk.clock.advance(seconds=2)  # type: ignore[attr-defined]
    keyed = {user for user, doc in desk.docs("people", "people").items() if doc.get("seals")}
    assert keyed == {"attendance", "dsl", "deputy", "leader", "auditor"}


def test_what_is_about_somebody_is_sealed_to_others(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    """The DSL makes the folder: a concern about them opens by the recovery key alone until the deputy has keys."""
    write_more(old)
    made(old, tmp_path / "new", "dsl")
    desk = opened(tmp_path / "new")
    dsl = signer(desk)("dsl")
    assert [one.id for one in concerns.concerns(dsl)] != ["CN-1"]
    recovery = key_id(Keyring("recovery", RECOVERY, b"").seal_public)
    stored = desk.store.page("concerns", "concerns").own["CN-1"]
    assert set(stored["sealed"]["to"]) == {recovery}
    wraps = desk.store.vault.keys()[key_id(desk.docs("cases", "cases")["C-1"]["seals"][0])]
    assert recovery in wraps
    signer(desk)("leader")
    signer(desk)("dsl")
    leader = key_id(desk.docs("people", "people")["leader"]["seals"])
    wraps = desk.store.vault.keys()[key_id(desk.docs("cases", "cases")["C-1"]["seals"][0])]
    assert leader not in wraps


def test_duties_of_cases_have_outlines_for_who_lacks_the_key(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    made(old, tmp_path / "new")
    desk = opened(tmp_path / "new")
    assert set(desk.docs("cases", "outlines")) == set(desk.docs("cases", "cases"))


def test_a_hold_comes_along_and_the_child_can_be_erased_alone(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    child = write_more(old)
    made(old, tmp_path / "new")
    desk_for = signer(opened(tmp_path / "new"))
    assert [(one.id, one.pupil, one.stands) for one in retention.holds(desk_for("dsl"))] == [
        ("H-1", child, True)
    ]
    second = roll.pupils(desk_for("dsl"))[1].id
    would = retention.plan(desk_for("leader"), second)
    assert {"cases", "answers", "contacts", "marks", "pupils"} <= set(would.records)
    assert would.shared <= 2, "registers taken are one part for the class"
    assert would.parts >= 3


def test_rules_of_the_school_come_along(old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]) -> None:
    for layer, name in (("school", "ours.toml"), ("examples", "one.toml")):
        (old.store.path / "rules" / layer).mkdir(parents=True, exist_ok=True)
        (old.store.path / "rules" / layer / name).write_text(PACK, "utf-8")
    made(old, tmp_path / "new")
    for layer, name in (("school", "ours.toml"), ("examples", "one.toml")):
        assert (tmp_path / "new" / "rules" / layer / name).read_text("utf-8") == PACK
    desk = opened(tmp_path / "new")
    assert "rules.loaded" in [entry["act"] for entry in desk.store.entries()]
    assert [pack.text for pack in desk.record("school", "packs", "packs", Packs).packs] == [PACK]  # type: ignore[union-attr]


def test_an_open_removal_that_nobody_signed_is_named(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    """No authorisation of it could ever hold: it is withdrawn and asked for again."""
    child = next(iter(old.docs("pupils", "pupils")))
    head = {"at": "2026-11-24T10:00:00+00:00", "actor": "dsl", "role": "dsl", "act": "removal.started"}
    one = {"id": "R-1", "pupil": child, "ground": "F", "requested_by": "dsl", "requested": head["at"]}
    with old.store.upgrading(), old.store.change(**head, seal=Clear()) as tx:
        tx.put("cases", "removals", {**one, "case": None, "evidence": [], "overrides": []})
    old.store.refresh()
    assert made(old, tmp_path / "new").unsigned == ("R-1",)
    dsl = signer(opened(tmp_path / "new"))("dsl")
    assert removals.withdraw(dsl, "R-1", "asked for again").removal.state == "withdrawn"
    assert removals.start(dsl, child, "F").removal.state == "open"


def test_whose_verifier_stands_in_an_old_log_is_asked_for_a_new_passphrase(
    tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    old = opened(copy_of(0, tmp_path / "old"))
    made(old, tmp_path / "new")
    desk = opened(tmp_path / "new")
    asked = "workbench people passphrase"
    for _ in range(2):
        for user in ("dsl", "staff"):
            del desk.store.remarks[:]
            signer(desk)(user)
            assert [r for r in desk.store.remarks if asked in r and user in r]
    accounts.set_passphrase(signer(desk)("dsl"), "other plain words", CHEAP)
    del desk.store.remarks[:]
    signin.sign_in(desk, "dsl", "other plain words")
    assert desk.store.remarks == []


def test_work_goes_on_in_the_new_folder(old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]) -> None:
    made(old, tmp_path / "new")
    desk_for = signer(opened(tmp_path / "new"))
    child = roll.pupils(desk_for("dsl"))[0].id
    concerns.report(desk_for("staff"), child, "a new worry")
    assert len(concerns.concerns(desk_for("dsl"))) == 2
    registers.rest_present(desk_for("staff"), "9B", date(2026, 11, 25), "AM")
    case = cases.open_case(desk_for("dsl"), child, "other")
    cases.note(desk_for("dsl"), case.id, "a new note")
    assert desk_for("dsl").rules.rule_ids
    assert faults(desk_for("dsl")) == []


# refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["staff", "attendance", "auditor"])
def test_only_heads_do_it(old: Desk, tmp_path: Path, user: str) -> None:
    with pytest.raises(RefusedError, match="dsl or leader"):
        made(old, tmp_path / "new", user)
    assert [one.name for one in tmp_path.iterdir()] == ["old"]


def test_nothing_is_made_where_something_stands_or_of_a_sealed_folder(
    old: Desk, tmp_path: Path, opened: Callable[[Path], Desk]
) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", old.store.path, old.store.path / "new", tmp_path / "no" / "where"):
        with pytest.raises(WorkbenchError):
            made(old, place)
    made(old, tmp_path / "new")
    with pytest.raises(InvalidError, match="sealed already"):
        made(opened(tmp_path / "new"), tmp_path / "newer")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["empty", "new", "old"]


def test_a_wrong_passphrase_makes_nothing(old: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        upgrades.into(signer(old)("dsl"), str(tmp_path / "new"), "wrong", RECOVERY)
    assert [one.name for one in tmp_path.iterdir()] == ["old"]


def test_a_log_that_is_not_whole_is_not_carried(old: Desk, tmp_path: Path) -> None:
    desk = signer(old)("dsl")
    segment = min((old.store.path / "log").iterdir())
    segment.write_bytes(segment.read_bytes().replace(b"folder.made", b"folder.mode"))
    with pytest.raises(FolderError, match=segment.name):
        upgrades.into(desk, str(tmp_path / "new"), PASSPHRASE, RECOVERY)
    assert [one.name for one in tmp_path.iterdir()] == ["old"]


def test_another_run_at_once_is_refused(old: Desk, tmp_path: Path) -> None:
    with files.folder_held(tmp_path) as alone:
        assert alone
        with pytest.raises(FolderError, match="another upgrade"):
            made(old, tmp_path / "new")


def test_the_recovery_key_is_told_before_the_folder_has_its_name(old: Desk, tmp_path: Path) -> None:
    told: list[bool] = []
    desk = signer(old)("dsl")
    upgrades.into(
        desk, str(tmp_path / "new"), PASSPHRASE, RECOVERY, lambda: told.append((tmp_path / "new").exists())
    )
    assert told == [False]


# cut off -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HOWS)
def test_cut_off_anywhere_there_is_no_new_folder_or_a_whole_one(tmp_path: Path, how: str) -> None:
    nth = finished = 0
    for nth in range(1, 400, 3):  # every third call: a change makes the same three
        place = tmp_path / str(nth)
        place.mkdir()
        old = folders.open_folder(copy_of(LAST_UNSEALED, place / "old"), FixedClock(NOW))
        before, dying = tree(place / "old"), Dying(nth, how)
        cut = _cut_off(old, place / "new", dying)
        assert tree(place / "old") == before
        if (place / "new").exists():
            finished += 1
        else:
            with pytest.raises(FolderError):
                folders.open_folder(place / "new", FixedClock(NOW))
            made(old, place / "new")
        _refuse_wrong(place / "new")
        old.close()
        assert sorted(one.name for one in place.iterdir()) == ["new", "old"]
        if not cut:
            break
    assert nth > 60, "so many calls alter something"
    assert finished > 0
    print(f"upgrade --into, {how}: cut off up to call {nth}, 0 half a folder")


def _cut_off(old: Desk, new: Path, dying: Dying) -> bool:
    desk = signer(old)("dsl")
    with pytest.MonkeyPatch.context() as patch:
        swap(patch, "os", dying)
        try:
            upgrades.into(desk, str(new), PASSPHRASE, RECOVERY)
        except (Killed, StoreError, WorkbenchError, OSError):
            return True
        finally:
            patch.undo()
    return dying.count >= dying.nth


def _refuse_wrong(path: Path) -> None:
    desk = folders.open_folder(path, FixedClock(NOW))
    dsl = signer(desk)("dsl")
    assert faults(dsl) == []
    assert len(roll.pupils(dsl)) == 3
    assert [concerns.show(dsl, one.id).text for one in concerns.concerns(dsl)] == [CONCERN]
    desk.close()
