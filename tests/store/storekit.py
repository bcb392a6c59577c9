"""A small folder with two days of entries, and the means to read and write it."""

from typing import Any

from store.folder import Store

FILE = "register-2026-27"
DAY = "2026-11-23T08:55:00+00:00"
NEXT = "2026-11-24T08:50:00+00:00"


def head(act: str = "mark.drafted", at: str = DAY, actor: str = "dsl") -> dict[str, Any]:
    """The heading of a change."""
    return {"act": act, "at": at, "actor": actor, "role": "dsl"}


def fill(store: Store) -> None:
    """Accounts, two pupils, marks, a view, and a second day."""
    with store.change(**head("folder.made")) as tx:
        tx.put("people", "people", {"id": "dsl", "roles": ["dsl"]})
        tx.put("school", "school", {"id": "settings", "name": "Riverside é"})
    with store.change(**head("pupils.imported")) as tx:
        for number in (1, 2):
            tx.put("pupils", "pupils", {"id": f"P-{number}", "name": "Ana\nMaria"})
            tx.put(FILE, "marks", {"id": f"M-{number}", "pupil": f"P-{number}", "codes": "." * 12})
            tx.next_part()
    with store.change(**head()) as tx:
        tx.splice(FILE, "marks", "M-1", 3, "N")
    store.note(**head("case.viewed"), subject="C-1")
    with store.change(**head("register.taken", NEXT)) as tx:
        tx.splice(FILE, "marks", "M-2", 2, "/L")
    store.note(**head("case.viewed", NEXT), subject="C-1")


def everything(store: Store) -> dict[str, Any]:
    """All documents by file, table and own id; what is empty is left out."""
    found = {
        file: {name: dict(page.own) for name, page in store.tables(file).items() if page.own}
        for file in store.state.file_names()
    }
    return {file: tables for file, tables in found.items() if tables}
