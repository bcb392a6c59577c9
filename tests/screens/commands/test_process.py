"""Real processes: exit codes, streams, file descriptors, a pipe that closes, and what is never imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE

ROOT = Path(__file__).parents[3]


def workbench(folder: Path, *words: str, **more: object) -> "subprocess.CompletedProcess[str]":
    env = {
        "PATH": os.environ["PATH"],
        "WORKBENCH_DATA": str(folder),
        "HOME": str(folder.parent),
        "PYTHONPATH": str(ROOT),
    }
    env |= {"WORKBENCH_PASSPHRASE": PASSPHRASE} if more.pop("secret", True) else {}
    command = [sys.executable, "-m", "screens.cli", *words]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **more
    )  # type: ignore[call-overload,no-any-return]


def test_results_and_talk_are_apart(folder: Path) -> None:
    said = workbench(folder, "--user", "auditor", "due", "--on", "2026-11-20", "--json")
    assert said.returncode == 1
    assert said.stdout.startswith("[{")
    assert said.stderr == ""
    refused = workbench(folder, "--user", "auditor", "case", "list", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "case.list is for dsl or leader" in refused.stderr


def test_the_passphrase_comes_from_a_file_descriptor(folder: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, f"{PASSPHRASE}\n".encode())
    os.close(writer)
    said = workbench(
        folder,
        "people",
        "list",
        "--user",
        "dsl",
        "--passphrase-fd",
        str(reader),
        secret=False,
        pass_fds=(reader,),
    )
    os.close(reader)
    assert (said.returncode, "J. Okafor" in said.stdout) == (0, True)


def test_without_terminal_and_passphrase_it_says_how(folder: Path) -> None:
    said = workbench(folder, "people", "list", "--user", "dsl", secret=False)
    assert (said.returncode, said.stdout) == (1, "")
    assert "--passphrase-fd" in said.stderr


def test_a_closed_pipe_is_quiet(folder: Path) -> None:
    line = f"{sys.executable} -m screens.cli --user dsl log show --json | head -c 10"
    env = {
        **os.environ,
        "WORKBENCH_DATA": str(folder),
        "WORKBENCH_PASSPHRASE": PASSPHRASE,
        "PYTHONPATH": str(ROOT),
    }
    said = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in said.stderr
    assert "BrokenPipe" not in said.stderr


def shell(folder: Path, line: str) -> "subprocess.CompletedProcess[str]":
    env = {
        **os.environ,
        "WORKBENCH_DATA": str(folder),
        "WORKBENCH_PASSPHRASE": PASSPHRASE,
        "PYTHONPATH": str(ROOT),
    }
    line = line.replace("workbench", f"{sys.executable} -m screens.cli", 1)
    return subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, check=False)


def test_closed_streams_are_no_crash_and_reach_no_file(folder: Path) -> None:
    unread = shell(folder, "workbench <&-")
    assert (unread.returncode, "not a terminal" in unread.stderr) == (1, True)
    before = sorted((path.name, path.stat().st_size) for path in (folder / "log").iterdir())
    unwritten = shell(folder, "workbench --user dsl due >&-")
    assert (unwritten.returncode, "Standard output is closed" in unwritten.stderr) == (1, True)
    assert shell(folder, "workbench --user dsl due 2>&-").returncode == 1
    assert sorted((path.name, path.stat().st_size) for path in (folder / "log").iterdir()) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_told(folder: Path) -> None:
    said = shell(folder, "workbench rules list >/dev/full")
    assert said.returncode == 1
    assert said.stderr.startswith("The result could not be written: ")
    assert "Exception ignored" not in said.stderr


def test_a_terminal_without_the_signs_is_no_crash(folder: Path) -> None:
    said = shell(folder, "PYTHONIOENCODING=latin-1 workbench --user dsl case list")
    assert said.returncode == 0
    assert "went wrong" not in said.stderr


def test_the_demo_stands_where_the_variable_says_and_is_used_again(tmp_path: Path) -> None:
    there = tmp_path / "there"
    words = ("demo", "--pupils", "20", "--no-open", "--json")
    first, second = workbench(there, *words), workbench(there, *words)
    assert (first.returncode, second.returncode) == (0, 0)
    assert '"made": true' in first.stdout
    assert '"made": false' in second.stdout
    assert (there / "log").is_dir()


@pytest.mark.parametrize("words", [["--help"], ["due", "--help"]])
def test_help_loads_neither_textual_nor_the_store(words: list[str]) -> None:
    code = f"import sys; from screens.cli import run; run({words!r}); print(sorted(sys.modules), file=sys.stderr)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "'textual'" not in said.stderr


def test_init_and_demo_make_folders_that_are_whole(tmp_path: Path) -> None:
    made = tmp_path / "school"
    school = str(ROOT / "tests" / "data" / "school.toml")
    assert workbench(made, "init", "--school", school).returncode == 0
    assert workbench(made, "check", "--user", "dsl").returncode == 0
    again = workbench(made, "init", "--school", school)
    assert again.returncode == 1
    assert "not an empty folder" in again.stderr
    demo = workbench(
        tmp_path / "demo", "demo", "--data", str(tmp_path / "demo"), "--pupils", "20", "--no-open"
    )
    assert demo.returncode == 0
    assert "workbench-demo" in demo.stdout
