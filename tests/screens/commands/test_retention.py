"""`workbench retention`: what is due, legal holds, and an erasure with its preview."""

from pathlib import Path

import pytest

from screens.commands import retention
from tests.conftest import signer
from tests.screens.commands.conftest import Workbench
from tests.workbench.leaver import CANARY, left_long_ago
from workbench.desk import folders
from workbench.desk.clock import FixedClock

REASON = ("--reason", "the time is over")


@pytest.fixture
def leaver(folder: Path, clock: FixedClock) -> str:
    desk = folders.open_folder(folder, clock)
    try:
        return left_long_ago(signer(desk), clock)
    finally:
        desk.close()


def everything(folder: Path) -> str:
    return "".join(one.read_bytes().decode("utf-8", "replace") for one in folder.rglob("*") if one.is_file())


def test_the_list(workbench: Workbench, leaver: str) -> None:
    (row,) = workbench("retention", "list", "--json").json
    assert (row["id"], row["state"], row["due"], row["holds"]) == (leaver, "due", True, [])
    assert "25th birthday" in workbench("retention", "list").out
    assert workbench("retention", "list", "--erased").out == "Nothing was erased.\n"
    assert workbench("retention", "list", user="attendance").code == 1


def test_a_dry_run_erases_nothing(workbench: Workbench, leaver: str, folder: Path) -> None:
    said = workbench("retention", "erase", leaver, *REASON, "--dry-run", user="leader")
    assert said.code == 0
    for words in ("Goes: ", "entries of the log, which hold ids only", "Backups made before"):
        assert words in said.out
    value = workbench("retention", "erase", leaver, *REASON, "--dry-run", "--json", user="leader").json
    assert (value["id"], value["in_the_way"], value["records"]["pupils"]) == (leaver, [], 1)
    assert CANARY in everything(folder)


def test_nothing_is_erased_unasked(workbench: Workbench, leaver: str, folder: Path) -> None:
    said = workbench("retention", "erase", leaver, *REASON, user="leader")
    assert (said.code, "--yes" in said.err) == (1, True)
    assert CANARY in everything(folder)


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_asks(
    workbench: Workbench, leaver: str, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(retention.sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _text: answer)
    said = workbench("retention", "erase", leaver, *REASON, user="leader")
    assert said.code == (0 if answer == "y" else 1)
    assert (CANARY in everything(folder)) == (answer == "n")


def test_an_erasure_by_command(workbench: Workbench, leaver: str, folder: Path) -> None:
    said = workbench("retention", "erase", leaver, *REASON, "--yes", "--json", user="leader")
    assert said.code == 0
    assert said.json["id"] == leaver
    assert CANARY in said.err, "what goes is shown first"
    assert CANARY not in everything(folder)
    assert workbench("log", "verify", user="auditor").code == 0
    assert workbench("check", user="dsl").code == 0
    (gone,) = workbench("retention", "list", "--erased", "--json").json
    assert (gone["id"], gone["by"], gone["reason"]) == (leaver, "leader", REASON[1])
    known = workbench("due", "--on", "2026-11-23", "--known", "2026-11-23", user="dsl")
    assert "parts erased on 2041-" in known.err
    assert workbench("log", "show", "--json", user="auditor").json[-1]["act"] != "records.erased"
    acts = [entry["act"] for entry in workbench("log", "show", "--json", user="auditor").json]
    assert acts.count("records.erased") == 1


def test_a_hold_by_command_stops_it(workbench: Workbench, leaver: str, folder: Path) -> None:
    held = workbench("retention", "hold", leaver, "--reason", "a claim", "--json").json
    assert (held["pupil"], held["by"]) == (leaver, "dsl")
    assert workbench("retention", "list", "--json").json[0]["state"] == "held"
    said = workbench("retention", "erase", leaver, *REASON, "--yes", user="leader")
    assert (said.code, held["id"] in said.err) == (1, True)
    assert "In the way" in workbench("retention", "erase", leaver, *REASON, "--dry-run", user="leader").out
    released = workbench("retention", "release", leaver, "--reason", "settled", "--json").json
    assert [one["id"] for one in released] == [held["id"]]
    assert workbench("retention", "erase", leaver, *REASON, "--yes", user="leader").code == 0
    assert CANARY not in everything(folder)
