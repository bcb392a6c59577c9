"""Faults put beneath the file module: the nth call of the system's fails, or writes less than it was given."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Fault:
    """A call that fails at its `nth` time; `hit` tells whether it came to that."""

    def __init__(self, call: str, code: int, nth: int) -> None:
        self._real: Callable[..., Any] = getattr(os, call)
        self._code, self._left = code, nth
        self.hit = False

    def __call__(self, *args: Any, **rest: Any) -> Any:
        self._left -= 1
        if self._left:
            return self._real(*args, **rest)
        self.hit = True
        raise OSError(self._code, os.strerror(self._code))


@contextmanager
def failing(call: str, code: int, nth: int = 1) -> Iterator[Fault]:
    """`os.CALL` fails once, at its `nth` time."""
    fault = Fault(call, code, nth)
    with patch.object(os, call, fault):
        yield fault


@contextmanager
def writing_short(kept: int, cut_fails: bool = False) -> Iterator[None]:
    """Every write stores no more than `kept` bytes and says so; on request what was written cannot be cut off."""
    real = os.write

    def short(fd: int, data: bytes) -> int:
        return real(fd, data[:kept])

    def refused(*_: object) -> None:
        raise OSError(5, os.strerror(5))

    with (
        patch.object(os, "write", short),
        patch.object(os, "ftruncate", refused if cut_fails else os.ftruncate),
    ):
        yield
