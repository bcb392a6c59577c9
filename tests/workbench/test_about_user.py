"""What is about somebody does not exist for them: all that they can ask is answered as if it had never been written.

Two copies of one folder: in one, others report a concern and open a case about a person here, with a referral, a
removal, calls and enquiries; in the other they do not. Whatever the person asks must be answered alike in both.
"""

import difflib
import pprint
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import NOW, DeskFor, signer
from tests.workbench.story import TEN_DAYS, UPN
from workbench.desk import (
    accounts,
    calendars,
    cards,
    cases,
    concerns,
    contacts,
    duties,
    enquiries,
    events,
    exports,
    folders,
    handover_out,
    logbook,
    referrals,
    removals,
    retention,
    returns,
    roll,
    views,
    whatif,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.permissions import may
from workbench.domain.errors import NotFoundError, RefusedError, WorkbenchError

BY_HAND = handover_out.Way(channel="a courier, by hand")

CANARY = "Axolotlwine"
TOMORROW = date(2026, 11, 24)
Asked = dict[str, Callable[[Desk, str], object]]


def secret(desk_for: DeskFor, about: str, pupil: str) -> dict[str, str]:
    """A concern and a case about an account, and all that can hang on them; the ids."""
    other = desk_for("deputy")
    concern = concerns.report(desk_for("staff"), pupil, f"{CANARY} about {about}", about=[about])
    concerns.triage(other, concern, f"{CANARY}: a case")
    untriaged = concerns.report(desk_for("staff"), pupil, f"{CANARY} once more", about=[about])
    case = cases.open_case(other, pupil, "concern", about=(about,)).id
    cases.answer(other, case, "danger.level", "immediate", f"{CANARY} said so")
    cases.answer(other, case, "groups.harm_neglect", "yes", f"{CANARY} group")
    cases.note(other, case, f"{CANARY} note")
    enquiries.add(other, case, "home_visit", f"{CANARY} nobody in")
    referral = referrals.add(other, case, "lado", "refer", f"{CANARY} reason").id
    contacts.add(other, pupil, f"{CANARY} the LADO", "will ring", case=case)
    removal = removals.start(other, pupil, "G", case=case).removal.id
    for duty in duties.due(other, pupil=pupil):
        if duty.case == case and duty.rule not in duties.ENDED_BY:
            duties.done(other, duty.id, f"{CANARY} done")
            break
    return {
        "concern": concern, "untriaged": untriaged, "case": case, "referral": referral, "removal": removal,
    }  # fmt: skip


ASKED: Asked = {
    "due.list": lambda d, p: [duties.due(d, everything=True), duties.due(d, pupil=p), duties.due_hidden(d)],
    "due.list then": lambda d, p: duties.due(d, on=d.today() + timedelta(7), everything=True),
    "duty.why": lambda d, p: [duties.why(d, duty.id) for duty in duties.due(d, pupil=p)],
    "case.list": lambda d, p: cases.cases(d),
    "concern.list": lambda d, p: concerns.concerns(d),
    "referral.list": lambda d, p: referrals.referrals(d, texts=False),
    "removal.list": lambda d, p: removals.removals(d),
    "return.list": lambda d, p: returns.returns(d),
    "return.draft": lambda d, p: [
        returns.draft(d, row.duty.id, form) for row in returns.returns(d) for form in returns.FORMATS
    ],
    "contact.list": lambda d, p: contacts.contacts(d, p),
    "contact.call-list": lambda d, p: contacts.call_list(d, date(2026, 11, 20)),
    "event.list": lambda d, p: events.events(d, p),
    "card.show": lambda d, p: cards.speak_to_dsl(d, p),
    "figures.read": lambda d, p: duties.figures(d, p),
    "whatif.show": lambda d, p: whatif.what_if(d, p, "O", date(2026, 12, 11)),
    "calendar.close": lambda d, p: calendars.close(d, TOMORROW, why="boiler", dry_run=True),
    "retention.list": lambda d, p: retention.kept(d),
    "pupil.find": lambda d, p: [roll.find(d, p), roll.pupils(d)],
    "log.show": lambda d, p: [[e["act"], e["subject"], e["why"]] for e in logbook.entries(d, pupil=p)],
    "log.views": lambda d, p: [[x.act, x.subject, x.pupil] for x in views.looks(d)],
    "people.list": lambda d, p: accounts.people(d),
}
"""What can be asked without a change; the row of the table first."""


def answers(desk: Desk, pupil: str) -> dict[str, Any]:
    """All that a person may ask, as plain values."""
    found = {}
    for name, ask in ASKED.items():
        if may(desk, name.split(" ")[0]):
            found[name] = msgspec.to_builtins(ask(desk, pupil), str_keys=True)
    return found


def lines(answer: object) -> list[str]:
    """An answer as lines, so that a difference can be read."""
    return pprint.pformat(answer, width=200).split("\n")


@pytest.fixture
def two(filled_folder: Path, tmp_path: Path) -> Iterator[tuple[DeskFor, DeskFor]]:
    """Two open copies of one folder, each with a case that is about nobody here."""
    started = Path(shutil.copytree(filled_folder, tmp_path / "started"))
    desk = folders.open_folder(started, FixedClock(NOW))
    dsl = signer(desk)("dsl")
    own = cases.open_case(dsl, roll.pupils(dsl)[3].id, "other").id
    cases.note(dsl, own, "in order")
    desk.close(snapshot=True)
    desks = []
    for name in ("without", "with"):
        path = Path(shutil.copytree(started, tmp_path / name))
        desks.append(folders.open_folder(path, FixedClock(NOW)))
    yield signer(desks[0]), signer(desks[1])
    for one in desks:
        one.close()


@pytest.mark.parametrize("about", ["dsl", "leader", "attendance"])
def test_all_is_answered_as_if_it_had_never_been_written(two: tuple[DeskFor, DeskFor], about: str) -> None:
    without, with_it = two
    pupil = roll.find(without("dsl"), UPN).id
    ids = secret(with_it, about, pupil)
    plain, asked = answers(without(about), pupil), answers(with_it(about), pupil)
    assert asked.keys() == plain.keys()
    for name, answer in asked.items():
        assert list(difflib.unified_diff(lines(plain[name]), lines(answer), name, n=0)) == []
    text = str(asked)
    assert [word for word in (CANARY, *ids.values()) if word in text] == []
    others = str(answers(with_it("deputy"), pupil))
    assert all(own in others for own in ids.values())


@pytest.mark.parametrize("about", ["dsl", "leader"])
def test_what_is_asked_for_by_its_id_is_not_there(two: tuple[DeskFor, DeskFor], about: str) -> None:
    desk_for = two[1]
    pupil = roll.find(desk_for("dsl"), UPN).id
    ids = secret(desk_for, about, pupil)
    desk = desk_for(about)
    tries: list[tuple[str, Callable[[], object]]] = [
        ("case.show", lambda: cases.show(desk, ids["case"])),
        ("case.export", lambda: exports.export_case(desk, ids["case"])),
        ("handover.check", lambda: handover_out.look(desk, ids["case"])),
        ("handover.export", lambda: handover_out.export(desk, ids["case"], "x.zip", BY_HAND)),
        ("case.answer", lambda: cases.answer(desk, ids["case"], "danger.level", "none", "x")),
        ("case.note", lambda: cases.note(desk, ids["case"], "x")),
        ("enquiry.list", lambda: enquiries.enquiries(desk, ids["case"])),
        ("referral.show", lambda: referrals.show(desk, ids["referral"])),
        ("referral.reply", lambda: referrals.reply(desk, ids["referral"], "x")),
        ("removal.show", lambda: removals.show(desk, ids["removal"])),
        ("removal.withdraw", lambda: removals.withdraw(desk, ids["removal"], "x")),
        ("removal.authorise", lambda: removals.authorise(desk, ids["removal"])),
        ("concern.show", lambda: concerns.show(desk, ids["concern"])),
        ("concern.triage", lambda: concerns.triage(desk, ids["untriaged"], "x")),
        ("contact.add", lambda: contacts.add(desk, pupil, "x", "x", case=ids["case"])),
        ("duty.done", lambda: duties.done(desk, f"concern.triage:{ids['untriaged']}:2026-11-23", "x")),
    ]
    for name, attempt in tries:
        if not may(desk, name):
            continue
        with pytest.raises(NotFoundError) as told:
            attempt()
        assert CANARY not in str(told.value)


def test_the_whole_log_tells_whom_it_is_about_only_that_one_was_reported(
    two: tuple[DeskFor, DeskFor],
) -> None:
    desk_for = two[1]
    pupil = roll.find(desk_for("dsl"), UPN).id
    before = desk_for("dsl").store.head.seq
    ids = secret(desk_for, "dsl", pupil)
    new = [e for e in logbook.entries(desk_for("dsl")) if e["seq"] > before]
    assert [e for e in new if pupil in f"{e['subject']} {e['why']}"] == []
    assert CANARY not in str(new)
    assert [e["why"] for e in new if e["act"] == "concern.reported"] == [None, None]
    assert ids["concern"] in {e["subject"] for e in new}


def test_a_case_of_ones_own_is_handed_over_without_it(two: tuple[DeskFor, DeskFor]) -> None:
    """The same child has a case about the DSL and one that is not: page, chronology and file of the other."""
    kept = []
    for desk_for, with_it in zip(two, (False, True), strict=True):
        pupil = roll.find(desk_for("dsl"), UPN).id
        if with_it:
            ids = secret(desk_for, "dsl", pupil)
        own = cases.open_case(desk_for("dsl"), pupil, "ten-days").id
        view = msgspec.to_builtins(cases.show(desk_for("dsl"), own), str_keys=True)
        file = exports.export_case(desk_for("dsl"), own)
        text = f"{view}{file}"
        kept.append(
            (
                [line["text"] for line in view["chronology"]],
                [d["id"].replace(own, "C") for d in view["duties"]],
                len(file["contacts"]),
                len(file["removals"]),
                [line["text"] for line in file["chronology"]],
                [e["act"] for e in file["log"]],
            )
        )
    assert kept[0] == kept[1]
    assert [word for word in (CANARY, *ids.values()) if word in text] == []


def test_a_second_case_says_nothing_of_the_first(two: tuple[DeskFor, DeskFor]) -> None:
    desk_for = two[1]
    pupil = roll.find(desk_for("dsl"), UPN).id
    ids = secret(desk_for, "dsl", pupil)
    with pytest.raises(WorkbenchError) as told:
        removals.start(desk_for("dsl"), pupil, "G")
    assert isinstance(told.value, RefusedError)
    assert ids["removal"] not in str(told.value)
    duty = duties.due(desk_for("dsl"), rule=TEN_DAYS, pupil=pupil)[0]
    assert cases.open_case(desk_for("dsl"), pupil, duty.id).about == ()
