"""What a person waits for, as ratios against peers taken in turn: prompt, help, `due`, first paint, and the rules.

    python benchmarks/bench_start.py [--rounds 7] [--pupils 2000]

A demo school is made; then, in turn: `python -c pass` against the prompt, `--help` and `due`; an empty Textual
app against Today after the last key of the passphrase (so Argon2id is in it).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.terminal import Terminal

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("EMPTYAPP")
Empty().run()
"""
PASSPHRASE = "workbench-demo"


def environment(data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "WORKBENCH_DATA": str(data),
        "WORKBENCH_PASSPHRASE": PASSPHRASE,
        "PYTHONPATH": str(ROOT),
    }


def whole(command: list[str], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def empty_app() -> float:
    terminal = Terminal([sys.executable, "-c", EMPTY])
    try:
        return terminal.until(b"EMPTYAPP")
    finally:
        terminal.close()


def prompt(data: Path) -> float:
    terminal = Terminal(app(data), env=quiet())
    try:
        return terminal.until(b"Passphrase")
    finally:
        terminal.close()


def app(data: Path) -> list[str]:
    return [sys.executable, "-m", "screens.cli", "--data", str(data), "--user", "dsl"]


def quiet() -> dict[str, str | None]:
    return {"PYTHONPATH": str(ROOT), "WORKBENCH_PASSPHRASE": None, "WORKBENCH_DATA": None}


def unlocked(data: Path) -> float:
    """Seconds from the last key of the passphrase, typed at a person's pace, to the first paint of Today."""
    terminal = Terminal(app(data), env=quiet())
    try:
        terminal.until(b"Passphrase")
        for letter in PASSPHRASE:
            terminal.pump(0.12)
            os.write(terminal.fd, letter.encode())
        began = time.perf_counter()
        os.write(terminal.fd, b"\r")
        terminal.until(b"What must happen")
        return time.perf_counter() - began
    finally:
        terminal.close()


def in_turn(rounds: int, ours: Callable[[], float], peer: Callable[[], float]) -> tuple[float, float, float]:
    """Medians of both and of the ratio, round by round."""
    pairs = [(ours(), peer()) for _ in range(rounds + 1)][1:]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def show(name: str, found: tuple[float, float, float], goal: float) -> None:
    ours, peer, ratio = found
    mark = "ok  " if ratio <= goal else "miss"
    print(
        f"{mark} {name:<44} {ours * 1000:7.1f} ms   peer {peer * 1000:7.1f} ms   ratio {ratio:5.2f}  <= {goal}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pupils", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        env = environment(data)
        make = [
            sys.executable,
            "-m",
            "screens.cli",
            "demo",
            "--no-open",
            "--pupils",
            str(given.pupils),
            "--data",
            str(data),
        ]
        subprocess.run(make, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        bare = [sys.executable, "-c", "pass"]
        cli = [sys.executable, "-m", "screens.cli"]
        print(f"{given.pupils} pupils, {given.rounds} rounds in turn")
        show(
            "prompt : python -c pass",
            in_turn(given.rounds, lambda: prompt(data), lambda: whole(bare, env)),
            2.5,
        )
        show(
            "--help : python -c pass",
            in_turn(given.rounds, lambda: whole([*cli, "--help"], env), lambda: whole(bare, env)),
            12,
        )
        due = [*cli, "--user", "auditor", "due", "--json"]
        show(
            "due : python -c pass",
            in_turn(given.rounds, lambda: whole(due, env), lambda: whole(bare, env)),
            40,
        )
        show(
            "Today after unlocking : empty Textual app",
            in_turn(given.rounds, lambda: unlocked(data), empty_app),
            1.5,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
