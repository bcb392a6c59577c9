"""What stands in an unsealed folder, carried over into a new, sealed one. No verbs here.

The records are carried, not the files: each table is written through the desk of the new folder, so that what is sealed
of it is sealed from its first line on. The old log stays where it is; the first entry of the new one names its head.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from store import files
from store.change import Tx
from store.folder import Store
from store.seal import Opened
from store.texts import FOLDER as RULES
from store.upgrade import LOGGED, OLD_SECRET
from store.vault import KEYS, SLOT
from workbench.desk import localrules, signin
from workbench.desk.checkpoints import checkpoint
from workbench.desk.context import Desk
from workbench.desk.keyring import Keyring
from workbench.desk.recovery import recovery_of
from workbench.desk.sealing import Sealer
from workbench.desk.sharing import new_key
from workbench.desk.vouching import VOUCHED
from workbench.domain.cases import Case
from workbench.domain.errors import FolderError
from workbench.domain.removals import Removal

Doc = dict[str, Any]
FIRST, NEXT = "folder.carried", "records.carried"
"""The acts: the first entry, whose `why` is the old head, and the others, whose `why` is the file."""
BEGIN = ("school", "people")
"""Files of the first entry."""
END = ("concerns", "cases")
"""Files that come last: what is worked out of all others is written beside a case."""
LEFT = frozenset(
    {("people", "checkpoints"), ("people", "recovery"), ("school", "proofs"), ("cases", "outlines")}
)
"""Tables that say something of the old log or are made anew."""
PUPILS = ("pupils", "pupils")
FORGOTTEN = ("rev", KEYS, VOUCHED, "sealed")
"""Fields that a record has anew in the new folder."""


class Carried(Struct, frozen=True, kw_only=True):
    """What came along."""

    records: dict[str, int]
    """How many records by the file that they stand in."""
    cases: int
    """How many cases got a key."""
    unsigned: tuple[str, ...]
    """Open removals: nobody signed what was asked for, so they are withdrawn and asked for again."""
    old_head: str
    head: str


def carry(old: Desk, place: Path, passphrase: str, recovery: bytes) -> Carried:
    """Make a folder at `place` of all that stands in an unsealed one; the old one is read, and not written to.

    Args:
        old: the desk of the old folder, with somebody signed in; others are kept from writing to it.
        place: where the new folder is made.
        passphrase: of the person signed in, who gets keys with it at once.
        recovery: the recovery key, 32 bytes.

    Raises:
        FolderError: something cannot be carried, or did not come out as it was; the new folder is then of no use.
    """
    desk = Desk(Store.create(place, random=old.random), old.clock, old.who, random=old.random)
    try:
        _copy_rules(old.store.path, place)
        with desk.change(FIRST, why=old.store.head.hash) as tx:
            for file in BEGIN:
                _put_file(old, tx, file)
            tx.put("people", "recovery", msgspec.to_builtins(recovery_of(recovery, desk.stamp())))
            tx.put("people", "checkpoints", msgspec.to_builtins(checkpoint(desk)))
        desk = signin.sign_in(desk.signed_out(), old.user(), passphrase, fold=True)
        for file in _others(old):
            with desk.change(NEXT, why=file) as tx:
                if file == "cases":
                    _seal_cases(desk, old, tx)
                _put_file(old, tx, file)
        counts = _compared(old, desk, recovery)
        _refuse_faults(desk)
        made = Carried(
            records=counts,
            cases=len(desk.docs("cases", "cases")),
            unsigned=tuple(
                one.id for one in desk.records("cases", "removals", Removal) if one.state == "open"
            ),
            old_head=old.store.head.hash,
            head=desk.store.head.hash,
        )
        desk.store.snapshot()
        return made
    finally:
        desk.close()


# writing --------------------------------------------------------------------------------------------------------


def _others(old: Desk) -> list[str]:
    names = [name for name in old.store.state.file_names() if name not in (*BEGIN, *END)]
    return [*names, *END]


def _tables(old: Desk, file: str) -> Iterator[tuple[str, Mapping[str, Doc]]]:
    for table, page in old.store.tables(file).items():
        if (file, table) not in LEFT and page.own:
            yield table, page.own


def _put_file(old: Desk, tx: Tx, file: str) -> None:
    """Put every document of a file; what says whose record it is has a part of its own, to be erased by itself."""
    for table, docs in _tables(old, file):
        for doc in docs.values():
            if tx.get(file, table, doc["id"]) is None:
                tx.put(file, table, _account(old, tx, doc) if (file, table) == ("people", "people") else doc)
            if (file, table) == PUPILS or "pupil" in doc or "case" in doc:
                tx.next_part()
        tx.next_part()


def _seal_cases(desk: Desk, old: Desk, tx: Tx) -> None:
    """The cases come first, each with a key: what belongs to them is sealed to it."""
    for doc in dict(_tables(old, "cases")).get("cases", {}).values():
        keyed = new_key(desk, tx, msgspec.convert(doc, Case))
        tx.put(
            "cases", "cases", {**doc, KEYS: list(keyed.seals), VOUCHED: msgspec.to_builtins(keyed.vouched)}
        )
        tx.next_part()


def _account(old: Desk, tx: Tx, doc: Doc) -> Doc:
    """An account with its slot. What the old log holds of a passphrase stays a reason to choose another."""
    kept = {name: value for name, value in doc.items() if name != OLD_SECRET}
    if doc.get(OLD_SECRET) is not None and old.store.format == 0:
        return {**kept, SLOT: tx.keep({**doc[OLD_SECRET], LOGGED: True})}
    if kept.get(SLOT) is not None:
        tx.keep(old.store.vault.slot(kept[SLOT]))
    return kept


def _copy_rules(source: Path, target: Path) -> None:
    """The files of the folder's own rules, and of its examples, which are in no log."""
    for layer in (*localrules.LAYERS, localrules.EXAMPLES):
        place = source / RULES / layer
        for name in files.names(place) if files.kind(place) == "folder" else ():
            if name.endswith(localrules.END) and files.kind(place / name) == "file":
                raw = files.read_capped(place / name, localrules.MOST_BYTES)
                files.make_parents(target / RULES / layer / name)
                files.write_private(target / RULES / layer / name, raw)


# reading back ---------------------------------------------------------------------------------------------------


def _compared(old: Desk, desk: Desk, recovery: bytes) -> dict[str, int]:
    """How many records each file holds, each read back with the recovery key and found to be what it was.

    Raises:
        FolderError: one is not.
    """
    ring = Keyring("recovery", recovery, b"", desk.store.vault)
    new = Opened(desk.store, Sealer(ring, desk.store, desk.random, lambda _: None))
    counts: dict[str, int] = {}
    for file in (*BEGIN, *_others(old)):
        for table, docs in _tables(old, file):
            if (file, table) in (("people", "people"), ("school", "packs")):
                continue  # keys and the rules of now
            found = new.docs(file, table)
            other = [own for own, doc in docs.items() if _shorn(found.get(own)) != _shorn(doc)]
            if other or len(found) != len(docs):
                which = f"{file}/{table}/{other[0]}" if other else f"{file}/{table}"
                raise FolderError(
                    f"{which} did not come out as it was.", kept="The old folder is as it was.",
                    todo="Run `workbench check` on it, then try again.",
                )  # fmt: skip
            counts[file] = counts.get(file, 0) + len(docs)
    return counts


def _shorn(doc: Mapping[str, Any] | None) -> Doc:
    return {name: value for name, value in (doc or {}).items() if name not in FORGOTTEN}


def _refuse_faults(desk: Desk) -> None:
    faults = [one for one in desk.store.check() if one.level == "fault"]
    if not desk.store.verify().whole or faults:
        words = f"{faults[0].file}: {faults[0].words}" if faults else "its log does not verify"
        raise FolderError(
            f"The new folder is not whole: {words}.", kept="The old folder is as it was.",
            todo="Look at the disk, then try again.",
        )  # fmt: skip
