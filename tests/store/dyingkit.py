"""A process that ends, or a disk that refuses, at any call that alters a file."""

import errno
import os
from collections.abc import Callable
from typing import Any

HOWS = ("kill", "half", "after", "refuse")
"""Killed before the call, in the middle of a write, or after it; or the call is refused."""


class Killed(BaseException):
    """What stands for the end of the process."""


class Dying:
    """`os` for `store.files`: the nth call that alters something is killed before, in it or after, or refused."""

    ALTERING = frozenset(
        {
            "write",
            "pwrite",
            "fsync",
            "fdatasync",
            "replace",
            "rename",
            "link",
            "unlink",
            "ftruncate",
            "fchmod",
        }
    )

    def __init__(self, nth: int, how: str) -> None:
        self.nth, self.how, self.count, self.dead = nth, how, 0, False

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        makes = name == "open"
        if name not in self.ALTERING and not makes:
            return real

        def call(*args: Any, **kwargs: Any) -> Any:
            if makes and not args[1] & os.O_CREAT:
                return real(*args, **kwargs)
            if self.dead:
                raise Killed
            self.count += 1
            return self.fail(name, real, args) if self.count == self.nth else real(*args, **kwargs)

        return call

    def fail(self, name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        if self.how == "refuse":
            raise OSError(errno.EIO, "Input/output error")
        self.dead = True
        if self.how == "half" and name in ("write", "pwrite"):
            real(args[0], args[1][: len(args[1]) // 2], *args[2:])
        elif self.how == "after":
            real(*args)
        raise Killed
