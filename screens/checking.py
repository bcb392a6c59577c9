"""Checks of the whole folder, shown in a dialog: `check`, and the verification of the log."""

import asyncio
from typing import TYPE_CHECKING

from screens.text import count
from screens.widgets.lines import Row
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from screens.frame import WorkScreen


async def show_check(screen: "WorkScreen") -> None:
    """Run the check and tell what it found."""
    from workbench.desk import checks

    if not may(screen.desk, "check.run"):
        screen.say("The check is not for your role.", late=True)
        return
    screen.say("checking ...")
    found = await asyncio.to_thread(checks.check, screen.desk)
    screen.say("")
    rows: list[str | Row] = [
        Row("", (f"{finding.level}: {finding.words}",), tone="late" if finding.level == "fault" else "")
        for finding in found
    ]
    await screen.tell("The data folder", rows or ["Whole: log and snapshots agree, nothing to remark."])


def verdict_words(entries: int, whole: bool, problems: int) -> str:
    """`whole, 1,204 entries` or how many problems there are."""
    return (
        f"whole, {count(entries, 'entry', 'entries')}" if whole else f"! {count(problems, 'problem')} found"
    )
