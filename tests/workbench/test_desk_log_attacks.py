"""Nine attacks on the log and what finds each: the chain alone, a head noted outside, a signed checkpoint. What none of
them finds is said in the README and docs/verify-log.md, and is shown here, too."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import DeskFor, make_folder, signer
from tests.workbench.forging import Entry, rewritten, with_checkpoint
from workbench.desk import folders, logbook, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError

Attack = Callable[[Path], None]


def lines_of(folder: Path) -> list[tuple[Path, list[bytes]]]:
    return [
        (path, path.read_bytes().splitlines(keepends=True)) for path in sorted((folder / "log").iterdir())
    ]


def without_snapshots(folder: Path) -> None:
    """The thorough take the TinyDB files away, which would give them away."""
    for path in folder.glob("*.json"):
        if path.name != "vault.json":
            path.unlink()


def edit(folder: Path) -> None:
    path, lines = lines_of(folder)[0]
    path.write_bytes(b"".join(lines).replace(b'"actor":"dsl"', b'"actor":"dsm"', 1))


def delete(folder: Path) -> None:
    path, lines = lines_of(folder)[0]
    path.write_bytes(b"".join([*lines[:1], *lines[2:]]))


def swap(folder: Path) -> None:
    path, lines = lines_of(folder)[0]
    path.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))


def reorder_days(folder: Path) -> None:
    (first, _), *_, (last, _) = lines_of(folder)
    away = first.with_name("away")
    first.rename(away)
    last.rename(first)
    away.rename(last)


def chain_anew(folder: Path) -> None:
    def somebody_else(entry: Entry) -> None:
        if entry["act"] == "pupils.imported":
            entry["actor"] = "attendance"

    rewritten(folder, somebody_else)


def cut(folder: Path, left: int) -> None:
    path, lines = lines_of(folder)[-1]
    if len(lines) > left:
        path.write_bytes(b"".join(lines[:-left]))
    else:
        path.unlink()
    without_snapshots(folder)


def cut_the_head_off(folder: Path) -> None:
    cut(folder, 2)


def cut_behind_the_head(folder: Path) -> None:
    cut(folder, 1)


def old_copy(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("copied"), folder)


def replace(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("other"), folder)


ATTACKS: tuple[tuple[Attack, bool, bool, bool], ...] = (
    (edit, True, True, True),
    (delete, True, True, True),
    (swap, True, True, True),
    (reorder_days, True, True, True),
    (chain_anew, False, True, True),
    (cut_the_head_off, False, True, False),
    (cut_behind_the_head, False, False, False),
    (old_copy, False, True, False),
    (replace, False, True, False),
)
"""An attack, and whether it is found by the chain alone, with a head noted outside, with a signed checkpoint."""


@pytest.fixture
def attacked(desk_for: DeskFor, folder: Path, clock: FixedClock, school_toml: str) -> str:
    """The head noted outside; the folder is closed, one entry further, an old copy and another school beside it."""
    desk = with_checkpoint(desk_for, clock)
    desk.store.snapshot()
    shutil.copytree(folder, folder.with_name("copied"))
    roll.edit(desk, roll.pupils(desk)[0].id, {"forename": "Another"})
    head = desk.store.head.hash
    roll.edit(desk, roll.pupils(desk)[0].id, {"forename": "A third"})
    desk.close(snapshot=True)
    make_folder(folder.with_name("other"), school_toml, clock).close(snapshot=True)
    return head


def is_found(folder: Path, clock: FixedClock, judge: Callable[[Desk], bool]) -> bool:
    """Whether opening, the sign-in or `log verify` says that something is wrong."""
    try:
        opened = folders.open_folder(folder, clock)
    except FolderError:
        return True
    try:
        return not judge(signer(opened)("leader"))
    except FolderError:
        return True
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("attack", "alone", "with_head", "signed"), ATTACKS, ids=[a[0].__name__ for a in ATTACKS]
)
def test_each_attack_is_found_where_we_say_so(
    attacked: str, folder: Path, clock: FixedClock, attack: Attack, alone: bool, with_head: bool, signed: bool
) -> None:
    attack(folder)
    assert is_found(folder, clock, lambda desk: desk.store.verify().whole) is alone
    assert is_found(folder, clock, lambda desk: desk.store.verify(attacked).whole) is with_head
    assert is_found(folder, clock, lambda desk: logbook.verify(desk).whole) is signed


def test_without_an_attack_nothing_is_found(attacked: str, folder: Path, clock: FixedClock) -> None:
    assert not is_found(folder, clock, lambda desk: logbook.verify(desk, attacked).whole)
