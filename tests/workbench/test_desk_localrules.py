"""Packs in the data folder: what they change, how the log keeps them, and what still works while one is refused."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from store.backup import backup
from tests.conftest import PASSPHRASE, DeskFor
from tests.workbench.story import TEN_DAYS, UPN, opened
from workbench.desk import (
    cases,
    concerns,
    duties,
    enquiries,
    finding,
    folders,
    localrules,
    logbook,
    referrals,
    registers,
    removals,
    roll,
    signin,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.supposing import suppose
from workbench.domain.errors import InvalidError

HEAD = """
from = 2026-09-01
certainty = "verified"
law = "North protocol"
quote = "as agreed with schools"
checked = 2026-09-01
"""
EIGHT = HEAD + '\n[[rule]]\nid = "absence.ten-day-return"\n[[rule.version]]\nparams = {days = 8}\n'
MORE = (
    HEAD
    + """
[[group]]
key = "young_parent"
title = "Young parent"
action = "Tell the LA: a young parent has stopped attending"
causes = ["stopped"]
[[step]]
key = "border_force"
title = "Ask the Border Force desk"
by = "school"
"""
)
LOOSE = EIGHT.replace("days = 8", "days = 12")


def put(desk: Desk, name: str, text: str) -> None:
    path = desk.store.path / "rules" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def acts(desk: Desk) -> list[tuple[str, str | None]]:
    return [(e["act"], e["why"]) for e in logbook.entries(desk) if e["act"].startswith("rules.")]


def day_of(desk: Desk) -> date:
    return duties.due(desk, rule=TEN_DAYS, pupil=UPN)[0].trigger


def test_a_limit_of_the_authority_changes_what_is_due(desk_for: DeskFor) -> None:
    before = day_of(desk_for("dsl"))
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    desk = desk_for("dsl")
    assert day_of(desk) < before
    assert "Also local: North protocol." in "\n".join(duties.why(desk, duties.due(desk, rule=TEN_DAYS)[0].id))


def test_groups_and_steps_stand_in_the_wizard_the_keys_and_the_export(desk_for: DeskFor) -> None:
    put(desk_for("dsl"), "la/more.toml", MORE)
    desk = desk_for("dsl")
    assert "groups.young_parent" in {q.key for q in cases.keys(desk)}
    assert dict(enquiries.steps(desk))["border_force"] == "Ask the Border Force desk"
    case = opened(desk)
    cases.answer(desk, case.id, "groups.young_parent", "yes", "her own words")
    enquiries.add(desk, case.id, "border_force", "no trace")
    shown = cases.show(desk, case.id)
    assert any("Ask the Border Force desk: no trace" in line.text for line in shown.chronology)
    assert "Young parent" in next(s.summary for s in shown.steps if s.key == "groups")
    assert any("a young parent has stopped" in d.action for d in shown.duties)
    roll.edit(desk, UPN, {"groups": "young_parent"})
    assert finding.lookup(desk, UPN).groups == ("young_parent",)


def test_packs_are_logged_once_and_again_when_they_change(desk_for: DeskFor) -> None:
    auditor = desk_for("auditor")
    assert acts(auditor) == []
    put(auditor, "school/ours.toml", EIGHT)
    for _ in range(2):
        auditor = desk_for("auditor")
    first = acts(auditor)
    assert [act for act, _ in first] == ["rules.loaded"]
    put(auditor, "school/ours.toml", EIGHT.replace("8", "7"))
    auditor = desk_for("auditor")
    assert len(acts(auditor)) == 2
    assert len({why for _, why in acts(auditor)}) == 2
    (auditor.store.path / "rules" / "school" / "ours.toml").unlink()
    auditor = desk_for("auditor")
    assert acts(auditor)[-1] == ("rules.loaded", "none")


def test_what_was_known_is_judged_by_the_packs_that_stood_then(desk_for: DeskFor, clock: FixedClock) -> None:
    before = day_of(desk_for("dsl"))
    clock.advance(days=1)
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    desk = desk_for("dsl")
    then = duties.due(desk, known=date(2026, 11, 23), rule=TEN_DAYS, pupil=UPN)
    assert [d.trigger for d in then] == [before]
    assert day_of(desk) < before
    clock.advance(days=1)
    put(desk, "la/north.toml", EIGHT.replace("8", "11"))
    desk = desk_for("dsl")
    assert duties.due(desk, known=date(2026, 11, 24), rule=TEN_DAYS, pupil=UPN)[0].trigger < before
    clock.advance(days=1)
    (desk.store.path / "rules" / "la" / "north.toml").unlink()
    desk = desk_for("dsl")
    with pytest.raises(InvalidError, match="On that day: A file of rules is refused"):
        duties.due(desk, known=date(2026, 11, 25))


def test_another_process_s_sign_in_brings_changed_packs_to_a_running_one(desk_for: DeskFor) -> None:
    running = desk_for("dsl")
    before = day_of(running)
    put(running, "la/north.toml", EIGHT)
    other = folders.open_folder(running.store.path, running.clock)
    signin.sign_in(other, "leader", PASSPHRASE)
    other.close()
    assert day_of(running) < before


# a pack that is refused -----------------------------------------------------------------------------------------


def test_a_refused_pack_keeps_nobody_out_and_nothing_is_judged(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"))
    put(desk_for("dsl"), "la/north.toml", LOOSE)
    desk = desk_for("dsl")
    words = r"rules/la/north\.toml: rule absence\.ten-day-return: `days` = 12 asks less"
    removed = finding.lookup(desk, UPN).id
    for judged in (
        lambda: duties.due(desk),
        lambda: duties.figures(desk, UPN),
        lambda: duties.warnings(desk),
        lambda: cases.show(desk, case.id),
        lambda: cases.close(desk, case.id, "done"),
        lambda: removals.start(desk, removed, "F"),
    ):
        with pytest.raises(InvalidError, match=words) as caught:
            judged()
        assert "Registers, concerns and answers can still be written down" in caught.value.kept
        assert "rules check" in caught.value.todo
    assert acts(desk_for("auditor"))[-1][0] == "rules.refused"


def test_what_must_be_written_is_written_while_a_pack_is_refused(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"))
    put(desk_for("dsl"), "la/north.toml", LOOSE)
    desk = desk_for("dsl")
    assert concerns.report(desk, UPN, "bruises on both arms")
    assert cases.answer(desk, case.id, "danger.level", "immediate", "seen").value == "immediate"
    assert referrals.add(desk, case.id, "social-care", "refer", "danger").id
    assert enquiries.add(desk, case.id, "home_visit", "nobody there").id
    other = next(p.id for p in roll.pupils(desk) if p.upn != UPN)
    assert cases.open_case(desk, other, "missing").id
    one = finding.lookup(desk, UPN)
    registers.mark(desk, one.id, desk.today(), "AM", "N")
    assert roll.edit(desk, UPN, {"postcode": "NO1 1AA"})


BAD = [
    ("la/x.txt", "", "only files that end in .toml"),
    ("LA/x.toml", "", "rules/LA: the folders of rules are trust, la, school and examples"),
    ("la/x.toml", "\udcff", "is not UTF-8 text"),
    ("la/x.toml", "#" * (localrules.MOST_BYTES + 1), "are not read"),
    ("la/x.toml", 'title = "\\u001b[2J"', "holds a sign that cannot be shown"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD, ids=range(len(BAD)))
def test_files_that_are_no_packs_are_named(desk_for: DeskFor, name: str, text: str, words: str) -> None:
    desk = desk_for("dsl")
    path = desk.store.path / "rules" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidError, match=words) as caught:
        duties.due(desk_for("dsl"))
    assert "\x1b" not in str(caught.value)


def test_a_pack_saved_on_windows_is_read_like_any_other(desk_for: DeskFor) -> None:
    before = day_of(desk_for("dsl"))
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    eighth = day_of(desk_for("dsl"))
    put(desk_for("dsl"), "la/north.toml", EIGHT.replace("\n", "\r\n"))
    assert day_of(desk_for("dsl")) == eighth < before
    assert len(acts(desk_for("dsl"))) == 1


@pytest.mark.parametrize("sign", ["\x01", "\x7f", "\x9b", "\r"])
def test_a_pack_with_a_hidden_sign_is_refused_and_never_passed_over(desk_for: DeskFor, sign: str) -> None:
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    desk_for("dsl")
    put(desk_for("dsl"), "la/north.toml", f"{EIGHT}# a{sign}b\n")
    desk = desk_for("dsl")
    with pytest.raises(InvalidError, match="line 12 holds a sign that cannot be shown"):
        duties.due(desk, rule=TEN_DAYS, pupil=UPN)
    assert "rules.refused" in {act for act, _ in acts(desk)}


def test_a_change_that_the_log_cannot_take_is_said(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk_for("dsl"), "la/north.toml", EIGHT)

    def fails(*_: object, **__: object) -> None:
        raise InvalidError("The log is full.")

    monkeypatch.setattr(Desk, "save", fails)
    desk = desk_for("dsl")
    assert any("those of before stand. The log is full." in remark for remark in desk.store.remarks)


def test_links_and_files_in_the_place_of_folders_are_refused(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    (tmp_path / "elsewhere.toml").write_text(EIGHT)
    put(desk, "la/a.toml", EIGHT)
    os.symlink(tmp_path / "elsewhere.toml", desk.store.path / "rules" / "la" / "b.toml")
    with pytest.raises(InvalidError, match=r"rules/la/b\.toml: a link"):
        duties.due(desk_for("dsl"))
    (desk.store.path / "rules" / "la" / "b.toml").unlink()
    (desk.store.path / "rules" / "school").write_text("")
    with pytest.raises(InvalidError, match="rules/school: a file stands where a folder should be"):
        duties.due(desk_for("dsl"))


def test_what_editors_leave_behind_is_passed_over(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    put(desk, "la/.north.toml.swp", "x")
    put(desk, "la/north.toml~", "x")
    assert localrules.read_packs(desk.store.path) == ()


def test_a_law_switched_on_by_a_pack_reaches_the_gates(desk_for: DeskFor) -> None:
    put(desk_for("dsl"), "school/law.toml", "[commenced]\ncwsa-2026-s37 = 2026-09-01\n")
    desk = desk_for("dsl")
    roll.edit(desk, UPN, {"section_47": "yes"})
    view = removals.start(desk, UPN, "F")
    assert next(g for g in view.gates if g.id == "la-consent").state == "open"


def test_a_folder_without_its_rules_gets_them_back_out_of_the_log(desk_for: DeskFor) -> None:
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    desk = desk_for("dsl")
    strict = day_of(desk)
    shutil.rmtree(desk.store.path / "rules")
    desk = desk_for("dsl")
    assert day_of(desk) == strict
    assert (desk.store.path / "rules" / "la" / "north.toml").read_text() == EIGHT
    assert any("written anew out of the log" in remark for remark in desk.store.remarks)
    assert len(acts(desk_for("auditor"))) == 1


def test_the_check_and_a_backup_know_the_folder_of_rules(desk_for: DeskFor, tmp_path: Path) -> None:
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    put(desk_for("dsl"), "examples/north.toml", "")
    desk = desk_for("dsl")
    assert not [found for found in desk.store.check() if "rules" in str(found)]
    made = backup(desk.store, tmp_path / "b.tar", "b", desk.stamp())
    assert made.left_out == ("rules/examples",)


def test_what_would_follow_is_asked_of_the_same_rules(desk_for: DeskFor) -> None:
    put(desk_for("dsl"), "la/north.toml", EIGHT)
    desk = desk_for("dsl")
    made = suppose(desk, {})
    assert made.rules is desk.rules
