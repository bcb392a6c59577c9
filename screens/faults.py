"""What is said of a fault of our own: a reference, its type and its place. Never a value: it could be a name."""

from __future__ import annotations

import os
import sys
import threading

TYPE_CHECKING = False  # `typing` alone costs as much as the prompt may take; mypy knows this name
if TYPE_CHECKING:
    from types import TracebackType


def place_of(trace: TracebackType | None) -> str:
    """Module and line in which an error came up, from its trace; `?` where there is none."""
    place = "?"
    while trace is not None:
        place, trace = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}", trace.tb_next
    return place


def words(error: BaseException | None, kind: str = "") -> str:
    """What to say of an error that nobody expected. The reference tells one report from another.

    Args:
        error: None where only its kind is known.
        kind: the name of its type then.
    """
    kind = type(error).__name__ if error is not None else kind or "fault"
    place = place_of(error.__traceback__ if error is not None else None)
    return (
        f"Something went wrong in the program itself ({kind} at {place}, reference {os.urandom(3).hex()}). "
        "What was acknowledged is kept. Please report the words in brackets, and the key or command before them."
    )


def say(text: str) -> None:
    """A line on standard error; none where that is gone."""
    try:
        sys.stderr.write(f"{text}\n")
    except (OSError, ValueError, AttributeError):
        return


def keep_quiet() -> None:
    """From now on Python's own last words are these too: its traceback quotes messages, which quote values."""
    sys.excepthook = lambda *error: say(words(error[1]))
    sys.unraisablehook = lambda unraisable: say(words(unraisable.exc_value))
    threading.excepthook = lambda failed: say(words(failed.exc_value))
