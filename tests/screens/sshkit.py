"""A real SSH server on this machine for a test: own configuration, own host key, one forced command, 127.0.0.1 only.

with Server(tmp_path, command) as server:
    desk = server.session()                  # the ssh client on a pseudo-terminal of 80x24
    desk.until("Passphrase:")
    desk.keys("a few plain words\\r")
"""

import fcntl
import getpass
import os
import pty
import select
import shutil
import socket
import struct
import subprocess
import termios
import time
from contextlib import closing, suppress
from pathlib import Path

import pyte

LIMIT = 12.0
"""Seconds that anything waited for may take at most."""
COLUMNS, LINES = 80, 24
SEPARATION = Path("/run/sshd")
"""Where a server that runs as root wants an empty folder; nobody else needs it."""


def missing() -> str:
    """Why no server can be started here; empty where one can."""
    for name in ("sshd", "ssh", "ssh-keygen"):
        if _which(name) is None:
            return f"{name} is not installed"
    if os.geteuid() == 0 and not SEPARATION.is_dir():
        return f"sshd as root needs {SEPARATION}, which is not there"
    return ""


def _which(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """An SSH server that runs one command for whoever has the key it made.

    Args:
        folder: an empty folder of its own, for keys and configuration.
        command: what every session runs, whatever it asks for.
    """

    def __init__(self, folder: Path, command: str) -> None:
        self.folder, self.port = folder, _free_port()
        folder.mkdir(mode=0o700)
        for name in ("host", "client"):
            keygen = [str(_which("ssh-keygen")), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(keygen, check=True, stdin=subprocess.DEVNULL)
        shutil.copy(folder / "client.pub", folder / "authorized")
        host = (folder / "host.pub").read_text().split()
        (folder / "known").write_text(f"[127.0.0.1]:{self.port} {host[0]} {host[1]}\n")
        (folder / "conf").write_text(self._configuration(command))
        self.process: subprocess.Popen[bytes] | None = None
        self.sessions: list[Session] = []

    def _configuration(self, command: str) -> str:
        settings = {
            "ListenAddress": f"127.0.0.1:{self.port}",
            "HostKey": self.folder / "host",
            "AuthorizedKeysFile": self.folder / "authorized",
            "ForceCommand": command,
            "PidFile": "none",
            "StrictModes": "no",
            "UsePAM": "no",
            "PasswordAuthentication": "no",
            "KbdInteractiveAuthentication": "no",
            "PermitRootLogin": "prohibit-password",
            "PrintMotd": "no",
            "PrintLastLog": "no",
            "DisableForwarding": "yes",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def __enter__(self) -> "Server":
        with (self.folder / "log").open("wb") as log:
            command = [str(_which("sshd")), "-D", "-e", "-f", str(self.folder / "conf")]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + LIMIT
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise AssertionError(f"sshd does not listen: {self.log()}")
        return self

    def _listens(self) -> bool:
        with closing(socket.socket()) as line:
            line.settimeout(LIMIT)
            return line.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_: object) -> None:
        for session in self.sessions:
            session.close()
        assert self.process is not None
        self.process.terminate()
        self.process.wait(LIMIT)

    def log(self) -> str:
        """What the server said."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def session(self) -> "Session":
        """Another person's session."""
        options = {
            "BatchMode": "yes", "IdentitiesOnly": "yes", "ControlMaster": "no", "LogLevel": "ERROR",
            "UserKnownHostsFile": str(self.folder / "known"), "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
        }  # fmt: skip
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        ssh = [
            str(_which("ssh")),
            "-F",
            "none",
            "-tt",
            "-p",
            str(self.port),
            "-i",
            str(self.folder / "client"),
        ]
        made = Session([*ssh, *words, f"{getpass.getuser()}@127.0.0.1"])
        self.sessions.append(made)
        return made


class Session:
    """A program on a pseudo-terminal, and what a terminal would show of it."""

    def __init__(self, command: list[str]) -> None:
        self.fd, inside = pty.openpty()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside, env=env, start_new_session=True
        )
        os.close(inside)
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def window(self) -> str:
        """What is on the terminal."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def keys(self, text: str) -> None:
        """Press keys."""
        os.write(self.fd, text.encode())

    def until(self, *words: str, gone: str = "") -> str:
        """Read until all words are on the terminal, and `gone` is not; returns what is on it."""
        end = time.monotonic() + LIMIT
        while not all(word in self.window for word in words) or (gone and gone in self.window):
            assert time.monotonic() < end, f"never seen: {words}, gone: {gone!r}\n{self.window}"
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self._stream.feed(os.read(self.fd, 65_536))
                except OSError:
                    raise AssertionError(
                        f"the session ended before {words} was seen\n{self.window}"
                    ) from None
        return self.window

    def code(self) -> int:
        """The exit code, once the program is gone."""
        end = time.monotonic() + LIMIT
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.05)[0]:
                with suppress(OSError):
                    os.read(self.fd, 65_536)
        return self.process.wait(0.1)

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(LIMIT)
        os.close(self.fd)
