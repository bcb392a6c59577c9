"""Accounts and roles."""

import os
import sys
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.commands.options import rev
from screens.commands.session import Session, fields_of, read_fd, with_desk
from workbench.desk import accounts
from workbench.domain.errors import InvalidError
from workbench.domain.people import Person

if TYPE_CHECKING:
    from workbench.desk.context import Desk

NEW = "WORKBENCH_NEW_PASSPHRASE"


@click.group("people")
def people_() -> None:
    """Accounts and roles."""


def row(person: Person) -> dict[str, object]:
    """An account without the fingerprint of what its passphrase is checked against."""
    return {k: v for k, v in plain.builtin(person).items() if k != "slot"}


@people_.command("list")
@with_desk
def list_(session: Session, desk: "Desk") -> None:
    """Everybody with an account."""
    columns = {"user": "User", "name": "Name", "post": "Post", "roles": "Roles"}
    session.table([row(person) for person in accounts.people(desk)], columns, "Nobody has an account.")


def _new_secret(fd: str | None, whose: str) -> str:
    """A new passphrase: from a file descriptor, else the variable, else typed twice.

    Raises:
        InvalidError: if none of these gives one.
    """
    if fd is not None:
        return read_fd(fd)
    if NEW in os.environ:
        return os.environ[NEW]
    if not sys.stdin.isatty():
        raise InvalidError(
            f"No passphrase was given for {whose}.", todo=f"Use --new-passphrase-fd N or ${NEW}."
        )
    return str(
        click.prompt(f"New passphrase of {whose}", hide_input=True, confirmation_prompt=True, err=True)
    )


@people_.command("add")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@click.option(
    "--new-passphrase-fd",
    default=None,
    metavar="N",
    help=f"read the new account's passphrase here (else ${NEW})",
)
@with_desk
def add(session: Session, desk: "Desk", fields: tuple[str, ...], new_passphrase_fd: str | None) -> None:
    """A new account: user=... name=... post=... roles=...

    Its first passphrase follows the rules of docs/accounts.md; where `staff` is the only role, a PIN will do. Whose
    account it is chooses another at the first sign-in.
    """
    secret = _new_secret(new_passphrase_fd, "the new account")
    value = row(accounts.add(desk, fields_of(fields), secret, session.world.kdf))
    session.show(value, lambda: [f"{value['user']} has an account."])


@people_.command("passphrase")
@click.option(
    "--new-passphrase-fd", default=None, metavar="N", help=f"read the new passphrase here (else ${NEW})"
)
@with_desk
def passphrase(session: Session, desk: "Desk", new_passphrase_fd: str | None) -> None:
    """A new passphrase (for `staff` alone, or a PIN) of your own; you sign in with the old one."""
    secret = _new_secret(new_passphrase_fd, desk.user())
    accounts.set_passphrase(desk, secret, session.world.kdf)
    value = {"id": desk.user(), "user": desk.user()}
    session.show(value, lambda: [f"{desk.user()} has a new passphrase."])


@people_.command("role")
@click.argument("user")
@click.argument("roles", nargs=-1, required=True)
@rev()
@with_desk
def role(session: Session, desk: "Desk", user: str, roles: tuple[str, ...], rev: int | None) -> None:
    """Give somebody exactly these roles; `none` for who left: they then sign in to nothing."""
    wanted = [role for word in roles for role in word.replace(",", " ").split()]
    value = row(accounts.set_roles(desk, user, wanted, rev))
    session.show(
        value, lambda: [f"{user} is now {', '.join(wanted) if wanted != ['none'] else 'without a role'}."]
    )
