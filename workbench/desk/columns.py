"""The tables of `desk/data`: what other systems call things. Read once, when the first file is imported."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from workbench.domain.pupilfile import Words

DATA = Path(__file__).parent / "data"
"""The folder of the tables."""


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def _turned(table: dict[str, list[str]]) -> dict[str, str]:
    """`{ours: [theirs ...]}` as `{theirs: ours}`."""
    return {theirs: ours for ours, names in table.items() for theirs in names}


@cache
def aliases(kind: str) -> dict[str, str]:
    """Column names, in lower case, to ours; `kind` is `pupils` or `registers`."""
    return _turned(_table("columns")[kind])


@cache
def words() -> Words:
    """What words in a pupil file mean."""
    table = _table("words")
    flags = {**dict.fromkeys(table["flags"]["yes"], True), **dict.fromkeys(table["flags"]["no"], False)}
    plans = {**dict.fromkeys(table["ehc_plan"]["yes"], True), **dict.fromkeys(table["ehc_plan"]["no"], False)}
    return Words(
        groups=_turned(table["groups"]),
        flags=flags,
        ehc_plan={**flags, **plans},
        years={theirs: int(ours) for theirs, ours in _turned(table["years"]).items()},
        relations=_turned(table["relations"]),
        professionals=frozenset(table["professionals"]["roles"]),
    )
