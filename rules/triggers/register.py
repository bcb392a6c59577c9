"""Registers that have not been taken. Unlike all other triggers this one is about classes, not pupils."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import PupilFacts, RegistersTaken, Session
from rules.triggers.kind import NOTHING, Trigger
from rules.words import day_words

SESSIONS: tuple[Session, Session] = ("AM", "PM")


class RegisterParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `register`."""

    open_minutes: int
    """The longest that a register may stay open."""


def find_none(_: Asking, __: Active, ___: PupilFacts) -> tuple[Finding, ...]:
    """Nothing: a register is no pupil's duty."""
    return NOTHING


def find(ask: Asking, active: Active, registers: RegistersTaken) -> Iterator[Finding]:
    """One finding for every register that has opened and was not taken."""
    classes = sorted(name for name, pupils in registers.classes.items() if pupils > 0)
    for at, (day, _) in enumerate(ask.calendar.sessions[: ask.reach]):
        if day < registers.since:
            continue
        for class_ in classes:
            if day < registers.formed.get(class_, day):
                continue
            if (class_, day, SESSIONS[at % 2]) not in registers.taken:
                yield _finding(ask, active, registers, class_, day, SESSIONS[at % 2])


def _finding(
    ask: Asking, active: Active, registers: RegistersTaken, class_: str, day: date, session: Session
) -> Finding:
    params: RegisterParams = active.params
    minutes = min(ask.school.register_minutes, params.open_minutes)
    closes = clock_after(ask.opens(session), minutes)
    over = day < ask.on or ask.clock >= closes
    return Finding(
        anchor=f"{day.isoformat()}{session}",
        subject=class_,
        trigger=day,
        due=day,
        state="overdue" if over else "due",
        words={"class": class_, "session": session, "day": day_words(day, year=False)},
        trace=Trace(
            facts=(
                (
                    f"{class_} has {registers.classes[class_]} pupils; its {session} register "
                    f"of {day_words(day)} was not taken."
                ),
                f"It opens at {ask.opens(session)} and closes at {closes}.",
            ),
            counted=(Span(day, day, f"school day, {session}"),),
        ),
    )


def clock_after(clock: str, minutes: int) -> str:
    """`HH:MM` so many minutes later, at most the end of the day."""
    hours, _, rest = clock.partition(":")
    total = min(int(hours) * 60 + int(rest) + minutes, 24 * 60)
    return f"{total // 60:02}:{total % 60:02}"


TRIGGER = Trigger(RegisterParams, find_none)
