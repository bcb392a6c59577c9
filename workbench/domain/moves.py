"""What a change of the facts does to the duties: two lists compared."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from rules.duty import Duty

Change = Literal["moved", "new", "gone"]
SETTLED = ("done", "overridden")
Pair = tuple[Duty, Duty | None] | tuple[None, Duty]
"""A duty as it was and as it would be."""


class Move(Struct, frozen=True, kw_only=True):
    """A duty whose days change, that begins to exist, or that no longer does."""

    id: str
    """The id that stands afterwards; of one that is gone, the id it had."""
    change: Change
    rule: str
    pupil: str | None
    action: str
    standing: str
    trigger_before: date | None
    due_before: date | None
    state_before: str | None
    trigger: date | None
    due: date | None
    state: str | None
    earlier: bool
    """Whether the due date comes nearer."""


def moves(before: Sequence[Duty], after: Sequence[Duty]) -> list[Move]:
    """What differs, in order of the due date that stands afterwards. Settled duties that stay settled are left out.

    One that is gone and one of the same rule and subject that is new are one duty that moved: its id names the day on
    which its cause began.
    """
    old, new = {d.id: d for d in before}, {d.id: d for d in after}
    pairs: list[Pair] = [(old[own], new[own]) for own in old if own in new and _differ(old[own], new[own])]
    pairs += _paired([d for d in before if d.id not in new], [d for d in after if d.id not in old])
    found = [_move(was, now) for was, now in pairs if not _both_settled(was, now)]
    return sorted(found, key=lambda m: (m.due or m.due_before or date.max, m.rule, m.id))


def _differ(was: Duty, now: Duty) -> bool:
    return (was.trigger, was.due) != (now.trigger, now.due)


def _both_settled(was: Duty | None, now: Duty | None) -> bool:
    return all(duty is None or duty.state in SETTLED for duty in (was, now))


def _paired(gone: Iterable[Duty], new: Iterable[Duty]) -> list[Pair]:
    waiting: dict[tuple[str, str], list[Duty]] = {}
    for duty in new:
        waiting.setdefault(_about(duty), []).append(duty)
    pairs: list[Pair] = []
    for duty in gone:
        same = waiting.get(_about(duty))
        pairs.append((duty, same.pop(0) if same else None))
    return [*pairs, *((None, duty) for left in waiting.values() for duty in left)]


def _about(duty: Duty) -> tuple[str, str]:
    return duty.rule, duty.id.split(":")[1]


def _move(was: Duty | None, now: Duty | None) -> Move:
    shown = now if now is not None else was
    if shown is None:
        raise ValueError("a move is of a duty that was or would be")
    return Move(
        id=shown.id,
        change="moved" if was and now else "new" if now else "gone",
        rule=shown.rule,
        pupil=shown.pupil,
        action=shown.action,
        standing=shown.standing,
        trigger_before=was.trigger if was else None,
        due_before=was.due if was else None,
        state_before=was.state if was else None,
        trigger=now.trigger if now else None,
        due=now.due if now else None,
        state=now.state if now else None,
        earlier=bool(was and now and now.due < was.due),
    )
