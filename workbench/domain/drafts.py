"""What a return to the authority must hold, gathered from the records, with what is missing named."""

import json
from collections.abc import Sequence

from msgspec import Struct

from workbench.domain.csvcells import csv_text
from workbench.domain.pupils import Around, Pupil

UNKNOWN = "unknown"


class Item(Struct, frozen=True, kw_only=True):
    """One line of a return."""

    key: str
    label: str
    value: str
    """`unknown` where the school does not know: the return says so."""
    required: bool = True


def person_items(pupil: Pupil, around: Sequence[Around], where: bool = False) -> list[Item]:
    """Full name, address, and each parent with whom the pupil normally lives, with an emergency telephone number.

    Args:
        pupil: who it is about.
        around: the people around the pupil.
        where: whether each such parent's address is asked for too, and named as missing where it is unknown.
    """
    items = [
        Item(key="full_name", label="Full name", value=f"{pupil.forename} {pupil.surname}"),
        Item(key="upn", label="Unique pupil number", value=pupil.upn or UNKNOWN, required=False),
        Item(key="born", label="Date of birth", value=pupil.born.isoformat()),
        Item(
            key="address",
            label="Address",
            value=", ".join(x for x in (pupil.address, pupil.postcode) if x) or UNKNOWN,
        ),
    ]
    parents = [a for a in around if a.kind == "parent"]
    at_home = [a for a in parents if a.lives_with] or parents
    for number, parent in enumerate(at_home, 1):
        items += _parent(number, parent, pupil, where)
    if not at_home:
        items.append(Item(key="parent_1_name", label="Parent the pupil lives with", value=UNKNOWN))
        items.append(Item(key="parent_1_telephone", label="Emergency telephone", value=UNKNOWN))
    return items


def _parent(number: int, parent: Around, pupil: Pupil, where: bool) -> list[Item]:
    address = parent.address or (
        ", ".join(x for x in (pupil.address, pupil.postcode) if x) if parent.lives_with else ""
    )
    return [
        Item(
            key=f"parent_{number}_name",
            label=f"Parent {number}",
            value=f"{parent.name} ({parent.role or 'parent'})",
        ),
        Item(
            key=f"parent_{number}_address",
            label=f"Address of parent {number}",
            value=address or UNKNOWN,
            required=where,
        ),
        Item(key=f"parent_{number}_telephone", label="Emergency telephone", value=parent.phone or UNKNOWN),
    ]


def missing(items: Sequence[Item]) -> tuple[str, ...]:
    """What the law asks for and the school does not know, such as `new address: unknown`; the return says so too."""
    return tuple(f"{_small(i.label)}: {UNKNOWN}" for i in items if i.required and i.value == UNKNOWN)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def as_text(title: str, items: Sequence[Item]) -> str:
    """The return as a letter or form is filled in from it."""
    width = max(len(i.label) for i in items)
    return "\n".join([title, "", *(f"{i.label:<{width}}  {i.value}" for i in items), ""])


def as_json(title: str, items: Sequence[Item]) -> str:
    """The return as a JSON object of texts."""
    return (
        json.dumps({"return": title, **{i.key: i.value for i in items}}, ensure_ascii=False, indent=2) + "\n"
    )


def as_csv(items: Sequence[Item]) -> str:
    """The return as two lines of CSV that a spreadsheet shows as text."""
    return csv_text([[i.key for i in items], [i.value for i in items]])
