"""Unfinished texts: kept sealed while they are typed, offered again to who typed them, or to the DSLs.

Who holds keys gets their own text back, at whatever terminal. Who holds none (a PIN, `staff` alone, a name that was
picked at the lock) could not read what is sealed; so the concern they began goes to the DSLs whom it is not about, who
take it up. Nothing of this is in the log before that: a draft is no record.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec

from store.canon import canonical
from store.drafts import Drafts, SealedDraft, fresh
from store.errors import SealError, StoreError
from store.sealing import seal_to
from workbench.desk.context import Desk
from workbench.desk.sealing import public_key
from workbench.desk.text import clean
from workbench.domain.errors import InvalidError
from workbench.domain.people import Person, Role

KEPT_DAYS = 30
"""Days after which a text that its writer never came back to is removed. A concern waits for a DSL, however long."""
CONCERN = "concern "
"""How the name of every concern's draft begins; the child's id follows."""
RECOVERY = "-"
"""Stands for the recovery key among those to whom a text is sealed; no account is called so."""
LONGEST = 1 << 20
"""Most characters of one field that are taken back; no form takes as many."""
NAMED = re.compile(r"\b[CP]-[0-9A-Z]{4,16}\b")
"""How the child or the case that a form is about stands in its name."""
TABLES = {"C": ("cases", "cases"), "P": ("pupils", "pupils")}
LETTERS = 3
"""Fewest letters of a surname by which somebody is taken to be named in a text."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a form: its name, and a text a field."""

    id: str
    name: str
    values: dict[str, str]
    at: str


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sealed. `at` and `user` stand in it once more: in clear anybody could alter them."""

    name: str
    values: dict[str, str]
    at: str
    user: str


def keep(
    desk: Desk, user: str, name: str, values: Mapping[str, str], own: str = "", *, proven: bool = True
) -> str:
    """Keep what stands in a form, sealed; it replaces what was kept under the same id.

    Args:
        desk: an open folder.
        user: who types; at the lock an account that was picked.
        name: the form's name.
        values: a text a field.
        own: the id under which it was kept before.
        proven: they are signed in at `desk`.

    Returns:
        Its id; empty where it is not kept: nobody holds a key who may read it, or the disk refused, which a remark
        says.
    """
    at = desk.stamp()
    keys = _keys(desk, user, name, values, proven)
    if not keys:
        drop(desk, own)  # those who could open what was typed before may not open what was typed since
    if not keys or desk.store.readonly:
        return ""
    own = own or fresh(desk.random)
    plain = json.dumps({"at": at, "name": name, "user": user, "values": dict(values)}).encode()
    mine = proven and set(keys) == {user}
    try:
        sealed = {reader: seal_to(public, _info(own, user), plain) for reader, public in keys.items()}
        drafts_of(desk).put(
            SealedDraft(id=own, kind="own" if mine else "concern", user=user, at=at, sealed=sealed)
        )
    except StoreError as error:
        _remark(desk, f"What is being typed could not be kept on the disk: {error.what}.")
        return ""
    return own


def drop(desk: Desk, own: str) -> None:
    """Remove what was kept: it is recorded now, or its writer does not want it any more."""
    if own and not desk.store.readonly:
        with suppress(StoreError):
            drafts_of(desk).remove(own)


def offered(desk: Desk) -> list[Draft]:
    """What the person signed in had typed and not saved, at whatever terminal. What nobody came back to for
    `KEPT_DAYS` days, whoever typed it, is removed first, and a remark says so."""
    _sweep(desk)
    found = [one for one in drafts_of(desk).all() if one.kind == "own" and one.user == desk.user()]
    bodies = [(one, opened(desk, one)) for one in found]
    if any(body is None for _, body in bodies):
        _remark(desk, "An unfinished text of yours does not open with your key; it was sealed to another.")
    made = [
        Draft(id=one.id, name=body.name, values=cleaned(body.values), at=body.at)
        for one, body in bodies
        if body is not None
    ]
    for draft in made:
        if _is_of_nothing(desk, draft.name):
            drop(desk, draft.id)
    return [draft for draft in made if not _is_of_nothing(desk, draft.name)]


def _is_of_nothing(desk: Desk, name: str) -> bool:
    """Whether a form was about a child, or a case, whose records were erased since."""
    return any(desk.get(*TABLES[own[0]], own) is None for own in NAMED.findall(name))


def with_the_dsl(desk: Desk) -> list[str]:
    """When the person signed in last typed each concern of theirs that was cut off and now waits for the DSL."""
    return sorted(
        one.at for one in drafts_of(desk).all() if one.kind == "concern" and one.user == desk.user()
    )


# whom it is sealed to ----------------------------------------------------------------------------------------------


def _keys(desk: Desk, user: str, name: str, values: Mapping[str, str], proven: bool) -> dict[str, bytes]:
    """Account to the public key, of those who may open it; empty where nobody can."""
    if proven and desk.keys is not None and desk.user() == user:
        return {user: desk.keys.seal_public}
    if proven and (own := _public(desk, user)):  # after the lock, when the private keys are gone
        return {user: bytes.fromhex(own)}
    if not name.startswith(CONCERN):
        return {}
    readers = _readers(desk, values)
    keys = {one.user: bytes.fromhex(public) for one in readers if (public := _public(desk, one.user))}
    recovery = desk.get("people", "recovery", "recovery")
    if recovery and (key := public_key(recovery["seals"])):
        keys[RECOVERY] = key
    return keys


def _readers(desk: Desk, values: Mapping[str, str]) -> list[Person]:
    """The DSLs whom a concern is not about, if there are none such leaders. Whom it is about is typed last, and perhaps
    never: somebody whom the text names is left out as well, as long as another one is there."""
    people = [one for one in desk.records("people", "people", Person) if _public(desk, one.user)]
    typed = values.get("about", "").casefold().split()
    roles: tuple[Role, ...] = ("dsl", "leader")
    for role in roles:
        left = [one for one in people if role in one.roles and not _is_typed(one, typed)]
        unnamed = [one for one in left if not _is_named(one, values.get("text", ""))]
        if left:
            return unnamed or left
    return []


def _is_typed(person: Person, typed: Sequence[str]) -> bool:
    """Whether they may be meant by what was typed so far: half a user name counts, and a part of their name."""
    words = [person.user.casefold(), *person.name.casefold().split()]
    return any(word.startswith(begun) for begun in typed for word in words)


def _is_named(person: Person, text: str) -> bool:
    words = set("".join(c if c.isalnum() else " " for c in text.casefold()).split())
    surname = person.name.casefold().split()[-1:]
    return person.user.casefold() in words or any(
        part in words for name in surname for part in name.replace("-", " ").split() if len(part) >= LETTERS
    )


def _public(desk: Desk, user: str) -> str:
    """The public key of an account, hex; empty for those who hold none, or none to which anything can be sealed."""
    doc = desk.get("people", "people", user)
    key = public_key(doc.get("seals")) if doc is not None else None
    return key.hex() if key else ""


# what is on the disk ------------------------------------------------------------------------------------------------


def drafts_of(desk: Desk) -> Drafts:
    """Those of the folder."""
    return Drafts(desk.store.path)


def _info(own: str, user: str) -> bytes:
    """What a text is bound to: it opens under no other id, and as nobody else's."""
    return canonical({"id": own, "kind": "draft", "user": user})


def opened(desk: Desk, one: SealedDraft) -> Body | None:
    """What is sealed; None where it does not open for the person signed in, or is not what its clear text says."""
    sealed = one.sealed.get(desk.user())
    if desk.keys is None or sealed is None:
        return None
    try:
        # not by msgspec: half a surrogate that was typed is no reason to lose the rest
        body = msgspec.convert(json.loads(desk.keys.open(_info(one.id, one.user), sealed)), Body)
    except (SealError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return body if body.user == one.user else None


def cleaned(values: Mapping[str, str]) -> dict[str, str]:
    """A text a field, as it may be shown."""
    found = {}
    for key, value in values.items():
        with suppress(InvalidError):  # longer than any field takes: it was not typed here
            found[key] = clean(value, multiline=True, limit=LONGEST)
    return found


def _sweep(desk: Desk) -> None:
    drafts, before = drafts_of(desk), (desk.today() - timedelta(KEPT_DAYS)).isoformat()
    old = [one.id for one in drafts.all() if one.kind == "own" and one.at[:10] < before]
    if old and not desk.store.readonly:
        for own in old:
            drop(desk, own)
        many = f"{len(old)} unfinished texts were" if len(old) > 1 else "An unfinished text was"
        _remark(desk, f"{many} removed: nobody came back to it in {KEPT_DAYS} days.")
    drafts.sweep()


def _remark(desk: Desk, words: str) -> None:
    if words not in desk.store.remarks:
        desk.store.remarks.append(words)
