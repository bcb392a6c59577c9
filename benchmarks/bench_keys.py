"""Bytes on the terminal and milliseconds to the last of them, for each kind of key press, in the real app.

    python benchmarks/bench_keys.py [--sizes 80x24,120x40] [--presses 15] [--json]

A folder with a class of thirty is made, the app is opened on a pseudo-terminal at the register, and keys are
pressed: marks and cursor moves in the first and the last column, a dialog, a screen change. Goals (design 10):
a mark or a move at any column at most 250 bytes and 5 ms, a dialog 4 KB, a screen change 12 KB at 80x24.
Exit 1 if a goal in bytes is missed; times are printed, since they depend on the machine.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.terminal import Burst, Terminal, middle

UP, DOWN, RIGHT, LEFT, ESC = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b"
CTRL_F = b"\x06"
MONDAY = date(2026, 11, 23)
NOW = "2026-11-23T09:12:33"
SCHOOL = ROOT / "tests" / "data" / "school.toml"
USERS = ("staff", "attendance", "dsl", "deputy", "leader", "auditor")
PASSPHRASE = "a bench knows no secrets"


@dataclass(frozen=True)
class Goal:
    """What an operation may cost: bytes, and milliseconds in the median; 0 where design 10 names none."""

    size: int
    ms: float


SMALL, DIALOG, SCREEN = Goal(250, 5.0), Goal(4096, 0.0), Goal(12_288, 0.0)


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    window: str
    operation: str
    bytes_median: float
    bytes_most: int
    ms_median: float
    goal_bytes: int
    goal_ms: float

    @property
    def kept(self) -> bool:
        """Whether the goal in bytes is kept by every press."""
        return self.bytes_most <= self.goal_bytes


def make_folder(path: Path) -> None:
    """A folder with a class of thirty, at cheap passphrases."""
    from workbench.desk import folders, roll, signin
    from workbench.desk.clock import FixedClock
    from workbench.desk.kdf import Costs

    cheap = Costs(memory_kib=8, passes=1, lanes=1)
    clock = FixedClock("2026-11-21T10:00:00")
    desk = folders.init(path, SCHOOL.read_text("utf-8"), dict.fromkeys(USERS, PASSPHRASE), clock, kdf=cheap)
    dsl = signin.sign_in(desk, "dsl", PASSPHRASE, fold=True)
    for number in range(1, 31):
        fields = {
            "surname": f"Pupil{number:02}",
            "forename": "Sam",
            "born": f"2013-01-{number:02}",
            "year": "9",
        }
        roll.add(dsl, {**fields, "class": "9B", "starts": "2026-09-03"})
    desk.close(snapshot=True)


def open_app(path: str) -> None:
    """Run the app at the register of 9B: this file calls itself with `--app`."""
    from screens.app import WorkbenchApp
    from workbench.desk import folders, signin
    from workbench.desk.clock import FixedClock

    desk = folders.open_folder(Path(path), FixedClock(NOW))
    app = WorkbenchApp(signin.sign_in(desk, "dsl", PASSPHRASE, fold=True))
    app.call_later(app.go, "grid", class_="9B", on=MONDAY)
    app.run()


def measure(window: str, presses: int) -> list[Result]:
    """All operations in one window size, `120x40`."""
    cols, rows = (int(part) for part in window.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        make_folder(data)
        env = {"PYTHONPATH": str(ROOT), "HOME": folder}
        terminal = Terminal([sys.executable, __file__, "--app", str(data)], cols, rows, env)
        try:
            terminal.until(b"6 weeks")
            terminal.settle(0.5)
            return list(_operations(terminal, window, presses))
        finally:
            terminal.close()


def _operations(terminal: Terminal, window: str, presses: int) -> list[Result]:
    found = []
    for column, steps in (("first", 0), ("last", 9)):
        for _ in range(steps):
            terminal.key(RIGHT)
        code = b"n" if column == "first" else b"v"  # Friday lies ahead: planned codes only
        found.append(_pressed(terminal, window, f"mark, {column} column", [code], SMALL, presses))
        found.append(_pressed(terminal, window, f"cursor up, {column} column", [UP], SMALL, presses))
        found.append(_pressed(terminal, window, f"cursor down, {column} column", [DOWN], SMALL, presses))
        for _ in range(presses):
            terminal.key(UP)
    found.append(_pressed(terminal, window, "cursor left and right", [LEFT, RIGHT], SMALL, presses))
    found.append(_pressed(terminal, window, "a refused letter", [b"h"], SMALL, presses))
    for _ in range(9):
        terminal.key(LEFT)
    terminal.key(UP)
    found.append(_pressed(terminal, window, "find a letter, and stay", [CTRL_F, b"2", b"\r"], SMALL, 5))
    found.append(_pressed(terminal, window, "dialog, open and leave", [b"\r", ESC], DIALOG, 5))
    found.append(_pressed(terminal, window, "screen, to and back", [ESC, b"\r"], SCREEN, 5))
    return found


def _pressed(
    terminal: Terminal, window: str, operation: str, keys: Sequence[bytes], goal: Goal, presses: int
) -> Result:
    bursts: list[Burst] = [terminal.key(key) for _ in range(presses) for key in keys]
    if "left" in operation or "mark" in operation or "cursor" in operation:
        bursts = bursts[1:]
    ms, size, most = middle(bursts)
    return Result(window, operation, size, most, ms, _scaled(goal, window), goal.ms)


def _scaled(goal: Goal, window: str) -> int:
    """A screen change repaints every cell: its goal grows with the window; the others do not."""
    cols, rows = (int(part) for part in window.split("x"))
    return goal.size * cols * rows // (80 * 24) if goal is SCREEN else goal.size


def main() -> int:
    """Print the report; 1 if a goal in bytes was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="80x24,120x40")
    parser.add_argument("--presses", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--app", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.app:
        open_app(asked.app)
        return 0
    results = [result for window in asked.sizes.split(",") for result in measure(window, asked.presses)]
    if asked.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        for r in results:
            sign = "ok  " if r.kept else "MISS"
            print(
                f"{sign} {r.window:>7}  {r.operation:<26} {r.bytes_median:>6.0f} B (most {r.bytes_most:>6}, goal"
                f" {r.goal_bytes:>6})  {r.ms_median:>5.1f} ms"
                f"{f' (goal {r.goal_ms:g})' if r.goal_ms else ''}"
            )
    return 0 if all(result.kept for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
