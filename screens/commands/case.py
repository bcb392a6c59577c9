"""Cases: their steps, answers, notes and export."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import rev, text
from screens.commands.session import Session, with_desk
from workbench.desk import cases, enquiries, exports, granting, referrals
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
    shown = [
        {
            **row,
            **({} if row["open"] else {"next": "closed", "waits_for": ""}),
            "steps": "".join(SIGNS[s["state"]] for s in row["steps"]),
        }
        for row in rows
    ]
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
    if mark := view.case.imported:
        lines.append(
            f"  imported from {mark.school} {mark.number}, their {mark.case}; `workbench handover received`"
        )
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


@case_.command("grant")
@click.argument("case")
@click.argument("user")
@with_desk
def grant(session: Session, desk: "Desk", case: str, user: str) -> None:
    """Let an auditor read one case."""
    _one(session, granting.grant(desk, case, user), f"can be read by {user}")


@case_.command("withdraw-grant")
@click.argument("case")
@click.argument("user")
@with_desk
def withdraw_grant(session: Session, desk: "Desk", case: str, user: str) -> None:
    """Take a case back from an auditor; what is written from now on is sealed to a key that they never held."""
    _one(session, granting.withdraw(desk, case, user), f"is closed to {user}")


@case_.command("close")
@click.argument("case")
@text("--reason", "why it can be closed", default="all that must be true to close is true")
@with_desk
def close(session: Session, desk: "Desk", case: str, reason: str) -> None:
    """Close a case; refused while something that must be true is not."""
    _one(session, cases.close(desk, case, reason), "is closed")


@case_.command("reopen")
@click.argument("case")
@text("--reason", "why it is opened again", default="no reason was given")
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
