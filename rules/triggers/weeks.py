"""Sessions in a rolling stretch of school weeks: the threshold of the national framework, which is reported only."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.days import monday
from rules.duty import Trace
from rules.facts import PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.words import day_words, list_words, spans


class WeeksParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `sessions-in-weeks`."""

    sessions: int
    """Sessions of any mix of the codes."""
    weeks: int
    """School weeks, Monday to Sunday: the one of the day asked about and those before it."""
    codes: tuple[str, ...]


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding while the last weeks hold so many sessions. It is an advice and no duty."""
    params: WeeksParams = active.params
    marks = ask.marks(pupil)
    letters = ask.codes.letters(params.codes)
    recent = marks[2 * _window_begins(ask, params.weeks) :]
    if sum(map(recent.count, letters)) < params.sessions or not ask.on_roll(pupil):
        return NOTHING
    missed = _missed(ask, marks, letters, max(active.rule.since, pupil.starts))
    window = _in_window(ask, params, missed, ask.on)
    if len(window) < params.sessions:
        return NOTHING
    return (_finding(ask, active, missed, window),)


def _window_begins(ask: Asking, weeks: int) -> int:
    """Which school day of the calendar is the first of the weeks up to the day asked about."""
    key = f"window {weeks}"
    if key not in ask.kept:
        numbers, last = _week_numbers(ask), ask.calendar.on_or_before(ask.on)
        first = numbers[monday(last)] - weeks + 1 if last is not None else 0
        ask.kept[key] = sum(1 for day in ask.calendar.days if numbers[monday(day)] < first)
    found: int = ask.kept[key]
    return found


def _missed(ask: Asking, marks: bytes, letters: bytes, since: date) -> list[date]:
    """The day of each such session since a day, in order."""
    days = (ask.calendar.days[at.start() // 2] for at in re.finditer(b"[" + re.escape(letters) + b"]", marks))
    return [day for day in days if day >= since]


def _week_numbers(ask: Asking) -> dict[date, int]:
    """The Monday of every school week of the calendar, numbered through all years."""
    numbers: dict[date, int] | None = ask.kept.get("mondays")
    if numbers is None:
        mondays = dict.fromkeys(map(monday, ask.calendar.days))
        numbers = ask.kept["mondays"] = {day: number for number, day in enumerate(mondays)}
    return numbers


def _in_window(ask: Asking, params: WeeksParams, missed: Sequence[date], on: date) -> list[date]:
    """Those sessions that lie in the weeks up to a day."""
    numbers = _week_numbers(ask)
    last = ask.calendar.on_or_before(on)
    if last is None:
        return []
    first = numbers[monday(last)] - params.weeks + 1
    return [day for day in missed if first <= numbers[monday(day)] and day <= on]


def _finding(ask: Asking, active: Active, missed: list[date], window: list[date]) -> Finding:
    params: WeeksParams = active.params
    trigger = _since(ask, params, missed)
    first = ask.calendar.on_or_after(monday(window[0]))
    return Finding(
        anchor=trigger.isoformat(),
        trigger=trigger,
        due=trigger,
        state="advisory",
        words={"sessions": str(len(window)), "weeks": str(params.weeks)},
        trace=Trace(
            facts=(
                (
                    f"{len(window)} sessions marked {list_words(params.codes, 'or')} in {params.weeks} school weeks; "
                    f"the threshold is {params.sessions}."
                ),
                (
                    f"Reached on {day_words(trigger)}; the first of them is {day_words(window[0])}, "
                    f"in the school week of {day_words(first, year=False)}."
                ),
            ),
            counted=spans(dict.fromkeys(window), f"{list_words(params.codes, 'or')} in a session"),
        ),
    )


def _since(ask: Asking, params: WeeksParams, missed: list[date]) -> date:
    """The day on which the threshold was reached that still stands: before it the weeks held fewer."""
    reached = missed[-1]
    for day in reversed(dict.fromkeys(missed)):
        if len(_in_window(ask, params, missed, day)) < params.sessions:
            break
        reached = day
    return reached


TRIGGER = Trigger(WeeksParams, find, Has.NOTHING, least=lambda params: (params.codes, params.sessions))
