"""A change while it is being built: operations over any number of files, and what the state would then be."""

import base64
import copy
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from store.canon import digest
from store.errors import StaleRevision, StoreError
from store.pages import Doc, Docs, Page, spliced
from store.seal import Seal

GUARDED = "people"


class State(Protocol):
    """What a change reads: the pages as they stand under the lock."""

    seal: Seal

    def page(self, file: str, table: str) -> Page:
        """One table."""
        ...


class Tx:
    """The inside of one change. Nothing of it is seen outside before the line is written."""

    def __init__(self, state: State, random: Callable[[int], bytes]) -> None:
        self._state, self._random = state, random
        self._parts: list[dict[str, dict[str, Any]]] = [{}]
        self._new: dict[tuple[str, str], dict[str, Doc | None]] = {}
        self._next: dict[tuple[str, str], int] = {}
        self._keys: dict[tuple[str, str], dict[str, str]] = {}
        self.entry: dict[str, Any] = {}

    def get(self, file: str, table: str, id_: str) -> Doc | None:
        """The document as this change would leave it."""
        new = self._new.get((file, table), {})
        if id_ in new:
            return new[id_]
        return self._state.page(file, table).get(id_)

    def docs(self, file: str, table: str) -> Mapping[str, Doc]:
        """All documents of a table as this change would leave them."""
        new = self._new.get((file, table))
        base = Docs(self._state.page(file, table))
        if not new:
            return base
        merged = {**base, **{k: v for k, v in new.items() if v is not None}}
        return {k: v for k, v in merged.items() if new.get(k, v) is not None}

    def put(self, file: str, table: str, doc: Doc, rev: int | None = None) -> Doc:
        """Write a document; its `rev` becomes the stored one plus one.

        Raises:
            StaleRevision: if `rev` is given and is not the stored revision.
        """
        own = doc["id"]
        stored = self.get(file, table, own)
        if rev is not None and (stored or {}).get("rev", 0) != rev:
            raise StaleRevision(file, table, own, stored or {}, doc)
        written = {**copy.deepcopy(doc), "rev": (stored or {}).get("rev", 0) + 1}
        written = self._state.seal.seal(f"{file}/{table}", own, written["rev"], written)
        op = self._op(file, table)
        key = self._key(file, table, own)
        op.setdefault("put", {})[key] = written
        op.get("splice", {}).pop(key, None)
        self._new.setdefault((file, table), {})[own] = written
        return written

    def drop(self, file: str, table: str, id_: str) -> None:
        """Remove a document; nothing happens where there is none."""
        if self.get(file, table, id_) is None:
            return
        key = self._key(file, table, id_)
        op = self._op(file, table)
        if op.get("put", {}).pop(key, None) is None or self._state.page(file, table).get(id_) is not None:
            op.setdefault("drop", []).append(key)
        self._new.setdefault((file, table), {})[id_] = None

    def splice(self, file: str, table: str, id_: str, pos: int, chars: str) -> None:
        """Replace characters of a document's `codes` from `pos` on, without writing the document again."""
        doc = self.get(file, table, id_)
        if doc is None:
            raise StoreError(f"{id_} is not in {file}/{table}.")
        key = self._key(file, table, id_)
        op = self._op(file, table)
        changed = {**doc, "codes": spliced(doc["codes"], [[pos, chars]])}
        if key in op.get("put", {}):
            op["put"][key] = changed
        else:
            op.setdefault("splice", {}).setdefault(key, []).append([pos, chars])
        self._new.setdefault((file, table), {})[id_] = changed

    def next_part(self) -> None:
        """What follows is a part of its own, which can be erased by itself."""
        if self._parts[-1]:
            self._parts.append({})

    def parts(self) -> list[dict[str, Any]]:
        """The parts as they stand in the line."""
        self._guard()
        return [
            {"salt": base64.b64encode(self._random(16)).decode().rstrip("="), "op": list(part.values())}
            for part in self._parts
            if part
        ]

    def _op(self, file: str, table: str) -> dict[str, Any]:
        return self._parts[-1].setdefault(f"{file}/{table}", {"file": file, "table": table})

    def _key(self, file: str, table: str, own: str) -> str:
        page = self._state.page(file, table)
        if own in page.place:
            return page.place[own]
        given = self._keys.setdefault((file, table), {})
        if own not in given:
            number = self._next.get((file, table), page.next_id)
            given[own], self._next[file, table] = str(number), number + 1
        return given[own]

    def _guard(self) -> None:
        if any(file == GUARDED for file, _ in self._new):
            people = {k: dict(v) for k, v in self.docs(GUARDED, "people").items()}
            for part in self._parts:
                for op in part.values():
                    if op["file"] == GUARDED:
                        op["people_digest"] = digest(people)
