"""Duties as the screens say them: one line each, and what the next step of each rule is."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from screens.text import due_words
from screens.widgets.lines import Row

if TYPE_CHECKING:
    from workbench.desk.duties import Duty

    from workbench.domain.pupils import Pupil

STANDING = {"statutory guidance": "statutory", "guidance": "guidance"}
"""Standings that are said shorter in a column."""

NEXT_STEP: Mapping[str, tuple[str, str]] = {
    "register.take": ("register", ""),
    "absence.first-day-contact": ("call-list", ""),
    "absence.resolve-n": ("marks", ""),
    "absence.persistent": ("pupil", ""),
    "absence.severe": ("pupil", ""),
    "absence.advisory": ("pupil", ""),
    "roll.no-show": ("case", ""),
    "roll.la-confirmation": ("removal", ""),
    "suspension.sixth-day": ("event", ""),
    "concern.triage": ("concerns", ""),
    "case.danger-referral": ("referral", ""),
    "case.group-action": ("step", "groups"),
    "case.enquiries": ("step", "enquiries"),
    "case.inform-professionals": ("step", "know"),
    "referral.follow-up": ("referrals", ""),
}
"""Rule to the place of its next step, and the wizard step where the place is one. A duty that is a return
drafts it."""


def next_step(duty: "Duty") -> tuple[str, str]:
    """Place and wizard step that Enter opens for a duty; the pupil's page where the rule has no step of its
    own."""
    if duty.is_return:
        return "return", ""
    return NEXT_STEP.get(duty.rule, ("pupil" if duty.pupil else "", ""))


def who_words(duty: "Duty", pupils: Mapping[str, "Pupil"]) -> str:
    """`Dunmore, Kai 9B`; the class and session of a register; a dash for what is about nobody."""
    if duty.pupil is not None:
        pupil = pupils.get(duty.pupil)
        return f"{pupil.name} {pupil.class_}" if pupil else duty.pupil
    if duty.rule == "register.take":
        _, class_, anchor = duty.id.split(":", 2)
        return f"{class_} {anchor[10:]}".strip()
    return "–"


def is_urgent(duty: "Duty") -> bool:
    """Whether a duty gets the `!`: late, or about danger."""
    return duty.state == "overdue" or (duty.rule == "case.danger-referral" and duty.state == "due")


def duty_row(duty: "Duty", pupils: Mapping[str, "Pupil"], today: date) -> Row:
    """When, who, what, source."""
    urgent = is_urgent(duty)
    cells = (
        due_words(duty.due, today, duty.state), who_words(duty, pupils), duty.action,
        STANDING.get(duty.standing, duty.standing),
    )  # fmt: skip
    return Row(duty.id, cells, mark="!" if urgent else " ", tone="late" if urgent else "")
