"""What can be recorded for a removal: the grounds of the law and the conditions that want evidence."""

from rules.grounds import Ground, evidence_keys, list_grounds
from rules.grounds import ground as ground_of
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.asking import Asked, Choice


@verb("removal.keys")
def grounds(desk: Desk) -> list[Ground]:
    """All grounds of the law; `available` says whether this rule set can judge one."""
    return list_grounds(desk.rules, desk.today())


@verb("removal.keys")
def keys(desk: Desk, letter: str | None = None) -> list[Asked]:
    """The conditions that evidence can be recorded for: of one ground, or of all that are in the rule set."""
    letters = (
        [letter] if letter else [g.letter for g in list_grounds(desk.rules, desk.today()) if g.available]
    )
    return [key for each in letters for key in questions_of(desk, each)]


def questions_of(desk: Desk, letter: str) -> list[Asked]:
    """The conditions of one ground as questions, for use inside other verbs."""
    found = ground_of(desk.rules, letter, desk.today())
    return [
        Asked(
            key=c.key,
            step=found.letter,
            text=c.words,
            kind="date" if c.test == "last-day" else "choice",
            choices=()
            if c.test == "last-day"
            else (Choice(key="yes", text="Yes"), Choice(key="no", text="No")),
            note=True,
            help=f"Ground {found.letter}, {found.citation.text}. Certainty: {c.certainty}.",
            meets="yes",
        )
        for c in evidence_keys(desk.rules, letter, desk.today())
    ]
