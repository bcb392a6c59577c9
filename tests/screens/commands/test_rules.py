"""`rules list`, `show` and `check`: the whole book in 80 columns, without an account, with the folder's own packs."""

from pathlib import Path

import pytest

from tests.screens.commands.conftest import Workbench

HEAD = 'from = 2026-09-01\ncertainty = "verified"\nlaw = "North protocol"\nquote = "as agreed"\nchecked = 2026-09-01\n'
EIGHT = HEAD + '[[rule]]\nid = "absence.ten-day-return"\n[[rule.version]]\nparams = {days = 8}\n'
EXAMPLE = """
[school]
kind = "academy"
stands_in = "North"
years = [7, 11]
[calendar]
terms = [{from = 2026-09-03, to = 2026-12-18}]
[[example]]
id = "north-eight"
text = "from the eighth day"
on = 2026-09-14
pupil = {born = 2014-05-01, year = 8, starts = 2025-09-04}
marks = [{from = 2026-09-03, code = "O"}]
expect = [{rule = "absence.ten-day-return", trigger = 2026-09-14}]
"""


@pytest.fixture
def packs(folder: Path) -> Path:
    for name in ("la", "examples"):
        (folder / "rules" / name).mkdir(parents=True)
    return folder / "rules"


def test_the_list_holds_every_table_with_how_it_stands(workbench: Workbench) -> None:
    said = workbench("rules", "list", user=None)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    for words in (
        "absence.ten-day-return  Attendance return: ten school days absent\n  law, verified, from 2024-08-19, england",
        "roll.ground.I  20 school days' continuous absence",
        "gate.la-confirmation  ",
        "age.compulsory  ",
        "enquiry.home_visit  ",
        "group.grt  ",
        "code.N  ",
    ):
        assert words in said.out
    assert "code.H" in said.err


def test_a_law_that_waits_for_its_date_is_named_until_it_is_commenced(
    workbench: Workbench, packs: Path
) -> None:
    waits = "cwsa-2026-s37; it will change gate.la-consent."
    assert waits in workbench("rules", "list", user=None).err
    assert "rules show gate.la-consent" in workbench("rules", "show", "cwsa-2026-s37", user=None).err
    (packs / "la" / "act.toml").write_text("[commenced]\ncwsa-2026-s37 = 2026-09-01\n", "utf-8")
    assert waits in workbench("rules", "list", "--on", "2026-08-31", user=None).err
    assert waits not in workbench("rules", "list", "--on", "2026-09-01", user=None).err


def test_the_list_as_of_an_earlier_day(workbench: Workbench) -> None:
    rows = {
        row["id"]: row for row in workbench("rules", "list", "--on", "2020-03-03", "--json", user=None).json
    }
    assert rows["code.H"]["in_force"]
    assert (rows["code.J"]["title"], rows["code.J1"]["in_force"]) == ("at an interview", False)
    assert rows["roll.ground-2006.h"]["in_force"]
    assert rows["absence.ten-day-return"]["source"] == "SI 2006/1751 reg 12(1)"
    assert {"standing", "certainty", "since", "to", "layer", "layers", "link", "checked"} <= set(
        rows["code.H"]
    )


@pytest.mark.parametrize(
    ("own_id", "words"),
    [
        ("roll.ground.I", ("continuous_absence: was absent for at least 20 school days", "Proven by: W7")),
        ("code.n", ("2006-09-01 to 2013-08-31", "class: unauthorised", "from 2024-08-19")),
        ("gate.la-consent", ("once cwsa-2026-s37 is commenced", "override: none")),
        ("enquiry.home_visit", ("by: joint", "limit: the authority's own")),
        (
            "group.grt",
            ("tell the authority if the child leaves", "ontrack, from 2016-09-01: policy, verified"),
        ),
        ("absence.ten-day-return", ("days: 10", "Note: ", "ontrack, from 2016-09-01: policy, verified")),
        ("age.compulsory", ("begins at: 5",)),
    ],
)
def test_an_entry_shows_its_words_beside_its_values(
    workbench: Workbench, own_id: str, words: tuple[str, ...]
) -> None:
    said = workbench("rules", "show", own_id, user=None)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert all(word in said.out for word in words)
    assert "\u201c" in said.out
    assert "checked " in said.out


def test_an_entry_as_json_has_all_of_it(workbench: Workbench) -> None:
    value = workbench("rules", "show", "absence.resolve-n", "--json", user=None).json
    assert value["versions"][0]["values"] == {"codes": "N", "within": "5"}
    assert value["examples"]
    assert workbench("rules", "show", "absence.nothing", user=None).code == 1


def test_packs_and_examples_of_the_folder_count(workbench: Workbench, packs: Path) -> None:
    (packs / "la" / "north.toml").write_text(EIGHT)
    (packs / "examples" / "north.toml").write_text(EXAMPLE)
    shown = workbench("rules", "show", "absence.ten-day-return", user=None).out
    assert "la, from 2026-09-01: local, verified" in shown
    assert "days: 8" in shown
    assert "england + ontrack + la" in workbench("rules", "list", user=None).out
    said = workbench("rules", "check", user=None)
    assert said.code == 0
    assert "ok north-eight from the eighth day" in said.out
    one = workbench("rules", "check", str(packs / "examples" / "north.toml"), user=None)
    assert one.out == "ok north-eight from the eighth day\n1 passed, 0 failed\n"


def test_a_refused_pack_is_shown_by_check_and_said_by_due(workbench: Workbench, packs: Path) -> None:
    (packs / "la" / "north.toml").write_text(EIGHT.replace("8}", "12}"))
    (packs / "examples" / "north.toml").write_text(EXAMPLE)
    said = workbench("rules", "check", user=None)
    assert said.code == 1
    assert "rules/la/north.toml: rule absence.ten-day-return: `days` = 12 asks less" in said.err
    assert said.out.splitlines()[-1].endswith("passed, 0 failed")
    for words in (("due",), ("rules", "list")):
        refused = workbench(*words)
        assert (refused.code, refused.out) == (1, "")
        assert "rules/la/north.toml" in refused.err
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    assert workbench("register", "mark", pupil, "2026-11-23/AM", "N", user="attendance").code == 0


def test_a_rule_is_shown_with_its_numbers_and_what_a_case_gives_in_brackets(workbench: Workbench) -> None:
    assert "Tell the LA: ten school days absent" in workbench("rules", "show", "absence.ten-day-return").out
    assert "Take the [session] register of [class], [day]" in workbench("rules", "show", "register.take").out
    shown = " ".join(workbench("rules", "show", "suspension.limit").out.split())
    assert "Suspensions come to [total] school days this year; at most 45 are lawful" in shown
    for rule in workbench("rules", "list", "--json").json:
        assert "{" not in workbench("rules", "show", rule["id"]).out
