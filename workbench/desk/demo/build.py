"""Plays the story through the verbs, under a simulated clock, one entry an act."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from workbench.desk import folders, imports, signin
from workbench.desk.clock import Clock, FixedClock, london
from workbench.desk.context import Desk
from workbench.desk.demo.calendar import Year, years_for
from workbench.desk.demo.marks import ordinary
from workbench.desk.demo.school import (
    PASSPHRASE,
    PEOPLE,
    Invented,
    invent,
    invent_one,
    pupils_csv,
    school_toml,
)
from workbench.desk.demo.story import Stage, registers_of, tell
from workbench.desk.kdf import DEFAULT, Costs
from workbench.domain.errors import InvalidError, WorkbenchError

LEAST_PUPILS = 10
MOST_PUPILS = 5000
FIRST_YEAR = 2024
"""The first September that the shipped attendance codes cover whole."""


def build(
    path: Path, *, pupils: int = 96, seed: int = 1, on: date | None = None, clock: Clock, kdf: Costs = DEFAULT
) -> Desk:
    """A new folder at `path` with an invented school, played up to now, or to the end of `on`.

    Args:
        path: must not exist yet, or be an empty folder.
        pupils: how many are on roll at the start, 10 to 5,000.
        seed: same seed and date, same school, to the last byte.
        on: a day not after today; the story then ends at its last minute.
        clock: the real clock; only its `now` is read.
        kdf: passphrase costs, cheap in tests.

    Returns:
        The desk of the folder, nobody signed in.

    Raises:
        InvalidError: for a number of pupils or a date that cannot be played.
    """
    if not LEAST_PUPILS <= pupils <= MOST_PUPILS:
        raise InvalidError(f"--pupils {pupils}: a demo school has {LEAST_PUPILS} to {MOST_PUPILS} pupils.")
    stop = _stop(on, clock)
    years = [y for y in years_for(stop.date()) if y.terms[0][0].year >= FIRST_YEAR]
    if not years or stop.date() < years[0].terms[0][0]:
        raise InvalidError(
            f"{stop.date()} lies before the first school year of the rule set, September {FIRST_YEAR}.",
            todo="Choose a later day with --on.",
        )
    rng = Random(seed)  # noqa: S311 - an invented school must come out the same again; nothing secret hangs on it
    first = years[0].terms[0][0]
    simulated = FixedClock(
        london(datetime.combine(first - timedelta(days=1), datetime.min.time()).replace(hour=10))
    )
    desk = folders.init(
        path,
        school_toml(years),
        {user: PASSPHRASE for user, *_ in PEOPLE},
        clock=simulated,
        kdf=kdf,
        random=rng.randbytes,
        demo=True,
        recovery=recovery_key(seed),
    )
    desks = {user: signin.sign_in(desk, user, PASSPHRASE) for user, *_ in PEOPLE}
    _play(desks, simulated, years, stop, pupils, rng)
    return desk


def recovery_key(seed: int) -> bytes:
    """The recovery key of a demo, which the demo tells: the same for the same seed."""
    return sha256(f"workbench demo {seed}".encode()).digest()


def is_demo(path: Path) -> bool:
    """Whether a folder was made by `build`."""
    try:
        desk = folders.open_folder(path, readonly=True)
    except WorkbenchError:
        return False
    try:
        return folders.is_demo(desk)
    finally:
        desk.close()


def _stop(on: date | None, clock: Clock) -> datetime:
    now = clock.now().naive()
    if on is None or on == now.date():
        return now
    if on > now.date():
        raise InvalidError(f"--on {on}: the story cannot be played into the future (today is {now.date()}).")
    return datetime.combine(on, datetime.max.time()).replace(microsecond=0)


def _play(
    desks: dict[str, Desk], simulated: FixedClock, years: list[Year], stop: datetime, pupils: int, rng: Random
) -> None:
    calendar = [day for year in years for day in year.days()]
    complete = [
        d for d in calendar if datetime.combine(d, datetime.min.time()).replace(hour=15, minute=30) <= stop
    ]
    roll = invent(pupils, years, rng)
    late = complete[-2] if len(complete) > 2 else None
    comer = invent_one(pupils, 9, next(p.class_ for p in roll if p.year == 9), years, rng, starts=late)
    everyone = [*roll, comer]
    stage = Stage(
        days=complete, ahead=[d for d in calendar if d not in set(complete)], today=stop.date(),
        plan=ordinary(everyone, calendar, rng), desks=desks,
    )  # fmt: skip
    stage.at(years[0].terms[0][0] - timedelta(days=1), "10:30", _import(desks["attendance"], roll, rng))
    if complete:
        tell(stage, _cast(roll), comer)
    if late:
        stage.at(late, "08:30", _import(desks["attendance"], [comer], rng))
    _registers(stage, roll, comer, late, stop)
    for at, act in sorted(stage.acts, key=lambda pair: pair[0]):
        if at <= stop:
            simulated.set(london(at))
            act()


def _cast(roll: list[Invented]) -> list[Invented]:
    """One pupil each of different classes first, so that the stories are spread."""
    seen: dict[str, int] = {}
    ranked = []
    for p in roll:
        seen[p.class_] = seen.get(p.class_, 0) + 1
        ranked.append((seen[p.class_], p))
    return [p for _, p in sorted(ranked, key=lambda pair: pair[0])]


def _import(attendance: Desk, pupils: list[Invented], rng: Random) -> Callable[[], object]:
    return lambda: imports.import_pupils(attendance, "pupils.csv", pupils_csv(pupils, rng), dry_run=False)


def _registers(
    stage: Stage, roll: list[Invented], comer: Invented, late: date | None, stop: datetime
) -> None:
    played = [*stage.days, *(d for d in stage.ahead[:1] if d == stop.date())]
    for day in played:
        classes: dict[str, list[str]] = {}
        for p in [*roll, *([comer] if late and day >= late else [])]:
            classes.setdefault(p.class_, []).append(p.upn)
        forgot = list(classes)[1] if day == played[-1] and len(classes) > 1 else ""
        for session in ("AM", "PM"):
            registers_of(
                stage, day, session, classes, skip=forgot if session == "PM" or day == stop.date() else ""
            )
