"""Numbers for directors, out of what the folder holds: counted, small ones hidden, handed out without a name."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from typing import TypeVar

import msgspec
from msgspec import Struct

from rules.duty import Duty
from rules.grounds import list_grounds
from rules.wizard import wizard
from workbench.desk.columns import DATA
from workbench.desk.context import Desk
from workbench.desk.duties import REGISTER, all_of
from workbench.desk.facts import DELETION, View, view
from workbench.desk.permissions import verb
from workbench.desk.shelves import Shelves
from workbench.domain import stats as counting
from workbench.domain.cases import Concern, Enquiry
from workbench.domain.disclosure import Limit, Table, publish
from workbench.domain.errors import InvalidError
from workbench.domain.stats import Period, Told
from workbench.domain.statsfile import csv_bytes

T = TypeVar("T")

TELLING = {
    "absence.ten-day-return": "ten-day return",
    "roll.no-show": "no-show",
    DELETION: "deletion from the roll",
}
"""Rules that make the school tell the authority, in words."""
WAYS = {
    "call": "calls",
    "text": "text messages",
    "email": "emails",
    "letter": "letters",
    "visit": "visits",
    "meeting": "meetings",
    "other": "other ways",
}
BY_WHOM = {"school": "the school", "la": "the authority"}
READ = ("concern.viewed", "concern.triaged")
TITLES = {
    "cases": ("Cases by trigger", ""),
    "telling": (
        "From trigger to telling the local authority",
        "Civil days from what makes the duty to the return, of what arose in the period.",
    ),
    "overdue": (
        "Overdue duties by rule",
        "As they stand at the end of the period; registers have their own table.",
    ),
    "removals": ("Removals from the roll by ground", "Completed: with effect in the period."),
    "referrals": ("Referrals by recipient", "Civil days to the first reply."),
    "registers": ("Registers missing by class", "Of the school year in which the period ends."),
    "concerns": (
        "Concerns",
        "Read the same day: opened or decided on by somebody else than who reported it.",
    ),
    "enquiries": ("Joint enquiries by who makes them", ""),
    "calls": ("Calls, messages and visits", ""),
}
"""Table to its title and what has to be known to read it, in the order in which they stand."""


class Sheet(Struct, frozen=True, kw_only=True):
    """All numbers of a period, fit to hand out."""

    id: str
    """First and last day: `2026-09-03..2026-11-24`."""
    first: date
    last: date
    made: str
    """When it was made."""
    least: int
    """The smallest number that is shown."""
    round_to: int
    why: str
    """Why small numbers are hidden and the others are rounded."""
    tables: tuple[Table, ...]


@cache
def limit() -> Limit:
    """What is hidden, as `data/stats.toml` has it."""
    return msgspec.convert(tomllib.loads((DATA / "stats.toml").read_text("utf-8")), Limit)


@verb("stats.read")
def read(desk: Desk, first: date | None = None, last: date | None = None) -> Sheet:
    """The numbers of a period; one entry says which period was read.

    Args:
        desk: the desk.
        first: its first day; that of the school year in which `last` lies unless given.
        last: its last day, inclusive; today unless given.

    Raises:
        InvalidError: if it ends before it begins, or in the future.
    """
    last = last or desk.today()
    seen = view(desk, last)
    period = Period(first or seen.calendar.year_start(last), last)
    _refuse(desk, period)
    name = f"{period.first.isoformat()}..{period.last.isoformat()}"
    words = _words(desk, last)
    tables = tuple(
        publish(counted, limit(), TITLES[counted.key][0], words.get(counted.key, {}), TITLES[counted.key][1])
        for counted in counts(desk, seen, period)
    )
    desk.note_if_possible("stats.read", why=name)
    return Sheet(
        id=name,
        first=period.first,
        last=period.last,
        made=desk.stamp(),
        least=limit().least,
        round_to=limit().round_to,
        why=limit().why,
        tables=tables,
    )


def as_csv(found: Sheet) -> bytes:
    """A sheet as a file for a spreadsheet."""
    about = (
        ("from", found.first.isoformat()),
        ("to", found.last.isoformat()),
        ("made", found.made),
        ("note", found.why),
    )
    return csv_bytes(about, found.tables)


def counts(desk: Desk, seen: View, period: Period) -> tuple[counting.Counted, ...]:
    """Every table, whole: for `read`, which hides and rounds; nothing else hands it out.

    What is about the person signed in is not counted for them, as it does not exist for them.
    """
    shelf, duties = seen.shelves, all_of(seen)
    late = [duty for duty in duties if duty.state == "overdue"]
    concerns = list(_concerns(desk, shelf))
    return (
        counting.cases(_flat(shelf.cases), period),
        counting.telling(_told(seen, duties), period),
        counting.overdue(duty.rule for duty in late if duty.rule != REGISTER),
        counting.removals(_flat(shelf.removals), period),
        counting.referrals(_flat(shelf.referrals), period),
        counting.registers(
            ((duty.id.split(":")[1], duty.trigger) for duty in late if duty.rule == REGISTER), period
        ),
        counting.concerns(concerns, _first_read(desk, concerns, period), period),
        counting.enquiries(_of_cases(seen), period),
        counting.calls(_flat(shelf.contacts), period),
    )


# inside -----------------------------------------------------------------------------------------------


def _refuse(desk: Desk, period: Period) -> None:
    if period.last < period.first:
        words = f"{period.last.isoformat()} is before {period.first.isoformat()}"
        raise InvalidError(f"{words}: the first day comes first.")
    if period.last > desk.today():
        raise InvalidError(f"{period.last.isoformat()} lies in the future: there is nothing to count yet.")


def _flat(shelf: Mapping[str, list[T]]) -> Iterator[T]:
    return chain.from_iterable(shelf.values())


def _concerns(desk: Desk, shelf: Shelves) -> Iterable[Concern]:
    """The concerns that are counted: to a DSL those that open; to others, for whom they do not, all by what is in
    clear, which does not say whom they are about."""
    if desk.who is not None and desk.who.has("dsl"):
        return _flat(shelf.concerns)
    return [msgspec.convert(doc, Concern) for doc in desk.docs("concerns", "concerns").values()]


def _of_cases(seen: View) -> Iterator[Enquiry]:
    for case in _flat(seen.shelves.cases):
        yield from seen.shelves.enquiries.get(case.id, ())


def _told(seen: View, duties: list[Duty]) -> Iterator[Told]:
    """Each duty to tell the authority, with the day of the first return that ends it.

    A return whose duty stands no more, since its cause lies before the calendar or was amended away, is not counted.
    """
    sent: dict[str, date] = {}
    for one in _flat(seen.shelves.returns):
        sent[one.duty] = min(one.on, sent.get(one.duty, one.on))
    for duty in duties:
        if duty.rule in TELLING:
            yield Told(duty.rule, duty.trigger, sent.get(duty.id) or _settled(seen, duty))


def _settled(seen: View, duty: Duty) -> date | None:
    """The day on which it was marked done without a return of its own."""
    found = seen.school.settled.get(duty.id)
    return found.on if found is not None and found.state == "done" else None


def _first_read(desk: Desk, concerns: list[Concern], period: Period) -> dict[str, str]:
    """Concern to the moment at which somebody else than its reporter first opened it or decided on it."""
    by = {one.id: one.by for one in concerns}
    found: dict[str, str] = {}
    for entry in desk.store.entries(newest_first=True):
        if str(entry["at"])[:10] < period.first.isoformat():
            break
        subject = str(entry["subject"])
        if entry["act"] in READ and subject in by and entry["actor"] != by[subject]:
            found[subject] = str(entry["at"])
    return found


def _words(desk: Desk, on: date) -> dict[str, Mapping[str, str]]:
    """Table to the words of its rows."""
    rules = desk.rules
    return {
        "cases": {one.key: one.title for one in wizard().trigger},
        "telling": TELLING,
        "overdue": {rule: rules.rule(rule).base.title for rule in rules.rule_ids},
        "removals": {one.letter: f"{one.letter}: {one.title}" for one in list_grounds(rules, on)},
        "referrals": {one.key: one.title for one in wizard().recipient},
        "enquiries": BY_WHOM,
        "calls": WAYS,
        "concerns": {"concerns": "reported"},
    }
