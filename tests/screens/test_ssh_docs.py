"""What docs/ssh.md tells an administrator to write is tried as it stands, with paths and account of this machine."""

import getpass
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOW, PASSPHRASE
from tests.screens.sshkit import Server, Session, missing
from tests.screens.test_ssh import PROGRAM, ROOT

PAGE = (ROOT / "docs" / "ssh.md").read_text("utf-8")
WORKBENCH, DATA, KEYS = "/opt/workbench/.venv/bin/workbench", "/srv/workbench", "/etc/ssh/workbench_keys"

real = pytest.mark.skipif(bool(missing()), reason=f"no SSH server: {missing()}")


def block(name: str) -> str:
    """The one block of the page in that language."""
    found = re.findall(rf"^```{name}\n(.*?)^```$", PAGE, re.M | re.S)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def here(folder: Path, tmp_path: Path) -> Callable[[str], str]:
    """A block with the paths of this test: the program runs from here, at a clock that stands."""
    program = tmp_path / "workbench"
    code = PROGRAM.replace('["--data", sys.argv[1]]', "sys.argv[2:]").replace("sys.argv[2])", "sys.argv[1])")
    words = [sys.executable, "-c", code, NOW]
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(words)} "$@"\n')
    program.chmod(0o755)

    def placed(text: str) -> str:
        changes = {WORKBENCH: program, DATA: folder, KEYS: tmp_path / "ssh" / "authorized"}
        for old, new in changes.items():
            text = text.replace(old, str(new))
        return text.replace("Match User workbench", f"Match User {getpass.getuser()}")

    return placed


class Documented(Server):
    """A server with a block of the page, and keys as the page writes them.

    Args:
        settings: the block.
        key: the line of a key.
    """

    def __init__(self, folder: Path, settings: str, key: str) -> None:
        self.settings = settings
        super().__init__(folder, "")
        kind, own = (folder / "client.pub").read_text().split()[:2]
        (folder / "authorized").write_text(key.replace("ssh-ed25519 AAAA...", f"{kind} {own}"))

    def _configuration(self, command: str) -> str:
        ours = ("ForceCommand", "DisableForwarding") + ("AuthorizedKeysFile",) * bool(self.settings)
        lines = super()._configuration(command).splitlines()
        kept = [line for line in lines if not line.startswith(ours)]
        return "\n".join([*kept, "Subsystem sftp internal-sftp", self.settings])

    def client(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What a client gets that asks for something else."""
        command = ["ssh", "-F", "none", "-p", str(self.port), "-i", str(self.folder / "client"), "-o", "BatchMode=yes",
                   "-o", f"UserKnownHostsFile={self.folder / 'known'}", "-o", "IdentitiesOnly=yes"]  # fmt: skip
        line = [*command, *words[:-1], f"{getpass.getuser()}@127.0.0.1", *words[-1:]]
        return subprocess.run(line, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def works(session: Session, asked: str = "") -> None:
    """The app opens behind the passphrase, and closes with 0."""
    if asked:
        session.until("User:")
        session.keys(f"{asked}\r")
    session.until("Passphrase:")
    session.keys(f"{PASSPHRASE}\r")
    session.until("? help", "J. Okafor")
    session.keys("\x11")
    assert session.code() == 0


@real
def test_the_configuration_is_in_order(tmp_path: Path, here: Callable[[str], str]) -> None:
    server = Documented(tmp_path / "ssh", here(block("sshd_config")), block("authorized_keys"))
    words = [str(shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:/usr/bin"))]
    said = subprocess.run(
        [*words, "-t", "-f", str(server.folder / "conf")], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    settings = [
        *words,
        "-T",
        "-f",
        str(server.folder / "conf"),
        "-C",
        f"user={getpass.getuser()},host=h,addr=127.0.0.1",
    ]
    said = subprocess.run(settings, capture_output=True, text=True, check=True)
    for line in (
        "disableforwarding yes",
        "permituserrc no",
        "clientaliveinterval 15",
        "clientalivecountmax 3",
    ):
        assert line in said.stdout.splitlines()


@real
@pytest.mark.slow
def test_a_key_names_the_account_and_leads_nowhere_else(tmp_path: Path, here: Callable[[str], str]) -> None:
    with Documented(tmp_path / "ssh", here(block("sshd_config")), block("authorized_keys")) as server:
        works(server.session())
        asked = server.client("cat /etc/passwd")
        assert (asked.returncode, asked.stdout) == (1, "")
        assert "not a terminal" in asked.stderr
        forwarded = server.client("-o", "ExitOnForwardFailure=yes", "-R", "127.0.0.1:0:127.0.0.1:9", "true")
        assert "forwarding failed" in forwarded.stderr
        copied = server.client("-s", "sftp")
        assert (copied.returncode, copied.stdout) == (1, "")


@real
@pytest.mark.slow
def test_a_key_without_a_name_is_asked_for_it(tmp_path: Path, here: Callable[[str], str]) -> None:
    with Documented(
        tmp_path / "ssh", here(block("sshd_config")), "restrict,pty ssh-ed25519 AAAA...\n"
    ) as server:
        works(server.session(), asked="dsl")


@real
@pytest.mark.slow
def test_a_key_alone_does_it_too(tmp_path: Path, here: Callable[[str], str]) -> None:
    with Documented(tmp_path / "ssh", "", here(block("authorized_keys-command"))) as server:
        works(server.session())
        asked = server.client("cat /etc/passwd")
        assert (asked.returncode, asked.stdout) == (1, "")


@pytest.mark.slow
def test_the_login_shell_is_the_workbench_and_takes_no_command(
    tmp_path: Path, here: Callable[[str], str]
) -> None:
    shell = tmp_path / "terminal"
    shell.write_text(here(block("sh-terminal")))
    shell.chmod(0o755)
    refused = subprocess.run([str(shell), "-c", "id"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "")
    session = Session([str(shell)])
    works(session, asked="dsl")
    session.close()


@pytest.mark.skipif(shutil.which("visudo", path="/usr/sbin:/usr/bin") is None, reason="sudo is not installed")
def test_the_rule_for_sudo_is_in_order(tmp_path: Path) -> None:
    rule = tmp_path / "workbench"
    rule.write_text(block("sudoers"))
    rule.chmod(0o440)
    visudo = str(shutil.which("visudo", path="/usr/sbin:/usr/bin"))
    said = subprocess.run([visudo, "-c", "-s", "-f", str(rule)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
