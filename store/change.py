"""A change while it is being built: operations over any number of files, and what the state would then be."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Protocol

import msgspec

from store.canon import canonical, check, digest, trusted
from store.errors import InvalidDocError, StaleRevisionError
from store.pages import GUARD, GUARDED, Doc, Op, Page, spliced
from store.seal import Seal
from store.vault import Slot, WrappedKey, fingerprint

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_OWN = re.compile(r"[ -~]{1,200}")
_decode = msgspec.json.Decoder().decode
Random = Callable[[int], bytes]


@lru_cache(256)
def _is_name(name: str) -> bool:
    """Whether a file or table may be called so; there are few, asked for again and again."""
    return _NAME.fullmatch(name) is not None


class State(Protocol):
    """What a change reads: the tables as they stand under the lock."""

    seal: Seal

    def page(self, file: str, table: str) -> Page:
        """One table."""
        ...

    def tables(self, file: str) -> Mapping[str, Page]:
        """All tables of a file."""
        ...


class Tx:
    """The inside of one change. Nothing of it is seen outside before its line is stored."""

    def __init__(self, state: State, random: Random, seal: Seal | None = None) -> None:
        self._state, self._random = state, random
        self._seal = seal or state.seal
        self._parts: list[dict[tuple[str, str], Op]] = [{}]
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._guard = False
        self._format: int | None = None
        self.slots: dict[str, Slot] = {}
        """What the vault must hold before the line is stored, by fingerprint."""
        self.keys: dict[str, WrappedKey] = {}
        """Wrapped keys that the vault must hold before the line is stored, by key id; each replaces the one it had."""
        self.entry: dict[str, Any] = {}
        """The entry as written; empty before the change is stored."""

    # reading ------------------------------------------------------------------------------------------------

    def get(self, file: str, table: str, own_id: str) -> Doc | None:
        """A document as it would be after this change, None if it is not there. Not to be altered."""
        stored = self._stored(file, table, own_id)
        return None if stored is None else self._seal.open(f"{file}/{table}", stored)

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table by own id as they would be after this change. Not to be altered."""
        base: Mapping[str, Doc] = self._state.page(file, table).own
        draft = self._drafts.get((file, table))
        if draft is not None:
            base = _Overlay(base, draft.docs)
        return self._seal.view(f"{file}/{table}", base)

    def taken_id(self, own_id: str, file: str | None = None) -> bool:
        """Whether a document with this id is there, in one file or in those that this change has touched."""
        wanted = {file} if file is not None else {name for name, _ in self._drafts}
        return any(
            self._stored(name, table, own_id) is not None
            for name in wanted
            for table in {*self._state.tables(name), *(t for f, t in self._drafts if f == name)}
        )

    # writing ------------------------------------------------------------------------------------------------

    def put(self, file: str, table: str, doc: Mapping[str, Any], rev: int | None = None) -> Doc:
        """Write a document under its own `id`; returns it as it will be kept, `rev` raised by one (1 when new).

        Args:
            file: the TinyDB file, without `.json`.
            table: its table.
            doc: what to keep; made of text, whole numbers, booleans, None, lists and dicts.
            rev: the revision that was read (0 = none was there); None writes over whatever is there.

        Raises:
            StaleRevisionError: the stored revision is not `rev`.
            InvalidDocError: something in it cannot be kept.
        """
        own_id = doc.get("id")
        if not isinstance(own_id, str) or not _OWN.fullmatch(own_id):
            raise InvalidDocError("a document needs an `id` of 1 to 200 plain characters", f"{file}/{table}")
        before = self._stored(file, table, own_id)
        stored_rev = before.get("rev", 0) if before is not None else 0
        kind = f"{file}/{table}"
        if rev is not None and rev != stored_rev:
            stored = None if before is None else self._seal.open(kind, before)
            raise StaleRevisionError(f"{kind}/{own_id}", stored, dict(doc))
        fresh: Doc = _decode(canonical({**doc, "rev": stored_rev + 1}))
        sealed = self._seal.seal(kind, own_id, stored_rev + 1, fresh)
        number = self._draft(file, table).number(own_id)
        op = self._op(file, table)
        op.setdefault("put", {})[number] = sealed
        op.get("splice", {}).pop(number, None)
        self._draft(file, table).docs[own_id] = sealed
        return fresh

    def put_row(self, file: str, table: str, number: str, doc: Doc) -> None:
        """What TinyDB writes: a document under a doc id. Its own `id` may not be another's, nor change."""
        before = self.rows(file, table).get(number)
        own_id = doc.get("id")
        if before is None and isinstance(own_id, str):
            if self._stored(file, table, own_id) is not None:
                raise InvalidDocError("a document with this id is there already", f"{file}/{table}/{own_id}")
            self._draft(file, table).give(own_id, number)
        elif before is not None and before["id"] != own_id:
            raise InvalidDocError("a document's own id cannot change", f"{file}/{table}/{before['id']}")
        self.put(file, table, doc)

    def rows(self, file: str, table: str) -> Mapping[str, Doc]:
        """The stored documents of a table by doc id as they would be after this change. Not to be altered."""
        page, draft = self._state.page(file, table), self._drafts.get((file, table))
        return page.rows if draft is None else _Overlay(page.rows, draft.by_number())

    def next_number(self, file: str, table: str) -> int:
        """A doc id that was never used in the table."""
        return self._draft(file, table).fresh()

    def drop(self, file: str, table: str, own_id: str) -> None:
        """Remove a document; nothing happens where there is none."""
        if self._stored(file, table, own_id) is None:
            return
        draft, op = self._draft(file, table), self._op(file, table)
        number = draft.number(own_id)
        was_put = op.get("put", {}).pop(number, None) is not None
        op.get("splice", {}).pop(number, None)
        if (
            not was_put
            or number in self._state.page(file, table).rows
            or self._in_earlier_part(file, table, number)
        ):
            op.setdefault("drop", []).append(number)
        draft.forget(own_id)

    def erase(self, file: str, table: str, numbers: Iterable[str]) -> None:
        """Drop documents by doc id, also those that were dropped before: the line then names whose parts are to be
        erased from the log, and their numbers stay used."""
        page, draft, op = self._state.page(file, table), self._draft(file, table), self._op(file, table)
        dropped: list[str] = op.setdefault("drop", [])
        for number in sorted(set(numbers).difference(dropped), key=int):
            dropped.append(number)
            if number in page.rows:
                draft.forget(page.rows[number]["id"])

    def splice(self, file: str, table: str, own_id: str, pos: int, chars: str) -> None:
        """Replace characters of a document's `codes` from `pos` on; the line carries the characters alone.

        Raises:
            InvalidDocError: no such document, or it has no `codes` there.
        """
        before = self._stored(file, table, own_id)
        if before is None:
            raise InvalidDocError("there is no such document", f"{file}/{table}/{own_id}")
        check(chars)
        draft, op = self._draft(file, table), self._op(file, table)
        number = draft.number(own_id)
        after = spliced(before, [[pos, chars]])
        if number in op.get("put", {}):
            after["rev"] = before["rev"]
            op["put"][number] = after
        else:
            patches = op.setdefault("splice", {}).setdefault(number, [])
            if patches:
                after["rev"] = before["rev"]  # one change of a document in a part is one revision
            patches.append([pos, chars])
        draft.docs[own_id] = after

    def next_part(self) -> None:
        """What follows is a part of its own, which can be erased by itself."""
        if self._parts[-1]:
            self._parts.append({})

    def keep(self, slot: Mapping[str, Any]) -> str:
        """Have the vault keep a slot; returns its fingerprint, which is all that a document may say of it."""
        own = fingerprint(slot)
        self.slots[own] = dict(slot)
        return own

    def keep_key(self, key_id: str, key: WrappedKey) -> None:
        """Have the vault keep a wrapped key; a document that names it is put in the same change."""
        self.keys[key_id] = key

    def touched(self) -> frozenset[tuple[str, str, str]]:
        """File, table and own id of every document that the change has put or dropped so far."""
        return frozenset((f, t, own) for (f, t), draft in self._drafts.items() for own in draft.docs)

    def raise_format(self, number: int) -> None:
        """From this change on the folder has this format."""
        self._format = number

    @property
    def raised(self) -> int | None:
        """The format that the folder has from this change on; None if it stays."""
        return self._format

    def checkpoint(self) -> None:
        """Let the change carry the digest of the people file, whether or not it alters it."""
        self._guard = True

    # the outcome --------------------------------------------------------------------------------------------

    def parts(self) -> list[dict[str, Any]]:
        """The parts of the line, salted."""
        wanted = [list(filter(_is_used, part.values())) for part in self._parts]
        ops = [part for part in wanted if part]
        if self._guard or any(file == GUARDED for file, _ in self._drafts):
            guard: Op = {"file": GUARDED, GUARD: self._people_digest()}
            ops.append([guard])
        made: list[dict[str, Any]] = [{"op": part, "salt": self._salt()} for part in ops]
        if self._format is not None:
            made.insert(0, {"op": [{"folder": {"format": self._format}}], "salt": ""})
        return made

    def _salt(self) -> str:
        return urlsafe_b64encode(self._random(16)).decode("ascii").rstrip("=")

    def _people_digest(self) -> str:
        names = {*self._state.tables(GUARDED), *(table for file, table in self._drafts if file == GUARDED)}
        tables = {}
        for name in names:
            draft = self._drafts.get((GUARDED, name))
            own = self._state.page(GUARDED, name).own
            tables[name] = dict(_Overlay(own, draft.docs)) if draft is not None else own
        return people_digest(tables)

    def _stored(self, file: str, table: str, own_id: str) -> Doc | None:
        draft = self._drafts.get((file, table))
        if draft is not None and own_id in draft.docs:
            return draft.docs[own_id]
        return self._state.page(file, table).own.get(own_id)

    def _draft(self, file: str, table: str) -> "_Draft":
        draft = self._drafts.get((file, table))
        if draft is None:
            if not _is_name(file) or not _is_name(table):
                raise InvalidDocError("not a name that a file or table can have", f"{file[:80]}/{table[:80]}")
            draft = self._drafts[file, table] = _Draft(self._state.page(file, table))
        return draft

    def _op(self, file: str, table: str) -> Op:
        part = self._parts[-1]
        op = part.get((file, table))
        if op is None:
            op = part[file, table] = {"file": file, "table": table}
        return op

    def _in_earlier_part(self, file: str, table: str, number: str) -> bool:
        return any(number in part.get((file, table), {}).get("put", {}) for part in self._parts[:-1])


def _is_used(op: Op) -> bool:
    for key in ("put", "drop", "splice"):
        if key in op and not op[key]:
            del op[key]
    return len(op) > 2


def people_digest(tables: Mapping[str, Mapping[str, Doc]]) -> str:
    """The digest of a people file: canonical JSON of its tables, documents by own id, empty tables left out."""
    return digest(trusted({name: dict(docs) for name, docs in tables.items() if docs}))


class _Draft:
    """What a change did to one table."""

    def __init__(self, page: Page) -> None:
        self.docs: dict[str, Doc | None] = {}
        self._page, self._next = page, page.next_id
        self._given: dict[str, str] = {}
        self._gone: set[str] = set()

    def number(self, own_id: str) -> str:
        """The doc id of a document: the one it has, or a fresh one that was never used."""
        if own_id in self._given:
            return self._given[own_id]
        if own_id in self._page.numbers and own_id not in self._gone:
            return self._page.numbers[own_id]
        self._given[own_id] = number = str(self.fresh())
        return number

    def fresh(self) -> int:
        """A doc id that was never used."""
        self._next += 1
        return self._next - 1

    def give(self, own_id: str, number: str) -> None:
        """A new document gets a doc id that was chosen for it."""
        self._given[own_id] = number
        self._next = max(self._next, int(number) + 1)

    def by_number(self) -> dict[str, Doc | None]:
        """What the change did, by doc id; None where a document is dropped."""
        dropped: dict[str, Doc | None] = {
            self._page.numbers[own]: None for own in self._gone if own in self._page.numbers
        }
        kept = {self.number(own): doc for own, doc in self.docs.items() if doc is not None}
        return {**dropped, **kept}

    def forget(self, own_id: str) -> None:
        """The document is dropped; put again, it gets another number."""
        self.docs[own_id] = None
        self._given.pop(own_id, None)
        self._gone.add(own_id)


class _Overlay(Mapping[str, Doc]):
    """A table with the documents of a change laid over it; None there means dropped."""

    def __init__(self, base: Mapping[str, Doc], over: Mapping[str, Doc | None]) -> None:
        self._base, self._over = base, over

    def __getitem__(self, own_id: str) -> Doc:
        if own_id in self._over:
            found = self._over[own_id]
            if found is None:
                raise KeyError(own_id)
            return found
        return self._base[own_id]

    def __iter__(self) -> Iterator[str]:
        new = (own_id for own_id in self._over if own_id not in self._base)
        return (own_id for own_id in chain(self._base, new) if self._over.get(own_id, self) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
