"""The fields of a pupil as people type them: `FIELD=VALUE` texts into typed values."""

from collections.abc import Mapping
from typing import Any

from rules.wizard import groups
from workbench.desk.columns import words
from workbench.desk.context import Desk
from workbench.desk.text import LINE, clean, has_controls
from workbench.domain import upn as upns
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError
from workbench.domain.plain import UnreadableError, class_name, read_date, read_name, read_year

FLAGS = (
    "social_worker",
    "child_protection_plan",
    "section_47",
    "ehc_plan",
    "placed_by_la",
    "boarder",
    "mobile_child",
)
NAMES = ("looked_after_by", "home_la", "placing_la", "dual_registered_at")
TEXTS = {"address": 300, "postcode": 12, "sex": 20}
NEEDED = ("surname", "forename", "born", "year", "class", "starts")
FIELDS = (*NEEDED, "upn", "entered", "groups", *TEXTS, *FLAGS, *NAMES)
"""What `add` and `edit` take, as `FIELD=VALUE`."""


def values_of(desk: Desk, fields: Mapping[str, str]) -> dict[str, Any]:
    """Typed values of fields given as text.

    Raises:
        InvalidError: naming the field that is unknown or cannot be read.
    """
    values: dict[str, Any] = {}
    for name, text in fields.items():
        if name not in FIELDS and name != "class_":
            todo = f"Fields: {', '.join(FIELDS)}."
            raise InvalidError(f"{harmless(name)} is no field of a pupil.", todo=todo)
        key = "class_" if name == "class" else name
        try:
            if has_controls(text):
                raise UnreadableError("holds characters that no terminal should get; type it anew")
            values[key] = _value(desk, key, clean(text, limit=LINE, what=name))
        except UnreadableError as error:
            raise InvalidError(f"{name}: {error}.") from error
    return values


def _value(desk: Desk, key: str, text: str) -> Any:
    if key in ("surname", "forename"):
        return read_name(text)[0]
    if key in ("born", "starts"):
        day = read_date(text)
        if key == "born" and day > desk.today():
            raise UnreadableError(f"{day.isoformat()} lies in the future")
        return day
    if key == "entered":
        return read_date(text) if text else None
    if key == "year":
        return _year(desk, text)
    if key == "class_":
        return class_name(text)
    if key == "upn":
        return _upn(text)
    if key == "groups":
        return _groups(desk, text)
    if key in FLAGS:
        return _flag(text)
    if key in TEXTS and len(text) > TEXTS[key]:
        raise UnreadableError(f"{len(text)} characters; at most {TEXTS[key]} are kept")
    return text or (None if key in NAMES or key == "sex" else "")


def _year(desk: Desk, text: str) -> int:
    year = read_year(text, words().years)
    first, last = desk.school().years
    if not first <= year <= last:
        raise UnreadableError(f"this school has years {first} to {last}, not {year}")
    return year


def _upn(text: str) -> str | None:
    upn = upns.tidy(text)
    wrong = upns.fault(upn) if upn else None
    if wrong:
        raise UnreadableError(wrong)
    return upn or None


def _groups(desk: Desk, text: str) -> tuple[str, ...]:
    named = [part.strip() for part in text.replace(",", " ").split()]
    known = [group.key for group in groups(desk.rules_to_write, desk.today())]
    unknown = [name for name in named if name not in known]
    if unknown:
        raise UnreadableError(f"{', '.join(unknown)}: the groups are {', '.join(known)}")
    return tuple(sorted(set(named)))


def _flag(text: str) -> bool:
    flag = words().flags.get(text.casefold())
    if flag is None and text:
        raise UnreadableError(f"“{text[:20]}” is neither yes nor no")
    return bool(flag)
