"""What a restore undoes: what the log of the folder that is replaced says after the backup was made."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, to_builtins

from store.change import Tx
from store.errors import StoreError
from store.folder import Store
from store.log import Head
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.acts import act_words

PLACE = ("school", "restores")
NAMED = frozenset(
    {
        "records.held",
        "records.released",
        "records.erased",
        "person.added",
        "person.roles-set",
        "person.passphrase-set",
        "person.keyed",
        "pupil.added",
        "pupil.edited",
        "case.opened",
        "case.closed",
        "case.reopened",
        "case.assigned",
        "referral.added",
        "referral.escalated",
        "return.sent",
        "removal.started",
        "removal.authorised",
        "removal.completed",
        "removal.withdrawn",
        "mark.amended",
    }
)
"""Acts whose subjects are named one by one: somebody has to see to each of them again. Of others there is a number, of
concerns too: whom one is about is sealed, and it might be who restores."""
OF_CASES = ("removals", "referrals", "enquiries", "notes", "returns")


class Undone(Struct, frozen=True):
    """All entries of one act that a restore undoes."""

    act: str
    words: str
    count: int
    ids: tuple[str, ...]
    """What they were about, each once, in order; empty where the act is only counted."""


class After(Struct, frozen=True):
    """What a folder holds behind a backup."""

    head: str
    """The newest hash of the folder."""
    undone: tuple[Undone, ...] | None
    """By act, those that are named first; None where nobody can say: the folder does not hold the backup's head."""

    @property
    def count(self) -> int:
        """How many entries it is."""
        return sum(each.count for each in self.undone or ())


@verb("backup.verify")
def since(desk: Desk, head: Head) -> After:
    """What was entered in the open folder after a backup with this head, but for what is about the person signed in.

    Raises:
        FolderError: if the log cannot be read.
    """
    entries: list[Mapping[str, Any]] = []
    if head.seq:
        for entry in desk.store.entries(newest_first=True):
            if entry["seq"] <= head.seq:
                known = entry["seq"] == head.seq and entry["hash"] == head.hash
                return After(desk.store.head.hash, _summed(desk, reversed(entries)) if known else None)
            entries.append(entry)
    return After(desk.store.head.hash, None)


def in_folder(desk: Desk, path: Path, head: Head) -> After | None:
    """`since` in another folder, for the same person; None where it cannot be opened."""
    try:
        store = Store.open(path, readonly=True)
    except (StoreError, OSError):
        return None
    try:
        return since(Desk(store, desk.clock, desk.who, folded=True, random=desk.random), head)
    finally:
        store.close()


def note_undone(desk: Desk, tx: Tx, replaced: str, after: After | None) -> None:
    """Keep with the entry of a restore what it undid, under the head of the folder that was replaced."""
    undone = None if after is None else after.undone
    tx.put(*PLACE, {"id": replaced, "at": desk.stamp(), "undone": to_builtins(undone)})


def noted(store: Store, replaced: str) -> tuple[Undone, ...] | None:
    """What the restore that replaced the folder with this head undid; None where nobody could say."""
    doc = store.get(*PLACE, replaced)
    return None if doc is None else convert(doc["undone"], tuple[Undone, ...] | None)


def undone_words(undone: tuple[Undone, ...] | None) -> list[str]:
    """One line an act: what happened, how often, and to what; or that nobody can say."""
    if undone is None:
        return [
            "what was entered there cannot be compared: it does not hold the backup's head, or cannot be read"
        ]
    return [
        f"{each.words}: {each.count}" + (f" ({', '.join(each.ids)})" if each.ids else "") for each in undone
    ]


def _summed(desk: Desk, entries: Iterable[Mapping[str, Any]]) -> tuple[Undone, ...]:
    closed = _about(desk)
    counts: dict[str, int] = {}
    ids: dict[str, dict[str, None]] = {}
    for entry in entries:
        if closed.isdisjoint((entry["subject"], entry["why"])):
            act = entry["act"]
            counts[act] = counts.get(act, 0) + 1
            if act in NAMED and entry["subject"]:
                ids.setdefault(act, {})[entry["subject"]] = None
    found = [Undone(act, act_words(act), n, tuple(ids.get(act, ()))) for act, n in counts.items()]
    return tuple(sorted(found, key=lambda each: each.act not in NAMED))


def _about(desk: Desk) -> set[str]:
    """The ids of cases about the person signed in, and of what belongs to them."""
    found = {own for own, doc in desk.docs("cases", "cases").items() if desk.user() in doc.get("about", ())}
    belongs = {
        own
        for table in OF_CASES
        for own, doc in desk.docs("cases", table).items()
        if doc.get("case") in found
    }
    return found | belongs
