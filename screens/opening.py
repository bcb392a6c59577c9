"""Signing in before the app: a plain prompt at once, everything else loaded in a thread while the person types."""

import getpass
import os
import sys
import threading
from typing import TYPE_CHECKING

from screens.cli import FAILED, Given, say

if TYPE_CHECKING:
    from screens.commands.session import World

TRIES = 3


def _load() -> None:
    import screens.app
    import screens.commands.session
    import screens.today  # noqa: F401


def open_app(given: Given, world: "World | None") -> int:
    """Ask who it is, sign in, open the app.

    Returns:
        The app's exit code, or 1 if nobody could be signed in.
    """
    interactive = given.passphrase_fd is None and "WORKBENCH_PASSPHRASE" not in os.environ
    if interactive and given.user is None:
        os.write(2, b"User: ")
    loading = threading.Thread(target=_load, daemon=True)
    loading.start()
    user = given.user or (sys.stdin.readline().strip() if interactive else "")
    for _ in range(TRIES if interactive else 1):
        typed = getpass.getpass("Passphrase: ") if interactive else None
        loading.join()
        code = _try(given._replace(user=user or given.user), world, typed)
        if code is not None:
            return code
    return FAILED


def _try(given: Given, world: "World | None", typed: str | None) -> int | None:
    """Sign in and run; None after a wrong passphrase that may be typed again."""
    from screens.commands.session import Session, World, tell
    from workbench.domain.errors import RefusedError, WorkbenchError

    session = Session(given, world or World())
    try:
        desk = session.sign_in(typed, fold=False)
    except RefusedError as error:
        tell(error)
        session.close()
        return None
    except WorkbenchError as error:
        tell(error)
        session.close()
        return FAILED
    from screens.app import run

    try:
        return run(desk)
    except WorkbenchError as error:
        say(str(error))
        return FAILED
    finally:
        desk.close(snapshot=True)
