"""What stays readable of a case's duties while the case is sealed: their outlines. No verbs here.

Which rule asks what of whom by when stands in clear beside the case, without facts and without texts. Whoever can open
the case brings it up to date with each change they make to it; whoever cannot reads the outline in place of the duties
that rest on what is sealed.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from rules.duty import Certainty, Citation, Duty, Standing, State, Trace
from rules.errors import RulesError
from store.change import Tx
from store.vault import key_id
from workbench.desk.clock import day_of
from workbench.domain.cases import Case
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.facts import View

TABLE = ("cases", "outlines")
OF_CASES = frozenset({"answers", "enquiries", "referrals", "removals", "settled", "notes"})
"""Tables whose documents say in `case` which case they belong to."""


class Line(Struct, frozen=True, kw_only=True):
    """One duty of a case, without what it rests on."""

    id: str
    rule: str
    recipients: tuple[str, ...]
    """Kinds of recipient: `la`, `social-care`."""
    trigger: date
    due: date
    standing: Standing
    certainty: Certainty
    citation: Citation
    state: State
    owner: str


class Outline(Struct, frozen=True, kw_only=True):
    """The duties of a case as they stood when somebody who can open it last changed it. `id` is the case's."""

    id: str
    case: str
    pupil: str
    at: str
    duties: tuple[Line, ...]
    rev: int = 0


# writing ----------------------------------------------------------------------------------------------------------


def outline(desk: "Desk", tx: Tx) -> None:
    """Bring the outlines of the cases that a change touches up to date, inside it. While nothing can be judged, as
    where a file of rules is refused, they stay as they are: what is written down goes before."""
    touched = {_case_of(tx, table, own) for file, table, own in tx.touched() if file == "cases"}
    cases = [doc for own in sorted(touched - {""}) if (doc := tx.get("cases", "cases", own)) is not None]
    mine = [msgspec.convert(doc, Case) for doc in cases if opens(desk, msgspec.convert(doc, Case))]
    if not mine:
        return
    with suppress(WorkbenchError, RulesError):
        _bring_up(desk, tx, mine)


def _bring_up(desk: "Desk", tx: Tx, cases: Iterable[Case]) -> None:
    from workbench.desk.duties import duties_of
    from workbench.desk.supposing import inside

    within = inside(desk, tx)
    for number, case in enumerate(cases):
        if number:
            tx.next_part()  # each child's is to be erased by itself
        lines = tuple(_line(duty) for duty in duties_of(within, case.pupil) if duty.case == case.id)
        made = Outline(id=case.id, case=case.id, pupil=case.pupil, at=desk.stamp(), duties=lines)
        before = tx.get(*TABLE, case.id)
        if before is None or msgspec.convert(before, Outline).duties != lines:
            desk.save(tx, *TABLE, made)


def _case_of(tx: Tx, table: str, own: str) -> str:
    """The case that a document belongs to; empty if to none."""
    if table == "cases":
        return own
    doc = tx.get("cases", table, own) if table in OF_CASES else None
    return (doc or {}).get("case") or ""


def _line(duty: Duty) -> Line:
    return Line(
        id=duty.id,
        rule=duty.rule,
        recipients=tuple(dict.fromkeys(whom.partition(":")[0] for whom in duty.recipients)),
        trigger=duty.trigger,
        due=duty.due,
        standing=duty.standing,
        certainty=duty.certainty,
        citation=duty.citation,
        state=duty.state,
        owner=duty.owner,
    )


# reading ----------------------------------------------------------------------------------------------------------


def opens(desk: "Desk", case: Case) -> bool:
    """Whether the person signed in holds the key of a case."""
    if not case.seals:
        return True
    return desk.keys is not None and desk.keys.private(key_id(case.seals[-1])) is not None


def locked_cases(seen: "View", pupil: str) -> frozenset[str]:
    """The cases of a pupil whose key the person signed in does not hold."""
    cases = seen.shelves.cases.get(pupil)
    return frozenset(case.id for case in cases if not opens(seen.desk, case)) if cases else frozenset()


def with_outlines(
    seen: "View", found: Iterable[Duty], locked: Collection[str], only: frozenset[str] | None
) -> list[Duty]:
    """Duties with the outlines in place of those that rest on locked cases; `only` names the rules that are wanted.

    What arose since an outline was written, by what is in clear (a tenth day of absence, say), stands beside it:
    nothing that is sealed can have settled it before.
    """
    every = list(found)
    made = [duty for duty in every if duty.case not in locked]
    for own in sorted(locked):
        outlined = seen.desk.record(*TABLE, own, Outline)
        lines = outlined.duties if outlined is not None else ()
        known = {line.id for line in lines}
        since = day_of(outlined.at) if outlined is not None else date.min
        made += [
            _duty(seen, outlined, line) for line in lines if outlined and (only is None or line.rule in only)
        ]
        made += [d for d in every if d.case == own and d.id not in known and d.trigger >= since]
    return made


def _duty(seen: "View", outlined: Outline, line: Line) -> Duty:
    words = f"sealed; outline of {day_of(outlined.at).isoformat()}"
    state = line.state
    if state in ("due", "overdue"):
        state = "overdue" if seen.moment.on > line.due else "due"
    rule = seen.desk.rules.rule(line.rule).base
    settled = f"{state}; {words}" if state in ("done", "overridden") else None
    return Duty(
        id=line.id,
        rule=line.rule,
        pupil=outlined.pupil,
        case=outlined.case,
        action=rule.title,
        recipient=line.recipients[0] if line.recipients else None,
        recipients=line.recipients,
        trigger=line.trigger,
        due=line.due,
        standing=line.standing,
        certainty=line.certainty,
        state=state,
        citation=line.citation,
        trace=Trace(facts=(words,), ends=rule.ends),
        owner=line.owner,  # type: ignore[arg-type]
        settled=settled,
    )
