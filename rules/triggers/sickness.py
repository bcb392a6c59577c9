"""Sickness: a forecast of absence, or days that have already come to so many, make a return to the authority."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import Event, PupilFacts
from rules.runs import Run, runs
from rules.triggers.kind import NOTHING, Has, Least, Trigger, as_number, return_sent
from rules.words import day_words, number_words, spans


class SicknessParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `sickness`."""

    days: int
    """School days of sickness, in a row or in total in a school year."""
    codes: tuple[str, ...]
    """Codes of sickness."""
    passes: tuple[str, ...]
    """Codes that say that no session took place."""


class Cause(NamedTuple):
    """What made the return due, and when."""

    on: date
    facts: tuple[str, ...]
    counted: tuple[date, ...]


def find(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every continuous period of sickness with a cause; further causes in it are the same."""
    params: SicknessParams = active.params
    said = ask.events(pupil, "sickness_forecast")
    marks = ask.marks(pupil)
    if not said and sum(marks.count(byte) for byte in ask.codes.letters(params.codes)) < 2 * params.days:
        return NOTHING
    begins = ask.calendar.year_start(ask.on)
    found = runs(ask.calendar, marks, ask.counting(params.codes, params.passes))
    episodes = [run for run in found if run.last >= begins]
    causes = _forecasts(params, said, episodes, begins)
    causes += _totals(params, episodes, begins)
    return [_finding(ask, active, pupil, cause, then) for cause, then in _one_a_period(causes, episodes)]


def _days_of(episodes: Sequence[Run], begins: date, before: date) -> tuple[date, ...]:
    """The days of sickness in the school year, in both sessions, that lie before a day."""
    return tuple(day for run in episodes for day in run.days if begins <= day < before)


def _forecasts(
    params: SicknessParams, said: Sequence[Event], episodes: Sequence[Run], begins: date
) -> list[Cause]:
    """A forecast that alone, or with the days already missed, comes to the number."""
    causes = []
    for event in said:
        ahead = as_number(event.fields.get("days"))
        around = next((run.first for run in episodes if run.first <= event.on <= run.last), event.on)
        missed = _days_of(episodes, begins, around)
        if event.on < begins or not ahead or len(missed) + ahead < params.days:
            continue
        facts = [f"On {day_words(event.on)}: {number_words(ahead)} school days of sickness are expected."]
        if missed:
            facts.append(
                f"With {number_words(len(missed))} missed before it: {len(missed) + ahead} in total."
            )
        causes.append(Cause(event.on, tuple(facts), (*missed, event.on)))
    return causes


def _totals(params: SicknessParams, episodes: Sequence[Run], begins: date) -> list[Cause]:
    """The day on which the recorded days come to the number, whatever anybody expected."""
    days = _days_of(episodes, begins, date.max)
    if len(days) < params.days:
        return []
    words = (
        (
            f"{number_words(params.days).capitalize()} school days of sickness are recorded in the school year, "
            f"the last on {day_words(days[params.days - 1])}."
        ),
        "No forecast is needed any more: due on that day at the latest (a product choice).",
    )
    return [Cause(days[params.days - 1], words, days[: params.days])]


def _one_a_period(causes: Sequence[Cause], episodes: Sequence[Run]) -> list[tuple[Cause, date | None]]:
    """The first cause of each continuous period, with the day of the next one's; one return is enough for each."""
    kept: list[Cause] = []
    for cause in sorted(causes):
        period = next((run for run in episodes if run.first <= cause.on <= run.last), None)
        begun = period.first if period is not None else cause.on
        if not kept or kept[-1].on < begun:
            kept.append(cause)
    return [(cause, kept[at].on if at < len(kept) else None) for at, cause in enumerate(kept, 1)]


def _finding(ask: Asking, active: Active, pupil: PupilFacts, cause: Cause, then: date | None) -> Finding:
    params: SicknessParams = active.params
    anchor = cause.on.isoformat()
    return Finding(
        anchor=anchor,
        trigger=cause.on,
        due=cause.on,
        words={"days": number_words(params.days)},
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", cause.on, then),
        trace=Trace(
            facts=cause.facts,
            counted=spans(cause.counted, "day of sickness, or of the forecast")
            or (Span(cause.on, cause.on, "the forecast"),),
        ),
    )


def _least(params: SicknessParams) -> Least:
    return (*params.codes, *params.passes), 2 * params.days  # both sessions of each day


TRIGGER = Trigger(SicknessParams, find, Has.EVENTS, _least)
