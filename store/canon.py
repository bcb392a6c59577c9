"""Canonical JSON, its digests, and the strict loader for JSON from outside.

Canonical = RFC 8785 on a subset on which msgspec, `json.dumps` and `jq -cS` give the same bytes: ASCII keys, no floats,
whole numbers within 2^53, no control characters but tab and newline, no lone surrogates.
"""

import json
import re
from collections import Counter
from hashlib import sha256
from typing import Any

import msgspec

from store.errors import InvalidDocError, MalformedError

MAX_INT = 2**53 - 1
MAX_DEPTH = 64
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_encoder = msgspec.json.Encoder(order="sorted")
_encode = _encoder.encode
trusted_lines = _encoder.encode_lines
"""`trusted` of each value of a list, with a newline behind each."""


def check(value: Any, depth: int = 0) -> None:
    """Raise InvalidDocError if `value` is not made of what canonical JSON may hold here."""
    kind = type(value)
    if kind is str:
        if not value.isascii() or not value.isprintable():
            _check_text(value)
    elif kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise InvalidDocError("a whole number beyond 2^53 cannot be stored")
    elif kind is dict:
        _check_depth(depth)
        for key, inner in value.items():
            if type(key) is not str or not (key.isascii() and key.isprintable()):
                raise InvalidDocError(f"the key {key!r} is not plain ASCII")
            check(inner, depth + 1)
    elif kind is list or kind is tuple:
        _check_depth(depth)
        for inner in value:
            check(inner, depth + 1)
    elif value is not None and kind is not bool:
        raise InvalidDocError(f"a value of type {kind.__name__} cannot be stored")


def _check_text(text: str) -> None:
    found = _BAD.search(text)
    if found:
        raise InvalidDocError(f"the character U+{ord(found[0]):04X} cannot be stored")


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise InvalidDocError(f"nested deeper than {MAX_DEPTH}")


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`; raises InvalidDocError for what cannot be in it."""
    check(value)
    return _encode(value)


def trusted(value: Any) -> bytes:
    """`canonical` without the look at each value, for what was checked before."""
    return _encode(value)


def digest(raw: bytes) -> str:
    """SHA-256 of `raw`, 64 lower-case hex digits."""
    return sha256(raw).hexdigest()


def load(raw: bytes, cap: int = 16 << 20, floats: bool = False) -> Any:
    """The value of a JSON text from outside; every trap is refused.

    Args:
        raw: the bytes, UTF-8 without surrogates.
        cap: most bytes taken.
        floats: whether finite floats are taken.

    Raises:
        MalformedError: too long, not UTF-8, not JSON, a duplicate key, NaN or infinity, nested deeper than 64,
            a whole number beyond 2^53, a lone surrogate.
    """
    if len(raw) > cap:
        raise MalformedError(f"longer than {cap} bytes")
    try:
        value = json.loads(
            raw.decode("utf-8", "strict"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_int=_whole,
        )
        _check_outside(value, floats, 0)
    except MalformedError:
        raise
    except RecursionError:
        raise MalformedError(f"nested deeper than {MAX_DEPTH}") from None
    except UnicodeDecodeError as exc:
        raise MalformedError(f"byte {exc.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as exc:
        raise MalformedError(f"line {exc.lineno} column {exc.colno}: {exc.msg}") from None
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)  # counting each anew would take hours for a hostile file
        twice = next(key for key in counts if counts[key] > 1)
        raise MalformedError(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise MalformedError(f"{name} is not JSON")


def _whole(digits: str) -> int:
    # the length first: int() of a million digits is slow or refused with another error
    if len(digits) > 17 or not -MAX_INT <= int(digits) <= MAX_INT:
        raise MalformedError("a whole number beyond 2^53")
    return int(digits)


def _check_outside(value: Any, floats: bool, depth: int) -> None:
    if isinstance(value, dict | list) and depth >= MAX_DEPTH:
        raise MalformedError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise MalformedError("a lone surrogate in a text") from None
    elif isinstance(value, float):
        if not floats or value in (float("inf"), float("-inf")):
            raise MalformedError("a number with a fraction or exponent that cannot be taken")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_outside(key, floats, depth + 1)
            _check_outside(inner, floats, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_outside(inner, floats, depth + 1)
