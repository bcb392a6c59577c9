"""What must be done. The one command that programs ask for each morning: it imports as little as it can, and the rules
while the passphrase is checked.
"""

from datetime import date
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY, on
from screens.commands.session import Session, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.duties import Duty

LATER = ("pendulum", "workbench.desk.duties", "workbench.desk.roll")


@click.command("due")
@click.option("--pupil", default=None, metavar="ID", help="only this pupil's (id or UPN)")
@click.option("--rule", default=None, metavar="ID", help="only this rule's")
@on("as at the end of this day; as of now unless given")
@click.option(
    "--known", type=DAY, default=None, metavar="DATE", help="from what was recorded by the end of this day"
)
@click.option("--all", "everything", is_flag=True, help="those that are done and overridden, too")
@importing(*LATER, ahead=True)
@with_desk
def due_(
    session: Session,
    desk: "Desk",
    pupil: str | None,
    rule: str | None,
    on: date | None,
    known: date | None,
    everything: bool,
) -> int:
    """What must be done, late first. Exit 1 if something is overdue."""
    from workbench.desk import duties

    found = duties.due(desk, on=on, known=known, pupil=pupil, rule=rule, everything=everything)
    if gap := duties.calendar_gap(desk, on):
        say(f"Remark: {gap}")
    if rule and not found:
        from workbench.desk import rulebook

        rulebook.rule(rule, desk.rules)  # an unknown one is an error, not an empty list
    remark = duties.beyond(desk, on)
    if remark:
        say(remark)
    if session.given.json:
        click.echo(plain.to_json(found))
        return _code(found)
    session.show(found, lambda: _lines(desk, found, on))
    hidden = 0 if pupil or rule or known else duties.due_hidden(desk, on)
    if hidden:
        say(f"{hidden} more for the DSL.")
    return _code(found)


def _code(found: "list[Duty]") -> int:
    return 1 if any(duty.state == "overdue" for duty in found) else 0


def _lines(desk: "Desk", found: "list[Duty]", on: date | None) -> list[str]:
    from screens.commands.due_lines import due_lines
    from workbench.desk import roll

    day = on or desk.today()
    if found:
        names = {p.id: f"{p.name} {p.class_}" for p in roll.pupils(desk, on=on, leavers=True)}
        return due_lines(found, names, day)
    count = sum(roll.classes(desk, on=on).values())
    base = f"{count} pupils on roll, by the rules and the policy in force on that day."
    return [f"Nothing is due as of {day.isoformat()}. {base}"]
