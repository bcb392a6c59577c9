"""Options that may stand anywhere, and what each failure exits with."""

from pathlib import Path

import pytest

from screens.cli import UnreadableError, pull
from tests.folderkit import copy_of
from tests.screens.commands.conftest import Workbench


@pytest.mark.parametrize(
    "words",
    [
        ["--data", "D", "--user", "u", "--json", "due"],
        ["due", "--json", "--user=u", "--data=D"],
        ["--json", "due", "--data", "D", "--user", "u"],
    ],
)
def test_global_options_stand_anywhere(words: list[str]) -> None:
    given = pull(words)
    assert (given.data, given.user, given.json, given.rest) == ("D", "u", True, ("due",))


def test_what_follows_two_dashes_is_left_alone() -> None:
    assert pull(["note", "--", "--user", "x"]).rest == ("note", "--", "--user", "x")


def test_an_option_without_its_value_cannot_be_read() -> None:
    with pytest.raises(UnreadableError, match="--user needs a value"):
        pull(["due", "--user"])


def test_a_command_line_that_cannot_be_read_exits_2(workbench: Workbench) -> None:
    for words in (("no-such-command",), ("due", "--no-such-option"), ("case", "open"), ("due", "--user")):
        said = workbench(*words, user=None)
        assert (said.code, said.out) == (2, ""), words
        assert said.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("pupils", "show", "P-NOSUCH"), "No pupil has the id or UPN P-NOSUCH"),
        (("case", "show", "C-NOSUCH"), "no case C-NOSUCH"),
        (("why", "absence.resolve-n:P-X:2026-11-01"), "There is no duty"),
        (("removal", "show", "R-NOSUCH"), "no removal R-NOSUCH"),
        (("register", "show", "99Z"), "99Z"),
        (("return", "draft", "roll.no-show:P-X:2026-09-03"), "There is no duty"),
    ],
)
def test_an_unknown_id_exits_1_and_says_so_on_standard_error(
    workbench: Workbench, words: tuple[str, ...], reason: str
) -> None:
    said = workbench(*words)
    assert (said.code, said.out) == (1, "")
    assert reason in said.err


def test_wrong_passphrase_and_wrong_name_give_one_text(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = workbench("due", user="nobody")
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "wrong")
    wrong = workbench("due")
    assert (nobody.code, wrong.code) == (1, 1)
    assert nobody.err == wrong.err
    assert "The user name or the passphrase is wrong" in wrong.err


def test_a_missing_or_foreign_folder_is_told_in_plain_words(workbench: Workbench, tmp_path: Path) -> None:
    missing = workbench("due", "--data", str(tmp_path / "nowhere"))
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "notes.txt").write_text("mine")
    foreign = workbench("due", "--data", str(tmp_path / "foreign"))
    assert (missing.code, foreign.code) == (1, 1)
    assert "workbench init" in missing.err
    assert "Traceback" not in missing.err + foreign.err
    assert sorted(p.name for p in (tmp_path / "foreign").iterdir()) == ["notes.txt"]


def test_without_a_terminal_the_app_says_so(workbench: Workbench) -> None:
    said = workbench(user=None)
    assert (said.code, said.out) == (1, "")
    assert "not a terminal" in said.err


def test_every_sign_in_says_that_an_older_folder_is_not_sealed(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not sealed" not in workbench("people", "list").err
    monkeypatch.setenv("WORKBENCH_DATA", str(copy_of(1, tmp_path / "older")))
    assert (
        "Folder format 1: records are not sealed; there is no recovery key" in workbench("people", "list").err
    )


@pytest.mark.parametrize(
    "words",
    [
        ("contact", "add", "P-X", "--who", "mother"),
        ("duty", "done", "x"),
        ("case", "open", "P-X"),
        ("enquiry", "add", "C-X", "--step", "visit"),
        ("referral", "add", "C-X", "--to", "police", "--decision", "refer"),
        ("removal", "start", "P-X"),
        ("removal", "withdraw", "R-X"),
        ("removal", "confirm", "R-X", "--from", "A. N.", "--answer", "yes"),
        ("removal", "complete", "R-X"),
        ("register", "amend", "P-X", "2026-11-16/AM", "I"),
        ("return", "sent", "x"),
        ("concern", "triage", "S-X"),
        ("init",),
    ],
)
def test_a_required_option_that_is_missing_is_named(workbench: Workbench, words: tuple[str, ...]) -> None:
    said = workbench(*words)
    assert (said.code, said.out) == (2, "")
    assert "Missing option '--" in said.err
