"""The removal of a name from the roll, and all that must stand behind it."""

from datetime import date
from typing import Literal

from msgspec import Struct

from rules.duty import Certainty, Citation, Standing
from rules.gateids import GateId, GateState
from workbench.domain.people import Signature


class Evidence(Struct, frozen=True, kw_only=True):
    """A condition evidenced by a person."""

    key: str
    value: str
    note: str = ""
    by: str
    at: str


class Confirmation(Struct, frozen=True, kw_only=True):
    """The local authority's answer."""

    gate: Literal["la-consent", "la-confirmation"]
    answer: Literal["yes", "no"]
    from_name: str
    reference: str
    on: date
    by: str
    at: str


class Override(Struct, frozen=True, kw_only=True):
    """A policy gate that a leader went on without, and why."""

    gate: GateId
    reason: str
    by: str
    at: str


class Authorisation(Struct, frozen=True, kw_only=True):
    """A second person's authorisation, bound to the digest of the request as it stood; any change voids
    it."""

    by: str
    at: str
    request_digest: str
    signature: Signature | None = None
    """Over id, digest and moment, by whoever authorised."""


class Removal(Struct, frozen=True, kw_only=True):
    """One request to delete a name."""

    id: str
    pupil: str
    case: str | None = None
    ground: str
    requested_by: str
    requested: str
    signature: Signature | None = None
    """Over what was asked for, by whoever asked."""
    effective: date | None = None
    evidence: tuple[Evidence, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    overrides: tuple[Override, ...] = ()
    authorisation: Authorisation | None = None
    state: Literal["open", "withdrawn", "completed"] = "open"
    ended: str | None = None
    ended_by: str | None = None
    ended_reason: str = ""
    rev: int = 0


class Condition(Struct, frozen=True, kw_only=True):
    """One condition of a ground: whether it holds, from the register or from evidence, and why."""

    key: str
    text: str
    met: bool
    why: str
    certainty: Certainty
    met_on: date | None = None


class Gate(Struct, frozen=True, kw_only=True):
    """One gate of a removal as it stands now. `open` gates are the ones in the way."""

    id: GateId
    title: str
    state: GateState
    standing: Standing
    certainty: Certainty
    why: str
    citation: Citation
    conditions: tuple[Condition, ...] = ()
