"""What acts of the log are called on a screen."""

WORDS = {
    "folder.made": "made the folder",
    "person.signed-in": "signed in",
    "signin.refused": "refused: wrong name or passphrase",
    "verb.refused": "refused: not in this role",
    "removal.refused": "refused: removal",
    "checkpoint.made": "signed in; checkpoint",
    "log.tail-cut": "cut an unfinished last line",
    "pupils.imported": "imported pupils",
    "pupil.added": "added a pupil",
    "pupil.edited": "edited a pupil",
    "around.added": "added a person around a child",
    "around.edited": "edited a person around a child",
    "around.removed": "removed a person around a child",
    "mark.drafted": "drafted a mark",
    "register.taken": "took register",
    "register.imported": "imported registers",
    "mark.amended": "amended a mark",
    "event.recorded": "recorded an event",
    "contact.added": "logged a call or visit",
    "duty.done": "marked a duty done",
    "duty.overridden": "overrode a duty",
    "return.sent": "sent a return",
    "case.opened": "opened case",
    "case.viewed": "viewed case",
    "case.answered": "answered a question",
    "case.assigned": "assigned case",
    "case.linked": "linked a child",
    "case.closed": "closed case",
    "case.reopened": "reopened case",
    "case.exported": "exported case",
    "note.added": "added a note",
    "enquiry.added": "added enquiry",
    "referral.added": "recorded a referral decision",
    "referral.replied": "recorded a reply",
    "referral.escalated": "escalated a referral",
    "removal.started": "asked for a removal",
    "removal.evidenced": "recorded evidence",
    "removal.confirmed": "recorded the authority's answer",
    "removal.withdrawn": "withdrew a removal",
    "removal.authorised": "authorised a removal",
    "removal.completed": "completed a removal",
    "concern.reported": "reported a concern",
    "concern.viewed": "read a concern",
    "concern.triaged": "decided on a concern",
    "backup.made": "made a backup",
    "backup.verified": "proved a backup",
    "backup.restored": "restored a backup",
    "snapshots.rebuilt": "made the snapshots anew from the log",
    "person.added": "added an account",
    "person.roles-set": "changed roles",
    "person.passphrase-set": "chose a new passphrase",
    "folder.upgraded": "upgraded the folder",
}


def act_words(act: str, subject: str = "", why: str = "") -> str:
    """An act in plain words; a register taken names its class and session."""
    words = WORDS.get(act, act.replace(".", " ").replace("-", " "))
    if act == "register.taken":
        return f"{words} {subject} {why[-2:]}".rstrip()
    return words
