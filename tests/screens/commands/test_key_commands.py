"""The keys of accounts and of the folder by command: what is typed back, what is shown once, what opens again."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.canon import canonical
from tests.conftest import PASSPHRASE
from tests.folderkit import RECOVERY
from tests.screens.commands.conftest import Workbench
from workbench.desk.clock import FixedClock
from workbench.desk.recovery import as_text

NEW = "seven quiet otters swim"
OTHER = as_text(bytes(32))


@contextmanager
def typed(text: str) -> Iterator[str]:
    """A file descriptor from which this can be read."""
    reader, writer = os.pipe()
    os.write(writer, f"{text}\n".encode())
    os.close(writer)
    yield str(reader)
    os.close(reader)


def test_the_recovery_key_is_proven_and_shown_to_be(workbench: Workbench, clock: FixedClock) -> None:
    clock.advance(hours=1)
    with typed(OTHER) as fd:
        wrong = workbench("people", "recovery", "prove", "--recovery-fd", fd)
    assert (wrong.code, wrong.out, OTHER[:9] in wrong.err) == (1, "", False)
    with typed(as_text(RECOVERY)) as fd:
        assert (
            workbench("people", "recovery", "prove", "--recovery-fd", fd).out
            == "The recovery key is proven.\n"
        )
    shown = workbench("people", "recovery", "show", "--json").json
    assert (shown["proven"], shown["proven_by"], shown["behind"]) == ("2026-11-23T10:12:33+00:00", "dsl", 0)
    assert workbench("people", "recovery", "prove").err.count("--recovery-fd") == 1


def test_a_new_recovery_key_is_shown_once_and_the_old_one_is_none_any_more(workbench: Workbench) -> None:
    said = workbench("people", "recovery", "new", "--json")
    assert said.err.count(said.json["recovery"]) == 1
    assert "keep it locked away" in said.err
    assert "Proven: not yet" in workbench("people", "recovery", "show").out
    with typed(as_text(RECOVERY)) as fd:
        assert workbench("people", "recovery", "prove", "--recovery-fd", fd).code == 1
    with typed(said.json["recovery"]) as fd:
        assert workbench("people", "recovery", "prove", "--recovery-fd", fd).code == 0


def test_with_all_slots_lost_a_dsl_gets_in_by_the_paper_and_nobody_signs_in(
    workbench: Workbench, folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "vault.json"
    path.write_bytes(canonical({**json.loads(path.read_bytes()), "slots": {}}) + b"\n")
    lost = workbench("case", "list")
    assert "people recover" in lost.err
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", NEW)
    with typed(OTHER) as fd:
        assert workbench("people", "recover", "dsl", "--recovery-fd", fd, user=None).code == 1
    clock.advance(seconds=1)
    with typed(as_text(RECOVERY)) as fd:
        said = workbench("people", "recover", "dsl", "--recovery-fd", fd, "--json", user=None)
    assert said.json == {"id": "dsl", "user": "dsl", "roles": ["dsl"]}
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", NEW)
    assert workbench("case", "list").code == 0


def test_a_reset_account_chooses_its_own_and_nothing_else_until_then(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = workbench("people", "reset", "attendance", "--json").json["passphrase"]
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", first)
    refused = workbench("pupils", "list", user="attendance")
    assert (refused.code, "choose your own" in refused.err) == (1, True)
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", NEW)
    assert workbench("people", "passphrase", user="attendance").code == 0
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", NEW)
    assert workbench("pupils", "list", user="attendance").code == 0


def test_new_keys_under_the_same_passphrase(workbench: Workbench) -> None:
    case = workbench("case", "open", _pupil(workbench), "--trigger", "other", "--json").json["id"]
    workbench("case", "note", case, "before")
    assert workbench("people", "rekey").out == "dsl has new keys.\n"
    assert "before" in workbench("case", "show", case).out
    assert workbench("people", "rekey", user="staff").code == 1


def test_who_left_and_who_audits(workbench: Workbench) -> None:
    case = workbench("case", "open", _pupil(workbench), "--trigger", "other", "--json").json["id"]
    workbench("case", "note", case, "an invented note")
    assert workbench("case", "show", case, user="auditor").code == 1
    assert workbench("case", "grant", case, "auditor").out == f"{case} can be read by auditor.\n"
    assert "an invented note" in workbench("case", "show", case, user="auditor").out
    assert workbench("case", "withdraw-grant", case, "auditor").code == 0
    assert workbench("case", "show", case, user="auditor").code == 1
    assert workbench("people", "remove", "deputy").out == "deputy is now without a role.\n"
    assert workbench("case", "list", user="deputy").code == 1
    assert PASSPHRASE not in workbench("log", "show").out


def _pupil(workbench: Workbench) -> str:
    found: str = workbench("pupils", "list", "--json").json[0]["id"]
    return found
