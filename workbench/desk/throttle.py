"""Guessing made slow: each failed try at a name makes the next one wait longer, up to a minute, and never for good.

The counts stand in the file `.tries` of the folder, so that neither a restart nor another program forgets them; where
the folder cannot be written to, they are kept as long as the program runs. Names that nobody has share one count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from weakref import WeakKeyDictionary

from msgspec import Struct

from store.errors import StoreError
from store.folder import Store
from store.tries import Counts, Tries
from workbench.desk.context import Desk
from workbench.desk.secrets_rules import limits
from workbench.domain.errors import WaitError

NOBODY = "-"
"""The count of all names that nobody has: what was typed as a name might be a passphrase."""
RECOVERY = "*"
"""The count of tries with a recovery key; no user name looks so."""
MS, DAY_MS = 1000, 86_400_000


class Failed(Struct, frozen=True):
    """Failed tries at one account. `user` is `-` for names that nobody has; `since` and `last` are moments."""

    user: str
    count: int
    since: datetime
    last: datetime


class _Kept:
    """The counts of one open folder."""

    def __init__(self, store: Store) -> None:
        self.file = Tries(store.path)
        self.here: Counts = {}
        """Those of this run, where the folder cannot be written to."""


_KEPT: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()


def admit(desk: Desk, name: str) -> None:
    """Let a try at a name go on.

    After a failed one, a try also sets the wait that follows it, so that two at once are not two guesses.

    Raises:
        WaitError: earlier ones failed, and their wait is not over; nothing was checked and nothing is counted.
    """
    if not _read(desk).get(name, {}).get("row"):
        return
    with _changing(desk) as tries:
        left = _reserved(tries.get(name, {}), _ms(desk))
    if left > 0:
        raise WaitError(-(-left // MS))


def _reserved(record: dict[str, int], now: int) -> int:
    """Milliseconds still to wait; 0 sets the wait anew. One made longer by a clock put back begins anew."""
    if not record.get("row"):
        return 0
    whole = _delay(record["row"]) * MS
    left = record["until"] - now
    if left <= 0 or left > whole:
        record["until"] = now + whole
    return min(max(left, 0), whole)


def failed(desk: Desk, name: str) -> int:
    """Count a failed try; returns the seconds until the next one is looked at."""
    now = _ms(desk)
    with _changing(desk) as tries:
        for old in [own for own, each in tries.items() if now - each["last"] > _shown_ms()]:
            del tries[old]
        record = tries.setdefault(
            name, {"row": 0, "most": 0, "count": 0, "since": now, "last": now, "until": 0}
        )
        record["row"] += 1
        record["count"] += 1
        record["most"] = max(record["most"], record["row"])
        record["last"] = now
        record["until"] = now + _delay(record["row"]) * MS
        return _delay(record["row"])


def passed(desk: Desk, name: str) -> None:
    """Forget the wait of a name: its passphrase was right. That there were failed tries stays known."""
    if not _read(desk).get(name, {}).get("row"):
        return
    with _changing(desk) as tries:
        if name in tries:
            tries[name] |= {"row": 0, "until": 0}


def shown(desk: Desk) -> list[Failed]:
    """What the DSL is told of: names with enough failed tries in a row lately, most of them first."""
    import pendulum

    now, found = _ms(desk), []
    for name, record in _read(desk).items():
        if record["most"] >= limits().throttle.shown_from and now - record["last"] <= _shown_ms():
            since, last = (
                pendulum.from_timestamp(record[key] / MS, "Europe/London") for key in ("since", "last")
            )
            found.append(Failed(name, record["count"], since, last))
    return sorted(found, key=lambda each: (-each.count, each.user))


def _delay(row: int) -> int:
    """Seconds to wait after so many failed tries in a row: 1, 2, 4 ... 60."""
    throttle = limits().throttle
    return min(throttle.most, throttle.first << min(row - 1, 16))


def _shown_ms() -> int:
    return limits().throttle.shown_days * DAY_MS


def _ms(desk: Desk) -> int:
    return int(desk.now().timestamp() * MS)


def _kept(desk: Desk) -> _Kept:
    return _KEPT.setdefault(desk.store, _Kept(desk.store))


def _read(desk: Desk) -> Counts:
    kept = _kept(desk)
    return kept.here or _sound(kept.file.read())


@contextmanager
def _changing(desk: Desk) -> Iterator[Counts]:
    """The counts, to be altered; on disk where the folder can be written to."""
    kept = _kept(desk)
    tries: Counts | None = None
    if not desk.store.readonly:
        try:
            with kept.file.changing() as tries:
                for name in tries.keys() - _sound(tries).keys():
                    del tries[name]
                yield tries
            kept.here = {}
        except StoreError:
            kept.here = tries or kept.here
        if tries is not None:
            return
    kept.here = kept.here or _sound(kept.file.read())
    yield kept.here


def _sound(tries: Counts) -> Counts:
    """Those records that are whole; what somebody wrote by hand locks nobody out."""
    keys = {"row", "most", "count", "since", "last", "until"}
    return {name: each for name, each in tries.items() if each.keys() == keys}
