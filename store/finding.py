"""What a check of a folder finds."""

from typing import Literal

from msgspec import Struct

Level = Literal["fault", "remark"]


class Finding(Struct, frozen=True):
    """One thing found: a fault, or a remark that asks for nothing at once."""

    level: Level
    file: str
    """Where, under the folder; empty for the folder as a whole."""
    line: int
    """1-based; 0 = the whole file."""
    record: str
    """`table/id`, or empty."""
    words: str
    todo: str = "Nothing: this is only told."
    """What a person does next."""
