"""What one field of a form is."""

from typing import Literal

from msgspec import Struct

from screens.text import wrap

Kind = Literal["text", "choice", "date", "note", "secret"]
LABEL = 20
"""Cells of the label column."""
OTHER_WIDTH, OTHER_MOST = 32, 6
"""Cells and lines of what somebody else wrote: the room that the smallest window leaves beside the labels."""


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
        other: what somebody else wrote there meanwhile; it stands below the field and cannot be typed into.
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
    other: str = ""

    @property
    def height(self) -> int:
        """Lines that the field takes."""
        if self.kind == "note":
            return self.lines or 3
        if self.kind == "choice" and self.lines != 1:
            return len(self.choices) if len(self.choices) <= 6 else 1
        return 1

    @property
    def other_lines(self) -> list[str]:
        """What somebody else wrote there, wrapped; a long text ends in an ellipsis."""
        return wrap(self.other, OTHER_WIDTH, most=OTHER_MOST) if self.other else []
