"""Duties as the screens say them: one line each, and what the next step of each rule is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from screens.text import count, day_words, due_words
from screens.widgets.lines import Row

if TYPE_CHECKING:
    from workbench.desk.duties import Duty
    from workbench.domain.pupils import Pupil

STANDING = {"statutory guidance": "guidance*"}
"""Standings that are said shorter in a column; never `statutory` alone, which would be read as law."""
GROUP = "registers "
"""Before the key of a line that stands for several registers."""
MANY = 4
"""Registers of one session that are listed one by one; more become one line."""

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
    "part-time.review": ("event", ""),
    "plan.review": ("event", ""),
    "handover.send": ("handover", ""),
    "handover.receipt": ("handover", ""),
    "concern.triage": ("concerns", ""),
    "case.danger-referral": ("referral", ""),
    "case.group-action": ("step", "groups"),
    "case.enquiries": ("step", "enquiries"),
    "case.inform-professionals": ("step", "know"),
    "referral.follow-up": ("referrals", ""),
    "retention.review": ("retention", ""),
}
"""Rule to the place of its next step, and the wizard step where the place is one. A return is drafted."""


def next_step(duty: "Duty") -> tuple[str, str]:
    """Place and wizard step that Enter opens for a duty; the pupil's page where the rule has no step of its
    own."""
    if duty.is_return:
        return "return", ""
    return NEXT_STEP.get(duty.rule, ("pupil" if duty.pupil else "", ""))


def who_words(duty: "Duty", pupils: Mapping[str, "Pupil"]) -> str:
    """`Dunmore, Kai 9B`; the class and session of a register; the school for what is about nobody."""
    if duty.pupil is not None:
        pupil = pupils.get(duty.pupil)
        return f"{pupil.name} {pupil.class_}" if pupil else duty.pupil
    if duty.rule == "register.take":
        class_, anchor = register_of(duty)
        return f"{class_} {anchor[10:]}".strip()
    return "The school"


def register_of(duty: "Duty") -> tuple[str, str]:
    """Class and session of a `register.take` duty: `("9B", "2026-11-23AM")`."""
    _, class_, anchor = duty.id.split(":", 2)
    return class_, anchor


def is_urgent(duty: "Duty") -> bool:
    """Whether a duty gets the `!`: late, or about danger."""
    return duty.state == "overdue" or (duty.rule == "case.danger-referral" and duty.state == "due")


def standing_words(standing: str) -> str:
    """A standing in at most nine cells: `guidance*` is guidance that the law says must be regarded."""
    return STANDING.get(standing, standing)


def duty_row(duty: "Duty", pupils: Mapping[str, "Pupil"], today: date) -> Row:
    """When, who, what, source."""
    return _row(duty.id, duty, who_words(duty, pupils), duty.action, today)


def _row(key: str, duty: "Duty", who: str, what: str, today: date) -> Row:
    urgent = is_urgent(duty)
    cells = (due_words(duty.due, today, duty.state), who, what, standing_words(duty.standing))
    return Row(key, cells, mark="!" if urgent else " ", tone="late" if urgent else "")


def duty_rows(found: "Sequence[Duty]", pupils: Mapping[str, "Pupil"], today: date) -> list[Row]:
    """A line a duty, the most pressing first; many registers of one session become one line, which opens the
    first."""
    rows: list[Row] = []
    for session, group in groupby(sorted(found, key=partial(_order, pupils)), key=_session):
        together = list(group)
        if session and len(together) > MANY:
            classes = ", ".join(register_of(duty)[0] for duty in together)
            what = f"Take {count(len(together), 'register')}: {classes}"
            rows.append(
                _row(GROUP + together[0].id, together[0], register_of(together[0])[1][10:], what, today)
            )
        else:
            rows += [duty_row(duty, pupils, today) for duty in together]
    return rows


def _order(pupils: "Mapping[str, Pupil]", duty: "Duty") -> tuple[Any, ...]:
    """Late first, danger before all else, then by day; on one day law before policy, and then by name."""
    danger = duty.rule == "case.danger-referral"
    state = ("overdue", "due").index(duty.state) if duty.state in ("overdue", "due") else 2
    return state, not danger, duty.due, duty.standing != "law", duty.rule, who_words(duty, pupils), duty.id


def _session(duty: "Duty") -> str:
    return f"{register_of(duty)[1]} {duty.state}" if duty.rule == "register.take" else ""


def warning_rows(warnings: Iterable[Any], pupils: Mapping[str, "Pupil"]) -> list[Row]:
    """A line for each run of absence that nears a trigger."""
    rows = []
    for warning in warnings:
        pupil = pupils.get(warning.pupil)
        who = f"{pupil.name} {pupil.class_}" if pupil else warning.pupil
        since = f"absent since {day_words(warning.since)}: {warning.text}"
        rows.append(Row(f"near {warning.pupil}", (f"day {warning.day}", who, since, "")))
    return rows
