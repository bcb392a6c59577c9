"""What a pupil file changes: its rows beside the roll, as new records, changed records and a list of
differences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from workbench.domain.inputs import Changed
from workbench.domain.pupilfile import Person, PupilRow
from workbench.domain.pupils import Around, Place, Pupil

PARENT, PROFESSIONAL = "parent", "professional"


class Step(Struct, frozen=True, kw_only=True):
    """What one row leads to. Of a new pupil the ids are empty until they are written."""

    pupil: Pupil | None
    """The record to write; None if it stays as it is."""
    is_new: bool
    around: tuple[Around, ...]
    """People to write; new ones have an empty id."""
    changes: tuple[Changed, ...]


class Setting(NamedTuple):
    """What the rows are read beside."""

    authority: str
    """The authority for whom a looked-after child without another one is noted."""
    baseline_before: date
    """A pupil who starts before this day was taken over with the folder."""
    today: date


class Roll:
    """The roll by the two ways in which a row is matched.

    Args:
        pupils: everybody who is or was on it.
        around: the people around them.
    """

    def __init__(self, pupils: Iterable[Pupil], around: Iterable[Around]) -> None:
        self.pupils = list(pupils)
        self._by_upn = {pupil.upn: pupil for pupil in self.pupils if pupil.upn}
        self._by_key: dict[tuple[str, str, date], list[Pupil]] = {}
        for pupil in self.pupils:
            key = (pupil.surname.casefold(), pupil.forename.casefold(), pupil.born)
            self._by_key.setdefault(key, []).append(pupil)
        self._around: dict[str, list[Around]] = {}
        for person in around:
            self._around.setdefault(person.pupil, []).append(person)

    def match(self, row: PupilRow) -> Pupil | None:
        """Who the row is about: by UPN, then by name and birth date where one of the two has no UPN."""
        known = self._by_upn.get(row.upn) if row.upn else None
        if known is not None:
            return known
        same = [pupil for pupil in self._by_key.get(row.key, []) if not (row.upn and pupil.upn)]
        return same[0] if len(same) == 1 else None

    def around(self, pupil: str) -> Sequence[Around]:
        """The people around a pupil."""
        return self._around.get(pupil, ())


def step_of(row: PupilRow, roll: Roll, known: Pupil | None, setting: Setting) -> Step:
    """What a row leads to.

    Args:
        row: the row.
        roll: the roll as it stands.
        known: the pupil whom the row is about; None if it is a new one.
        setting: what it is read beside.
    """
    if known is None:
        pupil = _new(row, setting)
        around = tuple(_person(person, "") for person in row.people)
        return Step(pupil=pupil, is_new=True, around=around, changes=())
    values = _values(row, known, setting)
    changes = [_changed(known.id, name, getattr(known, name), now) for name, now in values.items()]
    around_now, around_changes = _around(row, known, roll.around(known.id))
    written = changed(known, values, setting.today) if values else None
    return Step(pupil=written, is_new=False, around=around_now, changes=(*changes, *around_changes))


def _new(row: PupilRow, setting: Setting) -> Pupil:
    return Pupil(
        id="",
        upn=row.upn or None,
        surname=row.surname,
        forename=row.forename,
        born=row.born,
        year=row.year,
        class_=row.class_,
        starts=row.starts,
        baseline=row.starts < setting.baseline_before,
        sex=row.plain.get("sex"),
        address=row.plain.get("address", ""),
        postcode=row.plain.get("postcode", ""),
        groups=tuple(sorted(row.groups)),
        social_worker=bool(row.social_worker),
        ehc_plan=bool(row.ehc_plan),
        looked_after_by=setting.authority if row.looked_after else None,
    )


def next_place(pupil: Pupil, year: int, class_: str, today: date) -> Place | None:
    """The place that waits for a pupil, where year group and class can only mean that one; else None."""
    waits = next((place for place in pupil.places if place.since > today), None)
    if waits is None or year != waits.year:
        return None
    return waits if class_ == waits.class_ or year != pupil.at(today).year else None


def changed(pupil: Pupil, values: Mapping[str, Any], today: date) -> Pupil:
    """A pupil with other values. Another class or year group holds from today on, and what stood before stays as
    it was; one that a roll-over has set ahead is put right where the year group is that one.

    Args:
        pupil: as they stand today.
        values: the fields that change.
        today: the civil day.
    """
    rest = {name: value for name, value in values.items() if name not in ("year", "class_")}
    made = msgspec.structs.replace(pupil, **rest)
    year, class_ = values.get("year", pupil.year), values.get("class_", pupil.class_)
    if (year, class_) == (pupil.year, pupil.class_):
        return made
    waits = next_place(pupil, year, class_, today)
    if waits is not None:
        return made.placed(waits.since, year, class_)
    return made.placed(max(today, made.starts), year, class_).at(today)


def _values(row: PupilRow, known: Pupil, setting: Setting) -> dict[str, Any]:
    """The fields that the file has otherwise. An empty cell changes nothing, and a group is never taken
    away."""
    now = next_place(known, row.year, row.class_, setting.today) or known
    # a file that has the year groups of September already is about September's classes
    place = (
        {} if (now.year, now.class_) == (row.year, row.class_) else {"year": row.year, "class_": row.class_}
    )
    values: dict[str, Any] = {
        "surname": row.surname,
        "forename": row.forename,
        "born": row.born,
        **place,
        "starts": row.starts,
        "groups": tuple(sorted({*known.groups, *row.groups})),
        **row.plain,
    }
    if row.upn:
        values["upn"] = row.upn
    if row.social_worker is not None:
        values["social_worker"] = row.social_worker
    if row.ehc_plan is not None:
        values["ehc_plan"] = row.ehc_plan
    if row.looked_after is not None:
        values["looked_after_by"] = (known.looked_after_by or setting.authority) if row.looked_after else None
    return {name: now for name, now in values.items() if not _same(getattr(known, name), now)}


def _same(was: object, now: object) -> bool:
    """Whether a cell says what is known already: the file of a system that cannot write a letter has `?` for
    it."""
    if was == now:
        return True
    if not (isinstance(was, str) and isinstance(now, str) and "?" in now and len(was) == len(now)):
        return False
    return all(b in ("?", a) for a, b in zip(was, now, strict=True))


def _changed(pupil: str, field: str, was: object, now: object) -> Changed:
    return Changed(pupil=pupil, field=field.rstrip("_"), was=_text(was), now=_text(now))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _person(person: Person, pupil: str) -> Around:
    return Around(
        id="",
        pupil=pupil,
        kind="professional" if person.professional else "parent",
        name=person.name,
        role=person.role,
        phone=person.phone,
        order=person.order,
    )


def _around(
    row: PupilRow, known: Pupil, people: Sequence[Around]
) -> tuple[tuple[Around, ...], list[Changed]]:
    """People of the row who are new or otherwise: matched by name, then by their place in the order of
    calls."""
    write: list[Around] = []
    changes: list[Changed] = []
    for person in row.people:
        kind = PROFESSIONAL if person.professional else PARENT
        field = f"{kind}_{person.order}"
        same = _who(person, kind, people)
        if same is None:
            write.append(_person(person, known.id))
            changes.append(_changed(known.id, field, "", person.name))
            continue
        fresh = {"kind": kind, "name": person.name, "role": person.role, "phone": person.phone}
        if not person.role:
            del fresh["kind"]  # a file that does not say who somebody is does not say what they are either
        values = {name: now for name, now in fresh.items() if now and not _same(getattr(same, name), now)}
        if values:
            write.append(msgspec.structs.replace(same, **values))
            changes += [
                _changed(known.id, f"{field}.{name}", getattr(same, name), values[name]) for name in values
            ]
    return tuple(write), changes


def _who(person: Person, kind: str, people: Sequence[Around]) -> Around | None:
    """Which of the people around a pupil a row means, or None if it is somebody new."""
    named = [p for p in people if _same(p.name.casefold(), person.name.casefold())]
    both = [p for p in named if p.order == person.order]
    if both or len(named) == 1:  # files often have surnames only: two of a name are told apart by their place
        return (both or named)[0]
    return next((p for p in people if p.kind == kind and p.order == person.order), None)


def missing(roll: Roll, seen: Mapping[str, Any], today: date) -> tuple[str, ...]:
    """Ids of pupils on roll whom the file does not have."""
    return tuple(p.id for p in roll.pupils if p.id not in seen and (p.left is None or today < p.left))
