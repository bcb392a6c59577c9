"""The palette: every action with its key, found by typing. A dialog of ours, since Textual's parses markup in hits."""

from typing import TYPE_CHECKING

from screens import keys
from screens.text import Col
from screens.widgets.lines import Row
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from screens.frame import WorkScreen

PLACES_TO_GO = (
    ("go:call-list", "First-day call list", "contact.call-list"),
    ("go:returns", "Returns to the authority", "return.list"),
    ("go:removals", "Removals from the roll", "removal.list"),
    ("go:referrals", "Referrals", "referral.list"),
    ("go:concerns", "Concerns", "concern.list"),
    ("go:people", "People and roles", "people.list"),
)
"""Places without a number key; the palette is their door."""
COLS = (Col("", 13), Col("", 40, grow=1))


def palette_rows(screen: "WorkScreen") -> list[Row]:
    """Every act that the role allows: of this screen, of everywhere, then the places without a key."""
    rows = []
    for key in (*keys.section(screen.SECTION), *keys.EVERYWHERE):
        if key.act and key.act != "palette" and (not key.verb or may(screen.desk, key.verb)):
            rows.append(Row(f"act:{key.act}", (key.label, key.help)))
    rows += [Row(act, ("", words)) for act, words, verb in PLACES_TO_GO if may(screen.desk, verb)]
    rows.append(Row("act:check", ("", "Check the data folder: log and snapshots agree.")))
    rows.append(Row("act:veil", ("", "Switch person: lock, then somebody else signs in.")))
    seen: set[str] = set()
    return [row for row in rows if (text := " ".join(row.cells)) not in seen and not seen.add(text)]  # type: ignore[func-returns-value]


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
