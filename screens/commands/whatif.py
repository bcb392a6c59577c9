"""What would follow if a pupil's marks went on in one code. It writes nothing."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY
from screens.commands.session import Session, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.whatif import Follow

CHANGES = {"new": "would come", "moved": "would move", "gone": "would be gone"}


@click.command("what-if")
@click.argument("pupil")
@click.option("--code", required=True, metavar="CODE", help="the attendance code that is supposed")
@click.option("--until", required=True, type=DAY, metavar="DATE", help="the last day, inclusive")
@click.option(
    "--from", "start", type=DAY, default=None, metavar="DATE",
    help="the first day; the session after the last mark unless given",
)  # fmt: skip
@importing("pendulum", "workbench.desk.whatif")
@with_desk
def what_if_(session: Session, desk: "Desk", pupil: str, code: str, until: date, start: date | None) -> None:
    """The duties that would follow if a pupil had one code in every session until a day. Nothing is written."""
    from workbench.desk import whatif

    found = whatif.what_if(desk, pupil, code, until, start)
    say(whatif.words_of(found))
    nothing = f"No duty on your list would follow by {until.isoformat()}."
    session.show([_row(f) for f in found.duties], lambda: _lines(found.duties) or [nothing])
    if found.hidden:
        say(f"{found.hidden} more for the DSL.")


def _row(follow: "Follow") -> dict[str, Any]:
    """A duty as `due` prints it, with what would become of it."""
    return {
        **plain.builtin(follow.duty),
        "change": follow.change,
        "comes": follow.comes,
        "due_before": follow.due_before,
        "why": follow.why,
    }


def _lines(follows: "list[Follow]") -> list[str]:
    lines: list[str] = []
    for follow in follows:
        duty = follow.duty
        source = duty.standing if duty.certainty == "verified" else f"{duty.standing}, {duty.certainty}"
        before = f", without it {follow.due_before}" if follow.due_before else ""
        lines += [f"{follow.comes} {CHANGES[follow.change]}: {duty.action} ({source})."]
        lines += [f"    due {duty.due}{before}   {duty.id}", *(f"    {fact}" for fact in duty.trace.facts)]
    return lines
