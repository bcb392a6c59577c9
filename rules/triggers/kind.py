"""What a trigger is, and what several of them share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.facts import Event, PupilFacts
from rules.words import day_words


class Has:
    """What a pupil has beside marks, as bits. Most have none of it, and most triggers need some of it."""

    NOTHING = 0
    EVENTS = 1 << 0
    CASES = 1 << 1
    REFERRALS = 1 << 2
    CONCERNS = 1 << 3
    FLAGS = 1 << 4
    """A risk group, or a flag of the pupil's own record."""
    LEFT = 1 << 5
    JOINED = 1 << 6
    """Joined after the folder was made."""
    NAME = 1 << 7
    """Everybody has one: what needs only this is asked of all."""
    ALL = (1 << 8) - 1


Least = tuple[Sequence[str], int]
"""Codes, and how many marks of them there must be at the least."""


class Trigger(NamedTuple):
    """One word of the closed vocabulary.

    `params` is the type of the parameters in a rule's file (unknown keys are refused); `find` says what it
    finds for a pupil. It is asked of a pupil who has something of `needs`, or enough marks of the codes of `least`:
    of two thousand pupils most rules concern a few, and the others are passed over quickly.
    """

    params: type[Struct]
    find: Callable[[Asking, Active, PupilFacts], Sequence[Finding]]
    needs: int = Has.NAME
    least: Callable[[Any], Least] | None = None


def has(pupil: PupilFacts) -> int:
    """What a pupil has beside marks."""
    found = Has.NAME
    if pupil.events:
        found |= Has.EVENTS
    if pupil.cases:
        found |= Has.CASES
    if pupil.referrals:
        found |= Has.REFERRALS
    if pupil.concerns:
        found |= Has.CONCERNS
    if pupil.left is not None:
        found |= Has.LEFT
    if not pupil.baseline:
        found |= Has.JOINED
    return found | Has.FLAGS if _flagged(pupil) else found


def _flagged(pupil: PupilFacts) -> bool:
    named = pupil.looked_after_by or pupil.home_la or pupil.placing_la or pupil.groups
    stated = pupil.social_worker or pupil.child_protection_plan or pupil.section_47 or pupil.ehc_plan
    return bool(named or stated)


NOTHING: tuple[Finding, ...] = ()


def as_day(value: Any) -> date | None:
    """A day out of an event's field, which holds a date or its ISO text; None for anything else."""
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def as_number(value: Any) -> int:
    """A whole number out of an event's field; 0 for anything else."""
    if isinstance(value, int):
        return max(value, 0)
    return int(value) if isinstance(value, str) and value.isdecimal() else 0


def as_yes(value: Any) -> bool:
    """Whether an event's field says yes."""
    return value is True or value in ("yes", "true")


def return_sent(
    ask: Asking, pupil: PupilFacts, duty_id: str, anchor: date, before: date | None = None
) -> str | None:
    """Which event says that the return of a duty was sent, in words, or None.

    An event that names the duty settles that one; one that names only the rule settles the duty whose cause
    had last begun by then (`before`: when the next cause of the same rule began).
    """
    rule = duty_id.partition(":")[0]
    for event in ask.events(pupil, "return_sent"):
        if event.fields.get("duty") is not None:
            fits = event.fields["duty"] == duty_id
        else:
            fits = (
                event.fields.get("rule") == rule
                and anchor <= event.on
                and (before is None or event.on < before)
            )
        if fits:
            return f"the return was sent on {day_words(event.on)}"
    return None


def last_field(events: Iterable[Event], key: str) -> date | None:
    """The latest day that events give under a key, or None."""
    days = (as_day(event.fields.get(key)) for event in events)
    return max((day for day in days if day is not None), default=None)


def told_words(told: Mapping[str, str]) -> tuple[str, ...]:
    """Who was told, in words, in the order of the answers."""
    return tuple(f"{who}: {answer.replace('-', ' ')}" for who, answer in told.items())
