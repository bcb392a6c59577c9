"""Checkpoints: now and then the log repeats who the people are, so that a hand-edited `people.json` is found
at once.

The record of the last one stands in `people.json` itself: a change that touches this file carries the digest
of the people as they then are, which is what a checkpoint is.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from store.log import FOLDER
from store.verifying import Problem
from workbench.desk.clock import read_stamp
from workbench.desk.context import Desk
from workbench.desk.signatures import holds, sign
from workbench.domain.people import Signature

MADE = "checkpoint.made"
AFTER_ENTRIES = 1000
"""A checkpoint is due when so many entries have passed since the last ..."""
AFTER = timedelta(days=1)
"""... or so much time."""


class Checkpoint(Struct, frozen=True, kw_only=True):
    """The last checkpoint: the place in the log that it follows, and when it was made."""

    id: str = "last"
    seq: int
    at: str
    by: str
    hash: str = ""
    """The entry's hash: everything up to it is what is signed."""
    signature: Signature | None = None
    """By a DSL or leader; none on the one with which a folder begins."""
    rev: int = 0


def checkpoint_due(desk: Desk) -> bool:
    """Whether a day or `AFTER_ENTRIES` entries have passed since the last one."""
    last = desk.record("people", "checkpoints", "last", Checkpoint)
    if last is None:
        return True
    return desk.store.head.seq - last.seq >= AFTER_ENTRIES or desk.now() - read_stamp(last.at) >= AFTER


def checkpoint(desk: Desk) -> Checkpoint:
    """One for this moment, to be saved in `people`, `checkpoints`; signed by whoever holds a key."""
    head = desk.store.head
    made = Checkpoint(seq=head.seq, hash=head.hash, at=desk.stamp(), by=desk.user())
    return made if desk.keys is None else replace(made, signature=sign(desk, *checkpoint_words(made)))


def checkpoint_words(made: Checkpoint) -> tuple[str | int, ...]:
    """What a checkpoint's signature covers: the log up to an entry, by its number and hash."""
    return ("checkpoint", made.seq, made.hash, made.at, made.by)


def proven(desk: Desk) -> tuple[list[Problem], Checkpoint | None]:
    """What is wrong with the checkpoints in the log, and the newest that somebody signed.

    A checkpoint is written as the entry that follows those it vouches for: a history that was written anew has other
    hashes, and nobody without the signer's key can sign them.
    """
    problems: list[Problem] = []
    newest = None
    for entry, parts in desk.store.changes_of(MADE):
        made = _of(parts)
        if made is None:
            continue
        fits = (made.seq, made.hash) == (entry["seq"] - 1, entry["prev"]) and made.by == entry["actor"]
        if not fits or not holds(desk, made.signature, *checkpoint_words(made)):
            reason = f"entry {entry['seq']}: the checkpoint is not what {made.by} signed"
            problems.append(Problem(FOLDER, 0, reason))
        else:
            newest = made
    return problems, newest


def _of(parts: Iterable[Mapping[str, Any]]) -> Checkpoint | None:
    """The checkpoint that a change carries, if it is one that is signed."""
    for part in parts:
        for op in part.get("op", ()):
            if (op.get("file"), op.get("table")) == ("people", "checkpoints"):
                for doc in op.get("put", {}).values():
                    made = msgspec.convert(doc, Checkpoint)
                    return made if made.signature else None
    return None


def make_checkpoint(desk: Desk) -> None:
    """Write one: the entry is `checkpoint.made`, and stands for the sign-in that caused it."""
    with desk.change(MADE) as tx:
        desk.save(tx, "people", "checkpoints", checkpoint(desk))
