"""A concern without a sign-in, at a locked terminal: whoever can tell has seconds, and no PIN at hand.

Who reported it is what somebody picked, not what a secret proved: the entry's role is `unproven`, and the concern says
so to the DSL. Nothing is told here but who has an account, and of children on roll a name and a class.
"""

from collections.abc import Sequence

from msgspec import Struct

from workbench.desk.context import Desk
from workbench.desk.finding import by_name, lookup, roll_of
from workbench.desk.signin import names
from workbench.desk.text import PAGE, required
from workbench.desk.translate import translated
from workbench.domain.cases import Concern
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError
from workbench.domain.pupils import Pupil

__all__ = ["LETTERS", "MOST", "ROLE", "Child", "children", "names", "report"]

ROLE = "unproven"
"""The role of such an entry; nobody has it, and it may do nothing else."""
LETTERS, MOST = 2, 12
"""Letters of a name before any child is shown, and how many are: a locked terminal does not show the roll."""


class Child(Struct, frozen=True):
    """What a locked terminal shows of a child, and the id."""

    id: str
    surname: str
    forename: str
    class_: str


def children(desk: Desk, typed: str) -> list[Child]:
    """The children on roll today whose surname or forename begins with what was typed, by name.

    Args:
        desk: an open folder; nobody need be signed in.
        typed: the beginning of one or of both names, in either order.

    Raises:
        InvalidError: if it is fewer than `LETTERS` letters, or more than `MOST` children fit.
    """
    words = typed.casefold().replace(",", " ").split()
    if sum(map(len, words)) < LETTERS:
        raise InvalidError(f"Type at least {LETTERS} letters of the name.")
    with translated():
        desk.store.refresh()
        every = _roll(desk)
    found = [
        Child(pupil.id, pupil.surname, pupil.forename, pupil.class_)
        for pupil in every
        if _fits(words, f"{pupil.surname} {pupil.forename}".casefold().replace("-", " ").split())
    ]
    if len(found) > MOST:
        raise InvalidError(f"{len(found)} names begin so.", todo="Type more of it: surname and forename.")
    return found


def _roll(desk: Desk) -> list[Pupil]:
    """The children on roll today; where the clock says a day on which nobody is, all who have not left."""
    every = desk.records("pupils", "pupils", Pupil)
    return roll_of(desk, desk.today()) or by_name(pupil for pupil in every if pupil.left is None)


def _fits(words: Sequence[str], names_: Sequence[str]) -> bool:
    """Whether each word begins a part of the name."""
    return all(any(name.startswith(word) for name in names_) for word in words)


def report(desk: Desk, user: str, pupil: str, text: str, about: Sequence[str] = ()) -> str:
    """Write a concern down for somebody who did not sign in. It cannot be read back here.

    Args:
        desk: an open folder; who is signed in, if anybody, does not matter.
        user: the account that was picked.
        pupil: id of a child on roll.
        text: what was seen or heard.
        about: users whom it is about; it never opens for them.

    Returns:
        The concern's id.

    Raises:
        InvalidError: there is no such account, or the text is empty or too long.
        NotFoundError: no child on roll has the id.
        FolderError: it cannot be written; nothing was.
    """
    with translated():
        desk.store.refresh()
        known = {own for own, *_ in names(desk)}
        for own in (user, *about):
            if own not in known:
                raise InvalidError(f"{harmless(own)} is no account.", todo="Pick one of those who have one.")
        child = lookup(desk, pupil)
        if child.id not in {each.id for each in _roll(desk)}:
            raise NotFoundError(f"{child.id} is not on roll today.")
        words = required(text, "The concern", multiline=True, limit=PAGE)
        own = desk.unused("concerns", "concerns", "CN")
        made = Concern(
            id=own, pupil=child.id, text=words, about=tuple(dict.fromkeys(about)), at=desk.stamp(), by=user,
            proven=False,
        )  # fmt: skip
        with desk.change_by(user, ROLE, "concern.reported", own) as tx:
            desk.save(tx, "concerns", "concerns", made, rev=0)
    return own
