"""The vault: secrets that may never stand in the log.

`vault.json` is strict canonical JSON, `{"format":1,"slots":{FINGERPRINT:{...}}}` and a newline; it is 0600, and written
whole or not at all, under the folder's lock.

What a slot holds is its owner's matter. It is known by its fingerprint, the SHA-256 of its canonical JSON, which is all
that a person's document, and so the log, says of it: a slot that was altered is found, one from another vault fits.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from store import files
from store.canon import canonical, digest
from store.errors import DamagedError, InvalidDocError, NewerError, WriteError
from store.spoken import spoken

NAME = "vault.json"
FORMAT = 1
CAP = 1 << 20
"""Most bytes of a vault: some thousand slots."""
SLOT = "slot"
"""The field of a person's document that holds a fingerprint."""
TODO = "Put vault.json back from the newest backup."

Slot = dict[str, Any]
_decode = msgspec.json.Decoder().decode


def fingerprint(slot: Mapping[str, Any]) -> str:
    """SHA-256 of a slot's canonical JSON, 64 lower-case hex digits; InvalidDocError for what cannot be in one."""
    return digest(canonical(dict(slot)))


class Vault:
    """The slots of a folder, read anew each time: another process may have written them.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / NAME

    @spoken()
    def slots(self) -> dict[str, Slot]:
        """Every slot by the fingerprint that it stands under, whether or not it has it; none without a vault.

        Raises:
            DamagedError: it is not a vault, or not canonical.
            NewerError: a newer program wrote it.
            UnsafeError: a link, pipe or folder stands there.
            StoreError: it is longer than `CAP`.
            WriteError: the disk refused to give it.
        """
        try:
            raw = files.read_capped(self._path, CAP)
        except FileNotFoundError:
            return {}
        return parse(raw)

    def slot(self, wanted: str) -> Slot:
        """The slot with a fingerprint.

        Raises:
            DamagedError: it is not there or was altered; and as `slots`.
        """
        slots = self.slots()
        reason = fault(slots, wanted)
        if reason:
            raise DamagedError(NAME, 0, reason, TODO)
        return slots[wanted]

    def keep(self, new: Mapping[str, Slot], people: Iterable[Mapping[str, Any]]) -> None:
        """Put slots beside those that somebody names; what nobody names is dropped. The folder's lock is held.

        The log entry that names the new ones comes after: a crash in between leaves slots that nobody names.

        Args:
            new: slots by their fingerprints.
            people: the accounts as they stand, durably, before that entry.

        Raises:
            InvalidDocError: it would be longer than `CAP`.
            WriteError: the disk refused; and as `slots`.
        """
        named = named_by(people)
        kept = {own: slot for own, slot in self.slots().items() if own in named}
        raw = render({**kept, **new})
        if len(raw) > CAP:
            raise InvalidDocError(f"more than {CAP} bytes of secrets cannot be kept", NAME)
        try:
            files.atomic_write(self._path, [raw])
        except OSError as error:
            todo = "Free space, then try again."
            raise WriteError(f"the disk refused: {error.strerror}", NAME, todo=todo) from error


def named_by(people: Iterable[Mapping[str, Any]]) -> set[str]:
    """The fingerprints that accounts name."""
    return {doc[SLOT] for doc in people if isinstance(doc.get(SLOT), str)}


def parse(raw: bytes) -> dict[str, Slot]:
    """The slots in the bytes of a vault; raises as `Vault.slots`."""
    try:
        value = _decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise DamagedError(NAME, 0, "this is not JSON", TODO) from None
    form = value.get("format") if isinstance(value, dict) else None
    if type(form) is int and form > FORMAT:
        raise NewerError(NAME, form, FORMAT)
    slots = value.get("slots") if form == FORMAT and len(value) == 2 else None
    if not isinstance(slots, dict) or not all(isinstance(slot, dict) for slot in slots.values()):
        raise DamagedError(NAME, 0, "this is not a vault of the workbench", TODO)
    if not _is_ours(raw, slots):
        raise DamagedError(NAME, 0, "it is not canonical JSON: it was altered outside the program", TODO)
    return slots


def _is_ours(raw: bytes, slots: dict[str, Slot]) -> bool:
    """Whether we would have written these bytes: a key that stands twice, a fraction or a blank shows in it."""
    try:
        return render(slots) == raw
    except InvalidDocError:
        return False


def render(slots: Mapping[str, Slot]) -> bytes:
    """The bytes of a vault."""
    return canonical({"format": FORMAT, "slots": dict(slots)}) + b"\n"


def fault(slots: Mapping[str, Slot], wanted: str) -> str:
    """What is wrong with a slot that somebody names: it is missing, or another; empty if nothing is."""
    found = slots.get(wanted)
    if found is None:
        return "the slot is missing"
    return "" if fingerprint(found) == wanted else "the slot was altered outside the program"
