"""`workbench print` and `workbench clipboard`: what comes out where, one entry each, refusals, and no escape code."""

import io
import json
from base64 import b64decode
from pathlib import Path

import pytest

from screens.clipboard import to_clipboard
from tests.hostile import CODES
from tests.screens.commands.conftest import Workbench
from tests.workbench.story import UPN

DUTY = "absence.ten-day-return"


def duty(workbench: Workbench) -> str:
    return str(workbench("due", "--rule", DUTY, "--pupil", UPN, "--json").json[0]["id"])


def entries(workbench: Workbench) -> list[str]:
    """The acts of the log without those of signing in."""
    found = workbench("log", "show", "--json").json
    signed = {"person.signed-in", "checkpoint.made"}
    return [entry["act"] for entry in sorted(found, key=lambda e: e["seq"]) if entry["act"] not in signed]


@pytest.mark.parametrize(
    ("words", "act"),
    [
        (("letter", "absence", UPN), "print.made"),
        (("daily",), "print.made"),
        (("certificate", UPN, "--from", "2026-11-03"), "print.made"),
        (("return", DUTY), "return.printed"),
    ],
)
def test_text_comes_out_with_the_head_and_one_entry(
    workbench: Workbench, words: tuple[str, ...], act: str
) -> None:
    given = [duty(workbench) if word == DUTY else word for word in words]
    before = entries(workbench)
    said = workbench("print", *given, user="attendance")
    assert said.code == 0, said.err
    assert "Newest entry of the log then:" in said.out
    assert max(map(len, said.out.replace("\f", "\n").split("\n"))) <= 80
    assert entries(workbench)[len(before) :] == [act]


def test_a_chronology(workbench: Workbench) -> None:
    case = workbench("case", "open", UPN, "--trigger", "concern", "--json").json["id"]
    before = entries(workbench)
    said = workbench("print", "chronology", case)
    assert "case opened" in said.out
    assert entries(workbench)[len(before) :] == ["case.printed"]
    assert workbench("print", "chronology", case, user="attendance").code == 1


def test_html_by_the_files_name_and_never_over_another(workbench: Workbench, tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    said = workbench("print", "daily", "--out", str(out))
    assert (said.code, said.out) == (0, f"Written: {out}\n")
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert workbench("print", "daily", "--out", str(out)).code == 1
    plain = tmp_path / "sheet.txt"
    workbench("print", "daily", "--out", str(plain))
    assert plain.read_text("utf-8").startswith("CONFIDENTIAL")
    assert workbench("print", "daily", "--format", "html").out.startswith("<!DOCTYPE html>")


def test_json_has_every_key(workbench: Workbench, tmp_path: Path) -> None:
    found = workbench("print", "letter", "attendance", UPN, "--json").json
    assert set(found) == {
        "kind", "subject", "why", "title", "format", "path", "copied", "missing", "at", "head", "text",
    }  # fmt: skip
    assert (found["kind"], found["why"], found["path"]) == ("letter", "letter.attendance", "")
    assert "Yours sincerely" in found["text"]
    filed = workbench("print", "daily", "--json", "--out", str(tmp_path / "d.html")).json
    assert (filed["format"], filed["text"]) == ("html", "")


def test_letters_are_listed(workbench: Workbench, folder: Path) -> None:
    (folder / "letters").mkdir()
    (folder / "letters" / "trip.txt").write_text("Title: x\n\n{nobody}\n")
    rows = {row["id"]: row["own"] for row in workbench("print", "letters", "--json").json}
    assert (rows["absence"], rows["trip"]) == (False, True)
    said = workbench("print", "letter", "trip", UPN)
    assert (said.code, said.out) == (1, "")
    assert "letters/trip.txt, line 3: {nobody} is no placeholder" in said.err


def test_refusals(workbench: Workbench) -> None:
    for words in (("daily",), ("letter", "absence", UPN), ("certificate", UPN), ("letters",)):
        said = workbench("print", *words, user="staff")
        assert (said.code, said.out) == (1, "")
    assert workbench("print").code == 2
    assert workbench("print", "daily", "--format", "pdf").code == 2
    assert workbench("print", "daily", "--copy", "--out", "x").code == 2


# the clipboard ------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def test_the_setting(workbench: Workbench) -> None:
    assert workbench("clipboard", "show", "--json").json == {"allowed": False, "at": "", "by": ""}
    assert workbench("clipboard", "allow", user="attendance").code == 1
    said = workbench("clipboard", "allow", user="leader")
    assert said.out == "The clipboard is allowed, since 2026-11-23 09:12 by leader.\n"
    assert workbench("clipboard", "allow").code == 1
    assert workbench("clipboard", "refuse", "--json").json["allowed"] is False
    assert entries(workbench)[-2:] == ["clipboard.allowed", "clipboard.refused"]


def test_copying(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no terminal" in workbench("print", "letter", "absence", UPN, "--copy").err
    terminal = Terminal()
    monkeypatch.setattr("screens.commands.printing._terminal", lambda session: terminal)
    said = workbench("print", "letter", "absence", UPN, "--copy")
    assert said.code == 1
    assert "does not allow" in said.err
    assert terminal.getvalue() == ""
    workbench("clipboard", "allow")
    before = entries(workbench)
    said = workbench("print", "letter", "absence", UPN, "--copy")
    assert said.code == 0
    assert said.out.startswith("Sent to the clipboard: ")
    sent = terminal.getvalue()
    assert sent.startswith("\x1b]52;c;")
    assert b"Yours sincerely" in b64decode(sent[7:-1])
    assert entries(workbench)[len(before) :] == ["print.copied"]


def test_nothing_of_a_text_is_in_the_code_raw() -> None:
    sent = to_clipboard(f"a{CODES}\x07b")
    assert sent.count("\x1b") == sent.count("\x07") == 1
    assert sent[7:-1].isascii()
    assert b64decode(sent[7:-1]).decode() == f"a{CODES}\x07b"
    json.dumps(sent)
