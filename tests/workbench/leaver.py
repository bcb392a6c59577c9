"""A child who left long ago, with a word of their own in every record there is about them."""

from datetime import date

from tests.conftest import DeskFor
from tests.workbench.story import all_but_authorised, walked
from workbench.desk import amendments, cases, concerns, contacts, duties, events, registers, removals, roll
from workbench.desk.clock import FixedClock

CANARY = "Quokkaberg"
MONDAY = date(2026, 11, 23)
YEARS = 15


def left_long_ago(desk_for: DeskFor, clock: FixedClock) -> str:
    """The id of a child who left on 23 November 2026; everything is settled, and the clock stands 15 years later."""
    dsl, leader = desk_for("dsl"), desk_for("leader")
    busy = {duty.pupil for duty in duties.due(dsl)}
    child = next(one for one in roll.pupils(dsl) if one.id not in busy)
    roll.edit(dsl, child.id, {"surname": CANARY, "address": f"1 {CANARY} Way"})
    person = roll.around_add(
        dsl, child.id, {"kind": "contact", "name": f"Aunt {CANARY}", "phone": "07700 900123"}
    )
    roll.around_edit(dsl, person.id, {"role": f"{CANARY}'s aunt"})
    roll.around_remove(dsl, person.id)
    _registers(desk_for, child.id)
    contacts.add(dsl, child.id, f"Mr {CANARY}", "no answer")
    events.record(dsl, child.id, "moved_school", {"to": f"{CANARY} School"})
    concern = concerns.report(desk_for("staff"), child.id, f"{CANARY} was tired")
    concerns.triage(dsl, concern, f"{CANARY}: no action")
    case = cases.open_case(dsl, child.id, "other").id
    walked(dsl, case)
    cases.note(dsl, case, f"{CANARY} wrote")
    all_but_authorised(dsl, child.id, case)
    removal = removals.removals(dsl)[0].removal.id
    removals.authorise(leader, removal)
    removals.complete(dsl, removal, MONDAY)
    cases.close(dsl, case, f"{CANARY} is at home")
    clock.advance(days=366 * YEARS)
    for duty in duties.due(leader, pupil=child.id):
        if duty.rule != "retention.review":
            duties.done(leader, duty.id, f"{CANARY}: long over")
    return child.id


def left_quietly(desk_for: DeskFor, clock: FixedClock) -> str:
    """The id of a child without a case who left on 23 November 2026; the clock stands seven years later."""
    dsl = desk_for("dsl")
    busy = {duty.pupil for duty in duties.due(dsl)}
    child = next(one for one in roll.pupils(dsl) if one.id not in busy)
    all_but_authorised(dsl, child.id, None)
    removal = removals.removals(dsl)[0].removal.id
    removals.authorise(desk_for("leader"), removal)
    removals.complete(dsl, removal, MONDAY)
    clock.advance(days=366 * 7)
    for duty in duties.due(desk_for("leader"), pupil=child.id):
        if duty.rule != "retention.review":
            duties.done(desk_for("leader"), duty.id, "long over")
    return child.id


def _registers(desk_for: DeskFor, pupil: str) -> None:
    """A register with the child late, and a mark amended with a reason."""
    dsl = desk_for("dsl")
    class_ = roll.find(dsl, pupil).class_
    registers.take_lines(dsl, class_, "AM", f"{pupil} L 9", rest_present=True, on=MONDAY)
    amendments.amend(dsl, pupil, MONDAY, "AM", "C", f"{CANARY} had a funeral", note=f"{CANARY} family")
