"""TinyDB over a folder: its own queries and tables; writes inside a change, at the cost of what changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from storekit import FILE, head
from tinydb import TinyDB, where
from tinydb.operations import increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from store.errors import InvalidDocError, ReadOnlyError
from store.folder import Store
from store.tables import LogStorage, LogTable


def test_reading_is_tinydbs(store: Store) -> None:
    db = store.db("pupils")
    table = db.table("pupils")
    assert db.tables() == {"pupils"}
    assert [doc["id"] for doc in table] == ["P-1", "P-2"]
    assert table.search(where("id") == "P-2")[0].doc_id == 2
    assert table.get(doc_id=1) == store.docs("pupils", "pupils")["P-1"]
    assert table.contains(where("name").test(lambda name: name.startswith("Ana")))
    assert len(table) == 2
    assert len(db.table("nothing")) == 0


def test_a_query_asked_again_sees_what_another_process_wrote(store: Store, path: Path) -> None:
    table = store.db("pupils").table("pupils", cache_size=10)
    query = where("id") == "P-3"
    assert table.search(query) == []
    other = Store.open(path)
    with other.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
    other.close()
    store.refresh()
    assert len(table.search(query)) == 1


def test_writing_outside_a_change_is_refused(store: Store) -> None:
    db = store.db("pupils")
    acts: list[Callable[[], object]] = [
        lambda: db.table("pupils").insert({"id": "P-3"}),
        lambda: db.table("pupils").update({"x": 1}),
        lambda: db.table("pupils").remove(where("id") == "P-1"),
        lambda: db.table("pupils").truncate(),
        lambda: db.drop_tables(),
        lambda: db.drop_table("pupils"),
    ]
    for act in acts:
        with pytest.raises(ReadOnlyError, match="outside a change"):
            act()
    assert len(db.table("pupils")) == 2


def test_writing_inside_a_change_is_one_line(store: Store, path: Path) -> None:
    before = store.head.seq
    table = store.db("pupils").table("pupils")
    with store.change(**head()):
        assert table.insert({"id": "P-3", "n": 1}) == 3
        assert table.insert_multiple([{"id": "P-4", "n": 1}, {"id": "P-5", "n": 1}]) == [4, 5]
        assert table.update(increment("n"), where("id") == "P-4") == [4]
        assert table.upsert({"id": "P-1", "seen": True}, where("id") == "P-1") == [1]
        assert table.remove(where("id") == "P-5") == [5]
        assert table.remove(doc_ids=[2, 99]) == [2]
        assert [doc["id"] for doc in table] == ["P-1", "P-3", "P-4"]
        assert len(store.docs("pupils", "pupils")) == 2
    assert store.head.seq == before + 1
    assert dict(store.docs("pupils", "pupils")) == {
        "P-1": {"id": "P-1", "name": "Ana\nMaria", "seen": True, "rev": 2},
        "P-3": {"id": "P-3", "n": 1, "rev": 1},
        "P-4": {"id": "P-4", "n": 2, "rev": 2},
    }
    again = Store.open(path)
    assert again.db("pupils").table("pupils").all() == table.all()
    with again.change(**head()):
        assert again.db("pupils").table("pupils").insert({"id": "P-6"}) == 5  # never kept before
    again.close()


def test_an_updater_that_fails_leaves_nothing(store: Store) -> None:
    table = store.db("pupils").table("pupils")

    def spoil(doc: dict[str, object]) -> None:
        doc["name"] = "spoilt"
        if doc["id"] == "P-2":
            raise RuntimeError

    with store.change(**head()):
        with pytest.raises(RuntimeError):
            table.update(spoil)
        assert {doc["name"] for doc in table} == {"Ana\nMaria"}
    assert store.docs("pupils", "pupils")["P-1"]["rev"] == 1


def test_every_document_has_its_own_id_and_keeps_it(store: Store) -> None:
    table = store.db("pupils").table("pupils")
    with store.change(**head()):
        with pytest.raises(InvalidDocError):
            table.insert({"name": "nobody"})
        with pytest.raises(InvalidDocError, match="there already"):
            table.insert({"id": "P-1"})
        with pytest.raises(InvalidDocError, match="cannot change"):
            table.update({"id": "P-9"}, doc_ids=[1])
        with pytest.raises(ValueError):
            table.insert(Document({"id": "P-8"}, doc_id=1))
        assert table.insert(Document({"id": "P-8"}, doc_id=70)) == 70
        assert table.insert({"id": "P-9"}) == 71


def test_a_stock_table_works_on_our_storage(store: Store) -> None:
    table = Table(LogStorage(store, FILE), "marks")
    before = store.docs(FILE, "marks")["M-2"]
    with store.change(**head()):
        table.update({"note": "x"}, where("id") == "M-1")
        table.remove(where("id") == "M-2")
    assert store.docs(FILE, "marks")["M-1"]["note"] == "x"
    assert "M-2" not in store.docs(FILE, "marks")
    assert before["codes"] == "../L........"


def test_our_table_on_another_storage_is_tinydbs() -> None:
    class Plain(TinyDB):
        table_class = LogTable

    db = Plain(storage=MemoryStorage)
    assert db.insert({"a": 1}) == 1
    assert db.update({"a": 2}, where("a") == 1) == [1]
    assert db.remove(where("a") == 2) == [1]
    assert db.all() == []


def test_a_change_copies_only_what_it_touches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.change(**head()) as tx:
        for number in range(500):
            tx.put("cases", "notes", {"id": f"N-{number}"})
    from store import tables

    copied: list[object] = []
    monkeypatch.setattr(tables, "deepcopy", lambda doc: (copied.append(doc), dict(doc))[1])
    with store.change(**head()):
        store.db("cases").table("notes").update({"x": 1}, where("id") == "N-7")
    assert len(copied) == 1


def test_an_answer_is_kept_while_nobody_writes(store: Store) -> None:
    table = store.db("pupils").table("pupils")
    asked = []
    query = where("id").test(lambda own_id: asked.append(own_id) is None)
    assert len(table.search(query)) == 2
    assert len(table.search(query)) == 2
    assert asked == ["P-1", "P-2"]
    with store.change(**head()) as tx:
        tx.put("pupils", "pupils", {"id": "P-3"})
        assert len(table.search(query)) == 3
        tx.drop("pupils", "pupils", "P-1")
        assert len(table.search(query)) == 2
    assert [doc["id"] for doc in table.search(query)] == ["P-2", "P-3"]


def test_a_change_that_failed_leaves_no_answer_behind(store: Store) -> None:
    table = store.db("pupils").table("pupils")
    query = where("id") == "P-3"

    def fail() -> None:
        with store.change(**head()) as tx:
            tx.put("pupils", "pupils", {"id": "P-3"})
            assert len(table.search(query)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert table.search(query) == []
