"""What a key means inside the register grid: letters are marks, digits are row numbers, nothing is a command.

Pure: no clock, no widget, no desk. The grid feeds keys in and acts on what comes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

PRESENT = ("/", "\\")
"""Both keys mean present; the session decides which sign is written."""

BAR_WIDTH = 78
"""Columns that the one-line chooser may use at the design size."""


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """A code that may be typed: the code, what it means, and whether it asks for minutes."""

    code: str
    title: str
    minutes: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark was typed in full."""

    code: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Jumped:
    """A row was asked for by the number printed beside it, counted from 1."""

    row: int


@dataclass(frozen=True, slots=True)
class Asked:
    """More is needed: `text` is the one line to show until the next key."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The key cannot be taken; `text` says why."""

    text: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was being asked was given up; nothing was written."""


Outcome = Marked | Jumped | Asked | Refused | Dropped


@dataclass(slots=True)
class KeyMode:
    """The grid's own key mode, between two keys.

    Args:
        choices: the codes in force on the cursor's day.
        rows: how many rows there are to jump to.
        minutes: the minutes to suggest for a late mark, such as the time since the register opened.
        closed: when the register closed, once it has: a late mark is then usually U.
    """

    choices: Sequence[CodeChoice] = ()
    rows: int = 0
    minutes: int | None = None
    closed: str = ""
    _digits: str = ""
    _letter: str = ""
    _late: CodeChoice | None = None
    _typed: str = field(default="")

    @property
    def asking(self) -> bool:
        """Whether the next key answers a question (a chooser or the minutes) instead of starting anew."""
        return bool(self._letter) or self._late is not None

    def reset(self) -> None:
        """Forget what was half typed; movement and every command key do this."""
        self._digits = self._letter = self._typed = ""
        self._late = None

    def press(self, key: str, character: str | None) -> Outcome | None:
        """Take one key. Returns what it came to, or None where the key means nothing here."""
        if self._late is not None:
            return self._minutes_key(self._late, key, character)
        if self._letter:
            return self._chooser_key(key, character)
        if character is None or not character.isprintable() or len(character) != 1:
            self._digits = ""
            return None
        if character.isascii() and character.isdigit():
            return self._digit(character)
        self._digits = ""
        if character in PRESENT:
            return Marked("/")
        return self._first(character.upper())

    def _digit(self, character: str) -> Outcome:
        """Jump at once; a second digit makes it the two-digit row where there is one."""
        both, self._digits = self._digits + character, character
        number = int(both) if len(both) == 2 and 1 <= int(both) <= self.rows else int(character)
        if number == 0:
            return Asked("Row 0_ : type the second digit.")
        if number > self.rows:
            return Refused(f"There is no row {number}: this class has {self.rows}.")
        if len(both) == 2 and number == int(both):
            self._digits = ""
        return Jumped(number)

    def _first(self, letter: str) -> Outcome:
        """The first letter of a code: a mark where it can only be one code, otherwise the chooser."""
        found = [choice for choice in self.choices if choice.code.startswith(letter)]
        if not found:
            return Refused(f"{letter} is not a code in force on this day. F2 lists the codes.")
        if len(found) == 1:
            return self._settle(found[0])
        self._letter = letter
        return Asked(chooser_line(letter, found))

    def _chooser_key(self, key: str, character: str | None) -> Outcome:
        """The second key of a two-letter code."""
        letter = self._letter
        if key == "escape":
            self.reset()
            return Dropped()
        wanted = letter if key == "enter" else letter + (character or "?").upper()
        found = next((choice for choice in self.choices if choice.code == wanted), None)
        if found is None:
            options = [choice for choice in self.choices if choice.code.startswith(letter)]
            return Asked(chooser_line(letter, options))
        self._letter = ""
        return self._settle(found)

    def _settle(self, choice: CodeChoice) -> Outcome:
        """A whole code: written at once, or asked for its minutes first."""
        if not choice.minutes:
            return Marked(choice.code)
        self._late, self._typed = choice, ""
        return self._ask_minutes(choice)

    def _minutes_key(self, choice: CodeChoice, key: str, character: str | None) -> Outcome:
        """A key while minutes are asked: digits, Backspace, Enter, Esc."""
        if key == "escape":
            self.reset()
            return Dropped()
        if key == "backspace":
            self._typed = self._typed[:-1]
        elif character and character.isascii() and character.isdigit() and len(self._typed) < 3:
            self._typed += character
        elif key == "enter" and (self._typed or self.minutes is not None):
            minutes = int(self._typed) if self._typed else self.minutes
            self.reset()
            return Marked(choice.code, minutes)
        return self._ask_minutes(choice)

    def _ask_minutes(self, choice: CodeChoice) -> Asked:
        """The one line that asks how late."""
        offer = f"  Enter alone: {self.minutes}" if self.minutes is not None and not self._typed else ""
        title = f"closed {self.closed}, so U; if L all the same" if self.closed else _short(choice.title, 30)
        return Asked(f"{choice.code} {title}: minutes? {self._typed}_{offer}  Enter  Esc")


def chooser_line(letter: str, choices: Sequence[CodeChoice], width: int = BAR_WIDTH) -> str:
    """The one-line chooser for the codes that begin with `letter`, at most `width` columns."""
    ending = "  Esc"
    keys = ["Enter" if choice.code == letter else choice.code[1:] for choice in choices]
    fixed = sum(len(key) + 3 for key in keys) + len(ending) + 2
    room = max(4, (width - fixed) // len(choices))
    titles = _apart([choice.title for choice in choices])
    parts = [f"{key} {_first_words(title, room)}" for key, title in zip(keys, titles, strict=True)]
    return f"{letter}  {'  '.join(parts)}{ending}"


def _apart(titles: Sequence[str]) -> list[str]:
    """The titles without the beginning up to a colon that all of them share."""
    heads = {title.partition(": ")[0] for title in titles}
    return [title.partition(": ")[2] or title for title in titles] if len(heads) == 1 else list(titles)


def _first_words(title: str, room: int) -> str:
    """As many whole words of `title` as `room` columns hold; a first word that is longer is cut."""
    if len(title) <= room:
        return title
    whole = title[: room + 1].rpartition(" ")[0]
    return whole or _short(title, room)


def _short(title: str, room: int) -> str:
    """`title` in at most `room` columns, with an ellipsis where it was cut."""
    return title if len(title) <= room else title[: room - 1].rstrip() + "…"
