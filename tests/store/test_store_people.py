"""Accounts are checked at every open against what the log last said of them (promise 8)."""

import json
from pathlib import Path

import pytest
from storekit import NEXT, head

from store.errors import DamagedError
from store.folder import Store


def edit(path: Path, old: bytes, new: bytes) -> None:
    place = path / "people.json"
    raw = place.read_bytes()
    assert old in raw
    place.write_bytes(raw.replace(old, new))


def test_a_hand_edited_people_file_is_refused_and_can_be_made_anew(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    edit(path, b'"roles":["dsl"]', b'"roles":["dsl","leader"]')
    with pytest.raises(DamagedError, match="altered outside the program") as caught:
        Store.open(path)
    assert caught.value.file == "people.json"
    with pytest.raises(DamagedError):
        Store.open(path, readonly=True)
    (path / "people.json").unlink()
    again = Store.open(path)
    assert again.docs("people", "people")["dsl"]["roles"] == ["dsl"]
    again.close()


def test_an_added_account_and_an_added_table_are_refused(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    place = path / "people.json"
    good = json.loads(place.read_bytes())
    for table, number in (("people", "2"), ("keys", "1")):
        bad = json.loads(json.dumps(good))
        bad.setdefault(table, {})[number] = {"id": "intruder", "roles": ["leader"]}
        place.write_text(json.dumps(bad))
        with pytest.raises(DamagedError):
            Store.open(path)


def test_an_older_people_file_with_its_older_index_is_refused_or_caught_up(store: Store, path: Path) -> None:
    """Rolling accounts back with the index: the log's newer entries win."""
    store.close(snapshot=True)
    old = {name: (path / name).read_bytes() for name in ("people.json", "school.json")}
    again = Store.open(path)
    with again.change(**head("person.roles-set", NEXT)) as tx:
        tx.put("people", "people", {"id": "dsl", "roles": []})
    again.close(snapshot=True)
    for name, raw in old.items():
        (path / name).write_bytes(raw)
    after = Store.open(path)
    assert after.docs("people", "people")["dsl"]["roles"] == []
    after.close()


def test_every_change_of_people_and_every_checkpoint_carries_the_digest(store: Store) -> None:
    def carried() -> list[str]:
        return [
            op["people_digest"]
            for _, parts in store.changes()
            for part in parts
            for op in part["op"]
            if "people_digest" in op
        ]

    assert len(carried()) == 1
    store.note(**head("checkpoint.made", NEXT))
    assert carried()[1] == carried()[0]
    with store.change(**head("person.added", NEXT)) as tx:
        tx.put("people", "people", {"id": "leader", "roles": ["leader"]})
    assert carried()[2] != carried()[1]
    with store.change(**head("person.dropped", NEXT)) as tx:
        tx.drop("people", "people", "leader")
    assert carried()[3] == carried()[0]


def test_a_people_file_in_a_folder_whose_log_knows_none_is_refused(path: Path) -> None:
    store = Store.create(path)
    store.note(**head("folder.made"))
    store.close(snapshot=True)
    meta = json.loads((path / "school.json").read_bytes())["_meta"]
    (path / "people.json").write_text(json.dumps({"_meta": meta, "people": {"1": {"id": "dsl"}}}))
    with pytest.raises(DamagedError):
        Store.open(path)


def test_an_entry_that_vouches_but_is_damaged_leaves_reading(store: Store, path: Path) -> None:
    store.close(snapshot=True)
    segment = sorted((path / "log").iterdir())[0]
    raw = segment.read_bytes()
    segment.write_bytes(raw.replace(b'"name":"Riverside', b'"name":"Riverhide', 1))
    again = Store.open(path)
    assert again.readonly
    assert again.damage is not None
    assert again.damage.line == 1
    again.close()


def test_people_are_guarded_while_others_add_accounts(store: Store, path: Path) -> None:
    for number in range(5):
        with store.change(**head("person.added", NEXT)) as tx:
            tx.put("people", "people", {"id": f"user-{number}", "roles": ["staff"]})
        other = Store.open(path)
        assert len(other.docs("people", "people")) == number + 2
        other.close(snapshot=number % 2 == 0)
