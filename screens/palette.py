"""The palette: every action with its key, found by typing. A dialog of ours, since Textual's parses markup
in hits."""

from typing import TYPE_CHECKING

from screens import keys
from screens.text import Col
from screens.widgets.lines import Row
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from screens.frame import WorkScreen

GRANTED = "act:granted"
WITHOUT_KEY = (
    ("go:call-list", "First-day call list", "contact.call-list"),
    ("go:returns", "Returns to the authority", "return.list"),
    ("go:removals", "Removals from the roll", "removal.list"),
    ("go:referrals", "Referrals", "referral.list"),
    ("go:handovers", "Handovers: what became of each bundle that left", "handover.list"),
    ("go:concerns", "Concerns", "concern.list"),
    (GRANTED, "Read a case that was granted to you, by its id", "case.show"),
    ("go:rules", "Rules: how each stands, its source, what proves it", ""),
    ("go:calendar", "Calendar: terms and closures; close a day", "calendar.show"),
    ("go:year", "School year: roll over to the next one, after a look", "year.show"),
    ("go:people", "People and roles, their keys, the recovery key, rekey", "people.list"),
    ("go:retention", "Retention: what is kept until when; legal holds; erasure", "retention.list"),
    ("go:print", "Print the daily sheet: your duties, missing registers, head of the log", "print.daily"),
    ("act:clipboard", "Clipboard: may prints be copied over SSH? Allow or refuse it", "clipboard.show"),
    ("act:passphrase", "Change your own passphrase or PIN", "people.passphrase"),
    ("go:numbers", "Numbers for directors: counts without names", "stats.read"),
    ("act:check", "Check the data folder: do log and snapshots agree?", "check.run"),
    ("act:folder:backup", "Back up the data folder", "backup.make"),
    ("act:folder:prove", "Prove a backup: is every byte as it was written?", "backup.verify"),
    ("act:folder:restore", "Restore a backup into a new folder", "backup.restore"),
    ("act:veil", "Switch person: lock, then somebody else signs in", ""),
)
"""Places and acts without a key; the palette is their door."""
COLS = (Col("", 13), Col("", 40, grow=1))


def palette_rows(screen: "WorkScreen") -> list[Row]:
    """Every act that the role allows: of this screen, of everywhere, then the places without a key."""
    table = (*keys.section(screen.SECTION), *keys.EVERYWHERE)
    acts = [
        (f"act:{key.act}", key.label, key.help, key.verb) for key in table if key.act not in ("", "palette")
    ]
    others = [(act, "", words, verb) for act, words, verb in WITHOUT_KEY]
    allowed = [entry for entry in (*acts, *others) if not entry[3] or may(screen.desk, entry[3])]
    if may(screen.desk, "case.list"):  # they find every case in its list
        allowed = [entry for entry in allowed if entry[0] != GRANTED]
    return [Row(act, (label, words)) for act, label, words, _ in allowed]


async def run_palette(screen: "WorkScreen") -> None:
    """Ask for an action and do it."""
    answer = await screen.choose("What to do", palette_rows(screen), cols=COLS, typing=True)
    if answer is None:
        return
    kind, _, what = answer.partition(":")
    if kind == "go":
        screen.go(what)
    else:
        await screen.action_act(what)
