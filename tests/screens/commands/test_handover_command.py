"""`workbench handover check|export`: who is named is said first, the bundle is written and recorded in one entry."""

import os
import zipfile
from pathlib import Path

import pytest

from tests.screens.commands.conftest import Workbench
from tests.stocktools import needs, shell
from tests.workbench.story import TEN_DAYS, UPN
from workbench.domain import bundling

HAND = ("--channel", "a courier, by hand")


@pytest.fixture
def case(workbench: Workbench) -> str:
    """A case in which a linked child and another one are named."""
    duty = workbench("due", "--rule", TEN_DAYS, "--pupil", UPN, "--json").json[0]
    made: str = workbench("case", "open", duty["pupil"], "--trigger", duty["id"], "--json").json["id"]
    rows = workbench("pupils", "list", "--json").json
    other, third = [row for row in rows if row["id"] != duty["pupil"]][:2]
    workbench("case", "link", made, other["id"], "--role", "harmed")
    workbench("case", "note", made, f"{other['name']} was hit by {third['name']}")
    return made


def _acts(workbench: Workbench) -> list[str]:
    found = [entry["act"] for entry in workbench("log", "show", "--json").json]
    return [act for act in found if act != "person.signed-in"]  # that of a look at the log itself


def test_the_look_comes_before_the_bundle(workbench: Workbench, case: str, tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    said = workbench("handover", "export", case, "--out", str(out), *HAND, "--to", "Hill School")
    assert said.code == 0, said.err
    for words in (
        "Named in it:",
        "(the child)",
        "Taken out:",
        "[harmed child P-",
        "[another child P-",
        "Goes out:",
    ):
        assert words in said.err
    assert said.out.startswith(f"Written: {out}\n")
    assert "Hill School" in said.out
    assert "SHA256:" in said.out
    assert zipfile.ZipFile(out).namelist() == list(bundling.NAMES)


def test_it_is_one_entry(workbench: Workbench, case: str, tmp_path: Path) -> None:
    before = _acts(workbench)
    workbench("handover", "export", case, "--out", str(tmp_path / "b.zip"), *HAND)
    assert _acts(workbench)[len(before) :] == ["handover.exported"]


def test_json_has_every_key(workbench: Workbench, case: str, tmp_path: Path) -> None:
    out = str(tmp_path / "b.zip")
    found = workbench("handover", "export", case, "--out", out, *HAND, "--json").json
    assert set(found) == {
        "id", "case", "pupil", "at", "by", "to", "channel", "encrypted", "sha256", "file_sha256", "size", "signer",
        "head", "steps", "rev", "file", "redacted",
    }  # fmt: skip
    assert found["id"].startswith("H-")
    assert (found["case"], found["encrypted"], found["steps"], found["file"]) == (case, "none", [], out)


def test_the_look_alone_writes_no_bundle(workbench: Workbench, case: str) -> None:
    before = _acts(workbench)
    said = workbench("handover", "check", case)
    assert said.code == 0
    assert "Stays here: concerns" in said.out
    assert _acts(workbench)[len(before) :] == ["case.viewed"]
    found = workbench("handover", "check", case, "--json").json
    assert (found["id"], found["case"]) == (case, case)
    assert [one["role"] for one in found["redacted"]][:1] == ["harmed child"]


@pytest.mark.parametrize(
    "more", [(), ("--channel", " "), ("--encrypt-to", "age1no"), ("--passphrase-fd", "99")]
)
def test_what_is_refused_leaves_no_file(
    workbench: Workbench, case: str, tmp_path: Path, more: tuple[str, ...]
) -> None:
    said = workbench("handover", "export", case, "--out", str(tmp_path / "b.zip"), *more)
    assert said.code == 1
    assert said.out == ""
    assert not list(tmp_path.glob("*b.zip*"))


def test_it_is_for_the_dsl(workbench: Workbench, case: str, tmp_path: Path) -> None:
    for user in ("staff", "attendance", "leader", "auditor"):
        assert workbench("handover", "check", case, user=user).code == 1
        assert workbench("handover", "export", case, "--out", str(tmp_path / "b"), *HAND, user=user).code == 1
    assert workbench("handover", "export", case).code == 2


@needs("age", "age-keygen", "unzip", "sha256sum", "ssh-keygen")
def test_encrypted_decrypted_unpacked_and_checked_with_tools_of_others(
    workbench: Workbench, case: str, tmp_path: Path
) -> None:
    pytest.importorskip("pyrage")
    shell(tmp_path, "age-keygen -o key.txt")
    recipient = shell(tmp_path, "age-keygen -y key.txt").stdout.decode().strip()
    said = workbench(
        "handover", "export", case, "--out", str(tmp_path / "b.age"), "--encrypt-to", recipient, "--json"
    )
    assert said.code == 0, said.err
    line = (
        "age -d -i key.txt -o b.zip b.age && unzip -q b.zip && sha256sum --quiet -c SHA256SUMS && sha256sum b.zip && "
        "ssh-keygen -Y verify -f allowed_signers -I dsl -n cp-file-transfer -s SHA256SUMS.sig < SHA256SUMS"
    )
    done = shell(tmp_path, line)
    assert done.returncode == 0, done.stderr
    assert said.json["sha256"] in done.stdout.decode()
    assert said.json["signer"] in done.stdout.decode()


def test_the_passphrase_comes_by_a_descriptor(workbench: Workbench, case: str, tmp_path: Path) -> None:
    pyrage = pytest.importorskip("pyrage")
    reader, writer = os.pipe()
    os.write(writer, b"window gravel teapot umbrella\n")
    os.close(writer)
    out = tmp_path / "b.age"
    said = workbench("handover", "export", case, "--out", str(out), "--encrypt-passphrase-fd", str(reader))
    os.close(reader)
    assert said.code == 0, said.err
    assert pyrage.passphrase.decrypt(out.read_bytes(), "window gravel teapot umbrella").startswith(b"PK")
