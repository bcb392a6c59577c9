"""The opening of a case: why, about whom, and what register and duty already answer."""

from collections.abc import Iterable, Sequence

import msgspec

from rules.wizard import trigger_for, wizard
from workbench.desk import duties
from workbench.desk.accounts import people_known
from workbench.desk.casefacts import last_seen
from workbench.desk.context import Desk
from workbench.desk.finding import lookup
from workbench.desk.permissions import verb
from workbench.desk.sharing import new_key
from workbench.desk.shelves import shelves
from workbench.domain.cases import Answer, Case, Concern
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, RefusedError
from workbench.domain.pupils import Pupil


@verb("case.open")
def open_case(
    desk: Desk, pupil: str, trigger: str, about: Sequence[str] = (), duty: str | None = None
) -> Case:
    """Open a case; what register and duty already say is filled in.

    Args:
        pupil: id or UPN.
        trigger: a trigger key, or the id of the duty it is opened from.
        about: users whom the case is about: it is hidden from them everywhere.
        duty: the duty it is opened from, where `trigger` is a key.

    Raises:
        RefusedError: if the pupil has an open case already.
        InvalidError: for an unknown trigger or user.
    """
    child = lookup(desk, pupil)
    cause, key = _trigger(desk, child, trigger, duty)
    known = people_known(desk)
    for user in about:
        if user not in known:
            raise InvalidError(
                f"about: {harmless(user)} is no account.", todo="`workbench people list` shows them."
            )
    refuse_second(desk, child.id, shelves(desk).cases.get(child.id, ()))
    hidden_from = tuple(dict.fromkeys([*about, *_about_by_concern(desk, cause)]))
    prefilled = _prefilled(desk, child, key, cause)
    own = desk.unused("cases", "cases", "C")
    with desk.change("case.opened", subject=own, why=_reason(child, cause, hidden_from)) as tx:
        lookup(desk, child.id)  # once more, under the lock: the child may have been erased meanwhile
        # asked once more under the lock: another person may have opened one this very moment
        docs = [doc for doc in tx.docs("cases", "cases").values() if doc["pupil"] == child.id]
        refuse_second(desk, child.id, [msgspec.convert(doc, Case) for doc in docs])
        case = Case(
            id=own,
            pupil=child.id,
            opened=desk.stamp(),
            opened_by=desk.user(),
            trigger=key,
            duty=cause.id if cause else None,
            owner=_first_owner(desk, hidden_from),
            about=hidden_from,
        )
        case = desk.save(tx, "cases", "cases", new_key(desk, tx, case), rev=0)
        for name, (value, source) in prefilled.items():
            desk.save(tx, "cases", "answers", made_answer(desk, case.id, name, value, source, None))
    return case


def refuse_second(desk: Desk, pupil: str, known: Iterable[Case]) -> None:
    """Raise if one of a pupil's cases is open; one about the person signed in is not given away.

    Raises:
        RefusedError: naming the open one.
    """
    running = [c.id for c in known if c.is_open and desk.user() not in c.about]
    if running:
        raise RefusedError(f"{pupil} has an open case, {running[0]}.", todo="Go on with that one.")


def _reason(child: Pupil, cause: duties.Duty | None, hidden_from: Sequence[str]) -> str | None:
    """What the entry says: the duty or the pupil; of a case about somebody here only a concern it came from."""
    if hidden_from:
        return cause.id if cause is not None and cause.rule == duties.TRIAGE else None
    return cause.id if cause else child.id


def _about_by_concern(desk: Desk, cause: duties.Duty | None) -> tuple[str, ...]:
    """Whom the concern is about that a case is opened from: it stays hidden from them."""
    if cause is None or cause.rule != duties.TRIAGE:
        return ()
    concern = desk.record("concerns", "concerns", cause.id.split(":")[1], Concern)
    return concern.about if concern else ()


def _first_owner(desk: Desk, about: Sequence[str]) -> str:
    """Who opens a case owns it, unless it is about them: then another DSL, if there is one."""
    others = sorted(p.user for p in people_known(desk).values() if "dsl" in p.roles and p.user not in about)
    return desk.user() if desk.user() not in about or not others else others[0]


def _trigger(desk: Desk, child: Pupil, trigger: str, duty: str | None) -> tuple[duties.Duty | None, str]:
    wanted = trigger if ":" in trigger else duty
    cause = duties.find(desk, wanted) if wanted else None
    if cause is not None and cause.pupil != child.id:
        raise InvalidError(f"{cause.id} is not about {child.id}.")
    if ":" in trigger and cause is not None:
        return cause, trigger_for(cause.rule)
    if trigger not in {t.key for t in wizard().trigger}:
        names = ", ".join(t.key for t in wizard().trigger)
        raise InvalidError(
            f"{harmless(trigger)} is no trigger.", todo=f"One of {names}, or the id of a duty."
        )
    return cause, trigger


def _prefilled(desk: Desk, child: Pupil, key: str, cause: duties.Duty | None) -> dict[str, tuple[str, str]]:
    """Answers that duty and register give already, each with where it comes from."""
    run = cause.trace.facts[0] if cause else ""
    when = (cause.trigger if cause else desk.today()).isoformat()
    found = {
        "happened.how": (key, run),
        "happened.when": (when, "the day on which the duty arose" if cause else ""),
    }
    seen = last_seen(desk, child)
    if seen:
        found["happened.last_seen"] = (seen, "filled in from the register")
    return found


def made_answer(desk: Desk, case_id: str, key: str, value: str, note: str, before: Answer | None) -> Answer:
    """An answer as it is kept, with those before it."""
    earlier: tuple[dict[str, str], ...] = ()
    if before is not None:
        old = {"value": before.value, "note": before.note, "by": before.by, "at": before.at}
        earlier = (*before.earlier, old)
    return Answer(
        id=f"{case_id}:{key}",
        case=case_id,
        key=key,
        value=value,
        note=note,
        by=desk.user(),
        at=desk.stamp(),
        earlier=earlier,
    )
