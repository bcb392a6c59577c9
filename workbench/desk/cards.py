"""The thin card: what everybody who looks after a child may know of their safeguarding records, and no more."""

from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.hiding import speaks_of
from workbench.desk.permissions import verb

WORDS = "Speak to the DSL"
"""The whole of the card."""


@verb("card.show")
def speak_to_dsl(desk: Desk, ref: str) -> bool:
    """Whether to speak to the DSL about a pupil: there is, or was, a case or a concern that is not about the person
    signed in. Which of these, how many, and what it says is nowhere on the card.

    Args:
        desk: the desk.
        ref: the pupil's id or UPN.

    Raises:
        NotFoundError: there is no such pupil.
    """
    return speaks_of(desk, lookup(desk, ref).id)
