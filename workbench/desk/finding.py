"""Finding pupils inside verbs: who is meant, who is on roll, and how much of them the person may see. No
verbs here."""

from collections.abc import Iterable
from datetime import date

from workbench.desk.context import Desk
from workbench.domain import upn as upns
from workbench.domain.characters import harmless
from workbench.domain.errors import NotFoundError
from workbench.domain.pupils import Pupil


def lookup(desk: Desk, ref: str) -> Pupil:
    """The pupil with this id or UPN.

    Raises:
        NotFoundError: if there is none, or more than one.
    """
    known = desk.record("pupils", "pupils", ref, Pupil)
    if known is not None:
        return known
    wanted = upns.tidy(ref)
    found = [
        doc["id"]
        for own_id, doc in desk.docs("pupils", "pupils").items()
        if wanted and (doc["upn"] == wanted or own_id == wanted)
    ]
    if len(found) == 1:
        pupil = desk.record("pupils", "pupils", found[0], Pupil)
        if pupil is not None:
            return pupil
    if found:
        raise NotFoundError(f"More than one pupil has this UPN: {', '.join(found)}.", todo="Use the id.")
    raise NotFoundError(
        f"No pupil has the id or UPN {harmless(ref)}.", todo="`workbench pupils list` shows them."
    )


def on_roll(pupil: Pupil, day: date) -> bool:
    """Whether the name stands on the admission register on that day, started and not yet deleted."""
    return pupil.starts <= day and (pupil.left is None or day < pupil.left)


def roll_of(desk: Desk, day: date, class_: str | None = None) -> list[Pupil]:
    """The pupils on roll on a day, in the classes of that day, by name.

    Args:
        day: the day.
        class_: only this class.
    """
    every = desk.records("pupils", "pupils", Pupil)
    return by_name(p.at(day) for p in every if on_roll(p, day) and class_ in (None, p.class_on(day)))


def by_name(pupils: Iterable[Pupil]) -> list[Pupil]:
    """As registers list them: by surname, forename."""
    return sorted(pupils, key=lambda p: (p.surname.casefold(), p.forename.casefold(), p.id))


def may_see_all(desk: Desk) -> bool:
    """Whether the person sees more of a pupil than name, class and year."""
    return desk.who is not None and desk.who.has("attendance", "dsl", "leader")


def thin(pupil: Pupil) -> Pupil:
    """The pupil as `staff` and auditors see them: who it is and in which class, without what is nobody else's
    business."""
    return Pupil(
        id=pupil.id,
        upn=pupil.upn,
        surname=pupil.surname,
        forename=pupil.forename,
        born=pupil.born,
        year=pupil.year,
        class_=pupil.class_,
        starts=pupil.starts,
        left=pupil.left,
        baseline=pupil.baseline,
        rev=pupil.rev,
    )


def as_seen(desk: Desk, pupil: Pupil) -> Pupil:
    """The pupil as the person signed in may see them."""
    return pupil if may_see_all(desk) else thin(pupil)
