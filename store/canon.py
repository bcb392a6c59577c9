"""Canonical JSON (the subset of RFC 8785 that we keep to), digests, and the strict reader."""

import hashlib
import json
from typing import Any

import msgspec

from store.errors import StoreError

ZERO = "0" * 64
_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()
_DEPTH = 64


def canonical(value: Any) -> bytes:
    """Canonical bytes: sorted keys, no blanks. The caller keeps floats and control characters out."""
    return _encoder.encode(value)


def sha(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes of a value."""
    return sha(_encoder.encode(value))


def loads(raw: bytes, what: str, cap: int = 256 << 20) -> Any:
    """A JSON value, read strictly: no duplicate keys, no NaN, no depth over 64, no surrogates."""
    if len(raw) > cap:
        raise StoreError(f"{what} has {len(raw)} bytes; at most {cap} are read.")
    try:
        text = raw.decode("utf-8", "strict")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        _check(value, 0)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{what} is not JSON that can be used: {error}.") from error
    return value


def quick(raw: bytes) -> Any:
    """A JSON value of our own writing, read fast (duplicates are caught by comparing with the canonical form)."""
    return _decoder.decode(raw)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a value")


def _check(value: Any, depth: int) -> None:
    if depth > _DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, str):
        value.encode()
    elif isinstance(value, float):
        raise ValueError("a fraction stands where none is kept")
