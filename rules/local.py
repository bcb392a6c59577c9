"""What a pack of a later layer may hold beside rules: groups, flags, steps of the enquiries, laws switched on.

A key at the top of the file (`from`, `to`, `standing`, `certainty`, `law`, `quote`, `link`, `checked`) holds for
everything in it that does not say otherwise. The kinds of tables and their keys are those of the files that ship
(`rules/ontrack/groups.toml`, `rules/england/enquiries.toml`).
"""

from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

from rules.dated import Dated
from rules.errors import PackError
from rules.plainly import plainly
from rules.rulefile import Addition, Version

DEFAULTS = ("from", "to", "standing", "certainty", "law", "quote", "link", "checked")
"""Keys at the top of a pack that hold for all of it."""
TABLES = ("rule", "group", "flag", "step")
"""Lists of tables that a pack may hold."""
KEYS = (*DEFAULTS, "title", "commenced", *TABLES)

GROUPS_RULE = "case.group-action"
"""The rule that asks for what a group asks for."""
STEPS_RULE = "case.enquiries"
"""The rule that asks for the school's steps of the enquiries."""


class LocalGroup(Dated, frozen=True, kw_only=True):
    """A risk group of a trust, an authority or a school, or a flag of theirs."""

    key: str
    title: str
    action: str = ""
    """What it asks for; empty for a flag that is only known."""
    recipients: tuple[str, ...] = ("la:statutory",)
    causes: tuple[str, ...] = ()
    """What asks for the action without a case, as in `rules/ontrack/duties/case.group-action.toml`."""


class LocalStep(Dated, frozen=True, kw_only=True):
    """A step of the joint enquiries of a trust, an authority or a school."""

    key: str
    title: str
    by: Literal["school", "la", "joint"]
    limit: str = ""
    """The key of the authority's own day limit, in school days."""


class Part(Struct, frozen=True, kw_only=True):
    """Something of a pack, with the layer and the file it stands in."""

    layer: str
    where: str
    """What errors call it: file and table."""
    id: str
    content: Any


class Local(Struct, frozen=True, kw_only=True):
    """What a pack holds, its rules still as text's tables: what they are depends on the layers below."""

    rules: tuple[Part, ...] = ()
    groups: tuple[Part, ...] = ()
    flags: tuple[Part, ...] = ()
    steps: tuple[Part, ...] = ()
    commenced: tuple[Part, ...] = ()


def read(name: str, layer: str, doc: dict[str, Any]) -> Local:
    """The parts of a pack.

    Args:
        name: what errors call the file.
        layer: `trust`, `la` or `school`.
        doc: its parsed TOML.

    Raises:
        PackError: naming the file, the table and the key that is wrong.
    """
    for key in doc:
        if key not in KEYS:
            raise PackError(
                name,
                f"unknown key `{key}`; a pack holds [[rule]], [[group]], [[flag]], [[step]] and [commenced]",
            )
    defaults = {"standing": "local", **{key: doc[key] for key in DEFAULTS if key in doc}}
    return Local(
        rules=tuple(_rule(name, layer, item, defaults) for item in _items(name, doc, "rule")),
        groups=tuple(_dated(name, layer, "group", item, defaults) for item in _items(name, doc, "group")),
        flags=tuple(_dated(name, layer, "flag", item, defaults) for item in _items(name, doc, "flag")),
        steps=tuple(_dated(name, layer, "step", item, defaults) for item in _items(name, doc, "step")),
        commenced=_commenced(name, layer, doc.get("commenced", {})),
    )


def _items(name: str, doc: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    rows = doc.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PackError(name, f"`{key}` is a list of tables: write [[{key}]]")
    return list(enumerate(rows, 1))


def _rule(name: str, layer: str, item: tuple[int, dict[str, Any]], defaults: dict[str, Any]) -> Part:
    number, content = item
    own_id = content.get("id")
    if not isinstance(own_id, str):
        raise PackError(name, f"rule {number} needs an `id`")
    rest = {key: value for key, value in content.items() if key != "id"}
    versions = rest.get("version")
    if isinstance(versions, list):
        rest["version"] = [{**defaults, **v} if isinstance(v, dict) else v for v in versions]
    return Part(layer=layer, where=f"{name}: rule {own_id}", id=own_id, content=rest)


_TYPES: dict[str, type[LocalGroup] | type[LocalStep]] = {
    "group": LocalGroup,
    "flag": LocalGroup,
    "step": LocalStep,
}


def _dated(
    name: str, layer: str, table: str, item: tuple[int, dict[str, Any]], defaults: dict[str, Any]
) -> Part:
    number, content = item
    where = f"{name}: {table} {content.get('key', number)}"
    try:
        made = msgspec.convert({**defaults, **content}, _TYPES[table])
    except msgspec.ValidationError as error:
        raise PackError(where, plainly(str(error))) from error
    return Part(layer=layer, where=where, id=made.key, content=made)


def _commenced(name: str, layer: str, rows: object) -> tuple[Part, ...]:
    if not isinstance(rows, dict):
        raise PackError(name, "`commenced` is a table of laws and dates: write [commenced]")
    for law, day in rows.items():
        if type(day) is not date:
            raise PackError(
                name, f"commenced: `{law}` needs a date such as 2026-09-01, without quotation marks"
            )
    return tuple(
        Part(layer=layer, where=f"{name}: commenced", id=law, content=day) for law, day in rows.items()
    )


def as_extension(part: Part) -> Addition:
    """What a group, a flag or a step adds to the rule that asks for it."""
    found: LocalGroup | LocalStep = part.content
    if isinstance(found, LocalStep):
        params: dict[str, Any] = {"steps": [found.key]}
    else:
        group = {
            "key": found.key,
            "action": found.action,
            "recipients": list(found.recipients),
            "causes": list(found.causes),
        }
        params = {"groups": [group]}
    version = Version(
        from_=found.from_,
        to=found.to,
        standing=found.standing,
        certainty=found.certainty,
        law=found.law,
        quote=found.quote,
        link=found.link,
        checked=found.checked,
        switch=found.switch,
        params=params,
    )
    return Addition(version=(version,))
