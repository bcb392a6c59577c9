"""What one key of the table is."""

from msgspec import Struct

_NAMES = {
    "enter": "Enter", "escape": "Esc", "space": "Space", "question_mark": "?", "slash": "/", "tab": "Tab",
    "pageup": "PgUp", "pagedown": "PgDn",
    "shift+tab": "Shift+Tab", "asterisk": "*", "plus": "+", "minus": "-",
    "colon": ":", "backslash": "\\", "left": "←", "right": "→",
    "up": "↑", "down": "↓", "backspace": "Backspace",
    "less_than_sign": "<", "greater_than_sign": ">", "full_stop": ".", "comma": ",",
}  # fmt: skip


class Key(Struct, frozen=True):
    """One key.

    Args:
        keys: Textual's names, comma separated; the first is the one that is shown.
        act: the action `action_<act>`; empty for keys that a widget reads itself (they are only explained).
        words: two or three words for the footer.
        help: what it does, a whole sentence, for help and palette.
        verb: the desk's verb, if the key is only for those who may use it.
        footer: 0 keeps it out of the footer; otherwise lower numbers are dropped later.
        shown: how the key is written, where its name would not do.
        priority: beats whatever has the focus; for the veil and leaving only.
    """

    keys: str
    act: str
    words: str
    help: str
    verb: str = ""
    footer: int = 5
    shown: str = ""
    priority: bool = False

    @property
    def label(self) -> str:
        """How the key is written for a reader: `Enter`, `Ctrl+S`, `F3`, `/`."""
        return self.shown or label_of(self.keys.split(",")[0])


def label_of(name: str) -> str:
    """One of Textual's key names as a reader writes it."""
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith("ctrl+"):
        return "Ctrl+" + name[5:].upper()
    return name.upper() if name[0] == "f" and name[1:].isdigit() else name
