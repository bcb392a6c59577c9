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
    from workbench.desk.context import Desk

TRIES = 3
LATER = (
    "screens.commands.session",
    "cryptography.hazmat.primitives.kdf.argon2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.hpke",
    "pendulum",
    "screens.app",
    "screens.today",
    "workbench.desk.duties",
)
"""What is imported behind the prompt."""
ECHO_FLAGS, SIGNS = 3, 6
"""Where a terminal's attributes keep whether it shows what is typed, and which keys mean what to it."""
CTRL_R, NO_KEY = "\x12", b"\0"
HINT = "Ctrl+R reports a concern without signing in."


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
    if not _has_secret(given):
        os.write(2, f"{HINT}\n".encode())
    for _ in range(1 if _has_secret(given) else TRIES):
        user, typed = _who(given, _starter(loading), _has_secret(given))
        if not user:
            return _nobody()
        _starter(loading)()
        loading.join()
        if user == CTRL_R:
            return _begin_locked(holder[0], dog)
        code = _try(holder[0], user, typed, dog)
        if code is not None:
            return code
    return FAILED


def _who(given: Given, shown: Callable[[], None], has_secret: bool) -> tuple[str, str | None]:
    """The name and the passphrase, as far as they have to be asked for; `CTRL_R` as the name where that was pressed,
    an empty one where the input ended."""
    user = given.user or _ask("User: ", shown) or ""
    if has_secret or not user or user.endswith(CTRL_R):
        return user[-1:] if user.endswith(CTRL_R) else user, None
    typed = _ask("Passphrase: ", shown, hidden=True)
    if typed is None:
        return "", None
    return (CTRL_R, None) if typed.endswith(CTRL_R) else (user, typed)


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


def _starter(loading: threading.Thread) -> Callable[[], None]:
    """Starts the thread if nobody did."""
    return lambda: loading.start() if loading.ident is None else None


def _ask(prompt: str, shown: Callable[[], None], hidden: bool = False) -> str | None:
    """A line typed on the terminal; None where it ended. Ctrl+R ends a line as Enter does, and is its last character.

    Args:
        shown: called once the prompt is on the screen.
        hidden: the terminal shows nothing of what is typed. That is set before the prompt is written, so that
            nothing typed early is shown or lost.
    """
    before = termios.tcgetattr(0)
    during = [*before]
    during[SIGNS] = [*before[SIGNS]]
    during[SIGNS][termios.VREPRINT], during[SIGNS][termios.VEOL] = NO_KEY, CTRL_R.encode()
    if hidden:
        during[ECHO_FLAGS] = before[ECHO_FLAGS] & ~termios.ECHO
    termios.tcsetattr(0, termios.TCSADRAIN, during)
    try:
        os.write(2, prompt.encode())
        shown()
        line = _read()
    finally:
        if not hung_up([0]):
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            os.write(2, b"\n" if hidden else b"")
    return line.decode("utf-8", "replace").rstrip("\r\n") if line else None


def _read() -> bytes:
    """One line: the terminal edits lines, and Textual reads this same descriptor. Empty where the terminal is gone."""
    try:
        return os.read(0, 4096)
    except OSError:
        if hung_up([0]):
            return b""
        raise


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
    return _run(desk, dog)


def _begin_locked(session: Session, dog: Watchdog) -> int:
    """Open the app at its lock, where a concern is taken from whoever is there."""
    from screens.commands.session import tell
    from workbench.domain.errors import WorkbenchError

    try:
        desk = session.open()
    except WorkbenchError as error:
        tell(error)
        return FAILED
    return _run(desk, dog)


def _run(desk: Desk, dog: Watchdog) -> int:
    from screens.app import run
    from screens.lock import refuse_without_role
    from workbench.domain.errors import WorkbenchError

    try:
        refuse_without_role(desk)
        return run(desk, dog)
    except WorkbenchError as error:
        say(str(error))
        return FAILED
    finally:
        desk.close(snapshot=True)
