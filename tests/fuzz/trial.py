"""One input for one loader: what came out, how long it took."""

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fuzz.targets import Target

SECONDS = 1.0
"""Of the processor's time, for one input."""


class TooLongError(BaseException):
    """Raised into a loader that does not end."""


def attempt(target: Target, data: bytes) -> str:
    """Why an input is a finding; empty if it was taken, or refused as it should be."""
    begun = time.process_time()
    try:
        with ended_after(4 * SECONDS):
            target.load(data)
    except target.errors as error:
        if not str(error):
            return f"{type(error).__name__} without a word"
    except TooLongError:
        return f"longer than {4 * SECONDS:g} s"
    except Exception as error:  # noqa: BLE001
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} came out of {where.name}, line {where.lineno}: {str(error)[:200]}"
    took = time.process_time() - begun
    return f"took {took:.1f} s" if took > SECONDS else ""


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """What takes longer, counted in the processor's time, is ended."""

    def ended(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, ended)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
