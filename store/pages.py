"""Pages: what a TinyDB file holds, in memory, and how one change alters it."""

from collections.abc import Iterator, Mapping
from typing import Any

Doc = dict[str, Any]


class Page:
    """One table: documents by integer doc id, indexed by their own id."""

    def __init__(self, docs: dict[str, Doc] | None = None) -> None:
        self.docs: dict[str, Doc] = docs if docs is not None else {}
        self.place: dict[str, str] = {doc["id"]: key for key, doc in self.docs.items()}
        self.next_id = max(map(int, self.docs), default=0) + 1

    def get(self, own: str) -> Doc | None:
        """The document with this id of its own."""
        key = self.place.get(own)
        return None if key is None else self.docs[key]

    def apply(self, op: dict[str, Any]) -> None:
        """Alter the table as one committed operation says."""
        for key, doc in op.get("put", {}).items():
            self.docs[key] = doc
            self.place[doc["id"]] = key
            self.next_id = max(self.next_id, int(key) + 1)
        for key in op.get("drop", ()):
            gone = self.docs.pop(key, None)
            if gone is not None:
                self.place.pop(gone["id"], None)
        for key, splices in op.get("splice", {}).items():
            doc = self.docs[key]
            self.docs[key] = {**doc, "codes": spliced(doc["codes"], splices)}


def spliced(text: str, splices: list[list[Any]]) -> str:
    """`text` with characters replaced at positions, lengthened with blanks where it is too short."""
    chars = list(text)
    for position, new in splices:
        if position > len(chars):
            chars.extend("." * (position - len(chars)))
        chars[position : position + len(new)] = new
    return "".join(chars)


class Docs(Mapping[str, Doc]):
    """The live documents of a table by their own id. Not to be changed."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __getitem__(self, own: str) -> Doc:
        return self._page.docs[self._page.place[own]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._page.place)

    def __len__(self) -> int:
        return len(self._page.place)
