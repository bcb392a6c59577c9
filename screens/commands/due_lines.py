"""Duties as lines of text: late ones first, then today's, then what lies ahead."""

from collections.abc import Mapping, Sequence
from datetime import date

from workbench.desk.duties import Duty

HEADINGS = ("Late", "Today", "To come", "Advisory", "Settled")
WIDEST = 34
"""Cells that a pupil's name and class may take before the column is cut."""


def heading(duty: Duty, day: date) -> str:
    """Which of `HEADINGS` a duty stands under when `day` is asked for."""
    if duty.state == "advisory":
        return "Advisory"
    if duty.state in ("done", "overridden"):
        return "Settled"
    if duty.state == "overdue":
        return "Late"
    return "Today" if duty.due <= day else "To come"


def due_lines(duties: Sequence[Duty], names: Mapping[str, str], day: date) -> list[str]:
    """Two lines a duty: when, who, what and by what authority; below it the id that `why` and others take.

    Args:
        duties: in the order of the desk; it is kept within a heading.
        names: pupil id to name and class.
        day: the day that was asked for.
    """
    who = {duty.id: _who(duty, names) for duty in duties}
    width = max((len(words) for words in who.values()), default=0)
    lines: list[str] = []
    for title in HEADINGS:
        here = [duty for duty in duties if heading(duty, day) == title]
        if here:
            lines += ["", f"{title} ({len(here)})"]
        for duty in here:
            lines += _lines(duty, f"{who[duty.id]:<{width}}", day)
    return lines[1:]


def _lines(duty: Duty, who: str, day: date) -> list[str]:
    mark = "!" if duty.state == "overdue" else " "
    when = f"{mark} {_day(duty.due, day):<10}"
    source = duty.standing if duty.certainty == "verified" else f"{duty.standing}, {duty.certainty}"
    below = f" {'':<{len(when)}}  "
    settled = [f"{below}{duty.settled}."] if duty.settled else []
    return [f" {when}  {who}  {duty.action} ({source}).", *settled, f"{below}{duty.id}"]


def _day(day: date, asked: date) -> str:
    year = "" if day.year == asked.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def _who(duty: Duty, names: Mapping[str, str]) -> str:
    if duty.pupil is None:
        return duty.id.split(":")[1] if duty.rule == "register.take" else "The school"
    name = names.get(duty.pupil, duty.pupil)
    return name if len(name) <= WIDEST else f"{name[: WIDEST - 1]}…"
