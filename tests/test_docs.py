"""The papers stay true: the README names the two commands, and every relative link leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_the_readme_has_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_named_files_exist(page: Path) -> None:
    """A path in backticks that starts at one of our folders must be there."""
    names = re.findall(
        r"`((?:workbench|screens|rules|store|tests|docs|benchmarks)/[\w./-]+\.\w+)`", page.read_text("utf-8")
    )
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_architecture_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [
        p.name for floor in ("rules", "store", "screens") for p in (ROOT / floor).iterdir() if p.is_dir()
    ]
    rooms = [room for room in rooms if not room.startswith("__")]
    assert [room for room in rooms if f"{room}" not in text] == []
