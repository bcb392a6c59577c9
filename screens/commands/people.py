"""Accounts and roles."""

import os
import sys
from typing import TYPE_CHECKING

import click

from screens import plain
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
    """An account without what its passphrase is checked against."""
    return {k: v for k, v in plain.builtin(person).items() if k != "verifier"}


@people_.command("list")
@with_desk
def list_(session: Session, desk: "Desk") -> None:
    """Everybody with an account."""
    columns = {"user": "User", "name": "Name", "post": "Post", "roles": "Roles"}
    session.table([row(person) for person in accounts.people(desk)], columns, "Nobody has an account.")


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
    """A new account: user=... name=... post=... roles=..."""
    if new_passphrase_fd is not None:
        secret = read_fd(new_passphrase_fd)
    elif NEW in os.environ:
        secret = os.environ[NEW]
    elif sys.stdin.isatty():
        secret = str(
            click.prompt("Passphrase of the new account", hide_input=True, confirmation_prompt=True, err=True)
        )
    else:
        raise InvalidError(
            "No passphrase was given for the new account.", todo=f"Use --new-passphrase-fd N or ${NEW}."
        )
    value = row(accounts.add(desk, fields_of(fields), secret, session.world.kdf))
    session.show(value, lambda: [f"{value['user']} has an account."])


@people_.command("role")
@click.argument("user")
@click.argument("roles", nargs=-1, required=True)
@with_desk
def role(session: Session, desk: "Desk", user: str, roles: tuple[str, ...]) -> None:
    """Give somebody exactly these roles."""
    value = row(accounts.set_roles(desk, user, [r for word in roles for r in word.replace(",", " ").split()]))
    session.show(value, lambda: [f"{user} is now {', '.join(roles)}."])
