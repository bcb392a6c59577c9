"""Concerns that were cut off while somebody who holds no key typed them: a DSL reads them and takes them up."""

from collections.abc import Sequence

import msgspec

from store.drafts import SealedDraft
from workbench.desk.accounts import people_known
from workbench.desk.context import Desk
from workbench.desk.drafts import CONCERN, cleaned, drafts_of, drop, opened
from workbench.desk.finding import lookup
from workbench.desk.permissions import verb
from workbench.desk.text import PAGE, required
from workbench.domain.cases import Concern
from workbench.domain.characters import harmless
from workbench.domain.errors import NotFoundError
from workbench.domain.pupils import Pupil


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """A concern that somebody began and did not hand over. `text` and `pupil` only once it is opened."""

    id: str
    user: str
    at: str
    pupil: str = ""
    text: str = ""
    about: tuple[str, ...] = ()


@verb("concern.unfinished")
def unfinished(desk: Desk) -> list[Unfinished]:
    """Concerns that somebody began and did not hand over, as far as they are sealed to the person signed in; the
    oldest first, without their text."""
    found = [_head(one) for one in drafts_of(desk).all() if _is_for(desk, one)]
    return sorted(found, key=lambda one: one.at)


@verb("concern.look")
def look(desk: Desk, own: str) -> Unfinished:
    """An unfinished concern with its text. That it was read is in the log."""
    found = _known(desk, own)
    desk.note_if_possible("concern.viewed", subject=found.id)
    return found


@verb("concern.take-up")
def take_up(desk: Desk, own: str, outcome: str = "") -> str:
    """Make a concern of an unfinished one: its writer stands in it, not proven. With an outcome it is decided on at
    once, which is how one that nothing follows from is put away: text and reason stay.

    Returns:
        The concern's id.
    """
    found = _known(desk, own)
    child = _child(desk, found)
    people = people_known(desk)
    about = tuple(user for user in found.about if user in people)
    now = desk.stamp()
    made = Concern(
        id=desk.unused("concerns", "concerns", "CN"), pupil=child.id, text=_whole_text(found, about, desk.user()),
        about=about, at=now, by=found.user, proven=False,
    )  # fmt: skip
    if outcome:
        decided = required(outcome, "The reason", multiline=True, limit=PAGE)
        made = msgspec.structs.replace(made, outcome=decided, triaged_by=desk.user(), triaged_at=now)
    with desk.change("concern.reported", subject=made.id, why=found.id) as tx:
        desk.save(tx, "concerns", "concerns", made, rev=0)
    drop(desk, found.id)
    return made.id


def _child(desk: Desk, found: Unfinished) -> Pupil:
    try:
        return lookup(desk, found.pupil)
    except NotFoundError as error:
        drop(desk, found.id)  # of a child who was erased nothing is kept
        raise NotFoundError(
            "The child's records were erased; what was typed of them is gone as well.",
            kept="All else is kept.",
        ) from error


def _whole_text(found: Unfinished, about: Sequence[str], taker: str) -> str:
    """The text, with what is to be known of it; the words are left out before anything of the text is."""
    text = required(found.text, "The concern", multiline=True, limit=PAGE)
    unknown = " ".join(word for word in found.about if word not in about)
    head = f"Unfinished: {found.user} last typed at {found.at[:16].replace('T', ' ')}; taken up by {taker}."
    whole = "\n".join(part for part in (head, f"About a colleague: {unknown}" if unknown else "", "", text))
    return whole if len(whole) <= PAGE else text


def _known(desk: Desk, own: str) -> Unfinished:
    one = drafts_of(desk).get(own) if _is_id(own) else None
    body = opened(desk, one) if one is not None and _is_for(desk, one) else None
    if body is None or not body.name.startswith(CONCERN):
        raise NotFoundError(
            f"There is no unfinished concern {harmless(own)} that you may read.",
            todo="Its writer handed it over meanwhile, or somebody else took it up.",
        )
    values = cleaned(body.values)
    return Unfinished(
        id=own, user=harmless(body.user), at=harmless(body.at), pupil=body.name.removeprefix(CONCERN),
        text=values.get("text", ""), about=tuple(dict.fromkeys(values.get("about", "").split())),
    )  # fmt: skip


def _is_id(own: str) -> bool:
    return own.startswith("DR-") and own.replace("-", "").isalnum()


def _is_for(desk: Desk, one: SealedDraft) -> bool:
    return one.kind == "concern" and desk.keys is not None and desk.user() in one.sealed


def _head(one: SealedDraft) -> Unfinished:
    return Unfinished(id=one.id, user=harmless(one.user), at=harmless(one.at))
