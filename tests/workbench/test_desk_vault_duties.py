"""The two duties of a new folder: they stand from set-up on, end by the act itself and by no word, and hide nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import CHEAP, PASSPHRASE, make_folder, signer
from tests.folderkit import RECOVERY
from workbench.desk import accounts, duties, recovering
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.recovery import as_text
from workbench.domain.errors import InvalidError, WorkbenchError

PROVEN, SECOND = "vault.recovery-proven", "vault.second-dsl"


@pytest.fixture
def fresh(tmp_path: Path, school_toml: str, clock: FixedClock) -> Iterator[Desk]:
    """A folder that was just made, with its DSL signed in."""
    desk = make_folder(tmp_path / "data", school_toml, clock, proven=False)
    yield signer(desk)("dsl")
    desk.close()


def of(desk: Desk, rule: str) -> list[tuple[str, date]]:
    return [(d.state, d.due) for d in duties.due(desk, rule=rule, everything=True)]


def test_a_new_folder_asks_for_the_recovery_key_until_it_is_typed_back(fresh: Desk) -> None:
    assert of(fresh, PROVEN) == [("due", date(2026, 11, 30))]
    recovering.prove(fresh, as_text(RECOVERY))
    assert of(fresh, PROVEN) == [("done", date(2026, 11, 30))]
    assert duties.due(fresh, rule=PROVEN) == []
    recovering.make_new(fresh, bytes(32))
    assert of(fresh, PROVEN) == [("due", date(2026, 11, 30))]


def test_it_is_late_and_said_why(fresh: Desk, clock: FixedClock) -> None:
    clock.advance(days=10)
    (duty,) = duties.due(fresh, rule=PROVEN)
    assert (duty.state, duty.standing, duty.recipients) == ("overdue", "policy", ("dsl",))
    assert "No law" in duty.citation.text
    assert duty.trace.facts


def test_no_word_ends_them(fresh: Desk) -> None:
    accounts.set_roles(signer(fresh)("leader"), "deputy", ["leader"])
    for rule, words in ((PROVEN, "typed back"), (SECOND, "a second person")):
        (duty,) = duties.due(signer(fresh)("dsl"), rule=rule)
        with pytest.raises(InvalidError, match=words):
            duties.done(signer(fresh)("dsl"), duty.id, "it is in the safe")
        with pytest.raises(WorkbenchError):
            duties.override(signer(fresh)("leader"), duty.id, "it is in the safe")


def test_one_dsl_is_too_few_until_a_second_holds_keys(fresh: Desk) -> None:
    assert of(fresh, SECOND) == []
    accounts.remove(signer(fresh)("leader"), "deputy")
    dsl = signer(fresh)("dsl")
    assert of(dsl, SECOND) == [("due", date(2026, 12, 7))]
    accounts.set_roles(signer(fresh)("leader"), "staff", ["dsl"])
    assert len(of(signer(fresh)("dsl"), SECOND)) == 1  # keys come with the passphrase
    signer(fresh)("staff")
    assert of(signer(fresh)("dsl"), SECOND) == []
    new = {"user": "third", "name": "T. Hird", "post": "Deputy", "roles": "dsl"}
    accounts.set_roles(signer(fresh)("leader"), "staff", ["staff"])
    accounts.add(signer(fresh)("dsl"), new, PASSPHRASE, CHEAP)
    assert of(signer(fresh)("dsl"), SECOND) == []
