"""Concerns: anybody writes one down in seconds; only those it is not about read it."""

from collections.abc import Sequence

import msgspec

from workbench.desk.accounts import people_known
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.permissions import verb
from workbench.desk.sealing import for_concern, recovery_only
from workbench.desk.text import PAGE, required
from workbench.domain.cases import Concern
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError

TODAY = "The safeguarding leads will read it today."
NOBODY = (
    "Nobody here can read it: it is about everybody who could, or they hold no keys yet. It is kept, and opens with "
    "the recovery key. Tell the chair of governors, or the local authority's designated officer, today."
)


@verb("concern.report")
def report(desk: Desk, pupil: str, text: str, about: Sequence[str] = ()) -> str:
    """Write a concern down. It cannot be read back by who wrote it; the log says only that one was reported.

    Args:
        about: users whom it is about; it never opens for them.

    Returns:
        The concern's id.
    """
    child = lookup(desk, pupil)
    known = people_known(desk)
    for user in about:
        if user not in known:
            raise InvalidError(
                f"about: {harmless(user)} is no account.", todo="Leave it out, and say it in the text."
            )
    text = required(text, "The concern", multiline=True, limit=PAGE)
    own = desk.unused("concerns", "concerns", "CN")
    made = Concern(
        id=own, pupil=child.id, text=text, about=tuple(dict.fromkeys(about)), at=desk.stamp(), by=desk.user()
    )
    with desk.change("concern.reported", subject=own) as tx:
        lookup(
            desk, child.id
        )  # once more, under the lock: no duty would tell of one about a child erased meanwhile
        desk.save(tx, "concerns", "concerns", made, rev=0)
    return own


@verb("concern.list")
def concerns(desk: Desk) -> list[Concern]:
    """The concerns that the person signed in may read, without their text, newest first."""
    found = [c for c in desk.records("concerns", "concerns", Concern) if readable(desk, c)]
    return [msgspec.structs.replace(c, text="") for c in sorted(found, key=lambda c: c.at, reverse=True)]


@verb("concern.show")
def show(desk: Desk, concern_id: str) -> Concern:
    """One concern. That it was read is in the log."""
    found = _known(desk, concern_id)
    desk.note_if_possible("concern.viewed", subject=found.id)
    return found


@verb("concern.triage")
def triage(desk: Desk, concern_id: str, outcome: str) -> Concern:
    """Write down what was decided on a concern."""
    found = _known(desk, concern_id)
    if found.outcome is not None:
        raise InvalidError(
            f"{found.id} was decided on by {found.triaged_by}; that stays.",
            todo="What was learned since belongs into a case, or a new concern.",
        )
    outcome = required(outcome, "What was decided", multiline=True, limit=PAGE)
    changed = msgspec.structs.replace(found, outcome=outcome, triaged_by=desk.user(), triaged_at=desk.stamp())
    with desk.change("concern.triaged", subject=found.id) as tx:
        return desk.save(tx, "concerns", "concerns", changed, rev=found.rev)


def goes_to(desk: Desk, about: Sequence[str]) -> str:
    """Who reads a concern that was just reported, in words; that nobody can, where it is about all who could."""
    if len(for_concern(desk.reader, about)) == len(recovery_only(desk.reader)):
        return NOBODY
    dsls = [p for p in people_known(desk).values() if "dsl" in p.roles and p.user not in about]
    return TODAY if dsls else "No safeguarding lead may read it; a leader will read it today."


def readable(desk: Desk, concern: Concern) -> bool:
    """Whether a concern opens for the person signed in: the DSLs it is not about, else the leaders."""
    who = desk.who
    if who is None or who.user in concern.about:
        return False
    dsls = [p for p in people_known(desk).values() if "dsl" in p.roles and p.user not in concern.about]
    return who.has("dsl") if dsls else who.has("leader")


def _known(desk: Desk, concern_id: str) -> Concern:
    found = desk.record("concerns", "concerns", concern_id, Concern)
    if found is None or not readable(desk, found):
        raise NotFoundError(f"There is no concern {harmless(concern_id)} that you may read.")
    return found
