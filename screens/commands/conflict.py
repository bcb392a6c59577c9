"""Both versions of a record that two people changed, as a command says them."""

from typing import Any

from screens import plain
from workbench.domain.errors import ConflictError


def both(error: ConflictError) -> dict[str, Any]:
    """The conflict as one object: who wrote first and when, what stands, what was not written."""
    return {
        "conflict": error.what,
        "id": error.theirs.get("id") or error.yours.get("id"),
        "by": error.by or None,
        "at": error.at or None,
        "rev": error.theirs.get("rev"),
        "differs": [name.rstrip("_") for name in error.differing()],
        "stored": error.theirs or None,
        "yours": error.yours,
    }


def both_lines(error: ConflictError) -> list[str]:
    """Who wrote the version that stands, and the fields in which the two differ, one below the other."""
    names = error.differing()
    width = max((len(name.rstrip("_")) for name in names), default=0)
    who = f" by {error.by}" if error.by else ""
    when = f" at {error.at[:16].replace('T', ' ')}" if error.at else ""
    rev = f", revision {error.rev}" if "rev" in error.theirs else ""
    lines = [f"  stored{rev}{who}{when}:"]
    lines += [_field(name, error.theirs, width) for name in names]
    lines.append("  yours, not written:")
    lines += [_field(name, error.yours, width) for name in names]
    return lines if names else [*lines[:1], "    it says what yours says"]


def _field(name: str, version: dict[str, Any], width: int) -> str:
    value = version.get(name)
    said = "–" if value in (None, "") else value if isinstance(value, str) else plain.to_json(value)
    return f"    {name.rstrip('_'):<{width}}  " + str(said).replace("\n", f"\n    {'':<{width}}  ")
