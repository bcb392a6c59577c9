"""What is sealed in the folder's documents, and for whom. No verbs here.

What belongs to a case is sealed to the case's key, by whoever may write into it; the vault wraps that key for the DSLs
and leaders whom the case is not about, and for the recovery key. What belongs to no case is sealed to people: a concern
to the DSLs it is not about, to the leaders if none is left, and always to the recovery key.

A field that is sealed leaves something in its place (`FIELDS`), so that whoever lacks the key reads a whole document.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from store.envelope import SEALED, opened, sealed_for, sealed_to
from store.errors import SealError
from store.seal import Opening
from store.sealing import LENGTH, seal_to
from store.vault import KEYS
from workbench.desk.keyring import Keyring
from workbench.desk.vouching import is_vouched

Doc = dict[str, Any]
Random = Callable[[int], bytes]
WORD = "sealed"
"""Stands where a text is sealed."""
RECOVERY = ("people", "recovery", "recovery")
"""Where the public part of the recovery key is kept."""
LEFT_OUT = frozenset({"cases/answers", "cases/notes", "concerns/concerns"})
"""Tables of which nothing is of use without the key: whoever lacks it does not get the document."""


class Source(Protocol):
    """Where documents stand while one of them is written."""

    def docs(self, file: str, table: str, /) -> Mapping[str, Doc]:
        """All documents of a table by own id."""
        ...

    def get(self, file: str, table: str, own_id: str, /) -> Doc | None:
        """One document, or None."""
        ...


class Target(NamedTuple):
    """To whom something is sealed: to one key that the vault wraps, or to people, for each of whom it is wrapped."""

    case: bytes | None
    people: tuple[bytes, ...] = ()


def _case(doc: Doc, source: Source) -> Target:
    """The newest key of the case that a document belongs to; people, where nobody signed that it is the case's."""
    case = doc if KEYS in doc else source.get("cases", "cases", doc["case"] or "")
    newest = public_key(case[KEYS][-1]) if case and is_vouched(source, case) else None
    return Target(newest) if newest else Target(None, heads(source, case["about"] if case else ()))


def _if_case(doc: Doc, source: Source) -> Target | None:
    return _case(doc, source) if doc["case"] else None


def _concern(doc: Doc, source: Source) -> Target:
    return Target(None, for_concern(source, doc["about"]))


def _event(doc: Doc, source: Source) -> Target | None:
    from workbench.desk.event_kinds import table  # which reads days, and so stands on the desk that seals

    kind = table().get(doc["kind"])
    return Target(None, heads(source)) if kind is not None and kind.private else None


def _without(*names: str) -> Callable[[Any], Any]:
    blank = dict.fromkeys(names, "")
    return lambda items: [{**item, **blank} for item in items]


Whom = Callable[[Doc, Source], Target | None]
FIELDS: dict[str, tuple[Whom, dict[str, Any]]] = {
    "cases/cases": (_case, {"linked": [], "closings": _without("reason")}),
    "cases/answers": (_case, {"value": WORD, "note": "", "earlier": []}),
    "cases/notes": (_case, {"text": WORD}),
    "cases/enquiries": (_case, {"result": WORD, "how": "", "evidence": ""}),
    "cases/referrals": (
        _case,
        {"reason": WORD, "threshold": "", "reference": "", "consent": "", "consent_why": "", "escalated": "",
         "replies": _without("text", "outcome")},
    ),
    "cases/removals": (
        _case,
        {"evidence": _without("note"), "overrides": _without("reason"), "ended_reason": ""},
    ),
    "cases/received": (_case, {"file": {}}),
    "cases/handovers": (_case, {"steps": _without("note")}),
    "cases/settled": (_if_case, {"reason": WORD}),
    "concerns/concerns": (
        _concern,
        {"pupil": "", "text": WORD, "about": [], "outcome": None, "triaged_by": None},
    ),
    "pupils/events": (_event, {"fields": {}}),
}  # fmt: skip
"""`file/table` to whom it is sealed for, and the sealed fields, each with what stands in its place: a value, or what
makes one of it."""
IN_CLEAR = frozenset({"cases/returns", "cases/outlines"})
"""Tables about cases of which nothing is sealed: what was sent to whom when, and outlines."""


class Sealer:
    """How one person's desk seals and opens documents: everybody seals, the keys that somebody holds open.

    Args:
        keys: of the person signed in; None opens nothing.
        source: the folder's documents; within a change those of the change.
        random: source of keys.
        remark: told of a document that was altered outside the program, by its place.
    """

    def __init__(
        self, keys: Keyring | None, source: Source, random: Random, remark: Callable[[str], None]
    ) -> None:
        self.keys, self._source, self._random, self._remark = keys, source, random, remark
        self._opened: dict[str, dict[str, tuple[Doc, Doc]]] = {}

    @contextmanager
    def within(self, tx: Source) -> Iterator[None]:
        """Within it, whom something is sealed for is looked up in the change."""
        before, self._source = self._source, tx
        try:
            yield
        finally:
            self._source = before

    def wipe(self) -> None:
        """Let go of the keys and of all that they opened."""
        self.keys = None
        self._opened.clear()

    def seal(self, kind: str, own_id: str, rev: int, doc: Doc, /) -> Doc:
        """What is stored for `doc`.

        Raises:
            SealError: there is nobody to seal it for.
        """
        whom, stand_ins = FIELDS.get(kind, (None, {}))
        target = whom(doc, self._source) if whom is not None else None
        if target is None:
            return doc
        hidden = {name: doc[name] for name in stand_ins if name in doc}
        clear = {**doc, **{name: _stand_in(stand_ins[name], doc[name]) for name in hidden}}
        if target.case is not None:
            return {**clear, SEALED: sealed_to(target.case, kind, own_id, rev, hidden)}
        if not target.people:
            raise SealError("nobody is left who could open it", f"{kind}/{own_id}")
        made = sealed_for(target.people, kind, own_id, rev, hidden, self._random(LENGTH))
        return {**clear, SEALED: made}

    def open(self, kind: str, stored: Doc, /) -> Doc:
        """The document that `stored` holds; as it is where its key is not held. The same object as long as `stored`
        is."""
        if self.keys is None or SEALED not in stored:
            return stored
        kept = self._opened.setdefault(kind, {})
        known = kept.get(stored["id"])
        if known is not None and known[0] is stored:
            return known[1]
        try:
            found = opened(kind, stored, self.keys.private)
            _refuse_others(kind, stored, found)
        except SealError as error:
            self._remark(f"{kind}/{stored['id']}: {error.what}. Run `workbench check`.")
            found = stored
        if found is not stored:  # a key may be given to them later: then it opens
            kept[stored["id"]] = (stored, found)
        return found

    def view(self, kind: str, stored: Mapping[str, Doc], /) -> Mapping[str, Doc]:
        """A read-only view of many stored documents by own id, opened as they are looked at."""
        if kind in FIELDS:
            return Opening(kind, stored, self)
        return MappingProxyType(stored) if isinstance(stored, dict) else stored


def _refuse_others(kind: str, stored: Doc, found: Doc) -> None:
    """Let pass what belongs into a box of that kind: whoever can write into the log can seal anything to a public key,
    and whom a case is about, or who wrote it, is what stands in clear for everybody.

    Raises:
        SealError: a field of the document stands in its box that is not sealed there.
    """
    fields = FIELDS[kind][1] if kind in FIELDS else {}
    if any(name not in fields and (name not in stored or found[name] is not stored[name]) for name in found):
        raise SealError("fields stand in its box that are not sealed there")


def _stand_in(wanted: Any, value: Any) -> Any:
    return wanted(value) if callable(wanted) else wanted


# whom things are sealed for ---------------------------------------------------------------------------------------


def heads(source: Source, about: Sequence[str] = ()) -> tuple[bytes, ...]:
    """The keys of the DSLs and leaders whom something is not about, and the recovery key."""
    return _keys(source, _holders(source, ("dsl", "leader"), about))


def for_concern(source: Source, about: Sequence[str]) -> tuple[bytes, ...]:
    """The keys of the DSLs whom a concern is not about, if there are none those of such leaders; and the recovery
    key."""
    dsls = _holders(source, ("dsl",), about)
    return _keys(source, dsls or _holders(source, ("leader",), about))


def recovery_only(source: Source) -> tuple[bytes, ...]:
    """The recovery key alone, if the folder has one."""
    return _keys(source, ())


def _holders(source: Source, roles: Iterable[str], about: Sequence[str]) -> list[str]:
    wanted = set(roles)
    return [
        doc["seals"]
        for doc in source.docs("people", "people").values()
        if public_key(doc.get("seals")) and doc["user"] not in about and not wanted.isdisjoint(doc["roles"])
    ]


def _keys(source: Source, holders: Iterable[str]) -> tuple[bytes, ...]:
    recovery = source.get(*RECOVERY)
    every = [*holders, *([recovery["seals"]] if recovery else [])]
    return tuple(raw for raw in map(public_key, every) if raw)


def public_key(text: object) -> bytes | None:
    """The public key that an account, a case or the folder names; None if that is no key, which stops nobody from
    writing: what is sealed goes to all the others."""
    return _public_key(text) if isinstance(text, str) else None


@lru_cache(256)
def _public_key(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
        seal_to(raw, b"", b"")  # some 32 bytes are no key, and only sealing tells
    except (ValueError, SealError):
        return None
    return raw
