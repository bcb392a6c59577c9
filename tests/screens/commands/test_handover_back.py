"""`workbench handover verify|import|received|accept|receipt|list`."""

from pathlib import Path

import pytest

from screens.cli import run
from screens.commands.session import World
from tests import bundlekit
from tests.bundlekit import NOTE, Signer
from tests.conftest import CHEAP
from tests.screens.commands.conftest import Workbench
from tests.workbench.story import UPN
from workbench.desk.clock import FixedClock

HAND = ("--channel", "a courier, by hand")


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    path = tmp_path / "hill.zip"
    path.write_bytes(bundlekit.bundle())
    return str(path)


@pytest.fixture
def left(workbench: Workbench, tmp_path: Path) -> dict[str, str]:
    """A handover that was made."""
    case = workbench("case", "open", UPN, "--trigger", "missing", "--json").json["id"]
    out = str(tmp_path / "b.zip")
    found: dict[str, str] = workbench("handover", "export", case, "--out", out, *HAND, "--json").json
    return found


def test_verify_needs_no_account_and_no_folder(
    bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "nowhere"))
    world = World(FixedClock("2026-11-23T09:00:00"), CHEAP)
    assert run(["handover", "verify", bundle], world) == 0
    said = capsys.readouterr().out
    for words in (
        "C-HHHHH1 of Hill School",
        "Whole:",
        Signer().fingerprint,
        "proves only that nothing was changed",
    ):
        assert words in said
    assert run(["handover", "verify", bundle, "--fingerprint", Signer(2).fingerprint], world) == 1
    assert "Another key signed" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_verify_as_json_has_every_key_and_a_changed_bundle_is_a_failure(
    workbench: Workbench, bundle: str
) -> None:
    found = workbench("handover", "verify", bundle, "--json", "--fingerprint", Signer().fingerprint).json
    assert (found["ok"], found["compared"], len(found["proof"])) == (True, True, 3)
    data = bytearray(Path(bundle).read_bytes())
    data[200] ^= 1
    Path(bundle).write_bytes(data)
    said = workbench("handover", "verify", bundle)
    assert (said.code, said.out) == (1, "")
    assert "case.json" in said.err


def test_import_is_one_entry_and_what_came_can_be_read(workbench: Workbench, bundle: str) -> None:
    before = len(workbench("log", "show", "--json").json)
    said = workbench("handover", "import", bundle)
    assert said.code == 0, said.err
    assert "found here by the UPN" in said.out
    assert "was not compared" in said.err
    assert "social_worker" in said.err
    acts = [
        e["act"] for e in workbench("log", "show", "--json").json[before:] if e["act"].startswith("handover")
    ]
    assert acts == ["handover.imported"]
    case = said.out.split()[2].rstrip(",")
    assert NOTE in workbench("handover", "received", case).out
    assert workbench("handover", "received", case, "--json").json["pupil"]["surname"] == "Stokes"
    assert NOTE not in workbench("case", "show", case).out
    again = workbench("handover", "import", bundle)
    assert again.code == 1
    assert case in again.err


def test_whom_the_case_is_about_is_told_to_leave_it_to_another(workbench: Workbench, bundle: str) -> None:
    said = workbench("handover", "import", bundle, "--about", "dsl")
    assert said.code == 0, said.err
    assert "It is about you" in said.out
    assert "handover received" not in said.out
    assert workbench("case", "show", said.out.split()[2].rstrip(",")).code == 1


def test_a_case_that_came_closed_is_listed_as_closed(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "closed.zip"
    file = bundlekit.case_file()
    path.write_bytes(bundlekit.bundle({**file, "case": {**file["case"], "open": False}}))
    case = workbench("handover", "import", str(path)).out.split()[2].rstrip(",")
    (line,) = [one for one in workbench("case", "list").out.splitlines() if one.startswith(case)]
    assert "closed" in line
    assert "step 1 of 9" not in line


def test_a_child_who_is_not_here_is_put_on_the_roll_if_asked(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "new.zip"
    child = {**bundlekit.CHILD, "upn": None, "surname": "Nowhere"}
    path.write_bytes(bundlekit.bundle(bundlekit.case_file(pupil=child)))
    refused = workbench("handover", "import", str(path))
    assert refused.code == 1
    assert "--add-pupil" in refused.err
    assert "Nowhere" not in refused.err
    assert workbench("handover", "import", str(path), "--class", "9B").code == 2
    made = workbench("handover", "import", str(path), "--add-pupil", "--class", "9B", "--json").json
    assert (made["found_by"], made["imported"]["case"]) == ("added", "C-HHHHH1")
    assert workbench("pupils", "show", made["pupil"], "--json").json["class"] == "9B"


def test_accept_writes_a_receipt_that_the_sender_takes_in(
    workbench: Workbench, left: dict[str, str], tmp_path: Path
) -> None:
    receipt = tmp_path / "r.json"
    said = workbench("handover", "accept", left["file"], "--out", str(receipt))
    assert said.code == 0, said.err
    assert "tell them the fingerprint by telephone" in said.out
    early = workbench("handover", "receipt", left["id"], "--file", str(receipt))
    assert early.code == 1
    assert "--state sent" in early.err
    sent = workbench(
        "handover", "receipt", left["id"], "--state", "sent", "--who", "J. Okafor", "--post", "DSL",
        "--hash", left["sha256"][:12],
    )  # fmt: skip
    assert sent.code == 0, sent.err
    assert "The check sum is ours." in sent.out
    done = workbench("handover", "receipt", left["id"], "--file", str(receipt), "--json").json
    assert (done["state"], done["steps"][-1]["hash"]) == ("accepted", left["sha256"])
    (row,) = workbench("handover", "list", "--json").json
    assert (row["id"], row["case"], row["state"]) == (left["id"], left["case"], "accepted")
    assert "accepted" in workbench("handover", "list", "--case", left["case"]).out


def test_a_receipt_needs_a_state_or_a_file_and_not_both(workbench: Workbench, left: dict[str, str]) -> None:
    assert workbench("handover", "receipt", left["id"]).code == 2
    assert workbench("handover", "receipt", left["id"], "--file", "x", "--state", "sent").code == 2
    assert workbench("handover", "receipt", left["id"], "--file", "x", "--who", "y").code == 2
    other = workbench(
        "handover", "receipt", left["id"], "--state", "sent", "--who", "A", "--post", "B", "--hash", "0" * 64
    )
    assert other.code == 1
    assert "they have another file" in other.err


def test_an_empty_list_says_why(workbench: Workbench) -> None:
    assert "No case was handed over yet" in workbench("handover", "list").out
    assert workbench("handover", "list", "--json").json == []
