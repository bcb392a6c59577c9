"""Sealing to a key: it opens with that key, in that place, as it was, and in no other way."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import SealError
from store.sealing import LENGTH, open_with, public_of, seal_to

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
INFO, TEXT = b"here", b"an invented text"
OVERHEAD = 48
"""An encapsulated key of 32 bytes and a tag of 16."""


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=60), st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens_and_grows_by_what_is_said(plain: bytes, info: bytes, key: bytes) -> None:
    sealed = seal_to(public_of(key), info, plain)
    assert len(sealed) == len(plain) + OVERHEAD
    assert open_with(key, info, sealed) == plain


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert len({seal_to(public_of(KEY), INFO, TEXT) for _ in range(20)}) == 20


def test_another_key_or_place_opens_nothing() -> None:
    sealed = seal_to(public_of(KEY), INFO, TEXT)
    for key, info in ((OTHER, INFO), (KEY, b"elsewhere"), (KEY, b""), (KEY, INFO + b"\0")):
        with pytest.raises(SealError, match="does not open"):
            open_with(key, info, sealed)


def test_each_byte_counts() -> None:
    sealed = seal_to(public_of(KEY), INFO, TEXT)
    for place in range(len(sealed)):
        for bit in (1, 128):
            flipped = bytearray(sealed)
            flipped[place] ^= bit
            if place == LENGTH - 1 and bit == 128:
                continue  # RFC 7748: this bit of an X25519 key says nothing; the next test
            with pytest.raises(SealError):
                open_with(KEY, INFO, bytes(flipped))


def test_the_one_bit_of_the_curve_that_says_nothing_alters_nothing_that_is_read() -> None:
    sealed = bytearray(seal_to(public_of(KEY), INFO, TEXT))
    sealed[LENGTH - 1] ^= 128
    try:
        assert open_with(KEY, INFO, bytes(sealed)) == TEXT
    except SealError:
        return  # refused is as good


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47])
def test_what_is_too_short_is_refused(size: int) -> None:
    sealed = seal_to(public_of(KEY), INFO, TEXT)
    with pytest.raises(SealError):
        open_with(KEY, INFO, sealed[:size])


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), b"x" * 64])
def test_what_is_no_key_is_refused(key: bytes) -> None:
    for act in (
        lambda: public_of(key),
        lambda: seal_to(key, INFO, TEXT),
        lambda: open_with(key, INFO, bytes(64)),
    ):
        with pytest.raises(SealError, match="no key"):
            act()


def test_a_key_of_low_order_is_refused() -> None:
    """To such a key everybody could open: RFC 9180 wants the shared secret to be looked at."""
    for public in (bytes(32), b"\1" + bytes(31)):
        with pytest.raises(SealError):
            seal_to(public, INFO, TEXT)


def test_the_error_says_nothing_of_key_or_text() -> None:
    sealed = seal_to(public_of(KEY), INFO, TEXT)
    with pytest.raises(SealError) as caught:
        open_with(OTHER, INFO, sealed)
    said = str(caught.value)
    assert KEY.hex() not in said
    assert OTHER.hex() not in said


def test_garbage_opens_nothing() -> None:
    random = Random(7)
    for size in (48, 64, 200):
        for _ in range(20):
            with pytest.raises(SealError):
                open_with(KEY, INFO, random.randbytes(size))
