"""TOML from outside: read with Python's own reader, kept from what that stumbles over."""

import tomllib
from typing import Any

DEEPEST = 30
"""Levels of tables and lists."""
MOST_DOTS = 100
"""In one line: the reader takes time and memory by the square of a dotted key's parts."""


class TomlError(ValueError):
    """The text is not TOML, or not such as any file of ours is; its words go behind the file's name."""


def read(text: str) -> dict[str, Any]:
    """A TOML document; duplicate keys are refused.

    Raises:
        TomlError: it is not TOML, nests deeper than `DEEPEST`, or has more than `MOST_DOTS` dots in a line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise TomlError(f"line {number} has more than {MOST_DOTS} dots")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"is not TOML: {error}") from error
    except RecursionError:
        raise TomlError("is nested too deeply") from None
    except ValueError:  # the one that is no TOMLDecodeError: Python refuses to read so many digits
        raise TomlError("holds a number with thousands of digits") from None
    if _is_deep(found):
        raise TomlError("is nested too deeply")
    return found


def _is_deep(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return any(isinstance(each, dict | list) for each in level)
