"""Records past their time: kept until then, held by law if need be, and then gone from everything but the entries."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.erasing import ever
from store.vault import key_id
from tests.conftest import PASSPHRASE, DeskFor, signer
from tests.workbench.leaver import CANARY, MONDAY, left_long_ago, left_quietly
from tests.workbench.story import acts, opened
from workbench.desk import (
    accounts,
    backups,
    cases,
    checks,
    concerns,
    duties,
    exports,
    folders,
    logbook,
    registers,
    retention,
    roll,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

REASON = "twenty-five years are over"


@pytest.fixture
def leaver(desk_for: DeskFor, clock: FixedClock) -> str:
    return left_long_ago(desk_for, clock)


def everything(folder: Path) -> str:
    return "".join(one.read_bytes().decode("utf-8", "replace") for one in folder.rglob("*") if one.is_file())


def both(desk_for: DeskFor) -> Desk:
    """The leader, who is a DSL too and was given the keys of concerns by another."""
    accounts.set_roles(desk_for("dsl"), "leader", ["dsl", "leader"])
    desk_for("dsl")
    return desk_for("leader")


def test_the_list_says_until_when_and_why(desk_for: DeskFor, leaver: str) -> None:
    (row,) = retention.kept(desk_for("dsl"))
    child = roll.find(desk_for("dsl"), leaver)
    assert (row.pupil, row.left, row.due, row.holds) == (leaver, MONDAY, True, ())
    assert row.until == date(child.born.year + 25, child.born.month, child.born.day)
    assert "25th birthday" in row.why
    assert "a case in this program" in row.why


def test_everything_of_the_pupil_goes_and_the_log_still_verifies(
    desk_for: DeskFor, folder: Path, leaver: str
) -> None:
    leader = both(desk_for)
    assert everything(folder).count(CANARY) > 10
    ids = {(f, t, doc["id"]) for f, t, doc in ever(leader.store, leader.seal) if CANARY in str(doc)}
    assert len(ids) > 8
    upn, others = roll.find(leader, leaver).upn, len(roll.pupils(leader, leavers=True)) - 1
    entries, head = list(leader.store.entries()), leader.store.head.hash
    before = leader.store.head.seq
    would = retention.plan(leader, leaver)
    assert (would.in_the_way, would.sealed) == ((), 0)
    assert would.records["pupils"] == would.records["cases"] == would.records["removals"] == 1
    assert would.records["concerns"] == 1
    assert leader.store.head.seq == before
    done = retention.erase(leader, leaver, REASON)
    assert (done.records, done.parts, done.shared) == (sum(would.records.values()), would.parts, would.shared)
    assert acts(leader, before) == ["records.erased"]
    text = everything(folder)
    assert CANARY not in text
    left = {(f, t, doc["id"]) for f, t, doc in ever(leader.store)}
    assert ids & left == set(), "what was sealed is gone too"
    assert upn is not None
    assert upn not in text
    assert list(leader.store.entries())[:before] == entries
    assert logbook.verify(desk_for("auditor"), head).whole
    assert [one for one in checks.check(leader) if one.level == "fault"] == []
    assert checks.rebuild(leader)
    assert CANARY not in everything(folder)
    assert [one for one in checks.check(leader) if one.level == "fault"] == []
    assert len(roll.pupils(leader, leavers=True)) == others
    with pytest.raises(NotFoundError):
        roll.find(leader, leaver)
    (said,) = retention.erased(leader)
    assert (said.id, said.by, said.reason) == (leaver, "leader", REASON)
    last = list(leader.store.entries())[before]
    assert (last["subject"], last["why"]) == (leaver, None)


@pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("sha256sum")), reason="jq or sha256sum is missing"
)
def test_the_recipe_without_this_program_agrees(
    desk_for: DeskFor, folder: Path, leaver: str, tmp_path: Path
) -> None:
    retention.erase(desk_for("leader"), leaver, REASON)
    page = Path(__file__).parents[2] / "docs" / "verify-log.md"
    found = re.search(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert found is not None
    script = tmp_path / "verify-log.sh"
    script.write_text(found[1])
    run = subprocess.run(["sh", str(script), str(folder)], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("whole: "), run.stdout + run.stderr


def test_what_was_known_before_says_what_is_missing(
    desk_for: DeskFor, leaver: str, clock: FixedClock
) -> None:
    leader = desk_for("leader")
    parts = retention.erase(leader, leaver, REASON).parts
    then = duties.due(leader, on=MONDAY, known=MONDAY)
    assert leaver not in {duty.pupil for duty in then}
    day = clock.now().date().isoformat()
    (said,) = [one for one in leader.store.remarks if "erased on" in one]
    shown = int(re.findall(r"(\d+) parts erased on " + day, said)[0])
    assert 10 < shown <= parts


def test_others_keep_their_marks(desk_for: DeskFor, leaver: str) -> None:
    leader = desk_for("leader")
    marks = {one.id: registers.marks_of(leader, one.id) for one in roll.pupils(leader)}
    retention.erase(leader, leaver, REASON)
    assert {one.id: registers.marks_of(leader, one.id) for one in roll.pupils(leader)} == marks


def test_a_legal_hold_stops_it_and_who_released_it_does_not_erase(desk_for: DeskFor, leaver: str) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    made = retention.hold(dsl, leaver, "an inquiry")
    assert retention.kept(leader)[0].holds == (made,)
    assert any(made.id in words for words in retention.plan(leader, leaver).in_the_way)
    with pytest.raises(RefusedError, match="legal hold"):
        retention.erase(leader, leaver, REASON)
    (released,) = retention.release(leader, leaver, "the inquiry is over")
    assert (released.stands, released.released_by) == (False, "leader")
    with pytest.raises(RefusedError, match="another leader"):
        retention.erase(leader, leaver, REASON)
    with pytest.raises(NotFoundError):
        retention.release(dsl, leaver, "once more")
    assert roll.find(leader, leaver).surname == CANARY


def test_a_hold_released_by_the_dsl_lets_the_leader_erase(
    desk_for: DeskFor, leaver: str, folder: Path
) -> None:
    retention.hold(desk_for("leader"), leaver, f"an inquiry about {CANARY}")
    retention.release(desk_for("dsl"), leaver, f"{CANARY}: over")
    retention.erase(desk_for("leader"), leaver, REASON)
    assert CANARY not in everything(folder)


def test_it_is_refused_before_the_day_and_for_who_is_here(
    desk_for: DeskFor, leaver: str, clock: FixedClock
) -> None:
    leader = desk_for("leader")
    here = roll.pupils(leader)[0].id
    with pytest.raises(RefusedError, match="has not left"):
        retention.erase(leader, here, REASON)
    clock.advance(days=-366 * 12)
    with pytest.raises(RefusedError, match="are kept until"):
        retention.erase(leader, leaver, REASON)
    assert not retention.kept(leader)[0].due


def test_an_open_case_or_duty_stands_in_the_way(desk_for: DeskFor, leaver: str) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    case = next(row.case for row in cases.cases(dsl) if row.case.pupil == leaver)
    cases.reopen(dsl, case.id, "a letter came")
    with pytest.raises(RefusedError, match=f"case {case.id} is open"):
        retention.erase(leader, leaver, REASON)


def test_a_case_about_another_child_too_is_kept(desk_for: DeskFor, leaver: str) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    case = next(row.case for row in cases.cases(dsl) if row.case.pupil == leaver)
    other = roll.pupils(dsl)[0].id
    cases.reopen(dsl, case.id, "a sibling")
    cases.link(dsl, case.id, other, "sibling")
    assert any(other in words for words in retention.plan(leader, leaver).in_the_way)


def test_nobody_erases_a_concern_about_them_nor_learns_of_it(desk_for: DeskFor, leaver: str) -> None:
    """It is sealed to others: it is counted among those that cannot be looked into, with those about anybody else."""
    dsl, leader = desk_for("dsl"), both(desk_for)
    concern = concerns.report(desk_for("staff"), leaver, "about the head", about=["leader"])
    concerns.triage(dsl, concern, "noted")
    assert retention.plan(leader, leaver).sealed == 1
    retention.erase(leader, leaver, REASON)
    assert concerns.show(dsl, concern).text == "about the head"


def test_nobody_erases_a_case_about_them(desk_for: DeskFor, leaver: str) -> None:
    dsl = desk_for("dsl")
    case = cases.open_case(dsl, leaver, "other", about=["leader"])
    for act in (retention.plan, lambda desk, pupil: retention.erase(desk, pupil, REASON)):
        with pytest.raises(RefusedError, match="not yours") as refused:
            act(desk_for("leader"), leaver)
        assert case.id not in str(refused.value)


def test_a_leader_who_cannot_open_concerns_is_told_how_many_and_leaves_them(
    desk_for: DeskFor, leaver: str
) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    (concern,) = concerns.concerns(dsl)
    would = retention.plan(leader, leaver)
    assert (would.sealed, "concerns" in would.records, would.in_the_way) == (1, False, ())
    retention.erase(leader, leaver, REASON)
    assert concerns.show(dsl, concern.id).text.startswith(CANARY)
    assert [one for one in checks.check(leader) if one.level == "fault"] == []
    assert retention.erased(dsl)[0].id == leaver
    assert all(duty.pupil != leaver for duty in duties.due(dsl))


def test_a_concern_that_nobody_decided_on_stands_in_the_way_of_who_cannot_open_it(
    desk_for: DeskFor, leaver: str
) -> None:
    """The duty to read it is not shown to them, and would go with the child."""
    concern = concerns.report(desk_for("staff"), leaver, "a late worry")
    with pytest.raises(RefusedError, match="not decided on yet") as refused:
        retention.erase(desk_for("leader"), leaver, REASON)
    assert concern not in str(refused.value)
    concerns.triage(desk_for("dsl"), concern, "noted")
    assert retention.plan(desk_for("leader"), leaver).in_the_way == ()


def test_where_a_concern_would_keep_records_longer_who_cannot_look_into_them_does_not_erase(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    """Seven years on the time of a child without a case is over, but not that of a child whom a concern is about."""
    leaver = left_quietly(desk_for, clock)
    dsl = desk_for("dsl")
    assert retention.plan(desk_for("leader"), leaver).in_the_way == ()
    other = next(one for one in roll.pupils(dsl) if one.id != leaver)
    concern = concerns.report(desk_for("staff"), other.id, "seen at the gate")
    concerns.triage(dsl, concern, "noted")
    (words,) = retention.plan(desk_for("leader"), leaver).in_the_way
    assert "concerns are sealed to others (1)" in words
    with pytest.raises(RefusedError, match="sealed to others"):
        retention.erase(desk_for("leader"), leaver, REASON)
    leader = both(desk_for)
    assert retention.plan(leader, leaver).in_the_way == ()
    retention.erase(leader, leaver, REASON)


def test_the_key_of_a_case_goes_with_it_and_a_hold_keeps_it(desk_for: DeskFor, leaver: str) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    (case,) = [row.case for row in cases.cases(dsl) if row.case.pupil == leaver]
    vault = leader.store.vault
    own = {key_id(public) for public in case.seals}
    assert own <= vault.keys().keys()
    retention.hold(dsl, leaver, "an inquiry")
    with pytest.raises(RefusedError, match="legal hold"):
        retention.erase(leader, leaver, REASON)
    assert own <= vault.keys().keys()
    retention.release(dsl, leaver, "the inquiry is over")
    retention.erase(leader, leaver, REASON)
    assert own.isdisjoint(vault.keys())
    assert not any(one in (leader.store.path / "vault.json").read_text("utf-8") for one in own)


def test_a_backup_made_before_has_the_key_still(
    desk_for: DeskFor, clock: FixedClock, leaver: str, tmp_path: Path
) -> None:
    """docs/retention.md says so: a destroyed key is destroyed in this folder alone."""
    dsl = desk_for("dsl")
    (case,) = [row.case for row in cases.cases(dsl) if row.case.pupil == leaver]
    made = backups.make(dsl, str(tmp_path))
    retention.erase(desk_for("leader"), leaver, REASON)
    backups.restore(backups.look(str(made.path)), tmp_path / "back", "leader", PASSPHRASE, clock)
    back = folders.open_folder(tmp_path / "back", clock)
    assert key_id(case.seals[-1]) in back.store.vault.content().keys
    assert CANARY in str(cases.show(signer(back)("dsl"), case.id).case)
    back.close()


@pytest.mark.parametrize("reason", [f"{CANARY} is long gone", f"see {CANARY.lower()}.", ""])
def test_the_reason_names_nobody(desk_for: DeskFor, leaver: str, reason: str) -> None:
    with pytest.raises(InvalidError):
        retention.erase(desk_for("leader"), leaver, reason)


@pytest.mark.parametrize("user", ["staff", "attendance", "dsl", "auditor"])
def test_only_a_leader_erases(desk_for: DeskFor, leaver: str, user: str) -> None:
    with pytest.raises(RefusedError, match=r"retention\.erase is for leader"):
        retention.erase(desk_for(user), leaver, REASON)


def test_a_hold_put_on_at_the_last_moment_is_seen_under_the_lock(
    desk_for: DeskFor, leaver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    real = retention.Owned

    def slow(*args: object) -> object:
        made = real(*args)  # type: ignore[arg-type]
        retention.hold(dsl, leaver, "a claim came in")
        return made

    monkeypatch.setattr(retention, "Owned", slow)
    before = leader.store.head.seq
    with pytest.raises(RefusedError, match="legal hold"):
        retention.erase(leader, leaver, REASON)
    assert acts(leader, before) == ["records.held"]


def test_another_childs_open_case_is_untouched(desk_for: DeskFor, clock: FixedClock) -> None:
    case = opened(desk_for("dsl"))
    leaver = left_long_ago(desk_for, clock)
    retention.erase(desk_for("leader"), leaver, REASON)
    assert cases.show(desk_for("dsl"), case.id).case.id == case.id


def test_a_child_whom_the_case_of_another_names_is_kept_as_long(desk_for: DeskFor, clock: FixedClock) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    case = opened(dsl)
    leaver = left_long_ago(desk_for, clock)
    cases.link(dsl, case.id, leaver, "sibling")
    would = retention.plan(leader, leaver)
    assert case.id in would.others
    assert would.in_the_way == (f"case {case.id} is about {case.pupil} too, whose records are kept",)
    with pytest.raises(RefusedError, match=case.id):
        retention.erase(leader, leaver, REASON)
    assert exports.export_case(dsl, case.id)


def test_a_restore_says_whose_erased_records_are_back(
    desk_for: DeskFor, clock: FixedClock, folder: Path, leaver: str, tmp_path: Path
) -> None:
    made = backups.make(desk_for("dsl"), str(tmp_path))
    retention.erase(desk_for("leader"), leaver, REASON)
    found = backups.look(str(made.path))
    beside = backups.restore(found, tmp_path / "beside", "leader", PASSPHRASE, clock)
    assert backups.revived(beside) == []
    done = backups.restore(found, folder, "leader", PASSPHRASE, clock, replace=True)
    assert backups.revived(done) == [leaver]


def test_a_hold_that_comes_too_late_says_so_and_leaves_nothing(
    desk_for: DeskFor, leaver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pupil was looked up, then a leader erased them, then the lock came."""
    dsl, leader = desk_for("dsl"), desk_for("leader")
    ask = retention.required

    def slow(*args: Any, **more: Any) -> str:
        monkeypatch.setattr(retention, "required", ask)
        retention.erase(leader, leaver, REASON)
        return ask(*args, **more)

    monkeypatch.setattr(retention, "required", slow)
    with pytest.raises(NotFoundError):
        retention.hold(dsl, leaver, "an inquiry")
    assert retention.holds(dsl) == []
    assert "records.held" not in acts(dsl, 0)


def test_a_concern_that_comes_too_late_is_refused_rather_than_kept_where_no_duty_tells_of_it(
    desk_for: DeskFor, leaver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, leader = desk_for("staff"), desk_for("leader")
    begin = staff.change

    def slow(*args: Any, **more: Any) -> Any:
        retention.erase(leader, leaver, REASON)
        return begin(*args, **more)

    monkeypatch.setattr(staff, "change", slow)
    with pytest.raises(NotFoundError):
        concerns.report(staff, leaver, "seen at the gate")
    assert [one.pupil for one in concerns.concerns(desk_for("dsl"))] == [leaver], (
        "the one of before, sealed to DSLs"
    )
    assert len(desk_for("dsl").docs("concerns", "concerns")) == 1


def test_a_case_that_comes_too_late_is_refused_and_the_list_of_cases_stands(
    desk_for: DeskFor, leaver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    begin = dsl.change

    def slow(*args: Any, **more: Any) -> Any:
        retention.erase(leader, leaver, REASON)
        return begin(*args, **more)

    monkeypatch.setattr(dsl, "change", slow)
    with pytest.raises(NotFoundError):
        cases.open_case(dsl, leaver, "other")
    assert cases.cases(desk_for("dsl")) == []


def test_what_a_change_of_roles_seals_anew_stands_apart_for_each_child(desk_for: DeskFor) -> None:
    """Somebody loses sight: open cases get new keys, concerns other readers. Each child must still go alone."""
    dsl = desk_for("dsl")
    for child in roll.pupils(dsl)[:3]:
        cases.open_case(dsl, child.id, "other")
        concerns.report(desk_for("staff"), child.id, "a worry")
    accounts.set_roles(dsl, "deputy", ["staff"])
    (parts,) = [parts for entry, parts in dsl.store.changes() if entry["act"] == "person.roles-set"]
    written = [
        {(op["file"], op["table"], doc["id"]) for op in part["op"] for doc in op.get("put", {}).values()}
        for part in parts
    ]
    assert sum(map(len, written)) >= 7
    assert [len(one) for one in written if any(file != "people" for file, _, _ in one)] == [1] * 6
