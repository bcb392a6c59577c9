"""Which fields the events of an example may have, by kind (`docs/example-format.md`)."""

EVENT_FIELDS: dict[str, frozenset[str]] = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "parent_letter": "intent last_day in_writing",
        "school_attendance_order": "state",
        "la_consent": "answer reference",
        "la_confirmation": "answer reference",
        "registered_elsewhere": "school as_of",
        "leave_granted": "from to",
        "enquiries": "school la found agree_not_returning",
        "unavoidable_cause": "believed",
        "sickness_forecast": "days condition",
        "suspension": "from days",
        "permanent_exclusion": "from notice_upheld review",
        "detention": "state months",
        "not_arrived": "",
        "danger": "what",
        "removal_requested": "ground effective",
        "removed": "ground",
        "moved_school": "to starts",
        "return_sent": "rule duty",
        "part_time_timetable": "from to review agreed_with",
        "part_time_reviewed": "next outcome",
        "attendance_plan": "strategies who ewo review",
        "plan_reviewed": "next outcome",
        "handover_sent": "to",
        "handover_received": "by",
    }.items()
}
