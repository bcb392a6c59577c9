"""A case from another school is proven, then brought in as a new, marked one, whole or not at all."""

import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import bundlekit
from tests.bundlekit import CHILD, NOTE, Signer
from tests.conftest import DeskFor
from tests.workbench.story import UPN, opened
from workbench.desk import bundlefile, cases, duties, handover_in, roll
from workbench.desk.context import Desk
from workbench.desk.owned import Owned
from workbench.domain.errors import FolderError, InvalidError, NotFoundError, RefusedError

PLACE = {"class": "10H"}
Put = Callable[..., str]


@pytest.fixture
def desk(desk_for: DeskFor) -> Desk:
    return desk_for("dsl")


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a bundle and gives its name."""

    def write(data: bytes | None = None, **changes: Any) -> str:
        path = tmp_path / f"bundle-{len(list(tmp_path.iterdir()))}.zip"
        path.write_bytes(bundlekit.bundle(bundlekit.case_file(**changes)) if data is None else data)
        return str(path)

    return write


def child(**changes: Any) -> dict[str, Any]:
    return {**CHILD, **changes}


def refused(put: Put, data: bytes) -> str:
    with pytest.raises(InvalidError) as error:
        handover_in.verify(put(data))
    assert error.value.todo
    return error.value.what


# verifying --------------------------------------------------------------------------------------------------------


def test_it_says_what_proves_what(put: Put) -> None:
    found = handover_in.verify(put())
    assert (found.case, found.school, found.number) == ("C-HHHHH1", "Hill School", "880/4001")
    assert (found.signer, found.compared, found.entries) == (Signer().fingerprint, False, 2)
    whole, signed, who = handover_in.proof_lines(found)
    assert whole.startswith("Whole")
    assert Signer().fingerprint in signed
    assert "proves only that nothing was changed" in who


def test_a_fingerprint_that_was_told_is_compared(put: Put) -> None:
    found = handover_in.verify(put(), Signer().fingerprint)
    assert found.compared
    assert "the one that you were told" in handover_in.proof_lines(found)[2]
    with pytest.raises(InvalidError, match="Another key signed") as error:
        handover_in.verify(put(), Signer(2).fingerprint)
    assert Signer().fingerprint in error.value.what


def test_a_newer_case_file_is_named_as_newer(put: Put) -> None:
    with pytest.raises(
        InvalidError, match="version 2 of the case file; this program reads version 1"
    ) as error:
        handover_in.verify(put(version=2, something="new"))
    assert "newer version" in error.value.todo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"schema":"cme-case","schema":"cme-case"}', "stands twice"),
        (b'{"schema":"cme-case","version":NaN}', "NaN"),
        (b'{"schema":"cme-case","version":1e400}', "fraction or exponent"),
        (b'{"schema":"cme-case","version":123456789012345678901234567890}', "beyond 2^53"),
        (b"[" * 50_000, "nested deeper"),
        (b"\xff{}", "not UTF-8"),
        (b'{"schema":"cme-case","version":1,"made_by":"\\ud800"}', "surrogate"),
        (b"{}", "no case file"),
        (b'{"schema":"other","version":1}', "no case file"),
        (b'{"schema":"cme-case","version":1}', "missing required field"),
        (b"not JSON", "line 1 column 1"),
    ],
)
def test_json_that_is_not_what_it_should_be_is_named(put: Put, text: bytes, said: str) -> None:
    words = refused(put, bundlekit.bundle(case_json=text))
    assert "case.json" in words
    assert said in words


def test_a_value_of_the_wrong_kind_is_named_by_its_place(put: Put) -> None:
    words = refused(put, bundlekit.bundle(bundlekit.case_file(pupil=child(born="yesterday"))))
    assert "$.pupil.born" in words


def test_a_text_longer_than_any_is_named_by_its_place(put: Put) -> None:
    words = refused(put, bundlekit.bundle(bundlekit.case_file(made_by="x" * 60_000)))
    assert "case.json.made_by has 60,000 characters" in words


def test_entries_that_were_changed_or_differ_are_named(put: Put) -> None:
    log = bundlekit.entries()
    changed = [log[0], {**log[1], "actor": "nobody"}]
    words = refused(put, bundlekit.bundle(bundlekit.case_file(log=changed)))
    assert "log.jsonl: line 2 was changed" in words
    lines = b"".join(bundlekit.canonical(entry) + b"\n" for entry in log[:1])
    assert "1 entries, and case.json has 2" in refused(put, bundlekit.bundle(log_jsonl=lines))
    other = bundlekit.canonical(log[0]) + b"\n" + bundlekit.canonical(log[0]) + b"\n"
    assert "another entry" in refused(put, bundlekit.bundle(log_jsonl=other))


def test_signs_that_could_run_a_terminal_are_replaced_and_counted(put: Put, desk: Desk) -> None:
    notes = [{**bundlekit.case_file()["notes"][0], "text": "a\x9bb\u202ec"}]
    got = handover_in.bring_in(desk, put(notes=notes))
    file = handover_in.received(desk, got.case.id)
    assert file.notes[0].text == "a\ufffdb\ufffdc"
    assert "2 characters that no terminal should get were replaced." in got.remarks


HOSTILE = {
    "values": b"[" + b"{}," * 2_000_000 + b"{}]",
    "pairs": b"{" + b",".join(b'"%d":0' % n for n in range(120_000)) + b',"0":0}',
    "texts": b"[" + b'"' + b"x" * 8_000_000 + b'"]',
    "deep": b'{"a":' * 90_000,
    "numbers": b"[" + b"9" * 4_000_000 + b"]",
    "wide": ('["' + "\U0001f600" * 1_900_000 + '"]').encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_within_a_second_and_100_mib(put: Put, name: str) -> None:
    data = bundlekit.stored(bundlekit.signed(bundlekit.parts(case_json=HOSTILE[name])))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidError):
            bundlefile.read(data)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
    begun = time.process_time()
    with pytest.raises(InvalidError):
        bundlefile.read(data)
    assert time.process_time() - begun < 1


def test_the_largest_case_that_is_taken_is_read_within_a_second_and_100_mib() -> None:
    marks = [
        {"on": "2026-11-20", "session": "AM", "code": "/", "minutes": None, "note": f"{n:x}"}
        for n in range(25_000)
    ]
    data = bundlekit.bundle(bundlekit.case_file(marks=marks))
    begun = time.process_time()
    assert len(bundlefile.read(data).case.marks) == 25_000
    assert time.process_time() - begun < 1
    tracemalloc.start()
    try:
        bundlefile.read(data)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing", "huge"])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: str) -> None:
    import os

    path = tmp_path / "b.zip"
    if kind == "link":
        (tmp_path / "real").write_bytes(bundlekit.bundle())
        path.symlink_to(tmp_path / "real")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "huge":
        with path.open("wb") as made:
            made.truncate(1 << 40)
    with pytest.raises(InvalidError):
        handover_in.verify(str(path))


# bringing in ------------------------------------------------------------------------------------------------------


def test_a_pupil_who_is_here_is_found_by_upn_and_the_case_is_new_and_marked(put: Put, desk: Desk) -> None:
    here, path = roll.find(desk, UPN), put()
    before = desk.store.head.seq
    got = handover_in.bring_in(desk, path, fingerprint=Signer().fingerprint)
    assert (got.pupil, got.match.by) == (here.id, "upn")
    mark = cases.show(desk, got.case.id, again=True).case.imported
    assert mark is not None
    assert (mark.case, mark.school, mark.number, mark.signer) == (
        "C-HHHHH1", "Hill School", "880/4001", Signer().fingerprint,
    )  # fmt: skip
    assert mark.compared
    assert mark.sha256 == handover_in.verify(path).sha256
    assert got.case.id != mark.case
    (entry,) = [e for e in desk.store.entries() if e["seq"] > before]
    assert (entry["act"], entry["subject"], entry["why"]) == ("handover.imported", got.case.id, mark.sha256)


def test_nothing_of_the_record_here_is_written_over_and_what_differs_is_named(put: Put, desk: Desk) -> None:
    before = roll.find(desk, UPN)
    got = handover_in.bring_in(desk, put())
    assert roll.find(desk, UPN) == before
    assert "social_worker" in got.match.differs
    assert any("social_worker" in remark and "Nothing was taken over" in remark for remark in got.remarks)


def test_a_birth_date_that_differs_is_named(put: Put, desk: Desk) -> None:
    got = handover_in.bring_in(desk, put(pupil=child(born="2011-12-15")))
    assert "birth date" in got.match.differs


def test_a_upn_whose_name_and_birth_date_are_another_childs_is_refused(put: Put, desk: Desk) -> None:
    here, before = roll.find(desk, UPN), desk.store.head.seq
    stranger = put(pupil=child(surname="Nowhere", born="2012-01-01"))
    with pytest.raises(InvalidError, match="another name and another birth date") as error:
        handover_in.bring_in(desk, stranger)
    assert here.id in error.value.what
    assert "Nowhere" not in error.value.what
    assert desk.store.head.seq == before


def test_a_child_without_upn_is_found_by_name_and_birth_date(put: Put, desk: Desk) -> None:
    here = roll.find(desk, UPN)
    got = handover_in.bring_in(desk, put(pupil=child(upn=None, surname=" STOKES")))
    assert (got.pupil, got.match.by) == (here.id, "name and birth date")


def test_a_child_with_that_name_and_another_upn_is_named(put: Put, desk: Desk) -> None:
    with pytest.raises(InvalidError, match=r"P-\w+ has the name and birth date of the file, but another UPN"):
        handover_in.bring_in(desk, put(pupil=child(upn="A880400111111")))


def test_nobody_here_is_said_with_what_to_do(put: Put, desk: Desk) -> None:
    stranger = child(upn=None, surname="Nowhere", forename="Nora")
    head = desk.store.head
    with pytest.raises(NotFoundError, match="Nobody here") as error:
        handover_in.bring_in(desk, put(pupil=stranger))
    assert "--add-pupil" in error.value.todo
    assert "Nowhere" not in str(error.value)
    assert desk.store.head == head


def test_a_child_can_be_put_on_the_roll_in_the_same_change(put: Put, desk: Desk) -> None:
    stranger = child(upn=None, surname="Nowhere", forename="Nora", groups=["unknown-there"], home_la="Derby")
    before = desk.store.head.seq
    got = handover_in.bring_in(desk, put(pupil=stranger), add={**PLACE, "starts": "2026-11-30"})
    made = roll.find(desk, got.pupil)
    assert (made.surname, made.class_, made.starts.isoformat(), made.year) == (
        "Nowhere",
        "10H",
        "2026-11-30",
        10,
    )
    assert (made.social_worker, made.home_la, made.groups) == (True, "Derby", ())
    assert [e["act"] for e in desk.store.entries() if e["seq"] > before] == ["handover.imported"]
    with pytest.raises(InvalidError, match="here already"):
        handover_in.bring_in(desk, put(pupil=stranger, made_by="again"), add=PLACE)


def test_a_child_is_not_put_on_the_roll_without_a_class(put: Put, desk: Desk) -> None:
    with pytest.raises(InvalidError, match="needs a class"):
        handover_in.bring_in(desk, put(pupil=child(upn=None, surname="Nowhere")), add={})


def test_a_child_that_is_named_must_be_the_one_of_the_file(put: Put, desk: Desk) -> None:
    other = next(p for p in roll.pupils(desk) if p.upn != UPN and p.born.isoformat() != CHILD["born"])
    with pytest.raises(InvalidError, match=f"another child than {other.id}: its UPN and birth date differ"):
        handover_in.bring_in(desk, put(), pupil=other.id)
    assert handover_in.bring_in(desk, put(), pupil=UPN).match.by == "given"


def test_the_same_bundle_twice_is_refused_with_the_first(put: Put, desk: Desk) -> None:
    path = put()
    first = handover_in.bring_in(desk, path)
    with pytest.raises(InvalidError, match=f"imported already, as {first.case.id}"):
        handover_in.bring_in(desk, path)


def test_a_later_bundle_of_the_same_case_is_another_case_beside_it(put: Put, desk: Desk) -> None:
    first = handover_in.bring_in(desk, put())
    second = handover_in.bring_in(desk, put(made_at="2026-11-21T09:00:00+00:00"))
    assert second.case.id != first.case.id
    assert not second.case.is_open
    assert any(first.case.id in remark for remark in second.remarks)


def test_a_case_that_is_open_here_stays_as_it_is(put: Put, desk: Desk) -> None:
    mine = opened(desk)
    got = handover_in.bring_in(desk, put())
    assert desk.record("cases", "cases", mine.id, type(mine)) == mine
    assert not got.case.is_open
    assert any(mine.id in remark for remark in got.remarks)


def test_a_case_that_came_closed_is_closed_here(put: Put, desk: Desk) -> None:
    theirs = {**bundlekit.case_file()["case"], "open": False}
    got = handover_in.bring_in(desk, put(case=theirs))
    assert not got.case.is_open
    assert cases.reopen(desk, got.case.id, "there is work to do").is_open


def test_the_senders_entries_are_kept_apart_and_never_count_as_ours(put: Put, desk: Desk) -> None:
    got = handover_in.bring_in(desk, put())
    seen = cases.show(desk, got.case.id)
    assert (seen.notes, seen.enquiries, set(seen.answers)) == ((), (), {"happened.how"})
    assert seen.answers["happened.how"].value == "imported"
    assert all(NOTE not in line.text for line in seen.chronology)
    assert any("imported from Hill School" in line.text for line in seen.chronology)
    theirs = handover_in.received(desk, got.case.id)
    assert [line.text for line in theirs.chronology] == ["case opened", NOTE]
    assert len(theirs.log) == 2
    assert all(entry["actor"] != "hilda" for entry in desk.store.entries())


def test_what_came_is_sealed_on_the_disk(put: Put, desk: Desk, desk_for: DeskFor, folder: Path) -> None:
    handover_in.bring_in(desk, put())
    desk.store.snapshot()
    for path in folder.rglob("*"):
        if path.is_file():
            assert NOTE.encode() not in path.read_bytes(), path


def test_a_case_about_somebody_here_is_hidden_from_them(put: Put, desk: Desk, desk_for: DeskFor) -> None:
    got = handover_in.bring_in(desk, put(), about=["leader"])
    with pytest.raises(NotFoundError):
        handover_in.received(desk_for("leader"), got.case.id)
    assert handover_in.received(desk_for("deputy"), got.case.id).case.id == "C-HHHHH1"
    with pytest.raises(InvalidError, match="no account"):
        handover_in.bring_in(desk, put(made_by="x"), about=["nobody"])


def test_a_look_at_what_came_is_in_the_log(put: Put, desk: Desk) -> None:
    got = handover_in.bring_in(desk, put())
    handover_in.received(desk, got.case.id)
    last = list(desk.store.entries())[-1]
    assert (last["act"], last["subject"]) == ("case.viewed", got.case.id)
    handover_in.received(desk, got.case.id, again=True)
    assert list(desk.store.entries())[-1] == last


def test_a_case_of_ours_has_no_senders_file(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="came from no other school"):
        handover_in.received(desk, opened(desk).id)


def test_only_a_dsl_brings_in(put: Put, desk_for: DeskFor) -> None:
    with pytest.raises(RefusedError):
        handover_in.bring_in(desk_for("attendance"), put())


def test_a_full_disk_leaves_nothing_half_imported(
    put: Put, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    path, head, known = put(), desk.store.head, len(cases.cases(desk))

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        patched.setattr(os, "writev", full)
        with pytest.raises(FolderError):
            handover_in.bring_in(desk, path)
    assert desk.store.head == head
    assert len(cases.cases(desk)) == known
    assert dict(desk.docs("cases", "received")) == {}
    assert handover_in.bring_in(desk, path).case.imported is not None


def test_json_of_an_import_has_the_case_and_what_was_found(put: Put, desk: Desk) -> None:
    found = handover_in.as_json(handover_in.bring_in(desk, put()))
    assert found["id"].startswith("C-")
    assert found["found_by"] == "upn"
    assert json.dumps(found)


def test_an_imported_case_works_as_any_other(put: Put, desk: Desk) -> None:
    got = handover_in.bring_in(desk, put())
    cases.answer(desk, got.case.id, "danger.level", "none", "spoken to the child")
    assert cases.show(desk, got.case.id, again=True).answers["danger.level"].value == "none"
    assert duties.due(desk, pupil=got.pupil) is not None


def test_what_came_goes_with_the_child_when_records_are_erased(put: Put, desk: Desk) -> None:
    got = handover_in.bring_in(desk, put())
    assert Owned(desk, got.pupil).by_table()["received"] == 1
