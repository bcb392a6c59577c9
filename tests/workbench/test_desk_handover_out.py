"""A bundle is whole, signed, redacted and recorded, or it is not there."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DeskFor
from tests.stocktools import needs, shell
from tests.workbench.story import acts, opened, walked
from tests.workbench.test_desk_exports import checked
from workbench.desk import agefile, cases, contacts, events, exports, handover_out, roll
from workbench.desk import around as people_around
from workbench.desk.context import Desk
from workbench.desk.handover_out import Way
from workbench.domain import bundling, sshsig
from workbench.domain.cases import Case
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.handover import Handover
from workbench.domain.pupils import Pupil

BY_HAND = Way(channel="a courier, by hand")
CANARY = "Quizzlethorpe"
"""A name that nobody else has, of a child who must not be named."""


def others(desk: Desk, case: Case) -> list[Pupil]:
    return [p for p in roll.pupils(desk) if p.id != case.pupil]


def written(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def desk(desk_for: DeskFor) -> Desk:
    return desk_for("dsl")


@pytest.fixture
def case(desk: Desk) -> Case:
    """A case with everything in it, and a child linked whose name is a canary, in every text a person can write."""
    case = opened(desk)
    walked(desk, case.id)
    other, third = others(desk, case)[:2]
    roll.edit(desk, other.id, {"surname": CANARY, "forename": "Ottoline"})
    people_around.around_add(
        desk, other.id, {"kind": "parent", "name": "Wilhelmina Zyxwvut", "role": "mother"}
    )
    cases.link(desk, case.id, other.id, "witness")
    said = (
        f"Ottoline {CANARY} and Wilhelmina Zyxwvut said so; {CANARY.upper()}, OTTOLINE. "
        f"Ottoline's bag, Mrs Zyxwvut's car. {third.name}"
    )
    cases.note(desk, case.id, said)
    cases.answer(desk, case.id, "danger.level", "none", said)
    contacts.add(desk, case.pupil, f"Ottoline {CANARY}", said, case=case.id)
    events.record(desk, case.pupil, "moved_school", {"to": "Hill School", "starts": "2026-12-01"})
    return case


@pytest.fixture
def bundle(desk: Desk, case: Case, tmp_path: Path) -> Path:
    """An exported bundle."""
    made = handover_out.export(desk, case.id, str(tmp_path / "bundle.zip"), BY_HAND)
    return Path(made.path)


# what is in it ----------------------------------------------------------------------------------------------------


def test_it_holds_every_file_and_its_case_fits_the_published_schema(bundle: Path, case: Case) -> None:
    files = written(bundle)
    assert tuple(files) == bundling.NAMES
    built = checked(json.loads(files["case.json"]))
    assert built["case"]["id"] == case.id
    lines = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    assert lines == built["log"]
    assert "case.opened" in {entry["act"] for entry in lines}
    assert bundle.stat().st_mode & 0o777 == 0o600


def test_the_case_is_canonical(bundle: Path) -> None:
    raw = written(bundle)["case.json"]
    again = json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again.encode() + b"\n" == raw


def test_no_third_party_is_named_in_any_file(bundle: Path, desk: Desk, case: Case) -> None:
    other, third = others(desk, case)[0], others(desk, case)[1]
    named = [p for p in others(desk, case) if CANARY in p.surname]
    assert named, "the canary is on roll"
    for name, data in written(bundle).items():
        text = data.decode().casefold()
        for word in (CANARY, "Ottoline", "Zyxwvut", third.name, f"{third.forename} {third.surname}"):
            assert word.casefold() not in text, f"{word} stands in {name}"
    assert other.id


def test_where_a_name_stood_is_a_role_and_the_list_says_why(bundle: Path, desk: Desk, case: Case) -> None:
    built = json.loads(written(bundle)["case.json"])
    other = next(p for p in others(desk, case) if p.surname == CANARY)
    assert f"[witness {other.id}]" in built["notes"][0]["text"]
    assert f"[parent of the witness {other.id}]" in built["notes"][0]["text"]
    assert built["case"]["linked"] == [{"pupil": other.id, "role": "witness"}]
    lines = "\n".join(built["redactions"])
    for role in ("witness", "parent of the witness", "another child"):
        assert f"[{role} " in lines
    assert built["redactions"] == [line for line in built["redactions"] if "third party" in line]


def test_the_child_and_the_people_around_are_named(bundle: Path, desk: Desk, case: Case) -> None:
    child = roll.find(desk, case.pupil)
    text = written(bundle)["case.html"].decode()
    assert child.surname in text
    for adult in people_around.around(desk, case.pupil):
        assert adult.name in text


def test_the_page_asks_nothing_of_anybody(bundle: Path) -> None:
    text = written(bundle)["case.html"].decode().casefold()
    for word in (
        "<script",
        "javascript:",
        "http://",
        "https://",
        "src=",
        "href=",
        "url(",
        "@import",
        "<form",
        "<iframe",
    ):
        assert word not in text
    assert "default-src 'none'" in text


def test_markup_that_somebody_typed_stays_text(desk: Desk, case: Case, tmp_path: Path) -> None:
    cases.note(desk, case.id, "<script>alert(1)</script> & <img src=x onerror=y>")
    made = handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND)
    text = written(Path(made.path))["case.html"].decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text
    assert "<img" not in text


def test_the_same_case_at_the_same_moment_is_the_same_bundle(desk: Desk, case: Case, tmp_path: Path) -> None:
    made = [handover_out._bundle(desk, case, handover_out._keys(desk), "x").bundle for _ in range(2)]
    assert made[0] == made[1]


# the record -------------------------------------------------------------------------------------------------------


def test_an_export_is_one_entry_and_a_record(desk: Desk, case: Case, tmp_path: Path) -> None:
    before = desk.store.head.seq
    made = handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND)
    assert acts(desk, before) == ["handover.exported"]
    kept = desk.record("cases", "handovers", made.handover.id, Handover)
    assert kept == made.handover
    data = (tmp_path / "b.zip").read_bytes()
    assert kept is not None
    assert (kept.case, kept.pupil, kept.to, kept.channel) == (
        case.id,
        case.pupil,
        "Hill School",
        BY_HAND.channel,
    )
    assert kept.sha256 == kept.file_sha256 == hashlib.sha256(data).hexdigest()
    assert (kept.size, kept.steps, kept.state, kept.head) == (len(data), (), "made", before)
    signer = sshsig.public_of(written(tmp_path / "b.zip")["signer.pub"].decode())
    assert kept.signer == sshsig.fingerprint(signer)


def test_the_signature_is_by_the_key_of_whoever_exports(bundle: Path, desk: Desk) -> None:
    files = written(bundle)
    public = sshsig.checked(files["SHA256SUMS.sig"].decode(), files["SHA256SUMS"])
    assert desk.keys is not None
    assert public == desk.keys.sign_public


def test_without_keys_there_is_no_bundle(desk: Desk, case: Case, tmp_path: Path) -> None:
    desk.keys = None
    with pytest.raises(InvalidError):
        handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND)
    assert not (tmp_path / "b.zip").exists()


def test_a_case_that_is_sealed_to_others_is_not_handed_over(
    desk: Desk, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_out, "opens", lambda desk, case: False)
    for attempt in (
        lambda: handover_out.look(desk, case.id),
        lambda: handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND),
    ):
        with pytest.raises(InvalidError, match="its key is not yours"):
            attempt()
    assert not (tmp_path / "b.zip").exists()


def test_without_a_way_there_is_no_bundle(desk: Desk, case: Case, tmp_path: Path) -> None:
    before = desk.store.head.seq
    for way, words in (
        (Way(), "not said how"),
        (Way(channel="  "), "not said how"),
        (Way(recipient="age1x", passphrase="y"), "not both"),
        (Way(passphrase="password1"), r"passphrase"),
    ):
        with pytest.raises(InvalidError, match=words):
            handover_out.export(desk, case.id, str(tmp_path / "b.zip"), way)
    assert not (tmp_path / "b.zip").exists()
    assert desk.store.head.seq == before


def test_nothing_is_written_over(desk: Desk, case: Case, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("mine")
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match="exists already"):
        handover_out.export(desk, case.id, str(path), BY_HAND)
    assert path.read_text() == "mine"
    assert desk.store.head.seq == before


@pytest.mark.parametrize("place", ["b.zip", "log/b.zip", "log/../b.zip"])
def test_it_is_not_written_into_the_data_folder(desk: Desk, case: Case, place: str) -> None:
    before = desk.store.head.seq
    path = desk.store.path / place
    with pytest.raises(InvalidError, match="in the data folder"):
        handover_out.export(desk, case.id, str(path), BY_HAND)
    with pytest.raises(InvalidError, match="in the data folder"):
        exports.write_case(desk, case.id, path)
    assert not path.exists()
    assert desk.store.head.seq == before


@pytest.mark.parametrize("name", ["nowhere/b.zip", "b\0.zip", ""])
def test_a_name_that_no_file_can_have_leaves_no_record(
    desk: Desk, case: Case, tmp_path: Path, name: str
) -> None:
    before = desk.store.head.seq
    with pytest.raises(InvalidError):
        handover_out.export(desk, case.id, str(tmp_path / name) if name else "", BY_HAND)
    assert desk.store.head.seq == before


def test_a_file_without_an_entry_is_taken_away(
    desk: Desk, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    write = handover_out.write_output

    def then_fail(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        full()

    monkeypatch.setattr(handover_out, "write_output", then_fail)
    with pytest.raises(Exception, match="No space"):
        handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND)
    assert not list(tmp_path.glob("*b.zip*"))


def test_it_is_for_the_dsl_and_never_about_them(desk_for: DeskFor, tmp_path: Path) -> None:
    case = opened(desk_for("dsl"), about=("deputy",))
    with pytest.raises(NotFoundError):
        handover_out.look(desk_for("deputy"), case.id)
    for user in ("leader", "attendance", "staff", "auditor"):
        with pytest.raises(RefusedError):
            handover_out.export(desk_for(user), case.id, str(tmp_path / "b.zip"), BY_HAND)


# the look before --------------------------------------------------------------------------------------------------


def test_the_look_says_who_is_named_and_who_is_not(desk: Desk, case: Case) -> None:
    before = desk.store.head.seq
    seen = handover_out.look(desk, case.id)
    assert acts(desk, before) == ["case.viewed"]
    assert seen.named[0].role == "the child"
    roles = {one.role: one for one in seen.redacted}
    assert roles["witness"].name == f"{CANARY}, Ottoline"
    assert roles["witness"].places >= 8
    assert "Wilhelmina Zyxwvut" in {one.name for one in seen.redacted if one.role == "parent of the witness"}
    assert "another child" in roles
    assert seen.goes["notes"] == 1
    assert seen.to == "Hill School"


def test_a_look_can_stop_an_export(desk: Desk, case: Case, tmp_path: Path) -> None:
    def stop(seen: object) -> None:
        raise InvalidError("not like this")

    with pytest.raises(InvalidError, match="not like this"):
        handover_out.export(desk, case.id, str(tmp_path / "b.zip"), BY_HAND, before=stop)
    assert not (tmp_path / "b.zip").exists()


def test_a_linked_child_who_was_erased_is_no_hindrance(desk: Desk, case: Case) -> None:
    other = next(p for p in others(desk, case) if p.surname == CANARY)
    with desk.change("test.erased") as tx:
        tx.drop("pupils", "pupils", other.id)
    assert CANARY not in str(handover_out.look(desk, case.id).redacted)


# stock tools ------------------------------------------------------------------------------------------------------

VERIFY = "ssh-keygen -Y verify -f allowed_signers -I dsl -n cp-file-transfer -s SHA256SUMS.sig < SHA256SUMS"


@needs("unzip", "sha256sum", "ssh-keygen")
def test_the_commands_of_the_readme_check_it(bundle: Path, tmp_path: Path) -> None:
    readme = written(bundle)["README.txt"].decode()
    assert VERIFY in readme
    assert "sha256sum -c SHA256SUMS" in readme
    folder = tmp_path / "received"
    folder.mkdir()
    assert shell(folder, f"unzip -q {bundle}").returncode == 0
    assert shell(folder, "sha256sum --strict -c SHA256SUMS").returncode == 0
    good = shell(folder, VERIFY)
    assert good.returncode == 0, good.stderr
    fingerprint = good.stdout.decode().split()[-1]
    assert fingerprint in readme
    page = folder / "case.html"
    page.write_bytes(page.read_bytes().replace(b"Confidential", b"confidential"))
    assert shell(folder, "sha256sum -c SHA256SUMS").returncode == 1


def _opens(folder: Path, line: str, bundle: str) -> None:
    done = shell(folder, line)
    assert done.returncode == 0, done.stderr
    assert zipfile.ZipFile(io.BytesIO(done.stdout)).namelist() == list(bundling.NAMES)
    assert hashlib.sha256(done.stdout).hexdigest() == bundle


@needs("age", "age-keygen")
def test_age_opens_what_was_encrypted_for_a_key(desk: Desk, case: Case, tmp_path: Path) -> None:
    pytest.importorskip("pyrage")
    shell(tmp_path, "age-keygen -o key.txt")
    recipient = shell(tmp_path, "age-keygen -y key.txt").stdout.decode().strip()
    made = handover_out.export(desk, case.id, str(tmp_path / "b.age"), Way(recipient=recipient))
    assert made.handover.encrypted == "key"
    assert made.handover.sha256 != made.handover.file_sha256
    _opens(tmp_path, "age -d -i key.txt b.age", made.handover.sha256)
    shell(tmp_path, "age-keygen -o other.txt")
    assert shell(tmp_path, "age -d -i other.txt b.age").returncode != 0


def test_what_is_encrypted_with_a_passphrase_opens_with_it(desk: Desk, case: Case, tmp_path: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    secret = "window gravel teapot umbrella"
    made = handover_out.export(desk, case.id, str(tmp_path / "b.age"), Way(passphrase=secret))
    opened_ = pyrage.passphrase.decrypt((tmp_path / "b.age").read_bytes(), secret)
    assert hashlib.sha256(opened_).hexdigest() == made.handover.sha256
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt((tmp_path / "b.age").read_bytes(), "another one of these")


def test_what_is_no_age_key_is_called_so(desk: Desk, case: Case, tmp_path: Path) -> None:
    pytest.importorskip("pyrage")
    with pytest.raises(InvalidError, match="no age key"):
        handover_out.export(desk, case.id, str(tmp_path / "b.age"), Way(recipient="age1nonsense"))


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(agefile.importlib, "import_module", none)
    with pytest.raises(InvalidError, match=r"not installed"):
        agefile.to_passphrase(b"x", "y")
