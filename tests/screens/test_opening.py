"""Opening the app on a real terminal: the prompt first, three tries, a clean end whatever is typed."""

import fcntl
import json
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE

ROOT = Path(__file__).parents[2]
LIMIT = 20.0
"""Seconds after which a program that does not answer has failed."""

Step = tuple[bytes, bytes]


def drive(folder: Path, words: Sequence[str], steps: Sequence[Step]) -> tuple[int, bytes]:
    """Run `workbench` on a terminal; each step waits for words on it and then types. Exit code and all output."""
    env = {**os.environ, "WORKBENCH_DATA": str(folder), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    env.pop("WORKBENCH_PASSPHRASE", None)
    terminal, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "screens.cli", *words],
        env=env,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(inner)
    waiting, seen, read, end = list(steps), b"", 0, time.monotonic() + LIMIT
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:  # the other side is gone
                break
        if waiting and waiting[0][0] in seen[read:]:
            read = len(seen)
            os.write(terminal, waiting.pop(0)[1])
    os.close(terminal)
    try:
        return process.wait(LIMIT), seen
    finally:
        process.kill()


def secret(text: str) -> Step:
    return b"Passphrase: ", f"{text}\n".encode()


NAME: Step = (b"User: ", b"dsl\n")


def test_three_wrong_passphrases_end_it_and_none_is_shown(folder: Path) -> None:
    """Typed at once, the second and third are not looked at: their wait is not over."""
    code, seen = drive(
        folder, [], [NAME, secret("wrong-1"), NAME, secret("wrong-2"), NAME, secret("wrong-3")]
    )
    assert code == 1
    wrong, waits = (
        seen.count(b"The user name or the passphrase is wrong"),
        seen.count(b"Too many tries failed"),
    )
    assert (wrong >= 1, wrong + waits) == (True, 3)
    assert b"Wait 1 s, then type both again" in seen
    assert b"wrong-" not in seen


@pytest.mark.parametrize("steps", [[(b"User: ", b"\x12")], [NAME, (b"Passphrase: ", b"half\x12")]])
def test_ctrl_r_at_the_prompt_takes_a_concern_without_signing_in(folder: Path, steps: list[Step]) -> None:
    """The app opens at its lock and asks who it is; nothing of a record is on it."""
    code, seen = drive(folder, [], [*steps, (b"who are you", b"\x11")])
    assert code == 0
    assert b"T. Ellis" in seen
    assert b"half" not in seen
    assert b"Today" not in seen


@pytest.mark.parametrize("steps", [[(b"User: ", b"\x04")], [NAME, (b"Passphrase: ", b"\x04")]])
def test_the_end_of_input_is_not_a_crash(folder: Path, steps: list[Step]) -> None:
    code, seen = drive(folder, [], steps)
    assert (code, b"Nobody signed in." in seen, b"went wrong" in seen) == (1, True, False)


def test_an_interrupt_at_the_prompt_leaves_quietly_and_the_terminal_shows_again(folder: Path) -> None:
    code, seen = drive(folder, ["--user", "dsl"], [(b"Passphrase: ", b"\x03")])
    assert (code, b"Traceback" in seen) == (130, False)


def test_a_name_typed_wrong_is_asked_again_and_the_app_opens_and_closes(folder: Path) -> None:
    steps = [(b"User: ", b"dls\n"), secret(PASSPHRASE), NAME, secret(PASSPHRASE), (b"Today", b"\x11")]
    code, seen = drive(folder, [], steps)
    assert code == 0
    assert b"\x1b[?1049l" in seen, "the screen of before is back"


def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    code, seen = drive(tmp_path / "nowhere", [], [])
    assert code == 1
    assert b"workbench init" in seen
    assert b"User" not in seen


def test_a_command_asks_on_the_terminal_too(folder: Path) -> None:
    code, seen = drive(folder, ["people", "list"], [NAME, secret(PASSPHRASE)])
    assert (code, b"J. Okafor" in seen, PASSPHRASE.encode() in seen) == (0, True, False)


def test_init_asks_for_each_passphrase_twice(tmp_path: Path) -> None:
    asked = [
        step
        for user in ("dsl", "deputy", "leader", "attendance", "staff", "auditor")
        for step in (
            (f"Passphrase of {user}: ".encode(), b"kettle bramble orchid\n"),
            (b"Repeat for confirmation: ", b"kettle bramble orchid\n"),
        )
    ]
    school = str(ROOT / "tests" / "data" / "school.toml")
    code, seen = drive(tmp_path / "new", ["init", "--school", school], asked)
    assert (code, b"Recovery key: " in seen) == (0, True)
    assert (tmp_path / "new" / "people.json").exists()


def test_init_asks_again_for_one_that_is_guessed_early(tmp_path: Path) -> None:
    twice = (b"Passphrase of dsl: ", b"Repeat for confirmation: ")
    bad, good = [(words, b"password2026\n") for words in twice], [(twice[0], b"\x04")]
    code, seen = drive(
        tmp_path / "new", ["init", "--school", str(ROOT / "tests/data/school.toml")], [*bad, *good]
    )
    assert (code, b"dsl: That passphrase is guessed early" in seen, b"password2026" in seen) == (
        1,
        True,
        False,
    )
    assert not (tmp_path / "new").exists()


def test_nothing_that_the_prompt_waits_for_is_slow_to_import() -> None:
    code = "import sys, json, screens.opening; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    slow = {"textual", "click", "msgspec", "tinydb", "pendulum", "cryptography", "workbench.domain"}
    assert set(json.loads(out.stdout)) & slow == set()
