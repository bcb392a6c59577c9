"""Absence whose reason is not known: the first call, and the time after which the code has to go."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Trace
from rules.facts import PupilFacts
from rules.recipients import has_social_worker
from rules.triggers.kind import NOTHING, Has, Trigger
from rules.words import day_words, list_words, nth_words, spans


class FirstDayParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `first-day`."""

    codes: tuple[str, ...]
    """Codes of an absence without a reason."""


class CodeAgeParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `code-age`."""

    codes: tuple[str, ...]
    """Codes that may stand only for a time."""
    within: int
    """School days after the session."""


def sessions_with(ask: Asking, pupil: PupilFacts, codes: Iterable[str]) -> dict[date, list[tuple[str, str]]]:
    """The days on which a mark is one of some codes, in order, each with its sessions and codes."""
    marks = ask.marks(pupil)
    found: dict[date, list[tuple[str, str]]] = {}
    letters = ask.codes.letters(codes)
    if not any(byte in marks for byte in letters):
        return found
    sessions = ask.calendar.sessions
    for match in re.finditer(b"[" + re.escape(letters) + b"]", marks):
        day, session = sessions[match.start()]
        found.setdefault(day, []).append((session, ask.codes.decode(match.group())))
    return found


def find_first_day(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for each first day of unexplained absence since somebody was last reached for."""
    params: FirstDayParams = active.params
    days = sessions_with(ask, pupil, params.codes)
    if not days:
        return NOTHING
    contacts = ask.contacts(pupil)
    found: list[Finding] = []
    covered: date | None = None
    for day in days:
        if covered is not None and day <= covered:
            continue
        made = next((contact for contact in contacts if contact.on >= day), None)
        done = f"{made.who} on {day_words(made.on)}: {made.result}" if made else None
        found.append(_first_day(pupil, day, days, done))
        if made is None:
            break
        covered = made.on
    return found


def _first_day(
    pupil: PupilFacts, day: date, days: dict[date, list[tuple[str, str]]], done: str | None
) -> Finding:
    since = [each for each in days if each >= day]
    facts = [
        f"{_sessions(days[day])} of {day_words(day)}, no reason given.",
        "A contact is logged." if done else "No contact is logged on or after that day.",
    ]
    if len(since) > 1:
        facts.append(f"Unexplained on {len(since)} days since.")
    flags: tuple[str, ...] = ()
    if has_social_worker(pupil):
        facts.append("A social worker is involved: the DSL hears of it today.")
        flags = ("tell-dsl-today",)
    return Finding(
        anchor=day.isoformat(),
        trigger=day,
        due=day,
        done=done,
        words={"day": day_words(day, year=False)},
        trace=Trace(facts=tuple(facts), counted=spans(since, "absence without a reason"), flags=flags),
    )


def _sessions(marks: list[tuple[str, str]]) -> str:
    return list_words([f"{code} in the {session}" for session, code in marks])


def find_code_age(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for each day with a code that may stand only for a time."""
    params: CodeAgeParams = active.params
    days = sessions_with(ask, pupil, params.codes)
    return [_code_age(ask, active, day, marks) for day, marks in days.items()] if days else NOTHING


def _code_age(ask: Asking, active: Active, day: date, marks: list[tuple[str, str]]) -> Finding:
    params: CodeAgeParams = active.params
    due, flags, facts = ask.due_after(day, params.within, active.rule.rule)
    counted, skipped = ask.counted(day, due)
    return Finding(
        anchor=day.isoformat(),
        trigger=day,
        due=due,
        words={
            "day": day_words(day, year=False),
            "code": list_words(sorted({code for _, code in marks})),
            "nth": nth_words(params.within),
        },
        trace=Trace(
            facts=(
                f"{_sessions(marks)} of {day_words(day)}.",
                f"The {nth_words(params.within)} school day after it is {day_words(due)}."
                if not flags
                else f"Due on {day_words(due)}.",
                *facts,
            ),
            counted=counted,
            skipped=skipped,
            flags=flags,
        ),
    )


FIRST_DAY = Trigger(FirstDayParams, find_first_day, Has.NOTHING, least=lambda params: (params.codes, 1))
CODE_AGE = Trigger(CodeAgeParams, find_code_age, Has.NOTHING, least=lambda params: (params.codes, 1))
