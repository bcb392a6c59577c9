"""How parameters of a later layer stand on those below: numbers replace, lists and tables are added to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

Direction = Literal["lower", "higher", "more"]
"""Which way a number or list has to move to ask more: `lower`, `higher`, or `more` entries."""


def is_keyed(value: Any) -> bool:
    """Whether a value is a list of tables that each have a `key`: such lists are added to, entry by entry."""
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) > 0
        and all(isinstance(item, Mapping) and "key" in item for item in value)
    )


def stacked(
    below: Mapping[str, Any], above: Mapping[str, Any], tighter: Mapping[str, Direction]
) -> dict[str, Any]:
    """The parameters of two layers together.

    Args:
        below: those of the layers below.
        above: those of a later layer, which asks no less.
        tighter: which way a parameter may move.
    """
    found = dict(below)
    for key, value in above.items():
        limit = below.get(key)
        if limit is not None and is_keyed(value):
            found[key] = [*limit, *(item for item in value if item not in limit)]
        elif limit is not None and tighter.get(key) == "more":
            found[key] = list(dict.fromkeys([*limit, *value]))
        else:
            found[key] = value
    return found


def lent(below: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a version that does not apply: it lends those that nothing below gives, and adds nothing."""
    return {**{k: [] if is_keyed(v) else v for k, v in params.items()}, **below}


def loosened(key: str, value: Any, limit: Any, direction: Direction | None, law: str) -> str | None:
    """Why a value asks less than the one below it, in words; None if it asks as much or more.

    Args:
        key: its name.
        value: what the later layer says.
        limit: what stands below.
        direction: which way it may move.
        law: what stands below, as a reader would cite it.
    """
    if value == limit:
        return None
    if is_keyed(limit):
        return _same_key(key, value, limit, law)
    if _tightens(direction, value, limit):
        return None
    return (
        f"`{key}` = {value!r} asks less than {law} ({limit!r}); "
        f"a later layer may only tighten: {_way(direction, limit)}"
    )


def _same_key(key: str, value: Any, limit: Sequence[Mapping[str, Any]], law: str) -> str | None:
    known = {item["key"]: item for item in limit}
    for item in value if is_keyed(value) else ():
        if item["key"] in known and item != known[item["key"]]:
            return f"`{key}`: {item['key']!r} stands in {law} already; give yours another key"
    return None if is_keyed(value) or value == [] else f"`{key}` is a list of tables that each have a `key`"


def _way(direction: Direction | None, limit: Any) -> str:
    ways = {
        "lower": f"write {limit!r} or a lower number",
        "higher": f"write {limit!r} or a higher number",
        "more": f"write at least all of {', '.join(map(str, limit)) if _listed(limit) else limit!r}",
    }
    return ways[direction] if direction else "this value cannot be changed; leave it out"


def _listed(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _tightens(direction: Direction | None, value: Any, limit: Any) -> bool:
    try:
        if direction == "lower":
            return bool(value <= limit)
        if direction == "higher":
            return bool(value >= limit)
        return direction == "more" and not isinstance(value, str) and set(value) >= set(limit)
    except TypeError:
        return False
