"""One line of the log: built here, proven here. The bytes are the contract (design 6, docs/verify-log.md)."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from store.canon import check, digest, trusted, trusted_lines
from store.errors import InvalidDocError

ZERO = "0" * 64
MAX_LINE = 64 << 20
CHUNK = 4 << 10
"""Bytes of lines that are proven at once: more would fall out of the processor's cache before they are used."""
_ACT = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_GONE = re.compile(rb'\{"gone":"[0-9a-f]{64}"\}')
_SPLIT = b'},"parts":['
_HASH = b',"hash":"'

Part = dict[str, Any]
Entry = dict[str, Any]


class LineEntry(Struct, forbid_unknown_fields=True):
    """The audit entry of a line. Fields stand in canonical order."""

    act: str
    actor: str
    at: str
    digest: str
    hash: str
    prev: str
    role: str
    seq: int
    subject: str | None
    why: str | None


class Line(Struct, forbid_unknown_fields=True):
    """A line as read: its entry and its parts."""

    entry: LineEntry
    parts: list[Part]


class LineError(Exception):
    """A line is not whole. `torn` = as a write that never finished leaves it: without its end, or with zeros in it."""

    def __init__(self, reason: str, torn: bool) -> None:
        super().__init__(reason)
        self.reason, self.torn = reason, torn


def _no_float(text: str) -> Any:
    raise ValueError(f"the number {text[:20]} is not a whole one")


_decoder = msgspec.json.Decoder(Line, float_hook=_no_float)
_decode = _decoder.decode
_NONE = digest(b"[]")
ERASED = "records.erased"
"""The act whose line drops documents, and names so those whose parts are erased from the log."""


def entry_head(at: str, actor: str, role: str, act: str, subject: str | None, why: str | None) -> Entry:
    """The part of an entry that the caller gives, checked.

    Raises:
        InvalidDocError: an ill-formed `at` (ISO 8601 with offset) or `act`, or a control character or newline.
    """
    if not _AT.fullmatch(at):
        raise InvalidDocError(f"{at[:40]!r} is not an instant with offset", "entry")
    if not _ACT.fullmatch(act):
        raise InvalidDocError(f"{act[:40]!r} is not a dotted act", "entry")
    for name, text in (("actor", actor), ("role", role), ("subject", subject), ("why", why)):
        if text is not None and (len(text) > 400 or "\n" in text or "\t" in text):
            raise InvalidDocError(f"{name} holds more than an id or code", "entry")
        check(text)
    return {"act": act, "actor": actor, "at": at, "role": role, "subject": subject, "why": why}


def part_digest(raw: bytes) -> str:
    """The digest of a part given as canonical bytes; an erased one carries its own."""
    if raw.startswith(b'{"gone":"') and _GONE.fullmatch(raw):  # exactly that: nothing may hide beside it
        return raw[9:73].decode("ascii")
    return sha256(raw).hexdigest()


def parts_digest(raws: list[bytes]) -> str:
    """SHA-256 of the canonical array of the parts' digests."""
    if not raws:
        return digest(b"[]")
    return sha256(('["' + '","'.join([part_digest(raw) for raw in raws]) + '"]').encode()).hexdigest()


def build(head: Entry, seq: int, prev: str, raws: list[bytes]) -> tuple[bytes, LineEntry]:
    """The line (newline included) and its complete entry. `raws` are canonical parts."""
    entry = LineEntry(
        act=head["act"],
        actor=head["actor"],
        at=head["at"],
        digest=parts_digest(raws),
        hash=ZERO,
        prev=prev,
        role=head["role"],
        seq=seq,
        subject=head["subject"],
        why=head["why"],
    )
    body = trusted(entry)
    at = body.index(_HASH)
    front, back = body[:at], body[at + 74 :]
    entry.hash = digest(front + back)
    line = b'{"entry":%b,"hash":"%b"%b,"parts":[%b]}\n' % (front, entry.hash.encode(), back, b",".join(raws))
    if len(line) > MAX_LINE:
        raise InvalidDocError(f"one change of {len(line)} bytes is more than {MAX_LINE}", "entry")
    return line, entry


def prove(raw: bytes) -> Line:
    """The line that `raw` (with its newline) holds, proven: canonical to the byte, digests and hash right.

    Raises:
        LineError: with the reason, and whether it looks torn.
    """
    if len(raw) > MAX_LINE:
        raise LineError(
            f"the line has {len(raw):,} bytes, more than {MAX_LINE:,}", torn=raw.endswith(b"\x00")
        )
    if not raw.endswith(b"\n"):
        raise LineError("the line has no end", torn=raw.endswith(b"\x00") or not _was_whole(raw[:-1]))
    return prove_row(raw[:-1])


def prove_lines(raw: bytes) -> tuple[list[Line], list[int]] | None:
    """All lines that stand in `raw`, each with its newline, proven as `prove` does, and the offset behind each.

    None if one of them is not whole: `prove` says which and why. Many at once cost half of what they cost one by one.
    """
    if len(raw) > MAX_LINE:  # a chunk is larger than `CHUNK` only where one line is
        return None
    try:
        found = _decoder.decode_lines(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if trusted_lines(found) != raw:
        return None
    begin, ends = 0, []
    for line in found:
        end = raw.index(b"\n", begin)  # canonical JSON holds none
        if _mismatch(line, raw, begin, end):
            return None
        begin = end + 1
        ends.append(begin)
    return found, ends


def chunks(raw: bytes) -> Iterator[bytes]:
    """`raw` in pieces of whole lines for `prove_lines`; the last may have no end."""
    done = 0
    while done < len(raw):
        end = raw.rfind(b"\n", done, done + CHUNK) + 1 or raw.find(b"\n", done) + 1 or len(raw)
        yield raw[done:end]
        done = end


def prove_row(row: bytes) -> Line:
    """`prove` for a line without its newline."""
    try:
        line = _decode(row)
    except (msgspec.MsgspecError, ValueError, RecursionError) as exc:
        # a line that has its end was written to it: only a lost page, which reads as zeros, makes it a torn one
        raise LineError(_reason(exc), torn=b"\x00" in row) from None
    if trusted(line) != row:
        raise LineError("the line is not canonical JSON", torn=False)
    reason = _mismatch(line, row, 0, len(row))
    if reason:
        raise LineError(reason, torn=False)
    return line


def _mismatch(line: Line, raw: bytes, begin: int, end: int) -> str:
    """Which of hash and digest a line does not have; empty if it has both. `raw[begin:end]` is its canonical JSON."""
    # the hashes are taken of slices: the whole was just shown to be canonical, so its pieces are
    entry, parts = line.entry, line.parts
    if len(entry.hash) != 64:
        return "the entry does not have its hash"
    at = raw.index(_HASH, begin)
    back = at + 74
    cut = raw.index(_SPLIT, back) if parts else end - 13  # },"parts":[]}
    if sha256(raw[begin + 9 : at] + raw[back:cut] + b"}").hexdigest() != entry.hash:
        return "the entry does not have its hash"
    if not parts:
        said = _NONE
    elif len(parts) == 1 and "gone" not in parts[0]:
        said = sha256(b'["%b"]' % sha256(raw[cut + 11 : end - 2]).hexdigest().encode()).hexdigest()
    else:
        said = parts_digest([trusted(part) for part in parts])
    return "" if said == entry.digest else "the parts do not have the entry's digest"


def _was_whole(row: bytes) -> bool:
    """Whether a line lacks nothing but its newline, in whose place another byte stands: altered, not torn."""
    try:
        prove_row(row)
    except LineError:
        return False
    return True


def _reason(exc: Exception) -> str:
    if isinstance(exc, msgspec.ValidationError):
        return f"the line is not an entry: {exc}"
    if isinstance(exc, RecursionError):
        return "the line is nested too deeply"
    return "the line is not JSON"


def as_dict(entry: LineEntry) -> Entry:
    """The entry as it is stored."""
    return asdict(entry)
