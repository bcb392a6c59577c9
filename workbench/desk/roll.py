"""The roll: who is on it, who was, and putting a name on it. Nobody is taken off it here: see `removals`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from store.change import Tx
from workbench.desk.around import around, around_add, around_edit, around_remove
from workbench.desk.conflicts import over_why
from workbench.desk.context import Desk
from workbench.desk.finding import as_seen, by_name, lookup, roll_of
from workbench.desk.marks import book
from workbench.desk.permissions import verb
from workbench.desk.pupil_fields import FIELDS, NEEDED, values_of
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Pupil
from workbench.domain.rollchange import changed

__all__ = [
    "FIELDS",
    "add",
    "around",
    "around_add",
    "around_edit",
    "around_remove",
    "classes",
    "edit",
    "find",
    "lookup",
    "pupils",
]


@verb("pupils.list")
def pupils(desk: Desk, on: date | None = None, leavers: bool = False) -> list[Pupil]:
    """The pupils on roll, by name.

    Args:
        desk: the desk.
        on: the day, and that of their classes; today unless given. Names that are on the roll but start later are
            listed too.
        leavers: those whose names were deleted as well.
    """
    day = on or desk.today()
    every = desk.records("pupils", "pupils", Pupil)
    return [as_seen(desk, p.at(day)) for p in by_name(every) if leavers or p.left is None or day < p.left]


@verb("pupil.find")
def find(desk: Desk, ref: str) -> Pupil:
    """The pupil with this id or UPN.

    Raises:
        NotFoundError: if there is none.
    """
    return as_seen(desk, lookup(desk, ref))


@verb("pupils.list")
def classes(desk: Desk, on: date | None = None) -> dict[str, int]:
    """Class to the number of pupils on roll in it on a day; classes without pupils are not listed."""
    counts: dict[str, int] = {}
    for pupil in roll_of(desk, on or desk.today()):
        counts[pupil.class_] = counts.get(pupil.class_, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: _class_order(item[0])))


def _class_order(name: str) -> tuple[int, str]:
    digits = "".join(char for char in name if char.isdigit())
    return (int(digits) if digits else 99, name)


@verb("pupil.add")
def add(desk: Desk, fields: Mapping[str, str]) -> Pupil:
    """Put a name on the roll.

    Args:
        desk: the desk.
        fields: `FIELDS` to their text; `NEEDED` must be there.

    Raises:
        InvalidError: if a field is missing, unknown or cannot be read, or the UPN is another pupil's.
    """
    values = values_of(desk, fields)
    missing = [name for name in NEEDED if ("class_" if name == "class" else name) not in values]
    if missing:
        raise InvalidError(f"A new pupil needs {', '.join(missing)}.")
    _check_order(values)
    with desk.change("pupil.added") as tx:
        _check_upn(tx, values.get("upn"), None)
        own_id = desk.fresh(tx, "pupils", "pupils", "P")
        return desk.save(tx, "pupils", "pupils", Pupil(id=own_id, **values))


@verb("pupil.edit")
def edit(
    desk: Desk, ref: str, fields: Mapping[str, str], rev: int | None = None, over: bool = False
) -> Pupil:
    """Change what is known about a pupil. Nobody is taken off the roll by editing.

    Args:
        desk: the desk.
        ref: id or UPN.
        fields: `FIELDS` to their new text; an empty one clears what may be empty.
        rev: the revision that the writer saw; None writes the fields over what stands.
        over: both versions were seen and this one was chosen: the entry names the revision it replaces.

    Raises:
        InvalidError: if a field is unknown or cannot be read.
        ConflictError: if somebody else changed the pupil since `rev`.
    """
    pupil = lookup(desk, ref)
    values = values_of(desk, fields)
    if not values:
        raise InvalidError("Nothing to change was named.", todo="Name a FIELD=VALUE.")
    with desk.change("pupil.edited", subject=pupil.id, why=over_why(None, rev, over)) as tx:
        stored = msgspec.convert(tx.get("pupils", "pupils", pupil.id), Pupil)
        edited = changed(stored.at(desk.today()), values, desk.today())
        _check_order({"born": edited.born, "starts": edited.starts})
        _check_start(desk, stored, edited)
        _check_upn(tx, edited.upn, pupil.id)
        return desk.save(tx, "pupils", "pupils", edited, rev=rev)


def _check_start(desk: Desk, stored: Pupil, edited: Pupil) -> None:
    """A start that is put off would take a name off the registers without a removal."""
    if edited.starts <= stored.starts:
        return
    marked = [day for day, _, _ in book(desk).all_of(stored.id) if day < edited.starts]
    if marked or (stored.starts <= desk.today() < edited.starts):
        since = (
            f"marked since {marked[0].isoformat()}"
            if marked
            else f"on roll since {stored.starts.isoformat()}"
        )
        raise InvalidError(
            f"starts: {stored.id} is {since}; a later start would take the name off the registers.",
            todo="If the name is to go, start a removal.",
        )


def _check_upn(tx: Tx, upn: str | None, own_id: str | None) -> None:
    for other, doc in tx.docs("pupils", "pupils").items() if upn else ():
        if doc["upn"] == upn and other != own_id:
            raise InvalidError(f"{other} has this UPN already.", todo="Look whether it is the same child.")


def _check_order(values: Mapping[str, Any]) -> None:
    if values["starts"] <= values["born"]:
        raise InvalidError("starts: the pupil would start before being born.")
