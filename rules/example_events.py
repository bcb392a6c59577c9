"""Which fields the events of an example may have, by kind, and what may stand in them (`docs/example-format.md`)."""

from typing import Any

from rules.triggers.kind import as_day

TEXT, DATE, NUMBER, YES_NO, YES_NO_DATE = "text", "date", "number", "yes-no", "yes-no or date"
"""What a field may hold; otherwise it is the words to choose from, with spaces between them."""

_SAID = {
    DATE: "a date such as 2024-09-17",
    NUMBER: "a whole number, not below 1",
    YES_NO: "true or false",
    YES_NO_DATE: "true, false or a date such as 2024-09-17",
}
_ANSWER = {"answer": "yes no", "reference": TEXT}
_NEXT = {"next": DATE, "outcome": "goes-on changed ended"}

EVENT_FIELDS: dict[str, dict[str, str]] = {
    "parent_letter": {
        "intent": "home-education moving off-roll-only",
        "last_day": DATE,
        "in_writing": YES_NO,
    },
    "school_attendance_order": {"state": "in-force revoked other-school"},
    "la_consent": _ANSWER,
    "la_confirmation": _ANSWER,
    "registered_elsewhere": {"school": TEXT, "as_of": DATE},
    "leave_granted": {"from": DATE, "to": DATE},
    "enquiries": {"school": YES_NO, "la": YES_NO, "found": YES_NO, "agree_not_returning": YES_NO},
    "unavoidable_cause": {"believed": YES_NO},
    "sickness_forecast": {"days": NUMBER, "condition": TEXT},
    "suspension": {"from": DATE, "days": NUMBER},
    "permanent_exclusion": {
        "from": DATE,
        "notice_upheld": YES_NO_DATE,
        "review": "none waived applied ended",
    },
    "detention": {"state": "remand sentence", "months": NUMBER},
    "not_arrived": {},
    "danger": {"what": TEXT},
    "removal_requested": {"ground": TEXT, "effective": DATE},
    "removed": {"ground": TEXT},
    "moved_school": {"to": TEXT, "starts": DATE},
    "return_sent": {"rule": TEXT, "duty": TEXT},
    "part_time_timetable": {"from": DATE, "to": DATE, "review": DATE, "agreed_with": TEXT},
    "part_time_reviewed": _NEXT,
    "attendance_plan": {"strategies": TEXT, "who": TEXT, "ewo": TEXT, "review": DATE},
    "plan_reviewed": _NEXT,
    "handover_sent": {"to": TEXT},
    "handover_received": {"by": TEXT},
}


def wanted(kind: str, field: str, value: Any) -> str | None:
    """What should stand in a field where this value cannot; None where it can."""
    type_ = EVENT_FIELDS[kind][field]
    if type_ == TEXT:
        return None
    if type_ == DATE:
        fits = as_day(value) is not None
    elif type_ == NUMBER:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    elif type_ in (YES_NO, YES_NO_DATE):
        fits = isinstance(value, bool) or value in ("yes", "no")
        fits = fits or (type_ == YES_NO_DATE and as_day(value) is not None)
    else:
        fits = value in type_.split()
    return None if fits else _SAID.get(type_, f"one of {', '.join(type_.split())}")
