"""A concern that was cut off, by command: listed, read, taken up or put away."""

from pathlib import Path

import pytest

from tests.conftest import NOW, signer
from tests.draftkit import CANARY
from tests.screens.commands.conftest import Workbench
from workbench.desk import drafts, folders
from workbench.desk.clock import FixedClock


@pytest.fixture
def cut(workbench: Workbench, folder: Path) -> str:
    """The id of a concern that `staff` were typing."""
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    desk = signer(folders.open_folder(folder, FixedClock(NOW)))("staff")
    own = drafts.keep(desk, "staff", f"{drafts.CONCERN}{pupil}", {"text": CANARY, "about": ""})
    desk.close()
    return own


def test_it_is_listed_read_and_taken_up(workbench: Workbench, cut: str) -> None:
    assert workbench("concern", "unfinished", user="staff").code == 1
    (row,) = workbench("concern", "unfinished", "--json").json
    assert (row["id"], row["user"]) == (cut, "staff")
    assert CANARY not in workbench("concern", "unfinished").out
    assert CANARY in workbench("concern", "look", cut).out
    own = workbench("concern", "take-up", cut, "--json").json["id"]
    found = workbench("concern", "show", own, "--json").json
    assert (found["by"], found["proven"], found["outcome"]) == ("staff", False, None)
    assert workbench("concern", "unfinished").out.strip() == "No concern that you may read was cut off."
    gone = workbench("concern", "look", cut)
    assert gone.code == 1
    assert "somebody else took it up" in gone.err


def test_it_is_put_away_with_a_reason(workbench: Workbench, cut: str) -> None:
    said = workbench("concern", "take-up", cut, "--outcome", "reported again at ten", user="deputy")
    assert said.out.strip().endswith(", decided on.")
    (row,) = workbench("concern", "list", "--json").json
    assert row["outcome"] == "reported again at ten"


def test_bytes_that_are_no_text_stop_no_concern(workbench: Workbench, tmp_path: Path) -> None:
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    said = tmp_path / "said.txt"
    said.write_bytes("he said caf\xe9".encode("latin-1"))
    heads = [word for user in ("dsl", "deputy", "leader") for word in ("--about", user)]
    found = workbench("concern", "report", pupil, str(said), *heads, "--json", user="staff")
    assert found.code == 0
    assert "Nobody here can read it" in found.err
    assert workbench("concern", "report", pupil, str(said), user="staff").out.endswith("read it today.\n")
    own = workbench("concern", "list", "--json").json[0]["id"]
    assert workbench("concern", "show", own, "--json").json["text"] == "he said caf�"
