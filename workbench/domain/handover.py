"""A case handed over to another school: what left, by what way, and what came back about it."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

PREFIX = "H"
"""Of ids: `H-7F3KQ2`."""
TABLE = ("cases", "handovers")
"""File and table in which handovers stand."""
RECEIVED = ("cases", "received")
"""File and table in which case files of other schools stand."""
RECEIPT_NAMESPACE = "cp-file-receipt"
"""What the signature of a receipt is for."""
STATES = ("sent", "collected", "opened", "accepted", "queried")

State = Literal["sent", "collected", "opened", "accepted", "queried"]
"""What may happen to a handover after it was made, in the order in which it should; `queried` at any time."""
Encryption = Literal["none", "key", "passphrase"]


class HandoverStep(Struct, frozen=True, kw_only=True):
    """One thing that happened to a handover after it was made."""

    state: State
    who: str
    """The person on the other side, or ours who sent it, by name."""
    post: str
    at: str
    """When it happened."""
    hash: str = ""
    """The bundle's SHA-256 as they read it back, 64 hex digits; empty where nobody did."""
    note: str = ""
    signer: str = ""
    """Fingerprint of the key that signed the receipt; empty where it was told."""
    recorded: str
    by: str
    """Who wrote it down here."""


class Handover(Struct, frozen=True, kw_only=True):
    """A bundle that left. It is never changed but for the steps that are added to it."""

    id: str
    case: str
    pupil: str
    at: str
    by: str
    to: str
    """The next school as it was known; empty where it was not."""
    channel: str
    """The secure way by which it goes, as the DSL stated it."""
    encrypted: Encryption = "none"
    sha256: str
    """Of the bundle (the zip file), 64 hex digits: what a receipt reads back."""
    file_sha256: str
    """Of the file as it was written; another than `sha256` where that is encrypted."""
    size: int
    """Bytes of the file as it was written."""
    signer: str
    """Fingerprint of the key that signed it: `SHA256:...`."""
    head: int
    """The number of the newest entry of the log when it was made."""
    steps: tuple[HandoverStep, ...] = ()
    rev: int = 0

    @property
    def state(self) -> str:
        """What happened last: `made` before anything did."""
        return self.steps[-1].state if self.steps else "made"

    @property
    def is_accepted(self) -> bool:
        """Whether the other side said that it has the bundle, and nothing was queried since."""
        return self.state == "accepted"


class Imported(Struct, frozen=True, kw_only=True):
    """What marks a case as another school's, brought in from its bundle."""

    case: str
    """Its id at the sender."""
    school: str
    number: str
    """Of the school: `880/4001`."""
    made_at: str
    made_by: str
    sha256: str
    """Of the bundle, 64 hex digits."""
    signer: str
    """Fingerprint of the key that signed it: `SHA256:...`."""
    compared: bool = False
    """Whether the fingerprint was given by whoever brought it in, as they were told it by another way."""
    accepted: str = ""
    """When a receipt was made; empty before."""
    accepted_by: str = ""


class Received(Struct, frozen=True, kw_only=True):
    """The sender's case file as it came: kept apart from what is written here. `id` is that of the case here."""

    id: str
    case: str
    pupil: str
    file: dict[str, Any]
    """As `casefile.CaseFile` has it; empty for whoever cannot open the case."""
    rev: int = 0


class Receipt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a school writes that has a bundle, for the school that sent it."""

    schema: Literal["cp-file-receipt"] = "cp-file-receipt"
    version: Literal[1] = 1
    bundle: str
    """The bundle's SHA-256, read from the bundle: 64 hex digits."""
    case: str
    """The case at the sender."""
    kept_as: str
    """The case at the receiver; empty where the bundle was not imported."""
    school: str
    number: str
    by: str
    post: str
    at: str
    note: str


class NamedPerson(Struct, frozen=True, kw_only=True):
    """Somebody whose name goes out."""

    name: str
    role: str
    """`the child`, `parent: mother`, `professional: social-worker` ..."""


class Redacted(Struct, frozen=True, kw_only=True):
    """Somebody whose name is taken out."""

    id: str
    """The child's id; of an adult, that of the child whom they belong to."""
    name: str
    """For the DSL's eyes: it is nowhere in the bundle."""
    role: str
    """`witness`, `not linked`, `parent of the witness` ..."""
    places: int
    """How often the name stood in what goes out."""
    left: int
    """How often a part of the name stands there in small letters, which may be an ordinary word and is left."""


class ThirdParties(Struct, frozen=True, kw_only=True):
    """What a DSL looks at before a case leaves."""

    case: str
    pupil: str
    to: str
    named: tuple[NamedPerson, ...]
    redacted: tuple[Redacted, ...]
    goes: dict[str, int]
    """Part of the case file to how many records of it go out."""
    stays: tuple[str, ...]
    """What stays here, in words."""


GOES = {
    "steps": ("step", "steps"),
    "enquiries": ("enquiry", "enquiries"),
    "referrals": ("referral", "referrals"),
    "notes": ("note", "notes"),
    "removals": ("removal", "removals"),
    "events": ("event", "events"),
    "contacts": ("call or visit", "calls and visits"),
    "marks": ("mark", "marks"),
    "amendments": ("amended mark", "amended marks"),
    "chronology": ("line of the chronology", "lines of the chronology"),
    "around": ("person around the child", "people around the child"),
    "log": ("entry of the log", "entries of the log"),
}
"""Part of the case file to what one record of it is called, and several."""


def goes_words(goes: Mapping[str, int]) -> str:
    """What goes out, in words: `9 steps, 1 note`."""
    return ", ".join(f"{number} {GOES[part][number != 1]}" for part, number in goes.items() if number)
