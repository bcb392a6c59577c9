"""One question: when it is asked, of which school, and what the rules say to it. Shared by all pupils."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from rules.age import CompulsoryAge, compulsory_age
from rules.codes import CodeTable
from rules.days import Calendar
from rules.duty import Duty, Span, State, Trace
from rules.errors import OutsideCalendar
from rules.facts import CaseFacts, ContactMade, Event, Moment, PupilFacts, SchoolFile
from rules.packs import RuleSet, build
from rules.recipients import recipients
from rules.rulefile import Question, Resolved
from rules.runs import Counting, counting
from rules.words import closed_days, day_words, filled, merged, singular, spans

P = TypeVar("P", bound=Struct)
NOON = "12:00"


class Active(NamedTuple):
    """A rule as it stands for one kind of pupil: what it asks, and its numbers in the trigger's own type."""

    rule: Resolved
    params: Any
    csa: bool


class Finding(NamedTuple):
    """What a trigger found; `Asking.duty` makes a duty of it."""

    anchor: str
    """First counted day or session, as text: it ends the duty's id."""
    trigger: date
    due: date
    trace: Trace
    words: Mapping[str, str] = {}
    """What is filled into the rule's action."""
    subject: str = ""
    """The middle of the duty's id; the pupil's id if left out."""
    case: str | None = None
    recipients: tuple[str, ...] | None = None
    """Whom to tell, where that is not what the rule says for every pupil."""
    done: str | None = None
    """What settled it, in words, where the facts themselves show it."""
    state: State | None = None
    """Given only where it does not follow from the due date."""


class Asking:
    """A moment at a school.

    Args:
        rules: the rules.
        calendar: its school days.
        file: what is the same for all pupils.
        moment: when the question is asked.
    """

    def __init__(self, rules: RuleSet, calendar: Calendar, file: SchoolFile, moment: Moment) -> None:
        self.rules, self.calendar, self.file, self.moment = rules, calendar, file, moment
        self.on = moment.on
        self.school = file.school
        self.codes: CodeTable = rules.codes
        self._commenced = tuple(sorted(file.commenced.items()))
        self._active: dict[tuple[str, bool, date], Active | None] = {}
        self._ages: dict[date, CompulsoryAge] = {}
        self._counting: dict[tuple[Any, ...], Counting] = {}
        self.missed: bytes | None = None
        """The marks of the pupil being asked about without those of being there; None outside of such a question."""
        self.kept: dict[str, Any] = {}
        """Room for what a trigger works out once for all pupils."""

    # the moment -------------------------------------------------------------------------------------------

    @cached_property
    def reach(self) -> int:
        """How many sessions, from the calendar's first, have been by the moment."""
        days = self.calendar.upto(self.on)
        if not days or not self.calendar.is_school_day(self.on) or self.moment.at == "end":
            return 2 * days
        begun = 0 if self.moment.at == "start" else sum(self.opened(s) for s in ("AM", "PM"))
        return 2 * days - 2 + begun

    def opens(self, session: str) -> str:
        """When a session's register opens, as `HH:MM`; midnight and noon where the school does not say."""
        return self.school.register_opens.get(session) or ("00:00" if session == "AM" else NOON)

    def opened(self, session: str) -> bool:
        """Whether the register of a session of the day asked about has opened."""
        return self.clock >= self.opens(session).zfill(5)

    @cached_property
    def clock(self) -> str:
        """The clock time as `HH:MM`; the end of the day where the question is not about now."""
        now: datetime | None = self.moment.now
        if self.moment.at == "start":
            return ""
        return "24:00" if now is None or self.moment.at == "end" else f"{now:%H:%M}"

    def been(self, day: date) -> bool:
        """Whether a thing that happened on `day` is known by the moment."""
        return day < self.on or (day == self.on and self.moment.at != "start")

    # the pupil --------------------------------------------------------------------------------------------

    def marks(self, pupil: PupilFacts) -> bytes:
        """The pupil's marks of the sessions that have been."""
        return pupil.marks[: self.reach]

    def events(self, pupil: PupilFacts, *kinds: str) -> list[Event]:
        """The pupil's events of some kinds that stand by the moment, in order of time."""
        if not pupil.events:
            return []
        known = (
            event
            for event in pupil.events
            if event.kind in kinds and (self.been(event.on) or (event.at_start and event.on == self.on))
        )
        return sorted(known, key=lambda event: (event.on, not event.at_start))

    def contacts(self, pupil: PupilFacts) -> list[ContactMade]:
        """The calls and visits logged by the moment, in order of time."""
        return sorted((c for c in pupil.contacts if self.been(c.on)), key=lambda contact: contact.on)

    def cases(self, pupil: PupilFacts, *, open_only: bool = False) -> Iterator[CaseFacts]:
        """The pupil's cases that had been opened by the moment."""
        for case in pupil.cases:
            is_open = case.closed is None or not self.been(case.closed)
            if self.been(case.opened) and (is_open or not open_only):
                yield case

    def on_roll(self, pupil: PupilFacts) -> bool:
        """Whether the name stands on the roll at the moment."""
        return pupil.left is None or pupil.left > self.on

    def age(self, born: date) -> CompulsoryAge:
        """Compulsory school age of a child born on a day."""
        found = self._ages.get(born)
        if found is None:
            found = self._ages[born] = compulsory_age(self.rules, born, self.calendar)
        return found

    # the rules --------------------------------------------------------------------------------------------

    def active(self, rule_id: str, csa: bool, params: type[Struct], on: date | None = None) -> Active | None:
        """A rule as it stands on a day (the day asked about unless given), or None where it does not apply.

        Raises:
            NoValueInForce: if it applies but has no version then.
            PackError: if its parameters are not what its trigger reads.
        """
        key = (rule_id, csa, on or self.on)
        if key not in self._active:
            question = Question(key[2], self.school.kind, self.school.policy, csa, self._commenced)
            resolved = self.rules.resolve(rule_id, question)
            self._active[key] = (
                None
                if resolved is None
                else Active(resolved, build(f"rule {rule_id}: params", dict(resolved.params), params), csa)
            )
        return self._active[key]

    def counting(
        self,
        counts: Sequence[str],
        passes: Sequence[str] = (),
        *,
        blanks_break: bool = False,
        beside: Sequence[str] = (),
    ) -> Counting:
        """`rules.runs.counting`, made once for each set of codes."""
        key = (counts, passes, blanks_break, beside)
        found = self._counting.get(key)
        if found is None:
            found = counting(self.codes, counts, passes, blanks_break=blanks_break, beside=beside)
            self._counting[key] = found
        return found

    def due_after(self, day: date, n: int, rule: str) -> tuple[date, tuple[str, ...], tuple[str, ...]]:
        """The nth school day after `day`, with flags and facts for the trace.

        Where the calendar ends before, it is the last day that the calendar has, and the trace says so.
        """
        try:
            return self.calendar.add(day, n, rule), (), ()
        except OutsideCalendar:
            last = max(day, self.calendar.days[-1] if self.calendar.days else day)
            fact = (
                f"The calendar ends on {day_words(self.calendar.last)}, before school day {n}; "
                "its last day is used. Enter the next terms."
            )
            return last, ("calendar-ends",), (fact,)

    def counted(self, day: date, due: date) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The school days counted after `day` up to `due`, and the days passed over."""
        counted = spans(self.calendar.between(day, due), "school day counted towards the due date")
        return counted, merged(item for item in closed_days(self.calendar, day, due) if item[0] > day)

    # the duty ---------------------------------------------------------------------------------------------

    def duty(self, active: Active, pupil: PupilFacts | None, found: Finding) -> Duty:
        """A duty out of what a trigger found."""
        rule = active.rule
        subject = found.subject or (pupil.id if pupil else "")
        duty_id = f"{rule.rule}:{subject}:{found.anchor}"
        state, settled = self._state(duty_id, found)
        whom = found.recipients
        if whom is None:
            whom = recipients(rule.recipients, self.school, pupil)
        return Duty(
            id=duty_id,
            rule=rule.rule,
            pupil=pupil.id if pupil else None,
            case=found.case,
            action=filled(rule.action, found.words),
            recipient=whom[0] if whom else None,
            recipients=whom,
            trigger=found.trigger,
            due=found.due,
            standing=rule.standing,
            certainty=rule.certainty,
            state=state,
            citation=rule.citation,
            trace=_filled(found.trace, rule),
            is_return=rule.is_return,
            owner=rule.owner,
            settled=settled,
        )

    def _state(self, duty_id: str, found: Finding) -> tuple[State, str | None]:
        act = self.file.settled.get(duty_id)
        if act is not None and act.on <= self.on:
            return act.state, f"{act.state} on {day_words(act.on)} by {act.by}: {act.reason}"
        if found.done is not None:
            return found.state or "done", found.done
        if found.state is not None:
            return found.state, None
        return ("overdue" if self.on > found.due else "due"), None


def _filled(trace: Trace, rule: Resolved) -> Trace:
    """A trace with what the rule says to every one of its duties."""
    also = tuple(f"Also {standing}: {citation.text}." for standing, citation in rule.also)
    return Trace(
        facts=(*map(singular, trace.facts), *rule.notes, *also),
        counted=trace.counted,
        skipped=trace.skipped,
        flags=tuple(dict.fromkeys((*trace.flags, *rule.flags))),
        ends=trace.ends or rule.ends,
    )
