"""Which documents are a pupil's own, as they stand and as they ever stood in the log. No verbs here."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from store.erasing import ever
from workbench.desk.context import Desk

Doc = Mapping[str, Any]


class Owned:
    """Everything in the folder that is one pupil's: it answers `store.erasing` what is to be erased.

    Args:
        desk: the desk.
        pupil: the pupil's id.
    """

    def __init__(self, desk: Desk, pupil: str) -> None:
        self.desk, self.pupil = desk, pupil
        every = list(ever(desk.store, desk.seal))
        self.cases = {
            doc["id"]
            for file, table, doc in every
            if (file, table) == ("cases", "cases") and doc["pupil"] == pupil
        }
        self.ids = {(file, table, doc["id"]) for file, table, doc in every if self._is(file, table, doc)}
        self.others = tuple(
            sorted(
                {
                    doc["id"]
                    for file, table, doc in every
                    if self._speaks(doc) and not self._is(file, table, doc)
                }
            )
        )

    def __call__(self, file: str, table: str, own_id: str) -> bool:
        """Whether a document is the pupil's; one that was written since is looked up."""
        if (file, table, own_id) in self.ids:
            return True
        doc = self.desk.get(file, table, own_id)
        return doc is not None and self._is(file, table, doc)

    def by_table(self) -> dict[str, int]:
        """How many records stand, or stood, in each table: `{"pupils": 1, "marks": 12}`; a file's own notes by name."""
        counts = Counter(
            "register notes" if table == "notes" and file.startswith("register-") else table
            for file, table, _ in self.ids
        )
        return dict(sorted(counts.items()))

    def _is(self, file: str, table: str, doc: Doc) -> bool:
        if (file, table) == ("pupils", "pupils"):
            return bool(doc["id"] == self.pupil)
        if isinstance(doc.get("pupil"), str):
            return bool(doc["pupil"] == self.pupil)
        return doc.get("case") in self.cases

    def _speaks(self, doc: Doc) -> bool:
        """Whether a document names the pupil by id: a case of another child to which this one is linked, say."""
        linked = [one.get("pupil") for one in doc.get("linked", ())]
        return self.pupil in linked or doc.get("case") in self.cases
