"""Accounts by command: PINs, passphrases that are refused, waits, and who has no role."""

import os

import pytest

from tests.conftest import PASSPHRASE
from tests.screens.commands.conftest import Workbench
from workbench.desk.clock import FixedClock

ANN = ("user=ann", "name=A. New", "post=Teacher", "roles=staff")


@pytest.fixture
def ann(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """The commands, with an account that has a PIN."""
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", "482915")
    assert workbench("people", "add", *ANN).code == 0
    return workbench


def test_a_pin_signs_in_by_variable_and_by_descriptor(
    ann: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "482915")
    assert ann("pupils", "list", user="ann").code == 0
    monkeypatch.delenv("WORKBENCH_PASSPHRASE")
    reader, writer = os.pipe()
    os.write(writer, b"482915\n")
    os.close(writer)
    assert ann("pupils", "list", "--passphrase-fd", str(reader), user="ann").code == 0
    os.close(reader)


@pytest.mark.parametrize(
    ("roles", "secret", "says"),
    [
        ("staff", "123456", "guessed first"),
        ("staff", "12345", "at least 6 digits"),
        ("attendance", "482915", "at least 12"),
        ("dsl", "password1234", "guessed early"),
        ("staff", "Riverside 2026", "guessed early"),
    ],
)
def test_a_bad_one_is_refused_in_words_and_not_repeated(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, roles: str, secret: str, says: str
) -> None:
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", secret)
    said = workbench("people", "add", *ANN[:3], f"roles={roles}")
    assert (said.code, says in said.err, secret in said.err) == (1, True, False)
    assert workbench("pupils", "list", user="ann").code == 1


def test_a_command_says_how_long_to_wait_and_leaves_with_1(
    workbench: Workbench, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "wrong")
    assert "Wait 1 s" in workbench("due", user="staff").err
    clock.advance(seconds=1)
    assert "Wait 2 s" in workbench("due", user="staff").err
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", PASSPHRASE)
    said = workbench("due", user="staff")
    assert (said.code, said.out, "wait 2 s" in said.err) == (1, "", True)
    assert workbench("pupils", "list", user="attendance").code == 0
    clock.advance(seconds=2)
    assert workbench("pupils", "list", user="staff").code == 0


def test_the_dsl_is_told_at_the_sign_in(
    workbench: Workbench, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "wrong")
    for _ in range(3):
        workbench("due", user="leader")
        clock.advance(seconds=60)
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", PASSPHRASE)
    assert "Remark: 3 failed tries for leader since Mon 09:12." in workbench("pupils", "list").err
    assert "failed tries" not in workbench("pupils", "list", user="staff").err


def test_who_left_has_no_role_and_signs_in_to_nothing_but_a_new_passphrase(
    ann: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ann("people", "role", "ann", "none")
    assert (said.code, said.out) == (0, "ann is now without a role.\n")
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "482915")
    for words in (("pupils", "list"), ("due",), ("log", "show"), ("people", "list"), ("case", "list")):
        refused = ann(*words, user="ann")
        assert (refused.code, refused.out, "without a role" in refused.err) == (1, "", True)
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", "kettle bramble orchid")
    assert ann("people", "passphrase", user="ann").code == 0
