"""What the TinyDB files hold, in memory, and how an operation of the log alters it, live and in a replay."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from store.errors import InvalidDocError

Doc = dict[str, Any]
Op = dict[str, Any]
GUARDED = "people"
GUARD = "people_digest"
_NAMED = re.compile(r"[a-z][a-z0-9_-]{0,60}")
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)
"""What carrying out an operation raises that no program of ours wrote, beside StoreError."""


class Page:
    """One table: stored documents by doc id (a number as text) and by their own `id`."""

    def __init__(self, rows: dict[str, Doc] | None = None, next_id: int = 1) -> None:
        self.rows: dict[str, Doc] = {} if rows is None else rows
        self.own: dict[str, Doc] = {doc["id"]: doc for doc in self.rows.values()}
        self._numbers: dict[str, str] | None = None
        self.next_id = max(next_id, max(map(int, self.rows), default=0) + 1)

    @property
    def numbers(self) -> dict[str, str]:
        """Doc id by own id; made at the first write."""
        if self._numbers is None:
            self._numbers = {doc["id"]: number for number, doc in self.rows.items()}
        return self._numbers

    def apply(self, op: Op, lenient: bool = False, unseen: bool = False) -> None:
        """Alter the table as a committed operation says: drops, then puts, then splices.

        Args:
            op: the operation; its documents become part of the table.
            lenient: a splice on a document that is not there is passed over, as after an erasure.
            unseen: nobody was given a document of the table yet, so that a splice may alter one in its place.
        """
        if "drop" in op:
            for number in op["drop"]:
                self._drop(number)
        if "put" in op:
            for number, doc in op["put"].items():
                self._put(number, doc)
        if "splice" in op:
            for number, patches in op["splice"].items():
                self._splice(number, patches, lenient, unseen)

    def _splice(self, number: str, patches: list[list[Any]], lenient: bool, unseen: bool) -> None:
        before = self.rows.get(number)
        if before is not None and unseen:
            before["codes"] = recoded(before, patches)
            before["rev"] = before.get("rev", 0) + 1
        elif before is not None:
            # the same document in the same place: nothing but its contents changes
            self.rows[number] = self.own[before["id"]] = spliced(before, patches)
        elif not lenient:
            raise InvalidDocError("marks are changed that are not there", f"doc id {number}")

    def _put(self, number: str, doc: Doc) -> None:
        before = self.rows.get(number)
        if before is not None and before["id"] != doc["id"]:
            self._drop(number)
        if before is None:
            self.next_id = max(self.next_id, int(number) + 1)
        self.rows[number] = doc
        self.own[doc["id"]] = doc
        if before is None or self._numbers is not None:
            self.numbers[doc["id"]] = number

    def _drop(self, number: str) -> None:
        # the number counts as used even if its document was erased from the log
        self.next_id = max(self.next_id, int(number) + 1)
        doc = self.rows.get(number)
        if doc is not None:
            self.numbers.pop(doc["id"], None)
            self.own.pop(doc["id"], None)
            del self.rows[number]


def spliced(doc: Doc, patches: list[list[Any]]) -> Doc:
    """`doc` with its `codes` as `recoded` gives them, and the next `rev`; raises as that."""
    return {**doc, "codes": recoded(doc, patches), "rev": doc.get("rev", 0) + 1}


def recoded(doc: Doc, patches: list[list[Any]]) -> str:
    """The `codes` of a document with characters replaced, each patch `[position, characters]`.

    Raises:
        InvalidDocError: the document has no `codes`, or a patch reaches beyond their end.
    """
    codes = doc.get("codes")
    if not isinstance(codes, str):
        raise InvalidDocError("only a document with `codes` can be spliced", str(doc.get("id")))
    for position, chars in patches:
        if position < 0 or position + len(chars) > len(codes):
            raise InvalidDocError(f"there are {len(codes)} codes, none at {position}", str(doc.get("id")))
        codes = codes[:position] + chars + codes[position + len(chars) :]
    return codes


Tables = dict[str, Page]


def apply_op(tables: Tables, op: Op, lenient: bool = False, unseen: bool = False) -> None:
    """Alter the tables of one file by one operation; one without a table carries no data. As `Page.apply`."""
    name = op.get("table")
    if name is not None:
        page = tables.get(name)
        if page is None:
            page = tables[name] = Page()
        page.apply(op, lenient, unseen)


def carry_out(
    made: dict[str, Tables],
    parts: Iterable[Mapping[str, Any]],
    erased: bool = False,
    wanted: str | None = None,
) -> bool:
    """Alter files as the parts of a line say; returns whether a part of it, or one before, was erased.

    Args:
        made: the tables of each file, completed as needed.
        parts: of one line.
        erased: whether a part before was erased, so that what it held may be missing.
        wanted: the one file to alter; all if None.

    Raises:
        InvalidDocError: an operation that cannot be carried out: the line was not written by this program.
    """
    try:
        for part in parts:
            erased = erased or "gone" in part
            for op in ops_of(part):
                file = file_of(op)
                if file is not None and wanted in (None, file):
                    apply_op(made.setdefault(file, {}), op, erased)
    except MALFORMED:
        raise InvalidDocError("an operation in the log that cannot be carried out") from None
    return erased


def ops_of(part: Mapping[str, Any]) -> list[Op]:
    """The operations of a part; none if it was erased. TypeError if they are no list of objects."""
    found: list[Op] = [] if "gone" in part else part["op"]
    if type(found) is not list:
        raise TypeError("op")
    for op in found:
        if type(op) is not dict:
            raise TypeError("op")
    return found


def file_of(op: Op) -> str | None:
    """The file that an operation alters, None if it carries no data.

    Raises:
        InvalidDocError: it names none that a folder has: a path, say, which would be written to outside it.
    """
    if "table" not in op:
        return None
    file: Any = op.get("file")
    if type(file) is not str or not is_file(file):
        raise InvalidDocError("an operation on a file that no folder has")
    return file


@lru_cache(maxsize=256)
def is_file(name: str) -> bool:
    """Whether a TinyDB file of ours may have this name (without `.json`); the vault is none."""
    return _NAMED.fullmatch(name) is not None and name != "vault"
