"""Which documents are a pupil's own, as they stand and as they ever stood in the log. No verbs here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from store.envelope import is_sealed
from store.erasing import ever
from workbench.desk.context import Desk

Doc = Mapping[str, Any]
NAMING = (("concerns", "concerns"), ("cases", "cases"))
"""Tables whose documents say under seal whose they are, or whom they name; all others say it in the clear."""


class Owned:
    """Everything in the folder that is one pupil's: it answers `store.erasing` what is to be erased.

    What is sealed to others cannot be looked into, and so is not found; `sealed` says of how many records that holds.

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
        self.sealed = self._unopened(every)
        """How many records may be the pupil's, or name the pupil, and could not be looked into."""
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

    def _unopened(self, every: Iterable[tuple[str, str, Doc]]) -> int:
        shut: set[tuple[str, str, str]] = set()
        for file, table, doc in every:
            if (file, table) in NAMING and is_sealed(doc):
                shut.add((file, table, doc["id"]))
        return len(shut - self.ids)

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
