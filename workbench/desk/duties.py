"""What must be done: duties with their reasons, and the acts that settle them."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

import msgspec

from rules import engine
from rules.duty import Duty
from rules.engine import Warning as RunWarning
from rules.errors import RulesError
from rules.facts import PupilFacts
from rules.figures import Figures
from rules.figures import figures as count_figures
from store.errors import StoreError
from store.pages import GUARDED
from workbench.desk.context import Desk
from workbench.desk.event_kinds import is_private
from workbench.desk.facts import DELETION, View, pupil_facts, view, with_registers
from workbench.desk.finding import lookup
from workbench.desk.hiding import is_secret, secrets
from workbench.desk.outlines import locked_cases, with_outlines
from workbench.desk.permissions import verb
from workbench.desk.shelves import shelves
from workbench.desk.text import required
from workbench.domain.cases import Case, Concern
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError, WorkbenchError
from workbench.domain.pupils import Pupil
from workbench.domain.returns import SettledDuty
from workbench.domain.whom import recipient_words
from workbench.domain.years import year_label

__all__ = ["Duty", "done", "due", "due_hidden", "figures", "find", "override", "warnings", "why"]

SHOWN = ("overdue", "due", "advisory")
"""States that a list shows unless everything is asked for, most pressing first."""
STANDINGS = ("law", "statutory guidance", "guidance", "policy", "local")
REGISTER = "register.take"
TRIAGE = "concern.triage"
NEVER = (-1, -1)
"""The version of what is not the folder as it stands."""
DANGER = "case.danger-referral"

ENDED_BY = {
    REGISTER: ("the register is taken", "Take it."),
    DELETION: ("the return is marked sent", "`workbench return sent`, with the reference."),
    DANGER: (
        "the referral to social care is recorded",
        "`workbench referral add`, or answer the danger question.",
    ),
    "vault.recovery-proven": (
        "the recovery key is typed back",
        "`workbench people recovery prove`, or People and roles, `p`.",
    ),
    "vault.second-dsl": (
        "a second person with the role dsl holds keys",
        "`workbench people add`, or `workbench people role`.",
    ),
    "absence.resolve-n": ("the mark is another code", "`workbench register amend`, with the reason."),
}
"""Duties that no word settles: what ends each, and what to do."""

Kept = tuple[tuple[date, str, str, object], object, PupilFacts, list[Duty], tuple[int, int]]
"""A pupil's duties as they were worked out, with the moment, the calendar, the school and the facts they rest on, and
the folder's version."""


@verb("due.list")
def due(
    desk: Desk,
    on: date | None = None,
    known: date | None = None,
    pupil: str | None = None,
    rule: str | None = None,
    everything: bool = False,
) -> list[Duty]:
    """The duties that the person signed in may see, late first, then by due date.

    Args:
        on: as at the end of this day; as of now unless given.
        known: from what was recorded by the end of this day.
        pupil: only this pupil's (id or UPN).
        rule: only this rule's.
        everything: those that are done and overridden too.
    """
    wanted = lookup(desk, pupil).id if pupil is not None else None
    found = _every(desk, view(desk, on, known), wanted, rule)
    seen = [d for d in found if _may_see(desk, d)]
    return [d for d in _sorted(seen) if everything or d.state in SHOWN]


def beyond(desk: Desk, on: date | None = None) -> str:
    """What has to be said where the calendar does not reach the day asked about; empty where it does."""
    seen = view(desk, on)
    first, last, day = seen.calendar.first, seen.calendar.last, seen.moment.on
    if day <= last and seen.calendar.year_start(day) >= seen.calendar.year_start(first):
        return ""
    return (
        f"The calendar reaches from {first.isoformat()} to {last.isoformat()}: school days outside it are not counted. "
        "Enter the terms of that year."
    )


def due_hidden(desk: Desk, on: date | None = None) -> int:
    """How many duties stand that are the DSL's and not this person's to see: `n for the DSL`.

    Args:
        on: as at the end of this day; as of now unless given.
    """
    if desk.who is None or not desk.who.has("attendance"):
        return 0
    return for_the_dsl(desk, (d for d in _every(desk, view(desk, on), None, None) if d.state in SHOWN))


def calendar_gap(desk: Desk, on: date | None = None) -> str:
    """Why no school day of a day's school year is counted, in words; empty where the calendar reaches.

    Args:
        on: the day that is asked about; today unless given.
    """
    day = on or desk.today()
    calendar = desk.calendar(year_label(day))
    if calendar.first <= day <= calendar.last or year_label(day) in desk.years():
        return ""
    reach = f"{calendar.first.isoformat()} to {calendar.last.isoformat()}"
    return (
        f"{day.isoformat()} lies outside the calendar ({reach}): no register, run or deadline counts school days "
        "there. Add the school year with `workbench calendar add`."
    )


@verb("due.list")
def find(desk: Desk, duty_id: str, on: date | None = None, known: date | None = None) -> Duty:
    """One duty, whatever its state; `on` and `known` as in `due`.

    Raises:
        NotFoundError: if there is none with this id: its cause may have been amended away.
    """
    return _find(desk, duty_id, on, known)


@verb("duty.why")
def why(desk: Desk, duty_id: str, on: date | None = None, known: date | None = None) -> list[str]:
    """A duty in words, a line each: facts, days counted and skipped, the text, what ends it, whom to tell; `on` and
    `known` as in `due`. How people are reached is as it stands today."""
    duty = _find(desk, duty_id, on, known)
    around = shelves(desk).around.get(duty.pupil or "", [])
    return [*engine.explain(duty), *recipient_words(duty.recipients, desk.school().authority, around)]


@verb("duty.done")
def done(desk: Desk, duty_id: str, reason: str) -> SettledDuty:
    """Mark a duty done.

    Raises:
        InvalidError: without a reason, or if it is settled already, or has an act of its own that settles it.
        RefusedError: if it is not on this person's list.
    """
    duty = _find(desk, duty_id, None)
    return _settle(desk, duty, "done", reason)


@verb("duty.override")
def override(desk: Desk, duty_id: str, reason: str) -> SettledDuty:
    """Go on without a duty of policy or of local rules, and say why.

    Raises:
        RefusedError: if the duty is law or guidance.
    """
    duty = _find(desk, duty_id, None)
    if duty.standing not in ("policy", "local"):
        raise RefusedError(
            f"{duty.id} is {duty.standing}; only policy and local rules can be overridden.",
            todo="Do what it asks, or amend the facts if they are wrong.",
        )
    return _settle(desk, duty, "overridden", reason)


@verb("figures.read")
def figures(desk: Desk, pupil: str, on: date | None = None) -> Figures:
    """A pupil's attendance figures of the school year up to a day."""
    seen = view(desk, on)
    facts = pupil_facts(seen, lookup(desk, pupil))
    return count_figures(seen.calendar, desk.codes, facts, seen.moment, seen.desk.rules)


@verb("due.list")
def warnings(desk: Desk) -> list[RunWarning]:
    """Runs of absence that near a trigger. They are shown ahead and are no duties."""
    seen = view(desk)
    found: list[RunWarning] = []
    for pupil in seen.shelves.pupils.values():
        found += engine.warnings(
            seen.desk.rules, seen.calendar, seen.school, pupil_facts(seen, pupil), seen.moment
        )
    return sorted(found, key=lambda w: w.day - w.of, reverse=True)


# inside -----------------------------------------------------------------------------------------------


def warm(desk: Desk) -> None:
    """Work out today's duties ahead, while somebody types a passphrase: nothing of it leaves the desk's own memory."""
    with suppress(WorkbenchError, RulesError, StoreError):
        _all(desk, view(desk))


def all_of(seen: View) -> list[Duty]:
    """Every duty of the school at a moment, unfiltered; the desk of `seen` may be one that supposes something."""
    return _every(seen.desk, seen, None, None)


def of_pupil_at(seen: View, pupil: str) -> list[Duty]:
    """Every duty about one pupil at a moment, unfiltered, as `all_of`."""
    return _every(seen.desk, seen, pupil, None)


def on_list(desk: Desk, duty: Duty) -> bool:
    """Whether a duty is on the list of the person signed in."""
    return _may_see(desk, duty)


def for_the_dsl(desk: Desk, duties: Iterable[Duty]) -> int:
    """How many of these are the DSL's and not this person's to see; 0 for those who read all that is not about them.
    What is about them is not counted."""
    if desk.who is None or desk.who.has("dsl", "leader"):
        return 0
    others = (duty for duty in duties if duty.rule != TRIAGE and not _about(desk, duty))
    return sum(1 for duty in others if not _may_see(desk, duty))


def duties_of(desk: Desk, pupil: str, on: date | None = None) -> list[Duty]:
    """Every duty about a pupil, unfiltered, for use inside other verbs."""
    return _every(desk, view(desk, on), pupil, None)


def _find(desk: Desk, duty_id: str, on: date | None, known: date | None = None) -> Duty:
    rule, _, rest = duty_id.partition(":")
    subject = rest.partition(":")[0]
    pupil = subject if desk.get("pupils", "pupils", subject) is not None else None
    for duty in _every(desk, view(desk, on, known), pupil, rule):
        if duty.id == duty_id and _may_see(desk, duty):
            return duty
    raise NotFoundError(
        f"There is no duty {harmless(duty_id)}.",
        todo="Its cause may have been amended away; `workbench due --all` lists every duty.",
    )


def _every(desk: Desk, seen: View, pupil: str | None, rule: str | None) -> list[Duty]:
    if pupil is None and rule is None:
        return _all(desk, seen)
    found: list[Duty] = []
    if pupil is None and rule == REGISTER:
        found += engine.register_duties(seen.desk.rules, seen.calendar, with_registers(seen), seen.moment)
    if rule == REGISTER:
        return found
    only = frozenset({rule}) if rule else None
    if pupil is None:
        found += engine.school_duties(seen.desk.rules, seen.calendar, seen.school, seen.moment, only)
    known = seen.shelves.pupils
    # a pupil who was added later has no duties in what was known before
    people = known.values() if pupil is None else [known[pupil]] if pupil in known else []
    for one in people:
        found += _of_pupil(desk, seen, one, only)
    return found


def _all(desk: Desk, seen: View) -> list[Duty]:
    """Every duty of the school; worked out anew only when a document, the minute or the school changed."""
    asked = (seen.moment, seen.desk.is_live, desk.store.version, secrets(desk))
    held = desk.cache.get("all-duties")
    if held is not None and held[0] == asked and held[1] is seen.school:
        found: list[Duty] = held[2]
        return list(found)
    found = engine.register_duties(seen.desk.rules, seen.calendar, with_registers(seen), seen.moment)
    found += engine.school_duties(seen.desk.rules, seen.calendar, seen.school, seen.moment)
    for one in seen.shelves.pupils.values():
        found += _of_pupil(desk, seen, one, None)
    if seen.desk.is_live:
        desk.cache["all-duties"] = (asked, seen.school, list(found))
    return found


def _of_pupil(desk: Desk, seen: View, pupil: Pupil, only: frozenset[str] | None) -> list[Duty]:
    """A pupil's duties; worked out anew only when a fact, the moment's session or the school changed."""
    now = seen.moment.now
    asked = (seen.moment.on, seen.moment.at, now.strftime("%H:%M") if now else "", seen.calendar)
    kept: dict[str, Kept] = desk.cache.setdefault("duties", {})
    held = kept.get(pupil.id) if only is None else None
    version = desk.store.version_without(GUARDED) if seen.desk.is_live else NEVER
    if held is not None and held[0] == asked and held[4] == version and not _is_confidential(seen, pupil.id):
        return held[3]  # whoever reads: nothing about this pupil is sealed, and nothing was written
    facts = pupil_facts(seen, pupil)
    locked = locked_cases(seen, pupil.id)
    if only is not None or locked:
        found = engine.duties(seen.desk.rules, seen.calendar, seen.school, facts, seen.moment, only)
        return with_outlines(seen, found, locked, only)
    if held is not None and held[0] == asked and held[1] is seen.school and held[2] == facts:
        made = held[3]
    else:
        made = engine.duties(seen.desk.rules, seen.calendar, seen.school, facts, seen.moment)
    kept[pupil.id] = (asked, seen.school, facts, made, version)
    return made


def _is_confidential(seen: View, pupil: str) -> bool:
    """Whether there is something about a pupil of which others may read more or less."""
    shelf = seen.shelves
    return bool(
        shelf.cases.get(pupil)
        or shelf.concerns.get(pupil)
        or any(is_private(event.kind) for event in shelf.events.get(pupil, ()))
    )


def _sorted(found: Iterable[Duty]) -> list[Duty]:
    """Danger before everything while it stands; then late ones; within these by due date, law before policy."""
    return sorted(found, key=lambda d: (_rank(d), d.due, STANDINGS.index(d.standing), d.rule, d.id))


def _rank(duty: Duty) -> tuple[bool, int]:
    shown = duty.state in SHOWN
    return (not (shown and duty.rule == DANGER), SHOWN.index(duty.state) if shown else len(SHOWN))


def _may_see(desk: Desk, duty: Duty) -> bool:
    """Whether a duty is on this person's list at all."""
    who = desk.who
    if who is None or _about(desk, duty):
        return False
    if duty.rule == TRIAGE:
        return who.has("dsl", "leader") and _opens(desk, duty)
    if who.has("dsl", "leader", "auditor"):
        return True
    if who.has("attendance"):
        return duty.owner == "attendance"
    return duty.rule == REGISTER


def _about(desk: Desk, duty: Duty) -> bool:
    """Whether the duty hangs on a case that is about the person signed in. What is worked out for them rests on no
    such case (`facts.view`); this is the net beneath."""
    if duty.case is None:
        return False
    case = desk.record("cases", "cases", duty.case, Case)
    return case is not None and desk.user() in case.about


def _opens(desk: Desk, duty: Duty) -> bool:
    from workbench.desk.concerns import readable

    concern = desk.record("concerns", "concerns", _subject(duty), Concern)
    return concern is not None and readable(desk, concern)


def _subject(duty: Duty) -> str:
    return duty.id.split(":")[1]


def _settle(desk: Desk, duty: Duty, state: str, reason: str) -> SettledDuty:
    reason = required(reason, "The reason", multiline=True, limit=2000)
    if duty.state in ("done", "overridden"):
        raise InvalidError(f"{duty.id} is {duty.state} already: {duty.settled}.")
    if duty.rule in ENDED_BY:
        # a child is not safer for a word: these end by the act itself
        when, todo = ENDED_BY[duty.rule]
        raise InvalidError(f"{duty.id} ends when {when}.", todo=todo)
    subject, why = _named(desk, duty)
    with desk.change(f"duty.{state}", subject=subject, why=why) as tx:
        settled = SettledDuty(
            id=duty.id,
            duty=duty.id,
            pupil=duty.pupil,
            case=duty.case,
            state=state,  # type: ignore[arg-type]
            reason=reason,
            at=desk.stamp(),
            by=desk.user(),
        )
        return desk.save(tx, "cases", "settled", settled)


def _named(desk: Desk, duty: Duty) -> tuple[str | None, str]:
    """Subject and reason of the entry that settles a duty: of a concern, and of a case that is about somebody here, the
    log never says which pupil it is."""
    if duty.rule == TRIAGE:
        return _subject(duty), duty.id
    if is_secret(desk, duty.case):
        return duty.case, duty.rule
    return duty.pupil, duty.id


def as_json(duty: Duty) -> dict[str, object]:
    """A duty as commands print it: every key present."""
    built: dict[str, object] = msgspec.to_builtins(duty)
    return built
