"""The keys of the folder itself: that the recovery key is there on paper, and that two DSLs can open what is sealed."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from rules.asking import Active, Asking, Finding
from rules.duty import Trace
from rules.triggers.kind import Trigger
from rules.triggers.register import find_none
from rules.words import day_words


class ProvenParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `recovery-proven`."""

    within: int
    """School days after the recovery key was made."""


class HoldersParams(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of `key-holders`."""

    within: int
    """School days after the folder was made."""
    least: int
    """How many accounts with the role `dsl` shall hold keys."""


def find_unproven(ask: Asking, active: Active) -> Iterable[Finding]:
    """The recovery key that there is: typed back, or not yet."""
    params: ProvenParams = active.params
    made, proven = ask.school.recovery_made, ask.school.recovery_proven
    if made is None or not ask.been(made):
        return
    done = None
    if proven is not None and ask.been(proven):
        done = f"it was typed back on {day_words(proven)}"
    yield _since(
        ask, active, made, params.within, "recovery", f"The key was made on {day_words(made)}.", done
    )


def find_alone(ask: Asking, active: Active) -> Iterable[Finding]:
    """That too few DSLs hold keys, since the folder was made."""
    params: HoldersParams = active.params
    made, holders = ask.school.keys_since, ask.school.key_holders
    if made is None or not ask.been(made) or holders >= params.least:
        return
    fact = f"{holders} of {params.least} DSLs hold keys; the folder was made on {day_words(made)}."
    yield _since(ask, active, made, params.within, "dsl", fact)


def _since(
    ask: Asking, active: Active, made: date, within: int, subject: str, fact: str, done: str | None = None
) -> Finding:
    due, flags, facts = ask.due_after(made, within, active.rule.rule)
    counted, skipped = ask.counted(made, due)
    return Finding(
        anchor=made.isoformat(),
        subject=subject,
        trigger=made,
        due=due,
        words={"day": day_words(due)},
        trace=Trace(facts=(fact, *facts), counted=counted, skipped=skipped, flags=flags),
        done=done,
    )


PROVEN = Trigger(ProvenParams, find_none)
HOLDERS = Trigger(HoldersParams, find_none)
