"""Every command of `docs/accounts.md` does what the page says, in the order in which it stands there."""

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE
from tests.folderkit import RECOVERY
from tests.screens.commands.conftest import Workbench
from workbench.desk.recovery import as_text

PAGE = Path(__file__).parents[3] / "docs" / "accounts.md"
NEW = "seven quiet otters swim"


def lines() -> list[list[str]]:
    """The command lines of the page's blocks, without `workbench` and what is said beside them."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [shlex.split(line, comments=True)[1:] for block in blocks for line in block.splitlines()]


def given(text: str) -> str:
    """A file descriptor from which this can be read."""
    reader, writer = os.pipe()
    os.write(writer, f"{text}\n".encode())
    os.close(writer)
    return str(reader)


def test_every_block_works(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    case = workbench("case", "open", pupil, "--trigger", "other", "--json").json["id"]
    paper, secrets = as_text(RECOVERY), {"dsl": PASSPHRASE}
    monkeypatch.setenv("WORKBENCH_NEW_PASSPHRASE", NEW)
    for words in lines():
        user = words.pop(1) if words[0] == "--user" else "dsl"
        words = [case if word == "C-7F3KQ2" else word for word in words if word != "--user"]
        wants_paper = words[1] == "recover" or words[-1] == "prove"
        more = ["--recovery-fd", given(paper)] if wants_paper else []
        monkeypatch.setenv("WORKBENCH_PASSPHRASE", secrets.get(user, PASSPHRASE))
        said = workbench(*words, *more, "--json", user=None if words[1] == "recover" else user)
        assert said.code == 0, (words, said.err)
        paper = said.json.get("recovery", paper)
        if words[1] in ("passphrase", "recover"):
            secrets[said.json["user"]] = NEW
        elif words[1] == "reset":
            secrets[words[2]] = said.json["passphrase"]
    assert len(lines()) == 9


def test_the_page_names_every_verb_of_accounts_and_keys() -> None:
    text = PAGE.read_text("utf-8")
    for verb in ("prove", "new", "show"):
        assert f"people recovery {verb}" in text
    for verb in ("recover", "reset", "rekey", "remove", "passphrase", "role", "add", "list"):
        assert f"people {verb}" in text
