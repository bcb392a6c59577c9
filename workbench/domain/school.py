"""The school, its authority and its calendar as they are kept in the folder."""

from datetime import date
from typing import Any

from msgspec import Struct


class Term(Struct, frozen=True, kw_only=True):
    """A term; both days inclusive."""

    name: str
    first: date
    last: date


class Closure(Struct, frozen=True, kw_only=True):
    """Days without sessions inside a term; both inclusive."""

    first: date
    last: date
    why: str


class Authority(Struct, frozen=True, kw_only=True):
    """The local authority and the people to reach; the values are shown, never interpreted."""

    name: str
    cme_named_person: dict[str, str] = {}
    childrens_social_care: dict[str, str] = {}
    police: dict[str, str] = {}
    virtual_school: dict[str, str] = {}
    education_welfare: dict[str, str] = {}
    threshold_document: dict[str, str] = {}
    return_rhythm: str = "same-day"
    returns_by: str = ""
    asks_leavers: bool = False
    asks_starters: bool = False
    day_limits: dict[str, int] = {}


class School(Struct, frozen=True, kw_only=True):
    """The school record: one document in `school.json`."""

    id: str = "school"
    name: str
    number: str
    kind: str
    stands_in: str
    maintained_by: str | None = None
    years: tuple[int, int]
    trust: str = ""
    policy: str | None = None
    policy_review: date | None = None
    registers_open: dict[str, str]
    registers_open_minutes: int
    suspensions_full_time_from_day: int | None = None
    terms: tuple[Term, ...]
    closures: tuple[Closure, ...] = ()
    authority: Authority
    registers_since: date
    """The first day for which registers are kept in this folder."""
    settings: dict[str, Any] = {}
    rev: int = 0
