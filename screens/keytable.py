"""The table of keys: those that work everywhere, those of every list, and a section for each screen.

The sections of registers, cases and removals stand in `keytable_cases`. Read `keys` for what is made of them.
"""

from screens.key import Key
from screens.keytable_case import ONE_CASE
from screens.keytable_cases import CASE_SECTIONS
from screens.keytable_lists import LISTS

# fmt: off
EVERYWHERE = (
    Key("question_mark,f1", "help", "help", "Show the keys that work here.", footer=1),
    Key("ctrl+p,colon", "palette", "palette", "List every action with its key, and run one.", footer=0),
    Key("f3", "emergency", "emergency", "Emergency numbers and the threshold document.", footer=0,
        priority=True),
    Key("f9", "veil", "veil", "Hide everything; the passphrase brings it back.", footer=0,
        priority=True),
    Key("1", "area:today", "Today", "Go to Today: what must be done, late first.", footer=0),
    Key("2", "area:register", "Register", "Go to the registers of the day.", "register.show", footer=0),
    Key("3", "area:pupils", "Pupils", "Go to the pupils on roll.", "pupils.list", footer=0),
    Key("4", "area:cases", "Cases", "Go to the cases.", "case.list", footer=0),
    Key("5", "area:log", "Log", "Go to the log.", "log.show", footer=0),
    Key("escape", "back", "back", "Back one step; in a dialog, nothing is changed.", footer=0),
    Key("q", "back", "back", "Leave this view.", footer=0),
    Key("ctrl+r", "concern", "concern", "Report a concern about a child.",
        "concern.report", footer=0),
    Key("ctrl+q", "quit", "quit", "Close the workbench.", footer=0, priority=True),
)

SECTIONS: dict[str, tuple[Key, ...]] = {
    "today": (
        Key("enter", "open", "do it", "Its next step: draft the return, log the call, the case.", footer=2),
        Key("w", "why", "why", "Why this duty stands: days counted, source (guidance* is statutory guidance).",
            "duty.why"),
        Key("d", "done", "done", "Settle this duty by hand, with a reason.", "duty.done"),
        Key("c", "case", "case", "Open the pupil's case, or a new one from this duty.", "case.open"),
        Key("r", "refer", "refer", "Record a referral for this pupil.", "referral.add"),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "around.list", footer=6),
        Key("l", "calls", "calls", "The first-day call list.", "contact.call-list", footer=7),
        Key("o", "override", "override", "Go on without a policy duty, and why.", "duty.override", footer=0),
        Key("f7", "print", "print", "Print the daily sheet: read it, write it to a file.", "print.daily", footer=0),
        *LISTS,
    ),
    "pupils": (
        Key("enter", "open", "open", "Open the pupil's page.", "pupil.find", footer=2),
        Key("n", "add", "new pupil", "Put a new name on the roll.", "pupil.add"),
        Key("s", "leavers", "leavers", "Show those who have left as well, or not."),
        Key("i", "imports", "import", "Import pupils or registers from a file.", "pupils.import", footer=6),
        *LISTS,
    ),
    "pupil": (
        Key("enter", "open", "open", "Open what the cursor stands on.", footer=2),
        Key("e", "event", "event", "Record an event: a letter, a suspension, a leave ...", "event.record"),
        Key("n", "contact", "call", "Log a call or a visit.", "contact.add"),
        Key("c", "case", "case", "Open the pupil's case, or a new one.", "case.open"),
        Key("a", "around", "around", "Add somebody around the child.", "around.add"),
        Key("x", "edit", "edit", "Edit the pupil, or the person under the cursor.", "pupil.edit"),
        Key("m", "marks", "marks", "The marks in words, with amendments; amend one.", "marks.list", footer=7),
        Key("r", "refer", "refer", "Record a referral for this pupil.", "referral.add", footer=8),
        Key("v", "remove", "removal", "Start the removal of the name from the roll, or open it.",
            "removal.start", footer=9),
        Key("w", "why", "why", "Why the duty under the cursor stands, in full.", "duty.why", footer=8),
        Key("i", "whatif", "what if", "What would follow if the marks went on in one code; writes nothing.",
            "whatif.show", footer=0),
        Key("t", "transfer", "transfer file", "Write the transfer file into a folder; asks where and to which school.",
            "transfer.write", footer=0),
        Key("f7", "print", "print", "Print a letter to a parent, or a certificate of attendance.", "print.letter",
            footer=0),
        Key("left", "earlier", "earlier", "Look four weeks further back in the picture.", footer=0),
        Key("right", "later", "later", "Look four weeks further ahead in the picture.", footer=0),
        *LISTS,
    ),
    "log": (
        Key("enter", "open", "open", "Show the entry in full.", footer=2),
        Key("f", "filter", "filter", "Only the entries of a pupil, a person, an act or a day.", "log.show"),
        Key("l", "looks", "looks", "Only looks at records without a duty about the child.", "log.views",
            footer=0),
        Key("v", "verify", "verify", "Check the whole log; with a head, against that head.", "log.verify"),
        Key("c", "head", "copy head", "Show the head in full, to copy it down.", "log.show"),
        *LISTS,
    ),
    "calendar": (
        Key("enter", "open", "read", "The line under the cursor in words, and the year's remarks.", footer=2),
        Key("c", "close", "close a day", "Close school days; first you see which deadlines move.",
            "calendar.close", footer=2),
        Key("o", "reopen", "open again", "Take back the closure under the cursor.", "calendar.close", footer=3),
        Key("left", "earlier", "year before", "The school year before.", footer=6),
        Key("right", "later", "year after", "The school year after.", footer=6),
        *LISTS,
    ),
    "retention": (
        Key("enter", "open", "read", "Until when and why, and every legal hold.", footer=2),
        Key("h", "hold", "hold", "Put a legal hold on the pupil's records.", "retention.hold", footer=2),
        Key("r", "release", "release", "Release the legal holds on the pupil's records.",
            "retention.release", footer=3),
        Key("e", "erase", "erase", "Erase the pupil's records, after a look at what goes and what stays.",
            "retention.erase", footer=3),
        *LISTS,
    ),
    "year": (
        Key("enter", "open", "read", "The pupil's page; on the first line, all that the roll would do.", footer=2),
        Key("d", "look", "dry run", "Show what a new school year would do to everybody; writes nothing.",
            "year.roll", footer=2),
        Key("r", "roll", "roll over", "Do what the dry run showed, once the year was typed.", "year.roll", footer=3),
        Key("s", "stands", "what stands", "Leave the dry run and show what stands.", footer=4),
        *LISTS,
    ),
    "numbers": (
        Key("enter", "open", "read", "The line under the cursor in words, and what is hidden and why.", footer=2),
        Key("p", "period", "period", "Count other days.", footer=2),
        *LISTS,
    ),
    "people": (
        Key("enter", "open", "roles", "Change the roles of this person.", "people.role", footer=2),
        Key("n", "add", "new account", "Make an account.", "people.add"),
        Key("p", "prove", "recovery", "Type the recovery key back from its paper.", "recovery.prove", footer=3),
        Key("v", "recovery", "new paper", "Make a new recovery key; it is shown once.", "recovery.new", footer=0),
        Key("f", "reset", "first", "A first passphrase for who lost theirs.", "people.reset", footer=4),
        Key("d", "remove", "left", "Take every role from who left.", "people.remove", footer=5),
        Key("y", "rekey", "new keys", "New keys of your own, under the passphrase you have.", "people.rekey", footer=0),
        *LISTS,
    ),
    "print": (
        Key("o", "write", "to a file", "Write it to a file: HTML for A4, or text.", "print.make", footer=2),
        Key("c", "copy", "copy", "Copy the text to the clipboard of your own machine, where the school allows it.",
            "print.make", footer=2),
        *LISTS,
    ),
    "dialog": (
        Key("enter", "", "accept", "Accept; in a form, the next field, then accept."),
        Key("tab", "", "next", "To the next field; Shift+Tab to the one before."),
        Key("escape", "", "back", "Leave; nothing is changed."),
    ),
    "form": (
        Key("tab", "", "next field", "To the next field; Shift+Tab to the one before."),
        Key("left", "", "choose", "In a choice: the one before or after; a letter jumps to it.", shown="← →"),
        Key("ctrl+s", "submit", "save", "Accept the form."),
        Key("escape", "back", "back", "Leave the form."),
    ),
    **CASE_SECTIONS,
    **ONE_CASE,
}
"""Section to its keys. Every screen has one; `EVERYWHERE` works on all of them."""
