"""The people around a child: parents, emergency contacts, professionals with role and address."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from workbench.desk.columns import words
from workbench.desk.conflicts import over_why
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.permissions import verb
from workbench.desk.text import LINE, NAME, clean, required
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError
from workbench.domain.pupils import Around, AroundKind

KINDS: tuple[str, ...] = get_args(AroundKind)
TEXTS = {"name": NAME, "role": 60, "phone": 40, "email": NAME, "address": 300, "authority": NAME}
"""Text fields and their longest length."""
FLAGS = ("lives_with", "parental_responsibility")
FIELDS = ("kind", *TEXTS, *FLAGS, "order")
"""What `around_add` and `around_edit` take; an added one needs `kind` and `name`."""
MOST = 99
"""Highest place in the order of calls."""


@verb("around.list")
def around(desk: Desk, ref: str) -> list[Around]:
    """The people around a pupil: parents and contacts in the order in which they are called, then
    professionals."""
    return people_of(desk, lookup(desk, ref).id)


def people_of(desk: Desk, pupil: str) -> list[Around]:
    """`around`, inside other verbs, for the id of a pupil."""
    every = desk.records("pupils", "around", Around)
    return sorted(
        (person for person in every if person.pupil == pupil),
        key=lambda person: (person.kind == "professional", person.order, person.id),
    )


@verb("around.add")
def around_add(desk: Desk, ref: str, fields: Mapping[str, str]) -> Around:
    """Add somebody around a pupil.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.
        fields: `FIELDS` to their text.

    Raises:
        InvalidError: if a field is unknown or cannot be read, or `kind` or `name` is missing.
    """
    pupil = lookup(desk, ref)
    values = _values(fields)
    values.setdefault("kind", "contact")
    required(values.get("name", ""), "name", limit=NAME)
    values.setdefault("order", 1 + len([p for p in people_of(desk, pupil.id) if p.kind != "professional"]))
    with desk.change("around.added", subject=pupil.id) as tx:
        own_id = desk.fresh(tx, "pupils", "around", "N")
        return desk.save(tx, "pupils", "around", Around(id=own_id, pupil=pupil.id, **values))


@verb("around.edit")
def around_edit(
    desk: Desk, own_id: str, fields: Mapping[str, str], rev: int | None = None, over: bool = False
) -> Around:
    """Change what is known about somebody around a pupil.

    Args:
        desk: the desk.
        own_id: the person's id.
        fields: `FIELDS` to their new text.
        rev: the revision that the writer saw; None writes the fields over what stands.
        over: both versions were seen and this one was chosen: the entry names the revision it replaces.

    Raises:
        NotFoundError: if there is no such person.
        InvalidError: if a field is unknown or cannot be read.
        ConflictError: if somebody else changed them since `rev`.
    """
    person = _known(desk, own_id)
    values = _values(fields)
    if "name" in values:
        required(values["name"], "name", limit=NAME)
    with desk.change("around.edited", subject=person.pupil, why=over_why(person.id, rev, over)) as tx:
        doc = tx.get("pupils", "around", person.id)
        if doc is None:  # taken off between the look above and the lock
            raise _nobody(person.id)
        stored = msgspec.convert(doc, Around)
        return desk.save(tx, "pupils", "around", msgspec.structs.replace(stored, **values), rev=rev)


@verb("around.remove")
def around_remove(desk: Desk, own_id: str) -> None:
    """Take somebody off the people around a pupil; the log keeps that they were there.

    Raises:
        NotFoundError: if there is no such person.
    """
    person = _known(desk, own_id)
    with desk.change("around.removed", subject=person.pupil, why=person.id) as tx:
        tx.drop("pupils", "around", person.id)


def _known(desk: Desk, own_id: str) -> Around:
    person = desk.record("pupils", "around", own_id, Around)
    if person is None:
        raise _nobody(own_id)
    return person


def _nobody(own_id: str) -> NotFoundError:
    return NotFoundError(f"Nobody around a pupil has the id {harmless(own_id)}.")


def _values(fields: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in fields.items():
        if name not in FIELDS:
            raise InvalidError(f"{harmless(name)} is no field here.", todo=f"Fields: {', '.join(FIELDS)}.")
        values[name] = _value(name, clean(text, limit=TEXTS.get(name, LINE), what=name))
    return values


def _value(name: str, text: str) -> Any:
    if name == "kind" and text not in KINDS:
        raise InvalidError(f"kind: {', '.join(KINDS)}, not {harmless(text)}.")
    if name in FLAGS:
        flag = words().flags.get(text.casefold())
        if flag is None and text:
            raise InvalidError(f"{name}: “{harmless(text)}” is neither yes nor no.")
        return bool(flag)
    if name == "order":
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
            raise InvalidError(f"order: a number from 1 to {MOST}: whom to call first.")
        return int(text)
    return text
