"""What was done to accounts that can open records: the other DSLs and leaders are told for a week. Nothing here stops
anybody; a second pair of eyes sees it."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from store.change import Tx
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.people import Role

TABLE = ("people", "notices")
DAYS = 7
"""How long something is told."""


class Notice(Struct, frozen=True, kw_only=True):
    """One thing that was done. `by` is a user name, empty where it was done by the recovery key."""

    at: str
    act: str
    user: str
    """Whose account; empty where it was the recovery key."""
    by: str
    roles: tuple[Role, ...] = ()
    """All that they hold from then on."""


class Notices(Struct, frozen=True, kw_only=True):
    """What was done lately, the newest last."""

    id: str = "notices"
    lines: tuple[Notice, ...] = ()
    rev: int = 0


def remember(desk: Desk, tx: Tx, act: str, user: str, roles: tuple[Role, ...] = ()) -> None:
    """Have something told, inside the change that does it; what is older than `DAYS` is let go of."""
    doc = tx.get(*TABLE, "notices")
    before = msgspec.convert(doc, Notices) if doc is not None else Notices()
    by = desk.user() if desk.who is not None else ""
    made = Notice(at=desk.stamp(), act=act, user=user, by=by, roles=roles)
    kept = [line for line in before.lines if _is_new(desk, line)]
    desk.save(tx, *TABLE, msgspec.structs.replace(before, lines=(*kept, made)))


@verb("people.notices")
def notices(desk: Desk) -> list[Notice]:
    """What others did to accounts that can open records, and with the recovery key, within the last `DAYS` days; the
    newest last."""
    found = desk.record(*TABLE, "notices", Notices)
    lines = found.lines if found is not None else ()
    return [line for line in lines if line.by != desk.user() and _is_new(desk, line)]


def is_lately_by(desk: Desk, user: str, by: str) -> bool:
    """Whether an account was made, given roles or given a first passphrase by somebody within the last `DAYS` days:
    they may know its passphrase."""
    found = desk.record(*TABLE, "notices", Notices)
    lines = found.lines if found is not None else ()
    return any(line.user == user and line.by == by and _is_new(desk, line) for line in lines)


def notice_words(notice: Notice) -> str:
    """`second is now dsl, by dsl (Mon 23 Nov 09:12)`."""
    who, by = notice.user, notice.by or "the recovery key"
    what = {
        "person.reset": f"{who} was given a first passphrase by {by}",
        "person.recovered": f"{who} got new keys by the recovery key",
        "recovery.renewed": f"{by} made a new recovery key",
    }.get(notice.act, f"{who} is now {' and '.join(notice.roles)}, by {by}")
    return f"{what} ({_moment(notice):%a %-d %b %H:%M})"


def _is_new(desk: Desk, notice: Notice) -> bool:
    return _moment(notice) > desk.now() - timedelta(days=DAYS)


def _moment(notice: Notice) -> datetime:
    return datetime.fromisoformat(notice.at)
