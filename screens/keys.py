"""The one table of keys. Bindings, footers, help and palette are all made from it, so that they cannot drift apart.

A screen names its section and gets its bindings by `bindings("today")`; each key runs `action_<act>` of the screen
(or of the app) through one door, `WorkScreen.action_act`, which checks the role and shows refusals and errors.
Only keys that work over SSH and tmux: letters, digits, F1-F10, Space, Enter, arrows, Ctrl+letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from screens.text import cell_len, fit


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Args:
        keys: Textual's names, comma separated; the first is the one that is shown.
        act: the action `action_<act>`; empty for keys that a widget reads itself (they are only explained).
        words: two or three words for the footer.
        help: what it does, a whole sentence, for help and palette.
        verb: the desk's verb, if the key is only for those who may use it.
        footer: 0 keeps it out of the footer; otherwise lower numbers are dropped later.
        shown: how the key is written, where its name would not do.
        priority: beats whatever has the focus; for the veil and leaving only.
    """

    keys: str
    act: str
    words: str
    help: str
    verb: str = ""
    footer: int = 5
    shown: str = ""
    priority: bool = False

    @property
    def label(self) -> str:
        """How the key is written for a reader: `Enter`, `Ctrl+S`, `F3`, `/`."""
        return self.shown or label_of(self.keys.split(",")[0])


_NAMES = {
    "enter": "Enter", "escape": "Esc", "space": "Space", "question_mark": "?", "slash": "/", "pageup": "PgUp",
    "pagedown": "PgDn", "tab": "Tab", "shift+tab": "Shift+Tab", "asterisk": "*", "plus": "+", "minus": "-",
    "colon": ":", "backslash": "\\", "left": "←", "right": "→", "up": "↑", "down": "↓", "backspace": "Backspace",
}  # fmt: skip


def label_of(name: str) -> str:
    """One of Textual's key names as a reader writes it."""
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith("ctrl+"):
        return "Ctrl+" + name[5:].upper()
    return name.upper() if name[0] == "f" and name[1:].isdigit() else name


EVERYWHERE = (
    Key("question_mark,f1", "help", "help", "Show the keys that work here.", footer=1),
    Key("ctrl+p,colon", "palette", "palette", "List every action with its key, and run one.", footer=0),
    Key("f3", "emergency", "emergency", "Emergency numbers and the authority's threshold document.", footer=0,
        priority=True),
    Key("f9", "veil", "veil", "Hide everything at once; the passphrase brings it back.", footer=0, priority=True),
    Key("1", "area:today", "Today", "Go to Today: what must be done, late first.", footer=0),
    Key("2", "area:register", "Register", "Go to the register of a class.", "register.show", footer=0),
    Key("3", "area:pupils", "Pupils", "Go to the pupils on roll.", "pupils.list", footer=0),
    Key("4", "area:cases", "Cases", "Go to the cases.", "case.list", footer=0),
    Key("5", "area:log", "Log", "Go to the log.", "log.show", footer=0),
    Key("escape", "back", "back", "Back one step; in a dialog, nothing is changed.", footer=0),
    Key("q", "back", "back", "Leave this view.", footer=0),
    Key("ctrl+r", "concern", "concern", "Report a concern about a child; nobody else will see it here.",
        "concern.report", footer=0),
    Key("ctrl+q", "quit", "quit", "Close the workbench.", footer=0, priority=True),
)  # fmt: skip

LISTS = (
    Key("up,k", "", "up", "Up one line; Down or j goes down one.", footer=0, shown="↑ ↓ k j"),
    Key("pageup", "", "page", "Up or down one page.", footer=0, shown="PgUp PgDn"),
    Key("g", "", "top", "To the top; G goes to the bottom.", footer=0, shown="g G"),
    Key(
        "slash",
        "",
        "find",
        "Show only the lines that hold what you type. Enter keeps it, Esc clears it.",
        footer=2,
    ),
)
"""Keys that every list reads itself."""

SECTIONS: dict[str, tuple[Key, ...]] = {
    "today": (
        Key("enter", "open", "do it", "Do the next step of this duty: draft the return, log the call, open the case.",
            footer=2),
        Key("w", "why", "why", "Say in full why this duty stands: days counted, days skipped, source.", "duty.why"),
        Key("d", "done", "done", "Settle this duty by hand, with a reason.", "duty.done"),
        Key("c", "case", "case", "Open the pupil's case, or a new one from this duty.", "case.open"),
        Key("r", "refer", "refer", "Record a referral for this pupil.", "referral.add"),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "pupil.show", footer=6),
        Key("l", "calls", "calls", "The first-day call list.", "contact.call-list", footer=7),
        Key("o", "override", "override", "Go on without a policy duty, as leader and with a reason.", "duty.override",
            footer=0),
        *LISTS,
    ),
    "pupils": (
        Key("enter", "open", "open", "Open the pupil's page.", "pupil.show", footer=2),
        Key("n", "add", "new pupil", "Put a new name on the roll.", "pupil.add"),
        Key("s", "leavers", "leavers", "Show those who have left as well, or not."),
        Key("i", "imports", "import", "Import pupils or registers from a file, after a dry run.", "pupils.import",
            footer=6),
        *LISTS,
    ),
    "pupil": (
        Key("enter", "open", "open", "Open what the cursor stands on.", footer=2),
        Key("e", "event", "event", "Record an event: a letter, a suspension, a leave ...", "event.record"),
        Key("n", "contact", "call", "Log a call or a visit.", "contact.add"),
        Key("c", "case", "case", "Open the pupil's case, or a new one.", "case.open"),
        Key("a", "around", "around", "Add somebody around the child.", "around.add"),
        Key("E", "edit", "edit", "Edit the pupil, or the person around the child under the cursor.", "pupil.edit",
            shown="E", footer=6),
        Key("m", "marks", "marks", "Show the marks in words, with amendments.", "marks.list", footer=7),
        Key("r", "refer", "refer", "Record a referral for this pupil.", "referral.add", footer=8),
        Key("R", "remove", "remove", "Start the removal of the name from the roll, or open the one that runs.",
            "removal.start", shown="R", footer=9),
        Key("w", "why", "why", "Say in full why the duty under the cursor stands.", "duty.why", footer=8),
        *LISTS,
    ),
    "log": (
        Key("enter", "open", "open", "Show the entry in full.", footer=2),
        Key("f", "filter", "filter", "Show only a pupil's, a person's, an act's or a day's entries.", "log.show"),
        Key("v", "verify", "verify", "Check the whole log; with a head from paper, up to that head.", "log.verify"),
        Key("c", "head", "copy head", "Show the head in full, to copy it down.", "log.show"),
        *LISTS,
    ),
    "register": (
        Key("enter", "open", "register", "Open the register of this class.", "register.show", footer=2),
        Key("left", "day_before", "day before", "The school day before.", footer=4),
        Key("right", "day_after", "day after", "The school day after.", footer=4),
        Key("t", "day_today", "today", "Back to today.", footer=6),
        Key("l", "calls", "calls", "The first-day call list.", "contact.call-list", footer=5),
        *LISTS,
    ),
    "grid": (
        Key("slash", "", "present", "Present, with the session's own sign; \\ means the same.", footer=2, shown="/"),
        Key("a", "", "mark", "Every letter is a mark and moves down. C, Y: choose the second sign. L asks minutes.",
            footer=2, shown="letters"),
        Key("asterisk", "rest", "rest present", "Mark everybody present who has no mark in this session.",
            "register.mark", footer=2),
        Key("0", "", "row", "Digits go to the row with that number, 1 7 to row 17. Areas: Esc first, then 1-5.",
            footer=4, shown="1-99"),
        Key("ctrl+s", "take", "take", "Take the register of this session: then its marks change by amendment only.",
            "register.take", footer=2),
        Key("escape", "back", "classes", "Leave the grid; every mark is stored. Then 1-5 are the areas again.", footer=3),
        Key("ctrl+z", "undo", "undo", "Take back the last mark written here.", "register.mark", footer=5),
        Key("ctrl+f", "find", "find", "Go to a name: type a few letters, then Enter.", footer=7),
        Key("f2", "explain", "explain", "Say what stands in this cell, and list the codes of the day.", footer=7),
        Key("backspace", "", "clear", "Take the mark away again, while the register is not taken.", footer=0),
        Key("enter", "amend", "note or amend", "Write a note beside the mark; after the register was taken, amend it.",
            footer=0),
        Key("f5", "week_before", "week before", "The week before.", footer=0),
        Key("f6", "week_after", "week after", "The week after; planned codes may be entered ahead.", footer=0),
        Key("up", "", "move", "Move by a row or a session; PgUp, PgDn, Home and End too.", footer=0, shown="↑ ↓ ← →"),
    ),
    "call-list": (
        Key("enter", "open", "log a call", "Write down a call, message or visit for this pupil.", "contact.add", footer=2),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "pupil.show"),
        Key("m", "grid", "marks", "Open the register of the pupil's class.", "register.show"),
        *LISTS,
    ),
    "cases": (
        Key("enter", "open", "open", "Open the case.", "case.show", footer=2),
        Key("n", "new", "new case", "Open a case for a pupil.", "case.open"),
        Key("s", "closed", "closed too", "Show closed cases as well, or not.", footer=5),
        Key("v", "removals", "removals", "All removals.", "removal.list", footer=5),
        Key("f", "referrals", "referrals", "All referrals.", "referral.list", footer=6),
        Key("t", "returns", "returns", "Returns to the local authority.", "return.list", footer=6),
        Key("y", "concerns", "concerns", "Concerns that were reported.", "concern.list", footer=6),
        *LISTS,
    ),
    "case": (
        Key("enter", "open", "open step", "Open the step under the cursor, or the line of the chronology.", footer=2),
        Key("n", "note", "note", "Write a line into the chronology; one under the cursor can be corrected.", "case.note"),
        Key("e", "enquiry", "enquiry", "Record a step of the enquiries: done, or not done and why.", "enquiry.add"),
        Key("r", "refer", "refer", "Record a referral, or the decision not to refer.", "referral.add"),
        Key("m", "removal", "removal", "Start the removal of the name, or open the one that runs.", "removal.start"),
        Key("x", "export", "export", "Write the case to a JSON file that can be proven.", "case.export", footer=5),
        Key("o", "assign", "owner", "Who owns the case, and whom it waits for.", "case.assign", footer=7),
        Key("l", "link", "link child", "Link another child to the case.", "case.link", footer=0),
        Key("c", "close", "close", "Close the case, or open it again.", "case.close", footer=6),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "pupil.show", footer=8),
        Key("w", "why", "why", "Say in full why the duties of this case stand.", "duty.why", footer=8),
        *LISTS,
    ),
    "step": (
        Key("tab", "", "next field", "To the next field; each answer is saved when you leave its field.", footer=3),
        Key("left", "", "choose", "In a choice: the one before or after; a letter jumps to it.", shown="↑ ↓", footer=4),
        Key("ctrl+s", "next", "next step", "Save, and go on to the next step.", footer=2),
        Key("escape", "back", "back (saved)", "Back to the case; every answer is saved.", footer=3),
        Key("f2", "why", "why", "Say in full what the policy and the law ask in this step.", footer=5),
        Key("f5", "before", "step before", "Save, and go to the step before.", footer=0),
        Key("f6", "next", "next step", "Save, and go on to the next step.", footer=0),
        Key("f4", "record", "record", "Record what this step is about: an enquiry, a referral, a removal.", footer=5),
    ),
    "removals": (
        Key("enter", "open", "open", "Open the removal.", "removal.show", footer=2),
        Key("n", "new", "new", "Start a removal for a pupil.", "removal.start"),
        *LISTS,
    ),
    "removal": (
        Key("e", "evidence", "evidence", "Evidence the condition under the cursor.", "removal.evidence", footer=2),
        Key("a", "answer", "LA answer", "Record the local authority's answer.", "removal.confirm", footer=2),
        Key("d", "return", "return", "Draft the deletion return and mark it sent.", "return.draft", footer=3),
        Key("o", "override", "override", "Go on without a policy gate, as leader and with a reason.",
            "removal.authorise", footer=5),
        Key("u", "authorise", "authorise", "Authorise the removal, as a leader other than the requester.",
            "removal.authorise", footer=3),
        Key("x", "complete", "complete", "Take the name off the roll, once every gate is open.", "removal.complete",
            footer=3),
        Key("z", "withdraw", "withdraw", "Withdraw the request; its duties no longer exist.", "removal.withdraw", footer=7),
        Key("w", "why", "why", "Say in full what the gate under the cursor stands on.", footer=4),
        Key("p", "pupil", "pupil", "Open the pupil's page.", "pupil.show", footer=8),
        *LISTS,
    ),
    "referrals": (
        Key("enter", "open", "open", "Open the referral.", "referral.list", footer=2),
        Key("c", "case", "case", "Open its case.", "case.show"),
        *LISTS,
    ),
    "referral": (
        Key("r", "reply", "reply", "Write down what the recipient answered.", "referral.reply", footer=2),
        Key("e", "escalate", "escalate", "Escalate: no reply, or disagreement with it.", "referral.escalate", footer=2),
        Key("c", "case", "case", "Open its case.", "case.show", footer=3),
        *LISTS,
    ),
    "returns": (
        Key("enter", "open", "draft", "Show the draft and what is missing.", "return.draft", footer=2),
        Key("s", "sent", "mark sent", "Mark the return sent, and how.", "return.sent", footer=3),
        Key("w", "why", "why", "Say in full why the return is due.", "duty.why", footer=4),
        *LISTS,
    ),
    "return": (
        Key("s", "sent", "mark sent", "Mark the return sent, and how.", "return.sent", footer=2),
        Key("f", "format", "format", "Show it as text, JSON or CSV.", footer=3),
        Key("p", "pupil", "pupil", "Open the pupil's page, to add what is missing.", "pupil.show", footer=3),
        *LISTS,
    ),
    "concerns": (
        Key("enter", "open", "read", "Read the concern and write down what was decided.", "concern.show", footer=2),
        Key("c", "case", "case", "Open the pupil's case, or a new one.", "case.open"),
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
}  # fmt: skip
"""Section to its keys. Every screen has one; `everywhere` works on all of them."""


def section(name: str) -> tuple[Key, ...]:
    """The keys of a section, without those that work everywhere.

    Raises:
        KeyError: if there is no such section.
    """
    return SECTIONS[name]


def bindings(name: str) -> list[BindingType]:
    """Textual bindings for a section: every key that has an act runs it through `action_act`."""
    return _bind(section(name), name)


def app_bindings() -> list[BindingType]:
    """Bindings of the keys that work everywhere."""
    return _bind(EVERYWHERE, "everywhere")


def _bind(keys: Iterable[Key], where: str) -> list[BindingType]:
    return [
        Binding(
            key.keys,
            f"act({key.act!r})",
            key.words,
            show=False,
            priority=key.priority,
            id=f"{where}.{key.label}",
        )
        for key in keys
        if key.act
    ]


def find(act: str, name: str) -> Key | None:
    """The key that runs an act in a section or everywhere; None for an act without one."""
    return next((key for key in (*SECTIONS.get(name, ()), *EVERYWHERE) if key.act == act), None)


def footer(keys: Iterable[Key], width: int) -> str:
    """`Enter do it   w why   ? help`: whole groups only, in the table's order; what does not fit is dropped, help last."""
    shown = [(key.footer, place, f"{key.label} {key.words}") for place, key in enumerate(keys) if key.footer]
    shown.sort(key=lambda group: (group[0] == 1, group[1]))
    while len(shown) > 1 and sum(cell_len(text) + 3 for *_, text in shown) - 3 > width:
        shown.remove(max(shown))
    return fit("   ".join(text for *_, text in shown), width)
