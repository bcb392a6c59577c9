"""Half a note is in a form when the line is cut, stalls, or the process is ended: it is sealed on the disk."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOW, signer
from tests.draftkit import CANARY, drafts_in, found_in
from tests.screens.test_line_cut import LIMIT, QUICK, Session
from tests.workbench.story import opened as a_case
from workbench.desk import drafts, folders
from workbench.desk.clock import FixedClock

NEVER = "\nfrom screens import drafting\ndrafting.PAUSE = 1_000\n"
"""No pause in typing is long enough: what is on the disk was written because of the end."""
STUCK_AT_F9 = """
def stuck(self):
    while True:
        time.sleep(0.05)
WorkbenchApp.lock = stuck
"""
FLOOD_AT_F9 = """
def flood(self):
    for _ in range(1000):
        self._driver.write("x" * 10_000)
WorkbenchApp.lock = flood
"""


def half_a_note(folder: Path, changes: str = NEVER) -> Session:
    """A session in which a note was begun."""
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    a_case(desk)
    desk.close(snapshot=True)
    session = Session(folder, changes)
    for keys, shown in ((b"", b"? help"), (b"4", b"new case"), (b"\r", b"n note"), (b"n", b"Ctrl+S save")):
        if keys:
            os.write(session.fd, keys)
        assert shown in session.until(lambda seen, shown=shown: shown in seen), shown
    os.write(session.fd, f"{CANARY}!".encode())
    session.until(lambda seen: b"!" in seen[-400:])
    session.quiet(0.05)
    return session


def text_is_there(folder: Path) -> None:
    """One draft, nowhere in clear, back with its writer at the next sign-in; nobody holds the folder."""
    assert len(drafts_in(folder)) == 1
    assert found_in(folder, CANARY) == []
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("dsl")
    (draft,) = drafts.offered(desk)
    assert f"{CANARY}!" in draft.values.values()
    desk.note("person.signed-in")
    assert [finding for finding in desk.store.check() if finding.level == "fault"] == []
    desk.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_signal(folder: Path, number: int, code: int) -> None:
    session = half_a_note(folder)
    assert drafts_in(folder) == []
    session.process.send_signal(number)
    assert session.code() == code
    text_is_there(folder)


def test_a_terminal_that_is_gone_without_a_word(folder: Path) -> None:
    session = half_a_note(folder)
    began = time.monotonic()
    session.hang_up()
    assert session.code() == 129
    assert time.monotonic() - began < 5
    text_is_there(folder)


def test_a_terminal_that_is_gone_while_the_loop_stands_still(folder: Path) -> None:
    session = half_a_note(folder, NEVER + STUCK_AT_F9)
    os.write(session.fd, b"\x1b[20~")
    session.quiet(0.1)
    session.hang_up()
    assert session.code() == 129
    text_is_there(folder)


def test_a_signal_while_the_loop_stands_still(folder: Path) -> None:
    session = half_a_note(folder, QUICK + NEVER + STUCK_AT_F9)
    os.write(session.fd, b"\x1b[20~")
    session.quiet(0.1)
    session.process.send_signal(signal.SIGTERM)
    assert session.code() == 143
    text_is_there(folder)


def test_a_terminal_that_takes_nothing_more(folder: Path) -> None:
    session = half_a_note(folder, QUICK + NEVER + FLOOD_AT_F9)
    os.write(session.fd, b"\x1b[20~")
    assert session.code(reads=False) == 75
    text_is_there(folder)


def test_ctrl_q(folder: Path) -> None:
    session = half_a_note(folder)
    os.write(session.fd, b"\x11")
    assert session.code() == 0
    text_is_there(folder)


def waited_for(done: Callable[[], bool]) -> bool:
    end = time.monotonic() + LIMIT
    while not done() and time.monotonic() < end:
        os.sched_yield()
    return done()


def test_a_kill_that_nobody_hears_of_a_second_after_the_last_key(folder: Path) -> None:
    session = half_a_note(folder, "")
    assert waited_for(lambda: len(drafts_in(folder)) == 1 and drafts_in(folder)[0].endswith(".draft"))
    session.quiet(0.05)
    session.process.kill()
    assert session.code() == -signal.SIGKILL
    text_is_there(folder)


def test_nothing_is_written_nor_burnt_while_a_form_stands_open(folder: Path) -> None:
    session = half_a_note(folder, "")
    assert waited_for(lambda: len(drafts_in(folder)) == 1)
    session.quiet(0.1)
    before, one = session.ticks(), next((folder / "drafts").iterdir())
    stood = one.stat().st_mtime_ns
    assert session.quiet(3) == 0
    assert session.ticks() - before <= 4
    assert one.stat().st_mtime_ns == stood
    os.write(session.fd, b"\x11")
    assert session.code() == 0
