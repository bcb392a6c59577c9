"""The year: what stands, and the roll over into a new one. Nobody is taken off the roll by it."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from store.change import Tx
from workbench.desk import retention
from workbench.desk.calendars import Changed, with_year
from workbench.desk.context import Desk
from workbench.desk.finding import by_name
from workbench.desk.marks import lay_out
from workbench.desk.permissions import may, verb
from workbench.desk.yearbook import YearRow, view_of
from workbench.domain.closures import ONE_DAY
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Pupil
from workbench.domain.retention import RetentionRow
from workbench.domain.rollover import RolledYear, RollRow, plan
from workbench.domain.school import Closure, School, Term
from workbench.domain.years import year_label, year_of_file

__all__ = ["RollRow", "Rolled", "RolledYear", "YearView", "roll", "show"]

_FILE, _TABLE = "school", "years"
NO_DATES = "Leavers' retention dates are for the DSL and the leader."
LATE = (
    "Registers of {year} are taken already: the new classes hold from {day}, the day after the last of them."
)


class Rolled(Struct, frozen=True, kw_only=True):
    """A new school year, rolled or looked at."""

    id: str
    """The year, `2027-28`."""
    begins: date
    """The day from which the new classes hold."""
    dry_run: bool
    rows: tuple[RollRow, ...]
    """Everybody on roll, those to decide on first."""
    classes: dict[str, str]
    """Class to the class after it."""
    calendar: Changed | None
    """What the new terms do; None where the calendar had them already."""
    leavers: tuple[RetentionRow, ...]
    """Who has left, with the day until which their records are kept."""
    remarks: tuple[str, ...]


class YearView(Struct, frozen=True, kw_only=True):
    """The school years that the folder has."""

    id: str
    """The school year in which today lies."""
    years: tuple[YearRow, ...]
    rolled: tuple[RolledYear, ...]
    decide: tuple[RollRow, ...]
    """Pupils on roll whom the last roll-over left in the most senior year group: each leaves by a removal, or stays."""
    leavers: tuple[RetentionRow, ...]
    remarks: tuple[str, ...]


@verb("year.show")
def show(desk: Desk) -> YearView:
    """The school years, which of them the roll went over to, whom to decide on, and until when leavers are kept."""
    rolled = _rolled(desk)
    remarks = [] if may(desk, "retention.list") else [NO_DATES]
    return YearView(
        id=year_label(desk.today()),
        years=tuple(view_of(desk, desk.years()).years),
        rolled=tuple(rolled),
        decide=_undecided(desk, rolled[-1]) if rolled else (),
        leavers=_leavers(desk),
        remarks=tuple(remarks),
    )


@verb("year.roll")
def roll(
    desk: Desk,
    terms: Sequence[Term] = (),
    closures: Sequence[Closure] = (),
    classes: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Rolled:
    """Go over to the next school year: its calendar, everybody one year group up, their classes, its register file.

    It can be done before the year begins; the new classes hold from its first day on. Registers of the years before
    stay as they are, with the classes that stood then.

    Args:
        desk: the desk.
        terms: the new year's terms; none where the calendar has them already.
        closures: its closures.
        classes: old class to new class, where the number in its name does not say, or says it wrongly.
        dry_run: only say what would become of whom.

    Raises:
        InvalidError: the year was rolled already, has no terms, or a class does not say what comes after it.
        ConflictError: somebody else changed a pupil meanwhile; nothing is written then.
    """
    year = _next(desk, terms)
    school, changed = with_year(desk, terms, closures) if terms else (desk.school(), None)
    begins, remarks = _begins(desk, school, year)
    every = desk.records("pupils", "pupils", Pupil)
    made = plan(every, begins, desk.today(), school.years, classes or {})
    _refuse_faults(made.faults)
    if not may(desk, "retention.list"):
        remarks.append(NO_DATES)
    found = Rolled(
        id=year,
        begins=begins,
        dry_run=dry_run,
        rows=made.rows,
        classes=made.classes,
        calendar=changed,
        leavers=_leavers(desk),
        remarks=tuple(remarks),
    )
    if not dry_run:
        _write(desk, found, school, {p.id: p for p in every})
    return found


# inside -----------------------------------------------------------------------------------------------


def _write(desk: Desk, found: Rolled, school: School, pupils: Mapping[str, Pupil]) -> None:
    with desk.change("year.rolled", subject=found.id) as tx:
        if tx.get(_FILE, _TABLE, found.id) is not None:
            raise _again(found.id)
        if found.calendar is not None:
            desk.save(tx, "school", "school", school, rev=found.calendar.rev)
            lay_out(desk, tx, school)
        kinds = [row.what for row in found.rows]
        done = RolledYear(
            id=found.id,
            begins=found.begins,
            at=desk.stamp(),
            by=desk.user(),
            up=kinds.count("up"),
            decide=kinds.count("decide"),
        )
        desk.save(tx, _FILE, _TABLE, done, rev=0)
        for row in found.rows:
            _move(desk, tx, pupils[row.pupil], row, found.begins)


def _move(desk: Desk, tx: Tx, pupil: Pupil, row: RollRow, begins: date) -> None:
    """A pupil's own part of the line: it goes with them when their records are erased."""
    if (row.year, row.class_) == (row.year_after, row.class_after):
        return
    tx.next_part()
    moved = pupil.placed(begins, row.year_after, row.class_after).at(desk.today())
    desk.save(tx, "pupils", "pupils", moved, rev=pupil.rev)


def _next(desk: Desk, terms: Sequence[Term]) -> str:
    """The year to roll into: the one after the last that was rolled, or after the folder's first; never a past one.

    Raises:
        InvalidError: it is another one than that of the terms, or nobody has said its terms.
    """
    given = year_label(min(term.first for term in terms)) if terms else ""
    rolled = {one.id for one in _rolled(desk)}
    if given in rolled:
        raise _again(given)
    years = desk.years()
    last = max(rolled or {min(years, key=year_of_file)}, key=year_of_file)
    number = max(year_of_file(last) + 1, year_of_file(year_label(desk.today())))
    wanted = f"{number}-{(number + 1) % 100:02d}"
    if given and given != wanted:
        raise InvalidError(f"The next school year to roll into is {wanted}, not {given}.")
    if not given and wanted not in years:
        before = f"The roll stands at {last}; " if last in rolled else ""
        raise InvalidError(
            f"{before}{wanted} has no terms yet.",
            todo="Give its terms: --term NAME FROM TO for each, or --file year.toml.",
        )
    return wanted


def _again(year: str) -> InvalidError:
    return InvalidError(
        f"The roll went over to {year} already: nothing is done twice.",
        todo="`workbench year show` says when. A class is put right by `workbench pupils edit` or an import.",
    )


def _begins(desk: Desk, school: School, year: str) -> tuple[date, list[str]]:
    """The first day of the year's first term, or the day after the last register that was taken in it."""
    first = min(term.first for term in school.terms if year_label(term.first) == year)
    taken = [doc["on"] for doc in desk.docs(f"register-{year}", "taken").values()]
    if not taken:
        return first, []
    day = max(first, date.fromisoformat(max(taken)) + ONE_DAY)
    return day, [LATE.format(year=year, day=day.isoformat())]


def _refuse_faults(faults: Sequence[str]) -> None:
    if faults:
        raise InvalidError(
            f"The year is not rolled: {'; '.join(faults)}.",
            todo="Name a class with --class OLD=NEW (OLD=OLD where it stays), or under [classes] in the file.",
        )


def _rolled(desk: Desk) -> list[RolledYear]:
    return sorted(desk.records(_FILE, _TABLE, RolledYear), key=lambda one: year_of_file(one.id))


def _undecided(desk: Desk, last: RolledYear) -> tuple[RollRow, ...]:
    """Who was in the most senior year group when the year was rolled, and is on roll still."""
    today, senior = desk.today(), desk.school().years[1]
    before = last.begins - ONE_DAY
    stay = [
        p
        for p in by_name(desk.records("pupils", "pupils", Pupil))
        if p.starts <= before and (p.left is None or p.left > today) and p.place_on(before)[0] >= senior
    ]
    return tuple(_stays(p, before, last.begins) for p in stay)


def _stays(pupil: Pupil, before: date, begins: date) -> RollRow:
    (year, class_), (year_after, class_after) = pupil.place_on(before), pupil.place_on(begins)
    return RollRow(
        pupil=pupil.id,
        name=pupil.name,
        what="decide",
        year=year,
        class_=class_,
        year_after=year_after,
        class_after=class_after,
    )


def _leavers(desk: Desk) -> tuple[RetentionRow, ...]:
    return tuple(retention.kept(desk)) if may(desk, "retention.list") else ()
