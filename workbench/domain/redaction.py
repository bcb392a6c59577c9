"""Names of other children taken out of what leaves the school."""

import re
from collections.abc import Iterable
from typing import Any

from workbench.domain.pupils import Pupil


class Redactor:
    """Puts a child's id where their full name stands, in either order and either case.

    Args:
        children: those whose names must not leave the school.
    """

    def __init__(self, children: Iterable[Pupil]) -> None:
        self._ids: dict[str, str] = {}
        for child in children:
            for name in (
                child.name,
                f"{child.forename} {child.surname}",
                f"{child.surname} {child.forename}",
            ):
                self._ids[name.casefold()] = child.id
        # the longest first, so that no name is taken for the beginning of another
        names = sorted(self._ids, key=len, reverse=True)
        words = "|".join(map(re.escape, names))
        # not `\b`: a name may begin or end with a sign that is no letter
        self._find = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if names else None

    def __call__(self, value: Any) -> Any:
        """The value, of builtin types, with every text in it redacted."""
        if self._find is None:
            return value
        if isinstance(value, str):
            return self._find.sub(lambda found: self._ids.get(found[0].casefold(), "another child"), value)
        if isinstance(value, dict):
            return {key: self(inner) for key, inner in value.items()}
        return [self(inner) for inner in value] if isinstance(value, list | tuple) else value
