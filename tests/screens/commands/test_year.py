"""`workbench year`: a new school year looked at, rolled, refused; one entry a command."""

from pathlib import Path

import pytest

from tests.screens.commands.conftest import Workbench
from workbench.desk.clock import FixedClock

TERMS = (
    "--term",
    "Autumn 2027",
    "2027-09-01",
    "2027-12-17",
    "--term",
    "Summer 2028",
    "2028-01-04",
    "2028-07-21",
)
FILE = """
[calendar]
terms = [
  {name = "Autumn 2027", from = 2027-09-01, to = 2027-12-17},
  {name = "Rest", from = 2028-01-04, to = 2028-07-21},
]
closed = [{why = "half term", from = 2027-10-25, to = 2027-10-29}]

[classes]
7A = "8C"
"""


@pytest.fixture(autouse=True)
def _august(clock: FixedClock) -> None:
    clock.set("2027-08-31T10:00:00")


def acts(workbench: Workbench) -> list[str]:
    return [entry["act"] for entry in workbench("log", "show", "--json").json]


def test_a_dry_run_lists_every_pupil_and_writes_nothing(workbench: Workbench) -> None:
    said = workbench("year", "roll", *TERMS, "--dry-run", user="attendance")
    assert said.code == 0
    assert said.out.count("goes up") + said.out.count("TO DECIDE") == 96
    assert "classes hold from 2027-09-01" in said.out
    assert said.out.rstrip().endswith("Nothing was written.")
    assert "year.rolled" not in acts(workbench)
    assert workbench("year", "show", "--json").json["rolled"] == []


def test_rolled_shown_and_refused_the_second_time(workbench: Workbench) -> None:
    done = workbench("year", "roll", *TERMS, "--json")
    assert set(done.json) == {
        "id", "year", "begins", "dry_run", "rows", "classes", "calendar", "leavers", "remarks",
    }  # fmt: skip
    assert acts(workbench).count("year.rolled") == 1
    again = workbench("year", "roll", *TERMS)
    assert again.code == 1
    assert "2027-28 already" in again.err
    shown = workbench("year", "show")
    assert "2027-28" in shown.out
    assert "removal start" in shown.out
    assert workbench("check").code == 0


def test_a_file_names_terms_and_classes_and_an_option_goes_before_it(
    workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "year.toml"
    path.write_text(FILE, "utf-8")
    done = workbench("year", "roll", "--file", str(path), "--class", "7B=8D", "--json").json
    assert (done["classes"]["7A"], done["classes"]["7B"], done["classes"]["8A"]) == ("8C", "8D", "9A")
    assert done["calendar"]["year_days"] < 220


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "2027-28 has no terms yet"),
        ((*TERMS, "--class", "7A"), "OLD=NEW"),
        ((*TERMS, "--class", "7Z=8Z"), "no pupil who goes up is in a class 7Z"),
        ((*TERMS, "--class", "7A=../x"), "is no class"),
        (("--term", "x", "2028-09-01", "2028-12-17"), "is 2027-28, not 2028-29"),
        (("--file", "missing.toml"), "missing.toml"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    workbench: Workbench, words: tuple[str, ...], said: str
) -> None:
    found = workbench("year", "roll", *words)
    assert found.code == 1
    assert said in found.err
    assert "year.rolled" not in acts(workbench)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "says nothing"),
        ("[clases]\n7A = '8A'", "clases"),
        ("[calendar]\nterms = [{name = 'x', from = 2027-09-05, to = 2027-09-01}]", "in this order of time"),
        ("= = =", "is not TOML"),
    ],
)
def test_a_faulty_file_is_named_with_its_key(
    workbench: Workbench, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "year.toml"
    path.write_text(text, "utf-8")
    found = workbench("year", "roll", "--file", str(path))
    assert found.code == 1
    assert said in found.err
    assert "year.toml" in found.err


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_staff_and_auditors_may_not(workbench: Workbench, user: str) -> None:
    assert workbench("year", "roll", *TERMS, user=user).code == 1
    assert workbench("year", "show", user=user).code == 1


def test_the_archive_of_a_closed_year_is_proven_checked_and_read_after_the_roll(
    workbench: Workbench, tmp_path: Path, clock: FixedClock
) -> None:
    july, apart = tmp_path / "closed-2026-27.backup", tmp_path / "archive"
    head = workbench("backup", str(july), "--json").json["head"]["hash"]
    assert workbench("year", "roll", *TERMS).code == 0
    clock.set("2027-10-01T10:00:00")
    assert workbench("backup", "--verify", str(july), "--head", head).code == 0
    assert workbench("--data", str(apart), "restore", str(july), "--head", head).code == 0
    checked = workbench("--data", str(apart), "check", "--json")
    assert checked.code == 0
    assert [found for found in checked.json if found["level"] != "remark"] == []
    assert workbench("--data", str(apart), "log", "verify", "--head", head).code == 0
    old = workbench("--data", str(apart), "register", "show", "9B", "--on", "2026-11-20", "--json")
    assert old.code == 0
    assert old.json == workbench("register", "show", "9B", "--on", "2026-11-20", "--json").json
    assert workbench("--data", str(apart), "year", "show", "--json").json["rolled"] == []
    assert workbench("year", "show", "--json").json["rolled"] != []
