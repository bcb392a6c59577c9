"""The vault: secrets that may never stand in the log.

`vault.json` is strict canonical JSON, `{"format":2,"keys":{KEY ID:{...}},"slots":{FINGERPRINT:{...}}}` and a newline;
it is 0600, and written whole or not at all, under the folder's lock.

What a slot holds is its owner's matter. It is known by its fingerprint, the SHA-256 of its canonical JSON, which is all
that a person's document, and so the log, says of it: a slot that was altered is found, one from another vault fits.

A key is a private key wrapped for those who may use it, under the id of the public key to which documents are sealed.
A key that no document names is dropped at the next writing: what was sealed to it can be read by nobody any more.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from store import files
from store.canon import canonical, digest
from store.errors import DamagedError, InvalidDocError, NewerError, WriteError
from store.spoken import spoken

NAME = "vault.json"
FORMAT = 2
FORMATS = (1, 2)
"""Those that can be read; format 1 has no keys."""
CAP = 16 << 20
"""Most bytes of a vault: some ten thousand keys, each for half a dozen people."""
SLOT = "slot"
"""The field of a person's document that holds a fingerprint."""
TODO = "Put vault.json back from the newest backup."

KEYED = ("cases", "cases")
"""The table whose documents name keys ..."""
KEYS = "seals"
"""... in this field: public keys in hex, the newest last."""

Slot = dict[str, Any]
WrappedKey = dict[str, str]
"""Holder's key id to the private key, wrapped for them, in base64."""
_decode = msgspec.json.Decoder().decode


def fingerprint(slot: Mapping[str, Any]) -> str:
    """SHA-256 of a slot's canonical JSON, 64 lower-case hex digits; InvalidDocError for what cannot be in one."""
    return digest(canonical(dict(slot)))


def key_id(public: str | bytes) -> str:
    """The id of a public key (bytes or hex): the first 32 hex digits of its SHA-256."""
    raw = bytes.fromhex(public) if isinstance(public, str) else public
    return digest(raw)[:32]


class Content(NamedTuple):
    """What a vault holds."""

    slots: dict[str, Slot]
    keys: dict[str, WrappedKey]
    format: int = FORMAT


class Vault:
    """The slots and keys of a folder, read anew where another process wrote them.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / NAME
        self._read: tuple[files.Stamp, Content] | None = None

    @spoken()
    def content(self) -> Content:
        """All that it holds; nothing without a vault. Not to be altered.

        Raises:
            DamagedError: it is not a vault, or not canonical.
            NewerError: a newer program wrote it.
            UnsafeError: a link, pipe or folder stands there.
            StoreError: it is longer than `CAP`.
            WriteError: the disk refused to give it.
        """
        stamp = files.stamp(self._path)
        if stamp is not None and self._read is not None and self._read[0] == stamp:
            return self._read[1]
        try:
            found = parse(files.read_capped(self._path, CAP))
        except FileNotFoundError:
            return Content({}, {})
        self._read = None if stamp is None else (stamp, found)
        return found

    def slots(self) -> dict[str, Slot]:
        """Every slot by the fingerprint that it stands under, whether or not it has it; raises as `content`."""
        return self.content().slots

    def keys(self) -> dict[str, WrappedKey]:
        """Every wrapped key by its id; raises as `content`."""
        return self.content().keys

    def slot(self, wanted: str) -> Slot:
        """The slot with a fingerprint.

        Raises:
            DamagedError: it is not there or was altered; and as `content`.
        """
        slots = self.slots()
        reason = fault(slots, wanted)
        if reason:
            raise DamagedError(NAME, 0, reason, TODO)
        return slots[wanted]

    def keep(
        self,
        slots: Mapping[str, Slot],
        keys: Mapping[str, WrappedKey],
        named_slots: Collection[str],
        named_keys: Collection[str],
        format_: int = FORMAT,
    ) -> None:
        """Put slots and keys beside those that somebody names; what nobody names is dropped. The folder's lock is held.

        The log entry that names the new ones comes after: a crash in between leaves some that nobody names.

        Args:
            slots: new ones by their fingerprints.
            keys: new ones by their ids; each replaces the one it had.
            named_slots: the fingerprints that accounts name, durably, before that entry.
            named_keys: the key ids that documents name before that entry.
            format_: the one to write: a folder of format 1 has a vault of format 1, so that its own program reads it.

        Raises:
            InvalidDocError: it would be longer than `CAP`.
            DamagedError: it is missing, and would hold new keys without the old ones.
            WriteError: the disk refused; and as `content`.
        """
        before = self.content()
        if keys and named_slots and files.kind(self._path) == "nothing":
            # a new one with this key alone would be lost with the backup's vault that is put back
            raise DamagedError(NAME, 0, "it is missing", TODO)
        kept_slots = {own: slot for own, slot in before.slots.items() if own in named_slots}
        kept_keys = {own: key for own, key in before.keys.items() if own in named_keys}
        self._write({**kept_slots, **slots}, {**kept_keys, **keys}, format_)

    def drop_keys(self, named_slots: Collection[str], named_keys: Collection[str]) -> int:
        """Drop the keys that nobody names; how many there were. The folder's lock is held. Raises as `keep`."""
        gone = len(self.keys().keys() - set(named_keys))
        if gone:
            self.keep({}, {}, named_slots, named_keys)
        return gone

    def _write(self, slots: Mapping[str, Slot], keys: Mapping[str, WrappedKey], format_: int) -> None:
        raw = render(slots, keys, format_)
        if len(raw) > CAP:
            raise InvalidDocError(f"more than {CAP} bytes of secrets cannot be kept", NAME)
        try:
            files.atomic_write(self._path, [raw])
        except OSError as error:
            todo = "Free space, then try again."
            raise WriteError(f"the disk refused: {error.strerror}", NAME, todo=todo) from error
        finally:
            self._read = None


def named_by(people: Iterable[Mapping[str, Any]]) -> set[str]:
    """The fingerprints that accounts name."""
    return {doc[SLOT] for doc in people if isinstance(doc.get(SLOT), str)}


def keys_of(docs: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the keys that documents name."""
    return {key_id(public) for doc in docs for public in doc.get(KEYS) or ()}


def parse(raw: bytes) -> Content:
    """What the bytes of a vault hold; raises as `Vault.content`."""
    try:
        value = _decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise DamagedError(NAME, 0, "this is not JSON", TODO) from None
    form = value.get("format") if isinstance(value, dict) else None
    if type(form) is int and form > FORMAT:
        raise NewerError(NAME, form, FORMAT)
    found = _content(value, form) if form in FORMATS and type(form) is int else None
    if found is None:
        raise DamagedError(NAME, 0, "this is not a vault of the workbench", TODO)
    if not _is_ours(raw, found):
        raise DamagedError(NAME, 0, "it is not canonical JSON: it was altered outside the program", TODO)
    return found


def _content(value: dict[str, Any], form: int) -> Content | None:
    slots: dict[str, Slot] = value.get("slots", ())
    keys: dict[str, WrappedKey] = value.get("keys", {} if form == 1 else ())
    if len(value) != form + 1 or not _is_table(slots) or not _is_table(keys):
        return None
    if not all(type(text) is str for key in keys.values() for text in key.values()):
        return None
    return Content(slots, keys, form)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())


def _is_ours(raw: bytes, found: Content) -> bool:
    """Whether we would have written these bytes: a key that stands twice, a fraction or a blank shows in it."""
    try:
        return render(found.slots, found.keys, found.format) == raw
    except InvalidDocError:
        return False


def render(slots: Mapping[str, Slot], keys: Mapping[str, WrappedKey], format_: int = FORMAT) -> bytes:
    """The bytes of a vault."""
    more = {} if format_ == 1 else {"keys": dict(keys)}
    return canonical({"format": format_, "slots": dict(slots), **more}) + b"\n"


def fault(slots: Mapping[str, Slot], wanted: str) -> str:
    """What is wrong with a slot that somebody names: it is missing, or another; empty if nothing is."""
    found = slots.get(wanted)
    if found is None:
        return "the slot is missing"
    return "" if fingerprint(found) == wanted else "the slot was altered outside the program"
