"""Signing in before the app: a plain prompt at once, everything else loaded in a thread while the person types."""

from __future__ import annotations

import os
import termios
import threading

from screens.cli import FAILED, Given, say
from screens.watchdog import GONE, Watchdog, hung_up

TYPE_CHECKING = False  # `typing` alone costs as much as the prompt may take; mypy knows this name
if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.commands.session import Session, World

TRIES = 3
LATER = (
    "screens.commands.session",
    "cryptography.hazmat.primitives.kdf.argon2",
    "pendulum",
    "screens.app",
    "screens.today",
    "workbench.desk.duties",
)
"""What is imported behind the prompt."""
ECHO_FLAGS = 3
"""Where a terminal's attributes keep whether it shows what is typed."""


def open_app(given: Given, world: World | None) -> int:
    """Ask who it is, sign in, open the app.

    Args:
        given: the global options; a user or a passphrase that they name is not asked for.

    Returns:
        The app's exit code; 1 if nobody could be signed in, 129 if the line was cut meanwhile.
    """
    missing = _missing_folder(given)
    if missing:
        say(missing)
        return FAILED
    holder: list[Session] = []
    dog = Watchdog()
    loading = threading.Thread(target=_load, args=(given, world, holder, dog), daemon=True)
    for _ in range(1 if _has_secret(given) else TRIES):
        user = given.user or _ask("User: ", _once(loading))
        typed = None
        if user and not _has_secret(given):
            typed = _ask("Passphrase: ", _once(loading), hidden=True)
        if not user or (typed is None and not _has_secret(given)):
            return _nobody()
        _once(loading)()
        loading.join()
        code = _try(holder[0], user, typed, dog)
        if code is not None:
            return code
    return FAILED


def _missing_folder(given: Given) -> str:
    """What to say where the folder that was named is not there; the user's own is looked for later."""
    named = given.data or os.environ.get("WORKBENCH_DATA")
    if not named or os.path.isdir(os.path.expanduser(named)):
        return ""
    return (
        f"Data folder: there is none at {named!a}. "
        "Make one with `workbench init --school FILE.toml`, or look around with `workbench demo`."
    )


def _has_secret(given: Given) -> bool:
    return given.passphrase_fd is not None or "WORKBENCH_PASSPHRASE" in os.environ


def _nobody() -> int:
    if hung_up([0]):
        return GONE
    say("Nobody signed in.")
    return FAILED


def _once(loading: threading.Thread) -> Callable[[], None]:
    return loading.start if loading.ident is None else lambda: None


def _ask(prompt: str, shown: Callable[[], None], hidden: bool = False) -> str | None:
    """A line typed on the terminal; None where it ended.

    Args:
        shown: called once the prompt is on the screen.
        hidden: the terminal shows nothing of what is typed. That is set before the prompt is written, so that
            nothing typed early is shown or lost.
    """
    before = termios.tcgetattr(0)
    if hidden:
        dark = [*before]
        dark[ECHO_FLAGS] = before[ECHO_FLAGS] & ~termios.ECHO
        termios.tcsetattr(0, termios.TCSADRAIN, dark)
    try:
        os.write(2, prompt.encode())
        shown()
        line = os.read(0, 4096)  # one line: the terminal edits lines, and Textual reads this same descriptor
    finally:
        if hidden:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            os.write(2, b"\n")
    return line.decode("utf-8", "replace").rstrip("\r\n") if line else None


def _load(given: Given, world: World | None, holder: list[Session], dog: Watchdog) -> None:
    """Import what the app needs, open the folder, and work out today's duties: nothing of it is shown yet."""
    from importlib import import_module

    dog.start()
    for name in LATER:
        import_module(name)
    from screens.commands.session import Session, World
    from workbench.desk import duties
    from workbench.domain.errors import WorkbenchError

    session = Session(given, world or World())
    holder.append(session)
    try:
        duties.warm(session.open())
    except WorkbenchError:
        return  # signing in meets it again, and says so


def _try(session: Session, user: str, typed: str | None, dog: Watchdog) -> int | None:
    """Sign in and run; None after a wrong passphrase that may be typed again."""
    from screens.commands.session import tell
    from workbench.domain.errors import RefusedError, WorkbenchError

    session.given = session.given.at(user=user)
    try:
        desk = session.sign_in(typed, fold=False)
    except WorkbenchError as error:
        tell(error)
        session.close()
        return None if isinstance(error, RefusedError) else FAILED
    from screens.app import run

    try:
        return run(desk, dog)
    except WorkbenchError as error:
        say(str(error))
        return FAILED
    finally:
        desk.close(snapshot=True)
