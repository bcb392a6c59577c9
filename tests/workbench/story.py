"""Steps of the main job that several tests need: a child ten days absent, their case, their removal."""

from tests.conftest import DeskFor
from workbench.desk import cases, duties, enquiries, referrals, removals, returns
from workbench.desk.context import Desk
from workbench.desk.removals import RemovalView
from workbench.domain.cases import Case
from workbench.domain.removals import Gate

TEN_DAYS = "absence.ten-day-return"
CALM = {
    "danger.level": ("none", "seen by a neighbour yesterday"),
    "know.la": ("told", "secure form T-1"),
    "know.parents": ("told", ""),
    "outcome.kind": ("not-found", "both agree"),
    "close.summary": ("everything done", ""),
}
"""Answers with which a case can be closed once a referral was decided; others that are asked are told too."""


UPN = "V880600118340"
"""A child of the test school who was last there on Wed 4 Nov PM."""


def absent(desk: Desk) -> duties.Duty:
    """That child's ten-day duty."""
    return duties.due(desk, rule=TEN_DAYS, pupil=UPN)[0]


def opened(desk: Desk, about: tuple[str, ...] = ()) -> Case:
    """A case opened from that duty."""
    duty = absent(desk)
    assert duty.pupil is not None
    return cases.open_case(desk, duty.pupil, duty.id, about)


def walked(desk: Desk, case: str) -> None:
    """The whole wizard, answered so that nothing stands open."""
    for asked in cases.show(desk, case, again=True).questions:
        value, note = CALM.get(asked.key, ("", ""))
        if asked.kind == "group":
            value, note = "no", ""
        elif asked.kind == "told" and not value:
            value = "told"
        elif asked.key == "referral.threshold_level":
            value, note = "2", "targeted help"
        if value and not asked.key.startswith("happened."):
            cases.answer(desk, case, asked.key, value, note)
    for key, _ in enquiries.steps(desk):
        enquiries.add(desk, case, key, "no trace", by_whom="school")
    referrals.add(desk, case, "early-help", "not-referred", "the family moved away; no sign of harm")


def gate(view: RemovalView, name: str) -> Gate:
    """One gate of a removal by its id."""
    return next(g for g in view.gates if g.id == name)


def all_but_authorised(desk: Desk, pupil: str, case: str | None = None) -> RemovalView:
    """A removal on Ground F with every gate met that does not need a second person or a date."""
    removal = removals.start(desk, pupil, "F", case).removal.id
    removals.evidence(desk, removal, "letter_says_home_education", "yes", "letter of 16 November")
    removals.evidence(desk, removal, "last_day_passed", "2026-11-20")
    removals.confirm(desk, removal, "P. Rowe", "T-9", "yes")
    duty = removals.show(desk, removal).return_duty
    assert duty is not None
    returns.sent(desk, duty, "secure form, T-10")
    return removals.show(desk, removal)


def acts(desk: Desk, since: int = 0) -> list[str]:
    """The acts of the log after an entry."""
    return [entry["act"] for entry in desk.store.entries() if entry["seq"] > since]


__all__ = ["DeskFor", "absent", "acts", "all_but_authorised", "gate", "opened", "walked"]
