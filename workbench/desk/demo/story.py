"""The cases of the invented school: who they are, what happened on which day, and who wrote it down."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field

from rules.age import compulsory_age
from workbench.desk import (
    cases,
    contacts,
    duties,
    enquiries,
    events,
    logbook,
    referrals,
    registers,
    removals,
    returns,
    roll,
)
from workbench.desk.context import Desk
from workbench.desk.demo.marks import Plan, clear, fill
from workbench.desk.demo.school import PASSPHRASE, Invented

Act = tuple[datetime, Callable[[], object]]


class Stage(Struct, kw_only=True):
    """What a story is told on. `days` are the school days played, the last of them complete."""

    days: list[date]
    ahead: list[date]
    """School days after the last one played."""
    today: date
    plan: Plan
    desks: dict[str, Desk]
    acts: list[Act] = field(default_factory=list)

    def last(self, n: int) -> list[date]:
        """The last `n` complete school days, and today if it has sessions that are not over yet."""
        return [*self.days[-n:], *(day for day in self.ahead[:1] if day == self.today)]

    def back(self, n: int) -> date:
        """The school day `n` school days before the last one (0: the last)."""
        return self.days[-1 - n]

    def at(self, day: date, clock: str, act: Callable[[], object]) -> None:
        """Do `act` on `day` at `clock` (`HH:MM`, local time)."""
        self.acts.append((datetime.combine(day, time.fromisoformat(clock)), act))


def tell(stage: Stage, cast: Sequence[Invented], no_show: Invented) -> None:
    """Add every story that the days so far have room for; `cast` are pupils who have no story yet."""
    needed = (
        (12, ten_days),
        (7, home_education),
        (5, suspension),
        (6, reason_not_found),
        (22, moved_on),
        (26, found_again),
    )
    for pupil, (room, story) in zip(cast, needed, strict=False):
        if len(stage.days) > room:
            clear(stage.plan, pupil.upn, stage.last(room + 8))
            story(stage, pupil.upn)
    danger(stage, cast[len(needed)].upn)
    plans(stage)
    dsl = stage.desks["dsl"]
    stage.at(stage.back(0), "15:55", lambda: logbook.verify(dsl))  # as every week: Today does not ask for it
    if len(stage.days) > 2:
        not_arrived(stage, no_show.upn)


def plans(stage: Stage) -> None:
    """Every few weeks the DSL goes through those who miss much, and agrees a plan with their parents."""
    dsl = stage.desks["dsl"]

    def agreed() -> None:
        for duty in duties.due(dsl, rule="absence.persistent"):
            duties.done(dsl, duty.id, "attendance plan agreed with the parents, reviewed at half term")

    for day in stage.days[30::8]:
        stage.at(day, "15:50", agreed)


def tidy(dsl: Desk, upn: str) -> None:
    """Settle what a finished story leaves on the list, as a DSL would."""
    rules = ("case.inform-professionals", "case.enquiries", "case.group-action", "absence.persistent")
    for duty in duties.due(dsl, pupil=upn):
        if duty.rule in rules:
            duties.done(dsl, duty.id, "told by telephone and in writing; the story is in the case")


def ten_days(stage: Stage, upn: str) -> None:
    """Absent without permission for ten school days today: calls made, a case opened, enquiries begun."""
    attendance, dsl = stage.desks["attendance"], stage.desks["dsl"]
    fill(stage.plan, upn, stage.last(10), ("O", "O"))
    first, fourth, ninth = stage.back(9), stage.back(6), stage.back(1)
    stage.at(first, "10:05", lambda: contacts.add(attendance, upn, "mother", "no answer, message left"))
    stage.at(
        fourth,
        "09:50",
        lambda: contacts.add(attendance, upn, "grandmother", "has not seen him since the weekend"),
    )

    def opened() -> None:
        case = cases.open_case(dsl, upn, "ten-days")
        cases.answer(
            dsl, case.id, "danger.level", "none", note="seen by a sibling on Sunday, well and at home"
        )
        cases.answer(dsl, case.id, "groups.youth_justice", "yes", note="order until the summer")
        enquiries.add(
            dsl, case.id, "contact_parents", "called mother and father twice at different times, no answer"
        )
        enquiries.add(dsl, case.id, "emergency_contacts", "grandmother does not know where the family is")

    stage.at(ninth, "15:20", opened)


def not_arrived(stage: Stage, upn: str) -> None:
    """Was to start yesterday and did not come: both days N."""
    fill(stage.plan, upn, stage.last(2), ("N", "N"))
    stage.at(
        stage.back(1),
        "10:15",
        lambda: contacts.add(stage.desks["attendance"], upn, "father", "number not in use"),
    )


def home_education(stage: Stage, upn: str) -> None:
    """A letter says home education; a removal is asked for and waits for the authority's answer."""
    attendance, dsl = stage.desks["attendance"], stage.desks["dsl"]
    came, last = stage.back(4), stage.back(1)
    letter = {
        "on": came.isoformat(),
        "intent": "home-education",
        "in_writing": "yes",
        "last_day": last.isoformat(),
    }
    stage.at(came, "11:10", lambda: events.record(attendance, upn, "parent_letter", letter))

    def asked() -> None:
        case = cases.open_case(dsl, upn, "parent-letter")
        cases.answer(dsl, case.id, "danger.level", "none", note="spoken with both parents and with him")
        cases.answer(dsl, case.id, "know.la", "told", note="by secure form")
        removals.start(dsl, upn, "F", case=case.id, effective=last + timedelta(days=1))

    stage.at(came, "14:30", asked)
    fill(stage.plan, upn, stage.last(1), ("C", "C"))


def danger(stage: Stage, upn: str) -> None:
    """A friend says that she is in danger: the case is open, the referral is not made yet."""
    dsl = stage.desks["dsl"]

    def opened() -> None:
        case = cases.open_case(dsl, upn, "concern")
        cases.answer(
            dsl, case.id, "danger.level", "immediate", note="told a cousin that she would be taken on a trip"
        )

    stage.at(stage.back(0), "14:50", opened)


def suspension(stage: Stage, upn: str) -> None:
    """Suspended for eight school days; the last day played is the fifth."""
    first = stage.back(4)
    fill(stage.plan, upn, stage.last(5), ("E", "E"))
    fields = {"on": first.isoformat(), "from": first.isoformat(), "days": "8"}
    stage.at(first, "08:40", lambda: events.record(stage.desks["dsl"], upn, "suspension", fields))


def reason_not_found(stage: Stage, upn: str) -> None:
    """One day without a reason, five school days ago: N must become another code today."""
    day = stage.back(5)
    fill(stage.plan, upn, [day], ("N", "N"))
    stage.at(day, "10:40", lambda: contacts.add(stage.desks["attendance"], upn, "mother", "will ring back"))


def moved_on(stage: Stage, upn: str) -> None:
    """Registered at another school: evidence, return, a leader's authorisation; the name is off."""
    dsl, leader = stage.desks["dsl"], stage.desks["leader"]
    told, gone = stage.back(17), stage.back(15)
    fields = {"on": told.isoformat(), "school": "Harbour Academy", "as_of": told.isoformat()}
    stage.at(told, "10:00", lambda: events.record(dsl, upn, "registered_elsewhere", fields))

    def asked() -> None:
        ground = "A" if compulsory_age(dsl.rules, roll.find(dsl, upn).born).holds(gone) else "LEFT"
        view = removals.start(dsl, upn, ground)
        for key in removals.keys(dsl, ground):
            removals.evidence(
                dsl, view.removal.id, key.key, key.meets, note="confirmed by telephone with the new school"
            )
        due = next(d for d in duties.due(dsl, pupil=upn) if d.rule == "roll.deletion-return")
        returns.sent(dsl, due.id, "secure form, reference T-4402")

    def ended() -> None:
        view = next(
            r for r in removals.removals(leader) if r.removal.state == "open" and r.removal.ground in "A LEFT"
        )
        removals.authorise(leader, view.removal.id, passphrase=PASSPHRASE)
        removals.complete(dsl, view.removal.id, gone)
        tidy(dsl, upn)

    def handed(kind: str, fields: dict[str, str]) -> Callable[[], object]:
        return lambda: events.record(dsl, upn, kind, fields)

    stage.at(told, "15:00", asked)
    stage.at(gone, "09:30", ended)
    stage.at(stage.back(14), "11:20", handed("handover_sent", {"to": "Harbour Academy"}))
    stage.at(stage.back(11), "10:15", handed("handover_received", {"by": "their DSL, by secure mail"}))


def found_again(stage: Stage, upn: str) -> None:
    """A case that came to a good end: found, referred, back in school."""
    dsl = stage.desks["dsl"]
    away = stage.days[-25:-14]
    fill(stage.plan, upn, away, ("O", "O"))

    def opened() -> None:
        case = cases.open_case(dsl, upn, "ten-days")
        cases.answer(
            dsl, case.id, "danger.level", "risk", note="staying with adults the school does not know"
        )
        referrals.add(
            dsl,
            case.id,
            "social-care",
            "refer",
            "not seen at home, adults unknown",
            threshold="3",
            reference="SC-1180",
        )
        due = next(d for d in duties.due(dsl, pupil=upn) if d.rule == "absence.ten-day-return")
        returns.sent(dsl, due.id, "secure form, reference T-4390")

    def returned() -> None:
        row = next(r for r in cases.cases(dsl) if r.case.trigger == "ten-days" and r.pupil.upn == upn)
        found = next(r for r in referrals.referrals(dsl) if r.case == row.case.id)
        referrals.reply(dsl, found.id, "assessed; support plan agreed", outcome="child in need plan")
        cases.answer(dsl, row.case.id, "outcome.kind", "returned", note="came in with her aunt")
        tidy(dsl, upn)

    stage.at(stage.back(15), "15:45", opened)
    stage.at(stage.back(13), "09:40", returned)


def registers_of(
    stage: Stage, day: date, session: str, classes: dict[str, list[str]], skip: str = ""
) -> None:
    """Take every class's register of one session; `skip` is a class whose teacher forgot."""
    clock, column = ("09:05", 0) if session == "AM" else ("13:20", 1)

    def take(class_: str, upns: list[str]) -> None:
        lines = [
            f"{upn} {codes[column]}"
            for upn in upns
            if (codes := stage.plan[upn].get(day)) and codes[column] not in "/\\"
        ]
        registers.take_lines(
            stage.desks["staff"], class_, session, "\n".join(lines), rest_present=True, on=day
        )

    for class_, upns in classes.items():
        if class_ != skip:
            stage.at(day, clock, lambda c=class_, u=upns: take(c, u))  # type: ignore[misc]
