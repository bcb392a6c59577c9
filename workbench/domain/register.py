"""Marks, their amendments, and the registers that were taken."""

from datetime import date
from typing import Literal

from msgspec import Struct

Session = Literal["AM", "PM"]


class MarkNote(Struct, frozen=True, kw_only=True):
    """What a code asks for beside itself: minutes late, the activity, the cause. One a pupil and session."""

    id: str
    pupil: str
    on: date
    session: Session
    minutes: int | None = None
    note: str = ""
    rev: int = 0


class Standing(Struct, frozen=True, kw_only=True):
    """A mark with what stands beside it, as somebody saw it; an empty code where none stood."""

    code: str = ""
    minutes: int | None = None
    note: str = ""


class Amendment(Struct, frozen=True, kw_only=True):
    """A change to a mark after the register was taken: what it was, what it is, why, when, by whom and in
    what post."""

    id: str
    pupil: str
    on: date
    session: Session
    was: str
    code: str
    reason: str
    at: str
    by: str
    post: str
    rev: int = 0


class Taken(Struct, frozen=True, kw_only=True):
    """A register that was taken. `how` is `taken` or `imported`."""

    id: str
    class_: str
    on: date
    session: Session
    by: str
    at: str
    how: str = "taken"
    rev: int = 0
