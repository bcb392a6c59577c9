"""Envelopes: a box opens where it was written, by who holds the key, as it was; and nowhere else."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from store.envelope import (
    SEALED,
    VERSION,
    info_of,
    is_sealed,
    opened,
    sealed_for,
    sealed_to,
    unwrapped,
    wrapped,
)
from store.errors import SealError
from store.sealing import public_of, seal_to
from store.vault import key_id

KIND, ID, REV = "cases/notes", "L-1", 3
CASE, ANN, BEN, NEW = (bytes([number] * 32) for number in (1, 2, 3, 4))
HIDDEN = {"text": "an invented text", "deep": [{"a": 1}, None, True]}
CLEAR = {"id": ID, "rev": REV, "case": "C-1", "text": "sealed", "deep": []}


def holding(*keys: bytes) -> Callable[[str], bytes | None]:
    """Who holds these private keys."""
    return {key_id(public_of(key)): key for key in keys}.get


def of_case() -> dict[str, Any]:
    return {**CLEAR, SEALED: sealed_to(public_of(CASE), KIND, ID, REV, HIDDEN)}


def of_people() -> dict[str, Any]:
    return {
        **CLEAR,
        SEALED: sealed_for([public_of(ANN), public_of(BEN)], KIND, ID, REV, HIDDEN, NEW),
    }


BOTH = pytest.mark.parametrize(("make", "key"), [(of_case, CASE), (of_people, ANN), (of_people, BEN)])


@BOTH
def test_who_holds_the_key_reads_the_whole_document(make: Callable[[], dict[str, Any]], key: bytes) -> None:
    stored = make()
    assert is_sealed(stored)
    found = opened(KIND, stored, holding(key))
    assert found == {**CLEAR, **HIDDEN}
    assert not is_sealed(found)
    assert "an invented text" not in str(stored)


@BOTH
def test_who_does_not_gets_what_is_stored(make: Callable[[], dict[str, Any]], key: bytes) -> None:
    stored = make()
    assert opened(KIND, stored, holding(bytes([9] * 32))) is stored
    assert opened(KIND, stored, holding()) is stored


def test_the_envelope_has_the_form_that_is_documented() -> None:
    envelope = of_case()[SEALED]
    assert set(envelope) == {"box", "key", "v"}
    assert (envelope["v"], envelope["key"]) == (VERSION, key_id(public_of(CASE)))
    more = of_people()[SEALED]
    assert set(more) == {"box", "key", "to", "v"}
    assert more["key"] == key_id(public_of(NEW))
    assert set(more["to"]) == {key_id(public_of(ANN)), key_id(public_of(BEN))}
    assert info_of(KIND, ID, REV, "ab") == b'["workbench",1,"cases/notes","L-1",3,"ab"]'


# moved, altered ----------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("cases/answers", {}),
        ("concerns/concerns", {}),
        ("cases/note", {}),
        (KIND, {"id": "L-2"}),
        (KIND, {"id": "L-1 "}),
        (KIND, {"rev": REV - 1}),
        (KIND, {"rev": REV + 1}),
        (KIND, {"rev": 0}),
    ],
)
def test_it_opens_in_no_other_place(
    make: Callable[[], dict[str, Any]], key: bytes, kind: str, change: dict[str, Any]
) -> None:
    """Another table, document or revision: each would put words where they were not said."""
    with pytest.raises(SealError):
        opened(kind, {**make(), **change}, holding(key))


def test_two_documents_of_a_case_cannot_change_their_boxes() -> None:
    one = of_case()
    other = {**CLEAR, "id": "L-2", SEALED: sealed_to(public_of(CASE), KIND, "L-2", REV, {"text": "b"})}
    one[SEALED], other[SEALED] = other[SEALED], one[SEALED]
    for stored in (one, other):
        with pytest.raises(SealError):
            opened(KIND, stored, holding(CASE))


def test_a_key_id_put_in_by_hand_opens_nothing() -> None:
    """Named after a key that is held, the box is still bound to the key that it was sealed to."""
    stored = of_case()
    stored[SEALED]["key"] = key_id(public_of(ANN))
    with pytest.raises(SealError):
        opened(KIND, stored, holding(CASE, ANN))
    stored = of_people()
    stored[SEALED]["key"] = key_id(public_of(CASE))
    with pytest.raises(SealError):
        opened(KIND, stored, holding(ANN))


@BOTH
def test_each_byte_of_the_box_counts(make: Callable[[], dict[str, Any]], key: bytes) -> None:
    stored = make()
    box = b64decode(stored[SEALED]["box"])
    for place in range(len(box)):
        flipped = bytearray(box)
        flipped[place] ^= 1
        stored[SEALED]["box"] = b64encode(flipped).decode()
        with pytest.raises(SealError):
            opened(KIND, stored, holding(key))


def test_each_byte_of_a_wrap_counts() -> None:
    stored = of_people()
    own = key_id(public_of(ANN))
    wrap = b64decode(stored[SEALED]["to"][own])
    for place in range(len(wrap)):
        flipped = bytearray(wrap)
        flipped[place] ^= 1
        stored[SEALED]["to"][own] = b64encode(flipped).decode()
        with pytest.raises(SealError):
            opened(KIND, stored, holding(ANN))
    assert opened(KIND, stored, holding(BEN)) == {**CLEAR, **HIDDEN}, "another's wrap is as it was"


def test_a_wrap_of_another_document_or_holder_opens_nothing() -> None:
    stored, other = of_people(), sealed_for([public_of(ANN)], KIND, "L-2", 1, HIDDEN, bytes([8] * 32))
    ann, ben = key_id(public_of(ANN)), key_id(public_of(BEN))
    moved = deepcopy(stored)
    moved[SEALED]["to"][ann] = other["to"][ann]
    with pytest.raises(SealError):
        opened(KIND, moved, holding(ANN))
    moved = deepcopy(stored)
    moved[SEALED]["to"] = {ann: stored[SEALED]["to"][ben]}
    with pytest.raises(SealError):
        opened(KIND, moved, holding(ANN))


def test_a_wrap_that_holds_another_key_is_refused() -> None:
    """Somebody wraps a key of their own under the name of the document's."""
    ann, named = key_id(public_of(ANN)), key_id(public_of(NEW))
    info = b'["workbench",1,"key","%s","%s"]' % (named.encode(), ann.encode())
    false = b64encode(seal_to(public_of(ANN), info, CASE)).decode()
    with pytest.raises(SealError, match="not the one it is called"):
        unwrapped(named, {ann: false}, holding(ANN))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 0},
        {"v": 2},
        {"v": "1"},
        {"v": None},
        {"box": ""},
        {"box": "no base64!"},
        {"box": "AAAA"},
        {"box": 7},
        {"box": None},
        {"to": []},
        {"to": "x"},
        {"to": {key_id(public_of(CASE)): 7}},
    ],
)
def test_what_is_no_envelope_is_refused_in_our_words(change: dict[str, Any]) -> None:
    stored = of_case()
    stored[SEALED] |= change
    with pytest.raises(SealError):
        opened(KIND, stored, holding(CASE))


@pytest.mark.parametrize(
    "envelope", [None, 7, "x", [], {}, {"v": 1}, {"v": 1, "key": "k"}, {"v": 1, "box": ""}]
)
def test_what_is_no_envelope_at_all_is_refused_in_our_words(envelope: object) -> None:
    with pytest.raises(SealError):
        opened(KIND, {**CLEAR, SEALED: envelope}, holding(CASE))


@pytest.mark.parametrize(
    "plain",
    [b"", b"[]", b"no JSON", b"7", b"\xff", b'{"id":"L-2"}', b'{"rev":9}', b'{"sealed":{}}', b"[" * 9999],
)
def test_a_box_that_holds_no_fields_is_refused_in_our_words(plain: bytes) -> None:
    own = key_id(public_of(CASE))
    box = b64encode(seal_to(public_of(CASE), info_of(KIND, ID, REV, own), plain)).decode()
    with pytest.raises(SealError):
        opened(KIND, {**CLEAR, SEALED: {"v": 1, "key": own, "box": box}}, holding(CASE))


# wraps -------------------------------------------------------------------------------------------------------


def test_a_key_is_unwrapped_by_each_holder_and_by_nobody_else() -> None:
    own, wraps = key_id(public_of(CASE)), wrapped(CASE, [public_of(ANN), public_of(BEN)])
    for holder in (ANN, BEN):
        assert unwrapped(own, wraps, holding(holder)) == CASE
    assert unwrapped(own, wraps, holding(NEW)) is None
    assert unwrapped(own, {}, holding(ANN)) is None


def test_a_key_id_is_the_first_32_digits_of_the_digest_of_the_public_key() -> None:
    public = public_of(CASE)
    assert key_id(public) == key_id(public.hex())
    assert len(key_id(public)) == 32
