"""A broken promise while it is being looked for: its kind and its words."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tests.faults.counts import Counts


class Told(NamedTuple):
    """One broken promise; `kind` is the list of `Counts` that it belongs into."""

    kind: Literal["lost", "unreadable", "wrong"]
    words: str


def lost(words: str) -> Told:
    """Something acknowledged is not found."""
    return Told("lost", words)


def unreadable(words: str) -> Told:
    """The folder cannot be opened, read, proven or written to as it must be."""
    return Told("unreadable", words)


def wrong(words: str) -> Told:
    """It reads well and is not true, or says what is not so."""
    return Told("wrong", words)


def note(counts: Counts, where: str, told: Iterable[Told]) -> None:
    """Write down what was broken, and where."""
    for kind, words in told:
        getattr(counts, kind).append(f"{where}: {words}")
