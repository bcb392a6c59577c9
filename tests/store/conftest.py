"""A small folder for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from storekit import fill

from store.folder import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store.create(path)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def reopened(path: Path) -> Iterator[Callable[..., Store]]:
    """Opens the folder again; all are closed at the end."""
    opened: list[Store] = []

    def again(**options: Any) -> Store:
        opened.append(Store.open(path, **options))
        return opened[-1]

    yield again
    for one in opened:
        one.close()
