"""The log as people read it: filtered, in words, and proven."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from store.log import Head
from store.verifying import Problem, Verdict
from workbench.desk.checkpoints import proven
from workbench.desk.clock import day_of
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.hiding import hidden
from workbench.desk.permissions import verb
from workbench.desk.proofs import note_proof
from workbench.desk.shelves import shelves
from workbench.domain.acts import act_words

__all__ = ["Head", "Problem", "Verdict"]

Entry = dict[str, Any]
VERIFIED = "log.verified"


@verb("log.show")
def entries(
    desk: Desk,
    pupil: str | None = None,
    person: str | None = None,
    act: str | None = None,
    day: date | None = None,
) -> list[Entry]:
    """The entries exactly as they are stored, by number.

    Args:
        pupil: only those about this pupil, or what belongs to them (id or UPN).
        person: only this user's.
        act: only acts that begin with this, such as `removal` or `removal.completed`.
        day: only those of this civil day.
    """
    ids = related(desk, lookup(desk, pupil).id) if pupil else None
    closed = hidden(desk, lookup(desk, pupil).id) if pupil else set()
    found: Iterable[Entry] = desk.store.entries()
    return [
        e
        for e in found
        if (ids is None or (about(e, ids) and closed.isdisjoint((e["subject"], e["why"]))))
        and (person is None or e["actor"] == person)
        and (act is None or e["act"] == act or e["act"].startswith(f"{act}."))
        and (day is None or day_of(e["at"]) == day)
    ]


@verb("log.verify")
def verify(desk: Desk, head: str | None = None) -> Verdict:
    """Whether the log is whole from its first entry, and whether it holds `head`; the log then says that it was.

    Args:
        desk: the desk.
        head: 64 digits that were noted elsewhere, or at least the first 12 of them.

    Raises:
        FolderError: if `head` can be the head of no log.
    """
    verdict = desk.store.verify(head)
    wrong, _ = proven(desk)
    if wrong:
        verdict = msgspec.structs.replace(verdict, whole=False, problems=(*verdict.problems, *wrong))
    if not verdict.whole:
        return verdict
    if desk.store.readonly:
        desk.store.remarks.append("The folder cannot be written to: its log does not say that it was proven.")
        return verdict
    with desk.change(VERIFIED, why=verdict.head.hash) as tx:
        note_proof(desk, tx, verdict.head)
    return verdict


@verb("log.verify")
def vouched(desk: Desk) -> str:
    """Up to where somebody vouches for the log with their signature, in words."""
    newest = proven(desk)[1]
    if newest is None:
        return "Nobody has signed a checkpoint yet: a DSL's or leader's sign-in does, once a day."
    return f"Signed by {newest.by} up to entry {newest.seq}, {newest.at[:10]}."


def tail_words(verdict: Verdict) -> str:
    """What is said of an unfinished last line behind a log that is whole; empty where there is none."""
    if verdict.tail is None:
        return ""
    place = f"{verdict.tail.file}, line {verdict.tail.line}"
    return f"{place} is unfinished ({verdict.tail.reason}): it was never acknowledged, and the next change cuts it off."


@verb("log.show")
def head(desk: Desk) -> Head:
    """The number and hash of the newest entry."""
    return desk.store.head


def words(entry: Mapping[str, Any]) -> str:
    """What an entry says happened, in plain words: `took register 9B AM`."""
    return act_words(str(entry["act"]), str(entry["subject"] or ""), str(entry["why"] or ""))


def related(desk: Desk, pupil: str) -> set[str]:
    """The ids of a pupil and of what belongs to them; concerns and cases about the person signed in are left out."""
    shelf = shelves(desk)
    hidden = {c.id for c in shelf.cases.get(pupil, ()) if desk.user() in c.about}
    found = {pupil}
    for shelves_of in (shelf.cases, shelf.removals, shelf.referrals, shelf.contacts, shelf.events):
        found |= {r.id for r in shelves_of.get(pupil, ()) if getattr(r, "case", None) not in hidden}
    return found - hidden


def about(entry: Mapping[str, Any], ids: set[str]) -> bool:
    """Whether an entry is about one of the ids: it is its subject, its reason, or the pupil of a duty it names."""
    why = entry["why"] or ""
    return entry["subject"] in ids or why in ids or any(part in ids for part in why.split(":"))
