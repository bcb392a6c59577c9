"""What the people screen does with keys: the recovery key, new keys, a first passphrase, and who left."""

import os
from typing import TYPE_CHECKING

from screens.people_secret import LIMIT
from screens.widgets.form import Field
from workbench.desk import accounts, recovering, rekeying
from workbench.desk.recovery import KEEP_KEY, LENGTH, as_text
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.frame import WorkScreen

OWN = Field("secret", "Your passphrase", "secret", required=True, limit=LIMIT)


async def _with_secret(
    screen: "WorkScreen", title: str, text: str, field: Field, act: "Callable[[str], None]"
) -> bool:
    """Ask for a secret until what it is for is done, or the form is left; whether it was done."""
    while (answer := await screen.fill(title, [field], text)) is not None:
        try:
            act(answer["secret"])
        except WorkbenchError as error:
            text = f"{error.what} {error.todo}".rstrip()
            continue
        screen.reload()
        return True
    return False


async def prove_recovery(screen: "WorkScreen") -> None:
    """Have the recovery key typed back from its paper."""
    try:
        paper = recovering.paper(screen.desk)
    except WorkbenchError as error:
        screen.say(str(error), late=True)
        return
    known = f"Last proven {paper.proven[:10]} by {paper.proven_by}." if paper.proven else "Not proven yet."
    field = Field(
        "secret", "The recovery key", "secret", required=True, limit=LIMIT, hint="14 groups of four"
    )
    text = f"Type it from the paper: that proves that it is there and can be read. {known}"
    if await _with_secret(
        screen, "Prove the recovery key", text, field, lambda t: recovering.prove(screen.desk, t)
    ):
        screen.say("The recovery key is proven. Put the paper back into the safe.")


async def new_recovery(screen: "WorkScreen") -> None:
    """Make a new recovery key, and show it once."""
    key = os.urandom(LENGTH)
    text = "The one on paper opens nothing any more that is written from now on. The new one is shown once."
    if not await _with_secret(
        screen, "A new recovery key", text, OWN, lambda t: void(recovering.make_new(screen.desk, key, t))
    ):
        return
    behind = recovering.paper(screen.desk).behind
    left = f"{behind} records still open with the one before alone: keep both papers." if behind else ""
    await screen.tell("The recovery key: write it down now", [as_text(key), "", KEEP_KEY, left])


async def rekey_own(screen: "WorkScreen") -> None:
    """New keys of one's own."""
    text = "Where somebody may have taken yours. The passphrase stays; what you may read stays open to you."
    if await _with_secret(
        screen, "New keys of your own", text, OWN, lambda t: rekeying.rekey(screen.desk, t)
    ):
        screen.say("You have new keys.")


async def reset(screen: "WorkScreen", user: str) -> None:
    """A first passphrase for somebody who lost theirs, shown once."""
    consequence = "They get a first passphrase and new keys. The passphrase that they have is none any more."
    if not await screen.confirm(f"{user}: a first passphrase?", consequence):
        return
    try:
        first = rekeying.reset(screen.desk, user)
    except WorkbenchError as error:
        screen.say(f"{error.what} {error.todo}".rstrip(), late=True)
        return
    screen.reload()
    told = "Tell it to them in person; it is shown this once. With it they choose their own, and can do nothing else"
    await screen.tell(f"First passphrase of {user}", [first, "", f"{told}: `workbench people passphrase`."])


async def remove(screen: "WorkScreen", user: str) -> None:
    """Take every role from somebody who left."""
    consequence = (
        "They sign in to nothing any more, and what is written from now on is sealed to keys they never held."
    )
    if not await screen.confirm(f"{user} left?", consequence):
        return
    try:
        accounts.remove(screen.desk, user)
    except WorkbenchError as error:
        screen.say(f"{error.what} {error.todo}".rstrip(), late=True)
        return
    screen.reload()
    screen.say(f"{user} is without a role.")


def void(_: object) -> None:
    """Nothing of a value."""
