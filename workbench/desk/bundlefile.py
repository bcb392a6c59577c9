"""What stands in a handover's bundle: its case and its entries, read strictly. No verbs here; no folder is needed."""

import hashlib
import re
import unicodedata
from typing import Any

import msgspec
from msgspec import Struct

from store import canon
from store.errors import InvalidDocError, MalformedError
from workbench.desk.files import read_input
from workbench.domain import bundle
from workbench.domain.bundle import AGAIN, MOST_FILE, Bundle
from workbench.domain.bundling import CASE, LOG
from workbench.domain.casefile import CaseFile
from workbench.domain.characters import BAD, harmless
from workbench.domain.errors import InvalidError

SCHEMA, VERSION = "cme-case", 1
MOST_VALUES = 300_000
"""Values of one file that are taken; a case of twelve school years has about 80,000."""
MOST_TEXT = 50_000
"""Characters of one text that are taken."""
_HOSTILE = re.compile(f"(?!\n){BAD.pattern}")
"""Line breaks may stand in what somebody wrote."""


class Read(Struct, frozen=True, kw_only=True):
    """A bundle that is whole and can be read."""

    bundle: Bundle
    case: CaseFile
    raw: dict[str, Any]
    """The case file as builtin types, ready to be kept."""
    replaced: int
    """Characters that no terminal should get, and that were replaced."""


def read_file(path: str) -> Read:
    """A bundle that somebody named.

    Raises:
        InvalidError: if it cannot be read, or is refused; see `read`.
    """
    return read(read_input(path, MOST_FILE))


def read(data: bytes) -> Read:
    """A bundle from its bytes, proven and read; nothing is written.

    Raises:
        InvalidError: whatever is wrong with it, naming the file in it and the place.
    """
    opened = bundle.opened(data)
    raw = _json(opened.files[CASE], CASE)
    _check_version(raw)
    counted = _Cleaned()
    raw = counted.clean(raw, CASE)
    try:
        canon.check(raw)
        case = msgspec.convert(raw, CaseFile)
    except InvalidDocError as error:
        raise _refused(CASE, error.what) from error
    except msgspec.ValidationError as error:
        raise _refused(CASE, harmless(str(error), 200)) from None
    _check_entries(opened.files[LOG], raw["log"])
    return Read(
        bundle=opened,
        case=case,
        raw=msgspec.to_builtins(case),
        replaced=counted.replaced,
    )


def _json(data: bytes, where: str) -> Any:
    """A JSON text from outside. Its values are counted before any is made: they take more room than their text."""
    if sum(map(data.count, (b",", b":", b"[", b"{"))) > MOST_VALUES:
        raise _refused(where, f"it holds more than {MOST_VALUES:,} values")
    try:
        return canon.load(data, len(data))
    except MalformedError as error:
        raise _refused(where, harmless(error.what, 200)) from error


def _check_version(raw: Any) -> None:
    """Name a newer case file, or another one, before its fields are looked at."""
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise _refused(CASE, f"it is no case file: its schema is not {SCHEMA}")
    version = raw.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise InvalidError(
            f"{CASE} is version {version} of the case file; this program reads version {VERSION}.",
            todo="Use a newer version of this program, or ask the sender for the older form. case.html can be read in "
            "any browser.",
        )


class _Cleaned:
    """Texts without the characters that could run a terminal; how many there were."""

    def __init__(self) -> None:
        self.replaced = 0

    def clean(self, value: Any, where: str) -> Any:
        """The value with every text clean.

        Raises:
            InvalidError: for a text that is longer than any person's, by its place.
        """
        if isinstance(value, str):
            return self._text(value, where)
        if isinstance(value, list):
            return [self.clean(one, f"{where}[{number}]") for number, one in enumerate(value)]
        if isinstance(value, dict):
            return {key: self.clean(one, f"{where}.{key}") for key, one in value.items()}
        return value

    def _text(self, text: str, where: str) -> str:
        if len(text) > MOST_TEXT:
            raise _refused(CASE, f"{harmless(where, 80)} has {len(text):,} characters")
        if text.isascii() and text.isprintable():
            return text
        found = len(_HOSTILE.findall(text))
        self.replaced += found
        return unicodedata.normalize("NFC", _HOSTILE.sub("\ufffd", text) if found else text)


def _check_entries(data: bytes, said: Any) -> None:
    """Every entry is whole in itself, and those of `log.jsonl` are those of `case.json`."""
    if data.count(b"\n") > MOST_VALUES:
        raise _refused(LOG, "it has too many lines")
    if not isinstance(said, list):
        raise _refused(CASE, "log is no list")
    lines = data.splitlines()
    if len(lines) != len(said):
        raise _refused(LOG, f"it has {len(lines)} entries, and {CASE} has {len(said)}")
    for number, (line, entry) in enumerate(zip(lines, said, strict=True), 1):
        if _json(line, f"{LOG} line {number}") != entry:
            raise _refused(LOG, f"line {number} is another entry than in {CASE}")
        if not _is_whole(entry):
            raise _refused(LOG, f"line {number} was changed: it does not fit its own hash")


def _is_whole(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return False
    try:
        body = canon.canonical({key: value for key, value in entry.items() if key != "hash"})
    except InvalidDocError:
        return False
    return entry.get("hash") == hashlib.sha256(body).hexdigest()


def _refused(where: str, why: str) -> InvalidError:
    return InvalidError(f"The bundle is refused: {where}: {why.rstrip('.')}.", todo=AGAIN)
