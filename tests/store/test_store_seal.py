"""The seam: whatever seals documents sits in one place, and nothing goes past it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from storekit import NEXT, head

from store.errors import StaleRevisionError
from store.folder import Store

Doc = dict[str, Any]


class Hidden:
    """A stand-in for sealing: unreadable to a search, tied to kind, id and revision."""

    def seal(self, kind: str, own_id: str, rev: int, doc: Doc, /) -> Doc:
        body = b64encode(msgspec.json.encode([kind, own_id, rev, doc])).decode()
        return {"id": own_id, "rev": rev, "sealed": body}

    def open(self, kind: str, stored: Doc, /) -> Doc:
        where, own_id, rev, doc = msgspec.json.decode(b64decode(stored["sealed"]))
        assert (where, own_id, rev) == (kind, stored["id"], stored["rev"])
        found: Doc = doc
        return found

    def view(self, kind: str, stored: Mapping[str, Doc], /) -> Mapping[str, Doc]:
        return View(self, kind, stored)


class View(Mapping[str, Doc]):
    def __init__(self, seal: Hidden, kind: str, stored: Mapping[str, Doc]) -> None:
        self._seal, self._kind, self._stored = seal, kind, stored

    def __getitem__(self, own_id: str) -> Doc:
        return self._seal.open(self._kind, self._stored[own_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def test_every_put_and_every_read_goes_through_the_seam(path: Path) -> None:
    store = Store.create(path)
    store.state.seal = Hidden()
    with store.change(**head("folder.made")) as tx:
        tx.put("cases", "notes", {"id": "N-1", "text": "canary"})
        assert tx.get("cases", "notes", "N-1") == {"id": "N-1", "text": "canary", "rev": 1}
        assert tx.docs("cases", "notes")["N-1"]["text"] == "canary"
    with store.change(**head(at=NEXT)) as tx:
        tx.put("cases", "notes", {"id": "N-1", "text": "canary two"}, rev=1)
    assert store.get("cases", "notes", "N-1") == {"id": "N-1", "text": "canary two", "rev": 2}
    assert store.docs("cases", "notes")["N-1"]["text"] == "canary two"
    assert store.as_known(head()["at"]).docs("cases", "notes")["N-1"]["text"] == "canary"
    with pytest.raises(StaleRevisionError) as caught, store.change(**head(at=NEXT)) as tx:
        tx.put("cases", "notes", {"id": "N-1", "text": "late"}, rev=1)
    assert caught.value.stored is not None
    assert caught.value.stored["text"] == "canary two"
    store.close(snapshot=True)
    for one in path.rglob("*"):
        assert not one.is_file() or b"canary" not in one.read_bytes()
    assert store.check() == []
