"""What the register grid shows of a class's week: columns, rows, the words of the status line. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from screens.text import DAYS, clock_of, count, day_words
from screens.widgets.grid import Column, PupilRow
from screens.widgets.gridkeys import CodeChoice
from workbench.desk.register_view import CodeChoice as DeskChoice
from workbench.desk.registers import RegisterRow, RegisterView
from workbench.domain.register import Session

SESSIONS: tuple[Session, ...] = ("AM", "PM")
NOT_ON_ROLL = "–"
BARS = "▁▂▃▄▅▆▇"
LEAST_LATE, MOST_LATE = 1, 120

Slot = tuple[date, Session]


def slots_of(view: RegisterView) -> list[Slot]:
    """The ten sessions of the week, in order of time."""
    return [(day, session) for day in view.days for session in SESSIONS]


def columns_of(view: RegisterView, now: Slot) -> list[Column]:
    """The grid's columns; `now` is the session that is drawn strong."""
    return [
        Column(
            on=day,
            session=session,
            head=DAYS[day.weekday()] if session == "AM" else "",
            taken=(day, session) in view.taken,
            closed=view.closed.get(day, ""),
            current=(day, session) == now,
        )
        for day, session in slots_of(view)
    ]


def rows_of(view: RegisterView) -> list[PupilRow]:
    """The grid's rows, in the order of the view."""
    return [_row(view, row) for row in view.rows]


def _row(view: RegisterView, row: RegisterRow) -> PupilRow:
    return PupilRow(
        key=row.pupil.id,
        name=row.pupil.name,
        cells=[cell_of(row, slot) for slot in slots_of(view)],
        percent="–" if row.percent is None else f"{row.percent:.1f}",
        spark=spark_of(row.spark),
        warning=f"! {row.warning}" if row.warning else "",
    )


def cell_of(row: RegisterRow, slot: Slot) -> str:
    """A cell: the code, `L12` with its minutes, `–` before the pupil starts and after they left."""
    pupil = row.pupil
    code = row.marks.get(slot, "")
    if not code and (slot[0] < pupil.starts or (pupil.left is not None and slot[0] >= pupil.left)):
        return NOT_ON_ROLL
    note = row.notes.get(slot)
    return f"{code}{note.minutes}" if code and note is not None and note.minutes else code


def spark_of(shares: Sequence[float | None]) -> str:
    """Six weeks as bars, `▆▇▇▇▅▇`; a blank where no session counted."""
    return "".join(" " if share is None else BARS[min(6, int(share * 7))] for share in shares)


def session_now(view: RegisterView, now: datetime) -> Slot:
    """The session that the clock points at; in another week its nearest one."""
    today = now.date()
    if today not in view.days:
        return (
            view.days[0] if today < view.days[0] else view.days[-1],
            "AM" if today < view.days[0] else "PM",
        )
    return (today, "PM" if now.hour >= 12 else "AM")


def choices_of(found: Sequence[DeskChoice], session: str) -> list[CodeChoice]:
    """The codes that may be typed in a session."""
    return [CodeChoice(c.code, c.title, c.needs == "minutes") for c in found if session in c.sessions]


def late_offer(view: RegisterView, slot: Slot, now: datetime) -> int | None:
    """The minutes since this session's register opened, if that is a lateness of now; otherwise no offer."""
    opens = view.opens.get(slot[1], "")
    if slot[0] != now.date() or not opens or closed_at(view, slot, now):
        return None
    minutes = now.hour * 60 + now.minute - int(opens[:2]) * 60 - int(opens[3:])
    return minutes if LEAST_LATE <= minutes <= MOST_LATE else None


def counts_of(rows: Sequence[PupilRow], column: int) -> tuple[int, int]:
    """How many are marked in a column, and how many are still to mark."""
    cells = [row.cells[column] for row in rows if row.cells[column] != NOT_ON_ROLL]
    marked = sum(bool(cell) for cell in cells)
    return marked, len(cells) - marked


def counted_words(rows: Sequence[PupilRow], column: int) -> str:
    """`26 marked · 2 to mark`."""
    marked, missing = counts_of(rows, column)
    return f"{marked} marked · {missing} to mark"


def state_words(view: RegisterView, slot: Slot, today: date, names: dict[str, str]) -> str:
    """What the session's register is: closed, taken by whom, or still open to change."""
    if slot[0] in view.closed:
        return f"no session: {view.closed[slot[0]]}"
    taken = view.taken.get(slot)
    if taken is not None:
        who = names.get(taken.by, taken.by)
        return f"{taken.how} {clock_of(taken.at)} by {who}: now amendments only"
    if slot[0] > today:
        return "ahead: planned codes only"
    return "not yet taken: marks may still change"


def closed_at(view: RegisterView, slot: Slot, now: datetime) -> str:
    """When the session's register closed, `09:25`, once it has; empty before that."""
    closes = view.closes.get(slot[1], "")
    return closes if closes and (slot[0].isoformat(), closes) <= (f"{now:%Y-%m-%d}", f"{now:%H:%M}") else ""


def heading_words(view: RegisterView, slot: Slot, now: datetime) -> tuple[str, str]:
    """The two ends of the grid's first line: class, week and pupils; the session's times."""
    left = f"{view.class_} · week of {day_words(view.days[0])} {view.days[0].year}"
    opens, closes = view.opens.get(slot[1], ""), view.closes.get(slot[1], "")
    times = (
        f"{slot[1]} open {opens}, {'closed' if closed_at(view, slot, now) else 'closes'} {closes}"
        if opens
        else ""
    )
    return f"{left}   {count(len(view.rows), 'pupil')}", times
