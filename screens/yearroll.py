"""What the roll over asks: the terms of the new year, and the year itself, typed, before anything is written."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from screens.text import count, date_words
from screens.widgets.form import Field
from workbench.desk.files import read_input
from workbench.domain.errors import InvalidError
from workbench.domain.school import Closure, Term
from workbench.domain.yearfile import classes_of, read_year
from workbench.domain.years import year_of_file

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.year import Rolled, YearView

SPANS = ("Autumn term", "Half term 1", "Spring term", "Half term 2", "Summer term", "Half term 3")
DATES = "Days with their year, such as 1 sep 2027. Other closures: in the calendar, or from a file."
CLASSES = Field("classes", "Classes", hint="Only what its number does not say: Oak=Elm, 7A=8C.", limit=2000)
SAID = {"decide": "to decide", "up": "go up", "starts": "start then", "leaves": "have a removal"}
MOST_BYTES = 1024 * 1024
"""A larger file of a school year is refused."""


class Plan(Struct, frozen=True):
    """What the person said about the new year."""

    terms: tuple[Term, ...] = ()
    """None where the calendar has them."""
    closures: tuple[Closure, ...] = ()
    classes: dict[str, str] = {}


async def ask_plan(screen: "WorkScreen", rolled: Collection[str]) -> Plan | None:
    """Where the terms come from, then the terms and classes; None where it was left.

    Args:
        screen: the screen that asks.
        rolled: school years that the roll went over to already.
    """
    ways = [("dates", "Type the days of its terms"), ("file", "Take them from a file, year.toml")]
    years = screen.desk.years()
    if max(map(year_of_file, years)) > max(map(year_of_file, rolled or years[:1])):
        ways.insert(0, ("calendar", "Those that the calendar has"))
    way = await screen.choose("The terms of the new year", ways, "A look first: nothing is written.")
    if way == "file":
        return await _from_file(screen)
    if way is None:
        return None
    fields = [*(_dates() if way == "dates" else ()), CLASSES]
    text = DATES if way == "dates" else "Everybody goes up one year group; 7A becomes 8A."
    answer = await screen.fill("The new school year", fields, text, draft="year roll")
    return None if answer is None else _typed(answer)


async def ask_year(screen: "WorkScreen", shown: "Rolled") -> bool:
    """Whether the year was typed after all that it does was read; another text is told and asked again."""
    text = f"{' '.join(would_lines(shown))} It is one entry of the log and is not taken back."
    label = f"Type {shown.id}"
    while True:
        typed = await screen.ask(f"Roll over to {shown.id}", label, text=text)
        if typed is None:
            return False
        if typed.strip() == shown.id:
            return True
        text = f"That is not {shown.id}. Nothing is written."


def would_lines(found: "Rolled") -> list[str]:
    """What the roll does beside the pupils listed: days, classes, duties, register file, leavers, remarks."""
    classes = ", ".join(f"{old}→{new}" for old, new in found.classes.items())
    lines = [f"{summary(found)}", f"New classes hold from {date_words(found.begins)}: {classes or 'none'}."]
    if found.calendar is not None:
        moved = count(len(found.calendar.moved), "duty", "duties")
        lines.append(
            f"Calendar: {found.calendar.year_days} school days in {found.id}; {moved} on your list move."
        )
        lines += found.calendar.remarks
    lines.append(f"Registers go into register-{found.id}.json; those of before stay as they are.")
    if found.leavers:
        first = min(row.until for row in found.leavers)
        lines.append(f"{count(len(found.leavers), 'leaver')} kept; the first until {date_words(first)}.")
    return [*lines, *found.remarks]


def who_lines(found: "YearView") -> list[str]:
    """Who rolled which year over, when, and what it did."""
    return [
        f"{one.id} was rolled on {one.at[:10]} by {one.by}: {one.up} went up, {one.decide} to decide; "
        f"its classes hold from {date_words(one.begins)}."
        for one in found.rolled
    ]


def summary(found: "Rolled") -> str:
    """Counts in one line."""
    kinds = [row.what for row in found.rows]
    return ", ".join(f"{kinds.count(what)} {words}" for what, words in SAID.items() if what in kinds) + "."


def _dates() -> list[Field]:
    return [
        Field(f"{end} {name}", f"{name}, {words}", "date", required=_is_term(name))
        for name in SPANS
        for end, words in (("first", "from"), ("last", "to"))
    ]


def _is_term(name: str) -> bool:
    return name.endswith("term")


def _typed(answer: dict[str, str]) -> Plan:
    terms, closures = [], []
    for name in SPANS:
        ends = [answer.get(f"{end} {name}", "") for end in ("first", "last")]
        if not any(ends):
            continue
        first, last = (date.fromisoformat(end or ends[0] or ends[1]) for end in ends)
        if _is_term(name):
            terms.append(Term(name=f"{name.split()[0]} {first.year}", first=first, last=last))
        else:
            closures.append(Closure(first=first, last=last, why="half term"))
    pairs = tuple(part for part in answer["classes"].replace(";", ",").split(",") if part.strip())
    return Plan(tuple(terms), tuple(closures), classes_of(pairs))


async def _from_file(screen: "WorkScreen") -> Plan | None:
    path = await screen.ask(
        "The new school year", "File", hint="TOML: [calendar] as in a school file, [classes]."
    )
    if path is None:
        return None
    try:
        text = read_input(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidError("The file is not UTF-8 text.", todo="Save it as UTF-8.") from None
    said = read_year(text, path.rpartition("/")[2])
    return Plan(said.terms, said.closures, said.classes)
