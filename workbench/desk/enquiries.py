"""The joint enquiries of a case: each step done, or not done and why."""

from rules.wizard import enquiry_steps
from workbench.desk.casefacts import case_of, enquiries_of
from workbench.desk.context import Desk
from workbench.desk.moments import happened
from workbench.desk.permissions import verb
from workbench.desk.text import PAGE, clean, required
from workbench.domain.cases import Case, Enquiry
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, RefusedError


@verb("case.keys")
def steps(desk: Desk) -> tuple[tuple[str, str], ...]:
    """The steps of the joint checklist: key and words."""
    return tuple((s.key, s.title) for s in enquiry_steps(desk.rules_to_write, desk.today()))


@verb("enquiry.add")
def add(
    desk: Desk,
    case_id: str,
    step: str,
    result: str,
    by_whom: str = "school",
    done: bool = True,
    how: str = "",
    evidence: str = "",
    at: str | None = None,
) -> Enquiry:
    """Record a step of the enquiries.

    Args:
        step: the key of a step, as `case keys` lists them.
        result: what came of it, or why it was not done.
        by_whom: `school` or `la`.
        done: False for a step that is left out, with the reason in `result`.
        at: when it happened; now unless given.

    Raises:
        InvalidError: for an unknown step, or nothing said.
        RefusedError: if the case is closed.
    """
    case = case_of(desk, case_id)
    _insist(desk, case, step, by_whom)
    result = required(result, "The result" if done else "The reason", multiline=True, limit=PAGE)
    how, evidence = (
        clean(how, limit=200, what="how"),
        clean(evidence, multiline=True, limit=PAGE, what="evidence"),
    )
    moment = happened(desk, at)
    with desk.change("enquiry.added", subject=case.id) as tx:
        made = Enquiry(
            id=desk.fresh(tx, "cases", "enquiries", "Q"),
            case=case.id,
            step=step,
            by_whom=by_whom,  # type: ignore[arg-type]
            done=done,
            result=result,
            how=how,
            evidence=evidence,
            at=moment,
            by=desk.user(),
            recorded=desk.stamp(),
        )
        return desk.save(tx, "cases", "enquiries", made)


def _insist(desk: Desk, case: Case, step: str, by_whom: str) -> None:
    """Refuse a closed case, a step that is none, and anybody but school and authority."""
    if not case.is_open:
        raise RefusedError(f"{case.id} is closed.", todo="Open it again first.")
    known = {s.key for s in enquiry_steps(desk.rules_to_write, desk.today())}
    if step not in known:
        raise InvalidError(f"{harmless(step)} is no step.", todo=f"One of {', '.join(sorted(known))}.")
    if by_whom not in ("school", "la"):
        raise InvalidError(f"by: {harmless(by_whom)}.", todo="`school` or `la`.")


@verb("enquiry.list")
def pupil_of(desk: Desk, case_id: str) -> str:
    """The id of the pupil whom a case is about."""
    return case_of(desk, case_id).pupil


@verb("enquiry.list")
def enquiries(desk: Desk, case_id: str) -> list[Enquiry]:
    """The enquiries of a case in the order in which they were made."""
    return enquiries_of(desk, case_of(desk, case_id).id)
