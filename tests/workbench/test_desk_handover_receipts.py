"""What happens to a bundle after it left: two schools, their receipts, and the duties that end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import bundlekit
from tests.bundlekit import Signer
from tests.conftest import NOW, DeskFor, make_folder, signer
from tests.stocktools import needs, shell
from tests.workbench.story import all_but_authorised, opened, walked
from workbench.desk import (
    duties,
    events,
    handover_in,
    handover_out,
    handover_receipts,
    receiptfile,
    removals,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.handover_out import Way
from workbench.domain.cases import Case
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.handover import Handover, Receipt

BY_HAND = Way(channel="a courier, by hand")
WHO, POST = "P. Achebe", "Designated Safeguarding Lead, Hill School"


@pytest.fixture
def desk(desk_for: DeskFor) -> Desk:
    """The school that sends."""
    return desk_for("dsl")


@pytest.fixture
def other(tmp_path: Path, school_toml: str) -> Iterator[Desk]:
    """The school that receives: another folder, other keys, its clock two days on."""
    text = school_toml.replace("Riverside Centre", "Hill School")
    made = make_folder(tmp_path / "hill", text, FixedClock("2026-11-25T10:00:00"))
    yield signer(made)("dsl")
    made.close()


@pytest.fixture
def case(desk: Desk) -> Case:
    made = opened(desk)
    walked(desk, made.id)
    return made


@pytest.fixture
def sent_file(desk: Desk, case: Case, tmp_path: Path) -> str:
    """A bundle that was written, and is not recorded as sent."""
    return handover_out.export(desk, case.id, str(tmp_path / "bundle.zip"), BY_HAND, "Hill School").path


@pytest.fixture
def made(desk: Desk, sent_file: str) -> Handover:
    return handover_receipts.handovers(desk)[0]


def states(desk: Desk, pupil: str) -> dict[str, str]:
    return {
        d.rule: d.state
        for d in duties.due(desk, pupil=pupil, everything=True)
        if d.rule.startswith("handover.")
    }


# the round trip ---------------------------------------------------------------------------------------------------


def test_sent_verified_imported_accepted_and_the_receipt_comes_back(
    desk: Desk, desk_for: DeskFor, other: Desk, case: Case, tmp_path: Path, clock: FixedClock
) -> None:
    removal = all_but_authorised(desk, case.pupil, case.id).removal.id
    removals.authorise(desk_for("leader"), removal)
    removals.complete(desk, removal, desk.today())
    assert states(desk, case.pupil) == {"handover.send": "due"}
    out = handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND, "Hill School")
    handover_receipts.record(desk, out.handover.id, "sent", "J. Okafor", "DSL")
    assert states(desk, case.pupil) == {"handover.send": "done", "handover.receipt": "due"}

    checked = handover_in.verify(out.path, out.handover.signer)
    assert checked.compared
    assert checked.sha256 == out.handover.sha256
    got = handover_in.bring_in(other, out.path, add={"class": "9B"}, fingerprint=out.handover.signer)
    receipt = handover_receipts.accept(other, got.case.id, str(tmp_path / "r.json"), "thank you")
    assert receipt.receipt.bundle == out.handover.sha256

    clock.set("2026-11-25T12:00:00")
    done = handover_receipts.record_file(desk, out.handover.id, receipt.path)
    assert done.is_accepted
    last = done.steps[-1]
    assert (last.hash, last.signer, last.note) == (out.handover.sha256, receipt.signer, "thank you")
    assert "Hill School" in last.post
    assert states(desk, case.pupil) == {"handover.send": "done", "handover.receipt": "done"}
    _same_story(desk, other, out.handover, got.case.id)


def _same_story(desk: Desk, other: Desk, left: Handover, kept_as: str) -> None:
    """Both logs, and what they carry, name the same bundle, the same case and the same moment of acceptance."""
    ours = [e for e in desk.store.entries() if e["why"] == left.id]
    theirs = [e for e in other.store.entries() if e["why"] == left.sha256]
    assert [e["act"] for e in ours] == ["handover.exported", "handover.sent", "handover.accepted"]
    assert {e["subject"] for e in ours} == {left.case}
    assert [e["act"] for e in theirs] == ["handover.imported", "handover.receipted"]
    assert {e["subject"] for e in theirs} == {kept_as}
    mark = other.record("cases", "cases", kept_as, Case)
    assert mark is not None
    assert mark.imported is not None
    kept = desk.record("cases", "handovers", left.id, Handover)
    assert kept is not None
    assert (mark.imported.case, mark.imported.sha256, mark.imported.signer) == (
        left.case,
        kept.sha256,
        kept.signer,
    )
    assert mark.imported.accepted == theirs[-1]["at"] == kept.steps[-1].at
    sent = handover_in.received(other, kept_as)
    known = {e["hash"]: e for e in desk.store.entries()}
    assert sent.log
    assert all(known[e["hash"]] == e for e in sent.log)


# steps ------------------------------------------------------------------------------------------------------------


def test_each_step_says_who_when_and_the_hash_read_back(desk: Desk, made: Handover) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL", at="2026-11-23T09:00")
    handover_receipts.record(desk, made.id, "collected", "a courier", "driver")
    handover_receipts.record(desk, made.id, "opened", WHO, POST, read_back=made.sha256[:12].upper())
    done = handover_receipts.record(
        desk, made.id, "accepted", WHO, POST, read_back=f"{made.sha256[:8]} {made.sha256[8:]}"
    )
    assert [step.state for step in done.steps] == ["sent", "collected", "opened", "accepted"]
    assert [step.hash for step in done.steps] == ["", "", made.sha256, made.sha256]
    assert done.steps[0].at.startswith("2026-11-23T09:00")
    assert (done.steps[3].who, done.steps[3].post, done.steps[3].by) == (WHO, POST, "dsl")
    kinds = [e.kind for e in events.events_of(desk, made.pupil)]
    assert kinds == ["handover_sent", "handover_received"]


@pytest.mark.parametrize(
    ("given", "said"), [("0" * 64, "another file"), ("abc", "12 to 64 digits"), ("x" * 20, "digits")]
)
def test_a_hash_that_is_not_its_own_is_named(desk: Desk, made: Handover, given: str, said: str) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    with pytest.raises(InvalidError, match=said):
        handover_receipts.record(desk, made.id, "accepted", WHO, POST, read_back=given)
    (kept,) = handover_receipts.handovers(desk)
    assert kept.state == "sent"


def test_a_hash_that_is_not_its_own_can_be_queried(desk: Desk, made: Handover) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    asked = handover_receipts.record(
        desk, made.id, "queried", WHO, POST, read_back="0" * 64, note="the check sum is another"
    )
    assert (asked.state, asked.steps[-1].hash) == ("queried", "0" * 64)
    with pytest.raises(InvalidError, match="note is missing"):
        handover_receipts.record(desk, made.id, "queried", WHO, POST)


@pytest.mark.parametrize("state", ["collected", "opened", "accepted"])
def test_what_comes_after_sending_needs_it(desk: Desk, made: Handover, state: str) -> None:
    with pytest.raises(RefusedError, match="not written down") as error:
        handover_receipts.record(desk, made.id, state, WHO, POST)
    assert "--state sent" in error.value.todo


def test_accepted_once_and_after_a_question_again(desk: Desk, made: Handover) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    handover_receipts.record(desk, made.id, "accepted", WHO, POST)
    with pytest.raises(RefusedError, match="accepted already"):
        handover_receipts.record(desk, made.id, "accepted", WHO, POST)
    assert not handover_receipts.record(desk, made.id, "queried", WHO, POST, note="page 2?").is_accepted
    assert handover_receipts.record(desk, made.id, "accepted", WHO, POST).is_accepted


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "lost"}, "One of sent, collected, opened, accepted, queried"),
        ({"who": " "}, "who is missing"),
        ({"post": ""}, "post is missing"),
        ({"at": "2026-11-22T09:00"}, "before"),
        ({"at": "2026-11-24T09:00"}, "future"),
    ],
)
def test_a_step_that_cannot_be_is_refused(
    desk: Desk, made: Handover, changes: dict[str, Any], said: str
) -> None:
    given = {"state": "sent", "who": "J. Okafor", "post": "DSL", **changes}
    with pytest.raises(InvalidError, match=said):
        handover_receipts.record(desk, made.id, **given)


def test_two_people_writing_steps_keep_both(desk: Desk, desk_for: DeskFor, made: Handover) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    handover_receipts.record(desk_for("deputy"), made.id, "collected", "a courier", "driver")
    (kept,) = handover_receipts.handovers(desk)
    assert [(step.state, step.by) for step in kept.steps] == [("sent", "dsl"), ("collected", "deputy")]


def test_the_handovers_of_a_case_about_somebody_are_not_there_for_them(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    dsl, leader = desk_for("dsl"), desk_for("leader")
    case = opened(dsl, about=("leader",))
    made = handover_out.export(dsl, case.id, str(tmp_path / "b.zip"), BY_HAND).handover
    assert [one.id for one in handover_receipts.handovers(dsl, case.id)] == [made.id]
    assert handover_receipts.handovers(leader) == []
    with pytest.raises(NotFoundError):
        handover_receipts.handovers(leader, case.id)
    with pytest.raises(NotFoundError):
        handover_receipts.record(dsl, "H-NOBODY", "sent", "x", "y")


# receipts as files ------------------------------------------------------------------------------------------------


@pytest.fixture
def receipt(other: Desk, sent_file: str, tmp_path: Path) -> Path:
    """The receipt of a school that did not import, but has the file."""
    return Path(handover_receipts.accept(other, sent_file, str(tmp_path / "r.json")).path)


def test_a_receipt_can_be_made_of_the_file_alone(other: Desk, receipt: Path) -> None:
    read, _ = receiptfile.read_file(str(receipt))
    assert (read.kept_as, read.school, read.by) == ("", "Hill School", "J. Okafor")
    last = list(other.store.entries())[-1]
    assert (last["act"], last["subject"], last["why"]) == ("handover.receipted", None, read.bundle)
    assert receipt.stat().st_mode & 0o777 == 0o600


def test_a_receipt_with_any_bit_changed_is_refused(receipt: Path) -> None:
    data = receipt.read_bytes()
    receiptfile.read(data)
    for place in range(len(data)):
        wrong = bytearray(data)
        wrong[place] ^= 1
        with pytest.raises(InvalidError):
            receiptfile.read(bytes(wrong))


def test_a_receipt_for_another_bundle_is_named(desk: Desk, made: Handover, tmp_path: Path) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    path = tmp_path / "other.json"
    path.write_bytes(bundlekit.receipt(bundle="0" * 64, case=made.case))
    with pytest.raises(InvalidError, match=f"for the bundle 000000000000000.* of {made.case}; {made.id} is"):
        handover_receipts.record_file(desk, made.id, str(path))


def test_a_receipt_of_another_maker_is_read(tmp_path: Path) -> None:
    read, fingerprint = receiptfile.read(bundlekit.receipt())
    assert isinstance(read, Receipt)
    assert fingerprint == Signer().fingerprint


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bundlekit.receipt("cp-file-transfer"), "made for 'cp-file-transfer', not for 'cp-file-receipt'"),
        (bundlekit.receipt(version=2), "version 2; this program reads version 1"),
        (bundlekit.receipt(more="x"), "unknown field"),
        (bundlekit.receipt(by="x\x85y"), "holds what no receipt does"),
        (b"[]\n", "does not hold"),
        (b"{", "line 1"),
        (b"\xff", "not UTF-8"),
        (b"x" * 70_000, "at most 65,536"),
        (json.dumps(json.loads(bundlekit.receipt())).encode(), "written anew"),
    ],
)
def test_what_is_no_receipt_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        receiptfile.read(data)


def test_another_schools_wrong_clock_does_not_keep_its_receipt_out(
    desk: Desk, made: Handover, tmp_path: Path
) -> None:
    handover_receipts.record(desk, made.id, "sent", "J. Okafor", "DSL")
    path = tmp_path / "r.json"
    path.write_bytes(bundlekit.receipt(bundle=made.sha256, case=made.case, at="2031-01-01T00:00:00+00:00"))
    done = handover_receipts.record_file(desk, made.id, str(path))
    assert done.steps[-1].at[:19] == NOW


def test_a_receipt_that_cannot_be_written_leaves_no_entry(
    other: Desk, sent_file: str, tmp_path: Path
) -> None:
    head = other.store.head
    (tmp_path / "there").write_text("mine")
    with pytest.raises(InvalidError, match="exists"):
        handover_receipts.accept(other, sent_file, str(tmp_path / "there"))
    assert other.store.head == head
    assert (tmp_path / "there").read_text() == "mine"


def test_a_receipt_whose_entry_fails_is_taken_back(
    other: Desk, sent_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    real = type(other).change

    @contextmanager
    def failing(self: Desk, *args: Any, **rest: Any) -> Iterator[Any]:
        with real(self, *args, **rest) as tx:
            yield tx
            raise InvalidError("The disk went away.")

    monkeypatch.setattr(type(other), "change", failing)
    with pytest.raises(InvalidError, match="went away"):
        handover_receipts.accept(other, sent_file, str(tmp_path / "r.json"))
    assert not (tmp_path / "r.json").exists()


def test_a_case_of_ours_cannot_be_accepted(desk: Desk, case: Case, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="came from no other school"):
        handover_receipts.accept(desk, case.id, str(tmp_path / "r.json"))


def test_without_keys_no_receipt_is_made(other: Desk, sent_file: str, tmp_path: Path) -> None:
    keyless = other.signed(other.who)
    with pytest.raises(InvalidError, match="no key to sign with"):
        handover_receipts.accept(keyless, sent_file, str(tmp_path / "r.json"))


@needs("ssh-keygen", "jq")
def test_stock_tools_check_a_receipt(receipt: Path, tmp_path: Path) -> None:
    lines = (
        f"jq -cSj .receipt {receipt.name} >r; jq -rj .signature {receipt.name} >r.sig; "
        "ssh-keygen -Y check-novalidate -n cp-file-receipt -s r.sig <r"
    )
    good = shell(tmp_path, lines)
    assert good.returncode == 0, good.stderr
    assert b"Good" in good.stdout
    receipt.write_bytes(receipt.read_bytes().replace(b"J. Okafor", b"K. Okafor"))
    assert shell(tmp_path, lines).returncode != 0
