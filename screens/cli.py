"""The door: `workbench` and every command. Nothing heavy is imported before it is needed.

Without a command the app opens: its prompt is on the screen before anything else is loaded; the rest loads while the
person types.
"""

from __future__ import annotations

import os
import resource
import sys
from io import TextIOWrapper

from screens import faults

TYPE_CHECKING = False  # `typing` alone costs as much as the prompt may take; mypy knows this name
if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.commands.session import World

FAILED, UNREADABLE, INTERRUPTED = 1, 2, 130
VALUED = {"--data": "data", "--user": "user", "--passphrase-fd": "passphrase_fd"}
WRITERS = ("click.utils", "screens.cli", "__main__")
"""Modules that write results: what the system refuses there is the output."""


class Given:
    """The options that may stand anywhere on a command line, and what is left of it."""

    __slots__ = ("data", "json", "passphrase_fd", "rest", "user")

    def __init__(
        self,
        data: str | None = None,
        user: str | None = None,
        passphrase_fd: str | None = None,
        json: bool = False,
        rest: tuple[str, ...] = (),
    ) -> None:
        self.data, self.user, self.passphrase_fd, self.json, self.rest = data, user, passphrase_fd, json, rest

    def at(self, data: str | None = None, user: str | None = None) -> Given:
        """The same, with another folder or another user."""
        return Given(data or self.data, user or self.user, self.passphrase_fd, self.json, self.rest)


class UnreadableError(Exception):
    """A command line that cannot be read."""


def pull(argv: Sequence[str]) -> Given:
    """Take `--data --user --passphrase-fd --json` out of a command line, wherever they stand before a `--`.

    Raises:
        UnreadableError: if one of them lacks its value.
    """
    found: dict[str, str | None] = dict.fromkeys(VALUED.values())
    rest: list[str] = []
    as_json = False
    words = list(argv)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *words]
            break
        if word == "--json":
            as_json = True
        elif name in VALUED and (equals or words):
            found[VALUED[name]] = value if equals else words.pop(0)
        elif name in VALUED:
            raise UnreadableError(f"{name} needs a value.")
        else:
            rest.append(word)
    return Given(found["data"], found["user"], found["passphrase_fd"], as_json, tuple(rest))


def harden() -> None:
    """No other process of the same account reading our memory, no core files, private files, no debug variables; and
    last words without values."""
    if sys.platform == "linux":
        _undumpable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    faults.keep_quiet()


def _streams() -> bool:
    """Make the standard streams usable; False where there is nowhere to write.

    A stream that came closed would give its number to the next file that is opened, and talk would be written into
    that file. A terminal that lacks a sign is shown the sign's number.
    """
    if sys.stderr is None or sys.stdout is None:
        if sys.stderr is not None:
            say("Standard output is closed: there is nowhere to write the result.")
        return False
    if sys.stdin is None:
        reader, writer = os.pipe()  # nothing to read, as at the end of a file
        os.close(writer)
        sys.stdin = os.fdopen(reader, encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return True


def _undumpable() -> None:
    import ctypes

    try:
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
    except (OSError, AttributeError):
        return


def say(text: str) -> None:
    """A line of talk on standard error; none where that is gone: the exit code says it, too."""
    faults.say(text)


def run(argv: Sequence[str], world: World | None = None) -> int:
    """Do what a command line says.

    Args:
        argv: the words after the program's name.
        world: clock and passphrase costs; the real ones unless given.

    Returns:
        The exit code: 0 done, 1 failed, refused or (for `due`) something overdue, 2 not readable.
    """
    try:
        given = pull(argv)
    except UnreadableError as error:
        say(str(error))
        return UNREADABLE
    try:
        return _open_app(given, world) if not given.rest else _command(given, world)
    except KeyboardInterrupt:
        say("Interrupted.")
        return INTERRUPTED


def _command(given: Given, world: World | None) -> int:
    from screens.commands.root import invoke

    return invoke(given, world)


def _open_app(given: Given, world: World | None) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("This is not a terminal: the app needs one. `workbench --help` lists the commands, which do not.")
        return FAILED
    from screens.opening import open_app

    return open_app(given, world)


def main(argv: Sequence[str] | None = None) -> None:
    """The console script."""
    harden()
    if not _streams():
        sys.exit(FAILED)
    words = list(sys.argv[1:] if argv is None else argv)
    code = FAILED
    try:
        code = run(words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough
        _drop_output()
    except OSError as error:
        say(_unwritten(error))
        _drop_output()
    except Exception as error:  # noqa: BLE001 - the last net: a place and a type, never a value
        say(faults.words(error))
    if code == INTERRUPTED:  # a thread may still be importing behind the prompt: nobody waits for it
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _drop_output() -> None:
    """Close standard output, so that Python does not try once more when it ends."""
    try:
        sys.stdout.close()
    except OSError:
        return


def _unwritten(error: OSError) -> str:
    """What to say where the system refused something that no verb answers for: as a rule, the output."""
    if faults.place_of(error.__traceback__).partition(":")[0] not in WRITERS:
        return faults.words(error)
    reason = error.strerror or type(error).__name__
    return f"The result could not be written: {reason}. What the command recorded is kept."


if __name__ == "__main__":
    main()
