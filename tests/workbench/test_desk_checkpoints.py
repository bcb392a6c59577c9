"""Signed checkpoints: a history that was written anew, hashes and all, is not what anybody vouched for."""

from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE, DeskFor, signer
from tests.workbench.forging import Entry, rewritten, with_checkpoint
from workbench.desk import folders, logbook
from workbench.desk.clock import FixedClock
from workbench.desk.signin import sign_in


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
