"""Signed checkpoints: a history that was written anew, hashes and all, is not what anybody vouched for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from store.canon import canonical
from store.lines import as_dict, build, prove
from tests.conftest import PASSPHRASE, DeskFor, signer
from workbench.desk import folders, logbook, roll
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


def test_a_dsl_vouches_for_the_log_when_a_day_has_passed(desk_for: DeskFor, clock: FixedClock) -> None:
    assert "Nobody" in logbook.vouched(desk_for("auditor"))
    desk = with_checkpoint(desk_for, clock)
    assert logbook.verify(desk).whole
    words = logbook.vouched(desk)
    assert words.startswith("Signed by dsl up to entry ")
    assert words.endswith("2026-11-25.")


def test_a_history_that_was_written_anew_is_named(desk_for: DeskFor, folder: Path, clock: FixedClock) -> None:
    desk = with_checkpoint(desk_for, clock)
    desk.close(snapshot=True)

    def somebody_else_did_it(entry: Entry) -> None:
        if entry["act"] == "pupils.imported":
            entry["actor"] = "attendance"

    rewritten(folder, somebody_else_did_it)
    again = folders.open_folder(folder, clock)
    try:
        desk = signer(again)("leader")
        assert desk.store.verify().whole, "to the chain alone it is whole"
        verdict = logbook.verify(desk)
        assert not verdict.whole
        assert "is not what dsl signed" in verdict.problems[-1].reason
    finally:
        again.close()


def test_the_same_history_written_anew_is_the_same(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    with_checkpoint(desk_for, clock).close(snapshot=True)
    rewritten(folder, lambda entry: None)
    again = folders.open_folder(folder, clock)
    try:
        assert logbook.verify(signer(again)("leader")).whole
    finally:
        again.close()


@pytest.mark.parametrize("user", ["attendance", "auditor"])
def test_nobody_but_a_dsl_or_leader_vouches(desk_for: DeskFor, clock: FixedClock, user: str) -> None:
    clock.advance(days=2)
    sign_in(desk_for("staff").signed_out(), user, PASSPHRASE)
    assert "Nobody" in logbook.vouched(desk_for("auditor"))
