"""What a fresh clone must hold: four roots, the two commands of the README, no host names, no machine's paths."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if out.returncode:
        return [
            p for p in ROOT.rglob("*") if p.is_file() and ".venv" not in p.parts and ".git" not in p.parts
        ]
    return [ROOT / name for name in out.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_four_roots_are_shipped() -> None:
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == ["workbench", "screens", "rules", "store"]


def test_the_console_script_is_the_commands_door() -> None:
    assert PROJECT["project"]["scripts"] == {"workbench": "screens.cli:main"}


def test_no_registry_and_no_path_of_a_machine_is_tracked() -> None:
    pages = "|".join(("simple", "packages"))
    host = re.compile(r"https?://[^ \")]*/(" + pages + r")/|(extra-)?index-" + "url", re.ASCII)
    here = re.compile(r"(^|[^a-z.])/(" + "|".join(("work", "root", "farm")) + r")/", re.ASCII | re.MULTILINE)
    wrong = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".gz", ".zip"}:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        if host.search(text) or here.search(text):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_top_level_is_what_was_agreed() -> None:
    allowed = {
        "workbench", "screens", "rules", "store", "tests", "docs", "benchmarks", ".ci", "pyproject.toml", "README.md",
        "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", ".gitignore", ".gitattributes",
    }  # fmt: skip
    assert {p.relative_to(ROOT).parts[0] for p in tracked()} <= allowed


def test_no_lock_file_with_hosts() -> None:
    assert not [p for p in tracked() if p.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}]
