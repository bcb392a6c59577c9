"""The receiving side of a handover, and what comes back: verify, import, received, accept, receipt, list."""

from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.cli import say
from screens.commands.handover import handover_
from screens.commands.options import text
from screens.commands.session import Session, current, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.handover_in import Verified
    from workbench.domain.casefile import CaseFile
    from workbench.domain.cases import Case
    from workbench.domain.handover import Handover

COLUMNS = {"id": "Handover", "case": "Case", "to": "To", "state": "State", "made": "Made", "sum": "Check sum"}
EMPTY = "No case was handed over yet. `workbench handover export CASE --out FILE` writes a bundle."


@handover_.command("verify")
@click.argument("file")
@text("--fingerprint", "of the signing key, as the sender told it by another way (SHA256:...)")
def verify(file: str, fingerprint: str) -> None:
    """Check a bundle: whether it is whole, who signed it, and what proves what. Needs no account and no data folder."""
    from workbench.desk import handover_in

    session = current()
    found = handover_in.verify(file, fingerprint)
    value = {"ok": True, **plain.builtin(found), "proof": handover_in.proof_lines(found)}
    session.show(value, lambda: [*verified_lines(found), *handover_in.proof_lines(found)])


@handover_.command("import")
@click.argument("file")
@text("--pupil", "the child here (id or UPN); looked for unless given")
@click.option("--add-pupil", is_flag=True, help="put the child on the roll, with what the file says")
@click.option("--class", "class_", default="", metavar="TEXT", help="with --add-pupil: the class here")
@text("--starts", "with --add-pupil: the first day here; today unless given")
@text("--year", "with --add-pupil: the year group here; as the file has it unless given")
@text("--fingerprint", "of the signing key, as the sender told it by another way (SHA256:...)")
@click.option("--about", multiple=True, metavar="USER", help="hide the case from this user")
@importing("workbench.desk.handover_in")
@with_desk
def import_(
    session: Session,
    desk: "Desk",
    file: str,
    pupil: str,
    add_pupil: bool,
    class_: str,
    starts: str,
    year: str,
    fingerprint: str,
    about: tuple[str, ...],
) -> None:
    """Make a new, marked case of a bundle; the sender's file is kept apart, and nothing is written over."""
    from workbench.desk import handover_in

    placed = {"class": class_, "starts": starts, "year": year}
    if any(placed.values()) and not add_pupil:
        raise click.UsageError("--class, --starts and --year go with --add-pupil.")
    found = handover_in.bring_in(
        desk, file, pupil or None, placed if add_pupil else None, fingerprint=fingerprint, about=about
    )
    lines = [
        f"Imported as {found.case.id}, about {found.pupil} ({FOUND[found.match.by]}).",
        *_next(desk, found.case),
    ]
    for remark in found.remarks:
        say(f"Remark: {plain.safe(remark)}")
    session.show(handover_in.as_json(found), lambda: lines)


def _next(desk: "Desk", case: "Case") -> list[str]:
    """What to do then: nothing that is refused to whom the case is hidden from."""
    if desk.user() in case.about:
        return [
            f"It is about you: you do not see it from now on. {case.owner} goes on with it; tell them so."
        ]
    return [
        f"The sender's own chronology: workbench handover received {case.id}",
        f"Tell the sender that you have it: workbench handover accept {case.id} --out FILE",
    ]


FOUND = {
    "upn": "found here by the UPN",
    "name and birth date": "found here by name and birth date",
    "given": "as you named",
    "added": "put on the roll now",
}


@handover_.command("received")
@click.argument("case")
@importing("workbench.desk.handover_in")
@with_desk
def received(session: Session, desk: "Desk", case: str) -> None:
    """The sender's case file of an imported case: what they wrote, kept apart from what is written here."""
    from workbench.desk import handover_in

    file = handover_in.received(desk, case)
    session.show({"id": case, **plain.builtin(file)}, lambda: received_lines(file))


@handover_.command("accept")
@click.argument("case")
@click.option("--out", required=True, metavar="FILE", help="the receipt; nothing is written over")
@text("--note", "a word to the sender")
@importing("workbench.desk.handover_receipts")
@with_desk
def accept(session: Session, desk: "Desk", case: str, out: str, note: str) -> None:
    """Make a signed receipt for an imported case, or for a bundle's file: the sender's duty ends with it."""
    from workbench.desk import handover_receipts

    made = handover_receipts.accept(desk, case, out, note)
    value = {"id": made.receipt.kept_as or None, "file": made.path, "signer": made.signer}
    session.show(
        {**value, "receipt": plain.builtin(made.receipt)},
        lambda: [
            f"Written: {made.path}",
            f"It says that {made.receipt.by}, {made.receipt.post}, has the bundle {made.receipt.bundle}.",
            f"Signed with {made.signer}: send the file, and tell them the fingerprint by telephone.",
        ],
    )


@handover_.command("receipt")
@click.argument("handover")
@click.option("--file", default=None, metavar="FILE", help="the receipt that the other school made")
@click.option(
    "--state",
    type=click.Choice(("sent", "collected", "opened", "accepted", "queried")),
    default=None,
    help="what happened, where there is no file",
)
@text("--who", "with --state: the person, by name")
@text("--post", "with --state: their post")
@text("--at", "with --state: when, as 2026-11-20T15:20; now unless given")
@click.option(
    "--hash",
    "hash_",
    default="",
    metavar="TEXT",
    help="with --state: the check sum as they read it back, or its first 12 digits at least",
)
@text("--note", "with --state: anything else; what was asked, if it was queried")
@importing("workbench.desk.handover_receipts")
@with_desk
def receipt(
    session: Session,
    desk: "Desk",
    handover: str,
    file: str | None,
    state: str | None,
    who: str,
    post: str,
    at: str,
    hash_: str,
    note: str,
) -> None:
    """Write down what happened to a handover: from the receipt's file, or as you were told."""
    from workbench.desk import handover_receipts

    if (file is None) == (state is None):
        raise click.UsageError("Say --state, or --file with the receipt.")
    if file is not None and (who or post or at or hash_ or note):
        raise click.UsageError("With --file, who and when stand in the receipt.")
    if file is not None:
        changed = handover_receipts.record_file(desk, handover, file)
    else:
        changed = handover_receipts.record(desk, handover, str(state), who, post, at or None, hash_, note)
    session.show(handover_row(changed), lambda: step_lines(changed))


@handover_.command("list")
@text("--case", "only those of this case")
@importing("workbench.desk.handover_receipts")
@with_desk
def list_(session: Session, desk: "Desk", case: str) -> None:
    """The bundles that left, and what became of each: made, sent, collected, opened, accepted, queried."""
    from workbench.desk import handover_receipts

    found = handover_receipts.handovers(desk, case or None)
    if session.given.json:
        session.show([handover_row(one) for one in found], list)
        return
    rows = [
        {
            "id": one.id,
            "case": one.case,
            "to": one.to or "not recorded",
            "state": one.state,
            "made": one.at[:10],
            "sum": one.sha256[:16],
        }
        for one in found
    ]
    session.table(rows, COLUMNS, EMPTY)


# in words ---------------------------------------------------------------------------------------------------------


def verified_lines(found: "Verified") -> list[str]:
    """What a bundle says it is."""
    return [
        f"{found.case} of {found.school} {found.number}, made {found.made_at[:16]} by {found.made_by}.",
        f"About their {found.pupil}" + (f", UPN {found.upn}." if found.upn else ", without a UPN."),
        f"Check sum of the bundle: {found.sha256}",
        f"Head of their log: {found.head}",
    ]


def received_lines(file: "CaseFile") -> list[str]:
    """The sender's chronology, newest first, with what was left out."""
    lines = [
        f"{file.case.id} of {file.school.name} {file.school.number}, made {file.made_at[:16]}; written there:"
    ]
    lines += [
        f"{line.at[:16]:<17}{line.kind:<10}{line.text}" + (f" ({line.by})" if line.by else "")
        for line in reversed(file.chronology)
    ]
    return [*lines, *(f"Left out: {words}" for words in file.redactions)]


def handover_row(one: "Handover") -> dict[str, Any]:
    """A handover as an object, with its state."""
    return {**plain.builtin(one), "state": one.state}


def step_lines(one: "Handover") -> list[str]:
    """What was written down last, and what is left to do."""
    step = one.steps[-1]
    lines = [f"{one.id} {step.state} {step.at[:16]}: {step.who}, {step.post}."]
    if step.hash:
        same = step.hash == one.sha256
        lines.append(
            "The check sum is ours." if same else "The check sum is NOT ours: they have another file."
        )
    if step.signer:
        lines.append(f"The receipt is signed with {step.signer}: have them read it to you by telephone.")
    if step.state == "sent":
        lines.append("Next: the receipt. Record it, or take in the file that they make.")
    return lines
