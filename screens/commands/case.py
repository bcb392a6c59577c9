"""Cases, their enquiries and referrals."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import DAY, rev, text
from screens.commands.session import Session, with_desk
from workbench.desk import cases, enquiries, exports, referrals
from workbench.domain.cases import Case
from workbench.domain.caseview import CaseView

if TYPE_CHECKING:
    from workbench.desk.context import Desk

SIGNS = {"done": "●", "begun": "◐", "open": "○", "does-not-apply": "–", "waits": "·"}


@click.group("case")
def case_() -> None:
    """Cases: open, answer, note, assign, link, close, reopen, export."""


def obj(case: Case) -> dict[str, Any]:
    """A case as an object, with whether it is open."""
    return {**plain.builtin(case), "open": case.is_open}


def _one(session: Session, case: Case, words: str) -> None:
    session.show(obj(case), lambda: [f"{case.id} {words}."])


@case_.command("list")
@click.option("--open", "open_only", is_flag=True, help="only open ones")
@with_desk
def list_(session: Session, desk: "Desk", open_only: bool) -> None:
    """The cases, open ones first."""
    rows = [
        {
            **obj(row.case),
            "name": row.pupil.name,
            "steps": [{"id": s.key, "state": s.state, "summary": s.summary} for s in row.steps],
            "next": row.next,
        }
        for row in cases.cases(desk, open_only)
    ]
    shown = [{**row, "steps": "".join(SIGNS[s["state"]] for s in row["steps"])} for row in rows]
    columns = {
        "id": "Case",
        "name": "Pupil",
        "steps": "Steps",
        "next": "Next",
        "waits_for": "Waits for",
        "owner": "Owner",
    }
    empty = ["No case is open: `workbench case open PUPIL --trigger DUTY` opens one."]
    session.show(rows, lambda: plain.table(shown, columns) if rows else empty)


@case_.command("open")
@click.argument("pupil")
@text("--trigger", "how it came up: a trigger's key, or the id of a duty", required=True)
@click.option(
    "--about", multiple=True, metavar="USER", help="a user whom it is about: it is hidden from them"
)
@with_desk
def open_(session: Session, desk: "Desk", pupil: str, trigger: str, about: tuple[str, ...]) -> None:
    """Open a case; what register and duty already say is filled in."""
    _one(session, cases.open_case(desk, pupil, trigger, about), "is open")


@case_.command("keys")
@with_desk
def keys(session: Session, desk: "Desk") -> None:
    """The questions of the nine steps, the triggers and the steps of the enquiries."""
    rows = [{"id": q.key, **plain.builtin(q)} for q in cases.keys(desk)]
    rows += [_extra(key, "enquiry", title) for key, title in enquiries.steps(desk)]
    rows += [_extra(key, "trigger", title) for key, title in cases.triggers(desk)]
    rows += [_extra(key, "referral-to", title) for key, title in referrals.recipients_known(desk)]
    session.show(rows, lambda: [line for row in rows for line in _key_lines(row)])


def _extra(key: str, kind: str, title: str) -> dict[str, Any]:
    blank = {
        "choices": [],
        "required": False,
        "note": False,
        "hint": "",
        "policy": "",
        "help": "",
        "meets": "",
    }
    return {"id": f"{kind}:{key}", "key": key, "step": kind, "text": title, "kind": kind, **blank}


def _key_lines(row: dict[str, Any]) -> list[str]:
    choices = " | ".join(choice["key"] for choice in row["choices"]) or f"({row['kind']})"
    return [f"{row['key']:<28} {row['text']}", f"{'':<28}   {choices}"]


@case_.command("show")
@click.argument("case")
@with_desk
def show(session: Session, desk: "Desk", case: str) -> None:
    """A case whole: steps, answers, enquiries, referrals, duties and chronology."""
    view = cases.show(desk, case)
    session.show(whole(view), lambda: case_lines(view))


def whole(view: CaseView) -> dict[str, Any]:
    """A case as one object."""
    built = plain.builtin(view)
    built.pop("case")
    return {**obj(view.case), **built, "pupil": view.pupil.id, "name": view.pupil.name}


def case_lines(view: CaseView) -> list[str]:
    """A case as a checklist and a chronology."""
    lines = [
        f"{view.case.id} · {view.pupil.name} {view.pupil.class_} · opened {view.case.opened} by {view.case.opened_by}"
    ]
    lines += [_step_line(step) for step in view.steps]
    lines += [f"  ! {d.state} {d.due.isoformat()}  {d.action}  {d.id}" for d in view.duties]
    lines.append("Chronology, newest first:")
    lines += [f"  {line.at[:16].replace('T', ' ')}  {line.text}  ({line.by})" for line in view.chronology]
    return lines


def _step_line(step: cases.StepState) -> str:
    return f"  {step.number} {step.title:<16} {SIGNS[step.state]} {step.state:<14} {step.summary}".rstrip()


@case_.command("answer")
@click.argument("case")
@click.argument("key")
@click.argument("value")
@text("--note", "what it relies on, or why")
@rev()
@with_desk
def answer(
    session: Session, desk: "Desk", case: str, key: str, value: str, note: str, rev: int | None
) -> None:
    """Answer a question: `case keys` lists them."""
    made = cases.answer(desk, case, key, value, note, rev)
    words = f"{made.key} of {made.case} is {made.value} (revision {made.rev})."
    session.show({**plain.builtin(made), "pupil": enquiries.pupil_of(desk, case)}, lambda: [words])


@case_.command("note")
@click.argument("case")
@click.argument("words", metavar="TEXT")
@text("--at", "when it happened; now unless given")
@text("--corrects", "the id of the note that this one puts right")
@with_desk
def note(session: Session, desk: "Desk", case: str, words: str, at: str, corrects: str) -> None:
    """Write a line into the chronology."""
    made = cases.note(desk, case, words, at or None, corrects or None)
    value = {**plain.builtin(made), "pupil": enquiries.pupil_of(desk, case)}
    session.show(value, lambda: [f"{made.id} is in the chronology of {made.case}."])


@case_.command("assign")
@click.argument("case")
@text("--owner", "the user who owns it")
@text("--waits-for", "us, la, parents, police or social-care")
@rev()
@with_desk
def assign(session: Session, desk: "Desk", case: str, owner: str, waits_for: str, rev: int | None) -> None:
    """Say who owns a case, and whom it waits for."""
    _one(session, cases.assign(desk, case, owner or None, waits_for or None, rev), "is assigned")


@case_.command("link")
@click.argument("case")
@click.argument("pupil")
@click.option("--role", type=click.Choice(cases.ROLES), required=True)
@with_desk
def link(session: Session, desk: "Desk", case: str, pupil: str, role: str) -> None:
    """Link another child, in a role of their own."""
    _one(session, cases.link(desk, case, pupil, role), "has another child linked")


@case_.command("close")
@click.argument("case")
@text("--reason", "why it can be closed", required=True)
@with_desk
def close(session: Session, desk: "Desk", case: str, reason: str) -> None:
    """Close a case; refused while something that must be true is not."""
    _one(session, cases.close(desk, case, reason), "is closed")


@case_.command("reopen")
@click.argument("case")
@text("--reason", "why it is opened again", required=True)
@with_desk
def reopen(session: Session, desk: "Desk", case: str, reason: str) -> None:
    """Open a closed case again."""
    _one(session, cases.reopen(desk, case, reason), "is open again")


@case_.command("export")
@click.argument("case")
@click.option("--out", default=None, metavar="FILE", help="write it here; standard output unless given")
@with_desk
def export(session: Session, desk: "Desk", case: str, out: str | None) -> None:
    """The case as one JSON file, with the log about it and the head of the log."""
    if out is None:
        click.echo(plain.to_json(exports.export_case(desk, case)))
        return
    head = exports.write_case(desk, case, Path(out))
    value = {"id": case, "file": out, "head": {"seq": head.seq, "hash": head.hash}}
    session.show(value, lambda: [f"Written: {out}", f"Head of the log: entry {head.seq}, {head.hash}"])


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


@referral_.command("list")
@with_desk
def referral_list(session: Session, desk: "Desk") -> None:
    """All referrals, newest first."""
    rows = [plain.builtin(found) for found in referrals.referrals(desk)]
    columns = {"id": "Id", "at": "When", "case": "Case", "pupil": "Pupil", "to": "To", "decision": "Decision"}
    session.table(rows, columns, "No referral decision is recorded.")
