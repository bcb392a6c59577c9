"""The receipt for a handover as a file: what the receiver says, and their signature over it. No verbs here.

`receipt` is signed as canonical JSON, so that it can be checked without this program (`docs/handover.md` says how).
"""

from collections.abc import Callable
from typing import Any

import msgspec

from store import canon
from store.errors import InvalidDocError, MalformedError
from workbench.desk.files import read_input
from workbench.desk.text import has_controls
from workbench.domain import sshsig
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.handover import RECEIPT_NAMESPACE, Receipt

MOST = 64 << 10
"""Bytes of a receipt that are looked at; ours have about 1,000."""
VERSION = 1
_KEYS = {"receipt", "signature", "signer"}


def written(receipt: Receipt, public: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The receipt's file.

    Args:
        receipt: what is said.
        public: the signer's public key, 32 bytes.
        sign: makes an Ed25519 signature.
    """
    said = msgspec.to_builtins(receipt)
    signature = sshsig.armored(public, sign, canon.canonical(said), RECEIPT_NAMESPACE)
    return (
        canon.canonical({"receipt": said, "signature": signature, "signer": sshsig.public_line(public)})
        + b"\n"
    )


def read_file(path: str) -> tuple[Receipt, str]:
    """A receipt that somebody named, and the fingerprint of the key that signed it; see `read`."""
    return read(read_input(path, MOST))


def read(data: bytes) -> tuple[Receipt, str]:
    """A receipt from its file, and the fingerprint of the key that signed it.

    Raises:
        InvalidError: it is no receipt, was changed, is signed for something else, or is of a newer form.
    """
    whole = _whole(data)
    said, signature, signer = whole["receipt"], whole["signature"], whole["signer"]
    if not (isinstance(said, dict) and isinstance(signature, str) and isinstance(signer, str)):
        raise _wrong("it does not hold a receipt and its signature")
    public = sshsig.checked(signature, canon.canonical(said), RECEIPT_NAMESPACE)
    if sshsig.public_of(signer) != public:
        raise _wrong("it names another key than the one that signed it")
    version = said.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise InvalidError(
            f"The receipt is of version {version}; this program reads version {VERSION}.",
            todo="Use a newer version of this program, or write the receipt down by hand.",
        )
    return _receipt(said), sshsig.fingerprint(public)


def _whole(data: bytes) -> dict[str, Any]:
    """The file's object, which has just the bytes that it was written with: nothing in it is free to change."""
    if len(data) > MOST:
        raise _wrong(f"it has {len(data):,} bytes; at most {MOST:,} are looked at")
    try:
        whole = canon.load(data, MOST)
        written_ = canon.canonical(whole) + b"\n"
    except (MalformedError, InvalidDocError) as error:
        raise _wrong(harmless(error.what, 200)) from error
    if not isinstance(whole, dict) or set(whole) != _KEYS:
        raise _wrong("it does not hold a receipt and its signature")
    if written_ != data:
        raise _wrong("it was written anew by another program")
    return whole


def _receipt(said: dict[str, Any]) -> Receipt:
    try:
        receipt = msgspec.convert(said, Receipt)
    except msgspec.ValidationError as error:
        raise _wrong(harmless(str(error), 200)) from None
    for name, text in said.items():
        if isinstance(text, str) and (has_controls(text) or len(text) > 500):
            raise _wrong(f"{harmless(name)} holds what no receipt does")
    return receipt


def _wrong(why: str) -> InvalidError:
    return InvalidError(
        f"This is no receipt that can be relied on: {why.rstrip('.')}.",
        todo="Ask the school to send it again, and see that the file reaches you as it was written.",
    )
