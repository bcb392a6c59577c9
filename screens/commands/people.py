"""Accounts and roles."""

from typing import TYPE_CHECKING

import click

from screens import plain
from screens.commands.keys import recover, recovery, rekey, reset
from screens.commands.options import rev
from screens.commands.secrets import NEW_FD, new_secret
from screens.commands.session import Session, fields_of, with_desk
from workbench.desk import accounts
from workbench.domain.people import Person

if TYPE_CHECKING:
    from workbench.desk.context import Desk


SECRETS = frozenset({"slot", "seals", "signs", "signed_with"})


@click.group("people")
def people_() -> None:
    """Accounts and roles."""


def row(person: Person) -> dict[str, object]:
    """An account without what its passphrase is checked against, and without its public keys."""
    return {k: v for k, v in plain.builtin(person).items() if k not in SECRETS}


@people_.command("list")
@with_desk
def list_(session: Session, desk: "Desk") -> None:
    """Everybody with an account, and whether they hold keys."""
    columns = {"user": "User", "name": "Name", "post": "Post", "roles": "Roles", "keys": "Keys"}
    holders = accounts.key_holders(desk)
    rows = [{**row(person), "keys": person.user in holders} for person in accounts.people(desk)]
    session.table(rows, columns, "Nobody has an account.")


@people_.command("add")
@click.argument("fields", nargs=-1, metavar="FIELD=VALUE ...")
@NEW_FD
@with_desk
def add(session: Session, desk: "Desk", fields: tuple[str, ...], new_passphrase_fd: str | None) -> None:
    """A new account: user=... name=... post=... roles=...

    Its first passphrase follows the rules of docs/accounts.md; where `staff` is the only role, a PIN will do. Whose
    account it is chooses another at the first sign-in.
    """
    secret = new_secret(new_passphrase_fd, "the new account")
    value = row(accounts.add(desk, fields_of(fields), secret, session.world.kdf))
    session.show(value, lambda: [f"{value['user']} has an account."])


@people_.command("passphrase")
@NEW_FD
@with_desk
def passphrase(session: Session, desk: "Desk", new_passphrase_fd: str | None) -> None:
    """A new passphrase (for `staff` alone, or a PIN) of your own; you sign in with the old one."""
    secret = new_secret(new_passphrase_fd, desk.user())
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


@people_.command("remove")
@click.argument("user")
@with_desk
def remove(session: Session, desk: "Desk", user: str) -> None:
    """Take every role from somebody who left: they sign in to nothing, and what is written from now on is sealed to
    keys that they never held. The account stays in the log."""
    value = row(accounts.remove(desk, user))
    session.show(value, lambda: [f"{user} is now without a role."])


for _command in (rekey, reset, recover, recovery):
    people_.add_command(_command)
