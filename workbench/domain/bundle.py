"""A handover's bundle as it comes in: opened under caps, and proven, before anything in it is believed.

The zip file is read strictly: what `bundling` writes and nothing else, so that no trick of the format has room. Nothing
is written, and no more is unpacked than the caps allow.
"""

import hashlib
import zlib
from collections.abc import Mapping
from struct import Struct as Layout

from msgspec import Struct

from workbench.domain import sshsig
from workbench.domain.bundling import ALLOWED, CASE, LOG, NAMES, PAGE, SIGNATURE, SIGNER, SUMMED, SUMS
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError

MOST_FILE = 8 << 20
"""Bytes of a bundle that are looked at; a case of twelve school years has about 1 MiB."""
MOST_EACH = {CASE: 8 << 20, PAGE: 8 << 20, LOG: 8 << 20}
"""Most bytes of one file in it; `MOST_SMALL` of the others."""
MOST_SMALL = 64 << 10
MOST_WHOLE = 20 << 20
"""Most bytes of all files in it together."""
MOST_RATIO = 250
"""How often smaller a packed file may be, beyond its first `MOST_SMALL` bytes; marks come to about 40."""
AGE = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")
AGAIN = "Do not rely on it; ask the sender to send it again, and tell them what was found."

_LOCAL = Layout("<4s5H3I2H")
_CENTRAL = Layout("<4s6H3I5H2I")
_END = Layout("<4s4H2IH")
_STORED, _DEFLATED = 0, 8
_REGULAR, _PRIVATE = 0o100000, 0o100600
_HEADING = (20, 0, 0x21)
"""What `bundling` writes of every file: the version that unpacks it, and midnight of the first day that a zip file
knows. Nothing in a bundle is left free, so that no byte of it can be changed unseen."""


class Bundle(Struct, frozen=True, kw_only=True):
    """A bundle that is whole: every file fits its sum, and the sums fit the signature."""

    sha256: str
    """Of the whole file, 64 hex digits: what the sender wrote down, and what a receipt reads back."""
    size: int
    """Bytes of the whole file."""
    files: dict[str, bytes]
    signer: bytes
    """The public key that signed it, 32 bytes. Whose it is, the bundle cannot prove."""
    said: str
    """Who the bundle says the key belongs to; an unproven word."""

    @property
    def fingerprint(self) -> str:
        """What is compared by telephone."""
        return sshsig.fingerprint(self.signer)


def opened(data: bytes) -> Bundle:
    """A bundle from its bytes, once all of it is proven.

    Raises:
        InvalidError: it is encrypted, too large, no zip file such as a bundle is, lacks a file or has another, or does
            not fit its sums or its signature. The message names the file and what is wrong with it.
    """
    if data.startswith(AGE):
        raise InvalidError(
            "The file is encrypted in the age format.",
            todo="Open it first: `age -d -o case.zip FILE` asks for the passphrase, `age -d -i KEYFILE -o case.zip "
            "FILE` uses your key.",
        )
    if len(data) > MOST_FILE:
        raise _wrong(f"it has {len(data):,} bytes, and a bundle has at most {MOST_FILE:,}")
    files = _unpacked(data)
    _check_sums(files)
    signer = _signer(files)
    return Bundle(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        files=files,
        signer=signer,
        said=harmless(_text(files, SIGNER).strip().partition(" ")[2].partition(" ")[2], 80),
    )


# what is in the zip file ------------------------------------------------------------------------------------------


class _Entry(Struct, frozen=True):
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    """Where its local header begins."""


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Every file by name. The whole of `data` is accounted for: nothing stands before, between or behind."""
    count, where = _end(data)
    entries, at = [], where
    for _ in range(count):
        entry, at = _central(data, at)
        entries.append(entry)
    if at != len(data) - _END.size:
        raise _wrong("something stands behind its table of contents")
    _check_names(entries)
    if sum(entry.size for entry in entries) > MOST_WHOLE:
        raise _wrong(f"unpacked it would have more than {MOST_WHOLE:,} bytes")
    files, next_ = {}, 0
    for entry in entries:
        if entry.start != next_:
            raise _wrong(f"{entry.name} does not stand right behind the file before it")
        body = _body(data, entry, where)
        next_ = body + entry.packed
        files[entry.name] = _inflated(data[body:next_], entry)
    if next_ != where:
        raise _wrong("something stands before its table of contents")
    return files


def _end(data: bytes) -> tuple[int, int]:
    """How many files it has, and where its table of contents begins."""
    if len(data) < _END.size or not data.startswith(b"PK\x03\x04"):
        raise InvalidError(
            "The file is no handover bundle: it is no zip file.",
            todo="Choose the zip file that the other school sent; if it came encrypted, open it first.",
        )
    mark, disk, first, here, count, length, where, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06":
        raise _wrong("it does not end as a zip file: it is cut off, or something stands behind it")
    if (disk, first, comment) != (0, 0, 0) or here != count:
        raise _wrong("it is in parts, or has a remark at its end")
    if count != len(NAMES):
        raise _wrong(f"it holds {count} files, and a bundle holds {len(NAMES)}")
    if where + length != len(data) - _END.size:
        raise _wrong("its table of contents is not where it says")
    return count, where


def _central(data: bytes, at: int) -> tuple[_Entry, int]:
    """An entry of the table of contents, and where the next begins."""
    if at + _CENTRAL.size > len(data):
        raise _wrong("its table of contents is cut off")
    found = _CENTRAL.unpack_from(data, at)
    mark, flags, method, crc, packed, size, named = *found[:1], *found[3:5], *found[7:11]
    extra, comment, disk, inside, mode, start = found[11:]
    at += _CENTRAL.size
    raw = data[at : at + named]
    if mark != b"PK\x01\x02" or len(raw) != named:
        raise _wrong("its table of contents cannot be read")
    name = raw.decode("ascii", "replace")
    if name not in NAMES:
        raise _wrong(f"it holds a file of another name, {harmless(ascii(name)[1:-1], 60)}")
    if extra or comment or disk:
        raise _wrong(f"{name} carries more than a plain file does")
    if mode >> 16 & 0o170000 != _REGULAR or mode & 0x10:
        raise _wrong(f"{name} is a link, a folder or a device, not a plain file")
    if (found[1], found[2], *found[5:7], inside, mode) != (0x314, *_HEADING, 0, _PRIVATE << 16):
        raise _wrong(f"the zip file's table of contents was changed at {name}, or another program made it")
    return _Entry(name, flags, method, crc, packed, size, start), at + named


def _check_names(entries: list[_Entry]) -> None:
    names = [entry.name for entry in entries]
    for name in NAMES:
        if names.count(name) != 1:
            raise _wrong(f"{name} is missing" if name not in names else f"{name} stands in it twice")


def _body(data: bytes, entry: _Entry, where: int) -> int:
    """Where an entry's bytes begin, its own header being the same as in the table of contents."""
    if entry.start + _LOCAL.size > where:
        raise _wrong(f"{entry.name} is cut off")
    mark, needs, flags, method, time, day, crc, packed, size, named, extra = _LOCAL.unpack_from(
        data, entry.start
    )
    begins: int = entry.start + _LOCAL.size + named
    name = data[begins - named : begins]
    if flags & 1 or entry.flags & 1:
        raise _wrong(f"{entry.name} is encrypted inside the zip file")
    said = (mark, flags, method, crc, packed, size, extra, name)
    if said != (b"PK\x03\x04", 0, entry.method, entry.crc, entry.packed, entry.size, 0, entry.name.encode()):
        raise _wrong(f"{entry.name} is described in two ways, or not as a plain file")
    if (needs, time, day) != _HEADING:
        raise _wrong(f"the zip file's heading of {entry.name} was changed, or another program made it")
    if entry.flags or begins + entry.packed > where:
        raise _wrong(f"{entry.name} is cut off, or not described as a plain file")
    return begins


def _inflated(packed: bytes, entry: _Entry) -> bytes:
    """The file, and never a byte more than it says it has."""
    most = MOST_EACH.get(entry.name, MOST_SMALL)
    if entry.size > most:
        raise _wrong(f"{entry.name} would have {entry.size:,} bytes unpacked; at most {most:,} are taken")
    if entry.size > MOST_SMALL + MOST_RATIO * entry.packed:
        raise _wrong(f"{entry.name} is packed more than {MOST_RATIO} times smaller, as no case is")
    if entry.method not in (_STORED, _DEFLATED):
        raise _wrong(f"{entry.name} is packed in a way that is not known here")
    made = packed if entry.method == _STORED else _deflated(packed, entry)
    if len(made) != entry.size or zlib.crc32(made) != entry.crc:
        raise _wrong(f"{entry.name} was damaged: it is not what the zip file says")
    return made


def _deflated(packed: bytes, entry: _Entry) -> bytes:
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        made = unpack.decompress(packed, entry.size + 1)
    except zlib.error:
        raise _wrong(f"{entry.name} was damaged: it cannot be unpacked") from None
    if not unpack.eof or unpack.unused_data or unpack.unconsumed_tail:
        raise _wrong(f"{entry.name} was damaged: it unpacks to another length")
    return made


# what proves it ---------------------------------------------------------------------------------------------------


def _check_sums(files: Mapping[str, bytes]) -> None:
    """Compare every file with its line in SHA256SUMS."""
    said: dict[str, str] = {}
    for number, line in enumerate(_text(files, SUMS).splitlines(), 1):
        digest, space, name = line[:64], line[64:66], line[66:]
        if space != "  " or name not in SUMMED or name in said:
            raise _wrong(f"{SUMS} line {number} is not a sum of a file of the bundle, once")
        said[name] = digest
    for name in SUMMED:
        if name not in said:
            raise _wrong(f"{SUMS} has no line for {name}")
        if hashlib.sha256(files[name]).hexdigest() != said[name]:
            raise _wrong(f"{name} was changed: it does not fit its sum in {SUMS}")


def _signer(files: Mapping[str, bytes]) -> bytes:
    """The key that signed the sums, which must be the one that the bundle names."""
    try:
        signer = sshsig.checked(_text(files, SIGNATURE), files[SUMS], sshsig.NAMESPACE)
    except InvalidError as error:
        raise InvalidError(f"{SIGNATURE}: {error.what}", todo=error.todo) from error
    try:
        named = sshsig.public_of(_text(files, SIGNER).rstrip("\n"))
    except InvalidError as error:
        raise _wrong(f"{SIGNER}: {error.what.rstrip('.')}") from error
    if named != signer:
        raise _wrong(
            f"{SIGNER} names {sshsig.fingerprint(named)}, and {sshsig.fingerprint(signer)} signed it"
        )
    if sshsig.public_line(signer) not in _text(files, ALLOWED):
        raise _wrong(f"{ALLOWED} names another key than {SIGNER}")
    return signer


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode("ascii" if name == SUMS else "utf-8")
    except UnicodeDecodeError:
        raise _wrong(f"{name} is no text") from None


def _wrong(why: str) -> InvalidError:
    return InvalidError(f"The bundle is refused: {why}.", todo=AGAIN)
