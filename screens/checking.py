"""Checks of the whole folder, shown in a dialog: `check`, and the verification of the log."""

import asyncio
from typing import TYPE_CHECKING

from screens.text import count
from screens.widgets.lines import Row
from workbench.desk.permissions import may

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.checks import Finding


async def show_check(screen: "WorkScreen") -> None:
    """Run the check and tell what it found."""
    from workbench.desk import checks

    if not may(screen.desk, "check.run"):
        screen.say("The check is not for your role.", late=True)
        return
    screen.say("checking ...")
    found = await asyncio.to_thread(checks.check, screen.desk)
    screen.say("")
    rows = [row for finding in found for row in finding_rows(finding)]
    await screen.tell("The data folder", rows or ["Whole: log and snapshots agree, nothing to remark."])


def finding_rows(finding: "Finding") -> list[str | Row]:
    """What was found and where, then what to do next."""
    line = f" line {finding.line}" if finding.line else ""
    place = " ".join(part for part in (f"{finding.file}{line}", finding.record) if part)
    words = f"{finding.level}: {place + ' ' if place else ''}{finding.words}"
    return [Row("", (words,), tone="late" if finding.level == "fault" else ""), f"  {finding.todo}"]


def verdict_words(entries: int, whole: bool, problems: int) -> str:
    """`whole, 1,204 entries` or how many problems there are."""
    return (
        f"whole, {count(entries, 'entry', 'entries')}" if whole else f"! {count(problems, 'problem')} found"
    )
