"""Handing a case over to the next school: the look before it, and the bundle."""

from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.commands.options import text
from screens.commands.session import Session, importing, read_fd, with_desk
from workbench.domain.handover import goes_words

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.handover_out import Exported
    from workbench.domain.handover import ThirdParties


@click.group("handover")
def handover_() -> None:
    """Hand a case over: look who is named, write the bundle; check and bring one in; receipts."""


@handover_.command("check")
@click.argument("case")
@text("--to", "the next school; as it is recorded unless given")
@importing("workbench.desk.handover_out")
@with_desk
def check(session: Session, desk: "Desk", case: str, to: str) -> None:
    """Who is named in a case, who is taken out, and what goes out; writes no bundle."""
    from workbench.desk import handover_out

    found = handover_out.look(desk, case, to)
    session.show({"id": found.case, **plain.builtin(found)}, lambda: check_lines(found))


@handover_.command("export")
@click.argument("case")
@click.option("--out", required=True, metavar="FILE", help="the bundle, a zip file; nothing is written over")
@text("--to", "the next school; as it is recorded unless given")
@text("--channel", "the secure way by which it goes; needed unless it is encrypted")
@text("--encrypt-to", "encrypt it for this age key (age1...)")
@click.option(
    "--encrypt-passphrase-fd",
    default=None,
    metavar="N",
    help="encrypt it with the passphrase on this file descriptor",
)
@importing("workbench.desk.handover_out")
@with_desk
def export(
    session: Session,
    desk: "Desk",
    case: str,
    out: str,
    to: str,
    channel: str,
    encrypt_to: str,
    encrypt_passphrase_fd: str | None,
) -> None:
    """Write the signed bundle for the next school, after saying who is named and who is taken out."""
    from workbench.desk import handover_out

    secret = "" if encrypt_passphrase_fd is None else read_fd(encrypt_passphrase_fd)
    if encrypt_passphrase_fd is not None and not secret:
        raise click.UsageError("--encrypt-passphrase-fd gives no passphrase.")
    way = handover_out.Way(recipient=encrypt_to, passphrase=secret, channel=channel)
    made = handover_out.export(desk, case, out, way, to, before=_say)
    session.show(exported(made), lambda: exported_lines(made))


def _say(found: "ThirdParties") -> None:
    for line in check_lines(found):
        click.echo(plain.safe(line), err=True)


def exported(made: "Exported") -> dict[str, Any]:
    """A bundle as an object: its record, where it is, whose names were taken out."""
    return {**plain.builtin(made.handover), "file": made.path, "redacted": plain.builtin(made.redacted)}


def exported_lines(made: "Exported") -> list[str]:
    """What was written, and what to do next."""
    one = made.handover
    return [
        f"Written: {made.path}",
        f"{one.id}: {one.case} for {one.to or 'a school that is not recorded'}, {one.size:,} bytes.",
        f"Check sum of the bundle: {one.sha256}",
        f"Signed by {one.by} with the key {one.signer}",
        "Give the fingerprint by telephone, and not with the bundle. It stays yours to chase until a receipt comes.",
    ]


def check_lines(found: "ThirdParties") -> list[str]:
    """The look before an export, as lines."""
    lines = [f"{found.case} for {found.to or 'a school that is not recorded'}", "Named in it:"]
    lines += [f"  {one.name} ({one.role})" for one in found.named]
    lines.append("Taken out:" if found.redacted else "Taken out: nobody.")
    for one in found.redacted:
        left = f"; {one.left} left in small letters: read them" if one.left else ""
        lines.append(f"  {one.name} -> [{one.role} {one.id}], {one.places} places{left}")
    return [*lines, f"Goes out: {goes_words(found.goes)}", *(f"Stays here: {words}" for words in found.stays)]
