"""What must be done: duties, their reasons, what settles them, and returns to the authority."""

from datetime import date
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY, on, text
from screens.commands.session import Session, with_desk
from workbench.desk import duties, returns
from workbench.domain.returns import SettledDuty

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.command("why")
@click.argument("duty")
@on("as at the end of this day")
@click.option(
    "--known", type=DAY, default=None, metavar="DATE", help="from what was recorded by the end of this day"
)
@with_desk
def why_(session: Session, desk: "Desk", duty: str, on: date | None, known: date | None) -> None:
    """A duty in words: facts, days counted and skipped, the text with its standing and certainty, what ends it."""
    lines = duties.why(desk, duty, on, known)
    found = duties.find(desk, duty, on, known)
    session.show({**plain.builtin(found), "words": lines}, lambda: lines)


@click.group("duty")
def duty_() -> None:
    """Mark a duty done, or override one of policy."""


@duty_.command("done")
@click.argument("duty")
@text("--reason", "what was done", required=True)
@with_desk
def done(session: Session, desk: "Desk", duty: str, reason: str) -> None:
    """Mark a duty done."""
    _settled(session, duties.done(desk, duty, reason))


@duty_.command("override")
@click.argument("duty")
@text("--reason", "why the school goes on without it", required=True)
@with_desk
def override(session: Session, desk: "Desk", duty: str, reason: str) -> None:
    """Go on without a duty of policy or local rules; the law is never overridden."""
    _settled(session, duties.override(desk, duty, reason))


def _settled(session: Session, settled: SettledDuty) -> None:
    value = plain.builtin(settled)
    session.show(value, lambda: [f"{settled.duty} is {settled.state}."])


@click.group("return")
def return_() -> None:
    """Returns to the authority: what is due, a draft, and the sending of one."""


@return_.command("list")
@on()
@with_desk
def list_(session: Session, desk: "Desk", on: date | None) -> None:
    """Every return that is due or was sent."""
    rows = [
        {**plain.builtin(row.duty), "sent": plain.builtin(row.sent) if row.sent else None}
        for row in returns.returns(desk, on)
    ]
    columns = {"state": "State", "due": "Due", "pupil": "Pupil", "action": "Return", "id": "Duty"}
    session.table(rows, columns, "No return is due, and none was sent.")


@return_.command("draft")
@click.argument("duty")
@click.option("--format", "fmt", type=click.Choice(["text", "json", "csv"]), default="text")
@text("--to", "one of those to tell, such as social-worker; the first unless given")
@on("the duty as at the end of this day")
@with_desk
def draft(session: Session, desk: "Desk", duty: str, fmt: str, to: str | None, on: date | None) -> None:
    """A return or notice as it would be sent; what is missing is said on standard error."""
    made = returns.draft(desk, duty, fmt, on, to or None)
    value = {"id": made.duty, **plain.builtin(made)}
    if session.given.json:
        click.echo(plain.to_json(value))
    elif fmt == "text":
        session.show(value, lambda: made.text.rstrip("\n").split("\n"))
    else:
        click.echo(made.text, nl=False)
    for missing in made.missing:
        say(f"Missing: {plain.safe(missing)}")


@return_.command("sent")
@click.argument("duty")
@text("--how", "the way and the reference", required=True)
@with_desk
def sent(session: Session, desk: "Desk", duty: str, how: str) -> None:
    """Mark a return sent: that discharges its duty."""
    made = returns.sent(desk, duty, how)
    session.show(plain.builtin(made), lambda: [f"{made.duty} is sent: {made.how}."])
