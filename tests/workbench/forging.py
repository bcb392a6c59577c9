"""Histories as somebody writes them who knows how."""

from collections.abc import Callable
from pathlib import Path

from store.canon import canonical
from store.lines import as_dict, build, prove
from tests.conftest import PASSPHRASE, DeskFor
from workbench.desk import roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.signin import sign_in

Entry = dict[str, object]


def with_checkpoint(desk_for: DeskFor, clock: FixedClock) -> Desk:
    """A folder that a DSL vouched for, and an entry behind that."""
    clock.advance(days=2)
    desk = sign_in(desk_for("staff").signed_out(), "dsl", PASSPHRASE)
    roll.edit(desk, roll.pupils(desk)[0].id, {"forename": "Someone"})
    return desk


def rewritten(folder: Path, alter: Callable[[Entry], None]) -> None:
    """The log as somebody writes it anew who knows how: every line altered as told, and whole again."""
    prev = "0" * 64
    seq = 0
    for path in sorted((folder / "log").iterdir()):
        made = []
        for raw in path.read_bytes().splitlines(keepends=True):
            line = prove(raw)
            entry = as_dict(line.entry)
            alter(entry)
            seq += 1
            new, kept = build(entry, seq, prev, [canonical(part) for part in line.parts])
            prev = kept.hash
            made.append(new)
        path.write_bytes(b"".join(made))
    for path in folder.glob("*.json"):
        if path.name != "vault.json":
            path.unlink()
