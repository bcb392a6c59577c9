"""Choosing a passphrase or PIN on a screen: one's own, and the first one of a new account."""

from typing import TYPE_CHECKING

from screens.widgets.form import Field
from workbench.desk import accounts
from workbench.desk.secrets_rules import secret_hint
from workbench.domain.errors import InvalidError, WorkbenchError

if TYPE_CHECKING:
    from screens.frame import WorkScreen

LIMIT = 1024
"""Most characters."""


def new_fields(label: str) -> tuple[Field, Field]:
    """The new secret, twice: `passphrase` and `again`."""
    return (
        Field("passphrase", label, "secret", required=True, limit=LIMIT, hint=secret_hint()),
        Field("again", "Once more", "secret", required=True, limit=LIMIT),
    )


def taken(answer: dict[str, str]) -> str:
    """Take the new secret out of a form's answer.

    Raises:
        InvalidError: if what was typed the second time differs.
    """
    passphrase = answer.pop("passphrase")
    if passphrase != answer.pop("again"):
        raise InvalidError("The two differ.", todo="Type both again.")
    return passphrase


async def change_own(screen: "WorkScreen") -> None:
    """Ask for the old one, and for the new one twice, until it is changed or the form is left."""
    text = "Whoever sits here proves who they are first. Others cannot choose it for you."
    fields = [
        Field("old", "The one you have", "secret", required=True, limit=LIMIT),
        *new_fields("The new one"),
    ]
    while (answer := await screen.fill("Your own passphrase or PIN", fields, text)) is not None:
        try:
            accounts.set_passphrase(screen.desk, taken(answer), old=answer["old"])
        except WorkbenchError as error:
            text = f"{error.what} {error.todo}".rstrip()
            continue
        screen.say("From now on you sign in with the new one.")
        return
