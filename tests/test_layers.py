"""The floors of the house: imports go down only, and what must not be loaded is not loaded."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    "rules": set(),
    "store": set(),
    "workbench.domain": {"rules"},
    "workbench.desk": {"rules", "store", "workbench.domain"},
    "screens": {"workbench.desk", "workbench.domain"},
}
"""Each floor and the floors it may import, beside itself."""


def modules() -> list[Path]:
    return sorted(
        p for floor in ("rules", "store", "workbench", "screens") for p in (ROOT / floor).rglob("*.py")
    )


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor_of(module: str) -> str | None:
    return next((floor for floor in FLOORS if module == floor or module.startswith(floor + ".")), None)


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parts, node.module] if node.module else parts)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def test_every_import_goes_down() -> None:
    wrong = []
    for path in modules():
        here = floor_of(dotted(path))
        for name in imported(path):
            there = floor_of(name)
            if here and there and there != here and there not in FLOORS[here]:
                wrong.append(f"{dotted(path)} imports {name}")
    assert wrong == []


def test_only_the_file_package_touches_files() -> None:
    """`open`, `os` and `pathlib` writing stand in `store/files/` alone (rules read their own packs)."""
    wrong = []
    for path in modules():
        if f"{dotted(path)}.".startswith("store.files."):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in {
                    "open",
                    "write_text",
                    "write_bytes",
                    "unlink",
                    "rename",
                    "replace",
                    "mkdir",
                    "touch",
                }:
                    owner = getattr(getattr(node.func, "value", None), "id", "")
                    if (name == "open" and isinstance(node.func, ast.Name)) or owner in {
                        "os",
                        "Path",
                        "shutil",
                    }:
                        wrong.append(f"{dotted(path)}:{node.lineno} calls {owner or ''}.{name}")
    assert wrong == []


def loaded_after(statement: str) -> set[str]:
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(json.loads(out.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import rules.engine", {"store", "workbench", "screens", "textual", "tinydb", "pendulum", "click"}),
        ("import store.folder", {"rules", "workbench", "screens", "textual", "pendulum", "click"}),
        ("import workbench.domain.cases", {"store", "workbench.desk", "screens", "textual", "tinydb"}),
        ("import workbench.desk.cases", {"screens", "textual", "click"}),
        ("import screens.cli", {"textual", "tinydb", "pendulum", "cryptography", "click", "msgspec"}),
    ],
)
def test_a_fresh_interpreter_loads_only_what_stands_below(statement: str, absent: set[str]) -> None:
    assert loaded_after(statement) & absent == set()


def test_no_command_imports_textual() -> None:
    names = [dotted(p) for p in (ROOT / "screens" / "commands").glob("*.py") if p.name != "__init__.py"]
    assert names
    assert "textual" not in loaded_after("\n".join(f"import {name}" for name in sorted(names)))
