"""Errors of the floors below, in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from rules.errors import RulesError
from store.errors import StaleRevisionError, StoreError
from workbench.domain.errors import ConflictError, FolderError, InvalidError


@contextmanager
def translated() -> Iterator[None]:
    """Within it, errors of the store and of the rules become errors that a person can act on.

    Raises:
        ConflictError: if somebody else changed the record first.
        FolderError: for everything else that the store or the operating system says.
        InvalidError: for what the rules say.
    """
    try:
        yield
    except StaleRevisionError as error:
        raise ConflictError(
            "The record was changed meanwhile.",
            dict(error.stored or {}),
            dict(error.yours),
            where=error.where,
        ) from error
    except StoreError as error:
        raise FolderError(_what(error), kept=error.kept, todo=error.todo) from error
    except RulesError as error:
        raise InvalidError(str(error)) from error
    except OSError as error:
        raise FolderError(
            f"The data folder cannot be used: {error.strerror or type(error).__name__}.",
            kept="What was acknowledged before is kept.",
            todo="Look at the disk and at who may write there; then try again.",
        ) from error


def _what(error: StoreError) -> str:
    what = error.what.rstrip(".")
    if error.where and error.where not in what:
        what = f"{what} ({error.where})"
    return f"{what[:1].upper()}{what[1:]}."
