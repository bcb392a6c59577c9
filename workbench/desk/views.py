"""Who looked at which safeguarding record, and whether they had anything to do with the child.

A look is an entry of the log. It is *without a duty* if whoever looked, within a number of days before or after it
(`data/views.toml`), did nothing about that pupil, and then owned no case of theirs, waited for no answer to a referral
they made, and no duty about the pupil was theirs to do.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from workbench.desk.accounts import people_known
from workbench.desk.clock import day_of
from workbench.desk.columns import DATA
from workbench.desk.concerns import readable
from workbench.desk.context import Desk
from workbench.desk.duties import SHOWN, duties_of
from workbench.desk.hiding import shown
from workbench.desk.logbook import about, related
from workbench.desk.permissions import verb
from workbench.desk.sealing import WORD
from workbench.desk.shelves import Shelves
from workbench.domain.cases import Concern

NO_ACT = ("person.", "signin.", "verb.", "checkpoint.")
"""Acts that are about nobody but who does them."""

Entry = Mapping[str, Any]


class Look(Struct, frozen=True, kw_only=True):
    """One look of one person at the record of one pupil."""

    id: str
    """The number of the entry; with the pupil where one entry stands for several."""
    at: str
    actor: str
    role: str
    act: str
    subject: str | None
    pupil: str | None
    """None where the person signed in may not know whom it is about."""
    because: str | None
    """What ties whoever looked to the child; None of a look without a duty."""


class Looks(Struct, frozen=True, kw_only=True):
    """What counts as a look, and how near an act must be."""

    days: int
    looks: tuple[str, ...]


@cache
def choices() -> Looks:
    """The school's choice of `data/views.toml`."""
    return msgspec.convert(tomllib.loads((DATA / "views.toml").read_text("utf-8")), Looks)


@verb("log.views")
def looks(desk: Desk, without_duty: bool = False) -> list[Look]:
    """Every look at a safeguarding record, oldest first; those at records about the person signed in are left out.

    Args:
        desk: the desk.
        without_duty: only those by people who had nothing to do with the child.
    """
    reader = _Reader(desk)
    found = [look for entry in reader.entries if entry["act"] in choices().looks for look in reader.of(entry)]
    return [look for look in found if look.because is None or not without_duty]


class _Reader:
    """The log and the shelves, as one question reads them."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.shelf = desk, shown(desk)
        self.everything = desk.docs("cases", "cases")
        self.entries: list[Entry] = list(desk.store.entries())
        self.people = people_known(desk)
        self._ids: dict[str, set[str]] = {}
        self._owed: dict[tuple[str, date], set[str]] = {}

    def of(self, entry: Entry) -> Iterator[Look]:
        """The looks that an entry stands for: one, or one a pupil where a whole list was read."""
        if entry["act"] == "referral.listed":
            at = entry["at"]
            for pupil, made in sorted(self.shelf.referrals.items()):
                if any(each.recorded <= at for each in made):
                    yield self._look(entry, pupil, f"{entry['seq']}:{pupil}")
        elif entry["act"] == "concern.viewed":
            yield from self._concern(entry)
        else:
            whose = self._pupil(self.shelf, entry)
            if whose is not None:
                yield self._look(entry, whose, str(entry["seq"]))

    def _concern(self, entry: Entry) -> Iterator[Look]:
        concern = self.desk.record("concerns", "concerns", entry["subject"], Concern)
        if concern is None:
            yield from self._sealed(entry)
            return
        if self.desk.user() in concern.about:
            return
        look = self._look(entry, concern.pupil, str(entry["seq"]))
        yield look if readable(self.desk, concern) else _unnamed(look)

    def _sealed(self, entry: Entry) -> Iterator[Look]:
        """A look at a concern for those who can open none: that it was. For whom others open, it is about them."""
        who, stored = self.desk.who, self.desk.get("concerns", "concerns", entry["subject"])
        if stored is not None and who is not None and not who.has("dsl", "leader"):
            fields = {name: entry[name] for name in ("at", "actor", "role", "act", "subject")}
            yield Look(id=str(entry["seq"]), **fields, pupil=None, because=WORD)

    def _pupil(self, shelf: Shelves, entry: Entry) -> str | None:
        """Whom an entry about a case or a pupil is about; None if it is not for the person signed in, or erased."""
        subject = entry["subject"]
        if subject in shelf.pupils:
            return str(subject)
        doc = self.everything.get(subject)
        if doc is None or self.desk.user() in doc["about"]:
            return None
        return str(doc["pupil"])

    def _look(self, entry: Entry, pupil: str, own_id: str) -> Look:
        return Look(
            id=own_id,
            at=entry["at"],
            actor=entry["actor"],
            role=entry["role"],
            act=entry["act"],
            subject=entry["subject"],
            pupil=pupil,
            because=self._because(entry, pupil),
        )

    # what ties them ---------------------------------------------------------------------------------------

    def _because(self, entry: Entry, pupil: str) -> str | None:
        """What ties whoever looked to the child, in words; None if nothing does."""
        user, day = entry["actor"], day_of(entry["at"])
        if any(
            c.owner == user and day_of(c.opened) <= day for c in self.shelf.cases.get(pupil, ()) if c.is_open
        ):
            return "owns the case"
        mine = (r for r in self.shelf.referrals.get(pupil, ()) if r.by == user and r.decision == "refer")
        if any(not r.replies for r in mine):
            return "waits for an answer to a referral"
        act = self._act(user, pupil, day)
        if act is not None:
            return f"did something about the child on {act.isoformat()}"
        return "a duty about the child is theirs" if self._owes(user, pupil, day) else None

    def _act(self, user: str, pupil: str, day: date) -> date | None:
        """The day of an act of theirs about the pupil that is near enough; looks are no acts."""
        ids = self._related(pupil)
        for entry in self.entries:
            if entry["actor"] != user or entry["act"] in choices().looks or entry["act"].startswith(NO_ACT):
                continue
            on = day_of(entry["at"])
            if abs((on - day).days) <= choices().days and about(entry, ids):
                return on
        return None

    def _related(self, pupil: str) -> set[str]:
        if pupil not in self._ids:
            concerns = {c.id for c in self.shelf.concerns.get(pupil, ())}
            self._ids[pupil] = related(self.desk, pupil) | concerns
        return self._ids[pupil]

    def _owes(self, user: str, pupil: str, day: date) -> bool:
        """Whether a duty about the pupil stood on that day which is for one of their roles to do."""
        if (pupil, day) not in self._owed:
            standing = duties_of(self.desk, pupil, day) if pupil in self.shelf.pupils else []
            self._owed[pupil, day] = {duty.owner for duty in standing if duty.state in SHOWN}
        person = self.people.get(user)
        return person is not None and not self._owed[pupil, day].isdisjoint(person.roles)


def _unnamed(look: Look) -> Look:
    """A look at a concern, for those for whom it does not open: that it was read, not whom it is about."""
    return msgspec.structs.replace(look, pupil=None)


def words(look: Look) -> str:
    """Why a look counts as one without a duty, or what ties whoever looked to the child."""
    if look.because is not None:
        return look.because
    return f"no duty, case, referral or act of theirs within {choices().days} days"
