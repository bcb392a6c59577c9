"""A duty in words: what was counted, what was passed over and why, the text behind it, and what ends it."""

from collections.abc import Iterable

from rules.days import walk
from rules.duty import Citation, Duty, Span
from rules.words import day_words, list_words, span_words

_MANY = 40
"""Above so many days a stretch is told by its ends."""

_FLAGS = {
    "ambiguous": "The text can be read in more than one way here; the reading used is the product's choice.",
    "child-was-seen": "The child was seen during these days.",
    "missing-marks": "Some marks are missing: take or amend those registers, the count may change.",
    "calendar-ends": "The calendar ends too early for this date.",
    "tell-dsl-today": "The DSL has to hear of it today.",
}


def explain(duty: Duty) -> list[str]:
    """A duty in words, a line each: what and by when, the facts, each day counted, each skipped and why, the
    text with its standing and certainty, and what ends it."""
    lines = [f"{duty.action}.", _when(duty)]
    lines += duty.trace.facts
    lines += _counted(duty.trace.counted)
    lines += _skipped(duty.trace.skipped)
    lines += [_FLAGS.get(flag, f"Note: {flag.replace('-', ' ')}.") for flag in duty.trace.flags]
    if duty.recipients:
        lines.append(f"To: {list_words([_recipient(who) for who in duty.recipients])}.")
    lines += _source(duty.citation)
    lines.append(f"Standing: {duty.standing}. Certainty: {duty.certainty}.")
    lines.append(f"It ends when {duty.trace.ends}.")
    return lines


def _when(duty: Duty) -> str:
    due = f"Since {day_words(duty.trigger)}, due {day_words(duty.due)}: {duty.state}."
    return f"{due} {duty.settled[:1].upper()}{duty.settled[1:]}." if duty.settled else due


def _recipient(who: str) -> str:
    kind, _, name = who.partition(":")
    words = {"la": "local authority", "yot": "youth offending team", "ewo": "education welfare officer"}
    kind = words.get(kind, kind.replace("-", " "))
    return f"{kind} {name}".strip()


def _counted(spans: Iterable[Span]) -> list[str]:
    """`Counted, every mark O: Wed 4 Sep, Thu 5 Sep (2).`, by reason."""
    by_reason: dict[str, list[Span]] = {}
    for span in spans:
        by_reason.setdefault(span.why, []).append(span)
    return [_counted_line(why, stretch) for why, stretch in by_reason.items()]


def _counted_line(why: str, stretch: list[Span]) -> str:
    number = sum((span.last - span.first).days + 1 for span in stretch)
    if number > _MANY:
        return f"Counted, {why}: {'; '.join(map(span_words, stretch))}."
    days = [day_words(day, year=False) for span in stretch for day in walk(span.first, span.last)]
    return f"Counted, {why}: {', '.join(days)} ({number})."


def _skipped(spans: Iterable[Span]) -> list[str]:
    """One line for all days that were passed over, each stretch with its reason."""
    told = [f"{span_words(span)} ({span.why})" for span in spans]
    return [f"Skipped: {'; '.join(told)}."] if told else []


def _source(citation: Citation) -> list[str]:
    lines = [f"Source: {citation.text}."]
    if citation.quote:
        lines.append(f"It says: {citation.quote}.")
    if citation.checked is not None:
        lines.append(f"Last compared with its source on {day_words(citation.checked)}.")
    if citation.link:
        lines.append(citation.link)
    return lines
