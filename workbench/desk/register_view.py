"""A class's week as the register grid shows it: one read, cheap enough for every key press."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from workbench.desk.context import Desk
from workbench.desk.finding import as_seen, roll_of
from workbench.desk.judging import calendar_of, codes_on
from workbench.desk.marks import MarkBook, Slot, book, slot_id
from workbench.desk.permissions import verb
from workbench.domain.attendance import Tally, weeks_of
from workbench.domain.blocks import SESSIONS, block_of, monday
from workbench.domain.characters import harmless
from workbench.domain.errors import NotFoundError
from workbench.domain.pupils import Pupil
from workbench.domain.register import MarkNote, Taken

SPARK_WEEKS = 6
"""School weeks in the little picture beside a row."""
WARN_FROM = 3
"""A run of so many unbroken days of absence is worth a word in the row."""


class RegisterRow(Struct, frozen=True, kw_only=True):
    """A pupil's line of the grid."""

    pupil: Pupil
    marks: dict[Slot, str]
    """Session to code; sessions without a mark are left out."""
    notes: dict[Slot, MarkNote]
    percent: float | None
    """Attendance this year up to today, in percent to one decimal; None where no session counts yet."""
    spark: tuple[float | None, ...]
    """Attendance of the last six school weeks up to the one shown, 0 to 1, oldest first; None: no session
    counts."""
    run: int
    """Whole school days of unauthorised absence in a row up to the last marked day."""
    warning: str
    """`day 11`, or empty."""


class RegisterView(Struct, frozen=True, kw_only=True):
    """A class's week."""

    class_: str
    days: tuple[date, ...]
    """Monday to Friday."""
    closed: dict[date, str]
    """Days of the week without sessions, and why."""
    rows: tuple[RegisterRow, ...]
    taken: dict[Slot, Taken]
    opens: dict[str, str]
    """Session to the time at which its register opens, `08:55`."""
    closes: dict[str, str]
    """Session to the time at which it closes."""
    marked: dict[Slot, int]
    """Session to the number of pupils marked."""
    due: dict[Slot, int]
    """Session to the number of pupils on roll."""


class CodeChoice(Struct, frozen=True, kw_only=True):
    """A code that can be chosen on a day."""

    code: str
    title: str
    sessions: tuple[str, ...]
    needs: str | None
    planned: bool


@verb("register.show")
def view(desk: Desk, class_: str, week: date | None = None) -> RegisterView:
    """A class's register for a week.

    Args:
        desk: the desk.
        class_: the class.
        week: a day of the week; today's unless given.

    Raises:
        NotFoundError: if nobody is or was on roll in the class that week.
    """
    day = week or desk.today()
    days = tuple(monday(day) + timedelta(days=n) for n in range(5))
    pupils = _pupils(desk, class_, days)
    marks, calendar = book(desk, day), calendar_of(desk, day)
    reader = _Rows(desk, marks, days)
    rows = tuple(reader.row(pupil) for pupil in pupils)
    school = desk.school()
    return RegisterView(
        class_=class_,
        days=days,
        closed={d: calendar.why_closed(d) or "no school day" for d in days if not calendar.is_school_day(d)},
        rows=rows,
        taken=_taken(desk, marks, class_, days),
        opens=dict(school.registers_open),
        closes={
            name: _later(at, school.registers_open_minutes) for name, at in school.registers_open.items()
        },
        marked={slot: sum(slot in row.marks for row in rows) for slot in reader.slots},
        due={
            slot: sum(p.starts <= slot[0] and not _left(p, slot[0]) for p in pupils) for slot in reader.slots
        },
    )


@verb("register.show")
def code_choices(desk: Desk, on: date | None = None) -> list[CodeChoice]:
    """The codes in force on a day, in the order of the rules' table.

    Raises:
        InvalidError: if the rules know none for that day.
    """
    return [
        CodeChoice(code=c.code, title=c.title, sessions=tuple(c.sessions), needs=c.needs, planned=c.planned)
        for c in codes_on(desk, on or desk.today()).values()
    ]


class _Rows:
    """Rows of one class and week; what is the same for all of them is worked out once."""

    def __init__(self, desk: Desk, marks: MarkBook, days: Sequence[date]) -> None:
        self.desk, self.marks, self.days = desk, marks, days
        self.slots: list[Slot] = [(day, session) for day in days for session in SESSIONS]
        self.places = [
            (slot, block, block.position(*slot))
            for slot in self.slots
            if (block := block_of(marks.blocks, slot[0]))
        ]
        self.today = desk.today()
        self.table = desk.codes.classes(days[0])
        self.weeks = weeks_of(marks.calendar.days, days[-1], SPARK_WEEKS)
        calendar = marks.calendar
        self.start = 2 * calendar.upto(calendar.year_start(days[-1]) - timedelta(days=1))
        self.reach = 2 * calendar.upto(self.today)

    def row(self, pupil: Pupil) -> RegisterRow:
        """One pupil's line."""
        tally = Tally(self.marks.as_bytes(pupil.id)[: self.reach], self.table)
        found = {}
        for slot, block, position in self.places:
            codes = self.marks.string(pupil.id, block)
            if codes is not None and (code := self.marks.codes.get(codes[position])):
                found[slot] = code
        run = tally.run()
        return RegisterRow(
            pupil=as_seen(self.desk, pupil),
            marks=found,
            notes=self._notes(pupil, found),
            percent=tally.percent(self.start),
            spark=tuple(tally.share(first, last) for first, last in self.weeks),
            run=run,
            warning=f"day {run}" if run >= WARN_FROM else "",
        )

    def _notes(self, pupil: Pupil, found: Mapping[Slot, str]) -> dict[Slot, MarkNote]:
        notes = {}
        for day, session in found:
            note = self.desk.record(self.marks.file, "notes", slot_id(pupil.id, day, session), MarkNote)
            if note is not None:
                notes[(day, session)] = note
        return notes


def _pupils(desk: Desk, class_: str, days: Sequence[date]) -> list[Pupil]:
    calendar = calendar_of(desk, days[-1])
    # a class of a new year has its name from an old one: what counts is the week's school days
    open_ = [day for day in days if calendar.is_school_day(day)] or list(days)
    found = {pupil.id: pupil for day in (open_[0], open_[-1]) for pupil in roll_of(desk, day, class_)}
    if not found:
        raise NotFoundError(
            f"No pupil is on roll in class {harmless(class_, 24)} in the week of {days[0].isoformat()}."
        )
    return sorted(found.values(), key=lambda p: (p.surname.casefold(), p.forename.casefold(), p.id))


def _left(pupil: Pupil, day: date) -> bool:
    return pupil.left is not None and pupil.left <= day


def _taken(desk: Desk, marks: MarkBook, class_: str, days: Sequence[date]) -> dict[Slot, Taken]:
    found = {}
    for day in days:
        for session in SESSIONS:
            taken = desk.record(marks.file, "taken", slot_id(class_, day, session), Taken)
            if taken is not None:
                found[(day, session)] = taken
    return found


def _later(at: str, minutes: int) -> str:
    total = int(at[:2]) * 60 + int(at[3:]) + minutes
    return f"{total // 60:02d}:{total % 60:02d}"
