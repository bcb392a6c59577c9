"""Secrets that commands ask for beside the sign-in: new passphrases, the recovery key."""

import os
import sys

import click

from screens.commands.session import read_fd
from workbench.domain.errors import InvalidError

NEW = "WORKBENCH_NEW_PASSPHRASE"
NEW_FD = click.option(
    "--new-passphrase-fd", default=None, metavar="N", help=f"read the new passphrase here (else ${NEW})"
)


def new_secret(fd: str | None, whose: str) -> str:
    """A new passphrase: from a file descriptor, else the variable, else typed twice.

    Raises:
        InvalidError: if none of these gives one.
    """
    if fd is not None:
        return read_fd(fd, "--new-passphrase-fd")
    if NEW in os.environ:
        return os.environ[NEW]
    if not sys.stdin.isatty():
        raise InvalidError(
            f"No passphrase was given for {whose}.", todo=f"Use --new-passphrase-fd N or ${NEW}."
        )
    return str(
        click.prompt(f"New passphrase of {whose}", hide_input=True, confirmation_prompt=True, err=True)
    )


def recovery_typed(fd: str | None) -> str:
    """The recovery key: from a file descriptor, else typed without being shown. No variable carries it.

    Raises:
        InvalidError: if neither gives one.
    """
    if fd is not None:
        return read_fd(fd, "--recovery-fd")
    if not sys.stdin.isatty():
        raise InvalidError("No recovery key was given.", todo="Use --recovery-fd N.")
    return str(click.prompt("Recovery key", hide_input=True, err=True))
