"""Canonical JSON against the standard's own implementation, and every trap of JSON from outside."""

import json
from contextlib import suppress
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from store.canon import MAX_INT, canonical, load
from store.errors import InvalidDocError, MalformedError

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=12)
KEY = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=12,
)


@given(VALUE)
def test_canonical_is_rfc_8785_and_sorted_compact_json(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == plain.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        MAX_INT + 1,
        -MAX_INT - 1,
        "\x00",
        "\x1b[2J",
        "\x7f",
        "\ud800",
        {"é": 1},
        {1: 2},
        b"x",
        {1},
        "a\rb",
    ],
)
def test_what_cannot_be_canonical_is_refused_anywhere(value: Any) -> None:
    for wrapped in (value, [value], {"a": {"b": [value]}}):
        with pytest.raises(InvalidDocError):
            canonical(wrapped)


def test_too_deep_is_refused() -> None:
    value: Any = "x"
    for _ in range(70):
        value = [value]
    with pytest.raises(InvalidDocError, match="deeper than 64"):
        canonical(value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"a":1,"a":2}', "stands twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[1e400]", "fraction or exponent"),
        (b"[1.5]", "fraction or exponent"),
        (b"[9007199254740992]", "beyond 2\\^53"),
        (b"[" + b"9" * 100_000 + b"]", "beyond 2\\^53"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'{"\\udc00":1}', "lone surrogate"),
        (b"\xff", "byte 1 is not UTF-8"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
        (b"[" * 200_000, "deeper than 64"),
        (b"", "line 1 column 1"),
        (b'{"a":\n', "line 2"),
        (b" " * 101, "longer than 100"),
    ],
)
def test_hostile_json_is_refused_with_its_reason(raw: bytes, words: str) -> None:
    cap = 100 if raw.isspace() else 1 << 20
    with pytest.raises(MalformedError, match=words):
        load(raw, cap=cap)


def test_good_json_is_read() -> None:
    assert load(b'{"a":[1,null,true,"\\u00e9"]}') == {"a": [1, None, True, "é"]}
    assert load(b"[1.5]", floats=True) == [1.5]


@given(st.binary(max_size=60))
def test_nothing_but_our_error_comes_out(raw: bytes) -> None:
    with suppress(MalformedError):
        load(raw)
