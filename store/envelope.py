"""What a sealed document looks like, and how it opens.

A stored document keeps in clear what lists need. What is sealed of it stands in `sealed`:

    {"v": 1, "key": KEY ID, "box": BASE64}
    {"v": 1, "key": KEY ID, "box": BASE64, "to": {KEY ID: BASE64, ...}}

`box` is the canonical JSON of the sealed fields, filled up with blanks to a multiple of `BLOCK` bytes, sealed by HPKE
to the key. Its private part is wrapped in the vault, or in the document itself for each of those in `to`: then the key
was made for this document alone. `info` is the canonical JSON of `["workbench", 1, file/table, id, revision, key id]`:
a box opens nowhere but where it was written.
"""

from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from store.canon import canonical
from store.errors import SealError
from store.sealing import open_with, public_of, seal_to
from store.vault import WrappedKey, key_id

Doc = dict[str, Any]
SEALED = "sealed"
VERSION = 1
BLOCK = 256
"""What is sealed is filled up to a multiple of so many bytes: else its length tells a `yes` from a `no`."""
PrivateOf = Callable[[str], bytes | None]
"""Gives the private key with an id, None where it is not held."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def info_of(kind: str, own_id: str, rev: int, key: str) -> bytes:
    """What a box is bound to."""
    return canonical(["workbench", VERSION, kind, own_id, rev, key])


def sealed_to(public: bytes, kind: str, own_id: str, rev: int, fields: Mapping[str, Any]) -> Doc:
    """The envelope of fields, sealed to a key whose private part the vault wraps."""
    own = key_id(public)
    plain = canonical(dict(fields))
    box = seal_to(public, info_of(kind, own_id, rev, own), plain + b" " * (-len(plain) % BLOCK))
    return {"box": _text(box), "key": own, "v": VERSION}


def sealed_for(
    publics: Iterable[bytes], kind: str, own_id: str, rev: int, fields: Mapping[str, Any], private: bytes
) -> Doc:
    """The envelope of fields, sealed to a key of its own (`private`, fresh), which is wrapped for each of `publics`."""
    made = sealed_to(public_of(private), kind, own_id, rev, fields)
    return {**made, "to": wrapped(private, publics)}


def wrapped(private: bytes, publics: Iterable[bytes]) -> WrappedKey:
    """A private key, wrapped for each of those who may use it, by their key ids."""
    own = key_id(public_of(private))
    return {key_id(each): _text(seal_to(each, _wrap_info(own, key_id(each)), private)) for each in publics}


def unwrapped(key: str, wraps: Mapping[str, str], private_of: PrivateOf) -> bytes | None:
    """The private key with an id, if one of its wraps is for a key that is held; None if none is.

    Raises:
        SealError: one is, and it was altered.
    """
    for holder, text in wraps.items():
        held = private_of(holder)
        if held is not None:
            found = open_with(held, _wrap_info(key, holder), _bytes(text))
            if key_id(public_of(found)) != key:
                raise SealError("a wrapped key is not the one it is called")
            return found
    return None


def opened(kind: str, stored: Doc, private_of: PrivateOf) -> Doc:
    """The document that `stored` holds; `stored` itself, with its `sealed`, where the key is not held.

    Raises:
        SealError: the key is held and the box does not open: it was altered, or moved here from elsewhere.
    """
    envelope = stored[SEALED]
    try:
        version, key, box = envelope["v"], envelope["key"], envelope["box"]
        wraps = envelope.get("to")
        private = private_of(key) if wraps is None else unwrapped(key, wraps, private_of)
    except (TypeError, KeyError, AttributeError) as error:
        raise SealError("this is no envelope") from error
    if version != VERSION:
        raise SealError(f"an envelope of version {version}; this program knows {VERSION}")
    if private is None:
        return stored
    fields = _fields(open_with(private, info_of(kind, stored["id"], stored["rev"], key), _bytes(box)))
    clear = {name: value for name, value in stored.items() if name != SEALED}
    return {**clear, **fields}


def _fields(plain: bytes) -> Doc:
    """What a box holds. Whoever can write files can seal anything to a public key."""
    try:
        found = _decode(plain)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise SealError("what is sealed is no document") from None
    if not found.keys().isdisjoint(("id", "rev", SEALED)):
        raise SealError("what is sealed names itself")
    return found


def is_sealed(doc: Mapping[str, Any]) -> bool:
    """Whether a document, as it was opened, is one whose key is not held."""
    return SEALED in doc


def _wrap_info(key: str, holder: str) -> bytes:
    return canonical(["workbench", VERSION, "key", key, holder])


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def _bytes(text: object) -> bytes:
    try:
        return b64decode(text if isinstance(text, str) else "", validate=True)
    except NoBase64:
        raise SealError("this is no envelope") from None
