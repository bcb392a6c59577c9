"""Two people, one mark of one session: the second is told what stands. Marks of different pupils merge by themselves.

No verbs here."""

from datetime import date
from itertools import islice

import msgspec

from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.marks import MarkBook, slot_id
from workbench.domain.errors import ConflictError
from workbench.domain.marking import Ask
from workbench.domain.pupils import Pupil
from workbench.domain.register import Standing

LOOKED_BACK = 5_000
"""Newest entries among which the writer of a mark is looked for: several days of a large school."""
WRITTEN = ("mark.drafted", "register.taken", "register.imported")


def insist_seen(
    desk: Desk, tx: Tx, marks: MarkBook, pupil: Pupil, ask: Ask, wanted: Standing, seen: Standing | str | None
) -> None:
    """Refuse, inside a change, to write over a mark that its writer has not seen.

    Args:
        wanted: what is to be written; if that stands already, there is nothing to decide.
        seen: what the writer saw, whole or the code alone; None writes over what stands.

    Raises:
        ConflictError: if something else stands.
    """
    if seen is None:
        return
    own_id = slot_id(pupil.id, ask.on, ask.session)
    note = tx.get(marks.file, "notes", own_id) or {}
    stands = Standing(
        code=marks.code(pupil.id, ask.on, ask.session), minutes=note.get("minutes"), note=note.get("note", "")
    )
    if stands == wanted or seen in (stands, stands.code):
        return
    by, at = _writer(desk, pupil, ask.on, ask.session)
    raise ConflictError(
        f"{pupil.id} {ask.on.isoformat()} {ask.session} was marked {stands.code or 'anew'} meanwhile.",
        theirs={"id": own_id, **msgspec.to_builtins(stands)},
        yours={"id": own_id, **msgspec.to_builtins(wanted)},
        by=by,
        at=at,
    )


def _writer(desk: Desk, pupil: Pupil, on: date, session: str) -> tuple[str, str]:
    """Who wrote the mark of a session last, and when; empty where it is further back than anybody looks."""
    slot = f"{on.isoformat()}{session}"
    for entry in islice(desk.store.entries(newest_first=True), LOOKED_BACK):
        about = entry["subject"] in (pupil.id, pupil.class_on(on))
        if about and entry["act"] in WRITTEN and str(entry["why"] or "").endswith(slot):
            return str(entry["actor"]), str(entry["at"])
    return "", ""
