"""School years by name: `2026-27` runs from August to July, and a register file is named after its year."""

from datetime import date

FIRST_MONTH = 8
"""Late August belongs to the new year: some terms begin then, none ends in it."""


def year_label(day: date) -> str:
    """The school year in which a day falls, such as `2026-27`."""
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def year_of_file(label: str) -> int:
    """The calendar year in which a school year begins; `register-2026-27` is read as well."""
    return int(label.removeprefix("register-")[:4])


def register_file(day: date) -> str:
    """The file that holds a day's marks, such as `register-2026-27`."""
    return f"register-{year_label(day)}"
