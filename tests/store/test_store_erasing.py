"""Erasing records: the log still verifies, nothing of them is left, and a run cut off anywhere is finished."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from dyingkit import HOWS, Dying, Killed
from storekit import DAY, FILE, NEXT, everything, fill, head

from store.erasing import ERASED, Erased, counted, erase, ever
from store.errors import DamagedError, InvalidDocError, StoreError
from store.folder import Store
from tests.filekit import swap

Reopened = Callable[..., Store]
CANARY = "Zanzibar"
LATER = "2026-11-25T09:00:00+00:00"


def add(store: Store, at: str = NEXT) -> None:
    """A third pupil with marks, notes that were changed and dropped, and a part shared with another pupil."""
    with store.change(**head("pupil.added", at)) as tx:
        tx.put("pupils", "pupils", {"id": "P-3", "name": CANARY})
        tx.next_part()
        tx.put(FILE, "marks", {"id": "M-3", "pupil": "P-3", "codes": "." * 12})
    for text in (f"{CANARY} one", f"{CANARY} two"):
        with store.change(**head("note.added", at)) as tx:
            tx.put("cases", "notes", {"id": "N-3", "text": text})
    with store.change(**head("note.dropped", at)) as tx:
        tx.drop("cases", "notes", "N-3")
    with store.change(**head("register.taken", at)) as tx:
        tx.splice(FILE, "marks", "M-2", 5, "N")
        tx.splice(FILE, "marks", "M-3", 5, "N")
    with store.change(**head("mark.drafted", at)) as tx:
        tx.splice(FILE, "marks", "M-3", 7, "L")


def want(_file: str, _table: str, own_id: str) -> bool:
    return own_id.endswith("-3")


def run(store: Store, at: str = LATER) -> Erased:
    return erase(store, lambda: store.change(**head(ERASED, at), subject="P-3"), want)


def texts(path: Path) -> str:
    return "".join(
        one.read_bytes().decode("utf-8", "replace")
        for one in path.rglob("*")
        if one.is_file() and one.name != ".lock"
    )


def whole(store: Store) -> None:
    assert store.verify().whole
    assert [one for one in store.check() if one.level == "fault"] == []


@pytest.mark.parametrize("snapshot", [False, True])
@pytest.mark.parametrize("at", [LATER, NEXT])
def test_nothing_is_left_and_the_log_still_verifies(
    store: Store, path: Path, snapshot: bool, at: str
) -> None:
    before = everything(store)
    add(store)
    entries, first = list(store.entries()), store.head
    if snapshot:
        store.snapshot()
    assert CANARY in texts(path)
    said = counted(store, want)
    done = run(store, at)
    assert done == said == Erased(documents=3, parts=5, shared=1)
    assert CANARY not in texts(path)
    assert list(store.entries())[:-1] == entries
    assert store.verify(first).whole
    whole(store)
    after = everything(store)
    assert after[FILE]["marks"].keys() == before[FILE]["marks"].keys()
    assert after["pupils"] == before["pupils"]
    assert after[FILE]["marks"]["M-2"]["codes"] == "../L" + ".N" + "." * 6
    store.rebuild()
    assert everything(store) == after
    whole(store)


def test_other_handles_go_on(store: Store, path: Path, reopened: Reopened) -> None:
    add(store)
    store.snapshot()
    other = reopened()
    other.docs(FILE, "marks")
    run(store, NEXT)
    with other.change(**head(at=LATER)) as tx:
        tx.splice(FILE, "marks", "M-1", 0, "L")
        tx.put("pupils", "pupils", {"id": "P-4"})
    assert other.get("pupils", "pupils", "P-3") is None
    with store.change(**head(at=LATER)) as tx:
        tx.splice(FILE, "marks", "M-1", 1, "L")
    other.close(snapshot=True)
    store.refresh()
    assert everything(store) == everything(reopened())
    assert CANARY not in texts(path)
    whole(store)


def test_a_doc_id_that_was_erased_is_not_given_again(store: Store) -> None:
    add(store)
    number = store.page("pupils", "pupils").numbers["P-3"]
    run(store)
    store.rebuild()
    with store.change(**head(at=LATER)) as tx:
        tx.put("pupils", "pupils", {"id": "P-4"})
    assert int(store.page("pupils", "pupils").numbers["P-4"]) > int(number)


def test_a_shared_part_goes_with_the_last_of_its_documents(store: Store) -> None:
    add(store)
    assert run(store).shared == 1
    done = erase(
        store,
        lambda: store.change(**head(ERASED, LATER), subject="P-2"),
        lambda _f, _t, own: own.endswith("-2"),
    )
    assert (done.shared, done.parts) == (0, 3)
    whole(store)


def test_what_was_known_says_how_much_was_erased_and_when(store: Store) -> None:
    add(store)
    assert (store.as_known(NEXT).gone, store.as_known(NEXT).erased) == (0, ())
    run(store)
    then = store.as_known(NEXT)
    assert (then.gone, then.erased) == (5, (LATER,))
    assert store.as_known(DAY).erased == ()
    assert "P-3" not in then.docs("pupils", "pupils")


def test_the_bytes_of_an_unfinished_line_about_it_go_too(
    store: Store, path: Path, reopened: Reopened
) -> None:
    add(store)
    store.close()
    torn = (
        b'{"entry":{"act":"x","parts":[{"op":[{"put":{"9":{"id":"E-9","pupil":"P-3","text":"'
        + CANARY.encode()
    )
    newest = sorted((path / "log").iterdir())[-1]
    newest.write_bytes(newest.read_bytes() + torn)
    again = reopened()
    again.note(**head("case.viewed", NEXT))
    assert b64encode(torn).decode()[:40] in texts(path)
    run(again)
    assert b64encode(torn).decode()[:40] not in texts(path)
    whole(again)


def test_an_unfinished_line_that_came_later_is_nobodys_to_erase(
    store: Store, path: Path, reopened: Reopened
) -> None:
    add(store)
    run(store, NEXT)
    store.close()
    newest = sorted((path / "log").iterdir())[-1]
    newest.write_bytes(newest.read_bytes() + b'{"entry":{"act":"case.viewed","subject":"P-3"')
    again = reopened()
    again.note(**head("case.viewed", NEXT))
    whole(again)


def test_a_refusal_inside_leaves_everything(store: Store) -> None:
    add(store)
    before, first = everything(store), store.head

    def refuse(_tx: object) -> None:
        raise InvalidDocError("a legal hold", "P-3")

    with pytest.raises(InvalidDocError):
        erase(store, lambda: store.change(**head(ERASED, LATER), subject="P-3"), want, refuse)
    assert (everything(store), store.head) == (before, first)


def test_nothing_is_erased_from_a_damaged_log(store: Store, path: Path, reopened: Reopened) -> None:
    add(store)
    store.close(snapshot=True)
    first = sorted((path / "log").iterdir())[0]
    first.write_bytes(first.read_bytes().replace(b"Riverside", b"Lakeside.", 1))
    again = reopened()
    before = texts(path)
    with pytest.raises(DamagedError):
        run(again)
    assert texts(path) == before


def test_every_version_of_every_document_is_met(store: Store) -> None:
    add(store)
    assert [doc["text"] for _, table, doc in ever(store) if table == "notes"] == [
        f"{CANARY} one",
        f"{CANARY} two",
    ]


@pytest.mark.parametrize(("how", "at"), [*((how, NEXT) for how in HOWS), ("kill", LATER)])
def test_cut_off_anywhere_it_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, at: str
) -> None:
    for nth in range(1, 200):
        path = tmp_path / f"{nth}"
        made = Store.create(path)
        fill(made)
        made.snapshot()
        add(made)
        right = {key: value for key, value in everything(made).items() if key != FILE}
        right["pupils"] = {"pupils": {k: v for k, v in right["pupils"]["pupils"].items() if k != "P-3"}}
        first = made.head
        dying = Dying(nth, how)
        swap(monkeypatch, "os", dying)
        ended = False
        try:
            run(made, at)
            ended = True
        except (Killed, StoreError, OSError):
            pass
        monkeypatch.undo()
        if how != "refuse":
            made._lock.close()  # a killed process holds nothing
        looked = Store.open(path, readonly=True)
        assert looked.damage is None, (nth, looked.damage)
        problems = looked.verify(first).problems
        # the intent itself, cut in the middle of its write, was never acknowledged
        assert [one.reason for one in problems] in ([], ["the line has no end"][: how == "half"]), nth
        begun = looked.head.seq > first.seq
        assert begun == (looked.get("pupils", "pupils", "P-3") is None), nth
        says = [one for one in looked.check() if one.level == "fault" and "erased records" in one.words]
        looked.close()
        again = Store.open(path)
        again.note(**head("case.viewed", LATER))
        again.snapshot()
        if begun:
            assert CANARY not in texts(path), nth
            found = everything(again)
            assert {key: value for key, value in found.items() if key != FILE} == right, nth
            assert "M-3" not in found[FILE]["marks"]
        else:
            assert not says
            assert not ended or not dying.dead
        whole(again)
        if begun:
            again.rebuild()
            whole(again)
        again.close()
        if dying.count < nth:
            assert nth > 12
            return
    raise AssertionError("it never came to its end")


def test_an_old_copy_of_a_segment_brought_back_is_named_and_erased_again(store: Store, path: Path) -> None:
    """A sync tool, or somebody with a copy: the chain is whole, as entries stay byte for byte."""
    add(store)
    store.note(**head("case.viewed", LATER))
    segment = path / "log" / "2026-11-24T0850.jsonl"
    old = segment.read_bytes()
    run(store)
    store.close(snapshot=True)
    assert CANARY not in texts(path)
    segment.write_bytes(old)
    again = Store.open(path)
    assert again.verify().whole
    found = [one for one in again.check() if "erased records" in one.words]
    assert {one.file for one in found} == {"log/2026-11-24T0850.jsonl"}
    assert all("check --rebuild" in one.todo for one in found)
    again.rebuild()
    assert CANARY not in texts(path)
    whole(Store.open(path))
