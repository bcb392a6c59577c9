"""Two people at one case, each in an SSH session of their own on this machine: a real server, client and terminal.

It takes some seconds: `pytest -m "not slow"` leaves it out. Without an SSH server it is skipped, and says so.
"""

import shlex
import sys
from pathlib import Path

import pytest

from tests.conftest import NOW, PASSPHRASE, signer
from tests.screens.sshkit import Server, Session, missing
from tests.workbench.story import opened
from workbench.desk import cases, folders
from workbench.desk.clock import FixedClock

ROOT = Path(__file__).parents[2]
DANGER = "danger.level"
PROGRAM = """
import sys
from screens.cli import run
from screens.commands.session import World
from workbench.desk.clock import FixedClock
sys.exit(run(["--data", sys.argv[1]], World(FixedClock(sys.argv[2]))))
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=f"no SSH server: {missing()}")]


def sign_in(session: Session, user: str) -> None:
    """Type who it is, and wait for Today."""
    session.until("User:")
    session.keys(f"{user}\r")
    session.until("Passphrase:")
    session.keys(f"{PASSPHRASE}\r")


def to_case(session: Session) -> None:
    """From Today to the one case."""
    session.until("? help")
    session.keys("4")
    session.until("Stokes, Gurpreet")
    session.keys("\r")
    session.until("chronology")


def test_two_people_at_one_case_lose_nothing(folder: Path, tmp_path: Path) -> None:
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    case = opened(desk).id
    cases.answer(desk, case, DANGER, "unknown", note="nobody at home")
    desk.close()
    program = tmp_path / "program.sh"
    program.write_text(
        f"exec env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -c {shlex.quote(PROGRAM)}"
        f" {shlex.quote(str(folder))} {NOW}\n"
    )
    with Server(tmp_path / "ssh", f"/bin/sh {program}") as server:
        first, second = server.session(), server.session()
        for session, user in ((first, "dsl"), (second, "deputy")):
            sign_in(session, user)
        for session in (first, second):
            to_case(session)
        for session, words in ((first, "the uncle called"), (second, "the school nurse called")):
            session.keys("n")
            session.until("When it happened")
            session.keys(words + "\x13")
            session.until("The note is written")
        for session in (first, second):
            session.keys("\r")  # the cursor stands on the step that is not done
            session.until("step 2 of 9", "nobody at home")
            session.keys("e")
            session.until("Why", "Ctrl+S save")
        first.keys("seen at the window; \x13")
        first.until("Why  seen at the window")
        second.keys("a neighbour saw her; \x13")
        told = second.until("keep theirs", "keep mine", "edit again")
        assert "Stands now: J. Okafor, today 09:12" in told
        assert "seen at the window" in told
        assert "a neighbour saw her" in told
        second.keys("e")
        both = second.until("Ctrl+S save", "now stands")
        assert "seen at the window" in both
        assert "a neighbour saw her" in both
        second.keys("\x13")
        second.until("written over revision 2")
        first.keys("\x1b[B")
        first.until("a neighbour saw her")
        for session in (first, second):
            session.keys("\x11")
            assert session.code() == 0
    _all_is_there(folder, case)


def _all_is_there(folder: Path, case: str) -> None:
    """Both appends, both answers, the entry that says which revision was replaced, and a folder that is whole."""
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    view = cases.show(desk, case)
    texts = " ".join(line.text for line in view.chronology)
    assert "the uncle called" in texts
    assert "the school nurse called" in texts
    answer = view.answers[DANGER]
    assert (answer.by, answer.note) == ("deputy", "a neighbour saw her; nobody at home")
    assert [old["by"] for old in answer.earlier] == ["dsl", "dsl"]
    assert answer.earlier[-1]["note"] == "seen at the window; nobody at home"
    assert f"{DANGER}:over:2" in [entry["why"] for entry in desk.store.entries()]
    assert [finding for finding in desk.store.check() if finding.level == "fault"] == []
    desk.close()
