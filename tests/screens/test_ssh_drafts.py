"""Half a case note is being typed over a real SSH server when the line is cut, stalls or is killed: it is not lost.

It takes some seconds: `pytest -m "not slow"` leaves it out. Without an SSH server it is skipped, and says so.
"""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import NOW, signer
from tests.draftkit import CANARY, drafts_in, found_in
from tests.screens.sshkit import Session, missing
from tests.screens.test_ssh import sign_in
from tests.screens.test_ssh_line import PROGRAM, ROOT, WITHIN, Alive, Notes
from tests.workbench.story import opened
from workbench.desk import drafts, folders, unfinished
from workbench.desk.clock import FixedClock

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=f"no SSH server: {missing()}")]


class Line:
    """A server, a session at it, and what is known of the program."""

    def __init__(self, server: Alive, notes: Notes, session: Session) -> None:
        self.server, self.notes, self.session = server, notes, session


@pytest.fixture
def line(folder: Path, tmp_path: Path) -> Iterator[Line]:
    """A folder with a case, and a session at it; nobody has signed in."""
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    opened(desk)
    desk.close(snapshot=True)
    notes, program = Notes(tmp_path / "notes"), tmp_path / "program.sh"
    words = [sys.executable, "-c", PROGRAM, str(folder), NOW, str(notes.path)]
    program.write_text(f"exec env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.join(words)}\n")
    with Alive(tmp_path / "ssh", f"/bin/sh {program}") as server:
        yield Line(server, notes, server.session())
        with suppress(ProcessLookupError):
            os.kill(notes.pids[0], signal.SIGKILL)


def to_the_note(session: Session) -> None:
    """Sign in as a DSL and open the form of a note in the first case."""
    sign_in(session, "dsl")
    session.until("? help")
    session.keys("4")
    session.until("new case")
    session.keys("\r")
    session.until("n note")
    session.keys("n")
    session.until("Ctrl+S save")


def a_client_is_killed(line: Line) -> None:
    line.session.process.kill()


def a_window_is_closed(line: Line) -> None:
    os.kill(line.session.process.pid, signal.SIGHUP)


def a_client_stalls(line: Line) -> None:
    os.kill(line.session.process.pid, signal.SIGSTOP)


def the_servers_process_is_killed(line: Line) -> None:
    os.kill(line.notes.pids[1], signal.SIGKILL)


@pytest.mark.parametrize(
    ("cut", "patience"),
    [
        (a_client_is_killed, 0),
        (a_window_is_closed, 0),
        (a_client_stalls, 3),
        (the_servers_process_is_killed, 0),
    ],
)  # after three seconds of silence the server knows
def test_half_a_note(folder: Path, line: Line, cut: Callable[[Line], None], patience: float) -> None:
    to_the_note(line.session)
    line.session.keys(CANARY)
    line.session.until(CANARY)
    began = time.monotonic()
    cut(line)
    code, ended, _ = line.notes.end
    assert code == 129
    assert ended - began < patience + WITHIN
    assert len(drafts_in(folder)) == 1
    assert found_in(folder, CANARY) == []
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    (draft,) = drafts.offered(desk)
    assert CANARY in draft.values.values()
    desk.note("person.signed-in")  # nobody holds the folder
    assert [finding for finding in desk.store.check() if finding.level == "fault"] == []
    desk.close(snapshot=True)
    if cut is a_client_is_killed:
        line.notes.path.unlink()
        again = line.server.session()
        to_the_note(again)
        again.until(CANARY)
        again.keys("\x13")
        again.until("The note is written.")
        assert drafts_in(folder) == []
        again.keys("\x11")


def test_half_a_concern_of_somebody_without_keys(folder: Path, line: Line) -> None:
    sign_in(line.session, "staff")
    line.session.until("? help")
    line.session.keys("\x12")
    line.session.until("About which child?")
    line.session.keys("\r")
    line.session.until("What worries you")
    line.session.keys(CANARY)
    line.session.until(CANARY)
    a_client_is_killed(line)
    assert line.notes.end[0] == 129
    assert found_in(folder, CANARY) == []
    signed = signer(folders.open_folder(folder, FixedClock(NOW)))
    (found,) = unfinished.unfinished(signed("dsl"))
    assert (found.user, unfinished.look(signed("dsl"), found.id).text) == ("staff", CANARY)
    assert len(drafts.with_the_dsl(signed("staff"))) == 1
