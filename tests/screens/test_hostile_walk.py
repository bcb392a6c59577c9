"""A hostile school walked through, screen by screen and key by key, on a real pseudo-terminal."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.conftest import NOW, PASSPHRASE, long_form, signer
from tests.hostile import ALL, build
from workbench.desk import folders
from workbench.desk.clock import FixedClock

LIMIT = 300.0
"""Seconds that a walk may take at most."""


def walk(
    folder: Path, ids: dict[str, str], told: Path, size: tuple[int, int], user: str
) -> tuple[bytes, int]:
    """What the walk wrote to its terminal, and its exit code."""
    fd, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    root = Path(__file__).parents[2]
    env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(root)}
    command = [
        sys.executable,
        "-m",
        "tests.screens.walker",
        str(folder),
        PASSPHRASE,
        json.dumps(ids),
        str(told),
        user,
    ]
    process = subprocess.Popen(
        command, stdin=inside, stdout=inside, stderr=inside, cwd=root, env=env, start_new_session=True
    )
    os.close(inside)
    seen, end = b"", time.monotonic() + LIMIT
    try:
        while time.monotonic() < end:
            if select.select([fd], [], [], 0.2)[0]:
                try:
                    seen += os.read(fd, 65_536)
                except OSError:
                    break
            elif process.poll() is not None:
                break
        return seen, process.wait(5)
    finally:
        process.kill()
        process.wait()
        os.close(fd)


@pytest.mark.parametrize(
    "size", [(80, 24), pytest.param((60, 20), marks=long_form("the walk on a small screen"))]
)
@pytest.mark.parametrize("user", ["dsl"])
def test_a_hostile_school_on_every_screen(
    filled_folder: Path, tmp_path: Path, size: tuple[int, int], user: str
) -> None:
    folder = Path(shutil.copytree(filled_folder, tmp_path / "data"))
    desk = folders.open_folder(folder, FixedClock(NOW))
    ids = build(signer(desk))
    desk.close(snapshot=True)
    told = tmp_path / "walked.json"
    seen, code = walk(folder, ids, told, size, user)
    text = seen.decode("utf-8", "replace")
    assert told.is_file(), f"the walk ended early, code {code}: {text[-1500:]}"
    walked = json.loads(told.read_text())
    assert code == 0
    assert len(walked) > 100
    harmless(text)


POINTER = re.compile("\x1b\\]22;[a-z-]*\x07")
"""The one OSC that Textual writes itself: the shape of the mouse pointer, a word of its own."""
FORBIDDEN = re.compile("[\x00\x07\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def harmless(text: str) -> None:
    """Nothing of the content reached the terminal as anything but text."""
    text = POINTER.sub("", text)
    assert "PWNED" in text, "the hostile texts were shown at all"
    assert "@click=app.quit" in text, "so was the markup"
    for start in ("\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1b[2JPWNED"):
        assert start not in text
    assert FORBIDDEN.findall(text) == []


def test_what_is_forbidden_would_be_found() -> None:
    for bad in (ALL, "PWNED @click=app.quit \x9b31m", "PWNED @click=app.quit \u202e"):
        with pytest.raises(AssertionError):
            harmless(bad)
    harmless("PWNED [@click=app.quit]x[/] \x1b[1m \x1b]22;default\x07")
