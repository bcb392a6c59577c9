"""The closed vocabulary of triggers: what a rule's file may say under `trigger`."""

from rules.triggers import (
    absence,
    casework,
    danger,
    following,
    groups,
    joining,
    leaving,
    reasons,
    register,
    share,
    suspension,
)
from rules.triggers.kind import Trigger

TRIGGERS: dict[str, Trigger] = {
    "register": register.TRIGGER,
    "first-day": reasons.FIRST_DAY,
    "code-age": reasons.CODE_AGE,
    "absence-run": absence.TRIGGER,
    "share-missed": share.TRIGGER,
    "not-arrived": joining.NOT_ARRIVED,
    "joined": joining.JOINED,
    "deletion": leaving.DELETION,
    "confirmation": leaving.CONFIRMATION,
    "suspension-day": suspension.TRIGGER,
    "danger": danger.TRIGGER,
    "group": groups.TRIGGER,
    "enquiries": casework.ENQUIRIES,
    "professionals": casework.PROFESSIONALS,
    "reply-awaited": following.REPLY_AWAITED,
    "concern": following.CONCERN,
}
