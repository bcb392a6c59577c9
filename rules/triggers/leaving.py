"""Leaving: the return about a name that is to come off the register, and the authority's confirmation."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Span, Trace
from rules.facts import Event, PupilFacts
from rules.triggers.kind import NOTHING, Has, Trigger, as_day, last_field, return_sent
from rules.words import day_words

AUGUST = 8
"""The last month of a school year."""
REQUESTED, REMOVED = "removal_requested", "removed"


class DeletionParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `deletion`."""

    last_term_ends_from_month: int
    """A school year whose last known term ends before this month is not known to its end."""


class ConfirmationParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `confirmation`."""

    grounds: tuple[str, ...]
    """Letters of the grounds that want the authority's confirmation first."""


def removals(ask: Asking, pupil: PupilFacts) -> list[list[Event]]:
    """The requests and deletions of one removal after another."""
    groups: list[list[Event]] = []
    for event in ask.events(pupil, REQUESTED, REMOVED):
        if not groups or groups[-1][-1].kind == REMOVED:
            groups.append([])
        groups[-1].append(event)
    return groups


def effective(events: list[Event]) -> Event:
    """The event that says when the name comes off: the deletion itself, else the last request."""
    return events[-1]


def day_off(event: Event) -> date:
    """The day on which the name comes off the register."""
    return (as_day(event.fields.get("effective")) or event.on) if event.kind == REQUESTED else event.on


def find_deletion(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding for every removal that was asked for or made, unless it is a standard transition."""
    if not pupil.events:
        return NOTHING
    groups = removals(ask, pupil)
    found = []
    for number, events in enumerate(groups):
        exempt, remark = _exempt(ask, active.params, pupil, events)
        if not exempt:
            then = groups[number + 1][0].on if number + 1 < len(groups) else None
            found.append(_deletion(ask, active, pupil, events, then, remark))
    return found


def _exempt(
    ask: Asking, params: DeletionParams, pupil: PupilFacts, events: list[Event]
) -> tuple[bool, tuple[str, ...]]:
    """Whether it is a standard transition, and what the trace has to say about that."""
    if pupil.year != ask.school.years[1]:
        return False, ()
    event = effective(events)
    off = day_off(event)
    end = ask.calendar.year_end(off)
    if not params.last_term_ends_from_month <= end.month <= AUGUST:
        return False, ("Most senior class; the calendar does not show the end of the school year.",)
    after = off > end or (off == end and not event.at_start)
    if not after:
        return False, (
            f"Most senior class, but before the last term ends on {day_words(end)}: due on the literal text.",
        )
    if ask.school.asks_leavers:
        return False, ("Standard transition; the authority has asked for returns all the same.",)
    return True, ()


def _deletion(
    ask: Asking,
    active: Active,
    pupil: PupilFacts,
    events: list[Event],
    then: date | None,
    remark: tuple[str, ...],
) -> Finding:
    began = events[0].on
    last = effective(events)
    off = day_off(last)
    due = max(off, began)
    ground = next((str(e.fields["ground"]) for e in reversed(events) if e.fields.get("ground")), "")
    anchor = began.isoformat()
    facts = [
        f"Removal asked for on {day_words(began)}."
        if events[0].kind == REQUESTED
        else f"The name came off on {day_words(began)}.",
        f"Ground {ground}." if ground else "The ground is not recorded.",
        f"The return is due not later than the deletion: {day_words(due)}.",
        *remark,
    ]
    return Finding(
        anchor=anchor,
        trigger=began,
        due=due,
        done=return_sent(ask, pupil, f"{active.rule.rule}:{pupil.id}:{anchor}", began, then),
        words={"ground": ground or "not recorded"},
        trace=Trace(
            facts=tuple(facts),
            counted=(Span(began, due, "from the request to the deletion"),),
            flags=("ambiguous",) if remark and not ask.school.asks_leavers else (),
        ),
    )


def find_confirmation(ask: Asking, active: Active, pupil: PupilFacts) -> Sequence[Finding]:
    """One finding from the parent's letter, or a removal on one of the grounds, until the authority says
    yes."""
    if not pupil.events:
        return NOTHING
    params: ConfirmationParams = active.params
    letters = [e for e in ask.events(pupil, "parent_letter") if e.fields.get("intent") == "home-education"]
    asked = [e for e in ask.events(pupil, REQUESTED) if e.fields.get("ground") in params.grounds]
    causes = sorted([*letters, *asked], key=lambda event: event.on)
    if not causes:
        return NOTHING
    began = causes[0].on
    stated = [last_field(letters, "last_day"), last_field(asked, "effective")]
    due = max([began, *(day for day in stated if day is not None)])
    return (_confirmation(ask, pupil, causes, due),)


def _confirmation(ask: Asking, pupil: PupilFacts, causes: list[Event], due: date) -> Finding:
    began = causes[0].on
    answers = [e for e in ask.events(pupil, "la_confirmation") if e.on >= began]
    yes = next((e for e in answers if e.fields.get("answer") == "yes"), None)
    gone = next((e for e in ask.events(pupil, REMOVED) if e.on >= began), None)
    done = None
    if yes is not None:
        done = f"the authority said yes on {day_words(yes.on)}"
    elif gone is not None:
        done = f"the name came off on {day_words(gone.on)} without it"
    return Finding(
        anchor=began.isoformat(),
        trigger=began,
        due=due,
        done=done,
        state="overridden" if yes is None and gone is not None else None,
        trace=Trace(
            facts=(
                *(_cause_words(event) for event in causes),
                *(f"The authority answered {e.fields.get('answer')} on {day_words(e.on)}." for e in answers),
                f"Wanted by {day_words(due)}.",
            ),
            counted=(Span(began, due, "from the first word of it to the last day"),),
        ),
    )


def _cause_words(event: Event) -> str:
    if event.kind == REQUESTED:
        return f"Removal on ground {event.fields.get('ground')} asked for on {day_words(event.on)}."
    last = as_day(event.fields.get("last_day"))
    until = f", last day {day_words(last)}" if last else ""
    return f"The parent wrote on {day_words(event.on)}: home education{until}."


DELETION = Trigger(DeletionParams, find_deletion, Has.EVENTS)
CONFIRMATION = Trigger(ConfirmationParams, find_confirmation, Has.EVENTS)
