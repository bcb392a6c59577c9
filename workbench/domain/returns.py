"""Acts that settle duties, and the drafts of what is sent."""

from datetime import date
from typing import Literal

from msgspec import Struct


class ReturnSent(Struct, frozen=True, kw_only=True):
    """A return or notice that was sent: which duty it discharges, how, when and by whom."""

    id: str
    duty: str
    rule: str
    pupil: str
    how: str
    on: date
    at: str
    by: str
    rev: int = 0


class SettledDuty(Struct, frozen=True, kw_only=True):
    """A duty that somebody marked done, or overrode, and why. `id` is the duty's id."""

    id: str
    duty: str
    pupil: str | None
    case: str | None = None
    """The case that the duty hung on: whom that is about is not told of this."""
    state: Literal["done", "overridden"]
    reason: str
    at: str
    by: str
    rev: int = 0


class Draft(Struct, frozen=True, kw_only=True):
    """A return as it would be sent, and what is missing for it to be complete."""

    duty: str
    recipient: str
    format: str
    text: str
    missing: tuple[str, ...]
