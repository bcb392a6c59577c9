"""What is made of the one table of keys: bindings, footers, help and palette, so that they cannot drift
apart.

A screen names its section and gets its bindings by `bindings("today")`; each key runs `action_<act>` of the
screen (or of the app) through one door, `WorkScreen.action_act`, which checks the role and shows refusals and
errors. Only keys that work over SSH and tmux: letters, digits, F1-F10, Space, Enter, arrows, Ctrl+letter.
The table itself is `screens/keytable.py`.
"""

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from screens.key import Key, label_of
from screens.keytable import EVERYWHERE, SECTIONS
from screens.keytable_lists import LISTS
from screens.text import cell_len, fit

__all__ = [
    "EVERYWHERE", "LISTS", "SECTIONS", "Key", "app_bindings", "bindings", "find", "footer", "label_of",
    "section",
]  # fmt: skip


def section(name: str) -> tuple[Key, ...]:
    """The keys of a section, without those that work everywhere.

    Raises:
        KeyError: if there is no such section.
    """
    return SECTIONS[name]


def bindings(name: str) -> list[BindingType]:
    """Textual bindings for a section: every key that has an act runs it through `action_act`."""
    return _bind(section(name), name)


def app_bindings() -> list[BindingType]:
    """Bindings of the keys that work everywhere."""
    return _bind(EVERYWHERE, "everywhere")


def _bind(keys: Iterable[Key], where: str) -> list[BindingType]:
    return [
        Binding(key.keys, f"act({key.act!r})", key.words, False, priority=key.priority, id=_id(where, key))
        for key in keys
        if key.act
    ]


def _id(where: str, key: Key) -> str:
    return f"{where}.{key.keys.split(',')[0]}"


def find(act: str, name: str) -> Key | None:
    """The key that runs an act in a section or everywhere; None for an act without one."""
    return next((key for key in (*SECTIONS.get(name, ()), *EVERYWHERE) if key.act == act), None)


def footer(keys: Iterable[Key], width: int) -> str:
    """`Enter do it   w why   ? help`: whole groups only, in the table's order, help last.

    What does not fit is dropped: the highest `footer` number first.
    """
    shown = [(key.footer, place, f"{key.label} {key.words}") for place, key in enumerate(keys) if key.footer]
    shown.sort(key=lambda group: (group[0] == 1, group[1]))
    while len(shown) > 1 and sum(cell_len(text) + 3 for *_, text in shown) - 3 > width:
        shown.remove(max(shown))
    return fit("   ".join(text for *_, text in shown), width)
