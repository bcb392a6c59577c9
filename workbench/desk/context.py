"""The desk: an open folder, a clock, the rules, and who is signed in. Verbs take it as their first
argument."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from store.change import Tx
from store.folder import Store
from workbench.desk.clock import Clock, end_of, stamp
from workbench.desk.ids import Random, random_id
from workbench.desk.recording import Records
from workbench.desk.sealing import Sealer
from workbench.domain.errors import FolderError, InvalidError, NotFoundError
from workbench.domain.people import Role, Signed
from workbench.domain.school import School
from workbench.domain.years import year_label, year_of_file

if TYPE_CHECKING:
    from pendulum import DateTime

    from rules.codes import CodeTable
    from rules.days import Calendar
    from rules.packs import RuleSet
    from workbench.desk.keyring import Keyring

T = TypeVar("T", bound=msgspec.Struct)

BY_KEYS = frozenset({"shelves", "all-duties", "known"})
"""Keys of the cache under which stands what depends on who reads."""


class Reader(Protocol):
    """Documents as they stand now, or as they were known on another day."""

    def docs(self, file: str, table: str) -> Mapping[str, dict[str, Any]]:
        """All documents of a table by their own id."""
        ...

    def get(self, file: str, table: str, id_: str, /) -> dict[str, Any] | None:
        """One document, or None."""
        ...


class Desk:
    """What a verb works on.

    Args:
        store: the open folder.
        clock: what time it is.
        who: the person signed in; None before that.
        folded: a command's sign-in, which leaves no entry of its own unless nothing else was written
            (`finish`).
        random: source of ids; injected where a demo must come out the same twice.
        reader: where documents are read from; the store itself unless an earlier state is asked for.
        keys: of the person signed in; what is sealed to others stays sealed.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        who: Signed | None = None,
        *,
        folded: bool = False,
        random: Random = os.urandom,
        reader: Reader | None = None,
        keys: "Keyring | None" = None,
    ) -> None:
        self.store, self.clock, self.who, self.folded, self.random = store, clock, who, folded, random
        self.keys = keys
        """The keys of the person signed in; None before that, and for those who hold none."""
        self.seal = Sealer(keys, store, random, self._say)
        self.is_live = reader is None
        """Whether it reads the folder as it stands, and can write."""
        self.reader: Reader = store.opened(self.seal) if reader is None else reader
        self.wrote = False
        self._role: Role | None = None
        self._depth = 0
        self._rules: RuleSet | None = None
        self._rules_at = 0
        """The revision of the folder's packs that they were made of."""
        self._school: tuple[int, School] | None = None
        self._calendars: dict[tuple[str, int], Calendar] = {}
        self.kept = Records()
        self.cache: dict[Any, Any] = {}
        """Room for what a module has worked out of documents and wants to keep; it must check that it still
        holds."""

    # time -------------------------------------------------------------------------------------------------

    def now(self) -> "DateTime":
        """The moment, in Europe/London."""
        return self.clock.now()

    def today(self) -> date:
        """The civil day."""
        now = self.clock.now()
        return date(now.year, now.month, now.day)

    def stamp(self) -> str:
        """The moment as records keep it."""
        return stamp(self.clock.now())

    # who --------------------------------------------------------------------------------------------------

    def signed(self, who: Signed | None, *, folded: bool = False, keys: "Keyring | None" = None) -> "Desk":
        """The same folder with a person at it. What this desk has worked out is taken over; what is learned by the keys
        stays with the new one."""
        desk = Desk(self.store, self.clock, who, folded=folded, random=self.random, keys=keys)
        desk._rules, desk._rules_at, desk._calendars = self._rules, self._rules_at, self._calendars
        if self.keys is None:
            desk.kept = self.kept.copied()
            desk.cache = {key: _own(value) for key, value in self.cache.items() if key not in BY_KEYS}
        return desk

    def signed_out(self) -> "Desk":
        """The same folder with nobody at it: nothing that was opened, and no key, is left with it."""
        return self.signed(None)

    def wipe(self) -> None:
        """Let go of the keys and of all that they opened, whoever still holds this desk: it can be read as if nobody
        had ever signed in."""
        self.keys = None
        self.seal.wipe()
        self.forget()

    def as_known(self, day: date) -> "Desk":
        """The desk as it stood at the end of `day`, by replaying the log. It can be read, not written.

        Raises:
            InvalidError: if the folder did not exist then.
        """
        view = self.store.as_known(end_of(day), self.seal)
        if view.get("school", "school", "school") is None:
            raise InvalidError(f"Nothing was recorded here by the end of {day.isoformat()}.")
        if view.gone:
            self._say(_erased_words(view.gone, view.erased))
        return Desk(
            self.store,
            self.clock,
            self.who,
            folded=self.folded,
            random=self.random,
            reader=view,
            keys=self.keys,
        )

    def _say(self, remark: str) -> None:
        if remark not in self.store.remarks:
            self.store.remarks.append(remark)

    def user(self) -> str:
        """The user name of the person signed in."""
        return self.who.user if self.who else "-"

    def role_words(self) -> str:
        """Their roles in words: `dsl and leader`."""
        return " and ".join(sorted(self.who.roles)) if self.who and self.who.roles else "without a role"

    @contextmanager
    def acting_as(self, role: Role | None) -> Iterator[None]:
        """Within it, entries carry this role; the outermost verb first takes in what other processes
        wrote."""
        before, self._role = self._role, role
        self._depth += 1
        try:
            if self._depth == 1:
                self.store.refresh()
            yield
        finally:
            self._role = before
            self._depth -= 1

    # what is kept -----------------------------------------------------------------------------------------

    def docs(self, file: str, table: str) -> Mapping[str, dict[str, Any]]:
        """All documents of a table by their own id: live and not to be changed."""
        return self.reader.docs(file, table)

    def get(self, file: str, table: str, own_id: str) -> dict[str, Any] | None:
        """One document, or None."""
        return self.reader.get(file, table, own_id)

    def record(self, file: str, table: str, own_id: str, type_: type[T]) -> T | None:
        """One document as a record, or None; None, too, where nothing of it is of use without a key not held."""
        return self.kept.one((file, table), self.reader.get(file, table, own_id), type_, self.today)

    def records(self, file: str, table: str, type_: type[T]) -> list[T]:
        """All documents of a table as records, in the order they were first written; those of which nothing is left
        without a key that is not held are left out."""
        return self.kept.every((file, table), self.reader.docs(file, table), type_, self.today)

    @contextmanager
    def change(self, act: str, subject: str | None = None, why: str | None = None) -> Iterator[Tx]:
        """One change: all that is put inside becomes one line of the log, or none of it.

        Args:
            act: a stable dotted name in the past tense.
            subject: id of the pupil, case, duty ... it is about; never a name or free text.
            why: an id that explains it, such as a duty or a rule; never free text.
        """
        with self.change_by(self.user(), self._entry_role(), act, subject, why) as tx:
            yield tx

    @contextmanager
    def change_by(
        self, actor: str, role: str, act: str, subject: str | None = None, why: str | None = None
    ) -> Iterator[Tx]:
        """`change`, for what somebody does who is not signed in: their account and role stand in the entry."""
        if not self.is_live:
            raise InvalidError("An earlier state can be read, not written.")
        heading = {
            "at": self.stamp(),
            "actor": actor,
            "role": role,
            "act": act,
            "subject": subject,
            "why": why,
        }
        with self.store.change(**heading, seal=self.seal) as tx, self.seal.within(tx):  # type: ignore[arg-type]
            yield tx
            if self.keys is not None:
                from workbench.desk.outlines import outline

                outline(self, tx)
        self.wrote = True

    def note(self, act: str, subject: str | None = None, why: str | None = None) -> None:
        """An entry that changes nothing: a view, a refusal, an export."""
        self.store.note(
            at=self.stamp(), actor=self.user(), role=self._entry_role(), act=act, subject=subject, why=why
        )
        self.wrote = True

    def note_if_possible(self, act: str, subject: str | None = None, why: str | None = None) -> None:
        """`note`, but a folder that cannot be written to can still be read: then there is no entry, and the folder's
        remarks say so."""
        if not self.store.readonly:
            self.note(act, subject, why)
            return
        words = "The folder cannot be written to: that this record was read is not in the log."
        if words not in self.store.remarks:
            self.store.remarks.append(words)

    def _entry_role(self) -> str:
        if self._role is not None:
            return self._role
        return ("+".join(sorted(self.who.roles)) if self.who else "") or "-"

    def save(self, tx: Tx, file: str, table: str, record: T, rev: int | None = None) -> T:
        """Put a record inside a change and return it with its new revision.

        Args:
            rev: the revision that the writer saw; a newer one stored is a conflict. None writes over what is
                there.

        Raises:
            NotFoundError: if the child it is about was erased since it was looked up: nothing is written that no
                list would ever show.
        """
        doc = msgspec.to_builtins(record, str_keys=True)
        child = doc.get("pupil")
        if child and tx.get("pupils", "pupils", child) is None:
            raise NotFoundError(
                f"There is no pupil {child} any more.", todo="The records were erased meanwhile."
            )
        return msgspec.convert(tx.put(file, table, doc, rev=rev), type(record))

    def fresh(self, tx: Tx, file: str, table: str, prefix: str) -> str:
        """An id that no document of the table has, such as `P-7F3KQ2`. Asked inside the change, under its
        lock."""
        while True:
            own_id = random_id(prefix, self.random)
            if tx.get(file, table, own_id) is None:
                return own_id

    def unused(self, file: str, table: str, prefix: str) -> str:
        """An id that no document of the table has now, for an entry whose subject it is; save it with
        `rev=0`."""
        while True:
            own_id = random_id(prefix, self.random)
            if self.store.get(file, table, own_id) is None:
                return own_id

    def forget(self) -> None:
        """Let go of everything that was worked out or converted: of records that were erased nothing is kept."""
        self.cache.clear()
        self.kept.clear()

    # the school and its rules -----------------------------------------------------------------------------

    @property
    def rules(self) -> "RuleSet":
        """The rules that apply here, those of the folder's own packs with them; loaded when first asked for.

        Raises:
            InvalidError: if a pack of the folder is refused: nothing is judged while it stands.
        """
        packs = self.reader.get("school", "packs", "packs")
        at = packs["rev"] if packs is not None else 0
        if self._rules is None or self._rules_at != at:
            from workbench.desk.localrules import rules_of

            if self._rules_at != at:
                self.cache.clear()  # what was worked out by other rules
            self._rules_at, self._rules = at, None
            self._rules = rules_of(self)
        return self._rules

    @property
    def rules_to_write(self) -> "RuleSet":
        """The rules that apply here, or the shipped ones while a pack is refused: for what has to be written down
        whatever a file says. Nothing is judged by them."""
        from rules.packs import load

        try:
            return self.rules
        except InvalidError:
            return load()

    @property
    def codes(self) -> "CodeTable":
        """The attendance codes; no pack changes them."""
        from rules.packs import load

        return load().codes

    def school(self) -> School:
        """The school record.

        Raises:
            FolderError: if the folder has none.
        """
        school = self.record("school", "school", "school", School)
        if school is None:
            raise FolderError(
                "The folder holds no school.", todo="Make one with `workbench init --school FILE.toml`."
            )
        return school

    def calendar(self, year: str | None = None) -> "Calendar":
        """The school days around a school year such as `2026-27`, this year's unless given: its own terms,
        those of the year before and of the year after, as far as the school has them. Counts may so run
        across a summer.

        A year without terms gives that of the nearest earlier one that has some, else the first: what asks
        for a day outside of it is told so by the calendar itself.
        """
        school = self.school()
        wanted = year or year_label(self.today())
        key = (wanted, school.rev)
        if key not in self._calendars:
            from workbench.desk.schooldays import calendar_around  # 10 ms: not before a day is asked for

            self._calendars[key] = calendar_around(school, wanted)
        return self._calendars[key]

    def years(self) -> list[str]:
        """The school years that have terms, earliest first: `["2026-27"]`."""
        return sorted({year_label(term.first) for term in self.school().terms}, key=year_of_file)

    # leaving ----------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """The end of a command: one that wrote nothing leaves `person.signed-in`. A folder that cannot be
        written to leaves nothing, and reading it still works."""
        if self.who is None or self.wrote or not self.folded:
            return
        from workbench.desk.signin import signed_in

        signed_in(self)

    def close(self, snapshot: bool = False) -> None:
        """Close the folder; `snapshot` writes the TinyDB files anew."""
        self.store.close(snapshot=snapshot)


def _own(value: Any) -> Any:
    """A cache's entry as another desk takes it over: what grows is its own."""
    return dict(value) if isinstance(value, dict) else value


def _erased_words(parts: int, erased: tuple[str, ...]) -> str:
    """What is missing from an earlier state: `3 parts erased on 2026-11-24`."""
    days = " and ".join(dict.fromkeys(at[:10] for at in erased))
    count = "1 part" if parts == 1 else f"{parts} parts"
    return f"What was known then is not whole: {count} erased on {days}, as retention had ended."
