"""What a command works in: the folder, who is signed in, and how its results and talk come out."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from screens import plain
from screens.cli import Given, say
from workbench.desk import folders, signin
from workbench.desk.clock import Clock, SystemClock
from workbench.desk.kdf import DEFAULT, Costs
from workbench.domain.errors import (
    ConflictError,
    FileFaultsError,
    GatesOpenError,
    InvalidError,
    WorkbenchError,
)

if TYPE_CHECKING:
    from workbench.desk.context import Desk

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE = "WORKBENCH_PASSPHRASE"
NO_TERMINAL = InvalidError(
    "No passphrase was given, and this is no terminal to ask on.",
    todo=f"Use --passphrase-fd N or ${VARIABLE}.",
)


NARROWER = ("on", "known", "pupil", "rule")
"""Options after which the duties of the whole school as of now are not what is asked for."""


class World:
    """What differs between a test and the real thing: the clock, and what a passphrase check costs."""

    def __init__(self, clock: Clock | None = None, kdf: Costs = DEFAULT) -> None:
        self.clock, self.kdf = clock or SystemClock(), kdf


class Session:
    """One command: its global options, its folder, its results."""

    def __init__(self, given: Given, world: World) -> None:
        self.given, self.world = given, world
        self.desk: Desk | None = None
        self.later: tuple[str, ...] = ()
        """Modules to import while the passphrase is checked: that takes 150 ms in which Python is free."""
        self.typed: str | None = None
        """The passphrase, where a command needs it beyond the sign-in and has asked for it."""
        self.used: str | None = None
        """The passphrase that somebody signed in with, for a command that asks for it once more."""
        self.said = 0
        """How many of the folder's remarks were said."""
        self.ahead = False
        """Whether today's duties are worked out in that time, too."""

    # the folder -------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The data folder: `--data`, else `$WORKBENCH_DATA`, else the user's own."""
        return Path(self.given.data).expanduser() if self.given.data else folders.default_path()

    def sign_in(self, passphrase: str | None = None, fold: bool = True) -> "Desk":
        """Open the folder and sign in; what is known about both is said."""
        opened = self.open()  # nothing is held while somebody types
        user = self.user()
        known = self.typed if passphrase is None else passphrase
        secret = self.used = self.passphrase() if known is None else known
        behind = Thread(target=self._behind, args=(opened,), daemon=True)
        behind.start()
        try:
            self.desk = signin.sign_in(opened, user, secret, fold=fold, then=behind.join)
        finally:
            behind.join()
        if words := unsealed(opened):
            say(words)
        self._remark(opened)
        return self.desk

    def _remark(self, desk: "Desk") -> None:
        """Say what was met in the folder and not said yet."""
        for remark in desk.store.remarks[self.said :]:
            say(f"Remark: {plain.safe(remark)}")
        self.said = len(desk.store.remarks)

    def open(self) -> "Desk":
        """The folder with nobody signed in; opened once."""
        if self.desk is None:
            self.desk = folders.open_folder(self.path, self.world.clock)
        return self.desk

    def _behind(self, opened: "Desk") -> None:
        for name in self.later:
            import_module(name)
        if self.ahead:
            from workbench.desk import duties

            duties.warm(opened)

    def user(self) -> str:
        """Who signs in: `--user`, else asked for.

        Raises:
            InvalidError: if nobody was named and there is no terminal.
        """
        if self.given.user:
            return self.given.user
        if not sys.stdin.isatty():
            raise InvalidError("Nobody was named.", todo="Say --user NAME.")
        return str(click.prompt("User", err=True))

    def passphrase(self, prompt: str = "Passphrase") -> str:
        """From `--passphrase-fd`, else the variable, else typed.

        Raises:
            InvalidError: if none of these gives one.
        """
        if self.given.passphrase_fd is not None:
            return read_fd(self.given.passphrase_fd)
        if VARIABLE in os.environ:
            return os.environ[VARIABLE]
        if not (sys.stdin.isatty() or sys.stderr.isatty()):
            raise NO_TERMINAL
        return _typed(prompt)

    def close(self, snapshot: bool = False) -> None:
        """Close the folder."""
        if self.desk is not None:
            self._remark(self.desk)
            self.desk.close(snapshot=snapshot)
            self.desk = None

    # results ----------------------------------------------------------------------------------------------

    def show(self, value: Any, lines: Callable[[], list[str]]) -> None:
        """The result on standard output: as JSON if that was asked for, else as lines."""
        if self.given.json:
            click.echo(plain.to_json(value))
        else:
            for line in lines():
                click.echo(plain.safe(line))

    def table(self, rows: list[dict[str, Any]], columns: dict[str, str], empty: str) -> None:
        """A list: an array of objects as JSON, else a table with these columns, or why it is empty."""
        self.show(rows, lambda: plain.table(rows, columns) if rows else [empty])


def unsealed(desk: "Desk") -> str:
    """What an older format does not do for a folder, said at every sign-in; empty for one whose records are sealed."""
    if not desk.store.is_older:
        return ""
    return (
        f"Folder format {desk.store.format}: records are not sealed; there is no recovery key and checkpoints are "
        "not signed. Protect the folder with its account and an encrypted disk."
    )


def _typed(prompt: str) -> str:
    """A passphrase typed on the terminal, which is there even where standard input is a file.

    Raises:
        InvalidError: if there is no terminal after all.
    """
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would read, and show, standard input
            return getpass.getpass(f"{prompt}: ", sys.stderr)
    except getpass.GetPassWarning:
        raise NO_TERMINAL from None
    except EOFError:
        raise click.Abort from None


def read_fd(text: str, option: str = "--passphrase-fd") -> str:
    """The first line that can be read from a file descriptor.

    Raises:
        InvalidError: if the descriptor cannot be read.
    """
    try:
        with os.fdopen(os.dup(int(text)), "rb") as stream:
            raw = stream.readline(4096)
    except (OSError, ValueError):
        raise InvalidError(f"{option} {plain.safe(text)} cannot be read.") from None
    return raw.decode("utf-8", "replace").rstrip("\r\n")


def tell(error: WorkbenchError, as_json: bool = False) -> None:
    """An error on standard error: what, what was kept, what to do next; and what belongs to its kind.

    Args:
        as_json: a conflict also goes to standard output as an object with both versions.
    """
    say(f"{error.title}: {plain.safe(str(error))}")
    if isinstance(error, GatesOpenError):
        say(f"open gates: {', '.join(error.gates)}")
    if isinstance(error, FileFaultsError):
        for fault in error.faults:
            say(f"  {plain.safe(str(fault))}")
    if isinstance(error, ConflictError):
        from screens.commands.conflict import both, both_lines

        for line in both_lines(error):
            say(plain.safe(line))
        if as_json:
            click.echo(plain.to_json(both(error)))


def current() -> Session:
    """The session of the command that runs; made when it is first asked for."""
    root = click.get_current_context().find_root()
    if not isinstance(root.obj, Session):
        given, world = root.obj
        root.obj = Session(given, world or World())
    return root.obj


@contextmanager
def signed() -> Iterator["Desk"]:
    """A signed-in desk for one command; it leaves exactly one entry."""
    session = current()
    try:
        desk = session.sign_in()
        try:
            yield desk
        finally:
            with suppress(WorkbenchError):
                desk.finish()
    finally:
        session.close()


def importing(*names: str, ahead: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have modules imported while the passphrase of a command is checked, and today's duties worked out `ahead` if
    nothing narrower is asked for."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            session = current()
            session.later = names
            session.ahead = ahead and not any(kwargs.get(name) for name in NARROWER)
            return function(*args, **kwargs)

        return wrapped

    return mark


def with_desk(function: "Callable[Concatenate[Session, Desk, P], R]") -> Callable[P, R]:
    """Give a command its session and a signed-in desk."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with signed() as desk:
            return function(current(), desk, *args, **kwargs)

    return wrapped


def fields_of(words: tuple[str, ...]) -> dict[str, str]:
    """`FIELD=VALUE` words as a mapping.

    Raises:
        InvalidError: for a word without `=`, or a field named twice.
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise InvalidError(f"{plain.safe(word)} is not FIELD=VALUE.")
        if name in found:
            raise InvalidError(f"{plain.safe(name)} stands twice.")
        found[name] = value
    return found


def _piped() -> bytes:
    """All of standard input, up to the bound that files have."""
    from workbench.desk.files import MOST_BYTES

    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise InvalidError(f"Standard input holds more than {MOST_BYTES} bytes.", todo="Send less at once.")
    return raw


def input_text(name: str, strict: bool = True) -> str:
    """The text of a file, or of standard input for `-`.

    Args:
        name: the file.
        strict: what is not UTF-8 is refused; else each byte that is not stands as a sign for one, and a concern is
            never stopped by it.

    Raises:
        InvalidError: if it cannot be read, or is not UTF-8.
    """
    from workbench.desk.files import read_input

    raw = _piped() if name == "-" else read_input(name)
    try:
        return raw.decode("utf-8-sig", "strict" if strict else "replace")
    except UnicodeDecodeError:
        raise InvalidError(f"{plain.safe(name)} is not UTF-8 text.", todo="Save it as UTF-8.") from None
