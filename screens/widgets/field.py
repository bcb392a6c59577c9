"""What one field of a form is."""

from typing import Literal

from msgspec import Struct

Kind = Literal["text", "choice", "date", "note", "secret"]
LABEL = 20
"""Cells of the label column."""


class Field(Struct, frozen=True):
    """One field.

    Args:
        key: its name in `values()`.
        label: in a word or two, as the reader says it.
        kind: `text`, `choice`, `date` (words are read: `today`, `fri`, `20 nov`), `note` (several lines),
        `secret`.
        value: what stands in it at first.
        choices: key and words of each, for `choice`.
        required: whether it may stay empty.
        hint: one line shown while the field has the focus.
        lines: height of a note; of a choice, 1 draws it in one line and more as a list.
        limit: most characters.
    """

    key: str
    label: str
    kind: Kind = "text"
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str = ""
    lines: int = 0
    limit: int = 500

    @property
    def height(self) -> int:
        """Lines that the field takes."""
        if self.kind == "note":
            return self.lines or 3
        if self.kind == "choice" and self.lines != 1:
            return len(self.choices) if len(self.choices) <= 6 else 1
        return 1
