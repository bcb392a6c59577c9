"""Help made from the table of keys, and the emergency numbers. Both are dialogs above the screen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from screens import keys
from screens.text import pad
from screens.widgets.lines import Row
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from screens.frame import WorkScreen

SIGNS = (
    "! late or refused   ▸ cursor   ● done or met   ◐ begun   ○ open   – does not apply",
    "A late duty says so in words too: late 2d. An area's number key works everywhere.",
)


def help_rows(screen: "WorkScreen") -> list[str | Row]:
    """The keys of the screen, then those that work everywhere; what the role does not allow says so."""
    rows: list[str | Row] = []
    for title, table in (("On this screen", keys.section(screen.SECTION)), ("Everywhere", keys.EVERYWHERE)):
        rows.append(Row("", (title,), tone="strong"))
        for key in table:
            allowed = not key.verb or may(screen.desk, key.verb)
            rows.append(f"  {pad(key_label(key), 13)} {key.help}{'' if allowed else ' (not in your role)'}")
        rows.append("")
    rows.append(Row("", ("Signs",), tone="strong"))
    return [*rows, *(f"  {line}" for line in SIGNS)]


def key_label(key: keys.Key) -> str:
    """Every way to press it: `? F1`."""
    return key.shown or " ".join(keys.label_of(name) for name in key.keys.split(","))


async def show_help(screen: "WorkScreen") -> None:
    """Show the keys until the reader leaves."""
    await screen.tell("Keys", help_rows(screen))


def emergency_rows(screen: "WorkScreen") -> list[str | Row]:
    """Whom to reach, from the school's own file; nothing here is made up."""
    authority = screen.desk.school().authority
    rows: list[str | Row] = [
        Row("", ("A child in immediate danger: call 999 now, then children's social care.",), tone="late"),
        "",
    ]
    for title, values in (
        (f"Children's social care, {authority.name}", authority.childrens_social_care),
        ("Police", authority.police),
        ("Children missing education: named person", authority.cme_named_person),
        ("Education welfare", authority.education_welfare),
        ("Virtual school", authority.virtual_school),
        ("Threshold document", authority.threshold_document),
    ):
        rows += _block(title, values)
    return rows


def _block(title: str, values: Mapping[str, str]) -> list[str | Row]:
    if not values:
        return [Row("", (title,), tone="strong"), "  not in the school's file", ""]
    lines = [f"  {pad(name.replace('_', ' '), 14)} {value}" for name, value in values.items()]
    return [Row("", (title,), tone="strong"), *lines, ""]


async def show_emergency(screen: "WorkScreen") -> None:
    """Show the numbers until the reader leaves."""
    await screen.tell("Emergency numbers", emergency_rows(screen))


def emergency_line(screen: "WorkScreen") -> str:
    """`Torbay social care 01632 960101 · out of hours ... · police 999 / 101`, from the school's file."""
    authority = screen.desk.school().authority
    care, police = authority.childrens_social_care, authority.police
    parts = [
        f"{authority.name} social care {care['telephone']}" if care.get("telephone") else "",
        f"out of hours {care['out_of_hours']}" if care.get("out_of_hours") else "",
        f"police {' / '.join(police.values())}" if police else "",
    ]
    return " · ".join(part for part in parts if part) or "F3: numbers to call"
