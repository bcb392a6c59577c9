"""Removals from the roll: asked for, evidenced, confirmed, authorised, completed."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import DAY, rev, text
from screens.commands.session import Session, with_desk
from workbench.desk import removals
from workbench.desk.removals import RemovalView

if TYPE_CHECKING:
    from workbench.desk.context import Desk

SIGNS = {"met": "●", "open": "○", "overridden": "◐", "does-not-apply": "–"}


@click.group("removal")
def removal_() -> None:
    """Removals from the roll and their gates."""


def obj(view: RemovalView) -> dict[str, Any]:
    """A removal as an object with its gates."""
    return {
        **plain.builtin(view.removal),
        "name": view.pupil.name,
        "ground_title": view.ground,
        "gates": plain.builtin(view.gates),
        "open_gates": list(view.open_gates),
        "earliest": view.earliest.isoformat() if view.earliest else None,
        "return_duty": view.return_duty,
    }


def lines_of(view: RemovalView) -> list[str]:
    """A removal with every gate, its state and what stands behind it."""
    r = view.removal
    lines = [f"{r.id} · {view.pupil.name} {view.pupil.class_} · {r.state} · asked for by {r.requested_by}"]
    lines.append(f"Ground {r.ground}: {view.ground}")
    for gate in view.gates:
        lines.append(f"  {SIGNS[gate.state]} {gate.state:<14} {gate.id:<24} {gate.standing:<7} {gate.why}")
        lines += [
            f"      {'●' if c.met else '○'} {c.key}: {c.text} ({c.why}; how sure the rule is: {c.certainty})"
            for c in gate.conditions
        ]
    earliest = view.earliest.isoformat() if view.earliest else "not while a condition is open"
    return [*lines, f"Earliest lawful date: {earliest}. Never back-dated."]


def _one(session: Session, view: RemovalView) -> None:
    session.show(obj(view), lambda: lines_of(view))


@removal_.command("start")
@click.argument("pupil")
@text("--ground", "the letter", required=True)
@text("--case", "the case that it belongs to")
@click.option(
    "--effective", type=DAY, default=None, metavar="DATE", help="the day on which the name shall go, if known"
)
@with_desk
def start(session: Session, desk: "Desk", pupil: str, ground: str, case: str, effective: date | None) -> None:
    """Ask for a name to be deleted; it stays until the removal is completed."""
    _one(session, removals.start(desk, pupil, ground, case or None, effective))


@removal_.command("list")
@with_desk
def list_(session: Session, desk: "Desk") -> None:
    """All removals, newest first."""
    rows = [obj(view) for view in removals.removals(desk)]
    columns = {
        "id": "Removal",
        "name": "Pupil",
        "ground": "Ground",
        "state": "State",
        "open_gates": "Open gates",
    }
    session.table(rows, columns, "No removal was ever asked for.")


@removal_.command("show")
@click.argument("removal")
@with_desk
def show(session: Session, desk: "Desk", removal: str) -> None:
    """One removal with its gates as they stand."""
    _one(session, removals.show(desk, removal))


@removal_.command("keys")
@text("--ground", "only this ground's")
@with_desk
def keys(session: Session, desk: "Desk", ground: str) -> None:
    """All grounds, and the conditions for which evidence can be recorded."""
    rows = [
        {"id": f"{k.step}.{k.key}", "ground": k.step, **plain.builtin(k)}
        for k in removals.keys(desk, ground or None)
    ]
    listed = [plain.builtin(g) for g in removals.grounds(desk)]
    titles = [
        f"{g['letter']}  {g['title']}{'' if g['available'] else '  (not in this rule set)'}" for g in listed
    ]
    words = [f"  {row['ground']} {row['key']:<30} {row['text']}" for row in rows]
    session.show(rows, lambda: [*titles, "", *words])


@removal_.command("evidence")
@click.argument("removal")
@click.argument("key")
@click.argument("value")
@text("--note", "what it rests on")
@rev()
@with_desk
def evidence(
    session: Session, desk: "Desk", removal: str, key: str, value: str, note: str, rev: int | None
) -> None:
    """Record evidence for a condition: `yes`, `no` or a date."""
    _one(session, removals.evidence(desk, removal, key, value, note, rev))


@removal_.command("confirm")
@click.argument("removal")
@text("--from", "who answered for the authority", required=True)
@text("--reference", "the authority's reference", required=True)
@click.option("--answer", type=click.Choice(["yes", "no"]), required=True)
@click.option(
    "--gate",
    type=click.Choice(["la-consent", "la-confirmation"]),
    default=None,
    help="the open one unless given",
)
@with_desk
def confirm(
    session: Session,
    desk: "Desk",
    /,
    removal: str,
    reference: str,
    answer: str,
    gate: str | None,
    **given: str,
) -> None:
    """Record the authority's answer."""
    _one(session, removals.confirm(desk, removal, given["from"], reference, answer, gate))


@removal_.command("withdraw")
@click.argument("removal")
@text("--reason", "why", required=True)
@with_desk
def withdraw(session: Session, desk: "Desk", removal: str, reason: str) -> None:
    """Withdraw a request; its duties no longer exist."""
    _one(session, removals.withdraw(desk, removal, reason))


@removal_.command("authorise")
@click.argument("removal")
@click.option("--override", "overrides", multiple=True, metavar="GATE", help="a policy gate to go on without")
@text("--reason", "why the school goes on without it")
@rev()
@with_desk
def authorise(
    session: Session, desk: "Desk", removal: str, overrides: tuple[str, ...], reason: str, rev: int | None
) -> None:
    """Authorise a request as it stands: a leader other than who asked."""
    _one(session, removals.authorise(desk, removal, overrides, reason, rev))


@removal_.command("complete")
@click.argument("removal")
@click.option("--date", "on", type=DAY, required=True, metavar="DATE", help="today or later")
@rev()
@with_desk
def complete(session: Session, desk: "Desk", removal: str, on: date, rev: int | None) -> None:
    """Delete the name from the roll; refused while a gate stands open."""
    _one(session, removals.complete(desk, removal, on, rev))
