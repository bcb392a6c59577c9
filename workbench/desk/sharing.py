"""Who holds which keys: brought into line with the roles that people have. No verbs here.

Someone who can open a thing gives the key of it to those who may read it and do not hold it yet, and takes it away from
those who may not any more. What they had opened before, or copied away, they may have kept: the README says so.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from store.change import Tx
from store.envelope import SEALED, is_sealed, wrapped
from store.errors import StoreError
from store.sealing import LENGTH, public_of
from store.vault import KEYS, WrappedKey, key_id
from workbench.desk.context import Desk
from workbench.desk.sealing import Source, for_concern, heads, public_key
from workbench.desk.signatures import sign
from workbench.desk.vouching import case_words, is_vouched
from workbench.domain.cases import Case

Doc = Mapping[str, Any]
OF_PEOPLE = (("concerns", "concerns"), ("pupils", "events"))
"""Tables whose documents may be sealed to people, not to a case."""


def new_key(desk: Desk, tx: Tx, case: Case) -> Case:
    """A case with a new key, which the vault wraps for those who may read it. Whoever makes it, and is one of them, can
    use it within the change: the outline of the case is written in the same."""
    private = desk.random(LENGTH)
    public = public_of(private)
    wraps = wrapped(private, readers(tx, msgspec.to_builtins(case)))
    tx.keep_key(key_id(public), wraps)
    if desk.keys is not None and desk.keys.own_id in wraps:
        desk.keys.hold(key_id(public), private)
    return vouched(desk, tx, case, seals=(*case.seals, public.hex()))


def vouched(desk: Desk, source: Source, case: Case, **changes: Any) -> Case:
    """A case with other keys or grants, signed anew by the person signed in. One that was altered outside the program
    is not: nobody puts their name to that unawares."""
    changed = msgspec.structs.replace(case, **changes)
    if desk.keys is None or (case.seals and not is_vouched(source, msgspec.to_builtins(case))):
        return changed
    words = case_words(msgspec.to_builtins(changed))
    return msgspec.structs.replace(changed, vouched=sign(desk, *words))


def readers(source: Source, case: Doc) -> tuple[bytes, ...]:
    """The keys of those who may read a case: DSLs and leaders it is not about, auditors by grant, the recovery key."""
    people = source.docs("people", "people")
    granted = [
        key
        for user in case.get("granted", ())
        if (person := people.get(user)) and "auditor" in person["roles"] and user not in case["about"]
        if (key := public_key(person.get("seals")))
    ]
    return (*heads(source, case["about"]), *granted)


def share(desk: Desk) -> bool:
    """Bring all keys into line, in one change with the act `keys.shared`; whether there was anything to do."""
    if desk.keys is None or desk.store.readonly or not _is_out_of_line(desk):
        return False
    with desk.change("keys.shared") as tx:
        align(desk, tx)
    return True


def align(desk: Desk, tx: Tx) -> None:
    """Bring all keys into line with the people as they stand in a change, as far as the person signed in can."""
    held_on = _held_on(desk, tx)
    for own, key in _wraps(desk, tx):
        tx.keep_key(own, key)
    if held_on:
        renew(desk, tx, lambda case: case.is_open and case.id in held_on)
    for file, table, doc in _strangers(desk, tx):
        tx.next_part()  # a record of one child's is to be erased by itself
        tx.put(file, table, {name: value for name, value in doc.items() if name != "rev"})


def _held_on(desk: Desk, source: Source) -> set[str]:
    """Cases whose newest key is wrapped for somebody who may not read them: whoever took their role away could not open
    these cases, being whom they are about."""
    every = desk.store.vault.keys()
    found = set()
    for case in source.docs("cases", "cases").values():
        holders = every.get(key_id(case[KEYS][-1]), {}) if case.get(KEYS) else {}
        if not holders.keys() <= set(map(key_id, readers(source, case))):
            found.add(case["id"])
    return found


def renew(desk: Desk, tx: Tx, wanted: Callable[[Case], bool] | None = None) -> None:
    """Give every open case, or those that are `wanted`, a new key for what is written from now on: somebody who held
    the old one may not read it. A closed case gets its own when somebody writes into it again (`renew_closed`)."""
    for doc in list(tx.docs("cases", "cases").values()):
        case = msgspec.convert(doc, Case)
        if (wanted or _is_open)(case) and case.seals and not is_sealed(doc):
            tx.next_part()
            desk.save(tx, "cases", "cases", new_key(desk, tx, case))


def renew_closed(desk: Desk, tx: Tx, case_id: str) -> None:
    """Give a case a new key if it is closed: who left since then holds the one it has."""
    renew(desk, tx, lambda case: case.id == case_id and not case.is_open)


def _is_open(case: Case) -> bool:
    return case.is_open


def _is_out_of_line(desk: Desk) -> bool:
    source = desk.reader
    try:
        return any(True for _ in _wraps(desk, source)) or any(True for _ in _strangers(desk, source))
    except StoreError:
        return False  # a vault that cannot be read: the sign-in and the check name it


def _wraps(desk: Desk, source: Source) -> Iterator[tuple[str, WrappedKey]]:
    """The keys of cases whose holders are not those who may read, each as it should be wrapped."""
    if desk.keys is None:
        return
    every = desk.store.vault.keys()
    for case in source.docs("cases", "cases").values():
        wanted = {key_id(public): public for public in readers(source, case)}
        for own in map(key_id, case.get(KEYS) or ()):
            now = every.get(own)
            if now is None or now.keys() == wanted.keys():
                continue
            private = desk.keys.private(own)
            if private is not None:
                signed = is_vouched(source, case)  # else `about` may be another's word
                new = [public for holder, public in wanted.items() if signed and holder not in now]
                kept = {holder: text for holder, text in now.items() if holder in wanted}
                yield own, {**kept, **wrapped(private, new)}


def _strangers(desk: Desk, source: Source) -> Iterator[tuple[str, str, Doc]]:
    """Documents sealed to people who are not those who may read them, opened."""
    for file, table in OF_PEOPLE:
        for own, stored in desk.store.page(file, table).own.items():
            doc = source.get(file, table, own) if SEALED in stored else None
            if doc is None or is_sealed(doc):
                continue
            wanted = for_concern(source, doc["about"]) if file == "concerns" else heads(source)
            if set(stored[SEALED]["to"]) != set(map(key_id, wanted)):
                yield file, table, doc
