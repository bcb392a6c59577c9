"""Dates, numbers and stretches of days in plain words, for traces and explanations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rules.days import ONE_DAY, Calendar, walk
from rules.duty import Span

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ONE = re.compile(r"(?<![\w.,-])(one|1) ((?:school )?)(day|session|week)s\b", re.IGNORECASE)
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def day_words(day: date, year: bool = True) -> str:
    """`Mon 9 Nov 2026`, or without the year."""
    text = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def number_words(n: int) -> str:
    """`ten` up to twelve, then figures."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else str(n)


def filled(text: str, words: Mapping[str, str]) -> str:
    """A rule's words with what the trigger found, and `one school day` where it is one."""
    return singular(text.format_map(words))


def singular(text: str) -> str:
    """A text with `one school day` for `one school days`; the same for sessions and weeks."""
    return _ONE.sub(r"\1 \2\3", text) if "ne " in text or "1 " in text else text


def nth_words(n: int) -> str:
    """`fifth` up to ten, then `11th`."""
    if 1 <= n <= len(_NTH):
        return _NTH[n - 1]
    ending = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def list_words(items: Sequence[str], last: str = "and") -> str:
    """`G, N and O`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def span_words(span: Span) -> str:
    """`Sat 14 Nov to Sun 15 Nov`, or one day."""
    if span.first == span.last:
        return day_words(span.first, year=False)
    return f"{day_words(span.first, year=False)} to {day_words(span.last, year=False)}"


def spans(days: Iterable[date], why: str) -> tuple[Span, ...]:
    """Days in order as stretches of consecutive civil days that share a reason."""
    return merged((day, why) for day in days)


def merged(reasons: Iterable[tuple[date, str]]) -> tuple[Span, ...]:
    """Days in order, each with its reason, as stretches of consecutive days with the same reason."""
    found: list[Span] = []
    for day, why in reasons:
        last = found[-1] if found else None
        if last is not None and last.why == why and last.last + ONE_DAY == day:
            found[-1] = Span(last.first, day, why)
        else:
            found.append(Span(day, day, why))
    return tuple(found)


def closed_days(calendar: Calendar, first: date, last: date) -> list[tuple[date, str]]:
    """The days from `first` to `last` without a session, each with the reason."""
    return [(day, why) for day in walk(first, last) if (why := calendar.why_closed(day)) is not None]


def walk_after(day: date, until: date) -> Iterable[date]:
    """Every civil day later than `day`, up to and including `until`."""
    return walk(day + ONE_DAY, until)
