"""Run TinyDB's own tests with our storage and table in place; ends with 0 if all but the named ones pass.

    python -m tests.tinydb_own

The tests come from the source distribution of the installed TinyDB, fetched into a temporary folder; nothing of them
is kept. A test that fails though it is not named below, and one that passes though it is, both end it with 1.
Without a package index it is skipped, and says so.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEAST = 215
DEVIATIONS = {
    "test_storages.py::test_json_kwargs": "wants indents in the file: a folder's bytes are not the caller's to shape",
    "test_storages.py::test_encoding": "wants cp936 and cp037 in the file: a folder is UTF-8 always",
    "test_tables.py::test_table_repr[json]": "wants the words `tinydb.storages.JSONStorage`",
    "test_middlewares.py::test_caching_json_write": "looks at `_handle`, JSONStorage's own open file",
}
"""Tests that cannot pass, each with its reason; docs/tinydb.md has the same list."""


def main() -> int:
    """Fetch, run, compare."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        version = importlib.metadata.version("tinydb")
        reason = fetch(home, version)
        if reason:
            print(
                f"TinyDB's own tests: 1 skipped: the source of tinydb {version} cannot be fetched ({reason})"
            )
            return 0
        found = run(home)
    wrong = judge(version, found["outcomes"], found["folders"])
    if wrong:
        print(found["said"])
    return wrong


def fetch(home: Path, version: str) -> str:
    """Put the tests at `home/theirs`, and PyYAML, which one of them uses, beside them; why not, or empty."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    plain = ["download", "--no-deps", "--no-binary", "tinydb", "--dest", str(home), f"tinydb=={version}"]
    for wanted in (plain, ["install", "--target", str(home / "lib"), "pyyaml>=6,<7"]):
        done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["pip failed"])[-1][:200]
    with tarfile.open(next(home.glob("tinydb-*.tar.gz"))) as source:
        source.extractall(home / "source", filter="data")
    # another name: `tests` is ours
    next((home / "source").glob("*/tests")).rename(home / "theirs")
    return ""


def run(home: Path) -> dict[str, Any]:
    """The outcome of each test, how many met a data folder, and what the run said."""
    report = home / "report.json"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(home / "lib")])}
    plugins = ["-p", "tests.tinydb_own.swap", "-p", "no:cacheprovider"]
    # no settings of this repository, or of a folder above: theirs are the tests as they come
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-c", os.devnull, "--rootdir", str(home)]
    done = subprocess.run(
        [*command, *plugins, str(home / "theirs")],
        cwd=home,
        env={**env, "TINYDB_OWN_REPORT": str(report)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not report.exists():
        sys.exit(f"TinyDB's own tests could not be run:\n{done.stdout}{done.stderr}")
    return {**json.loads(report.read_text("utf-8")), "said": done.stdout}


def judge(version: str, outcomes: dict[str, str], folders: int) -> int:
    """Print what passed and what did not; 1 where that is not as named."""
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    print(f"tinydb {version}: {len(passed)} of {len(outcomes)} pass, {folders} of them on a data folder")
    wrong = [
        f"fails, and is not named: {name}" for name in sorted(outcomes.keys() - passed - DEVIATIONS.keys())
    ]
    for name, reason in DEVIATIONS.items():
        if outcomes.get(name) == "failed":
            print(f"  as named: {name}: {reason}")
        else:
            wrong.append(f"named, and does not fail: {name} ({outcomes.get(name, 'not found')})")
    if len(passed) < LEAST:
        wrong.append(f"fewer than {LEAST} pass")
    for line in wrong:
        print(f"  WRONG {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
