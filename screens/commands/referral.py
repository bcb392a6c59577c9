"""Joint enquiries and referrals of a case."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import DAY, text
from screens.commands.session import Session, with_desk
from workbench.desk import enquiries, referrals

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.group("enquiry")
def enquiry_() -> None:
    """Steps of the joint enquiries."""


@enquiry_.command("add")
@click.argument("case")
@text("--step", "the key of a step", required=True)
@text("--result", "what came of it, or why it was not done", required=True)
@click.option("--by", "by_whom", type=click.Choice(["school", "la"]), default="school")
@click.option("--not-done", is_flag=True, help="the step is left out, for the reason in --result")
@text("--how", "call, letter, visit, secure form ...")
@text("--evidence", "where the evidence is kept")
@text("--at", "when it happened; now unless given")
@with_desk
def enquiry_add(session: Session, desk: "Desk", /, case: str, **given: Any) -> None:
    """Record a step."""
    child = enquiries.pupil_of(desk, case)
    made = enquiries.add(
        desk,
        case,
        given["step"],
        given["result"],
        by_whom=given["by_whom"],
        done=not given["not_done"],
        how=given["how"],
        evidence=given["evidence"],
        at=given["at"] or None,
    )
    value = {**plain.builtin(made), "pupil": child}
    session.show(value, lambda: [f"{made.id}: {made.step} is recorded in {made.case}."])


@enquiry_.command("list")
@click.argument("case")
@with_desk
def enquiry_list(session: Session, desk: "Desk", case: str) -> None:
    """The enquiries of a case."""
    child = enquiries.pupil_of(desk, case)
    rows = [{**plain.builtin(found), "pupil": child} for found in enquiries.enquiries(desk, case)]
    columns = {"at": "When", "step": "Step", "by_whom": "By", "done": "Done", "result": "Result"}
    session.table(rows, columns, "No enquiry is recorded in this case yet.")


@click.group("referral")
def referral_() -> None:
    """Decisions to refer or not, replies and escalation."""


@referral_.command("add")
@click.argument("case")
@text("--to", "social-care, police, la-cme, early-help, lado, prevent or other", required=True)
@click.option("--decision", type=click.Choice(["refer", "not-referred"]), required=True)
@text("--reason", "why, for either decision", required=True)
@text("--threshold", "level of the authority's threshold document")
@text("--reference", "what the recipient calls it")
@text("--consent", "given, not-sought or refused")
@text("--consent-why", "why it was not sought, or what was refused")
@click.option(
    "--follow-up",
    type=DAY,
    default=None,
    metavar="DATE",
    help="when to ask again; as the rules say unless given",
)
@with_desk
def referral_add(session: Session, desk: "Desk", /, case: str, follow_up: date | None, **given: Any) -> None:
    """Record a decision to refer, or not to, with its reason."""
    made = referrals.add(desk, case, **given, follow_up=follow_up)
    session.show(
        plain.builtin(made), lambda: [f"{made.id}: {made.decision} ({made.to}) is recorded in {made.case}."]
    )


@referral_.command("reply")
@click.argument("referral")
@text("--text", "what they said", required=True)
@text("--outcome", "what follows")
@text("--by", "who answered")
@with_desk
def reply(session: Session, desk: "Desk", referral: str, text: str, outcome: str, by: str) -> None:
    """Write down what the recipient answered."""
    made = referrals.reply(desk, referral, text, outcome, by)
    session.show(plain.builtin(made), lambda: [f"{made.id} has a reply."])


@referral_.command("escalate")
@click.argument("referral")
@text("--text", "to whom, and why", required=True)
@with_desk
def escalate(session: Session, desk: "Desk", referral: str, text: str) -> None:
    """Escalate a referral whose answer is missing or not good enough."""
    made = referrals.escalate(desk, referral, text)
    session.show(plain.builtin(made), lambda: [f"{made.id} is escalated."])


@referral_.command("show")
@click.argument("referral")
@with_desk
def referral_show(session: Session, desk: "Desk", referral: str) -> None:
    """One referral with its reason and answers; the log says that it was looked at."""
    value = plain.builtin(referrals.show(desk, referral))
    session.show(value, lambda: plain.object_lines(value))


@referral_.command("list")
@with_desk
def referral_list(session: Session, desk: "Desk") -> None:
    """All referrals, newest first."""
    rows = [plain.builtin(found) for found in referrals.referrals(desk)]
    columns = {"id": "Id", "at": "When", "case": "Case", "pupil": "Pupil", "to": "To", "decision": "Decision"}
    session.table(rows, columns, "No referral decision is recorded.")
