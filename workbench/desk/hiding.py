"""What is kept from those whom a case is about: the case, and all that belongs to it. No verbs here."""

from workbench.desk.context import Desk
from workbench.desk.shelves import shelves
from workbench.domain.removals import Removal


def may_see(desk: Desk, removal: Removal) -> bool:
    """Whether the person signed in may know of a removal: not if its case is about them."""
    if removal.case is None:
        return True
    doc = desk.get("cases", "cases", removal.case)
    return doc is None or desk.user() not in doc["about"]


def hidden(desk: Desk, pupil: str) -> set[str]:
    """The ids of a pupil's cases that are about the person signed in, and of what belongs to them."""
    shelf = shelves(desk)
    cases = {c.id for c in shelf.cases.get(pupil, ()) if desk.user() in c.about}
    found = set(cases)
    for records in (shelf.removals.get(pupil, ()), shelf.referrals.get(pupil, ())):
        found |= {record.id for record in records if record.case in cases}
    return found
