"""What is kept from those whom a case or a concern is about: the record, and all that belongs to it. No verbs here.

For them it does not exist: what they see is worked out from shelves on which it does not stand (`shown`), so that no
list, duty, count or file can give it away.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from workbench.desk.context import Desk
from workbench.desk.shelves import Shelves, shelves
from workbench.domain.cases import Case, Concern
from workbench.domain.pupils import Contact
from workbench.domain.removals import Removal

T = TypeVar("T")
OF_CASES = ("referrals", "removals", "contacts")
"""Shelves of records that may belong to a case."""


def may_see(desk: Desk, removal: Removal) -> bool:
    """Whether the person signed in may know of a removal: not if its case is about them."""
    return not _hides(desk, removal.case)


def may_see_contact(desk: Desk, contact: Contact) -> bool:
    """Whether the person signed in may know of a call or visit: not if its case is about them."""
    return not _hides(desk, contact.case)


def is_secret(desk: Desk, case: str | None) -> bool:
    """Whether a case is about anybody with an account: then entries of the log do not say which pupil it is."""
    doc = desk.get("cases", "cases", case) if case else None
    return bool(doc and doc["about"])


def hidden(desk: Desk, pupil: str) -> set[str]:
    """The ids of a pupil's cases that are about the person signed in, and of what belongs to them."""
    shelf = shelves(desk)
    cases = {c.id for c in shelf.cases.get(pupil, ()) if desk.user() in c.about}
    found = set(cases)
    for name in OF_CASES:
        found |= {record.id for record in getattr(shelf, name).get(pupil, ()) if record.case in cases}
    return found


def shown(desk: Desk, shelf: Shelves | None = None) -> Shelves:
    """The shelves as they stand for the person signed in; the very ones where nothing is about them.

    Args:
        desk: the desk.
        shelf: those that would stand for everybody; the desk's own unless given.
    """
    shelf = shelf or shelves(desk)
    kept = secrets(desk, shelf)
    if not kept:
        return shelf
    pupils = {record.pupil for record in _reports(shelf) if record.id in kept}
    return shelf._replace(
        cases=_without(shelf.cases, pupils, kept),
        concerns=_without(shelf.concerns, pupils, kept),
        referrals=_without(shelf.referrals, pupils, kept),
        removals=_without(shelf.removals, pupils, kept),
        contacts=_without(shelf.contacts, pupils, kept),
    )


def secrets(desk: Desk, shelf: Shelves | None = None) -> frozenset[str]:
    """The ids of all cases and concerns that are about the person signed in."""
    shelf, user = shelf or shelves(desk), desk.user()
    return frozenset(record.id for record in _reports(shelf) if user in record.about)


def speaks_of(desk: Desk, pupil: str) -> bool:
    """Whether there is a case or a concern about a pupil that is not about the person signed in."""
    shelf = shown(desk)
    return bool(shelf.cases.get(pupil) or shelf.concerns.get(pupil))


def _reports(shelf: Shelves) -> Iterator[Case | Concern]:
    yield from chain.from_iterable(shelf.cases.values())
    yield from chain.from_iterable(shelf.concerns.values())


def _without(shelf: Mapping[str, list[T]], pupils: set[str], kept: frozenset[str]) -> dict[str, list[T]]:
    """A shelf on which neither these cases and concerns nor what belongs to them stand."""
    made = dict(shelf)
    for pupil in pupils & made.keys():
        made[pupil] = [
            r for r in made[pupil] if kept.isdisjoint((getattr(r, "id", ""), getattr(r, "case", None)))
        ]
    return made


def _hides(desk: Desk, case: str | None) -> bool:
    found = desk.record("cases", "cases", case, Case) if case is not None else None
    return found is not None and desk.user() in found.about
