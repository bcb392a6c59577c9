"""A pupil, the people around them, and what was recorded about them."""

from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

AroundKind = Literal["parent", "contact", "professional"]


class Place(Struct, frozen=True, kw_only=True):
    """Year group and class from a day on."""

    since: date
    year: int
    class_: str


class Pupil(Struct, frozen=True, kw_only=True):
    """A name on the admission register, or one that was on it (`left` is then set)."""

    id: str
    upn: str | None = None
    surname: str
    forename: str
    born: date
    sex: str | None = None
    year: int
    class_: str
    starts: date
    entered: date | None = None
    left: date | None = None
    left_ground: str | None = None
    baseline: bool = False
    address: str = ""
    postcode: str = ""
    groups: tuple[str, ...] = ()
    social_worker: bool = False
    child_protection_plan: bool = False
    section_47: bool = False
    looked_after_by: str | None = None
    home_la: str | None = None
    placing_la: str | None = None
    ehc_plan: bool = False
    placed_by_la: bool = False
    boarder: bool = False
    dual_registered_at: str | None = None
    mobile_child: bool = False
    places: tuple[Place, ...] = ()
    """Year groups and classes in order of time, once there was more than one; `year` and `class_` are then those of
    the day on which the record was written. The first place holds for every day before it too."""
    rev: int = 0

    @property
    def name(self) -> str:
        """`Surname, Forename`, as registers list it."""
        return f"{self.surname}, {self.forename}"

    def place_on(self, day: date) -> tuple[int, str]:
        """Year group and class on a day."""
        found = (self.year, self.class_)
        for number, place in enumerate(self.places):
            if number and day < place.since:
                break
            found = (place.year, place.class_)
        return found

    def class_on(self, day: date) -> str:
        """The class on a day: a register of last year is that of last year's class."""
        places = self.places
        if not places:
            return self.class_
        last = places[-1]  # today's, almost always: asked of every pupil at every key of a register
        return last.class_ if last.since <= day else self.place_on(day)[1]

    def at(self, day: date) -> "Pupil":
        """The pupil with the year group and class of a day."""
        if not self.places:
            return self
        year, class_ = self.place_on(day)
        return (
            self
            if (year, class_) == (self.year, self.class_)
            else msgspec.structs.replace(self, year=year, class_=class_)
        )

    def placed(self, since: date, year: int, class_: str) -> "Pupil":
        """The pupil with another place from a day on: what stood before that day stays, and what was set for a later
        one. `year` and `class_` stay as they are; ask `at`."""
        before = self.places or (Place(since=min(self.starts, since), year=self.year, class_=self.class_),)
        new = Place(since=since, year=year, class_=class_)
        kept = [place for place in before if place.since < since]
        later = [place for place in before if place.since > since]
        if not kept and not later:
            return msgspec.structs.replace(self, year=year, class_=class_, places=())
        return msgspec.structs.replace(self, places=(*kept, new, *later))


class Around(Struct, frozen=True, kw_only=True):
    """Somebody around a child: a parent, an emergency contact, or a professional with role and address."""

    id: str
    pupil: str
    kind: AroundKind
    name: str
    role: str = ""
    """`mother`, `grandmother`, `social-worker`, `virtual-school`, `yot`, `ewo`, `school-nurse` ..."""
    phone: str = ""
    email: str = ""
    address: str = ""
    authority: str = ""
    lives_with: bool = False
    parental_responsibility: bool = False
    order: int = 1
    """Whom to call first: 1, 2, 3 ..."""
    rev: int = 0


class PupilEvent(Struct, frozen=True, kw_only=True):
    """A dated fact about a pupil; kinds and fields as in the example format. Corrected by a new one."""

    id: str
    pupil: str
    kind: str
    on: date
    at_start: bool = False
    fields: dict[str, Any] = {}
    recorded: str = ""
    by: str = ""
    corrects: str | None = None
    rev: int = 0


class Contact(Struct, frozen=True, kw_only=True):
    """A call, message or visit, with or without a case. `at` is when it happened, `recorded` when it was
    written."""

    id: str
    pupil: str
    case: str | None = None
    at: str
    who: str
    how: str = "call"
    number: str = ""
    result: str
    by: str
    recorded: str
    rev: int = 0
