"""Every function of the desk that is a verb, called with real arguments on a real folder.

`CALLS` names each by `module.function`. A call gets the desk of whoever tries it, and the ids of what stands there.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import workbench.desk
from tests import bundlekit, folderkit
from tests.conftest import CHEAP, DATA, PASSPHRASE, DeskFor
from tests.draftkit import Keyed
from tests.workbench.leaver import left_long_ago
from tests.workbench.story import UPN, all_but_authorised, opened, walked
from workbench.desk import (
    accounts,
    amendments,
    backups,
    calendars,
    cards,
    cases,
    checks,
    clipboard,
    concerns,
    contacts,
    dailysheet,
    drafts,
    duties,
    enquiries,
    events,
    exports,
    failures,
    granting,
    handover_in,
    handover_out,
    handover_receipts,
    import_registers,
    imports,
    logbook,
    notices,
    opening,
    printing,
    recovering,
    recovery,
    referrals,
    register_day,
    register_view,
    registers,
    rekeying,
    removal_keys,
    removals,
    retention,
    returns,
    roll,
    sheets,
    stats,
    transfer,
    undone,
    unfinished,
    upgrades,
    views,
    whatif,
    year,
)
from workbench.desk import around as people_around
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import InvalidError
from workbench.domain.handover import Handover
from workbench.domain.school import Term

Call = Callable[[Desk, SimpleNamespace], object]
TODAY, TOMORROW, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 20)
TEN_DAYS = "absence.ten-day-return"
DATES_2027 = Term(name="Autumn 2027", first=date(2027, 9, 6), last=date(2027, 12, 17))


def modules() -> list[ModuleType]:
    """Every module of the desk."""
    every = pkgutil.iter_modules(workbench.desk.__path__, "workbench.desk.")
    return [importlib.import_module(info.name) for info in every]


def all_functions() -> dict[str, Callable[..., Any]]:
    """Every function that a module of the desk defines, by `module.function`."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in modules()
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__
    }


def all_verbs() -> dict[str, str]:
    """`module.function` to the verb that it is."""
    every = all_functions().items()
    return {name: function.verb for name, function in every if hasattr(function, "verb")}


# what stands in the folder ------------------------------------------------------------------------------------


def build(desk_for: DeskFor, backup: Path) -> SimpleNamespace:
    """A folder in the middle of its work; the ids of what stands there."""
    dsl, leader = desk_for("dsl"), desk_for("leader")
    pupils = [p.id for p in roll.pupils(dsl) if p.upn != UPN]
    w = SimpleNamespace(pupil=roll.find(dsl, UPN).id, fresh=pupils[0], backup=str(backup))
    w.case = opened(dsl).id
    w.referral = referrals.add(dsl, w.case, "early-help", "refer", "a family under strain").id
    granting.grant(dsl, w.case, "auditor")
    w.closed = cases.open_case(dsl, pupils[1], "other").id
    walked(dsl, w.closed)
    cases.close(dsl, w.closed, "settled")
    w.walked = cases.open_case(dsl, pupils[9], "other").id
    walked(dsl, w.walked)
    w.removal = removals.start(dsl, pupils[2], "G").removal.id
    w.requested = _letter(dsl, pupils[3])
    w.authorised = _letter(dsl, pupils[4])
    removals.authorise(leader, w.authorised)
    w.concern = concerns.report(desk_for("staff"), pupils[5], "tired and hungry")
    w.others = concerns.report(desk_for("staff"), pupils[5], "an adult here", about=["dsl", "deputy"])
    keyed = Keyed(desk_for, "dsl", "deputy", "leader")
    w.rings, name = keyed.rings, f"{drafts.CONCERN}{pupils[5]}"
    w.cut, w.cut_others = (
        drafts.keep(desk_for("staff"), "staff", name, {"text": "half a se", "about": about}, proven=False)
        for about in ("", "dsl deputy")
    )
    w.bundle = backup.parent / "hill.zip"
    w.bundle.write_bytes(bundlekit.bundle())
    w.imported = handover_in.bring_in(dsl, str(w.bundle)).case.id
    w.later = backup.parent / "later.zip"
    w.later.write_bytes(bundlekit.bundle(bundlekit.case_file(made_by="somebody else")))
    left = str(backup.parent / "left.zip")
    w.handover = handover_out.export(dsl, w.case, left, handover_out.Way(channel="a courier")).handover.id
    w.event = events.record(dsl, pupils[5], "danger", {"what": "bruises"}).id
    w.person = people_around.around_add(dsl, pupils[5], {"kind": "parent", "name": "A. Parent"}).id
    w.told = pupils[5]
    w.held = pupils[6]
    retention.hold(dsl, w.held, "a claim is pending")
    w.class_ = roll.find(dsl, pupils[7]).class_
    registers.rest_present(dsl, w.class_, TODAY, "AM")
    w.marked = pupils[7]
    w.other_class = next(name for name in roll.classes(dsl) if name != w.class_)
    w.suspended = pupils[8]
    events.record(dsl, w.suspended, "suspension", {"from": "2026-11-23", "days": "6"})
    backups.make(dsl, w.backup)
    for_all, of_policy = a_duty(desk_for("attendance")), a_duty(leader, policy=True)
    w.register = duties.due(desk_for("staff"))[0].id
    clipboard.put(leader, allowed=True)
    w.sheet = dailysheet.daily(dsl)
    w.duty = {"attendance": for_all, "dsl": for_all, "leader": of_policy}
    return w


def not_into(desk: Desk, w: SimpleNamespace) -> None:
    """The folder is sealed, so that nothing is made of it."""
    with pytest.raises(InvalidError, match="sealed already"):
        upgrades.into(desk, str(desk.store.path.parent / "new"), PASSPHRASE, bytes(32))


def _letter(dsl: Desk, pupil: str) -> str:
    """A removal on the ground of home education to which nothing is wanting but a second person and the day."""
    fields = {"on": "2026-11-18", "intent": "home-education", "in_writing": "yes", "last_day": "2026-11-20"}
    events.record(dsl, pupil, "parent_letter", fields)
    return all_but_authorised(dsl, pupil).removal.id


def build_late(desk_for: DeskFor, clock: FixedClock) -> SimpleNamespace:
    """A folder fifteen years later; the id of a leaver whose time is over."""
    return SimpleNamespace(leaver=left_long_ago(desk_for, clock))


# the calls ----------------------------------------------------------------------------------------------------


def a_duty(desk: Desk, policy: bool = False) -> str:
    """A duty on this person's list that a word settles."""
    found = duties.due(desk)
    fit = [d for d in found if d.rule not in duties.ENDED_BY and d.state in ("due", "overdue")]
    return next(d.id for d in fit if not policy or d.standing in ("policy", "local"))


def duty_of(desk: Desk, w: SimpleNamespace) -> str:
    """A duty that this person may see, or would if their role were one for it."""
    return str(w.duty.get(desk.user(), w.duty["dsl"]))


def ten_days(w: SimpleNamespace) -> str:
    return f"{TEN_DAYS}:{w.pupil}:2026-11-05"


def concern_of(desk: Desk, w: SimpleNamespace) -> str:
    """A concern that opens for this person: one about the DSLs does for a leader."""
    return str(w.concern if desk.who is not None and desk.who.has("dsl") else w.others)


def cut_off(desk: Desk, w: SimpleNamespace) -> str:
    """A concern that was cut off and is sealed to this person, who gets their keys."""
    desk.keys = w.rings.get(desk.user(), desk.keys)
    return str(w.cut if desk.who is not None and desk.who.has("dsl") else w.cut_others)


def restored(desk: Desk, w: SimpleNamespace) -> object:
    """A restore as this person: it signs in to the backup itself."""
    found = backups.look(w.backup)
    target = desk.store.path.parent / f"restored-{desk.user()}-{desk.store.head.seq}"
    return backups.restore(found, target, desk.user(), PASSPHRASE, desk.clock)


def fields(**given: str) -> dict[str, str]:
    return given


NEW_PUPIL = fields(
    surname="Newton", forename="Ada", born="2013-05-14", year="9", starts="2026-11-23", **{"class": "9B"}
)
PUPILS, MARKS = (DATA / "pupils-plain.csv").read_bytes(), (DATA / "register-plain.csv").read_bytes()


def _receipt_taken(desk: Desk, w: SimpleNamespace) -> object:
    """A receipt of another school for the bundle that left."""
    if desk.who is not None and desk.who.has("dsl"):
        handover_receipts.record(desk, w.handover, "sent", "A. Name", "DSL")
    made = desk.record("cases", "handovers", w.handover, Handover)
    assert made is not None
    path = desk.store.path.parent / "theirs.json"
    path.write_bytes(bundlekit.receipt(bundle=made.sha256, case=made.case))
    return handover_receipts.record_file(desk, w.handover, str(path))


RECOVERY = recovery.as_text(folderkit.RECOVERY)

READS: dict[str, Call] = {
    "notices.notices": lambda d, w: notices.notices(d),
    "recovering.paper": lambda d, w: recovering.paper(d),
    "accounts.key_holders": lambda d, w: accounts.key_holders(d),
    "accounts.people": lambda d, w: accounts.people(d),
    "amendments.amendments": lambda d, w: amendments.amendments(d, w.pupil),
    "around.around": lambda d, w: people_around.around(d, w.pupil),
    "backups.last": lambda d, w: backups.last(d),
    "calendars.show": lambda d, w: calendars.show(d),
    "cards.speak_to_dsl": lambda d, w: cards.speak_to_dsl(d, w.pupil),
    "cases.triggers": lambda d, w: cases.triggers(d),
    "cases.keys": lambda d, w: cases.keys(d),
    "cases.step_words": lambda d, w: cases.step_words(d, "danger"),
    "cases.cases": lambda d, w: cases.cases(d),
    "checks.check": lambda d, w: checks.check(d),
    "clipboard.show": lambda d, w: clipboard.show(d),
    "concerns.concerns": lambda d, w: concerns.concerns(d),
    "unfinished.unfinished": lambda d, w: unfinished.unfinished(d),
    "contacts.contacts": lambda d, w: contacts.contacts(d, w.pupil),
    "contacts.call_list": lambda d, w: contacts.call_list(d),
    "dailysheet.daily": lambda d, w: dailysheet.daily(d),
    "duties.due": lambda d, w: duties.due(d),
    "duties.find": lambda d, w: duties.find(d, w.register if d.user() == "staff" else duty_of(d, w)),
    "duties.why": lambda d, w: duties.why(d, duty_of(d, w)),
    "duties.figures": lambda d, w: duties.figures(d, w.pupil),
    "duties.warnings": lambda d, w: duties.warnings(d),
    "enquiries.steps": lambda d, w: enquiries.steps(d),
    "enquiries.pupil_of": lambda d, w: enquiries.pupil_of(d, w.case),
    "enquiries.enquiries": lambda d, w: enquiries.enquiries(d, w.case),
    "events.kinds": lambda d, w: events.kinds(d),
    "events.events": lambda d, w: events.events(d, w.told, texts=False),
    "handover_receipts.handovers": lambda d, w: handover_receipts.handovers(d),
    "logbook.entries": lambda d, w: logbook.entries(d),
    "logbook.head": lambda d, w: logbook.head(d),
    "undone.since": lambda d, w: undone.since(d, d.store.head),
    "referrals.recipients_known": lambda d, w: referrals.recipients_known(d),
    "referrals.recipients": lambda d, w: referrals.recipients(d),
    "referrals.levels": lambda d, w: referrals.levels(d),
    "register_day.registers_of": lambda d, w: register_day.registers_of(d),
    "register_view.view": lambda d, w: register_view.view(d, w.class_),
    "register_view.code_choices": lambda d, w: register_view.code_choices(d),
    "registers.marks_of": lambda d, w: registers.marks_of(d, w.pupil),
    "removal_keys.grounds": lambda d, w: removal_keys.grounds(d),
    "removal_keys.keys": lambda d, w: removal_keys.keys(d),
    "removals.evidence_questions": lambda d, w: removals.evidence_questions(d, w.removal),
    "removals.removals": lambda d, w: removals.removals(d),
    "removals.show": lambda d, w: removals.show(d, w.removal),
    "retention.kept": lambda d, w: retention.kept(d),
    "retention.erased": lambda d, w: retention.erased(d),
    "retention.holds": lambda d, w: retention.holds(d),
    "returns.returns": lambda d, w: returns.returns(d),
    "roll.pupils": lambda d, w: roll.pupils(d),
    "roll.find": lambda d, w: roll.find(d, w.pupil),
    "roll.classes": lambda d, w: roll.classes(d),
    "failures.failures": lambda d, w: failures.failures(d),
    "sheets.certificate": lambda d, w: sheets.certificate(d, w.pupil),
    "sheets.letter": lambda d, w: sheets.letter(d, "absence", w.pupil),
    "sheets.letter_list": lambda d, w: sheets.letter_list(d),
    "sheets.return_": lambda d, w: sheets.return_(d, ten_days(w)),
    "year.show": lambda d, w: year.show(d),
    "views.looks": lambda d, w: views.looks(d),
    "whatif.what_if": lambda d, w: whatif.what_if(d, w.pupil, "O", date(2026, 12, 4)),
}
"""Those that leave no entry."""

WRITES: dict[str, Call] = {
    "accounts.remove": lambda d, w: accounts.remove(d, "staff"),
    "granting.grant": lambda d, w: granting.grant(d, w.walked, "auditor"),
    "granting.withdraw": lambda d, w: granting.withdraw(d, w.case, "auditor"),
    "recovering.prove": lambda d, w: recovering.prove(d, RECOVERY),
    "recovering.make_new": lambda d, w: recovering.make_new(d, bytes(32)),
    "rekeying.rekey": lambda d, w: rekeying.rekey(d, PASSPHRASE, CHEAP),
    "rekeying.reset": lambda d, w: rekeying.reset(d, "staff", CHEAP),
    "accounts.add": lambda d, w: accounts.add(
        d, fields(user="new", name="N. New", post="Cover", roles="staff"), PASSPHRASE, CHEAP
    ),
    "accounts.set_passphrase": lambda d, w: accounts.set_passphrase(d, "seven quiet otters swim", CHEAP),
    "accounts.set_roles": lambda d, w: accounts.set_roles(d, "staff", ["attendance"]),
    "amendments.amend": lambda d, w: amendments.amend(d, w.pupil, FRIDAY, "AM", "I", "a letter came"),
    "around.around_add": lambda d, w: people_around.around_add(
        d, w.pupil, fields(name="B. Aunt", kind="contact")
    ),
    "around.around_edit": lambda d, w: people_around.around_edit(d, w.person, fields(phone="01632 960999")),
    "around.around_remove": lambda d, w: people_around.around_remove(d, w.person),
    "backups.make": lambda d, w: backups.make(d, str(d.store.path.parent / "made.backup")),
    "backups.verify": lambda d, w: backups.verify(d, w.backup),
    "backups._finish": restored,
    "calendars.close": lambda d, w: calendars.close(d, TOMORROW, why="boiler"),
    "calendars.open_": lambda d, w: calendars.open_(d, date(2027, 5, 3)),
    "calendars.add": lambda d, w: calendars.add(d, [DATES_2027]),
    "cases.show": lambda d, w: cases.show(d, w.case),
    "cases.answer": lambda d, w: cases.answer(d, w.case, "danger.level", "none", "seen at home"),
    "cases.note": lambda d, w: cases.note(d, w.case, "a neighbour rang"),
    "cases.assign": lambda d, w: cases.assign(d, w.case, waits_for="la"),
    "cases.link": lambda d, w: cases.link(d, w.case, w.fresh, "sibling"),
    "cases.close": lambda d, w: cases.close(d, w.walked, "settled"),
    "cases.reopen": lambda d, w: cases.reopen(d, w.closed, "seen again"),
    "checks.rebuild": lambda d, w: checks.rebuild(d),
    "clipboard.put": lambda d, w: clipboard.put(d, not clipboard.is_allowed(d)),
    "concerns.report": lambda d, w: concerns.report(d, w.pupil, "very quiet today"),
    "concerns.show": lambda d, w: concerns.show(d, concern_of(d, w)),
    "unfinished.look": lambda d, w: unfinished.look(d, cut_off(d, w)),
    "unfinished.take_up": lambda d, w: unfinished.take_up(d, cut_off(d, w)),
    "concerns.triage": lambda d, w: concerns.triage(d, concern_of(d, w), "early help"),
    "contacts.add": lambda d, w: contacts.add(d, w.pupil, "mother", "no answer"),
    "duties.done": lambda d, w: duties.done(d, duty_of(d, w), "by telephone"),
    "duties.override": lambda d, w: duties.override(d, duty_of(d, w), "agreed with the trust"),
    "enquiries.add": lambda d, w: enquiries.add(d, w.case, "home_visit", "nobody in"),
    "events.event": lambda d, w: events.event(d, w.told, w.event),
    "events.record": lambda d, w: events.record(d, w.pupil, "moved_school", fields(to="Hillside School")),
    "exports.export_case": lambda d, w: exports.export_case(d, w.case),
    "exports.write_case": lambda d, w: exports.write_case(d, w.case, d.store.path.parent / "case.json"),
    "import_registers.import_register": lambda d, w: import_registers.import_register(
        d, "r.csv", MARKS, True
    ),
    "imports.import_pupils": lambda d, w: imports.import_pupils(d, "p.csv", PUPILS, True),
    "opening.open_case": lambda d, w: opening.open_case(d, w.fresh, "other"),
    "logbook.verify": lambda d, w: logbook.verify(d),
    "logbook.vouched": lambda d, w: logbook.vouched(d),
    "printing.copy": lambda d, w: printing.copy(d, w.sheet),
    "printing.make": lambda d, w: printing.make(d, w.sheet),
    "sheets.case_chronology": lambda d, w: sheets.case_chronology(d, w.case),
    "referrals.referrals": lambda d, w: referrals.referrals(d),
    "referrals.show": lambda d, w: referrals.show(d, w.referral),
    "referrals.add": lambda d, w: referrals.add(d, w.case, "social-care", "refer", "not seen for two weeks"),
    "referrals.reply": lambda d, w: referrals.reply(d, w.referral, "a worker will ring"),
    "referrals.escalate": lambda d, w: referrals.escalate(d, w.referral, "to the team manager"),
    "registers.mark": lambda d, w: registers.mark(d, w.marked, TODAY, "AM", "N"),
    "registers.rest_present": lambda d, w: registers.rest_present(d, w.other_class, TODAY, "AM"),
    "registers.take": lambda d, w: registers.take(d, w.class_, TODAY, "AM"),
    "registers.take_lines": lambda d, w: registers.take_lines(d, w.class_, "AM", f"{w.marked} N", True),
    "removals.start": lambda d, w: removals.start(d, w.fresh, "G"),
    "removals.evidence": lambda d, w: removals.evidence(d, w.requested, "last_day_passed", "2026-11-20"),
    "removals.confirm": lambda d, w: removals.confirm(d, w.requested, "P. Rowe", "T-10", "yes"),
    "removals.withdraw": lambda d, w: removals.withdraw(d, w.removal, "the family stays"),
    "removals.authorise": lambda d, w: removals.authorise(d, w.requested),
    "removals.complete": lambda d, w: removals.complete(d, w.authorised, TODAY),
    "retention.hold": lambda d, w: retention.hold(d, w.pupil, "a claim is pending"),
    "retention.release": lambda d, w: retention.release(d, w.held, "the claim is settled"),
    "returns.draft": lambda d, w: returns.draft(d, ten_days(w)),
    "returns.sent": lambda d, w: returns.sent(d, ten_days(w), "secure form, T-4471"),
    "roll.add": lambda d, w: roll.add(d, NEW_PUPIL),
    "roll.edit": lambda d, w: roll.edit(d, w.pupil, fields(address="2 Quay Lane")),
    "stats.read": lambda d, w: stats.read(d),
    "handover_out.look": lambda d, w: handover_out.look(d, w.case),
    "handover_out.export": lambda d, w: handover_out.export(
        d, w.case, str(d.store.path.parent / "bundle.zip"), handover_out.Way(channel="a courier")
    ),
    "handover_in.bring_in": lambda d, w: handover_in.bring_in(d, str(w.later)),
    "handover_in.received": lambda d, w: handover_in.received(d, w.imported),
    "handover_receipts.accept": lambda d, w: handover_receipts.accept(
        d, w.imported, str(d.store.path.parent / "receipt.json")
    ),
    "handover_receipts.record": lambda d, w: handover_receipts.record(
        d, w.handover, "sent", "A. Name", "DSL"
    ),
    "handover_receipts.record_file": _receipt_taken,
    "transfer.write": lambda d, w: transfer.write(
        d, w.pupil, str(d.store.path.parent), "8801234", ahead=True
    ),
    "year.roll": lambda d, w: year.roll(d, terms=[DATES_2027], dry_run=True),
    "upgrades.upgrade": lambda d, w: upgrades.upgrade(d),
    "upgrades.into": not_into,
}
"""Those that may leave an entry: each is tried on a folder of its own."""

LATE: dict[str, Call] = {
    "retention.plan": lambda d, w: retention.plan(d, w.leaver),
    "retention.erase": lambda d, w: retention.erase(d, w.leaver, "twenty-five years are over"),
}
"""Those that want a leaver whose time is over."""

CALLS = {**READS, **WRITES, **LATE}
