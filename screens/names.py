"""Names behind ids, as far as the person at the keyboard may see them."""

from typing import TYPE_CHECKING

from workbench.desk.permissions import may
from workbench.domain.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.domain.pupils import Pupil


def people_names(desk: "Desk") -> dict[str, str]:
    """User to name, `J. Okafor`; empty for those who may not list people: they see the user names."""
    if not may(desk, "people.list"):
        return {}
    from workbench.desk import accounts

    return {person.user: person.name for person in accounts.people(desk)}


def pupil_words(pupil: "Pupil") -> str:
    """`Dunmore, Kai 9B`."""
    return f"{pupil.name} {pupil.class_}"


def pupil_of(desk: "Desk", own_id: str) -> str:
    """`Dunmore, Kai 9B` for an id; the id itself where nobody has it any more."""
    from workbench.desk import roll

    try:
        return pupil_words(roll.find(desk, own_id))
    except NotFoundError:
        return own_id
