"""Under which conditions a verb answers whoever's role it is open to. Data beside the roles of `permissions`; what is
said here, the verbs themselves enforce, and `docs/permissions.md` is made of it."""

CONDITIONS: dict[str, str] = {
    "own passphrase only": "Everybody sets their own and nobody another's; an account without roles may do this alone.",
    "not about this user": "Cases and concerns about the person signed in, and all that belongs to them, do not exist "
    "for them: not in lists, duties, counts, files or answers.",
    "opens for those left": "A concern opens for the DSLs it is not about; if none is left, for the leaders it is not "
    "about.",
    "sealed to them": "A concern that was cut off while it was typed is sealed to the DSLs whom it is not about as far "
    "as it was typed; if none is left, to such leaders.",
    "own list only": "Only duties on this person's list: `staff` registers to take; `attendance` its own rules; "
    "`concern.triage` those for whom the concern opens.",
    "name, class and year": "`staff` and auditors get who it is and in which class, and that the DSL is to be spoken "
    "to; nothing else.",
    "private kinds": "Some kinds of event are the DSL's to record. Of those that say what happened to a child, only "
    "`dsl` and `leader` read what; `attendance` sees that there was one.",
    "policy only": "A duty of law or guidance is overridden by nobody.",
    "not one's own request": "Whoever asked for a removal never authorises it, nor does an account that they made, "
    "reset or gave a role within the last seven days.",
    "not who released": "Whoever released a legal hold on the records does not erase them.",
    "nobody their own role": "Nobody gives themselves a role, and where there is a leader only a leader makes another.",
    "granted per case": "An auditor reads a case that a DSL or leader granted to them, and no other.",
    "to an auditor": "A case is granted to somebody with the role `auditor`, whom it is not about.",
    "not one's own account": "Nobody resets their own account, and only a leader resets a leader's.",
    "what others did": "Who did a thing is not told of it.",
    "a DSL is left": "The last designated safeguarding lead stays one.",
    "not one's own looks": "Views of what is about the person signed in are left out; whom a concern is about is told "
    "only to those for whom it opens.",
}
"""A condition to what it means."""

_ABOUT = ("not about this user",)
_DUTY = ("own list only", "not about this user")
_CONCERN = ("opens for those left", "not about this user")
_CUT_OFF = ("sealed to them", "not about this user")

WHEN: dict[str, tuple[str, ...]] = {
    "pupils.list": ("name, class and year",),
    "pupil.find": ("name, class and year",),
    "event.kinds": ("private kinds",),
    "event.record": ("private kinds",),
    "event.list": ("private kinds",),
    **dict.fromkeys(("contact.add", "contact.list", "contact.call-list", "card.show"), _ABOUT),
    **dict.fromkeys(
        ("due.list", "duty.why", "duty.done", "return.list", "return.draft", "return.sent", "whatif.show"),
        _DUTY,
    ),
    **dict.fromkeys(("calendar.close", "calendar.add", "print.return", "print.daily"), _DUTY),
    "print.chronology": _ABOUT,
    "duty.override": (*_DUTY, "policy only"),
    **dict.fromkeys(
        (
            "case.list",
            "case.open",
            "case.answer",
            "case.note",
            "case.assign",
            "case.close",
            "case.reopen",
            "case.link",
            "case.export",
            "handover.check",
            "handover.export",
            "handover.import",
            "handover.accept",
            "handover.receipt",
            "handover.list",
            "handover.read",
            "enquiry.add",
            "enquiry.list",
            "referral.add",
            "referral.reply",
            "referral.escalate",
            "referral.list",
            "referral.show",
        ),
        _ABOUT,
    ),
    **dict.fromkeys(
        (
            "removal.start",
            "removal.list",
            "removal.show",
            "removal.keys",
            "removal.evidence",
            "removal.confirm",
            "removal.withdraw",
            "removal.complete",
        ),
        _ABOUT,
    ),
    "case.show": (*_ABOUT, "granted per case"),
    "case.grant": (*_ABOUT, "to an auditor"),
    "case.withdraw-grant": _ABOUT,
    "removal.authorise": (*_ABOUT, "not one's own request"),
    **dict.fromkeys(("concern.list", "concern.show", "concern.triage"), _CONCERN),
    **dict.fromkeys(("concern.unfinished", "concern.look", "concern.take-up"), _CUT_OFF),
    "retention.plan": _ABOUT,
    "retention.erase": (*_ABOUT, "not who released"),
    "log.show": _ABOUT,
    "log.views": ("not one's own looks",),
    "people.passphrase": ("own passphrase only",),
    "people.add": ("nobody their own role",),
    "people.role": ("nobody their own role", "a DSL is left"),
    "people.remove": ("a DSL is left",),
    "people.reset": ("not one's own account",),
    "people.rekey": ("own passphrase only",),
    "people.notices": ("what others did",),
}
"""Verb to its conditions; a verb without a row has none beyond its roles."""

WITHOUT_ROLES = frozenset({"people.passphrase"})
"""What an account without roles may do."""
