"""Authorisations that nobody gave: written past the verbs, into the log itself or into the TinyDB file. None opens the
gate, and a name stays on the roll."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import CHEAP, PASSPHRASE, DeskFor, signer
from tests.workbench.story import UPN, all_but_authorised, opened
from workbench.desk import accounts, folders, removals, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.gates import authorisation_words, digest_of
from workbench.desk.signatures import sign
from workbench.domain.errors import FolderError, GatesOpenError, RefusedError
from workbench.domain.people import Signature
from workbench.domain.removals import Authorisation, Evidence, Removal

TODAY = date(2026, 11, 23)
Forge = Callable[[DeskFor, Removal], Removal]


def given(desk: Desk, removal: Removal, by: str) -> Authorisation:
    """An authorisation in somebody's name, signed by whoever sits at the desk."""
    made = Authorisation(by=by, at=desk.stamp(), request_digest=digest_of(removal))
    signed = sign(desk, *authorisation_words(removal, made))
    return msgspec.structs.replace(made, signature=Signature(by, signed.key, signed.signature))


def replace(removal: Removal, **changes: Any) -> Removal:
    return msgspec.structs.replace(removal, **changes)


def unsigned(desk_for: DeskFor, removal: Removal) -> Removal:
    named = Authorisation(by="leader", at=desk_for("dsl").stamp(), request_digest=digest_of(removal))
    return replace(removal, authorisation=named)


def in_the_leaders_name(desk_for: DeskFor, removal: Removal) -> Removal:
    return replace(removal, authorisation=given(desk_for("dsl"), removal, "leader"))


def by_whoever_asked(desk_for: DeskFor, removal: Removal) -> Removal:
    return replace(removal, authorisation=given(desk_for("dsl"), removal, "dsl"))


def by_whoever_asked_under_another_name(desk_for: DeskFor, removal: Removal) -> Removal:
    other = replace(removal, requested_by="deputy")
    return replace(other, authorisation=given(desk_for("dsl"), other, "dsl"))


def of_a_request_that_was_changed(desk_for: DeskFor, removal: Removal) -> Removal:
    before = given(desk_for("leader"), removal, "leader")
    more = Evidence(key="last_day_passed", value="2026-11-19", by="dsl", at=removal.requested)
    return replace(removal, authorisation=before, evidence=(*removal.evidence[:-1], more))


def of_a_changed_request_with_its_digest_made_anew(desk_for: DeskFor, removal: Removal) -> Removal:
    before = given(desk_for("leader"), removal, "leader")
    changed = replace(removal, ground="H")
    return replace(changed, authorisation=replace_digest(before, digest_of(changed)))


def replace_digest(before: Authorisation, digest: str) -> Authorisation:
    return msgspec.structs.replace(before, request_digest=digest)


def of_another_request(desk_for: DeskFor, removal: Removal) -> Removal:
    other = replace(removal, id="R-0THER0")
    return replace(removal, authorisation=given(desk_for("leader"), other, "leader"))


def moved_to_another_moment(desk_for: DeskFor, removal: Removal) -> Removal:
    before = given(desk_for("leader"), removal, "leader")
    return replace(removal, authorisation=msgspec.structs.replace(before, at="2026-11-23T08:00:00+00:00"))


def for_another_child_than_was_asked(desk_for: DeskFor, removal: Removal) -> Removal:
    """The leader signs what somebody made of the request by hand: it is not what was asked for."""
    other = next(p.id for p in roll.pupils(desk_for("dsl")) if p.id != removal.pupil)
    changed = replace(removal, pupil=other)
    return replace(changed, authorisation=given(desk_for("leader"), changed, "leader"))


def with_a_broken_signature(desk_for: DeskFor, removal: Removal) -> Removal:
    before = given(desk_for("leader"), removal, "leader")
    assert before.signature is not None
    broken = Signature("leader", before.signature.key, "zz")
    return replace(removal, authorisation=msgspec.structs.replace(before, signature=broken))


FORGERIES = (
    unsigned,
    in_the_leaders_name,
    by_whoever_asked,
    by_whoever_asked_under_another_name,
    of_a_request_that_was_changed,
    of_a_changed_request_with_its_digest_made_anew,
    of_another_request,
    moved_to_another_moment,
    for_another_child_than_was_asked,
    with_a_broken_signature,
)


def ready(desk_for: DeskFor) -> Removal:
    desk = desk_for("dsl")
    return all_but_authorised(desk, opened(desk).pupil).removal


def is_authorised(desk: Desk, removal: str) -> bool:
    return "authorisation" not in removals.show(desk, removal).open_gates


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_written_into_the_log_past_the_verbs(desk_for: DeskFor, forge: Forge) -> None:
    removal = ready(desk_for)
    forged = forge(desk_for, removal)
    desk = desk_for("dsl")
    with desk.change("removal.authorised", subject=removal.id) as tx:
        desk.save(tx, "cases", "removals", forged)
    assert not is_authorised(desk_for("leader"), removal.id)
    with pytest.raises(GatesOpenError):
        removals.complete(desk, removal.id, TODAY)
    assert roll.find(desk, UPN).left is None


def test_the_true_one_opens_the_gate(desk_for: DeskFor) -> None:
    removal = ready(desk_for)
    removals.authorise(desk_for("leader"), removal.id)
    assert is_authorised(desk_for("dsl"), removal.id)
    assert removals.complete(desk_for("dsl"), removal.id, TODAY).removal.state == "completed"


def test_edited_into_the_json_file_by_hand(desk_for: DeskFor, folder: Path, clock: FixedClock) -> None:
    removal = ready(desk_for)
    desk_for("dsl").store.close(snapshot=True)
    path = folder / "cases.json"
    held = json.loads(path.read_text("utf-8"))
    row = next(doc for doc in held["removals"].values() if doc["id"] == removal.id)
    row["authorisation"] = {
        "by": "leader",
        "at": removal.requested,
        "request_digest": digest_of(removal),
        "signature": None,
    }
    path.write_text(json.dumps(held, ensure_ascii=False, separators=(",", ":")), "utf-8")
    opened_again = folders.open_folder(folder, clock)
    try:
        desk = signer(opened_again)("leader")
        assert not is_authorised(desk, removal.id)
        with pytest.raises(GatesOpenError):
            removals.complete(desk, removal.id, TODAY)
        assert any(f.level == "fault" and f.file == "cases.json" for f in desk.store.check())
    finally:
        opened_again.close()


def test_a_key_of_ones_own_in_the_leaders_account_is_refused_at_the_next_open(
    desk_for: DeskFor, folder: Path, clock: FixedClock
) -> None:
    """By hand, in people.json: the accounts no longer have the digest that the log carries."""
    desk_for("dsl").store.close(snapshot=True)
    path = folder / "people.json"
    held = json.loads(path.read_text("utf-8"))
    leader = next(doc for doc in held["people"].values() if doc["id"] == "leader")
    mine = next(doc for doc in held["people"].values() if doc["id"] == "dsl")
    leader["signed_with"] = [*leader["signed_with"], *mine["signed_with"]]
    path.write_text(json.dumps(held, ensure_ascii=False, separators=(",", ":")), "utf-8")
    with pytest.raises(FolderError, match=r"people\.json"):
        folders.open_folder(folder, clock)


def puppet(desk_for: DeskFor) -> Desk:
    """An account that the leader makes for themselves."""
    fields = {"user": "other", "name": "O. Ther", "post": "Head", "roles": "leader"}
    accounts.add(desk_for("leader"), fields, PASSPHRASE, CHEAP)
    return desk_for("other")


def promoted(desk_for: DeskFor) -> Desk:
    """The account of somebody whom the leader makes one."""
    accounts.set_roles(desk_for("leader"), "deputy", ["dsl", "leader"])
    return desk_for("deputy")


@pytest.mark.parametrize("second", [puppet, promoted])
def test_nobody_makes_themselves_a_second_pair_of_eyes(
    desk_for: DeskFor, clock: FixedClock, second: Callable[[DeskFor], Desk]
) -> None:
    asker = desk_for("leader")
    removal = removals.start(asker, opened(desk_for("dsl")).pupil, "F").removal
    with pytest.raises(RefusedError, match="lately"):
        removals.authorise(second(desk_for), removal.id)
    assert "removal.refused" in [entry["act"] for entry in asker.store.entries()]
