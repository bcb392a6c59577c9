"""Plain text for commands: tables, JSON, and text that no terminal obeys."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench.domain.characters import harmless

LONGEST = 100_000
CELL = 60
STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\S*")


def safe(text: str) -> str:
    """Text without anything that a terminal would obey; line breaks stay."""
    return "\n".join(harmless(line, LONGEST) for line in text.split("\n"))


def builtin(value: Any) -> Any:
    """A record as plain values; `class_` is called `class`, and sessions that are keys become texts."""
    return _named(msgspec.to_builtins(value, str_keys=True, enc_hook=_other))


def _other(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key.rstrip("_") if isinstance(key, str) else key: _named(inner) for key, inner in value.items()
        }
    return [_named(inner) for inner in value] if isinstance(value, list | tuple) else value


def to_json(value: Any) -> str:
    """A value as JSON on one line for each top-level thing; ASCII, so that nothing in it reaches a terminal raw."""
    return json.dumps(builtin(value), ensure_ascii=True)


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> list[str]:
    """Rows as aligned lines under their headings.

    Args:
        columns: key of the row to heading.
    """
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    widths = [max(len(title), *(len(row[n]) for row in cells)) for n, title in enumerate(columns.values())]
    lines = [_line(list(columns.values()), widths)]
    return [*lines, *(_line(row, widths) for row in cells)]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        value = ", ".join(str(inner) for inner in value)
    text = " ".join(STAMP.sub(r"\1 \2", str(value)).split())
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def object_lines(value: Mapping[str, Any], indent: str = "") -> list[str]:
    """An object as aligned `key  value` lines; an object inside it is indented, a list of objects is a line each."""
    width = max((len(key) for key in value), default=0)
    lines: list[str] = []
    for key, inner in value.items():
        lines += _entry(f"{indent}{key:<{width}}", inner, indent)
    return lines


def _entry(key: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, Mapping) and value:
        return [key.rstrip(), *object_lines(value, f"{indent}  ")]
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return [key.rstrip(), *(f"{indent}  {_brief(inner)}" for inner in value)]
    return [f"{key}  {_long(value)}".rstrip()]


def _brief(value: Mapping[str, Any]) -> str:
    """What an object says, on one line, without the keys of what it leaves open."""
    said = {key: inner for key, inner in value.items() if inner not in (None, "", False, [], {})}
    return " · ".join(f"{key} {_long(inner)}" for key, inner in said.items())


def _long(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_long(inner) for inner in value) or "–"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
