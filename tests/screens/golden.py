"""Golden screens: what a reader sees, as plain text files that read well in a difference.

`same("today", pilot)` compares the window with `tests/screens/golden/today-80x24.txt`. With `GOLDEN=write`
in the
environment the files are written instead; look at each before it is committed. Ids and hashes are different
in every
run and are masked by signs of the same width.
"""

import os
import re
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.screens.places import drawn

FOLDER = Path(__file__).parent / "golden"
SIZES = ((80, 24), (120, 40))
_ID = re.compile(r"\b([A-Z]{1,2})-([0-9A-Z]{6})\b")
_HEX = re.compile(r"\b(?:(?:[0-9a-f]{4} ){2,15}[0-9a-f]{1,4}|[0-9a-f]{4} [0-9a-f]{4})\b")


def masked(text: str) -> str:
    """The text with ids and hashes masked, and nothing at line ends."""
    text = _ID.sub(r"\1-######", text)
    text = _HEX.sub(lambda found: re.sub("[0-9a-f]", "x", found[0]), text)
    return "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


def same(name: str, pilot: Pilot[Any]) -> None:
    """The window looks as it did when somebody last looked at it and found it good."""
    size = pilot.app.size
    path = FOLDER / f"{name}-{size.width}x{size.height}.txt"
    now = masked(drawn(pilot))
    if os.environ.get("GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(now, "utf-8")
    assert path.exists(), f"no golden screen {path.name}: run with GOLDEN=write and look at it"
    assert now == path.read_text("utf-8")
    assert all(len(line) <= size.width for line in now.split("\n"))
