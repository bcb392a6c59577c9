"""A school in which every text that anybody can type means harm: markup, escape codes, bidirectional overrides, length.

What the doors clean or refuse is tried there; what they let through stands in the records, and one document is written
past them, as a hand-edited folder would be.
"""

from datetime import date

from tests import bundlekit
from tests.conftest import CHEAP, PASSPHRASE, DeskFor
from tests.workbench.story import UPN
from workbench.desk import (
    accounts,
    amendments,
    around,
    calendars,
    cases,
    concerns,
    contacts,
    duties,
    enquiries,
    events,
    handover_in,
    handover_out,
    handover_receipts,
    referrals,
    registers,
    removals,
    retention,
    returns,
    roll,
)
from workbench.desk.context import Desk
from workbench.desk.text import PAGE
from workbench.domain.cases import Note
from workbench.domain.characters import BAD

MARKUP = "[/] [@click=app.quit]x[/] [b][red]bold[/ [link=file:///etc/passwd]y"
CODES = "a\x1b]0;PWNED\x07b\x1b[2JPWNEDc\x9b31md\x00e\u202egnp.exe\u2066f\x1b]52;c;UFdORUQ=\x07g"
"""Escape codes for title, screen and clipboard, C1, NUL, and text turned round."""
ALL = f"{MARKUP} {CODES}"
LONG = (MARKUP + " 名前 ") * 400
SURROGATE = "lone \ud800 one"
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)


def long(limit: int = PAGE) -> str:
    """A text as long as a door lets through, 20,000 characters unless it takes less."""
    return LONG[:limit]


def name() -> str:
    """A hostile name that the roll takes: it refuses control characters outright."""
    return BAD.sub("", MARKUP)


def build(desk_for: DeskFor) -> dict[str, str]:
    """Every record of a folder with hostile texts; what each place of the workbench can be asked for."""
    dsl, leader = desk_for("dsl"), desk_for("leader")
    pupil = roll.find(dsl, UPN)
    _pupils(dsl, pupil.id)
    ids = {"pupil": pupil.id, "class_": pupil.class_, "rule": "absence.severe"}
    ids["case"] = _case(desk_for, pupil.id)
    ids["step"] = "danger"
    ids["referral"] = referrals.add(
        dsl, ids["case"], "lado", "refer", ALL, ALL[:80], ALL[:80], "refused", ALL[:400]
    ).id
    referrals.reply(dsl, ids["referral"], ALL, ALL[:200], ALL[:120])
    referrals.escalate(dsl, ids["referral"], long(15_000))
    ids["removal"] = _removal(dsl, pupil.id, ids["case"])
    ids["concern"] = concerns.report(desk_for("staff"), pupil.id, ALL + long(19_000))
    concerns.triage(dsl, concerns.report(desk_for("staff"), pupil.id, SURROGATE), ALL)
    retention.hold(leader, pupil.id, ALL)
    calendars.close(dsl, date(2026, 12, 1), why=ALL[:200])
    accounts.add(dsl, {"user": "new", "name": name(), "post": name(), "roles": "staff"}, PASSPHRASE, CHEAP)
    _settled(desk_for, pupil.id)
    ids["imported"] = _handed_over(dsl, ids["case"])
    ids["duty"] = next(d.id for d in duties.due(dsl, pupil=pupil.id) if d.rule == "roll.deletion-return")
    return ids


def _handed_over(dsl: Desk, case: str) -> str:
    """A bundle that left and what became of it, and a case of another school, all of it in hostile words."""
    beside = dsl.store.path.parent
    way = handover_out.Way(channel=ALL[:400])
    left = handover_out.export(dsl, case, str(beside / "left.zip"), way, ALL[:400]).handover.id
    handover_receipts.record(dsl, left, "sent", name(), name(), note=ALL[:400])
    handover_receipts.record(dsl, left, "queried", name(), name(), read_back="0" * 64, note=ALL[:400])
    line = {"at": ALL, "recorded": ALL, "kind": ALL, "text": ALL + long(15_000), "by": ALL}
    theirs = bundlekit.case_file(
        made_at=ALL,
        made_by=ALL,
        school={**bundlekit.SCHOOL, "name": ALL, "number": ALL},
        case={**bundlekit.case_file()["case"], "id": ALL},
        chronology=[line, {**line, "at": "2026-11-20", "text": MARKUP}],
        redactions=[ALL, long(2_000)],
    )
    path = beside / "theirs.zip"
    path.write_bytes(bundlekit.bundle(theirs))
    return handover_in.bring_in(dsl, str(path)).case.id


def _pupils(dsl: Desk, pupil: str) -> None:
    texts = {
        "surname": name(),
        "forename": name(),
        "address": name(),
        "postcode": "[/]",
        "home_la": name()[:60],
    }
    roll.edit(dsl, pupil, texts)
    person = {"kind": "parent", "name": ALL, "role": ALL[:60], "phone": ALL[:40], "email": "[/]@x.invalid"}
    around.around_add(dsl, pupil, person)
    around.around_add(dsl, pupil, {"kind": "professional", "name": LONG[:190], "role": MARKUP[:60]})
    contacts.add(dsl, pupil, ALL, long(480), number=ALL[:60])
    events.record(dsl, pupil, "danger", {"what": ALL + long(15_000)})
    events.record(dsl, pupil, "sickness_forecast", {"days": "5", "condition": ALL})
    registers.mark(dsl, pupil, MONDAY, "AM", "B", note=ALL[:180])
    amendments.amend(dsl, pupil, FRIDAY, "AM", "I", ALL, note=ALL[:180])


def _case(desk_for: DeskFor, pupil: str) -> str:
    dsl = desk_for("dsl")
    case = cases.open_case(dsl, pupil, "other").id
    for asked in cases.show(dsl, case).questions:
        if not asked.choices and asked.kind != "date":
            cases.answer(dsl, case, asked.key, ALL, ALL)
    cases.answer(dsl, case, "danger.level", "risk", long())
    cases.note(dsl, case, ALL)
    cases.note(dsl, case, SURROGATE)
    cases.note(dsl, case, long())
    cases.link(dsl, case, next(p.id for p in roll.pupils(dsl) if p.id != pupil), "sibling")
    enquiries.add(desk_for("attendance"), case, "home_visit", ALL, how=ALL[:200], evidence=long())
    with dsl.change(
        "note.added", subject=case
    ) as tx:  # past every door, as a hand-edited folder would have it
        raw = "c1 \x9b31m bidi \u202egnp.exe\u2066 mark \ufeff"
        note = Note(id="L-RAWRAW", case=case, text=raw, at=dsl.stamp(), by="dsl", recorded=dsl.stamp())
        dsl.save(tx, "cases", "notes", note)
    return case


def _removal(dsl: Desk, pupil: str, case: str) -> str:
    own = removals.start(dsl, pupil, "F", case).removal.id
    removals.evidence(dsl, own, "letter_says_home_education", "yes", ALL)
    removals.confirm(dsl, own, name()[:100], ALL[:80], "no")
    return own


def _settled(desk_for: DeskFor, pupil: str) -> None:
    """A duty done with a hostile reason, and a return sent in a hostile way."""
    dsl = desk_for("dsl")
    for duty in duties.due(dsl, pupil=pupil):
        if duty.is_return and duty.rule == "absence.ten-day-return":
            returns.sent(dsl, duty.id, ALL)
        elif duty.rule == "absence.persistent":
            duties.done(dsl, duty.id, ALL)
