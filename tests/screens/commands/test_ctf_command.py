"""`workbench ctf`: the file and what is said of it, as lines and as JSON; refusals by their exit codes."""

from pathlib import Path

from tests.screens.commands.conftest import Workbench
from tests.workbench.story import UPN
from workbench.domain import ctf

NAME = "8806001_CTF_8801234_001.xml"


def test_the_file_is_written_and_everything_about_it_said(workbench: Workbench, tmp_path: Path) -> None:
    said = workbench("ctf", UPN, "--out", str(tmp_path), "--to", "8801234", "--ahead", user="attendance")
    assert said.code == 0, said.err
    assert said.out.startswith(f"Written, read back and compared: {tmp_path / NAME}\n")
    assert "takes nobody off roll" in said.out
    assert "Not in the file" in said.out
    read = ctf.read((tmp_path / NAME).read_bytes())
    assert (read.pupil.upn, read.destination.number) == (UPN, "8801234")


def test_json_has_every_key(workbench: Workbench, tmp_path: Path) -> None:
    found = workbench("ctf", UPN, "--out", str(tmp_path), "--to", "8801234", "--ahead", "--json").json
    assert set(found) == {
        "id", "pupil", "path", "destination", "version", "ahead", "duty", "remarks", "next",
    }  # fmt: skip
    assert (found["id"], found["ahead"], found["duty"]) == (NAME, True, None)


def test_refusals(workbench: Workbench, tmp_path: Path) -> None:
    said = workbench("ctf", UPN, "--out", str(tmp_path))
    assert (said.code, said.out) == (1, "")
    assert "still stands on the register" in said.err
    assert workbench("ctf", UPN, "--out", str(tmp_path), "--ahead", user="staff").code == 1
    assert workbench("ctf", UPN).code == 2
    assert not list(tmp_path.glob("*.xml"))


def test_one_command_is_one_entry(workbench: Workbench, tmp_path: Path) -> None:
    before = workbench("log", "show", "--json").json
    workbench("ctf", UPN, "--out", str(tmp_path), "--ahead")
    after = workbench("log", "show", "--json").json
    known = {entry["seq"] for entry in before}
    new = [entry["act"] for entry in after if entry["seq"] not in known]
    signed = {"person.signed-in", "checkpoint.made"}  # of the first `log show` itself
    assert [act for act in new if act not in signed] == ["transfer-file.written"]
