"""The gates of a removal: which apply, which stand open, and why; their texts are data (`rules/england/gates.toml`)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from rules.asking import Asking
from rules.dated import Dated, in_force
from rules.days import Calendar
from rules.duty import Certainty, Citation, Standing
from rules.facts import Moment, PupilFacts, SchoolFile, SchoolKind
from rules.gateids import GateId, GateState
from rules.grounds import Ground, Judged, ground, judge
from rules.packs import RuleSet
from rules.words import day_words


class Switched(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law that makes the gate one of more schools or pupils once the school says from when it is in force."""

    switch: str
    grounds: tuple[str, ...]
    kinds: tuple[SchoolKind, ...] | None = None
    of: tuple[Literal["section_47", "child_protection_plan"], ...] | None = None
    """Facts of a pupil, one of which must hold; None for every pupil."""
    certainty: Certainty
    law: str
    quote: str
    link: str = ""
    why: str
    """Why it applies, in words."""

    def applies(self, ask: Asking, pupil: PupilFacts, letter: str) -> bool:
        """Whether it asks for the gate of this removal on this day."""
        begun = ask.file.commenced.get(self.switch)
        return (
            begun is not None
            and begun <= ask.on
            and letter in self.grounds
            and (self.kinds is None or ask.school.kind in self.kinds)
            and (self.of is None or any(getattr(pupil, fact) for fact in self.of))
        )


class GateFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gate in the data."""

    id: GateId
    title: str
    standing: Standing
    certainty: Certainty
    law: str
    quote: str
    link: str = ""
    kinds: tuple[SchoolKind, ...] | None = None
    """The kinds of school that it is a rule of; None for all."""
    kind_certainty: dict[SchoolKind, Certainty] = {}
    """Where it is less sure for one kind of school than for the others."""
    kind_words: dict[SchoolKind, str] = {}
    """Why it is no rule of a kind of school, where that needs saying."""
    overridable: bool = False
    switched: tuple[Switched, ...] = ()
    """Laws not yet in force that widen it."""


class GatesVersion(Dated, frozen=True, kw_only=True):
    """All gates as they stand from a day on."""

    gate: tuple[GateFile, ...]


class GatesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table."""

    title: str
    version: tuple[GatesVersion, ...]


class Gate(Struct, frozen=True, kw_only=True):
    """One gate as it stands."""

    id: GateId
    title: str
    state: GateState
    standing: Standing
    certainty: Certainty
    why: str
    citation: Citation
    overridable: bool
    conditions: tuple[Judged, ...] = ()


class Stand(Struct, frozen=True, kw_only=True):
    """What has been done for a removal, as the desk knows it."""

    letter: str
    requested_by: str
    evidence: Mapping[str, str]
    confirmations: Mapping[str, tuple[str, str]]
    """Gate id to the newest answer (`yes` or `no`) and its words."""
    return_sent: str | None
    """Words on how the deletion return was sent; None while it is not."""
    return_due: bool
    """Whether a deletion return is due at all (standard transition is exempt)."""
    overrides: Mapping[str, str]
    """Gate id to the reason of a leader who went on without it."""
    authorised_by: str | None
    """Who authorised the request as it stands now; None if nobody did or it changed since."""
    leaves_on: date | None = None
    """The date on which the name shall go; None while nobody has named one."""


def gates(
    rules: RuleSet, calendar: Calendar, file: SchoolFile, pupil: PupilFacts, moment: Moment, stand: Stand
) -> list[Gate]:
    """Every gate in order, with its state and why.

    Raises:
        NotInRuleSet: if the ground's conditions are not in this rule set.
    """
    found = ground(rules, stand.letter, moment.on)
    judged = judge(rules, stand.letter, calendar, file, pupil, moment, stand.evidence)
    ask = Asking(rules, calendar, file, moment)
    version = in_force(rules.table("gates", GatesFile).version, moment.on, "gates")
    return [_gate(item, ask, pupil, stand, found, judged) for item in version.gate]


def _gate(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Gate:
    state, why = _STATES[item.id](item, ask, pupil, stand, found, judged)
    if state == "open" and item.overridable and item.id in stand.overrides:
        state, why = "overridden", f"a leader went on without it: {stand.overrides[item.id]}"
    certainty = item.kind_certainty.get(ask.school.kind, item.certainty)
    if item.id == "school-attendance-order" and found.blocked_by_order:
        certainty = found.blocked_by_order
    source: GateFile | Switched = item
    if item.switched and not _ordinary(item, ask, pupil, found):
        source = _widened(item, ask, pupil, found) or item
        certainty = certainty if source is item else source.certainty
    return Gate(
        id=item.id,
        title=item.title,
        state=state,
        standing=item.standing,
        certainty=certainty,
        why=why,
        citation=Citation(text=source.law, quote=source.quote, link=source.link),
        overridable=item.overridable,
        conditions=tuple(judged) if item.id == "conditions" else (),
    )


Answer = tuple[GateState, str]


def _conditions(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    missing = [c for c in judged if not c.met]
    if missing:
        return "open", "; ".join(f"{c.text}: {c.why}" for c in missing)
    return "met", "every condition holds"


def order_in_force(ask: Asking, pupil: PupilFacts) -> date | None:
    """Since when an attendance order that names this school is in force; None while none is."""
    events = ask.events(pupil, "school_attendance_order")
    return events[-1].on if events and events[-1].fields.get("state") == "in-force" else None


def _order(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    since = order_in_force(ask, pupil)
    if found.blocked_by_order is None:
        return "does-not-apply", f"an order does not block Ground {found.letter}"
    if since is not None:
        return "open", f"in force since {day_words(since)}; the authority must revoke or amend it first"
    return "met", "none is recorded"


def _confirmed(item: GateFile, stand: Stand, wanted: str) -> Answer:
    answer, words = stand.confirmations.get(item.id, ("", ""))
    if answer == "yes":
        return "met", words
    return "open", f"answered no: {words}" if answer == "no" else wanted


def _ordinary(item: GateFile, ask: Asking, pupil: PupilFacts, found: Ground) -> bool:
    """Whether the rule of today asks for consent: a special school, a place that an authority arranged."""
    of_kind = item.kinds is None or ask.school.kind in item.kinds
    return of_kind and pupil.placed_by_la and found.wants_special_consent


def _widened(item: GateFile, ask: Asking, pupil: PupilFacts, found: Ground) -> Switched | None:
    """The law that asks for it beyond that, once commenced; None where there is none."""
    return next((law for law in item.switched if law.applies(ask, pupil, found.letter)), None)


def _consent(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    wanted = "no consent is recorded; ask the authority{}, or the Secretary of State where it refuses"
    if _ordinary(item, ask, pupil, found):
        return _confirmed(item, stand, wanted.format(" that placed the child"))
    law = _widened(item, ask, pupil, found)
    if law is not None:
        return _confirmed(item, stand, f"{law.why}: {wanted.format('')}")
    if item.kinds is not None and ask.school.kind not in item.kinds:
        plain = f"a rule of special schools maintained or run as academies; this school is {ask.school.kind}"
        return "does-not-apply", item.kind_words.get(ask.school.kind, plain)
    if not pupil.placed_by_la:
        return "does-not-apply", "the place was not arranged by a local authority"
    return "does-not-apply", f"Ground {found.letter} is excepted"


def _confirmation(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    if not ask.school.policy:
        return "does-not-apply", "the school has not taken on the policy that asks for it"
    if not found.wants_confirmation:
        return (
            "does-not-apply",
            f"the policy asks for it when a child ceases to attend, not for Ground {found.letter}",
        )
    return _confirmed(item, stand, "no answer is recorded")


def _return(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    if not stand.return_due:
        return "does-not-apply", "standard transition: no return is due unless the authority has asked"
    if stand.return_sent:
        return "met", stand.return_sent
    return "open", "not sent"


def _authorisation(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    if stand.authorised_by:
        return "met", f"by {stand.authorised_by}"
    return (
        "open",
        f"asked by {stand.requested_by}; a leader other than that has to authorise it as it stands now",
    )


def _date(
    item: GateFile, ask: Asking, pupil: PupilFacts, stand: Stand, found: Ground, judged: Sequence[Judged]
) -> Answer:
    if stand.leaves_on is None:
        return "open", f"named when it is completed; {day_words(ask.on)} or later"
    if stand.leaves_on < ask.on:
        return "open", f"{day_words(stand.leaves_on)} lies in the past; today is {day_words(ask.on)}"
    return "met", day_words(stand.leaves_on)


_STATES = {
    "conditions": _conditions,
    "school-attendance-order": _order,
    "la-consent": _consent,
    "la-confirmation": _confirmation,
    "return-sent": _return,
    "authorisation": _authorisation,
    "date": _date,
}
