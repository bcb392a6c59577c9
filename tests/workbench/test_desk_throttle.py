"""Guessing: slow, remembered, never a lock-out, and shown to the DSL."""

from contextlib import suppress
from pathlib import Path

import pytest

from store.tries import NAME
from tests.conftest import PASSPHRASE, DeskFor
from workbench.desk import failures, folders, signin, throttle
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import RefusedError, WaitError


def guess(desk: Desk, user: str = "staff", words: str = "wrong") -> int:
    """A wrong try; the seconds until the next one is looked at, 0 if this one was not."""
    with pytest.raises(RefusedError) as caught:
        signin.sign_in(desk, user, words, fold=True)
    return 0 if isinstance(caught.value, WaitError) else int(str(caught.value).split("Wait ")[1].split()[0])


def opened(empty_for: DeskFor) -> Desk:
    desk = empty_for("dsl")
    return Desk(desk.store, desk.clock)


def test_each_failed_try_doubles_the_wait_up_to_a_minute(empty_for: DeskFor, clock: FixedClock) -> None:
    desk, waits = opened(empty_for), []
    for _ in range(9):
        waits.append(guess(desk))
        clock.advance(seconds=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_within_the_wait_nothing_is_checked_counted_or_logged(empty_for: DeskFor, clock: FixedClock) -> None:
    desk = opened(empty_for)
    for _ in range(4):
        clock.advance(seconds=guess(desk))
    clock.advance(seconds=-3)
    before = len(list(desk.store.entries()))
    for words in ("wrong", PASSPHRASE):
        with pytest.raises(WaitError) as caught:
            signin.sign_in(desk, "staff", words)
        assert caught.value.seconds == 3
        assert "wait 3 s" in str(caught.value)
    assert len(list(desk.store.entries())) == before
    assert clock.advance(seconds=3) is None
    assert guess(desk) == 16


def test_twenty_wrong_tries_with_a_restart_between_and_the_right_one_works_after_the_wait(
    tmp_path: Path, empty_for: DeskFor, clock: FixedClock
) -> None:
    """Row 20 of the threats."""
    empty_for("dsl").close()
    for _ in range(20):
        desk = folders.open_folder(tmp_path / "data", clock)
        clock.advance(seconds=guess(desk))
        desk.close()
    clock.advance(seconds=-1)
    desk = folders.open_folder(tmp_path / "data", clock)
    with pytest.raises(WaitError):
        signin.sign_in(desk, "staff", PASSPHRASE)
    clock.advance(seconds=1)
    assert signin.sign_in(desk, "staff", PASSPHRASE).user() == "staff"
    assert guess(desk) == 1
    desk.close()


def test_others_do_not_wait(empty_for: DeskFor) -> None:
    desk = opened(empty_for)
    guess(desk)
    guess(desk, "no such name")
    assert signin.sign_in(desk, "attendance", PASSPHRASE).user() == "attendance"


def test_names_that_nobody_has_share_one_wait_and_are_kept_nowhere(empty_for: DeskFor) -> None:
    desk = opened(empty_for)
    assert guess(desk, "my passphrase by mistake") == 1
    with pytest.raises(WaitError):
        signin.sign_in(desk, "another", "x")
    assert b"mistake" not in (desk.store.path / NAME).read_bytes()


def test_after_a_failed_try_two_at_once_are_one_guess(empty_for: DeskFor, clock: FixedClock) -> None:
    desk = opened(empty_for)
    clock.advance(seconds=guess(desk))
    throttle.admit(desk, "staff")
    with pytest.raises(WaitError):
        throttle.admit(desk, "staff")


@pytest.mark.parametrize("seconds", [-86_400 * 400, -1, 86_400 * 400])
def test_a_clock_that_was_set_locks_nobody_out(empty_for: DeskFor, clock: FixedClock, seconds: int) -> None:
    desk = opened(empty_for)
    for _ in range(8):
        clock.advance(seconds=guess(desk))
    clock.advance(seconds=seconds)
    with suppress(WaitError):
        throttle.admit(desk, "staff")
    clock.advance(seconds=60)
    assert signin.sign_in(desk, "staff", PASSPHRASE).user() == "staff"


@pytest.mark.parametrize(
    "record", ['{"row":9}', '{"row":1000000,"most":1,"count":1,"since":0,"last":0,"until":9999999999999999}']
)
def test_counts_written_by_hand_lock_nobody_out(empty_for: DeskFor, clock: FixedClock, record: str) -> None:
    desk = opened(empty_for)
    (desk.store.path / NAME).write_text(f'{{"format":1,"tries":{{"staff":{record}}}}}')
    with suppress(WaitError):
        throttle.admit(desk, "staff")
    clock.advance(seconds=60)
    assert signin.sign_in(desk, "staff", PASSPHRASE).user() == "staff"


def test_a_folder_that_can_only_be_read_counts_as_long_as_it_is_open(
    tmp_path: Path, empty_for: DeskFor, clock: FixedClock
) -> None:
    empty_for("dsl").close()
    desk = folders.open_folder(tmp_path / "data", clock, readonly=True)
    assert guess(desk) == 1
    with pytest.raises(WaitError):
        signin.sign_in(desk, "staff", PASSPHRASE)
    clock.advance(seconds=1)
    assert signin.sign_in(desk, "staff", PASSPHRASE).user() == "staff"
    assert not (tmp_path / "data" / NAME).exists()
    desk.close()


def test_the_file_is_ours_and_is_no_part_of_the_log(empty_for: DeskFor) -> None:
    desk = opened(empty_for)
    guess(desk)
    assert (desk.store.path / NAME).exists()
    assert not [one for one in desk.store.check() if one.file == NAME]


def test_the_dsl_is_told_and_nobody_else(empty_for: DeskFor, clock: FixedClock) -> None:
    desk = opened(empty_for)
    for user in ("attendance", "nobody-here"):
        for _ in range(3):
            clock.advance(seconds=guess(desk, user))
    told = failures.failure_words(empty_for("dsl"))
    assert told == [
        "3 failed tries for names that nobody has since Mon 09:12",
        "3 failed tries for attendance since Mon 09:12",
    ]
    assert all(f"{words}." in desk.store.remarks for words in told)
    assert [each.user for each in failures.failures(empty_for("dsl"))] == ["-", "attendance"]
    for user in ("staff", "leader", "auditor"):
        assert failures.failure_words(empty_for(user)) == []
        with pytest.raises(RefusedError):
            failures.failures(empty_for(user))


def test_it_stays_shown_after_the_right_one_and_ends_after_a_week(
    empty_for: DeskFor, clock: FixedClock
) -> None:
    desk = opened(empty_for)
    for _ in range(3):
        clock.advance(seconds=guess(desk))
    signin.sign_in(desk, "staff", PASSPHRASE)
    assert failures.failure_words(empty_for("dsl")) == ["3 failed tries for staff since Mon 09:12"]
    clock.advance(days=6, hours=20)
    assert failures.failure_words(empty_for("dsl")) == ["3 failed tries for staff since 23 Nov 09:12"]
    clock.advance(days=1)
    assert failures.failure_words(empty_for("dsl")) == []


def test_a_slip_or_two_is_no_news(empty_for: DeskFor, clock: FixedClock) -> None:
    desk = opened(empty_for)
    for _ in range(4):
        clock.advance(seconds=guess(desk))
        if _ % 2:
            signin.sign_in(desk, "staff", PASSPHRASE)
    assert failures.failure_words(empty_for("dsl")) == []


def test_proving_oneself_again_is_throttled_too(empty_for: DeskFor, clock: FixedClock) -> None:
    desk = empty_for("staff")
    with pytest.raises(RefusedError, match="wrong"):
        signin.prove(desk, "x")
    with pytest.raises(WaitError):
        signin.prove(desk, PASSPHRASE)
    clock.advance(seconds=1)
    signin.prove(desk, PASSPHRASE)
    assert [e["act"] for e in desk.store.entries()][-1] == "signin.refused"
