"""The keys of accounts and of the folder by command: prove and renew the recovery key, get in by it, new keys."""

import os
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.secrets import NEW_FD, new_secret, recovery_typed
from screens.commands.session import Session, current, with_desk
from workbench.desk import recovering, rekeying
from workbench.desk.recovery import KEEP_KEY, LENGTH, as_text
from workbench.domain.errors import InvalidError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

RECOVERY_FD = click.option(
    "--recovery-fd", default=None, metavar="N", help="read the recovery key from this file descriptor"
)
OLD_PAPER = (
    "{count} cases and records are not sealed to it yet, but to the one before: keep both papers until `workbench "
    "people recovery show` names none. Another DSL or leader seals what they can open when they sign in."
)


@click.group("recovery")
def recovery() -> None:
    """The recovery key: what is known of it, prove it, make a new one."""


def _paper_lines(paper: recovering.Paper) -> list[str]:
    proven = f"Proven: {paper.proven} by {paper.proven_by}" if paper.proven else "Proven: not yet"
    behind = [OLD_PAPER.format(count=paper.behind)] if paper.behind else []
    return [f"Made: {paper.made}", proven, *behind]


@recovery.command("show")
@with_desk
def show(session: Session, desk: "Desk") -> None:
    """When the recovery key was made and last proven, and how much is not sealed to it yet."""
    paper = recovering.paper(desk)
    session.show({"id": "recovery", **plain.builtin(paper)}, lambda: _paper_lines(paper))


@recovery.command("prove")
@RECOVERY_FD
@with_desk
def prove(session: Session, desk: "Desk", recovery_fd: str | None) -> None:
    """Type the recovery key back from its paper, which proves that it is there and can be read."""
    recovering.paper(desk)  # whoever may not is refused before they type it
    recovering.prove(desk, recovery_typed(recovery_fd))
    paper = recovering.paper(desk)
    session.show({"id": "recovery", **plain.builtin(paper)}, lambda: ["The recovery key is proven."])


@recovery.command("new")
@with_desk
def new(session: Session, desk: "Desk") -> None:
    """A new recovery key in the place of the one there is; it is shown this once, and has to be proven again."""
    key = os.urandom(LENGTH)
    paper = recovering.make_new(desk, key)
    say(f"Recovery key: {as_text(key)}")
    say(KEEP_KEY)
    value = {"id": "recovery", **plain.builtin(paper), "recovery": as_text(key)}
    session.show(value, lambda: ["The folder has a new recovery key.", *_paper_lines(paper)])


@click.command("recover")
@click.argument("user")
@RECOVERY_FD
@NEW_FD
def recover(user: str, recovery_fd: str | None, new_passphrase_fd: str | None) -> None:
    """Let a DSL or leader in again by the recovery key, when nobody can sign in: a new passphrase and new keys. Nobody
    signs in for it."""
    session = current()
    try:
        desk = session.open()
        typed = recovery_typed(recovery_fd)
        secret = new_secret(new_passphrase_fd, user)
        person = recovering.recover(desk, user, typed, secret, session.world.kdf)
        value = {"id": person.user, "user": person.user, "roles": list(person.roles)}
        session.show(value, lambda: [f"{person.user} signs in with the new passphrase."])
    finally:
        session.close()


@click.command("rekey")
@with_desk
def rekey(session: Session, desk: "Desk") -> None:
    """New keys of your own under the passphrase that you have: where somebody may have taken the old ones."""
    if session.used is None:
        raise InvalidError("No passphrase was given.")
    rekeying.rekey(desk, session.used, session.world.kdf)
    session.show({"id": desk.user(), "user": desk.user()}, lambda: [f"{desk.user()} has new keys."])


@click.command("reset")
@click.argument("user")
@with_desk
def reset(session: Session, desk: "Desk", user: str) -> None:
    """A first passphrase and new keys for somebody who lost theirs. It is shown this once; with it they choose their
    own (`workbench people passphrase`), before which nothing else is open."""
    first = rekeying.reset(desk, user, session.world.kdf)
    say("Tell it to them in person. It is shown this once, and opens nothing but choosing their own.")
    value = {"id": user, "user": user, "passphrase": first}
    session.show(value, lambda: [f"First passphrase of {user}: {first}"])
