"""Putting faults beneath `store.files`: what the package's modules share is replaced in all of them at once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest

from store import files


def modules() -> list[ModuleType]:
    """The package and its modules."""
    inside = [import_module(f"{files.__name__}.{one.name}") for one in iter_modules(files.__path__)]
    return [files, *inside]


def bound(name: str) -> list[ModuleType]:
    """Those in which a name stands: where it is defined and wherever it was imported to.

    Raises:
        AssertionError: in none, so that nothing would be put in its place.
    """
    found = [module for module in modules() if name in vars(module)]
    assert found, f"nothing in store.files is called {name}"
    return found


def swap(monkeypatch: pytest.MonkeyPatch, name: str, part: object) -> None:
    """Put `part` in the place of a function of `store.files`, or of the module `os` in it, until the test ends."""
    for module in bound(name):
        monkeypatch.setattr(module, name, part)


@contextmanager
def swapped(**parts: Any) -> Iterator[None]:
    """Inside, each part stands in the place of what has its name in `store.files`."""
    with ExitStack() as stack:
        for name, part in parts.items():
            for module in bound(name):
                stack.enter_context(patch.object(module, name, part))
        yield
