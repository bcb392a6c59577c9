"""What the system answers, in our words: no error of the operating system leaves the store."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from store.errors import WriteError

PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN}
"""Answers that say nothing of a file: they are over when something else has ended."""


def refused(error: OSError) -> WriteError:
    """The error of ours that says what the system answered."""
    if error.errno in PASSING:
        todo = "Close other programs, then try again."
    else:
        todo = "Look whether the disk is full, failing or not yours to write; then try again. Free space if need be."
    words = (error.strerror or type(error).__name__).lower()
    where = str(error.filename or "")
    return WriteError(f"the disk refused: {words}", where, "Everything acknowledged is kept.", todo)


@contextmanager
def spoken() -> Iterator[None]:
    """WriteError comes out where the system's error would; `with spoken():` or `@spoken()`."""
    try:
        yield
    except OSError as error:
        raise refused(error) from error
